"""The link for answers from home: what a page needs to seal a file for one workshop, and nothing that says whose.

A link is passed on, stands in a browser's history and goes through the servers of whoever runs the notebook. It holds
the public half of the workshop's key, which exercises with which lenses, and whether partner organizations are named:
no title, no code, no name of an organization.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import metadata
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from kit.errors import InvitationUnreadable, KitError, NowherePublished
from kit.exercise import exercise
from kit.sealed import is_public
from kit.session import Mode, Plan

# Where nobody has said yet where the repository is published; in parts, since `tools/release.py` replaces the whole.
UNSAID = "OWNER" + "/REPOSITORY"
KEY, EXERCISES, MODE = "to", "for", "mode"
LONGEST = 4_000  # characters of a link
PAGE = "voila/render/notebooks/welcome.ipynb"


@dataclass(frozen=True)
class Invitation:
    """Whom a file is sealed for, and which exercises are asked for."""

    public: str
    plans: Sequence[Plan] = field(default_factory=tuple)
    mode: Mode = Mode.ANONYMOUS

    def plan(self, slug: str) -> Plan | None:
        """What is asked of one exercise; None when it is not asked for."""
        return next((plan for plan in self.plans if plan.slug == slug), None)


def query(invitation: Invitation) -> str:
    """The part of a link that carries the invitation."""
    told = {KEY: invitation.public, EXERCISES: ",".join(_told(plan) for plan in invitation.plans)}
    if invitation.mode is Mode.ATTRIBUTED:
        told[MODE] = invitation.mode.value
    return urlencode(told, safe=",:+~")


def binder() -> str:
    """Binder's address of the repository that the package names as its home; raises `NowherePublished`."""
    urls = dict(one.split(", ", 1) for one in metadata("collaboration-kit").get_all("Project-URL", []))
    repository = urlsplit(urls.get("Homepage", "")).path.strip("/")
    if repository in ("", UNSAID):
        raise NowherePublished()
    return f"https://mybinder.org/v2/gh/{repository}/HEAD"


def link(base: str, invitation: Invitation) -> str:
    """The whole link: on Binder the page is opened by way of its `urlpath`, elsewhere it stands below `base`."""
    page = f"{PAGE}?{query(invitation)}"
    if "/v2/" in urlsplit(base).path:
        return f"{base.rstrip('/')}?urlpath={quote(page, safe='')}"
    return f"{base.rstrip('/')}/{page}"


def invitation_in(typed: str) -> Invitation | None:
    """The invitation in a link or its query, however it was pasted; None where there is none.

    Raises `InvitationUnreadable` when there is one and something of it is wrong.
    """
    found = _found(typed[:LONGEST])
    if KEY not in found:
        return None
    mode = found.get(MODE, Mode.ANONYMOUS.value)
    if not is_public(found[KEY]) or mode not in list(Mode):
        raise InvitationUnreadable()
    try:
        plans = tuple(_plan(part) for part in found.get(EXERCISES, "").split(",") if part)
    except KitError:
        raise InvitationUnreadable() from None
    return Invitation(found[KEY], plans, Mode(mode))


def _told(plan: Plan) -> str:
    return ":".join([plan.slug, "~".join(plan.options)]) if plan.options else plan.slug


def _plan(part: str) -> Plan:
    slug, _, lenses = part.partition(":")
    return Plan(slug, exercise(slug).options(tuple(lens for lens in lenses.split("~") if lens)))


def _found(typed: str) -> Mapping[str, str]:
    """The fields of the first part that has a key in it: the query, or on Binder the query inside `urlpath`."""
    for _ in range(3):
        fields = parse_qs(typed.strip().partition("?")[2] if "?" in typed else typed.strip())
        if KEY in fields:
            return {name: values[0] for name, values in fields.items()}
        if "urlpath" not in fields:
            break
        typed = fields["urlpath"][0]
    return {}
