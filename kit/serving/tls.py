"""TLS of the server's own, where no proxy stands in front of it."""

from __future__ import annotations

import ssl
from pathlib import Path

from kit.errors import WrongOption


def context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """TLS with these PEM files (the key may be in the certificate's); None without one. Raises `WrongOption`."""
    if certificate is None:
        if key is not None:
            raise WrongOption(option="--keyfile", value=str(key), allowed="--certfile FILE --keyfile FILE")
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Without a password that could be asked for: a server has nobody to ask.
        made.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        wrong = key if key is not None and certificate.is_file() else certificate
        said = error.strerror if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else ""
        allowed = f"PEM ({said or getattr(error, 'reason', '') or error})"
        raise WrongOption(option="--certfile", value=str(wrong), allowed=allowed) from None
    return made
