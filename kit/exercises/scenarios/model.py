"""Rules of the scenarios: stories with branches, in which an answer is the choice made last in a scene.

An answer's id is "<story>.<scene>" and its value the choice's id; what somebody chose in a vote of the whole room is an
answer of its own, "vote.<story>.<scene>", so that nobody's own way through a story changes with it. A trainer's lenses
are stories; none chosen means all of them but those to be read with people concerned first, which a workshop has to
name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from itertools import pairwise
from random import Random
from string import ascii_uppercase
from typing import Any

from kit.content import Lens, Texts
from kit.errors import AnswerRefused, UnknownItem
from kit.exercise import Exercise, Named, Question, Stage, Traits
from kit.picture import next_step
from kit.sectors import name_of
from kit.session import Sector, Value
from kit.stories import Choice, Scene, Story, StoryTexts, read_story, read_story_texts, story_folders
from kit.summary import Block, Bullets, Heading, Paragraph, Summary

START_WORDS = 5
# So many behaviours stand in one's own picture before it is unfolded.
FEW = 2

# Simulated people only: the first choice of a scene draws more of them than the last, and some play on.
WEIGHTS = (4, 3, 2)
PLAYS_ON = 0.5
LONGEST_WALK = 30

# What the id of a vote begins with.
VOTE = "vote."

# The id of what the room leaned on, and how many ways through a story are looked at.
LEANED = "behaviours"
MOST_WAYS = 400


class Model(Exercise):
    """The rules of the scenarios."""

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self._folders = {folder.name: folder for folder in story_folders(self.folder)}
        lenses = tuple(Lens(id=story.id, source=story.source) for story in self.all_stories)
        self.structure = self.structure.model_copy(update={"lenses": lenses})

    @cached_property
    def all_stories(self) -> tuple[Story, ...]:
        return tuple(read_story(folder) for folder in self._folders.values())

    def stories(self, options: tuple[str, ...] = ()) -> tuple[Story, ...]:
        """The stories that the trainer chose; when none was chosen, all that need not be named."""
        chosen = options or self.unnamed
        return tuple(story for story in self.all_stories if story.id in chosen)

    @property
    def unnamed(self) -> tuple[str, ...]:
        return tuple(story.id for story in self.all_stories if not story.concerned)

    @cache  # noqa: B019 - an exercise lives as long as the process
    def story_texts(self, story_id: str, lang: str) -> StoryTexts:
        """The texts of one story in one language; raises `ContentFault`."""
        return read_story_texts(self._folders[story_id], lang)

    def content(self, lang: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
        """What the page shows: the stories with all their scenes, so that a weak network does not stop one half-way."""
        texts = self.texts(lang)
        told = [self._shown_story(story, lang) for story in self.stories(options)]
        names = {one.id: texts.behaviours[one.id] for one in self.structure.behaviours}
        says = {key.removeprefix("ui_"): text for key, text in texts.sentences.items() if key.startswith("ui_")}
        return super().content(lang, options) | {"stories": told, "behaviours": names, "says": says}

    def check(self, item_id: str, value: object, options: tuple[str, ...] = ()) -> Value | None:
        """A choice of that scene, or None; raises `UnknownItem`, `AnswerRefused`."""
        story_id, _, scene_id = item_id.removeprefix(VOTE).partition(".")
        story = next((one for one in self.stories(options) if one.id == story_id), None)
        scene = story.scene(scene_id) if story else None
        if scene is None or scene.is_end:
            raise UnknownItem(exercise=self.slug, item=str(item_id)[:48])
        if value is None:
            return None
        if not isinstance(value, str) or scene.choice(value) is None:
            raise AnswerRefused(item=item_id)
        return value

    def questions(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """One question for each fork; a scene that only goes on asks nothing."""
        return tuple(
            Question(
                f"{story.id}.{scene.id}", tuple(choice.id for choice in scene.choices), within=_ways_to(story, scene)
            )
            for story in self.stories(options)
            for scene in story.forks
        )

    def votes(self, options: tuple[str, ...] = ()) -> tuple[Question, ...]:
        """One question for each fork, asked of everyone in the room, wherever their own way has led."""
        return tuple(replace(one, item=VOTE + one.item, within=()) for one in self.questions(options))

    def vote_at(self, stage: str) -> str:
        """The item of the vote in a scene; empty where there is one way on, or none."""
        story, scene = self._at(stage)
        return VOTE + stage if story and scene in story.forks else ""

    def way(self, places: tuple[str, ...], lang: str) -> str:
        """The way that the room took through these scenes of a story: "Scene 1 → B → Scene 3"."""
        found = [self._at(place) for place in places]
        told = [self.name(story, scene.id, lang) for story, scene in found if story and scene]
        for at, ((_, scene), (_, then)) in reversed(list(enumerate(pairwise(found), 1))):
            ways = [one for one in scene.choices if then and one.to == then.id] if scene else []
            if scene and (by := _letters(scene, ways)):
                told.insert(at, by)
        return " → ".join(told) if len(places) > 1 else ""

    def _at(self, stage: str) -> tuple[Story | None, Scene | None]:
        story_id, _, scene_id = stage.partition(".")
        story = next((one for one in self.all_stories if one.id == story_id), None)
        return story, story.scene(scene_id) if story else None

    def named(self, question: Question, lang: str) -> Named:
        """A fork of a story, with its choices; or the behaviours that choices show."""
        if question.item == LEANED:
            texts = self.texts(lang)
            return Named("", texts.say("room_leaned"), {one: texts.behaviours[one]["name"] for one in question.options})
        story_id, _, scene_id = question.item.removeprefix(VOTE).partition(".")
        story = next(one for one in self.all_stories if one.id == story_id)
        told = self.story_texts(story_id, lang)
        choices = {choice: told.choices[scene_id][choice].text for choice in question.options}
        name = self.label(story, scene_id, lang)
        voted = question.item.startswith(VOTE)
        return Named(told.title, self.texts(lang).say("vote_name", scene=name) if voted else name, choices)

    def traits(self, options: tuple[str, ...] = ()) -> Traits | None:
        """The behaviours that the choices of these stories show."""
        stories = self.stories(options)
        shows = tuple(
            (f"{story.id}.{scene.id}", choice.id, choice.behaviour)
            for story in stories
            for scene in story.forks
            for choice in scene.choices
            if choice.behaviour
        )
        offered = {behaviour for _, _, behaviour in shows}
        ways = tuple(
            tuple(tuple((f"{story.id}.{scene}", choice) for scene, choice in way) for way in story.ways(MOST_WAYS))
            for story in stories
        )
        return Traits(LEANED, tuple(one.id for one in self.structure.behaviours if one.id in offered), shows, ways)

    def is_done(self, answers: Mapping[str, Value], options: tuple[str, ...] = ()) -> bool | None:
        """Whether their choices have led to an end of a story; a vote of the room leads nobody's own way."""
        led = (
            story.scene(choice.to)
            for story in self.stories(options)
            for scene in story.scenes
            if (choice := scene.choice(answers.get(f"{story.id}.{scene.id}")))
        )
        return any(scene is not None and scene.is_end for scene in led)

    def stages(self, lang: str, options: tuple[str, ...] = ()) -> tuple[Stage, ...]:
        """Every scene: the room can vote in it, and see how a story ends."""
        return tuple(
            Stage(
                f"{story.id}.{scene.id}",
                self.label(story, scene.id, lang),
                self.story_texts(story.id, lang).title,
                self._onward(story, scene, lang),
                self._care(story, lang),
            )
            for story in self.stories(options)
            for scene in story.scenes
        )

    def _care(self, story: Story, lang: str) -> str:
        """When a story is better left out, and whether people concerned must have read it before."""
        first = self.texts(lang).say("read_first") if story.concerned else ""
        return f"{first} {self.story_texts(story.id, lang).caution or ''}".strip()

    def tell_stage(self, stage: str, lang: str) -> Summary | None:
        """A scene for the wall: its text, and the choices in the order in which phones show them."""
        story, scene = self._at(stage)
        if story is None or scene is None:
            return None
        told = self.story_texts(story.id, lang)
        texts = told.scenes[scene.id]
        blocks: list[Block] = [Paragraph(texts.text)]
        if scene.choices:
            choices = tuple(lettered(scene, choice, told) for choice in scene.choices)
            blocks.append(Bullets(choices, self.texts(lang).say("ui_ask" if len(choices) > 1 else "ui_ask_one")))
        if texts.takeaway:
            blocks.append(Paragraph(texts.takeaway, "question"))
        name = self.name(story, scene.id, lang)
        return Summary(self.texts(lang).say("place", story=told.title, scene=name), tuple(blocks))

    def name(self, story: Story, scene_id: str, lang: str) -> str:
        """What a scene is called: "Scene 2", "End A"."""
        ends = [scene.id for scene in story.ends]
        if scene_id in ends:
            return self.texts(lang).say("end", letter=ascii_uppercase[ends.index(scene_id) % len(ascii_uppercase)])
        others = [scene.id for scene in story.scenes if scene.choices]
        return self.texts(lang).say("scene", n=others.index(scene_id) + 1)

    def label(self, story: Story, scene_id: str, lang: str) -> str:
        """A scene's name and how it begins, so that people know it again."""
        words = self.story_texts(story.id, lang).scenes[scene_id].text.replace("\n", " ").split(" ")
        start = _without_open_quote(" ".join(words[:START_WORDS])).rstrip(".,;:!?…«“ \u00a0")
        return self.texts(lang).say("scene_label", scene=self.name(story, scene_id, lang), start=start)

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        """The way that this person took through each story, and the behaviours that they leaned on."""
        texts = self.texts(lang)
        title = texts.say("feedback_title")
        ways = [(story, _way(story, answers)) for story in self.stories(options)]
        ways = [(story, way) for story, way in ways if way]
        if not ways:
            return Summary(title, (Paragraph(texts.say("nothing_yet")),))
        steps = [step for _, way in ways for step in way]
        first, more = _leaned(texts, steps)
        told = [block for story, way in ways for block in self._told_way(story, way, lang)]
        onward = next_step(lang, texts.say("carry_question"))
        return Summary(title, (Paragraph(texts.say("opening")), *first, *onward, *more, *told))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        """A walk through the first story, and for some people through others too, each to an end."""
        for number, story in enumerate(self.stories(options)):
            if number and rng.random() > PLAYS_ON:
                continue
            scene = story.scene(story.start)
            for _ in range(LONGEST_WALK):
                if scene is None or scene.is_end:
                    break
                choice = rng.choices(scene.choices, WEIGHTS[: len(scene.choices)])[0]
                yield f"{story.id}.{scene.id}", choice.id
                scene = story.scene(choice.to)

    def _shown_story(self, story: Story, lang: str) -> dict[str, Any]:
        told, texts = self.story_texts(story.id, lang), self.texts(lang)
        you, *others = (name_of(role, lang) for role in story.roles)
        return {
            "id": story.id,
            "title": told.title,
            "intro": told.intro,
            "you": texts.say("ui_you", sector=you),
            "others": texts.say("ui_others", sectors=", ".join(others)),
            "start": story.start,
            "scenes": [self._shown_scene(story, scene, lang) for scene in story.scenes],
        }

    def _shown_scene(self, story: Story, scene: Scene, lang: str) -> dict[str, Any]:
        told = self.story_texts(story.id, lang)
        choices = [
            {"id": one.id, "to": one.to, "behaviour": one.behaviour, "repair": one.repair}
            | told.choices[scene.id][one.id].model_dump()
            | {"text": lettered(scene, one, told)}
            for one in scene.choices
        ]
        texts = told.scenes[scene.id]
        name = self.name(story, scene.id, lang)
        return {"id": scene.id, "name": name, "text": texts.text, "takeaway": texts.takeaway, "choices": choices}

    def _onward(self, story: Story, scene: Scene, lang: str) -> tuple[tuple[str, str], ...]:
        words = self.story_texts(story.id, lang)
        line = self.texts(lang)
        return tuple(
            (
                f"{story.id}.{one.to}",
                line.say("path_line", scene=self.name(story, one.to, lang), choice=lettered(scene, one, words)),
            )
            for one in scene.choices
        )

    def _told_way(self, story: Story, way: Sequence[tuple[Scene, Choice]], lang: str) -> list[Block]:
        texts, told = self.texts(lang), self.story_texts(story.id, lang)
        lines = tuple(
            texts.say(
                "path_line", scene=self.name(story, scene.id, lang), choice=told.choices[scene.id][choice.id].text
            )
            for scene, choice in way
        )
        blocks: list[Block] = [Heading(told.title, story.id), Bullets(lines, texts.say("path"))]
        mended = sum(choice.repair for _, choice in way)
        if mended:
            blocks.append(Paragraph(texts.say("repaired", n=mended)))
        takeaway = told.scenes[way[-1][1].to].takeaway
        ending = texts.say("takeaway", takeaway=takeaway) if takeaway else texts.say("under_way")
        return [*blocks, Paragraph(ending, "question" if takeaway else "plain")]


