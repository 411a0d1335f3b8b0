"""What a group is told about its ways through the stories, from released shares alone.

At each fork the shares are of those who stood there. What may not be shown is said, and never drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.disclosure import Band, ItemRelease, Release
from kit.exercises.scenarios.model import VOTE, Model, lettered
from kit.findings import Finding, alone, finding
from kit.stories import Choice, Scene, Story, StoryTexts
from kit.summary import Bar, Block, Bullets, Figure, Flow, Heading, Link, Paragraph, Row, Summary, Table
from kit.telling import Telling

Share = tuple[tuple[Choice, ...], Band]
# How many forks stand in one picture.
PER_PICTURE = 4
# From which share on, in per cent, "no choice was above" says that a fork was even.
EVEN = 40
# The colour of shares in a vote: no choice is better than another.
VOTED = 3
# Of a story of which nothing is told: the sentence that says so, and the share that no choice passed.
NOTHING = ("stories_hidden", None)


def summarise(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    """Tell `release` in `lang` for the stories in `options`; says so when too few people answered."""
    room = Telling(model, release, lang)
    return room.summary(room.texts.title, _blocks(model, release, lang, options))


def findings(model: Model, release: Release, lang: str, options: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """The choice that the most people made, in one of the stories; none where none stands alone."""
    tellers = [_Teller(model, release, lang, story) for story in model.stories(options)]
    every = [(teller, scene, one) for teller in tellers for scene in teller.story.forks for one in scene.choices]
    found = alone(
        ((teller, scene, one), made, (one.id,))
        for teller, scene, one in every
        for made in (teller.item(scene), teller.told(f"{VOTE}{teller.story.id}.{scene.id}"))
    )
    if found is None:
        return ()
    teller, scene, choice = found[0]
    names = {"story": teller.title, "scene": model.name(teller.story, scene.id, lang)}
    return tuple(
        finding(
            teller, "choice", found, lambda _: teller.choices(scene, [choice]),
            lambda _: teller.words.questions[scene.id], **names,
        )
    )  # fmt: skip


def _blocks(model: Model, release: Release, lang: str, options: tuple[str, ...]) -> list[Block]:
    """Everything, story by story."""
    tellers = [_Teller(model, release, lang, story) for story in model.stories(options)]
    room, told = Telling(model, release, lang), [teller for teller in tellers if teller.is_told]
    blocks: list[Block] = [Paragraph(room.say("people", people=release.people)), Paragraph(room.say("how_to_read"))]
    blocks += [block for teller in tellers for block in teller.voted()]
    blocks += [block for teller in told for block in teller.blocks()]
    others = [teller for teller in tellers if teller not in told]
    even: dict[tuple[str, int | None], list[str]] = {}
    for teller in others:
        even.setdefault(teller.even, []).append(teller.title)
    hidden = even.pop(NOTHING, [])
    blocks += [Paragraph(room.say(key, titles="; ".join(titles), n=n)) for (key, n), titles in even.items()]
    if hidden:
        blocks.append(Paragraph(room.say("stories_hidden", titles="; ".join(hidden)), "note"))
    return [*blocks, *_leaned(room, told)]


class _Teller(Telling):
    """One story of a release, in one language."""

    def __init__(self, model: Model, release: Release, lang: str, story: Story) -> None:
        super().__init__(model, release, lang)
        self.model, self.story = model, story

    @property
    def words(self) -> StoryTexts:
        return self.model.story_texts(self.story.id, self.lang)

    @property
    def title(self) -> str:
        return self.words.title

    @property
    def is_told(self) -> bool:
        return any(self.item(scene).shape != "hidden" for scene in self.story.forks)

    @property
    def even(self) -> tuple[str, int | None]:
        """Of a story of which no choice is told: the sentence for it and the share that no choice passed.

        A small room hears no more of the first fork than that it was even; of a large one that says hardly anybody was
        there.
        """
        if self.none_above is not None:
            return "stories_even", self.none_above
        steps = {step for scene in self.story.forks if (step := self.at(scene).none_above or 0) >= EVEN}
        return ("stories_even_first", steps.pop()) if len(steps) == 1 else NOTHING

    @property
    def none_above(self) -> int | None:
        """The share that no choice of the story passed; None where that is not known of one of its forks."""
        steps = {self.at(scene).none_above for scene in self.story.forks}
        return steps.pop() if len(steps) == 1 else None

    def at(self, scene: Scene) -> ItemRelease:
        """What was released about a fork."""
        return self.told(f"{self.story.id}.{scene.id}")

    def item(self, scene: Scene) -> ItemRelease:
        """The same where something was surely chosen by more than a few; else hidden."""
        made = self.at(scene)
        return made if any(not band.few for band in made.cells) else ItemRelease(made.item)

    def ways(self, scene: Scene) -> list[Share]:
        """The choices of a fork, each or put together, with their shares; empty when shares are not shown."""
        item = self.item(scene)
        if item.shape != "bands":
            return []
        return [(tuple(one for one in scene.choices if one.id in band.options), band) for band in item.bands]

    def blocks(self) -> list[Block]:
        """The flows with their tables, what most people did where no share is shown, what is hidden, a question."""
        shown = [scene for scene in self.story.forks if self.ways(scene)]
        parts = [shown[at : at + PER_PICTURE] for at in range(0, len(shown), PER_PICTURE)]
        most = [self.most_at(scene) for scene in self.story.forks if self.item(scene).shape == "most"]
        even = [scene for scene in self.story.forks if self.at(scene).none_above is not None]
        hidden = sum(self.item(scene).shape == "hidden" for scene in self.story.forks) - len(even)
        blocks: list[Block] = [Heading(self.words.title, self.story.id)]
        blocks += [self.flow(part, number, len(parts)) for number, part in enumerate(parts, 1)]
        blocks += [Paragraph(line) for line in most]
        if even:
            scenes = ", ".join(self.model.name(self.story, scene.id, self.lang) for scene in even)
            blocks.append(Paragraph(self.say("none_line", scenes=scenes, n=self.at(even[0]).none_above)))
        return [*blocks, *self.held(hidden), *self.split()]

    def flow(self, forks: Sequence[Scene], number: int, of: int) -> Flow:
        """Some forks as one picture, no taller than a printed page; choices that lead to one scene are one ribbon."""
        title = self.say("flow_title", story=self.words.title) + (f" ({number}/{of})" if of > 1 else "")
        found: dict[tuple[str, str], list[Band]] = {}
        rows = []
        for scene in forks:
            here = self.scene(scene.id)
            for choices, band in self.ways(scene):
                there = self.targets(choices)
                found.setdefault((here, there), []).append(band)
                rows.append((self.choices(scene, choices), here, there, self.percent(band)))
        links = tuple(_link(start, end, bands) for (start, end), bands in found.items())
        columns = self.columns("choice", "scene", "leads", "share")
        return Flow(title, self.say("flow_alt", scenes=len(forks)), links, Table(title, columns, tuple(rows)))

    def split(self) -> list[Block]:
        """The fork at which several choices were taken by more than a few and the largest share is smallest."""
        told = [(scene, self.ways(scene)) for scene in self.story.forks]
        forks = [(scene, shares) for scene, shares in told if sum(not band.few for _, band in shares) > 1]
        if not forks:
            return []
        scene, shares = min(forks, key=lambda fork: max(band.low for _, band in fork[1]))
        lines = tuple(
            self.say("split_choice", choice=self.choices(scene, some), percent=self.percent(band))
            for some, band in shares
        )
        question = Paragraph(self.words.questions[scene.id], "question")
        return [Bullets(lines, f"{self.say('split')} – {self.scene(scene.id)}"), question]

    def most_at(self, scene: Scene) -> str:
        options = self.item(scene).bands[0].options
        chosen = [one for one in scene.choices if one.id in options]
        return self.say("most_line", scene=self.scene(scene.id), choice=self.choices(scene, chosen))

    def scene(self, scene_id: str) -> str:
        return self.model.label(self.story, scene_id, self.lang)

    def targets(self, choices: Sequence[Choice]) -> str:
        return " / ".join(self.scene(scene) for scene in dict.fromkeys(choice.to for choice in choices))

    def choices(self, scene: Scene, choices: Sequence[Choice]) -> str:
        return " / ".join(lettered(scene, choice, self.words) for choice in choices)

    def voted(self) -> list[Block]:
        """The votes of the whole room of which something is told, each under a heading with its place's id."""
        told = [(scene, self.told(f"{VOTE}{self.story.id}.{scene.id}")) for scene in self.story.forks]
        return [block for scene, one in told if one.stands_out for block in self.vote(scene, one)]

    def vote(self, scene: Scene, made: ItemRelease) -> list[Block]:
        title = self.say("vote_title", story=self.title, scene=self.model.name(self.story, scene.id, self.lang))
        heading = Heading(title, f"{self.story.id}.{scene.id}")
        ask = Paragraph(self.words.questions[scene.id], "question")
        names = [self.choices(scene, [one for one in scene.choices if one.id in band.options]) for band in made.bands]
        if made.shape == "most":
            return [heading, Paragraph(self.say("vote_most", choice=names[0])), ask]
        if made.none_above is not None:
            return [heading, Paragraph(self.say("vote_even", n=made.none_above)), ask]
        rows = tuple(
            Row(name, (Bar("", band.percent, VOTED, band.range),))
            for name, band in zip(names, made.bands, strict=True)
        )
        shares = tuple((name, self.percent(band)) for name, band in zip(names, made.bands, strict=True))
        twin = Table(title, self.columns("choice", "share"), shares)
        return [heading, Figure("stack", title, self.say("vote_alt"), rows, twin), ask]


