"""The interface's sentences: both languages have the same keys, details and lists."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from string import Formatter

import pytest

from kit import errors
from kit.texts import FALLBACK, card_list, default_language, languages, say, section, texts


def flat(node, key=""):
    if isinstance(node, dict):
        for name, below in node.items():
            yield from flat(below, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        for number, below in enumerate(node):
            yield from flat(below, f"{key}[{number}]")
    else:
        yield key, node


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(str(sentence)) if name is not None}


@pytest.mark.parametrize("lang", languages())
def test_both_languages_have_the_same_keys(lang):
    assert {key for key, _ in flat(texts(lang))} == {key for key, _ in flat(texts(FALLBACK))}


def test_sentences_take_the_same_details_in_both_languages():
    other = dict(flat(texts(FALLBACK)))
    for lang in languages():
        for key, sentence in flat(texts(lang)):
            assert isinstance(sentence, str), f"{lang} {key} is no text: quote it"
            assert fields(sentence) == fields(other[key]), f"{lang} {key}"


def test_every_error_has_its_sentence():
    classes = {
        name for name, one in vars(errors).items() if inspect.isclass(one) and issubclass(one, errors.KitError)
    } - {"KitError"}
    for lang in languages():
        assert set(texts(lang)["errors"]) == classes


def test_french_spacing_is_canadian():
    """A space that does not break before : and inside « », none before ; ! ?"""
    for key, sentence in flat(texts("fr")):
        plain = re.sub(r"`[^`]*`|https?://\S+|\{[^}]*\}|sqlite\S*|[A-Z],[A-Z]:\S*|\w+:\w+\+\w+", "", sentence)
        assert not re.search(r"\s[;!?]", plain), key
        assert not re.search(r"[^\u00a0\d]:(\s|$)", plain), key
        assert not re.search(r"«[^\u00a0]|[^\u00a0]»", plain), key


def test_a_page_on_a_stock_server_says_the_same():
    """There the template has no sentences but its own."""
    template = Path(errors.__file__).parent / "serving" / "template" / "index.html.j2"
    own = re.search(r"said = kit\.said or (\{.*?\n\})", template.read_text("utf-8"), re.DOTALL)
    assert json.loads(own[1]) == {lang: section(lang, "page") for lang in languages()}


def test_a_missing_key_names_itself():
    with pytest.raises(KeyError, match=r"form\.nothing in kit/texts/fr"):
        say("fr", "form.nothing")


def test_an_unknown_language_falls_back():
    assert say("xx", "errors.NoSeat") == say(FALLBACK, "errors.NoSeat")


def test_the_command_line_speaks_the_language_that_is_asked_for(monkeypatch):
    monkeypatch.setenv("KIT_LANG", "fr_CA")
    assert default_language() == "fr"
    monkeypatch.setenv("KIT_LANG", "tlh")
    assert default_language() == FALLBACK


def test_the_command_line_speaks_the_systems_language_where_the_system_has_no_locale_for_it(monkeypatch):
    for name in ("KIT_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    assert default_language() == "fr"
    monkeypatch.setenv("LC_ALL", "C")
    assert default_language() == FALLBACK


def test_word_cards_pair_across_languages():
    assert len({len(card_list(lang)) for lang in languages()}) == 1
