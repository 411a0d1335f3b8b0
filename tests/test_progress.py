"""What the wall says while people answer: words, which never show that fewer than k people came, left or changed."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest

from kit import results
from kit.cli import main
from kit.exercise import exercise
from kit.following import Followed
from kit.serving.inside import standing
from kit.serving.inside.facilitator import FacilitatorPage
from kit.serving.inside.participant import ParticipantPage
from kit.serving.inside.progress import WORDS, Progress
from kit.serving.inside.together import room_place
from kit.serving.inside.wall import RoomScreen
from kit.session import Mode, Plan, Sector, Session, State, Value, new_code, new_id
from kit.store import Store
from kit.texts import languages, say

SLUG = "reflection"
TEXT = {"text": "x", "share": False}
K = 5


def workshop(store: Store, state: State = State.OPEN) -> Session:
    plans = (Plan(SLUG, (), state), Plan("pulse", (), State.WAITING))
    made = Session(new_id(), new_code(), "Table", "fr", Mode.ANONYMOUS, K, plans, secret=new_id())
    return store.sessions.add(made, "key")


def sit(store: Store, session: Session, begins: bool = True) -> str:
    seat = store.seats.take(session, Sector.OTHER, None, "en")[0].id
    if begins:
        store.answers.save(seat, SLUG, "commitment", TEXT, 1)
    return seat


# ---- the rule


@pytest.mark.parametrize(
    ("some", "everyone", "word"),
    [(0, 0, "nobody"), (0, 9, "nobody"), (1, 9, "some"), (6, 12, "some"), (7, 12, "most"), (11, 12, "most"),
     (12, 12, "all")],
)  # fmt: skip
def test_a_fresh_wall_says_what_is_true(some: int, everyone: int, word: str) -> None:
    assert Progress(K).word("x", some, everyone) == word


@pytest.mark.parametrize("k", [3, 5])
def test_a_word_never_falls_because_fewer_than_k_have_come_or_left(k: int) -> None:
    for everyone in range(1, 16):
        for some in range(everyone + 1):
            for came, went, back in product(range(k), repeat=3):
                if not came + went + back < k or went > everyone - some or back > some:
                    continue
                wall = Progress(k)
                before = wall.word("x", some, everyone)
                # Some come and have not begun; some leave who had not begun; some erase all that they said.
                after = wall.word("x", some - back, everyone + came - went - back)
                assert WORDS.index(after) >= WORDS.index(before), (some, everyone, came, went, back)


def test_a_word_falls_once_k_more_would_be_needed() -> None:
    wall = Progress(K)
    assert [wall.word("x", 12, n) for n in (12, 13, 16, 17)] == ["all", "all", "all", "most"]
    assert [wall.word("x", some, 17) for some in (9, 8, 5, 4, 1, 0)] == ["most", "most", "most", "some", "some", "some"]


def test_exercises_do_not_share_a_word() -> None:
    wall = Progress(K)
    assert [wall.word(one, some, 9) for one, some in (("x", 9), ("y", 1), ("x", 8), ("y", 5))] == [
        "all", "some", "all", "most",
    ]  # fmt: skip


# ---- on the wall, the console stays exact


def wall_of(store: Store, session: Session, lang: str) -> RoomScreen:
    return RoomScreen(store, session.id, "http://127.0.0.1", lang)


def alone(sentence: str) -> str:
    """As it stands where the exercise's title is on the wall already."""
    return sentence[:1].upper() + sentence[1:]


def told(wall: RoomScreen) -> list[str]:
    wall.draw()
    return list(wall.screen.page["progress"])


@pytest.mark.parametrize("lang", languages())
def test_the_wall_tells_words_and_the_console_numbers(store: Store, lang: str) -> None:
    session = workshop(store, State.WAITING)
    wall, console = wall_of(store, session, lang), FacilitatorPage(store, session.id, "http://127.0.0.1", lang)
    assert told(wall) == [say(lang, "console.wall_empty")]
    sit(store, session, begins=False)
    assert told(wall) == [say(lang, "console.wall_here")]
    store.sessions.set_state(session.id, SLUG, State.OPEN)
    assert told(wall) == [alone(say(lang, "console.wall_nobody"))]
    for begins, word in ((True, "some"), (True, "most"), (True, "most"), (False, "most")):
        sit(store, session, begins)
        assert told(wall) == [alone(say(lang, f"console.wall_{word}"))]
    page = console.page()
    assert (page["joined"], page["exercises"][0]["answered"]) == (5, 3)
    store.sessions.close(session.id)
    assert told(wall) == [say(lang, "console.ended")]


