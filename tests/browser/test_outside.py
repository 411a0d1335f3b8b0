"""An exercise of another package, and a third language: their files and nothing else, up to the real page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kit.exercise import exercise
from kit.session import State
from tests.browser.axe import check
from tests.browser.people import PHONE, person
from tests.support.chromium import all_in_sight
from tests.support.long import in_test_long
from tests.support.outside import ROOT, environment, install, kit_with_language
from tests.support.ports import free_port
from tests.support.workshop import Workshop, serving
from tests.test_frontend import serving as voila_serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANG, MARK = "es", "¡"
CONTRACT = """
from kit.testing import ExerciseContract

class TestContract(ExerciseContract):
    slugs = ("warmup",)
"""


def call(site: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment(site), "KIT_LANG": "en"}
    return subprocess.run([sys.executable, "-m", *words], cwd=cwd or site, env=env, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    install(folder)
    return folder


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Iterator[Workshop]:
    with serving(tmp_path_factory.mktemp("outside"), **environment(site)) as made:
        made.set_state(State.OPEN)
        yield made


def test_a_package_tests_its_exercise_with_the_kit_s_contract(site: Path, tmp_path: Path) -> None:
    (tmp_path / "test_contract.py").write_text(CONTRACT, "utf-8")
    done = call(site, "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) >= 20
    assert call(site, "kit", "check").stdout == "Exercises and agendas checked: 13. Faults: 0.\n"


def test_the_contract_and_the_check_find_what_is_wrong(tmp_path: Path) -> None:
    folder = install(tmp_path / "site")
    french = folder / "fr.yaml"
    french.write_text(french.read_text("utf-8").replace("  word: {text: \"Un mot pour aujourd'hui\"}\n", ""), "utf-8")
    structure = folder / "structure.yaml"
    structure.write_text(structure.read_text("utf-8").replace("[REFUGE-2]", "[REFUGE-9]"), "utf-8")
    script = folder / "view.js"
    script.write_text('import "https://elsewhere.example/x.js";\n' + script.read_text("utf-8"), "utf-8")
    said = call(tmp_path / "site", "kit", "check").stdout
    assert "warmup/fr.yaml" in said
    assert "items.word.text" in said
    assert "unknown source REFUGE-9" in said
    (tmp_path / "test_contract.py").write_text(CONTRACT, "utf-8")
    done = call(tmp_path / "site", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "test_contract.py"))
    failed = set(re.findall(r"^FAILED \S+::(\w+)", done.stdout, re.MULTILINE))
    assert {"test_its_content_is_sound", "test_every_item_has_a_source"} <= failed
    assert "test_its_script_and_its_style_ask_nobody_for_anything" in failed


def test_a_package_that_cannot_be_loaded_keeps_no_workshop_from_being_held(tmp_path: Path) -> None:
    folder = install(tmp_path / "site")
    (folder / "model.py").write_text("import nothing_of_that_name\n", "utf-8")
    done = call(tmp_path / "site", "kit", "check")
    assert done.returncode == 1
    assert "nothing_of_that_name" in done.stdout
    made = call(tmp_path / "site", "kit", "session", "new", "--store", str(tmp_path / "store.db"), "--json")
    assert "warmup" not in json.loads(made.stdout)["exercises"]
    assert len(json.loads(made.stdout)["exercises"]) == 8


def test_its_own_page_in_a_workshop(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr", **PHONE) as one:
        one.join()
        keys = one.page.locator('[data-key^="choose/"]').evaluate_all("all => all.map(one => one.dataset.key)")
        assert keys[:3] == ["choose/reflection", "choose/warmup", "choose/strengths"]
        one.menu()
        one.page.locator('[data-key="choose/warmup"]').click()
        greeting = one.page.locator(".warmup-greeting")
        expect(greeting).to_have_text("Prenez votre temps.")
        assert greeting.evaluate("one => getComputedStyle(one).borderInlineStartWidth") == "7px"
        one.option("energy", "middle").check()
        one.text("word").fill("pain")
        one.page.locator('[data-key="picture"]').click()
        one.saved("energy", "word")
        expect(one.page.locator(".kit-result").first).to_contain_text("Personne n'est obligé")
        check(one.page, "the page of another package")
        one.speak("en")
        expect(greeting).to_have_text("Take your time.")
        expect(one.option("energy", "middle")).to_be_checked()
        assert one.troubles == []
        assert one.abroad == []
        scripts = [url for url in one.requests if "/v/" in url]
        assert len(set(scripts)) >= 3, "its script is asked for by its address, and kept"


def test_the_facilitator_opens_and_reveals_it_like_any_other(browser: Browser, workshop: Workshop) -> None:
    with person(browser, workshop, "fr") as host:
        host.host()
        host.press("reveal", "warmup")
        expect(host.page.locator(".kit-group")).to_contain_text("Personne n'est obligé")
        assert host.troubles == []


@in_test_long
def test_alone_on_a_page_of_stock_voila(browser: Browser, site: Path, tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    book = (ROOT / "notebooks" / "reflection.ipynb").read_text("utf-8").replace("reflection", "warmup")
    (tmp_path / "notebooks" / "warmup.ipynb").write_text(book, "utf-8")
    port = free_port()
    command = [sys.executable, "-m", "voila", ".", f"--port={port}", "--no-browser", "--template=kit"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", environment(site)["PYTHONPATH"])
        with voila_serving(command, port, tmp_path) as address:
            page = browser.new_page(locale="fr-CA")
            page.goto(f"{address}/voila/render/warmup.ipynb")
            greeting = page.locator(".warmup-greeting")
            expect(greeting).to_have_text("Prenez votre temps.")
            assert greeting.evaluate("one => getComputedStyle(one).borderInlineStartWidth") == "7px"
            all_in_sight(page)
            page.locator('[data-item="energy"] input[value="high"]').check()
            expect(page.locator('[data-state="energy"]')).to_have_attribute("data-is", "saved")
            page.close()


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit with one more language, in which one exercise is not written yet."""
    folder = tmp_path_factory.mktemp("third")
    kit_with_language(folder, LANG, "Español", MARK, without=("pulse",))
    return folder