def _without_open_quote(text: str) -> str:
    """The text up to words that somebody begins to say and that do not end in it; where there are only these, these."""
    for opening, closing in ("“”", "«»"):
        before, found, rest = text.rpartition(opening)
        if found and closing not in rest:
            return before if before.strip() else rest.strip()
    return text


def lettered(scene: Scene, choice: Choice, words: StoryTexts) -> str:
    """A choice with its letter, the same on the wall, on phones and in a result; without one where there is one way."""
    letter, text = _letters(scene, [choice]), words.choices[scene.id][choice.id].text
    return f"{letter}. {text}" if letter else text


def _letters(scene: Scene, choices: Sequence[Choice]) -> str:
    """The letters of choices: "A / C"; empty where there is nothing to decide."""
    if len(scene.choices) < 2:
        return ""
    return " / ".join(ascii_uppercase[at] for at, one in enumerate(scene.choices) if one in choices)


def _way(story: Story, answers: Mapping[str, Value]) -> list[tuple[Scene, Choice]]:
    """The scenes that somebody passed on the way that their last choices make, each with its choice."""
    chosen = {scene.id: answers.get(f"{story.id}.{scene.id}") for scene in story.scenes}
    scenes = (story.scene(scene_id) for scene_id in story.path(chosen))
    steps = ((scene, scene.choice(chosen[scene.id])) for scene in scenes if scene is not None)
    return [(scene, choice) for scene, choice in steps if choice is not None]


