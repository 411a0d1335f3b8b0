"""The scenarios' rules: which choices are allowed, what a person and a group are told, and where the room can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import comm
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from comm.base_comm import BaseComm

from kit.disclosure import ItemRelease, Release, release
from kit.errors import AnswerRefused, SessionClosed, UnknownExercise, UnknownItem, UnknownSession, WrongOption
from kit.exercise import exercise
from kit.exercises.scenarios.model import LONGEST_WALK, Model
from kit.exercises.scenarios.summary import PER_PICTURE, summarise
from kit.exercises.scenarios.view import View
from kit.session import Mode, Plan, Response, Sector, Session, State, fingerprint
from kit.store import Store
from kit.store.engine import connect, writing
from kit.store.hosts import Opens
from kit.store.migrate import config, recorded
from kit.store.place import locate
from kit.store.schema import REVISION
from kit.stories import Story
from kit.summary import Bullets, Flow, Heading, Paragraph, Summary, Table
from kit.texts import languages, say
from kit.upgrades import upgraded
from kit.views.of import view_of
from tests.support.tables import item_of

SLUG = "scenarios"
STORY = "two_missions"
LANGS = pytest.mark.parametrize("lang", languages())


@pytest.fixture(scope="module")
def model() -> Model:
    found = exercise(SLUG)
    assert isinstance(found, Model)
    return found


@pytest.fixture(scope="module")
def story(model: Model) -> Story:
    (found,) = model.stories((STORY,))
    return found


def item(story: Story, scene: str) -> str:
    return f"{story.id}.{scene}"


def way(story: Story, last: bool = False) -> dict[str, str]:
    """Answers that lead to an end: the first choice of each scene, or the last."""
    found, scene = {}, story.scene(story.start)
    while scene is not None and scene.choices and item(story, scene.id) not in found:
        choice = scene.choices[-1 if last else 0]
        found[item(story, scene.id)] = choice.id
        scene = story.scene(choice.to)
    return found


def texts_of(summary: Summary) -> str:
    """Every word of a summary."""
    words: list[str] = [summary.title]
    for block in summary.blocks:
        if isinstance(block, Heading | Paragraph):
            words.append(block.text)
        elif isinstance(block, Bullets):
            words += [block.title, *block.items]
        elif isinstance(block, Table):
            words += [cell for row in block.rows for cell in row]
        elif isinstance(block, Flow):
            words += [block.title, block.alt, *(cell for row in block.twin.rows for cell in row)]
    return "\n".join(words)


# ---- content and answers ----


def test_the_fifteen_behaviours_come_from_their_pages(model: Model) -> None:
    counts: dict[str, int] = {}
    for one in model.structure.behaviours:
        for source in one.source:
            counts[source] = counts.get(source, 0) + 1
    assert counts == {"S0-16": 2, "S0-17": 3, "S0-18": 2, "S0-19": 3, "S0-20": 3, "S0-21": 2}


def test_each_behaviour_is_shown_in_some_story(model: Model) -> None:
    used = {choice.behaviour for one in model.all_stories for scene in one.scenes for choice in scene.choices}
    assert {one.id for one in model.structure.behaviours} <= used


def test_a_choice_says_where_its_behaviour_comes_from(model: Model) -> None:
    sources = {one.id: set(one.source) for one in model.structure.behaviours}
    for story in model.all_stories:
        for scene in story.scenes:
            for choice in scene.choices:
                if choice.behaviour:
                    assert sources[choice.behaviour] & set(choice.source), f"{story.id}.{scene.id}.{choice.id}"


def test_stories_are_lenses_and_none_means_all_that_need_not_be_named(model: Model) -> None:
    assert model.options((STORY,)) == (STORY,)
    everyone = [one.id for one in model.all_stories if not one.concerned]
    assert [lens.id for lens in model.structure.lenses] == [one.id for one in model.all_stories]
    assert [one.id for one in model.stories()] == everyone != [one.id for one in model.all_stories]
    assert [one.id for one in model.stories((STORY,))] == [STORY]
    with pytest.raises(WrongOption):
        model.options(("no_such_story",))


def test_only_choices_of_that_scene_are_taken(model: Model, story: Story) -> None:
    start = story.scene(story.start)
    assert start is not None
    assert model.check(item(story, start.id), start.choices[0].id) == start.choices[0].id
    assert model.check(item(story, start.id), None) is None
    other = next(scene for scene in story.scenes if scene.choices and scene is not start)
    for wrong in (other.choices[0].id, "", 7, True, [], {"text": "x"}, start.choices[0].id + " "):
        with pytest.raises(AnswerRefused):
            model.check(item(story, start.id), wrong)


@pytest.mark.parametrize(
    "unknown", ["two_missions", "two_missions.", ".opening", "two_missions.gone", "gone.opening", ""]
)
def test_what_is_no_fork_is_unknown(model: Model, story: Story, unknown: str) -> None:
    for one in (unknown, item(story, story.ends[0].id)):
        with pytest.raises(UnknownItem):
            model.check(one, "ask")


def test_a_story_that_the_trainer_left_out_takes_no_answer(model: Model, story: Story) -> None:
    answers = way(story)
    other = next(one.id for one in model.all_stories if one.id != story.id)
    for name, value in answers.items():
        assert model.check(name, value, (STORY,)) == value
        with pytest.raises(UnknownItem):
            model.check(name, value, (other,))


@pytest.mark.parametrize("lang", languages())
def test_a_story_that_concerns_people_is_there_only_where_it_is_named(model: Model, lang: str) -> None:
    for story in (one for one in model.all_stories if one.concerned):
        answers = way(story)
        item, value = next(iter(answers.items()))
        with pytest.raises(UnknownItem):
            model.check(item, value)
        assert model.check(item, value, (story.id,)) == value
        assert story.id not in str(model.content(lang))
        assert not any(one.item.startswith(f"{story.id}.") for one in model.questions())
        assert not any(stage.id.startswith(f"{story.id}.") for stage in model.stages(lang))
        assert story.id in str(model.content(lang, (story.id,)))
        # Somebody who studies alone has nobody to speak with.
        assert story.id not in model.unnamed


# ---- the first edition ----

# Where a choice of the first edition led that leads elsewhere now.
FIRST = {
    ("long_road", "friday", "how_to_reach"): "map",
    ("long_road", "map", "thank_list"): "news",
    ("third_contact", "fresh_eyes", "take_in"): "memory",
    ("who_does_what", "their_reason", "ask_wish"): "two_lists",
    ("who_does_what", "their_reason", "offer_course"): "two_lists",
    ("who_does_what", "mirror", "invite_view"): "two_lists",
}
EDITED = sorted({story for story, _, _ in FIRST})
NEW = {"fewer", "third_voice", "two_sheets", "saturdays", "the_course", "truths"}


def first_edition(story: Story) -> Story:
    """The story as the first edition led through it."""
    scenes = []
    for scene in story.scenes:
        if scene.id not in NEW:
            choices = [
                one.model_copy(update={"to": FIRST.get((story.id, scene.id, one.id), one.to)}) for one in scene.choices
            ]
            scenes.append(scene.model_copy(update={"choices": tuple(choices)}))
    return story.model_copy(update={"scenes": tuple(scenes)})


def ways(story: Story) -> list[dict[str, str]]:
    """Every way from the start to an end that comes to no scene twice."""
    found: list[dict[str, str]] = []
    waiting: list[tuple[str, dict[str, str]]] = [(story.start, {})]
    while waiting:
        here, made = waiting.pop()
        scene = story.scene(here)
        assert scene is not None
        if scene.is_end:
            found.append(made)
        elif here not in made:
            waiting += [(one.to, {**made, here: one.id}) for one in scene.choices]
    return found


@pytest.mark.parametrize("name", EDITED)
def test_ways_of_the_first_edition_lead_to_the_same_end_through_what_is_new(model: Model, name: str) -> None:
    (story,) = model.stories((name,))
    first, through = first_edition(story), 0
    for chosen in ways(first):
        answers = {f"{name}.{scene}": value for scene, value in chosen.items()}
        now = upgraded(model, 1, answers)
        # Nothing that was decided has changed, and nothing was decided for anybody.
        asked = {one.item for one in model.questions((name,))}
        assert {item: value for item, value in now.items() if item in asked} == answers
        path = story.path({item.partition(".")[2]: value for item, value in now.items()})
        assert [scene for scene in path if scene not in NEW] == list(first.path(chosen))
        through += any(scene in NEW for scene in path)
    assert through


@LANGS
@pytest.mark.parametrize("name", EDITED)
def test_a_room_of_the_first_edition_is_told_the_same_shares(model: Model, name: str, lang: str) -> None:
    (story,) = model.stories((name,))
    given = [
        Response(f"p{n}", Sector.OTHER, {f"{name}.{scene}": value for scene, value in chosen.items()})
        for n, chosen in enumerate(ways(first_edition(story)) * 2)
    ]
    asked = model.questions((name,))
    now = [replace(one, answers=upgraded(model, 1, one.answers)) for one in given]
    before, after = (release(SLUG, asked, one, 5, Mode.ANONYMOUS).release for one in (given, now))
    assert before == after
    assert any(before.items[one.item].shape != "hidden" for one in asked)
    assert summarise(model, before, lang, (name,)) == summarise(model, after, lang, (name,))


def test_whoever_had_not_gone_on_is_not_led_through(model: Model) -> None:
    assert upgraded(model, 1, {"long_road.friday": "how_to_reach"}) == {"long_road.friday": "how_to_reach"}


def test_the_room_is_asked_at_each_fork_and_nowhere_else(model: Model, story: Story) -> None:
    asked = {one.item: one.options for one in model.questions((STORY,))}
    assert asked == {item(story, scene.id): tuple(one.id for one in scene.choices) for scene in story.forks}
    assert not any(one.ordered or one.text or one.compare for one in model.questions())


@LANGS
def test_the_page_gets_every_scene_with_its_way_on(model: Model, story: Story, lang: str) -> None:
    shown: dict[str, Any] = model.content(lang, (STORY,))
    (told,) = shown["stories"]
    scenes = {scene["id"]: scene for scene in told["scenes"]}
    assert set(scenes) == {scene.id for scene in story.scenes}
    names = [scene["name"] for scene in told["scenes"]]
    assert len(set(names)) == len(names)
    for scene in told["scenes"]:
        for choice in scene["choices"]:
            assert choice["to"] in scenes
            assert choice["gain"]
            assert choice["cost"]
            assert choice["behaviour"] is None or choice["behaviour"] in shown["behaviours"]
        assert bool(scene["takeaway"]) == (not scene["choices"])
    assert len(model.content(lang)["stories"]) == len(model.unnamed)


# ---- one person ----


@LANGS
def test_a_person_is_told_their_way_and_its_behaviours(model: Model, story: Story, lang: str) -> None:
    answers = way(story)
    told = texts_of(model.feedback(answers, lang))
    texts, own = model.texts(lang), model.story_texts(story.id, lang)
    end = story.path({name.split(".")[1]: value for name, value in answers.items()})[-1]
    for name, value in answers.items():
        scene = story.scene(name.split(".")[1])
        assert scene is not None
        chosen = scene.choice(value)
        assert chosen is not None
        assert own.choices[scene.id][value].text in told
        assert chosen.behaviour is None or texts.behaviours[chosen.behaviour]["name"] in told
        for other in scene.choices:
            if other.id != value:
                assert own.choices[scene.id][other.id].text not in told
    assert (own.scenes[end].takeaway or "-") in told
    assert "repair" not in told


@LANGS
def test_a_story_under_way_says_so_and_one_not_begun_is_left_out(model: Model, story: Story, lang: str) -> None:
    first = dict(list(way(story).items())[:1])
    told = model.feedback(first, lang)
    assert model.texts(lang).say("under_way") in texts_of(told)
    titles = {block.text for block in told.blocks if isinstance(block, Heading)}
    others = {model.story_texts(one.id, lang).title for one in model.all_stories if one.id != story.id}
    assert not titles & others


def test_repairing_is_noticed(model: Model, story: Story) -> None:
    strained = next(scene for scene in story.scenes if scene.strained)
    before = next((scene, choice) for scene in story.scenes for choice in scene.choices if choice.to == strained.id)
    assert before[0].id == story.start, "this test needs a story whose first scene can lead to a strained one"
    mend = next(choice for choice in strained.choices if choice.repair)
    answers = {item(story, before[0].id): before[1].id, item(story, strained.id): mend.id}
    assert model.texts("en").say("repaired", n=1) in texts_of(model.feedback(answers, "en"))
    left = next(choice for choice in strained.choices if not choice.repair)
    answers[item(story, strained.id)] = left.id
    assert "mended" not in texts_of(model.feedback(answers, "en"))


def test_an_answer_off_the_way_is_not_told_as_a_step_of_it(model: Model, story: Story) -> None:
    """Somebody went back and took another way: the old scene's choice is stored, and is not part of this path."""
    answers = way(story)
    passed = {name.split(".")[1] for name in answers}
    off = next(scene for scene in story.forks if scene.id not in passed)
    told = texts_of(model.feedback({**answers, item(story, off.id): off.choices[0].id}, "fr"))
    assert model.story_texts(story.id, "fr").choices[off.id][off.choices[0].id].text not in told


