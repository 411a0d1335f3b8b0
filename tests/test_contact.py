"""What would lead to a person is found however it is typed; ordinary sentences with numbers pass; time is bounded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import kit.contact
from kit.contact import PIECE, contact_in, links, pieces, places
from kit.contact.links import is_account, is_email, is_link
from kit.contact.places import is_on_a_map, is_street
from kit.contact.signs import plain

ROOT = Path(__file__).parent.parent

CASES = ROOT / "tests" / "support" / "contact"
FOUND: dict[str, list[str]] = yaml.safe_load((CASES / "found.yaml").read_text("utf-8"))
ORDINARY = (CASES / "ordinary.txt").read_text("utf-8").splitlines()
PIECES = [
    "a", "1 ", "1-", "a.", "@", "a@", "12 rue ", "Rue A ", "at dot ", "é", "\u200b", "un deux ", "((at) ", "a@a.a",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FOUND.items() for text in texts])
def test_each_way_to_type_it_is_found(kind: str, text: str) -> None:
    assert contact_in(text), text
    for around in ("On peut me joindre ainsi : {}", "({}) merci", "Ask me: {}, thanks", "«\u00a0{}\u00a0»"):
        assert contact_in(around.format(text)), around


@pytest.mark.parametrize(("kind", "text"), [(kind, texts[0]) for kind, texts in FOUND.items()])
def test_the_kind_is_told(kind: str, text: str) -> None:
    assert contact_in(text) == kind


def test_a_quick_look_lets_nothing_pass_that_a_pattern_finds() -> None:
    """Patterns are not even tried where a sign that all of them need is missing."""
    closer = (
        (is_email, (links._EMAIL, links._CAPITALS_BETWEEN)), (is_link, (links._SCHEME, links._LINK)),
        (is_account, (links._ACCOUNT,)), (is_on_a_map, (places._COORDINATES, places._SQUARE)),
        (is_street, (*places._STREETS, *places._WITHOUT_STREETS, *places._WITHOUT_DIGITS)),
    )  # fmt: skip
    for text in map(plain, [*ORDINARY, *(text for texts in FOUND.values() for text in texts)]):
        for quick, patterns in closer:
            assert quick(text) == any(pattern.search(text) for pattern in patterns), text


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_pass(text: str) -> None:
    assert contact_in(text) is None
    assert contact_in(f"Nous voulons : {text}. Merci!") is None


def strings(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for one in inner for text in strings(one)]


def own_sentences() -> list[str]:
    """All that the kit itself says to people, in both languages, without what names an address on purpose."""
    texts = [path for path in (ROOT / "kit").rglob("*.yaml") if path.name not in ("structure.yaml", "sources.yaml")]
    # A region's pack is there to say where a service is reached.
    texts = [path for path in texts if "regions" not in path.parts]
    said = [text for path in texts for text in strings(yaml.safe_load(path.read_text("utf-8")))]
    for path in (ROOT / "facilitation").rglob("*.md"):
        said += re.split(r"(?<=[.!?:])\s+|\n\n|\n[-*#|]", path.read_text("utf-8"))
    shown = ("://", "www.", ".md", "example.org", "exemple.org", "555-01")
    return [text for text in said if not any(part in text for part in shown)]


def test_what_the_kit_itself_says_passes() -> None:
    sentences = own_sentences()
    assert len(sentences) > 5000
    caught = {text: kind for text in sentences if (kind := contact_in(text))}
    assert not caught


# ---- bounded time, by what the patterns are given to read


@pytest.mark.parametrize("piece", PIECES)
def test_no_pattern_ever_reads_more_than_a_bounded_piece(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(text: str) -> bool:
        read.append(len(text))
        return False

    monkeypatch.setattr(kit.contact, "_KINDS", (("any", counted),))
    for letters in (10_000, 20_000, 200_000):
        read.clear()
        contact_in(piece * (letters // len(piece)))
        assert max(read) <= PIECE
        # Each letter is read about twice, however long the text is.
        assert sum(read) <= 2.5 * letters + PIECE


@pytest.mark.parametrize("words", ["ab ", "abcdefghi ", "a" * 1000 + " ", "abc"])
def test_whatever_is_short_stands_whole_in_a_piece(words: str) -> None:
    text = (words * 4000)[:12_000]
    for at in range(0, len(text) - 100, 37):
        marked = plain(f"{text[:at]} 514 555 0199 {text[at:]}")
        assert any("514 555 0199" in piece for piece in pieces(marked)), at


def test_a_long_text_is_searched_to_its_end() -> None:
    assert contact_in("mot " * 5000 + "514 555 0199")
    assert contact_in("x" * 20_000 + " anna@exemple.ca " + "y" * 20_000)
    assert contact_in("mot " * 5000) is None


def test_the_plain_text_keeps_words_apart() -> None:
    assert plain("Ça va,\u00a0  l’été ?") == "Ça va, l'ete ?"
    assert plain("H２X‑1Y４ \u200b·") == "H2X-1Y4 ."
    assert len(plain("\ufdfa" * 10)) < 400
