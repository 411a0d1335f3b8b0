"""Make the finished reports that README shows: `python -m tools.gallery [--out docs/gallery]`, from simulated people.

Three of them: a workshop of all exercises in French; two exercises with an organization's theme, on Letter, in English;
and a year of four workshops. Beside each stands a picture of its pages for README. Takes about half a minute.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from PIL import Image

from kit import deciding, results
from kit.exercise import exercise, exercises
from kit.reports import Selection, theme
from kit.reports.build import build
from kit.reports.document import Look, Report
from kit.reports.formats import pdf
from kit.reports.material import Several, gather
from kit.reports.rollup import build_rollup
from kit.session import Mode, Plan, Sector, Session, State, new_code, new_id
from kit.shared import SHOW
from kit.store import Store

ROOT = Path(__file__).resolve().parent.parent
SECTORS = (
    *[Sector.SETTLEMENT] * 8, *[Sector.ANTI_VIOLENCE] * 8, *[Sector.MUNICIPAL] * 4, *[Sector.HEALTH_HIV] * 4,
)  # fmt: skip
# What a picture shows: so many pages beside each other, so many dots high.
PAGES, TALL = 3, 420
INK = "#17643f"


@dataclass(frozen=True)
class Held:
    """One simulated workshop."""

    title: str
    lang: str
    day: date
    slugs: tuple[str, ...]
    people: int
    seed: int


YEAR = tuple(
    Held(title, "en", date(2026, month, 12), ("reflection", "partnership", "pulse"), 24, month)
    for title, month in (("Winter table", 1), ("Spring table", 4), ("Summer table", 7), ("Autumn table", 10))
)
WHOLE = Held("La table de concertation", "fr", date(2026, 9, 15), tuple(exercises()), 24, 1)
THEMED = Held("Two cities, one table", "en", date(2026, 10, 6), ("partnership", "action_plan"), 30, 5)
NOTE = ("This report is for the partners of the table. Please read it before we meet again, and bring one question.",)


def main() -> int:
    """Write the reports and their pictures."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "gallery", metavar="DIR")
    out: Path = asked.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, (document, look) in made(Path(folder)).items():
            (out / f"{name}.pdf").write_bytes(pdf.write(document, look))
            picture(pdf.pages(document, look, 60), out / f"{name}.png")
    return 0


def made(folder: Path) -> dict[str, tuple[Report, Look]]:
    """The documents by the names of their files, each with how it looks."""
    with Store.open(folder / "store.db") as store:
        whole, themed = (gather(store, hold(store, one).id) for one in (WHOLE, THEMED))
        year = Several(tuple(gather(store, hold(store, one).id) for one in YEAR), "Our year")
    decided = "Une liste commune de personnes à appeler.\nUne rencontre tous les deux mois."
    whole = replace(whole, session=replace(whole.session, decided=decided, asks="Du temps de travail pour la table."))
    return {
        "workshop.fr": (build(whole, "fr"), Look()),
        "themed.en": (build(themed, "en", Selection(note=NOTE)), own_look(folder)),
        "year.en": (build_rollup(year, "en"), Look()),
    }


def hold(store: Store, one: Held) -> Session:
    """People answer, everything is revealed, and every text that was shared is shown."""
    plans = tuple(Plan(slug, exercise(slug).unnamed[:2], State.OPEN) for slug in one.slugs)
    session = Session(new_id(), new_code(), one.title, one.lang, Mode.ANONYMOUS, 5, plans, made_on=one.day)
    session = store.sessions.add(session, new_id())
    for number in range(one.people):
        seat, _ = store.seats.take(session, SECTORS[number % len(SECTORS)], None, one.lang)
        for plan in plans:
            model, rng = exercise(plan.slug), Random(f"{one.seed}/{number}/{plan.slug}")
            for item, value in model.rehearse(rng, seat.sector, one.lang, plan.options):
                store.answers.save(seat.id, plan.slug, item, value, 1)
    for plan in plans:
        results.reveal(store, session, plan.slug)
        deciding.look_over(store, session, plan.slug, "", SHOW)
    return session


def own_look(folder: Path) -> Look:
    """A theme as an organization would write it; its logo is drawn here."""
    logo = Image.new("RGB", (480, 160), "#ffffff")
    for at in range(3):
        logo.paste(INK, (20 + 150 * at, 40 + 20 * at, 130 + 150 * at, 120))
    logo.save(folder / "logo.png")
    lines = ("name: Harbour partners", "logo: logo.png", "logo_alt: Three steps", f'accent: "{INK}"', 'tint: "#eef6f1"')
    (folder / "theme.yaml").write_text("\n".join(lines), "utf-8")
    return theme.read(folder / "theme.yaml", Look(paper="letter"))


def picture(pages: list[bytes], path: Path) -> None:
    """The first pages beside each other, as a small file."""
    shown = [Image.open(io.BytesIO(page)).convert("RGB") for page in pages[:PAGES]]
    scaled = [page.resize((page.width * TALL // page.height, TALL)) for page in shown]
    sheet = Image.new("RGB", (sum(page.width + 8 for page in scaled) + 8, TALL + 16), "#d0d0d0")
    at = 8
    for page in scaled:
        sheet.paste(page, (at, 8))
        at += page.width + 8
    sheet.quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