@LANGS
def test_no_choice_yet_is_met_kindly(model: Model, lang: str) -> None:
    assert texts_of(model.feedback({}, lang)).split("\n")[1] == model.texts(lang).say("nothing_yet")


# ---- simulated people ----


@pytest.mark.parametrize("seed", range(8))
def test_a_simulated_walk_is_a_path_to_an_end(model: Model, seed: int) -> None:
    steps = list(model.rehearse(Random(seed), Sector.OTHER, "fr"))
    assert len(steps) <= LONGEST_WALK * len(model.all_stories)
    answers = dict(steps)
    for name, value in steps:
        assert model.check(name, value) == value
    first = model.all_stories[0]
    chosen = {name.split(".")[1]: value for name, value in answers.items() if name.startswith(f"{first.id}.")}
    last = first.scene(first.path(chosen)[-1])
    assert last is not None
    assert last.is_end


def room(model: Model, people: int, options: tuple[str, ...] = (STORY,)) -> list[Response]:
    return [
        Response(f"{n}", Sector.OTHER, dict(model.rehearse(Random(n), Sector.OTHER, "fr", options)))
        for n in range(people)
    ]


# ---- a group ----


def released(model: Model, people: int) -> Release:
    asked = model.questions((STORY,))
    return release(SLUG, asked, room(model, people), 5, Mode.ANONYMOUS, None, Random(1)).release