def _link(start: str, end: str, bands: Sequence[Band]) -> Link:
    """Choices that lead to one scene as one ribbon, with the share of all of them."""
    low, high = sum(band.low for band in bands), min(sum(band.high for band in bands), 100)
    return Link(start, end, (low + high) // 2, f"{low}–{high}")


def _leaned(room: Telling, told: Sequence[_Teller]) -> list[Block]:
    """What the room leaned on: what most have shown at least once, and the shares of each choice that shows it."""
    shares = _shares_of_behaviours(room, told)
    if not shares and not room.release.most:
        return []
    title = room.say("room_leaned")
    blocks: list[Block] = [Heading(title, "leaned", detail=not room.release.most)]
    if room.release.most:
        names = (room.texts.behaviours[one] for one in room.release.most)
        lines = tuple(room.say("leaned_line", name=one["name"], line=one["line"]) for one in names)
        blocks.append(Bullets(lines, room.say("room_most")))
    if shares:
        columns = room.columns("behaviour", "meaning", "shares")
        blocks += [Paragraph(room.say("room_leaned_lead")), Table(title, columns, shares)]
    return blocks


def _shares_of_behaviours(room: Telling, told: Sequence[_Teller]) -> tuple[tuple[str, ...], ...]:
    """The behaviours that were on offer where shares are shown, those chosen most first."""
    found: dict[str, list[Band]] = {}
    for teller in told:
        for scene in teller.story.forks:
            for choices, band in teller.ways(scene):
                # Choices that were put together show one behaviour only if each of them does.
                behaviours = {choice.behaviour for choice in choices}
                if len(behaviours) == 1 and (behaviour := behaviours.pop()):
                    found.setdefault(behaviour, []).append(band)
    return tuple(
        (
            room.texts.behaviours[behaviour]["name"],
            room.texts.behaviours[behaviour]["line"],
            ", ".join(room.percent(band) for band in bands),
        )
        for behaviour, bands in sorted(found.items(), key=lambda pair: -sum(one.low for one in pair[1]) / len(pair[1]))
    )
