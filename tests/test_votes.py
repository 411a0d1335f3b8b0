"""The room votes together: apart from anybody's own way, in words on the wall, and told as far as that may be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit import results
from kit.errors import UnknownItem
from kit.exercise import exercise
from kit.exercises.scenarios.model import Model
from kit.serving.inside.facilitator import FacilitatorPage
from kit.serving.inside.wall import RoomScreen
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store
from kit.texts import languages, say
from kit.views.slides import Slide, slides_in
from tests.auditor.votes import of_words

SLUG, STORY, OTHER = "scenarios", "two_missions", "late_report"
HERE = "http://127.0.0.1"


def model() -> Model:
    found = exercise(SLUG)
    assert isinstance(found, Model)
    return found


STORIES = {one.id: one for one in model().all_stories}
FIRST = STORIES[STORY].scenes[0]
STAGE = f"{STORY}.{FIRST.id}"
ITEM = model().vote_at(STAGE)


def room(store: Store, lang: str = "fr", k: int = 5) -> tuple[Session, FacilitatorPage, RoomScreen]:
    plans = (Plan(SLUG, exercise(SLUG).options((STORY, OTHER)), State.OPEN), Plan("reflection"))
    made = Session(new_id(), new_code(), "Table", lang, Mode.ANONYMOUS, k, plans, secret=new_id())
    session = store.sessions.add(made, "key")
    console = FacilitatorPage(store, session.id, HERE, lang)
    console.stage(SLUG, STAGE)
    return session, console, RoomScreen(store, session.id, HERE, lang)


def votes(store: Store, session: Session, *choices: int) -> list[str]:
    people = []
    for place, choice in enumerate(choices):
        seat = store.seats.take(session, list(Sector)[place % 3], None, "en")[0].id
        store.answers.save(seat, SLUG, ITEM, FIRST.choices[choice].id, 1)
        people.append(seat)
    return people


def shown(wall: RoomScreen) -> list[Slide]:
    wall.draw()
    return slides_in(wall.screen.page["html"])


def test_a_vote_is_no_step_on_anybodys_own_way() -> None:
    said = {f"{STORY}.{FIRST.id}": FIRST.choices[0].id, ITEM: FIRST.choices[1].id}
    for lang in languages():
        alone = {item: value for item, value in said.items() if item != ITEM}
        assert model().feedback(said, lang, (STORY,)) == model().feedback(alone, lang, (STORY,))
    assert model().check(ITEM, FIRST.choices[1].id, (STORY,)) == FIRST.choices[1].id
    for wrong in (f"vote.{STORY}.gone", f"vote.vote.{STORY}.{FIRST.id}", "vote."):
        with pytest.raises(UnknownItem):
            model().check(wrong, FIRST.choices[0].id, (STORY,))
    asked = {one.item: one for one in model().votes((STORY,))}
    assert asked[ITEM].options == tuple(one.id for one in FIRST.choices)
    assert not any(one.within for one in asked.values()), "everyone votes, wherever their own way has led"
    assert not set(asked) & {one.item for one in model().questions((STORY,))}


@pytest.mark.parametrize("lang", languages())
def test_the_wall_says_in_words_whether_somebody_has_voted(store: Store, lang: str) -> None:
    session, _, wall = room(store, lang)
    people = [store.seats.take(session, Sector.OTHER, None, "en")[0].id for _ in range(12)]
    told = []
    for voted, seat in enumerate(people, 1):
        # What somebody answers at their own pace is no vote.
        store.answers.save(seat, SLUG, f"{STORY}.{FIRST.id}", FIRST.choices[0].id, 1)
        wall.draw()
        told.append(wall.screen.page["progress"])
        if voted in (1, 7, 12):
            for one in people[:voted]:
                store.answers.save(one, SLUG, ITEM, FIRST.choices[0].id, 1)
            wall.draw()
            told.append(wall.screen.page["progress"])
    said = list(dict.fromkeys(line for (line,) in told))
    # How many of them is not said: beside the table it would tell how many skipped this vote.
    assert said == [say(lang, f"console.wall_voted_{word}") for word in ("nobody", "some")]
    # Somebody takes a vote back: nobody sees it.
    store.answers.save(people[0], SLUG, ITEM, None, 2)
    wall.draw()
    assert wall.screen.page["progress"] == [said[-1]]


@pytest.mark.parametrize(("n", "k"), [(9, 3), (12, 4), (15, 5)])
def test_what_the_wall_says_while_people_vote_proves_nothing_beside_the_result(store: Store, n: int, k: int) -> None:
    session, *_ = room(store, k=k)
    people = [store.seats.take(session, Sector.OTHER, None, "en")[0].id for _ in range(n)]
    said: list[object] = []
    for voted in range(n + 1):
        if voted:
            store.answers.save(people[voted - 1], SLUG, ITEM, FIRST.choices[0].id, 1)
        # Of a wall that has just been opened.
        said.append(RoomScreen(store, session.id, HERE, "en").screen.page["progress"])
    question = replace(model().votes((STORY,))[0], item="x")
    assert of_words(question, n, k, lambda voted, _: repr(said[voted])) == []
    assert said[0] != said[1], "whether somebody has voted is told"


@pytest.mark.parametrize("lang", languages())
def test_the_scene_stands_on_the_wall_with_letters_and_the_way(store: Store, lang: str) -> None:
    _, console, wall = room(store, lang)
    words = model().story_texts(STORY, lang)
    found = shown(wall)
    assert found[0]["text"] == words.scenes[FIRST.id].text
    options = [one for slide in found for one in slide["options"]]
    choices = [words.choices[FIRST.id][one.id].text for one in FIRST.choices]
    assert options == [list(one) for one in zip("ABC", choices, strict=True)]
    phone = model().content(lang, (STORY,))["stories"][0]["scenes"][0]["choices"]
    assert [one["text"] for one in phone] == [f"{letter}. {text}" for letter, text in options]
    assert {one["way"] for one in found} == {""}
    onward = f"{STORY}.{FIRST.choices[1].to}"
    console.stage(SLUG, onward)
    assert {one["way"] for one in shown(wall)} == {model().way((STAGE, onward), lang)}
    assert "→ B →" in model().way((STAGE, onward), lang)
    # Back and forth: the way is as long as it has led.
    (line,) = [one for one in console.page()["exercises"] if one["stage"]]
    assert line["stage"] is not None
    assert line["stage"]["back"] == (STAGE, model().label(STORIES[STORY], FIRST.id, lang))
    console.stage(SLUG, STAGE)
    assert {one["way"] for one in shown(wall)} == {""}
    # Somewhere else in the stories a way begins anew.
    console.stage(SLUG, onward)
    console.stage(SLUG, f"{OTHER}.{STORIES[OTHER].start}")
    assert {one["way"] for one in shown(wall)} == {""}


def test_the_spread_is_shown_at_its_slide_and_the_wall_goes_on_with_the_room(store: Store) -> None:
    session, console, wall = room(store)
    votes(store, session, *[0] * 14, *[1] * 10)
    assert console.reveal(SLUG) == say("fr", "console.revealed_now")
    assert console.show(SLUG) == ""
    found, at = shown(wall), wall.screen.page["slide"]
    assert found[at]["part"] == f"{SLUG}-{STAGE}"
    assert found[at]["kind"] == "bars"
    assert [row["label"][:2] for row in found[at]["rows"]] == ["A.", "B.", "C."]
    assert found[at]["ask"] == model().story_texts(STORY, "fr").questions[FIRST.id]
    # Of the story itself nothing is told: nobody played it at their own pace.
    made = results.revealed(store, session, SLUG)
    assert made is not None
    assert {item for item in made.items if item.startswith("vote.")} == {ITEM}
    console.stage(SLUG, f"{STORY}.{FIRST.choices[0].to}")
    assert store.sessions.on_the_wall(session.id) == (None, 0)
    assert shown(wall)[0]["kind"] == "scene"


@pytest.mark.parametrize("choices", [[0] * 4, [0, 1, 2] * 3])
def test_where_nothing_of_a_vote_can_be_told_the_scene_stays(store: Store, choices: list[int]) -> None:
    session, console, wall = room(store)
    votes(store, session, *choices)
    few = say("fr", "console.revealed_few", k=session.k)
    hidden = say("fr", "console.vote_hidden")
    assert console.reveal(SLUG) == (few if len(choices) < session.k else hidden), "of a result that is none"
    assert console.show(SLUG) == hidden
    assert shown(wall)[0]["kind"] == "scene"
    made = results.revealed(store, session, SLUG)
    assert made is not None
    # Whether anybody has voted anywhere is not told either.
    assert not [item for item in made.items if item.startswith("vote.")]


def test_slides_of_a_scene_are_turned_like_those_of_a_result(store: Store) -> None:
    session, console, wall = room(store)
    count = len(shown(wall))
    console.slide(9)
    assert store.sessions.on_the_wall(session.id) == (None, count - 1)
    line = next(one for one in console.page()["exercises"] if one["slug"] == SLUG)
    assert (line["slide"], line["slides"], line["showing"]) == (count - 1, count, False)
    console.stage(SLUG, "")
    assert store.sessions.on_the_wall(session.id) == (None, 0)
    assert shown(wall) == []


def test_the_wall_speaks_both_languages_beside_each_other(store: Store) -> None:
    session, console, wall = room(store)
    alone = shown(wall)
    console.looks(("both", "dark"))
    found = shown(wall)
    assert wall.screen.page["looks"] == ("both", "dark")
    assert [[lang for lang, _ in one["sides"]] for one in found] == [["fr", "en"]] * len(found)
    for lang in languages():
        # What is too long for half of the wall goes on on the next slide.
        said = dict.fromkeys(one["text"] for slide in found for of, one in slide["sides"] if of == lang)
        assert " ".join(said).strip() == model().story_texts(STORY, lang).scenes[FIRST.id].text
    assert len(found) >= len(alone)
    (beside,) = wall.screen.page["beside"]
    assert beside["progress"] == [say("en", "console.wall_voted_nobody")]
    votes(store, session, *[0] * 14, *[1] * 10)
    console.reveal(SLUG)
    console.show(SLUG)
    both, at = shown(wall), wall.screen.page["slide"]
    assert both[at]["part"] == f"{SLUG}-{STAGE}"
    assert [one["kind"] for _, one in both[at]["sides"]] == ["bars", "bars"]
    # Off every screen is off this one too.
    console.take_off(SLUG, True)
    store.sessions.show(session.id, SLUG)
    assert shown(wall) == []


def test_done_is_told_once_somebody_has_answered_all_of_it(store: Store) -> None:
    plans = (Plan("agreement", (), State.OPEN),)
    made = Session(new_id(), new_code(), "T", "en", Mode.ANONYMOUS, 5, plans, secret=new_id())
    session = store.sessions.add(made, "key")
    wall = RoomScreen(store, session.id, HERE, "en")
    asked = exercise("agreement").asked()
    people = [store.seats.take(session, Sector.OTHER, None, "en")[0].id for _ in range(4)]
    said = []
    for seat in people:
        for item in asked:
            store.answers.save(seat, "agreement", item, "agreed", 1)
            wall.draw()
            said.append(wall.screen.page["progress"][0])
    words = [say("en", f"console.wall_{word}") for word in ("some", "done_some")]
    assert [one.lower() for one in dict.fromkeys(said)] == words