def told(model: Model, made: Release, lang: str = "en") -> Summary:
    return summarise(model, made, lang, (STORY,))


@LANGS
def test_a_large_room_sees_where_it_went(model: Model, story: Story, lang: str) -> None:
    made = released(model, 80)
    summary = told(model, made, lang)
    shown = [scene for scene in story.forks if made.items[item(story, scene.id)].shape == "bands"]
    flows = [block for block in summary.blocks if isinstance(block, Flow)]
    assert len(shown) >= 3
    assert sum(len({link.start for link in flow.links}) for flow in flows) == len(shown)
    for flow in flows:
        assert len({link.start for link in flow.links}) <= PER_PICTURE
        cells = {cell for row in flow.twin.rows for cell in row}
        assert {link.start for link in flow.links} | {link.end for link in flow.links} <= cells
    for scene in story.forks:
        hidden = made.items[item(story, scene.id)].shape == "hidden"
        label = model.label(story, scene.id, lang)
        assert any(label == link.start for flow in flows for link in flow.links) != hidden or scene not in shown


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_how_a_scene_begins_opens_no_quotation_that_it_does_not_close(model: Model, lang: str) -> None:
    labels = [model.label(story, scene.id, lang) for story in model.all_stories for scene in story.scenes]
    assert [one for one in labels if one.count("“") != one.count("”") or one.count("«") != one.count("»")] == []
    # Only what is left of it is shorter: no label is the scene's number alone.
    assert all(len(one.split(" ")) > 3 for one in labels)