def test_beside_a_result_one_exercise_at_most_is_told(store: Store) -> None:
    """A line for each open exercise once pushed the slide off the wall."""
    session = workshop(store)
    wall = wall_of(store, session, "fr")
    store.sessions.show(session.id, SLUG)
    assert len(told(wall)) == 1
    store.sessions.set_state(session.id, "pulse", State.OPEN)
    assert told(wall) == []
    store.sessions.show(session.id, None)
    # With two exercises open each line names its own; one alone is what the wall shows in large.
    assert [line.partition("\u00a0: ")[0] for line in told(wall)] == [wall.title_of(SLUG), wall.title_of("pulse")]


def test_somebody_who_erases_everything_is_not_seen_on_the_wall(store: Store) -> None:
    session = workshop(store)
    seats = [sit(store, session) for _ in range(12)]
    wall = wall_of(store, session, "en")
    before = told(wall), dict(wall.screen.page)
    results.erase(store, store.seats.get(seats[0]))
    assert (told(wall), dict(wall.screen.page)) == before
    store.answers.save(seats[1], SLUG, "commitment", None, 2)
    assert (told(wall), dict(wall.screen.page)) == before
    code = wall.screen.page["code"]
    sentences = " ".join(before[0])
    assert not re.search(r"\d", sentences.replace(code, ""))


def test_whoever_was_alone_and_erased_everything_is_not_seen_either(store: Store) -> None:
    session = workshop(store, State.WAITING)
    seat = sit(store, session, begins=False)
    wall = wall_of(store, session, "en")
    before = told(wall)
    results.erase(store, store.seats.get(seat))
    assert told(wall) == before


# ---- who is done


def far_along(store: Store, slug: str, lang: str) -> tuple[Session, RoomScreen, FacilitatorPage]:
    plans = (Plan(slug, (), State.OPEN),)
    made = Session(new_id(), new_code(), "Table", lang, Mode.ANONYMOUS, K, plans, secret=new_id())
    session = store.sessions.add(made, "key")
    return session, wall_of(store, session, lang), FacilitatorPage(store, session.id, "http://127.0.0.1", lang)


def ways_to_an_end(story: str) -> dict[str, str]:
    """A way through a story whose last choice leads to an end, and no earlier one does."""
    found = next(one for one in exercise("scenarios").all_stories if one.id == story)  # type: ignore[attr-defined]
    way, here = {}, found.scene(found.start)
    while not here.is_end:
        way[f"{story}.{here.id}"] = here.choices[0].id
        here = found.scene(here.choices[0].to)
    return way


ACTION = {"activity": "Meet", "objective": "own"}
# For each exercise: answers that are a beginning, and what makes them done.
FAR: dict[str, tuple[dict[str, Value], dict[str, Value]]] = {
    "scenarios": ({}, {}),
    "action_plan": (
        {"plan.r0001": {**ACTION, "actors": "We"}, "plan.r0002": {**ACTION, "start": "2027-01-31"}},
        {"plan.r0001": {**ACTION, "role": "Lead", "term": "ongoing"}},
    ),
}


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("slug", sorted(FAR))
def test_done_says_what_it_means_in_a_story_and_in_a_plan(store: Store, slug: str, lang: str) -> None:
    session, wall, console = far_along(store, slug, lang)
    begun, done = FAR[slug]
    if slug == "scenarios":
        way = ways_to_an_end(exercise(slug).unnamed[0])
        *first, last = way.items()
        # A vote of the room leads nobody to an end of their own.
        begun, done = {**dict(first), f"vote.{last[0]}": last[1]}, dict([last])
    texts = exercise(slug).texts(lang)
    people = [sit(store, session, begins=False) for _ in range(4)]
    assert console.page()["exercises"][0]["done"] == ""
    for person in people:
        for item, value in begun.items():
            store.answers.save(person, slug, item, value, 1)
    assert told(wall) == [alone(say(lang, "console.wall_all"))]
    assert console.page()["exercises"][0]["done"] == texts.say("done_count", n=0)
    for number, person in enumerate(people, 1):
        for item, value in done.items():
            store.answers.save(person, slug, item, value, 2)
        # How many are done would tell, beside the result, how many skipped something.
        assert told(wall) == [alone(texts.say("wall_done_some"))]
        assert console.page()["exercises"][0]["done"] == texts.say("done_count", n=number)
    # What is taken back counts no more on the console, also once nobody can answer; the wall's word stays.
    for item in done:
        store.answers.save(people[0], slug, item, None, 3)
    assert console.page()["exercises"][0]["done"] == texts.say("done_count", n=3)
    store.sessions.set_state(session.id, slug, State.CLOSED)
    assert console.page()["exercises"][0]["done"] == texts.say("done_count", n=3)
    results.erase(store, store.seats.get(people[1]))
    assert console.page()["exercises"][0]["done"] == texts.say("done_count", n=2)


def test_the_worked_example_of_a_plan_is_nobodys_own(store: Store) -> None:
    model = exercise("action_plan")
    rows = model.example("en")  # type: ignore[attr-defined]
    answers = {f"plan.r000{n}": row for n, row in enumerate(rows, 1)}
    assert model.is_done(answers) is False
    assert model.is_done({**answers, "plan.r0001": {**rows[0], "activity": "Something of our own"}}) is True


