"""What privacy.md promises about group results rests on tests that exist; nothing is promised without one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from kit.texts import languages

ROOT = Path(__file__).parent.parent
PROMISED = {"en": "### What is promised", "fr": "### Ce qui est promis"}
NOT_PROMISED = {"en": "### What is not promised", "fr": "### Ce qui n'est pas promis"}
# Each promise, in the order of the guide, with the tests that hold it.
PROMISES: dict[tuple[str, str], tuple[str, ...]] = {
    ("A threshold.", "Un seuil."): (
        "test_disclosure.py::test_too_few_people_are_told_nothing_at_all",
        "test_disclosure.py::test_a_small_sector_is_never_told_of",
        "test_auditor.py::test_no_summary_proves_an_answer_or_a_small_count",
    ),
    ("Ranges.", "Des fourchettes."): (
        "test_disclosure.py::test_what_is_told_is_true_of_the_room",
        "test_disclosure.py::test_the_steps_are_the_same_for_all_head_counts_that_look_alike",
        "test_auditor.py::test_larger_rooms_of_few_answers",
        "test_auditor.py::test_scales",
    ),
    ("Never all.", "Jamais tout le monde."): (
        "test_disclosure.py::test_nobody_is_ever_told_that_all_agree",
        "test_auditor.py::test_the_snapshot_of_a_room_of_one_mind_is_that_of_others",
    ),
    ("Nothing by subtraction.", "Rien par soustraction."): (
        "test_disclosure.py::test_all_that_is_derived_is_a_function_of_the_table",
        "test_disclosure.py::test_how_much_is_hidden_is_read_off_what_is_told",
        "test_auditor_rules.py::test_each_rule_that_is_taken_out_is_missed",
    ),
    ("Sectors and partners.", "Secteurs et partenaires."): (
        "test_disclosure.py::test_groups_are_told_by_the_side_that_more_than_half_chose",
        "test_auditor.py::test_sectors_beside_the_total_prove_nothing",
    ),
    ("Head counts.", "Le nombre de personnes."): (
        "test_auditor.py::test_head_counts_beside_each_other_prove_nobody_missing",
        "test_auditor.py::test_the_table_of_who_took_part_proves_no_small_sector",
        "test_reports.py::test_one_who_comes_between_two_reveals_is_not_seen_in_the_head_counts",
        "test_progress.py::test_a_word_never_falls_because_fewer_than_k_have_come_or_left",
        "test_progress.py::test_somebody_who_erases_everything_is_not_seen_on_the_wall",
        "test_progress.py::test_kit_session_show_counts_in_steps",
    ),
    ("Nobody is seen to come, leave or change.", "On ne voit personne venir, partir ou changer."): (
        "test_auditor.py::test_two_reveals_never_tell_that_a_few_have_moved",
        "test_auditor.py::test_two_reveals_never_tell_that_a_few_have_come_or_left",
        "test_disclosure.py::test_fewer_than_k_who_come_leave_or_change_are_not_seen",
        "test_disclosure.py::test_between_two_releases_every_visible_change_rests_on_k_people",
        "test_auditor.py::test_how_sectors_leaned_before_never_tells_who_has_moved",
        "test_auditor.py::test_two_rounds_side_by_side_prove_nothing",
        "test_sequences.py::test_the_same_sentence_stands_whether_nobody_or_a_few_have_changed",
    ),
    ("One picture everywhere.", "Partout la même image."): (
        "test_sequences.py::test_screens_files_and_report_of_every_exercise_are_made_of_the_release_alone",
        "test_reports.py::test_a_report_reads_and_releases_nothing",
        "test_resources_group.py::test_files_come_from_what_was_revealed_only",
    ),
    ("Shared texts.", "Les textes partagés."): (
        "test_disclosure.py::test_texts_need_k_who_agreed",
        "test_disclosure.py::test_texts_are_shuffled",
        "test_shared.py::test_the_room_sees_no_text_before_the_facilitator_has_looked",
        "test_contact.py::test_each_way_to_type_it_is_found",
    ),
    ("Erased is erased.", "Effacé veut dire effacé."): (
        "test_shared.py::test_the_texts_of_an_erased_person_go_at_once_and_for_good",
        "test_sequences.py::test_nothing_of_an_erased_person_is_in_the_files",
        "test_disclosure.py::test_of_an_erased_person_the_next_release_knows_only_that_somebody_left",
        "test_auditor.py::test_a_mark_made_with_a_secret_fits_no_answer_that_is_tried",
        "browser/test_shared.py::test_an_erased_text_goes_at_once_from_wall_console_and_phone",
    ),
}


def bold(lang: str, heading: str) -> list[str]:
    """What stands in bold at the head of each line of a section."""
    guide = (ROOT / "facilitation" / lang / "privacy.md").read_text("utf-8").replace("\u00a0", " ")
    part = guide[guide.index(heading) + len(heading) :]
    part = part[: re.search(r"^##", part, re.MULTILINE).start()]  # type: ignore[union-attr]
    return re.findall(r"^- \*\*(.+?)\*\*", part, re.MULTILINE)


@cache
def cases_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("lang", languages())
def test_each_promise_has_its_tests_and_nothing_is_promised_beside_them(lang: str) -> None:
    place = ("en", "fr").index(lang)
    assert bold(lang, PROMISED[lang]) == [names[place] for names in PROMISES]


@pytest.mark.parametrize("test", sorted({test for tests in PROMISES.values() for test in tests}))
def test_the_tests_that_promises_rest_on_exist(test: str) -> None:
    file, _, name = test.partition("::")
    assert name in cases_in(file)


def test_every_language_says_as_much_about_what_is_not_promised() -> None:
    said = {lang: bold(lang, NOT_PROMISED[lang]) for lang in languages()}
    assert {len(lines) for lines in said.values()} == {8}


@pytest.mark.parametrize(
    "old",
    ["rounded", "arrondi", "put together with others", "mises avec d'autres", "without exception", "sans exception",
     "no exception", "another is hidden with it", "caché avec lui", "People who joined", "Personnes présentes"],
)  # fmt: skip
def test_no_guide_tells_a_rule_of_before(old: str) -> None:
    guides = [*(ROOT / "facilitation").rglob("*.md"), ROOT / "README.md", ROOT / "README.fr.md"]
    said = re.compile(rf"\b{old}")
    found = [str(path) for path in guides if said.search(path.read_text("utf-8").replace("\u00a0", " "))]
    assert found == []