FEW, SOME, EVEN, MOST = (0, 20), (20, 35), (35, 50), (65, 100)


def bands(story: Story, scene: str, *shares: tuple[int, int]) -> ItemRelease:
    found = story.scene(scene)
    assert found is not None
    options = tuple(one.id for one in found.choices)
    cells = (((one,), *share) for one, share in zip(options, shares, strict=True))
    return item_of(item(story, scene), options, *cells)


def made_of(*items: ItemRelease) -> Release:
    return Release(SLUG, 5, 20, "sector", items={one.item: one for one in items})


@LANGS
def test_the_question_is_that_of_the_fork_where_choices_differ_most(model: Model, story: Story, lang: str) -> None:
    even, clear, *_ = (scene for scene in story.forks if len(scene.choices) == 2)
    summary = told(model, made_of(bands(story, clear.id, MOST, SOME), bands(story, even.id, EVEN, EVEN)), lang)
    questions = [block.text for block in summary.blocks if isinstance(block, Paragraph) and block.tone == "question"]
    assert questions == [model.story_texts(story.id, lang).questions[even.id]]


def test_a_room_of_one_mind_is_not_asked_about_its_differences(model: Model, story: Story) -> None:
    summary = told(model, made_of(bands(story, story.start, MOST, FEW, FEW)))
    assert not [block for block in summary.blocks if isinstance(block, Paragraph) and block.tone == "question"]


