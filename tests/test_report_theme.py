"""A theme: reports look like those of the organization that hands them on, and stay readable."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from kit.disclosure import Release
from kit.errors import ThemeFault
from kit.reports import theme
from kit.reports.build import build
from kit.reports.document import Look
from kit.reports.formats import html
from kit.reports.material import Material
from kit.results import Results
from kit.session import Mode, Session
from kit.texts import languages

GOOD = {"name": "Table locale", "logo": "logo.png", "logo_alt": 'A "bridge"', "accent": "#17643f", "tint": "#EEF6F1"}


def written(folder: Path, **changed: str) -> Path:
    """A theme with its logo; what is changed to nothing is left out."""
    lines = {**GOOD, **changed}
    path = folder / "theme.yaml"
    path.write_text("".join(f"{key}: '{value}'\n" for key, value in lines.items() if value), "utf-8")
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#17643f").save(picture, "PNG")
    (folder / "logo.png").write_bytes(picture.getvalue())
    (folder / "cut.png").write_bytes(picture.getvalue()[:40])
    (folder / "text.png").write_text("no picture")
    return path


def test_a_report_looks_as_its_theme_says(tmp_path: Path) -> None:
    look = theme.read(written(tmp_path), Look(paper="letter"))
    assert (look.name, look.accent, look.tint, look.paper) == ("Table locale", "#17643f", "#eef6f1", "letter")
    session = Session("0" * 32, "ACD347", '</style>"\\', "en", Mode.ANONYMOUS, 5, ())
    document = build(Material(session, Results(Release("", 5, 0, "sector"), {})), "en")
    made = html.write(document, look).decode()
    assert 'alt="A &#34;bridge&#34;"' in made
    assert 'src="data:image/png;base64,' in made
    assert "--kit-accent: #17643f" in made
    assert "size: letter" in made
    assert made.count("</style>") == 1, "a title cannot end the style sheet"
    assert "--kit-accent: #17643f" not in html.write(document, Look()).decode()


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"accnt": "#17643f"}, "key"), ({"accent": "#ffd700"}, "contrast"), ({"tint": "#333333"}, "contrast"),
        ({"accent": "green"}, "colour"), ({"logo": "none.png"}, "no_logo"), ({"logo": "cut.png"}, "logo"),
        ({"logo": "text.png"}, "logo"), ({"logo_alt": ""}, "alt"), ({"name": "x" * 81}, "text"),
        ({"font": "a; } body { color: red"}, "font"),
    ],
    ids=str,
)  # fmt: skip
def test_a_fault_is_one_clear_line(tmp_path: Path, changed: dict[str, str], why: str, lang: str) -> None:
    with pytest.raises(ThemeFault) as caught:
        theme.read(written(tmp_path, **changed), Look())
    assert caught.value.details["why"] == why
    said = caught.value.tell(lang)
    assert "\n" not in said
    assert "theme.yaml" in said
    assert str(tmp_path) not in said


@pytest.mark.parametrize("text", ["", "a: [", "- a list", "\udcff"], ids=ascii)
def test_what_is_no_theme_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "theme.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ThemeFault):
        theme.read(path, Look())
