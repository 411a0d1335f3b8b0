"""Sectors are content: a community changes them in its regional pack, and a workshop of before stays readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import transfer
from kit.cli import main
from kit.disclosure import Release
from kit.errors import FileRefused
from kit.exercise import exercise
from kit.regions import VARIABLE
from kit.sectors import TOGETHER, name_of, offered
from kit.session import K_DEFAULT, Mode, Plan, Sector, Session, State, new_code, new_id
from kit.store import Store
from kit.telling import Telling, in_order
from kit.texts import languages, section

ENDED = "fishery"


@pytest.fixture
def coast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A region with a sector of its own, another name for one, and without a third."""
    folder = tmp_path / "coast"
    folder.mkdir()
    (folder / "region.yaml").write_text("region: coast\nsectors: [harbour, justice]\nwithout_sectors: [health_hiv]\n")
    for lang, (harbour, justice) in {"en": ("Harbour", "Courts"), "fr": ("Port", "Tribunaux")}.items():
        text = f'name: "Coast"\nsectors:\n  harbour: "{harbour}"\n  justice: "{justice}"\n'
        (folder / f"{lang}.yaml").write_text(text)
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_region(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_the_kit_offers_indigenous_organizations_and_justice_in_every_language() -> None:
    assert {Sector.INDIGENOUS, Sector.JUSTICE} < set(offered())
    assert offered()[-1] == Sector.OTHER
    for lang in languages():
        named = section(lang, "sectors")
        assert list(named) == [*map(str, offered()), TOGETHER]
        assert [name_of(one, lang) for one in offered()] == [named[one] for one in offered()]


def test_a_region_adds_renames_and_leaves_out(coast: Path) -> None:
    ids = list(map(str, offered()))
    assert ids[-2:] == ["harbour", "other"]
    assert "health_hiv" not in ids
    assert [name_of("justice", lang) for lang in ("en", "fr")] == ["Courts", "Tribunaux"]
    assert in_order(["other", "harbour", "settlement"]) == ["settlement", "harbour", "other"]
    # What is still to be written is shown to nobody.
    for lang in ("en", "fr"):
        (coast / f"{lang}.yaml").write_text('name: "Coast"\nsectors:\n  harbour: "?? a name"\n  justice: "??"\n')
    assert "harbour" not in offered()
    assert name_of("justice", "en") == section("en", "sectors")["justice"]
    # A pack that is broken keeps nobody from the door.
    (coast / "region.yaml").write_text("region: [")
    assert "health_hiv" in offered()


@pytest.mark.parametrize("lang", languages())
def test_a_workshop_keeps_a_sector_that_is_not_offered_any_more(tmp_path: Path, lang: str) -> None:
    session = Session(
        new_id(), new_code(), "Port", lang, Mode.ANONYMOUS, K_DEFAULT, (Plan("pulse", (), State.OPEN),), secret=new_id()
    )
    with Store.open(tmp_path / "store.db") as store:
        kept = store.sessions.add(session, "key")
        for _ in range(6):
            store.seats.take(kept, Sector(ENDED), None, lang)
    with Store.open(tmp_path / "store.db") as store:
        assert {one.sector for one in store.seats.people(kept.id)} == {ENDED}
    telling = Telling(exercise("pulse"), Release("pulse", 5, 10, "sector"), lang)
    assert telling.group(ENDED) == "Fishery"
    assert in_order([ENDED, "other", TOGETHER]) == ["other", ENDED, TOGETHER]


@pytest.mark.parametrize("typed", ["", "Harbour", "a b", "é", "1st", "x" * 49, "../x"])
def test_what_is_no_id_is_no_sector(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Sector"):
        Sector(typed)


def test_a_file_names_a_sector_that_is_known_here(coast: Path) -> None:
    document = transfer.AnswersFile(sector=Sector("harbour"), exercises={"pulse": {"now_trust": "agree"}})
    assert transfer.read(transfer.write(document)).sector == "harbour"
    with pytest.raises(FileRefused):
        transfer.read(transfer.write(transfer.AnswersFile(sector=Sector(ENDED), exercises=document.exercises)))
    assert coast.is_dir()


def test_files_that_say_no_sector_get_one_of_the_workshop_s(
    tmp_path: Path, coast: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The region's own, and one that people of this workshop have chosen; what nobody here has is named as wrong."""
    place, inbox = tmp_path / "store.db", tmp_path / "inbox"
    inbox.mkdir()
    session = Session(
        new_id(), new_code(), "Port", "en", Mode.ANONYMOUS, K_DEFAULT, (Plan("pulse", (), State.OPEN),), secret=new_id()
    )
    with Store.open(place) as store:
        kept = store.sessions.add(session, "key")
        store.seats.take(kept, Sector(ENDED), None, "en")
    call = ["import", str(inbox), "--session", kept.code, "--store", str(place), "--yes"]
    for n, (sector, code) in enumerate({"harbour": 0, ENDED: 0, "health_hiv": 1, "Harbour!": 1}.items()):
        answers = {"pulse": {"now_contacts": ("half", "much", "full", "little")[n]}}
        (inbox / "one.json").write_bytes(transfer.write(transfer.AnswersFile(edition=1, exercises=answers)))
        with pytest.raises(SystemExit) as ended:
            main([*call, "--sector", sector])
        assert ended.value.code == code, sector
        if code:
            told = capsys.readouterr().err
            assert "harbour" in told
            assert ENDED in told
    with Store.open(place) as store:
        assert sorted(one.sector for one in store.seats.people(kept.id)) == sorted([ENDED, ENDED, "harbour"])
