"""Regional packs go along on a USB stick, and come into the data folder where the kit starts from it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from kit import regions
from kit.cli import take_along
from kit.cli.home import packs
from kit.cli.home.house import House
from kit.cli.home.views import BrowserAsk, answer
from kit.errors import ContentFault, UnknownRegion
from kit.regions.stick import BEFORE, FOLDER
from kit.store import Store
from kit.texts import languages, say
from tests.support.region import PHONE, filled

TODAY = date.today()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this person's packs lie; they have none yet, and none is named."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    monkeypatch.setenv(regions.VARIABLE, "")
    return tmp_path / "data" / "regions"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "clé USB").mkdir()
    return tmp_path / "clé USB"


@pytest.fixture
def there(stick: Path) -> Path:
    """The folder of packs on a stick that somebody else has gathered."""
    (stick / FOLDER).mkdir()
    return stick / FOLDER


def test_all_own_packs_go_along_or_the_one_that_was_named(home: Path, tmp_path: Path) -> None:
    assert take_along._packs() == []
    home.mkdir(parents=True)
    filled(home)
    filled(home, "ailleurs")
    assert {one.name for one in take_along._packs()} == {"ici", "ailleurs"}
    regions.choose("ailleurs")
    assert [one.name for one in take_along._packs()] == ["ailleurs"]
    regions.choose(str(filled(tmp_path, "loin")))
    assert [one.name for one in take_along._packs()] == ["loin"]
    with pytest.raises(UnknownRegion):
        regions.choose("nulle_part")


def test_a_pack_with_a_fault_is_named_before_anything_is_fetched(home: Path) -> None:
    home.mkdir(parents=True)
    (filled(home) / regions.FILE).write_text("region: [", "utf-8")
    with pytest.raises(ContentFault):
        take_along._packs()


def test_the_stick_has_the_pack_and_nothing_that_lies_beside_it(home: Path, stick: Path) -> None:
    home.mkdir(parents=True)
    (filled(home) / "notes.txt").write_text("not for others", "utf-8")
    regions.lay([home / "ici", filled(home, "ailleurs")], stick)
    assert {one.name for one in (stick / FOLDER / "ici").iterdir()} == {regions.FILE, "fr.yaml", "en.yaml"}
    # Gathered again: what is not wanted any more is gone.
    regions.lay([home / "ici"], stick)
    assert [one.name for one in (stick / FOLDER).iterdir()] == ["ici"]


def test_it_comes_into_the_data_folder_once(home: Path, there: Path) -> None:
    filled(there)
    assert regions.bring(there) == {"ici": regions.Brought.NEW}
    assert PHONE in (home / "ici" / regions.FILE).read_text("utf-8")
    assert regions.bring(there) == {"ici": regions.Brought.SAME}
    assert [one.name for one in home.parent.iterdir()] == ["regions"]


def test_of_two_the_one_that_was_checked_last_counts(home: Path, there: Path) -> None:
    home.mkdir(parents=True)
    mine = filled(home, on=TODAY - timedelta(30)) / regions.FILE
    theirs = filled(there, on=TODAY - timedelta(60)) / regions.FILE
    assert regions.bring(there) == {"ici": regions.Brought.KEPT}, "an old stick brings no old numbers back"
    before = mine.read_text("utf-8")
    theirs.write_text(before.replace(PHONE, "000 555-0111"), "utf-8")
    assert regions.bring(there) == {"ici": regions.Brought.NEWER}
    assert "000 555-0111" in mine.read_text("utf-8")
    assert (home.parent / BEFORE / "ici" / regions.FILE).read_text("utf-8") == before
    assert list(regions.own()) == ["ici"], "what was set aside is found by nothing"


def test_one_that_cannot_be_read_stays_on_the_stick(home: Path, there: Path) -> None:
    (filled(there) / regions.FILE).write_text("region: [", "utf-8")
    assert regions.bring(there) == {"ici": regions.Brought.BROKEN}
    assert not home.exists()


@pytest.mark.parametrize("lang", languages())
def test_the_only_one_on_the_stick_is_in_use_also_beside_others(
    home: Path, there: Path, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KIT_LANG", lang)
    home.mkdir(parents=True)
    filled(home, "ailleurs")
    filled(there)
    packs.bring(there, named=False)
    region = regions.in_use()
    assert region is not None
    assert region.structure.region == "ici"
    assert capsys.readouterr().out.strip() == say(lang, "calls.packs.new", name="ici")


def test_with_several_the_page_asks_which(home: Path, there: Path, tmp_path: Path) -> None:
    filled(there)
    filled(there, "ailleurs")
    assert packs.offered("fr") == {}
    packs.bring(there, named=False)
    assert packs.offered("fr") == dict.fromkeys(("ailleurs", "ici"), "Québec (exemple)")
    with Store.open(tmp_path / "store.db") as store:
        house = House(store, tmp_path)

        def page(method: str = "GET", **form: list[str]) -> str:
            return answer(house, BrowserAsk(method, "new", "fr", form)).body.decode()

        assert page().count('name="region"') == 3
        assert say("fr", "home.region") in page()
        asked = {"exercise": ["pulse"], "do": ["look"]}
        assert 'value="ici" checked' in page("POST", region=["ici"], **asked)
        assert 'name="region" value="" checked' in page("POST", region=["../../etc"], **asked)
        assert regions.in_use() is None, "looking begins nothing"
        answer(house, BrowserAsk("POST", "new", "fr", {"exercise": ["pulse"], "do": ["later"], "region": ["ici"]}))
        region = regions.in_use()
        assert region is not None
        assert region.structure.region == "ici"
        assert 'name="region"' not in page()


@pytest.mark.parametrize("lang", languages())
def test_whoever_gathers_it_hears_what_is_in_it_and_what_is_overdue(
    home: Path, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KIT_LANG", lang)
    take_along._tell_packs([])
    assert capsys.readouterr().out.strip() == say(lang, "regions.none")
    home.mkdir(parents=True)
    take_along._tell_packs([filled(home, on=TODAY - timedelta(500))])
    told = capsys.readouterr().out
    assert say(lang, "calls.take_packs", names="ici") in told
    assert "services.crisis" in told


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the installed Python")
def test_the_launcher_hands_its_packs_on(tmp_path: Path, stick: Path, there: Path) -> None:
    """What is double-clicked, where the kit is installed already: its first page comes, and the pack is there."""
    filled(there)
    take_along._launchers(stick, take_along.here(), take_along.running())
    (stick / "packages").mkdir()
    (stick / "packages.txt").write_text("collaboration-kit\n", "utf-8")
    data = tmp_path / "theirs"
    python = data / "collaboration-kit" / "program" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', "utf-8")
    python.chmod(0o755)
    made = "\n".join([take_along.running(), "collaboration-kit\n"])
    (python.parents[1] / "made-of.txt").write_text(made, "utf-8")
    env = {**os.environ, "XDG_DATA_HOME": str(data), "HOME": str(tmp_path), "KIT_LANG": "en"}
    call = [sys.executable, str(stick / "start.py"), "--no-browser"]
    begun = subprocess.Popen(call, env=env, stdout=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True)
    try:
        assert begun.stdout
        lines = iter(begun.stdout.readline, "")
        assert any("http://127.0.0.1:" in line for line in lines)
    finally:
        os.killpg(begun.pid, 15)
        begun.wait()
    assert (data / "collaboration-kit" / "regions" / "ici" / regions.FILE).is_file()