def test_the_check_names_what_a_new_language_still_lacks(third: Path) -> None:
    told = call(third, "kit", "check").stdout
    assert "pulse/es.yaml" in told
    assert "Faults: 1." in told


def test_a_workshop_in_a_third_language(browser: Browser, third: Path, tmp_path: Path) -> None:
    with serving(tmp_path, **environment(third)) as made:
        made.set_state(State.OPEN)
        with person(browser, made, LANG, **PHONE) as one:
            page = one.page
            one.go(f"/j/{made.code}")
            expect(page.locator("html")).to_have_attribute("lang", LANG)
            assert page.locator(".kit-languages a").all_inner_texts() == ["Français", "English", "Español"]
            page.locator('input[value="municipal"]').check()
            page.locator("form[data-seat] button").first.click()
            page.wait_for_url("**/card")
            page.locator('a[href="/w"]').click()
            one.arrived()
            expect(page.locator("html")).to_have_attribute("lang", LANG)
            assert page.locator(".kit-language[lang]").all_inner_texts() == ["Français", "English", "Español"]
            expect(page.locator('.kit-language[lang="es"]')).to_have_attribute("aria-pressed", "true")
            assert page.locator('[data-key="exit"]').inner_text().startswith(MARK)
            away = "document.querySelector('#kit-say-away').content.querySelector('[lang=es]').textContent"
            assert page.evaluate(away).startswith(MARK)
            one.menu()
            page.locator('[data-key="choose/partnership"]').click()
            # Not "in this language": the exercise that was on before is in it too.
            title = f"{MARK}{exercise('partnership').texts('en').title}"
            expect(page.locator("form")).to_have_attribute("aria-label", title)
            page.locator("form fieldset input[type=radio]").first.check()
            expect(page.locator('[data-is="saved"]').first).to_contain_text(MARK)
            one.menu()
            page.locator('[data-key="choose/pulse"]').click()
            expect(page.locator("form")).not_to_have_attribute("aria-label", re.compile(MARK))
            one.speak("fr")
            expect(page.locator('[data-key="exit"]')).to_have_text(one.say("room.exit"))
            page.locator('[data-key="lang/es"]').click()
            expect(page.locator("html")).to_have_attribute("lang", LANG)
            assert one.troubles == []
        with person(browser, made, LANG) as host:
            host.host()
            host.page.locator('[data-key="lang/es"]').click()
            expect(host.page.locator("h2").first).to_contain_text(MARK)
            host.press("reveal", "partnership")
            expect(host.page.locator(".kit-group")).to_contain_text(MARK)


def test_a_report_in_a_third_language(third: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    made = json.loads(call(third, "kit", "session", "new", "--lang", LANG, "--store", store, "--json").stdout)
    done = call(third, "kit", "report", made["code"], "--store", store, "--out", str(tmp_path / "out"))
    assert done.returncode == 3, "nothing was revealed"
    report = next((tmp_path / "out").rglob("*.html")).read_text("utf-8")
    assert f'lang="{LANG}"' in report
    assert MARK in report
