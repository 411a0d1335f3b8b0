"""A tiny exercise of another package: two questions and a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from kit.exercise import Exercise
from kit.session import Sector, Value
from kit.summary import Paragraph, Summary


class Model(Exercise):
    """Says thank you, whatever the answer."""

    def content(self, lang: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
        return super().content(lang, options) | {"greeting": self.texts(lang).say("greeting")}

    def feedback(self, answers: Mapping[str, Value], lang: str, options: tuple[str, ...] = ()) -> Summary:
        texts = self.texts(lang)
        return Summary(texts.title, (Paragraph(texts.say("thanks")),))

    def rehearse(
        self, rng: Random, sector: Sector, lang: str, options: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Value]]:
        yield "energy", rng.choice(self.structure.scales["energy"].all)
        yield "word", {"text": rng.choice(("tea", "rain", "bread")), "share": rng.random() < 0.7}
