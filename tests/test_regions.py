"""Regional packs: what is shown of them, to whom, and until when; what is wrong with one, and what is still to do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from kit import regions
from kit.errors import ContentFault, UnknownRegion
from kit.reports import notebook
from kit.reports.document import Look, ReportSection
from kit.reports.formats import html
from kit.reports.press import whole
from kit.session import Mode, Plan, Session, new_code, new_id
from kit.store import Store
from kit.summary import Bullets, Summary
from kit.texts import languages, say
from kit.views.alone import alone
from kit.views.room import Shell
from kit.views.support import care
from kit.views.welcome import welcome
from tests.support.region import PHONE, filled

CALLED = f'<a class="kit-call" href="tel:0005550100">{PHONE}</a>'
TODAY = date(2026, 11, 26)
A_YEAR_AGO = date(2025, 11, 26)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person whose own packs lie here; they have none yet."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path)
    # What a test chooses is forgotten after it.
    monkeypatch.setenv(regions.VARIABLE, "")
    (tmp_path / "regions").mkdir()
    return tmp_path / "regions"


def words(told: Summary) -> str:
    lines = [told.title]
    for one in told.blocks:
        lines += (one.title, *one.items) if isinstance(one, Bullets) else (getattr(one, "text", ""),)
    return "\n".join(lines)


def rules(faults: list[ContentFault]) -> list[tuple[str, str]]:
    return [(str(one.details["fault"]), str(one.details["where"])) for one in faults]


def kit(home: Path, *call: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "XDG_DATA_HOME": str(home), "KIT_LANG": lang, "HOME": str(home)}
    return subprocess.run([sys.executable, "-m", "kit", *call], env=env, capture_output=True, text=True, cwd=home)


class TestTheWorkedExample:
    @pytest.fixture
    def example(self) -> regions.Region:
        return regions.read(regions.folders()[regions.EXAMPLE])

    def test_it_is_sound_and_never_found_by_itself(self) -> None:
        assert regions.check(regions.folders()[regions.EXAMPLE]) == []
        assert regions.in_use() is None

    @pytest.mark.parametrize("lang", languages())
    def test_it_holds_no_number_and_shows_nothing_that_is_to_be_filled_in(
        self, example: regions.Region, lang: str
    ) -> None:
        told = words(regions.told(example, lang, TODAY))
        assert not re.search(r"\d{3}", re.sub(r"\b20[12]\d\b", "", told))
        assert "??" not in told
        assert say(lang, "regions.services") not in told
        assert "Ponts vers la sécurité" in told
        assert say(lang, "regions.to_check") in told

    def test_it_says_in_both_languages_what_is_to_be_filled_in(self) -> None:
        folder = regions.folders()[regions.EXAMPLE]
        for lang, mark in (("fr", "à remplir par vous"), ("en", "to be filled by you")):
            assert f"?? {mark}" in (folder / f"{lang}.yaml").read_text("utf-8")
        assert {"unwritten", "unchecked"} == {fault for fault, _ in rules(regions.to_do(folder))}


class TestWhatIsShown:
    @pytest.mark.parametrize("lang", languages())
    def test_a_service_that_was_checked_with_source_day_and_role(self, home: Path, lang: str) -> None:
        filled(home, on=date(2026, 9, 1))
        region = regions.in_use()
        assert region
        told = words(regions.told(region, lang, TODAY))
        for part in (PHONE, "Page du service", "coordination", {"fr": "1er septembre 2026", "en": "September 1"}[lang]):
            assert part in told

    def test_nothing_that_nobody_has_checked(self, home: Path) -> None:
        folder = filled(home)
        path = folder / regions.FILE
        path.write_text(re.sub(r"checked: \{.*?\}", "checked:", path.read_text("utf-8"), count=1), "utf-8")
        region = regions.in_use()
        assert region
        assert PHONE not in words(regions.told(region, "fr", TODAY))
        assert ("unchecked", "crisis") in rules(regions.to_do(folder))
        assert care("fr") == say("fr", "regions.no_service", name="Québec (exemple)")

    def test_somebody_whose_language_it_lacks_reads_the_other(self, home: Path) -> None:
        folder = filled(home)
        (folder / "en.yaml").unlink()
        shell = Shell(page={"lang": "en"})
        assert 'lang="fr"' in shell.texts["support"]["html"]
        assert ("region_language", "-") in rules(regions.to_do(folder))

    @pytest.mark.parametrize("lang", languages())
    def test_on_the_pages_of_a_room_and_of_somebody_alone(self, home: Path, lang: str) -> None:
        assert "support" not in Shell(page={"lang": lang}).texts
        filled(home)
        for shell in (Shell(page={"lang": lang}), alone("pulse", lang).children[0], welcome(lang).children[0]):
            assert CALLED in shell.texts["support"]["html"]
            assert shell.texts["support"]["menu"] == say(lang, "regions.menu")

    def test_in_the_report(self, home: Path, tmp_path: Path) -> None:
        with Store.open(tmp_path / "store.db") as store:
            plans = (Plan("pulse"),)
            made = store.sessions.add(
                Session(new_id(), new_code(), "Mardi", "fr", Mode.ANONYMOUS, 5, plans), "key"
            )

        def sections() -> list[ReportSection]:
            loaded = notebook.load(str(tmp_path / "store.db"), made.id, "fr")
            assert loaded is not None
            return [one for one in loaded.sections if not one.id.startswith("exercise-")]

        assert [one.id for one in sections()] == ["use"]
        filled(home)
        told = sections()[-1]
        assert told.id == "region"
        loaded = notebook.load(str(tmp_path / "store.db"), made.id, "fr")
        assert loaded is not None
        assert CALLED in html.write(loaded, Look()).decode()
        (line,) = (one for part in told.parts if isinstance(part, Bullets) for one in whole(part) if "555" in one)
        assert line.endswith("000\u00a0555\u20110100")

    def test_a_pack_that_is_mended_is_right_on_the_next_page(self, home: Path) -> None:
        path = filled(home) / regions.FILE
        assert PHONE in Shell(page={"lang": "fr"}).texts["support"]["html"]
        path.write_text(path.read_text("utf-8").replace(PHONE, "000 555-0199"), "utf-8")
        os.utime(path, ns=(1, 1))
        assert "000 555-0199" in Shell(page={"lang": "fr"}).texts["support"]["html"]

    def test_one_that_cannot_be_read_keeps_no_workshop_from_being_held(self, home: Path) -> None:
        (filled(home) / regions.FILE).write_text("region: [", "utf-8")
        assert "support" not in Shell(page={"lang": "fr"}).texts
        assert "region.yaml" in care("fr")


class TestOverdue:
    def test_after_twelve_months_and_not_a_day_before(self, home: Path) -> None:
        folder = filled(home, on=A_YEAR_AGO)
        region = regions.read(folder)
        day_before = date(2026, 11, 25)
        assert regions.care(region, "en", day_before) == ""
        assert "overdue" not in {fault for fault, _ in rules(regions.to_do(folder, day_before))}
        assert "services.crisis" in regions.care(region, "en", TODAY)
        assert ("overdue", "services.crisis") in rules(regions.to_do(folder, TODAY))
        for lang in languages():
            late = say(lang, "regions.checked_late", day="@", by="coordination").split("@")[1]
            assert late in words(regions.told(region, lang, TODAY))
            assert late not in words(regions.told(region, lang, day_before))

    def test_a_leap_day_comes_round(self) -> None:
        assert regions.pack.Verified(day=date(2028, 2, 29), by="x").due() == date(2029, 2, 28)

    def test_without_a_pack_the_console_says_so(self) -> None:
        assert care("en") == say("en", "regions.none")


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("211", "tel:211"), ("+1 (000) 555-0100", "tel:+10005550100"), ("*4141", "tel:*4141"), ("#677", "tel:%23677"),
        ("000 555-0100 poste 12", "tel:0005550100;ext=12"), ("000.555.0100 ext. 7", "tel:0005550100;ext=7"),
    ],
)  # fmt: skip
def test_a_number_leads_to_the_number_that_stands_there(typed: str, called: str) -> None:
    one = regions.pack.RegionService(id="x", phone=typed, sms="000 555-0101")
    assert one.calls == ((typed, called), ("000 555-0101", "sms:0005550101"))


@pytest.mark.parametrize(
    "typed", ["1(", "--", "12", "1234567890123456", "000 555-0100\n", "000 555-0100; 12", "5550100 x", "\u0663" * 3]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="phone_form"):
        regions.pack.RegionService(id="x", phone=typed)


FAULTS = {
    "an address in a text": ("en.yaml", 'what: "Legal aid"', 'what: "Legal aid, 12 Main Street"', "region_contact"),
    "an e-mail as a page": ("region.yaml", "web: milieuxdetravailallies.com", "web: ana@example.org", "web_form"),
    "a word as a number": ("region.yaml", f'phone: "{PHONE}"', 'phone: "ask Ana"', "phone_form"),
    "a number without quotes": ("region.yaml", f'phone: "{PHONE}"', "phone: 5550100", "not_text"),
    "no day": ("region.yaml", "{day: 2026-01-02", "{day: spring", "not_date"),
    "a day to come": ("region.yaml", "{day: 2026-01-02", "{day: 2999-01-02", "in_future"),
    "no role": ("region.yaml", ', by: "coordination"', "", "needed"),
    "an id twice": ("region.yaml", "id: shelters", "id: crisis", "used_twice"),
    "a text for nothing": ("fr.yaml", "  men:", "  mon:", "region_extra"),
    "an address field": ("region.yaml", "  - id: crisis", "  - id: crisis\n    address: x", "foreign"),
    "another folder": ("region.yaml", "region: ici", "region: ailleurs", "other_folder"),
}


@pytest.mark.parametrize(("name", "there", "here", "rule"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_file_in_both_languages(
    home: Path, name: str, there: str, here: str, rule: str
) -> None:
    folder = filled(home, on=date(2026, 1, 2))
    assert regions.check(folder) == []
    text = (folder / name).read_text("utf-8")
    assert there in text
    (folder / name).write_text(text.replace(there, here, 1), "utf-8")
    found = regions.check(folder)
    assert rule in {fault for fault, _ in rules(found)}
    for lang in languages():
        assert all(one.tell(lang).startswith("ici/") for one in found)


def test_all_faults_are_told_at_once(home: Path) -> None:
    folder = filled(home, on=date(2026, 1, 2))
    for name, there, here, _ in (FAULTS["a word as a number"], FAULTS["an e-mail as a page"], FAULTS["no role"]):
        path = folder / name
        path.write_text(path.read_text("utf-8").replace(there, here, 1), "utf-8")
    assert [fault for fault, _ in rules(regions.check(folder))] == ["phone_form", "needed", "web_form"]


def test_several_packs_wait_to_be_named(home: Path) -> None:
    filled(home)
    filled(home, "ailleurs")
    assert regions.in_use() is None
    assert regions.choose("ailleurs").name == "ailleurs"
    assert regions.in_use() is not None
    with pytest.raises(UnknownRegion, match="ailleurs, ici"):
        regions.choose("nulle part")


@pytest.mark.parametrize("lang", languages())
def test_a_new_one_is_made_told_and_shown(tmp_path: Path, lang: str) -> None:
    made = kit(tmp_path, "new", "region", "gaspesie", lang=lang)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "collaboration-kit" / "regions" / "gaspesie"
    assert regions.check(folder) == []
    assert "Ponts" not in (folder / f"{lang}.yaml").read_text("utf-8")
    told = kit(tmp_path, "check", lang=lang)
    assert told.returncode == 0, "what is left to fill in is no fault"
    assert "gaspesie/region.yaml" in told.stdout
    assert kit(tmp_path, "new", "region", "gaspesie", lang=lang).returncode == 1
    filled(folder.parent, "ici", on=A_YEAR_AGO)
    said = json.loads(kit(tmp_path, "check", "--region", "ici", "--json", lang=lang).stdout)
    assert "overdue" in {one["fault"] for one in said["due"]}
    assert kit(tmp_path, "check", "--region", "nowhere", lang=lang).returncode == 1