def _leaned(texts: Texts, steps: Sequence[tuple[Scene, Choice]]) -> tuple[list[Block], list[Block]]:
    """The behaviours that somebody's choices show, most often first: a few to begin with; the others, and those that
    were also there."""

    def lines(behaviours: Sequence[str]) -> tuple[str, ...]:
        told = (texts.behaviours[one] for one in dict.fromkeys(behaviours))
        return tuple(texts.say("leaned_line", name=one["name"], line=one["line"]) for one in told)

    shown = [choice.behaviour for _, choice in steps if choice.behaviour]
    offered = [choice.behaviour for scene, _ in steps for choice in scene.choices if choice.behaviour]
    often = [one for one, _ in Counter(shown).most_common()]
    first: list[Block] = []
    if often:
        lead = Paragraph(texts.say("leaned_lead"))
        first = [Heading(texts.say("leaned"), "leaned"), lead, Bullets(lines(often[:FEW]))]
    others = (("leaned_more", often[FEW:]), ("others", [one for one in offered if one not in shown]))
    return first, [Bullets(lines(some), texts.say(title)) for title, some in others if some]


def _ways_to(story: Story, scene: Scene) -> tuple[tuple[str, str], ...]:
    """The forks and choices from which one comes to a fork; none of the first, which everyone is asked."""

    def fork_after(to: str) -> str:
        # A scene with one choice only goes on; no story goes on through more of them than it has.
        for _ in story.scenes:
            one = story.scene(to)
            if one is None or len(one.choices) != 1:
                break
            to = one.choices[0].to
        return to

    if fork_after(story.start) == scene.id:
        return ()
    return tuple(
        (f"{story.id}.{fork.id}", choice.id)
        for fork in story.forks
        for choice in fork.choices
        if fork_after(choice.to) == scene.id
    )
