"""Sealed files: written for one workshop's key, so that only those who hold its other half can open them.

The form is that of age (age-encryption.org, X25519), so that the tool `age` opens them too. The public half goes into
a link and is no secret; the private half opens every file that was sealed for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kit.errors import FileRefused, KeyUnreadable

HEADER = b"age-encryption.org/"
ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
MEDIA = "application/octet-stream"
SUFFIX = ".age"
# A header has a line for each one who can open the file: the kit writes one. A forged one could keep a machine busy.
MOST_RECIPIENTS = 20
HEADER_BYTES = 65_536
_PUBLIC = re.compile(r"age1[02-9ac-hj-np-z]{58}")
_PRIVATE = re.compile(r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}")
_RECIPIENT_LINE = b"\n-> "


def new_key() -> tuple[str, str]:
    """A new pair: the public half ("age1…") and the private one ("AGE-SECRET-KEY-1…")."""
    made = _age().x25519.Identity.generate()
    return str(made.to_public()), str(made)


def public_of(private: str) -> str:
    """The public half of a private one; raises `KeyUnreadable`."""
    return str(_identity(private).to_public())


def is_public(typed: str) -> bool:
    """Whether this is the public half of a key, with nothing mistyped: it carries its own check."""
    try:
        return bool(_PUBLIC.fullmatch(typed)) and bool(_age().x25519.Recipient.from_str(typed))
    except _age().RecipientError:
        return False


def check_number(public: str) -> str:
    """Eight digits by which two people can see that they have the same key: "4821 9035"."""
    from hashlib import sha256

    digits = f"{int.from_bytes(sha256(public.encode()).digest()[:8], 'big') % 10**8:08}"
    return f"{digits[:4]} {digits[4:]}"


def key_file(private: str) -> str:
    """The private half as `age-keygen` would write it: `age --decrypt --identity FILE` takes it."""
    return f"# public key: {public_of(private)}\n{private}\n"


def key_in(text: str) -> str:
    """The private half in a key file; raises `KeyUnreadable`."""
    found: list[str] = _PRIVATE.findall(text)
    if len(found) != 1:
        raise KeyUnreadable()
    public_of(found[0])
    return found[0]


def is_sealed(data: bytes) -> bool:
    """Whether a file says that it is in the form of age."""
    return data.startswith((HEADER, ARMOUR))


def seal(data: bytes, public: str) -> bytes:
    """The file that only the holder of the private half can open; `public` has passed `is_public`."""
    age = _age()
    sealed: bytes = age.encrypt(data, [age.x25519.Recipient.from_str(public)])
    return sealed


def opened(data: bytes, privates: Iterable[str]) -> bytes:
    """What a sealed file holds; raises `FileRefused`: `sealed_other` (for another key), `changed` (not as it was made).

    It is bounded by its own size, since nothing in it is compressed.
    """
    if data[:HEADER_BYTES].count(_RECIPIENT_LINE) > MOST_RECIPIENTS:
        raise FileRefused(why="changed")
    age = _age()
    try:
        found: bytes = age.decrypt(data, [_identity(one) for one in privates])
    except age.DecryptError as error:
        raise FileRefused(why="sealed_other" if "matching keys" in str(error) else "changed") from None
    return found


def _identity(private: str) -> Any:
    age = _age()
    try:
        return age.x25519.Identity.from_str(private)
    except age.IdentityError:
        raise KeyUnreadable() from None


def _age() -> Any:
    import pyrage

    return pyrage