@LANGS
def test_hidden_scenes_are_told_and_not_drawn(model: Model, story: Story, lang: str) -> None:
    summary = told(model, made_of(bands(story, story.start, EVEN, SOME, FEW)), lang)
    assert say(lang, "telling.held", count=len(story.forks) - 1) in texts_of(summary)
    (flow,) = (block for block in summary.blocks if isinstance(block, Flow))
    assert {link.start for link in flow.links} == {model.label(story, story.start, lang)}


def test_most_is_told_in_words_without_a_number(model: Model, story: Story) -> None:
    start = story.scene(story.start)
    assert start is not None
    most = bands(story, start.id, (50, 100), *[(0, 50)] * (len(start.choices) - 1))
    summary = told(model, made_of(most))
    said = next(block.text for block in summary.blocks if isinstance(block, Paragraph) and "Most people" in block.text)
    assert model.story_texts(story.id, "en").choices[start.id][start.choices[0].id].text in said
    assert not [block for block in summary.blocks if isinstance(block, Flow)]
    assert "%" not in texts_of(summary)


def test_choices_that_were_put_together_are_told_together(model: Model, story: Story) -> None:
    start = story.scene(story.start)
    assert start is not None
    one = next(choice for choice in start.choices if choice.behaviour)
    others = [choice for choice in start.choices if choice is not one]
    options = tuple(choice.id for choice in start.choices)
    cells = (((one.id,), *EVEN), (tuple(other.id for other in others), *EVEN))
    joined = item_of(item(story, start.id), options, *cells)
    summary = told(model, made_of(joined))
    (flow,) = (block for block in summary.blocks if isinstance(block, Flow))
    assert {link.said for link in flow.links} == {"35–50"}
    assert len(flow.twin.rows) == 2
    leaned = next(block for block in summary.blocks if isinstance(block, Table))
    assert [row[0] for row in leaned.rows] == [model.texts("en").behaviours[str(one.behaviour)]["name"]]


def test_behaviours_stand_in_the_order_in_which_they_were_chosen(model: Model, story: Story) -> None:
    fork = next(one for one in story.forks if len({way.behaviour for way in one.choices} - {None}) > 1)
    shares = [SOME, EVEN, FEW] if len(fork.choices) == 3 else [SOME, EVEN]
    summary = told(model, made_of(bands(story, fork.id, *shares)))
    names = [row[0] for block in summary.blocks if isinstance(block, Table) for row in block.rows]
    by_share = sorted(zip(shares, fork.choices, strict=True), key=lambda pair: -pair[0][0])
    wanted = [way.behaviour for _, way in by_share if way.behaviour]
    assert names == [model.texts("en").behaviours[one]["name"] for one in wanted]


@LANGS
def test_a_small_room_is_told_nothing(model: Model, lang: str) -> None:
    summary = told(model, released(model, 4), lang)
    assert summary.blocks == (Paragraph(say(lang, "telling.too_few", k=5), "note"),)


def test_stories_that_nobody_can_be_told_about_are_named_once(model: Model) -> None:
    one, other = (found.id for found in model.all_stories[:2])
    asked = model.questions((one, other))
    made = release(SLUG, asked, room(model, 60, (one,)), 5, Mode.ANONYMOUS, None, Random(1)).release
    summary = summarise(model, made, "en", (one, other))
    # Of forks that come after one that hardly anybody passed, nothing is told.
    assert model.texts("en").say("stories_hidden", titles=model.story_texts(other, "en").title) in texts_of(summary)


def test_each_fork_but_the_first_knows_what_leads_to_it(model: Model) -> None:
    for found in model.all_stories:
        asked = {one.item: one for one in model.questions((found.id,))}
        assert len([one for one in asked.values() if not one.within]) == 1
        for one in asked.values():
            assert all(option in asked[item].options for item, option in one.within)


# ---- the room together ----


@LANGS
def test_the_room_can_be_brought_to_each_scene_and_on_from_there(model: Model, story: Story, lang: str) -> None:
    stages = {one.id: one for one in model.stages(lang, (STORY,))}
    assert set(stages) == {item(story, scene.id) for scene in story.scenes}
    for scene in story.scenes:
        here = stages[item(story, scene.id)]
        assert [name for name, _ in here.onward] == [item(story, choice.to) for choice in scene.choices]
        assert here.group == model.story_texts(STORY, lang).title
        assert here.care == model.story_texts(STORY, lang).caution
        told = model.tell_stage(here.id, lang)
        assert told is not None
        assert model.story_texts(STORY, lang).scenes[scene.id].text in texts_of(told)
    assert model.tell_stage("two_missions.gone", lang) is None
    assert model.tell_stage("", lang) is None
    concerned = model.stages(lang, ("said_twice",))[0].care
    assert concerned == f"{model.texts(lang).say('read_first')} {model.story_texts('said_twice', lang).caution}"


