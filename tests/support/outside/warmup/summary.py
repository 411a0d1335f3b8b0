"""The words that people agreed to share."""

from __future__ import annotations

from kit.disclosure import Release
from kit.exercise import Exercise
from kit.summary import Paragraph, Quotes, Summary


def summarise(model: Exercise, release: Release, lang: str, options: tuple[str, ...] = ()) -> Summary:
    texts = model.texts(lang)
    words = release.texts.get("word", ())
    blocks = (Quotes(words, texts.say("shared")),) if words else ()
    return Summary(texts.title, (Paragraph(texts.say("thanks")), *blocks))
