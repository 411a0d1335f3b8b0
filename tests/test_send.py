"""The link for answers from home, and the view that makes the file: what a link may hold, what a file holds."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import sealed, transfer
from kit.errors import InvitationUnreadable
from kit.exercise import exercise, exercises
from kit.invitation import Invitation, invitation_in, link, query
from kit.session import Mode, Plan, Sector, Session, card_words, new_id
from kit.texts import card_list, languages, say
from kit.transfer import AnswersFile
from kit.views.alone import alone
from kit.views.send import Send
from kit.views.welcome import welcome
from tests.test_views import hear, line, shown

__all__ = ["line"]  # a fixture that every test here uses
pytestmark = pytest.mark.usefixtures("line")

BINDER = "https://mybinder.org/v2/gh/somebody/a-kit/HEAD"
PUBLIC, PRIVATE = sealed.new_key()
PLANS = (Plan("partnership", exercise("partnership").options(("core", "municipal"))), Plan("pulse"))
INVITED = Invitation(PUBLIC, PLANS)


def view(invitation: Invitation | None = INVITED, lang: str = "en") -> Send:
    return Send(lang=lang, form="pair", slug="pulse", invitation=invitation)


def answered(slug: str) -> dict[str, Any]:
    model = exercise(slug)
    lenses = tuple(lens.id for lens in model.structure.lenses)
    return dict(model.rehearse(Random(1), Sector.COMMUNITY, "fr", lenses))


def asked(view: Send, document: AnswersFile, **fields: object) -> list[dict[str, Any]]:
    told = {"sector": "community", "partner": "", "card": "", **fields}
    return hear(view, {"kind": "seal", "document": transfer.write(document).decode(), **told})


def sealed_in(
    view: Send, document: AnswersFile, monkeypatch: pytest.MonkeyPatch, **fields: object
) -> tuple[AnswersFile, Any]:
    """The document that only the private half opens, and the message that came with it."""
    made: list[tuple[Any, Any]] = []
    monkeypatch.setattr(view, "send", lambda content, buffers=None: made.append((content, buffers)))
    asked(view, document, **fields)
    ((content, buffers),) = made
    return transfer.read(sealed.opened(buffers[0], [PRIVATE])), content


# The link


@pytest.mark.parametrize("base", [BINDER, "http://127.0.0.1:8888", "https://hub.example.org/user/x/"])
def test_a_link_brings_the_invitation_to_the_page(base):
    made = link(base, INVITED)
    assert invitation_in(made) == INVITED
    assert invitation_in(f"  {made}\n") == INVITED
    assert invitation_in(query(INVITED)) == INVITED
    attributed = Invitation(PUBLIC, PLANS, Mode.ATTRIBUTED)
    assert invitation_in(link(base, attributed)) == attributed


def test_a_link_holds_nothing_that_says_whose_it_is():
    session = Session(
        new_id(),
        "CODE42",
        "Rencontre à Sainte-Foy",
        "fr",
        Mode.ATTRIBUTED,
        5,
        PLANS,
        ("Maison Étoile",),
        secret=new_id(),
    )
    made = unquote(link(BINDER, Invitation(PUBLIC, session.plans, session.mode)))
    for trace in (session.id, session.code, session.secret, "Foy", "toile"):
        assert trace not in made


@pytest.mark.parametrize(
    "typed", ["", "?", "hello", "https://example.org/?x=1", "?urlpath=voila", "?urlpath=%3Furlpath%3D"]
)
def test_what_is_no_invitation_is_none(typed):
    assert invitation_in(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        query(INVITED).replace(PUBLIC, PUBLIC[:-1]),
        query(INVITED).replace(PUBLIC, PUBLIC[:-1] + ("q" if PUBLIC[-1] != "q" else "p")),
        query(INVITED).replace(PUBLIC, PRIVATE),
        query(INVITED).replace("pulse", "no_exercise"),
        query(INVITED).replace("municipal", "no_lens"),
        query(INVITED) + "&mode=odd",
    ],
    # The key is another one in each process that collects.
    ids=("short", "slip", "private", "exercise", "lens", "mode"),
)
def test_a_link_that_is_not_whole_is_told(typed):
    with pytest.raises(InvitationUnreadable):
        invitation_in(typed)


@given(st.text())
def test_anything_may_be_pasted(typed):
    assert invitation_in(typed) is None


def test_two_keys_have_two_check_numbers():
    assert sealed.check_number(PUBLIC) == sealed.check_number(PUBLIC) != sealed.check_number(sealed.new_key()[0])


# The view


def test_the_page_knows_what_was_asked_for_and_who_can_check():
    page = shown(view(), "page")
    assert page["titles"] == [exercise(plan.slug).texts("en").title for plan in PLANS]
    assert page["check"] == sealed.check_number(PUBLIC)
    assert (page["asked"], page["attributed"], len(page["sectors"])) == (True, False, len(Sector))
    assert "titles" not in shown(view(None), "page")
    assert not Send(lang="en", form="x", slug="strengths", invitation=INVITED).page["asked"]


def test_a_pasted_link_is_an_invitation_and_anything_else_is_told():
    alone = view(None)
    for bad in ("hello", query(INVITED)[:30], None, 3):
        refused = hear(alone, {"kind": "invite", "link": bad})
        assert refused[-1]["field"] == "link"
    hear(alone, {"kind": "invite", "link": link(BINDER, INVITED)})
    assert shown(alone, "page")["check"] == sealed.check_number(PUBLIC)


def test_the_file_holds_what_was_asked_for_and_no_more(monkeypatch):
    document = AnswersFile(
        edition=7,
        exercises={
            "pulse": answered("pulse"),
            "strengths": answered("strengths"),
            "partnership": answered("partnership"),
        },
    )
    made, message = sealed_in(view(), document, monkeypatch)
    assert made.person == document.person
    assert (made.edition, made.lang, made.sector, made.partner, made.card) == (7, "en", Sector.COMMUNITY, "", "")
    assert set(made.exercises) == {"pulse", "partnership"}
    kept = transfer.checked(made, PLANS)
    assert (kept.exercises, kept.beside) == (made.exercises, 0)
    assert message["name"].startswith("notes-")
    assert message["name"].endswith(".age")
    assert str(sum(map(len, made.exercises.values()))) in message["message"]


def test_an_answer_that_is_not_allowed_stays_out(monkeypatch):
    document = AnswersFile(exercises={"pulse": {**answered("pulse"), "now_contacts": "very", "odd": 1}})
    made, _ = sealed_in(view(), document, monkeypatch)
    assert not {"now_contacts", "odd"} & set(made.exercises["pulse"])


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        ({"sector": ""}, "sector", "need_sector"),
        ({"sector": ["community"]}, "sector", "need_sector"),
        ({"card": "un deux trois quatre"}, "card", "bad_card"),
        ({"card": "one"}, "card", "bad_card"),
    ],
)
def test_what_is_missing_is_told_at_its_field(lang, fields, field, why):
    told = asked(view(lang=lang), AnswersFile(exercises={"pulse": answered("pulse")}), **fields)
    assert told == [{"kind": "refused", "field": field, "message": say(lang, f"send.{why}")}]


def test_a_card_is_taken_in_any_language(monkeypatch):
    words = card_words("secret", new_id(), card_list("fr")).upper()
    made, _ = sealed_in(view(), AnswersFile(exercises={"pulse": answered("pulse")}), monkeypatch, card=f" {words} ")
    assert made.card == words


def test_an_attributed_workshop_asks_for_the_partner(monkeypatch):
    invitation = Invitation(PUBLIC, PLANS, Mode.ATTRIBUTED)
    document = AnswersFile(exercises={"pulse": answered("pulse")})
    assert asked(view(invitation), document)[-1]["field"] == "partner"
    made, _ = sealed_in(view(invitation), document, monkeypatch, partner=" Maison  A ")
    assert made.partner == "Maison A"


def test_a_partner_is_left_out_where_nobody_is_named(monkeypatch):
    made, _ = sealed_in(view(), AnswersFile(exercises={"pulse": answered("pulse")}), monkeypatch, partner="Maison A")
    assert made.partner == ""


@pytest.mark.parametrize("document", [None, 3, "", "{}", "[" * 100_000])
def test_a_hostile_page_gets_a_sentence(document):
    told = hear(view(), {"kind": "seal", "document": document, "sector": "community"})
    assert [one["kind"] for one in told] == ["refused"]


def test_nothing_that_was_asked_for_is_told():
    told = asked(view(), AnswersFile(exercises={"strengths": answered("strengths")}))
    assert told[-1]["message"] == say("en", "send.none")


def test_a_view_without_an_invitation_seals_nothing():
    assert hear(view(None), {"kind": "seal", "document": "{}", "sector": "community"}) == []


# The page of somebody who was asked


def offered(form) -> list[str]:
    """The items whose text may be offered to the group."""
    sections = json.loads(form.page_json)["content"]["sections"]
    return [item["id"] for part in sections for item in part["items"] if item.get("share")]


def test_who_is_asked_gets_the_lenses_and_may_offer_a_text(monkeypatch):
    monkeypatch.setenv("QUERY_STRING", query(INVITED))
    room, _, form, send = alone("partnership", "en").children
    asked = {
        item["id"] for part in json.loads(shown(form, "page_json"))["content"]["sections"] for item in part["items"]
    }
    assert asked == {item.id for item in exercise("partnership").structure.items(PLANS[0].options)}
    assert offered(form)
    assert shown(room, "texts")["ui"]["erase_alone"] == say("en", "send.erase")
    assert send.is_invited
    hear(room, {"kind": "lang", "lang": "fr"})
    assert shown(room, "texts")["ui"]["erase_alone"] == say("fr", "send.erase")


def test_who_is_not_asked_is_offered_no_group(monkeypatch):
    for link_of_page in ("", query(Invitation(PUBLIC, PLANS[:1]))):
        monkeypatch.setenv("QUERY_STRING", link_of_page)
        room, _, form, send = alone("pulse", "en").children
        assert not offered(form)
        assert not send.is_invited
        assert shown(room, "texts")["ui"]["erase_alone"] == say("en", "alone.room.erase_alone")


def test_the_list_of_exercises_is_what_was_asked_for_and_hands_it_on(monkeypatch):
    monkeypatch.setenv("QUERY_STRING", query(INVITED))
    _, listed = welcome("fr").children
    page = shown(listed, "page")
    assert {one["slug"] for one in page["exercises"]} == {plan.slug for plan in PLANS}
    assert invitation_in(f"pulse.ipynb?lang=fr{page['asked']}") == INVITED
    assert page["ui"]["lead"] == say("fr", "send.welcome")
    monkeypatch.setenv("QUERY_STRING", "lang=fr")
    _, listed = welcome().children
    assert (shown(listed, "page")["asked"], len(listed.page["exercises"])) == ("", len(exercises()))


def test_a_link_that_is_cut_off_is_told_on_the_page(monkeypatch):
    monkeypatch.setenv("QUERY_STRING", query(INVITED)[:40])
    *_, send = alone("pulse", "fr").children
    assert shown(send, "page")["fault"] == say("fr", "errors.InvitationUnreadable")


def test_a_link_can_be_pasted_or_given_in_the_notebook():
    room, _, form, send = alone("pulse", "en").children
    hear(send, {"kind": "invite", "link": link(BINDER, INVITED)})
    assert send.is_invited
    assert offered(form)
    assert shown(room, "texts")["ui"]["erase_alone"] == say("en", "send.erase")
    assert alone("pulse", "en", link(BINDER, INVITED)).children[-1].is_invited