def test_other_exercises_have_no_such_places() -> None:
    assert exercise("reflection").stages("fr") == ()
    assert exercise("reflection").tell_stage("any.where", "fr") is None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store.db")


def test_the_store_keeps_where_the_room_is(store: Store) -> None:
    plans = (Plan(SLUG, (STORY,), State.OPEN), Plan("reflection"))
    session = store.sessions.add(Session("s1", "ABCDEF", "T", "fr", Mode.ANONYMOUS, 5, plans), "f")
    tick = store.sessions.tick(session.id)
    store.sessions.set_stage(session.id, SLUG, "two_missions.opening")
    assert store.sessions.tick(session.id) > tick
    kept = store.sessions.get(session.id)
    assert [plan.stage for plan in kept.plans] == ["two_missions.opening", ""]
    assert store.sessions.all()[0].plans == kept.plans
    store.sessions.set_stage(session.id, SLUG, "")
    assert store.sessions.get(session.id).plans == plans
    with pytest.raises(UnknownExercise):
        store.sessions.set_stage(session.id, "partnership", "x")
    with pytest.raises(UnknownSession):
        store.sessions.set_stage("nowhere", SLUG, "x")
    store.sessions.close(session.id)
    with pytest.raises(SessionClosed):
        store.sessions.set_stage(session.id, SLUG, "two_missions.opening")


def test_a_store_of_the_first_revision_is_brought_up_to_date(tmp_path: Path) -> None:
    """Sessions that were made before rooms could be brought together keep their plans."""
    engine = connect(locate(tmp_path / "old.db"))
    settings = config()
    with writing(engine) as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        connection.exec_driver_sql(
            "INSERT INTO sessions VALUES "
            f"('s1', 'ABCDEF', 'T', 'fr', 'anonymous', 5, '[]', '2026-01-31', 0, '', '{fingerprint('old')}', 0, NULL)"
        )
        connection.exec_driver_sql("INSERT INTO plans VALUES ('s1', 'reflection', 0, '[]', 'open')")
    engine.dispose()
    with Store.open(tmp_path / "old.db") as opened:
        assert opened.sessions.get("s1").plans == (Plan("reflection", (), State.OPEN),)
        opened.sessions.set_stage("s1", "reflection", "x")
        right, key = opened.hosts.open("s1", "old")
        assert right.kind is Opens.LEAD, "the facilitator's link still opens"
        assert opened.hosts.right("s1", key) == right
        with opened.engine.connect() as connection:
            assert recorded(connection) == REVISION
    assert [one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()][-1] == "0001"


class Line(BaseComm):
    """The line to a page that nobody reads."""

    def publish_msg(self, *_: Any, **__: Any) -> None:
        """Nothing is sent."""


def test_the_view_follows_the_room(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comm, "create_comm", lambda *args, **kwargs: Line(*args, **kwargs))
    assert view_of(model) is View
    view = View(
        model=model, lang="fr", options=(STORY,), answers={}, save=lambda _item, _value, revision: revision + 1,
        is_open=True, styled=False,
    )  # fmt: skip
    assert view.stage == ""
    view.set_stage("two_missions.opening")
    assert view.stage == "two_missions.opening"
    # A browser may ask for any state; it is brought nowhere by that.
    view.set_state({"stage": "two_missions.end_both"})
    assert view.stage == "two_missions.opening"


@LANGS
def test_where_there_is_one_way_on_nobody_is_asked_to_decide(model: Model, lang: str) -> None:
    texts = model.texts(lang)
    asked = {True: texts.say("ui_ask"), False: texts.say("ui_ask_one")}
    seen = set()
    for story in model.all_stories:
        for scene in (one for one in story.scenes if one.choices):
            told = model.tell_stage(item(story, scene.id), lang)
            assert told is not None
            (choices,) = [block for block in told.blocks if isinstance(block, Bullets)]
            assert choices.title == asked[len(scene.choices) > 1], scene.id
            seen.add(len(scene.choices) > 1)
    assert seen == {True, False}