def test_the_console_tells_how_many_are_here_and_the_wall_does_not(store: Store) -> None:
    session = workshop(store)
    wall, console = wall_of(store, session, "en"), FacilitatorPage(store, session.id, "http://127.0.0.1", "en")
    assert console.console.page["here"] == 0
    console.here(7, {})
    assert console.console.page["here"] == 7
    assert not {"here", "joined", "answered"} & set(wall.screen.page)
    # Sentences travel apart from what changes: with their language, not with each person who comes.
    assert "ui" not in console.console.page
    assert console.console.texts["agenda_ui"]["undo"] == say("en", "agenda.console.undo")


# ---- at the command line, in steps: who erased everything is not seen there either


@pytest.mark.parametrize("lang", languages())
def test_kit_session_show_counts_in_steps(
    store: Store, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_LANG", lang)
    session = workshop(store)
    seats = [sit(store, session, begins) for begins in [True] * 11 + [False]]

    def shown(*args: str) -> str:
        with pytest.raises(SystemExit) as done:
            main(["session", "show", session.code, "--store", store.where, *args])
        assert done.value.code == 0
        return capsys.readouterr().out

    before = shown(), shown("--json")
    assert say(lang, "cli.at_least", n=10) in before[0]
    assert say(lang, "cli.fewer", k=K) in before[0]
    # Below the line with the day there is no other number than these, and the day on which answers go.
    told = re.sub(r"\d{4}-\d\d-\d\d", "", before[0].partition("\n")[2]).replace(session.code, "")
    assert set(re.findall(r"\d+", told)) == {"5", "10"}
    counts = json.loads(before[1])
    assert (counts["joined_at_least"], counts["answered_at_least"]) == (10, {SLUG: 10, "pulse": 0})
    results.erase(store, store.seats.get(seats[0]))
    assert (shown(), shown("--json")) == before


# ---- "I'm done": a word to the room


@pytest.mark.parametrize("lang", languages())
def test_people_say_that_they_are_done_and_nothing_in_their_answers_decides_it(store: Store, lang: str) -> None:
    session = workshop(store)
    seats = [sit(store, session, begins=False) for _ in range(9)]
    wall, console = wall_of(store, session, lang), FacilitatorPage(store, session.id, "http://127.0.0.1", lang)
    place = f"{SLUG}/1/"
    said: dict[int, list[str]] = {}
    for ready, word in ((0, "nobody"), (1, "some"), (5, "most"), (9, "all")):
        wall.here(9, {place: ready} if ready else {})
        said[ready] = told(wall)
        expected = f"wall_ready_{word}" if ready else "wall_nobody"
        assert said[ready] == [alone(say(lang, f"console.{expected}"))]
    console.here(9, {place: 9, "pulse/1/": 3})
    lines = {one["slug"]: one["done"] for one in console.page()["exercises"]}
    assert lines == {SLUG: say(lang, "console.ready_count", n=9), "pulse": ""}
    for seat in seats:
        store.answers.save(seat, SLUG, "commitment", TEXT, 1)
    assert told(wall) == said[9]
    # Another place: nobody has said anything there.
    store.sessions.set_state(session.id, SLUG, State.CLOSED)
    store.sessions.set_state(session.id, "pulse", State.OPEN)
    assert told(wall) == [alone(say(lang, "console.wall_nobody"))]


def test_where_the_room_is_is_worked_out_once_for_all_phones(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out: list[str] = []

    def counted(session: Session, found: Followed | None) -> str:
        worked_out.append(session.id)
        return room_place(session, found)

    monkeypatch.setattr(standing, "room_place", counted)
    session = workshop(store)
    pages = [ParticipantPage(store, store.seats.get(sit(store, session, begins=False)), "fr") for _ in range(3)]
    assert len(worked_out) == 1
    store.sessions.set_state(session.id, SLUG, State.CLOSED)
    store.sessions.set_state(session.id, "pulse", State.OPEN)
    for page in pages:
        page.look()
    assert [page.room.page["now"]["place"] for page in pages] == ["pulse"] * 3
    assert len(worked_out) == 2


def test_a_page_tells_where_its_person_is_done(store: Store) -> None:
    session = workshop(store)
    page = ParticipantPage(store, store.seats.get(sit(store, session, begins=False)), "fr")
    heard: list[str] = []
    page.on_ready = heard.append
    assert page.room.page["now"]["ready"] is False
    page.be_ready(True)
    assert page.room.page["now"]["ready"] is True
    page.be_ready(False)
    page.be_ready(True)
    store.sessions.set_state(session.id, SLUG, State.CLOSED)
    page.look()
    assert page.room.page["now"]["ready"] is None, "nobody is asked where nothing is open"
    page.be_ready(True)
    assert heard == [f"{SLUG}/1/", "", f"{SLUG}/1/", ""]
