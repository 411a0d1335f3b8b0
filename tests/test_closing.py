"""What the facilitator types at the end: kept as it is typed, refused where it leads to somebody, theirs alone."""

from __future__ import annotations

import pytest

from kit.closing import LIMIT, closing_words
from kit.errors import StoreFull, TextIdentifies, TextTooLong
from kit.serving.inside.facilitator import FacilitatorPage
from kit.serving.inside.participant import ParticipantPage
from kit.session import Sector
from kit.store import Store
from kit.texts import languages, say
from tests.test_shared import hear, wired, workshop

__all__ = ["wired"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""), ("  \n \n", ""), ("Nous nous voyons en mars.", "Nous nous voyons en mars."),
        ("We  meet\tin March. \r\n\r\n One list of services.\n", "We meet in March.\nOne list of services."),
        ("\u0000\u0008Une salle\ufffe", "Une salle"), ("x" * LIMIT, "x" * LIMIT),
        ("ᐃᓄᒃᑎᑐᑦ العربية 🧡", "ᐃᓄᒃᑎᑐᑦ العربية 🧡"),
    ],
)  # fmt: skip
def test_it_is_kept_as_paragraphs(typed: str, kept: str) -> None:
    assert closing_words(typed) == kept


@pytest.mark.parametrize(
    "typed", ["Call 514 555-0199.", "Écrire à a.b@exemple.org", "fine\nsee https://exemple.org/x", "Call 514\n555-0199"]
)
def test_what_leads_to_somebody_is_refused(typed: str) -> None:
    with pytest.raises(TextIdentifies):
        closing_words(typed)


def test_a_long_text_is_refused() -> None:
    with pytest.raises(TextTooLong):
        closing_words("x" * (LIMIT + 1))


@pytest.mark.parametrize("lang", languages())
def test_the_console_keeps_it_and_says_so(store: Store, wired: None, lang: str) -> None:
    session = workshop(store)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", lang).console
    (said,) = hear(console, {"kind": "conclude", "decided": "Une liste.", "asks": "Une salle."})
    assert said["text"] == say(lang, "console.closing_noted")
    assert console.page["closing"] == {"decided": "Une liste.", "asks": "Une salle.", "limit": LIMIT}
    (said,) = hear(console, {"kind": "conclude", "decided": "Une autre liste.", "asks": "Appelez le 514 555-0199."})
    assert say(lang, "disclosure.contact_kind.phone") in said["text"]
    assert store.sessions.get(session.id).decided == "Une liste.", "neither is kept where one is refused"


@pytest.mark.parametrize(
    "message", [{}, {"decided": "x"}, {"decided": 1, "asks": "x"}, {"decided": ["x"], "asks": "x"}]
)
def test_what_no_button_sends_changes_nothing(store: Store, wired: None, message: dict[str, object]) -> None:
    session = workshop(store)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", "fr").console
    assert hear(console, {"kind": "conclude", **message}) == []
    assert store.sessions.get(session.id) == session


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("message", [{"kind": "open"}, {"kind": "conclude", "decided": "x", "asks": "x"}])
def test_whoever_leads_is_told_what_to_do_about_a_full_disk(
    store: Store, wired: None, monkeypatch: pytest.MonkeyPatch, lang: str, message: dict[str, str]
) -> None:
    """On the console nobody is sent to the facilitator, who is the one that reads it."""
    session = workshop(store)
    console = FacilitatorPage(store, session.id, "http://127.0.0.1", lang).console

    def full(*_: object) -> None:
        raise StoreFull(where="-")

    for change in ("set_state", "conclude"):
        monkeypatch.setattr(type(store.sessions), change, full)
    (said,) = hear(console, {"slug": session.plans[0].slug, **message})
    assert said["text"] == say(lang, "people.StoreFull_host") != StoreFull(where="-").tell_people(lang)


@pytest.mark.parametrize("lang", languages())
def test_nobody_who_erased_all_is_told_that_something_of_theirs_is_left(store: Store, wired: None, lang: str) -> None:
    """Not at the end, and not when it is taken back; everybody else is."""
    session = workshop(store)
    pages = [ParticipantPage(store, store.seats.take(session, Sector.OTHER, None, lang)[0], lang) for _ in range(2)]
    gone, stays = pages
    assert hear(gone.room, {"kind": "erase"})
    heard: dict[bool, list[str]] = {}
    for change in (store.sessions.close, store.sessions.reopen):
        change(session.id)
        for page in pages:
            sent = page.room.comm.__dict__["sent"]
            sent.clear()
            page.look()
            said = [one["content"]["text"] for one in sent if one["method"] == "custom" and "text" in one["content"]]
            heard.setdefault(page is gone, []).extend(said)
    assert heard == {True: [], False: [say(lang, "errors.SessionClosed"), say(lang, "room.reopened")]}
    assert stays.room.page["exercises"]
    assert gone.room.page["gone"]
