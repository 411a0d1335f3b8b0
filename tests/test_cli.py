"""The command line: what can be called, what it answers, and how it fails."""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kit import __version__, guides
from kit.cli import main, words
from kit.cli.calls import parser
from kit.session import State
from kit.store import Store
from kit.texts import say, section
from tests.support.device import Device
from tests.support.running import run
from tests.support.waiting import PATIENCE, eventually
from tests.support.workshop import KIT, ROOT, environment, serving

LANGUAGES = ("fr", "en")


class Called:
    """What one call of `kit` in this process answered."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Caller:
    """Calls `kit` in this process, with a store of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        self.capsys, self.place = capsys, place

    def __call__(self, *argv: str, stored: bool = True) -> Called:
        with pytest.raises(SystemExit) as ended:
            main([*argv, *(("--store", str(self.place)) if stored else ())])
        told = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Called(ended.value.code, told.out, told.err)


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each language in turn, as the person at the command line speaks it."""
    monkeypatch.setenv("KIT_LANG", request.param)
    return str(request.param)


@pytest.fixture
def kit(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setenv("KIT_LANG", os.environ.get("KIT_LANG", "en"))
    return Caller(capsys, tmp_path / "store.db")


def commands(of: ArgumentParser, names: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], ArgumentParser]]:
    """Every command with its parser, from the top."""
    yield names, of
    for action in of._actions:
        if isinstance(action, _SubParsersAction):
            for name, sub in action.choices.items():
                yield from commands(sub, (*names, name))


COMMANDS = sorted(names for names, _ in commands(parser()))


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_every_command_explains_itself(self, kit: Caller, lang: str, command: tuple[str, ...]) -> None:
        told = kit(*command, "--help", stored=False)
        assert (told.code, told.err) == (0, "")
        described = dict(commands(parser()))[command]
        assert described.description
        assert described.description.replace("%%", "%").split()[0] in told.out

    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_no_option_is_left_without_a_word(self, lang: str, command: tuple[str, ...]) -> None:
        for action in dict(commands(parser()))[command]._actions:
            assert action.help or isinstance(action, _SubParsersAction), (command, action.dest)

    def test_help_speaks_the_persons_language(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told = []
        for lang in LANGUAGES:
            monkeypatch.setenv("KIT_LANG", lang)
            told.append(parser().format_help())
            assert say(lang, "cli.help.workshop").split()[0] in told[-1]
        assert told[0] != told[1]

    def test_the_version(self, kit: Caller) -> None:
        told = kit("--version", stored=False)
        assert (told.code, told.out.split()) == (0, ["kit", __version__])


class TestWrongCalls:
    @pytest.mark.parametrize(
        "call",
        [
            ("nothing",), ("workshop", "--k", "2"), ("workshop", "--k", "x"), ("workshop", "--lang", "xx"),
            ("workshop", "--mode", "named"), ("workshop", "--rehearse", "0"), ("workshop", "--port", "x"),
            ("session", "show"), ("rehearse",), ("rehearse", "ACD347", "--participants", "0"), ("report", "--jobs",
            "0"),
            ("session", "purge"), ("--speak", "xx", "check"),
        ],
        ids=" ".join,
    )  # fmt: skip
    def test_a_wrong_call_ends_with_2(self, kit: Caller, lang: str, call: tuple[str, ...]) -> None:
        told = kit(*call, stored=False)
        assert (told.code, told.out) == (2, "")
        assert told.err

    def test_a_report_of_nothing_is_a_wrong_call(self, kit: Caller, lang: str) -> None:
        assert kit("report").code == 2
        assert kit("report", "--all").code == 1


class TestSessions:
    def test_from_new_to_purged(self, kit: Caller, lang: str) -> None:
        made = kit(
            "session",
            "new",
            "--title",
            "Ensemble",
            "--lang",
            "en",
            "--exercises",
            "partnership:steps,reflection",
            "--json",
        )
        assert made.code == 0
        code, number = made.json["code"], made.json["id"]
        assert re.fullmatch(rf"/host#{number}\.\S{{20,}}", made.json["host"])
        assert list(made.json["exercises"]) == ["partnership", "reflection"]

        (row,) = kit("session", "list", "--json").json
        assert (row["code"], row["title"], row["closed"], row["k"]) == (code, "Ensemble", False, 5)
        assert "host" not in row, "the key is shown once"
        assert code in kit("session", "list").out

        for typed in (code, code.lower(), f"{code[:3]} {code[3:]}", number):
            shown = kit("session", "show", typed, "--json")
            assert (shown.json["id"], shown.json["joined_at_least"]) == (number, 0)

        ended = kit("session", "close", code, "--json").json
        after = kit("session", "show", code, "--json").json
        assert ended["closed"] is after["closed"] is True
        assert ended["answers_go_on"] == after["answers_go_on"], "the day that the end has set"

        unsure = kit("session", "purge", code)
        assert unsure.code == 1
        assert "--yes" in unsure.out + unsure.err
        told = kit("session", "show", code)
        assert told.code == 0, "nothing was removed without --yes"
        assert code in told.out
        assert not re.search(r"[{}\[\]]", told.out), "words, and no Python"
        assert kit("session", "purge", code, "--yes").code == 0
        assert kit("session", "list", "--json").json == []
        assert kit("session", "show", code).code == 1

    def test_tags_find_workshops_again(self, kit: Caller, lang: str, tmp_path: Path) -> None:
        made = [kit("session", "new", "--tag", "Nord", "--exercises", "pulse", "--json").json["code"] for _ in range(2)]
        other = kit("session", "new", "--exercises", "pulse", "--json").json["code"]
        told = kit("session", "tag", made[0], "2026", "Projet   Lac", "--remove", "nord", "--json")
        assert told.json["tags"] == ["2026", "projet lac"]
        assert [row["code"] for row in kit("session", "list", "--tag", "nord", "--json").json] == [made[1]]
        found = kit("session", "list", "--tag", "NORD", "--tag", "2026", "--json").json
        assert {row["code"] for row in found} == set(made)
        assert "#projet lac" in kit("session", "list").out
        out = tmp_path / "out"
        told = kit("report", "--tag", "nord", "--tag", "2026", "--out", str(out), "--json")
        assert {row["session"] for row in told.json} == {row["id"] for row in found}
        assert not list(out.glob(f"*{other}*"))
        assert kit("report", "--tag", "nothing").code == 1
        for wrong in ("a,b", "x" * 41, " "):
            assert kit("session", "tag", other, wrong).code == 2

    def test_answers_go_and_results_stay(self, kit: Caller, lang: str) -> None:
        code = kit("session", "new", "--exercises", "pulse", "--json").json["code"]
        assert kit("session", "purge", code, "--answers").code == 1
        running = kit("session", "purge", code, "--answers", "--yes")
        assert (running.code, running.err.count("\n")) == (1, 1)
        assert code in kit("session", "close", code).out
        assert kit("session", "purge", code, "--answers", "--yes").code == 0
        assert kit("session", "show", code).code == 0
        assert kit("session", "host", code).code == 1

    def test_a_text_answer_holds_the_same_as_json(self, kit: Caller) -> None:
        made = kit("session", "new", "--json").json
        shown = kit("session", "show", made["code"])
        for part in (made["code"], made["id"], made["title"]):
            assert part in shown.out

    def test_the_key_works_and_only_its_fingerprint_is_kept(self, kit: Caller) -> None:
        made = kit("session", "new", "--json").json
        key = made["host"].partition("#")[2].partition(".")[2]
        with Store.open(kit.place) as store:
            assert store.hosts.open(made["id"], key)
        assert key.encode() not in b"".join(path.read_bytes() for path in kit.place.parent.iterdir() if path.is_file())

    def test_a_story_that_concerns_people_is_named_with_where_to_read_what_to_ask(self, kit: Caller, lang: str) -> None:
        told = kit("session", "new", "--exercises", "scenarios:said_twice+long_road", "--json")
        assert told.err.splitlines() == ["kit: " + say(lang, "cli.read_first", names="said_twice")]
        assert not kit("session", "new", "--exercises", "scenarios,partnership:tips").err

    def test_partners_belong_to_attributed_mode(self, kit: Caller) -> None:
        refused = kit("session", "new", "--mode", "attributed")
        assert (refused.code, "--partners" in refused.err) == (1, True)
        made = kit("session", "new", "--mode", "attributed", "--partners", "Maison A, Ville B ,", "--json").json
        with Store.open(kit.place) as store:
            assert store.sessions.get(made["id"]).partners == ("Maison A", "Ville B")


class TestRoomsByName:
    """Wherever a workshop is named, the name of its room leads to it, as at the front door."""

    def test_the_latest_that_has_not_ended_comes_first(self, kit: Caller) -> None:
        def shown(typed: str = "salle-b") -> str:
            return str(kit("session", "show", typed, "--json").json["code"])

        first = kit("session", "new", "--room", "salle-b", "--json").json["code"]
        kit("session", "close", "salle-b")
        assert shown() == first
        second = kit("session", "new", "--room", "salle-b", "--json").json["code"]
        assert shown() == shown("Salle B") == second
        assert shown(first) == first

    def test_each_command_takes_it(self, kit: Caller, tmp_path: Path) -> None:
        code = kit("session", "new", "--room", "salle-b", "--json").json["code"]
        for call, says in (
            (("session", "tag", "salle-b", "spring", "--json"), code), (("session", "host", "salle-b", "--json"), code),
            (("session", "key", "salle-b"), code), (("session", "purge", "salle-b"), code),
            (("import", "--session", "salle-b"), ""), (("report", "salle-b", "--out", str(tmp_path)), code),
            (("binder-link", "salle-b", "--base", "https://example.org/x"), code),
        ):  # fmt: skip
            told = kit(*call)
            assert says in told.out, call
            assert "salle-b" not in told.err, (call, told.err)
        again = kit("session", "new", "--room", "salle-b", "--exercises", "pulse", "--follows", "salle-b", "--json")
        assert again.code == 0, again.err


class TestFailures:
    """One line that says what, where and what next, and 1."""

    def test_unknown_things(self, kit: Caller, lang: str) -> None:
        told = kit("session", "new").out
        assert "/host#" in told
        assert "{" not in told, "words, and no Python"
        for call, error in (
            (("session", "show", "AAAAAA"), "UnknownSession"), (("session", "close", "AAAAAA"), "UnknownSession"),
            (("session", "purge", "AAAAAA", "--yes"), "UnknownSession"), (("report", "AAAAAA"), "UnknownSession"),
            (("rehearse", "AAAAAA"), "UnknownSession"), (("session", "new", "--exercises", "nothing"),
            "UnknownExercise"),
            (("session", "new", "--exercises", "partnership:nothing"), "WrongOption"),
        ):  # fmt: skip
            told = kit(*call)
            self._is_one_line(told, lang, error)

    def test_a_store_that_cannot_be(self, kit: Caller, lang: str, tmp_path: Path) -> None:
        a_file = tmp_path / "file"
        a_file.write_text("x" * 2000)
        for place, error in (
            (a_file / "store.db", "StoreUnwritable"), (a_file, "StoreUnwritable"), (tmp_path, "StoreUnwritable"),
            ("mysql://somewhere/x", "WrongOption"), ("nothing://", "WrongOption"),
        ):  # fmt: skip
            told = kit("session", "new", "--store", str(place), stored=False)
            self._is_one_line(told, lang, error)

    def test_a_store_that_is_not_there_is_not_made_by_looking(
        self, kit: Caller, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for call in (
            ("session", "list"), ("session", "show", "AAAAAA"), ("session", "close", "AAAAAA"),
            ("session", "host", "AAAAAA"), ("session", "key", "AAAAAA"), ("session", "purge", "--due"),
            ("report", "--all"), ("report", "AAAAAA"), ("import", "--session", "AAAAAA"), ("binder-link", "AAAAAA"),
            ("rehearse", "AAAAAA"), ("backup", str(tmp_path / "copy.db")),
        ):  # fmt: skip
            told = kit(*call)
            self._is_one_line(told, lang, "StoreMissing")
            assert str(kit.place) in told.err
        monkeypatch.setenv("KIT_STORE", str(kit.place))
        self._is_one_line(kit("session", "list", stored=False), lang, "StoreMissing")
        assert not kit.place.exists()

    def test_before_the_first_workshop_there_is_none(
        self, kit: Caller, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("KIT_STORE", raising=False)
        monkeypatch.setattr("kit.store.place._data_folder", lambda: tmp_path / "data")
        told = kit("session", "list", stored=False)
        assert (told.code, told.out.strip()) == (0, say(lang, "cli.no_sessions"))
        assert kit("session", "list", "--json", stored=False).json == []
        assert not (tmp_path / "data").exists()

    def test_a_store_of_a_newer_version_is_left_alone(self, kit: Caller, lang: str) -> None:
        kit("session", "new")
        with sqlite3.connect(kit.place) as file:
            file.execute("UPDATE kit_version SET version_num = '9999'" if self._has(file, "kit_version") else
                         "UPDATE alembic_version SET version_num = '9999'")  # fmt: skip
        for call in (("session", "list"), ("workshop", "--no-browser", "--port", "0"), ("serve", "--port", "0")):
            self._is_one_line(kit(*call), lang, "StoreTooNew")

    def test_a_port_in_use(self, kit: Caller, lang: str) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            for command in (("workshop", "--no-browser"), ("serve",)):
                told = kit(*command, "--host", "127.0.0.1", "--port", port)
                self._is_one_line(told, lang, "PortInUse")
                assert port in told.err
            for place in (("--port", port), ("--host", "nowhere.invalid"), ("--port", "99999")):
                kit("workshop", "--no-browser", *place)
        self._is_one_line(kit("session", "list"), lang, "StoreMissing")  # what is served nowhere is not made

    def test_a_number_that_is_too_large_is_told_the_largest(self, kit: Caller, lang: str) -> None:
        for option, value, most in (("--speed", "1001", "1000"), ("--port", "65536", "65535")):
            command = ("rehearse", "CODE") if option == "--speed" else ("serve",)
            told = kit(*command, option, value)
            assert (told.code, most in told.err) == (2, True), told.err

    @pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
    def test_a_folder_that_cannot_be_written(self, kit: Caller, lang: str, tmp_path: Path) -> None:
        code = kit("session", "new", "--json").json["code"]
        (tmp_path / "taken").write_text("x")
        told = kit("report", code, "--out", str(tmp_path / "taken" / "reports"))
        self._is_one_line(told, lang, "FolderUnwritable")

    @staticmethod
    def _has(file: sqlite3.Connection, table: str) -> bool:
        return bool(file.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall())

    @staticmethod
    def _is_one_line(told: Called, lang: str, error: str) -> None:
        assert told.code == 1, told.err
        assert told.out in ("", say(lang, "calls.starting") + "\n")
        assert told.err.startswith("kit: ")
        assert told.err.count("\n") == 1, told.err
        pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(section(lang, "errors")[error]))
        assert re.fullmatch(f"kit: {pattern}\n", told.err), told.err


class TestCheck:
    def test_what_is_installed_has_no_fault(self, kit: Caller, lang: str) -> None:
        told = kit("check", "--json", stored=False)
        assert told.code == 0
        assert told.json["faults"] == []
        assert set(told.json["checked"]) >= {"partnership", "reflection"}

    def test_a_folder_without_an_exercise(self, kit: Caller, lang: str, tmp_path: Path) -> None:
        assert kit("check", str(tmp_path), stored=False).code == 1

    def test_the_schemas_are_json(self, kit: Caller, tmp_path: Path) -> None:
        assert kit("check", "--schemas", str(tmp_path / "schemas"), stored=False).code == 0
        schemas = list((tmp_path / "schemas").iterdir())
        assert schemas
        for path in schemas:
            assert json.loads(path.read_text("utf-8"))[
                "$schema" if "$schema" in path.read_text("utf-8") else "properties"
            ]


class TestAsAProcess:
    """What can only be seen from outside: signals, pipes, the announcement."""

    def test_ctrl_c_ends_it_politely(self, tmp_path: Path) -> None:
        with serving(tmp_path) as made:
            assert Device(made.address).get(f"/j/{made.code}").status == 200
            made.process.send_signal(signal.SIGINT)
            assert made.process.wait(PATIENCE) == 0
            made.check_traces()
            assert "Traceback" not in made.log

    def test_a_rehearsed_workshop_fills_itself(self, tmp_path: Path) -> None:
        with serving(tmp_path, "--rehearse", "2", "--exercises", "reflection") as made:
            assert made.session().plans[0].state is State.OPEN
            with made.store() as store:
                eventually(lambda: store.sessions.counts(made.session_id).joined == 2, "two people join")
                eventually(lambda: store.sessions.counts(made.session_id).answered["reflection"] == 2, "and answer")
            # Ended in the middle of it or after: nothing may be left.

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    def test_a_reader_that_goes_away_is_no_failure(self, tmp_path: Path, unbuffered: str) -> None:
        code = self._kit(tmp_path, "session", "new", "--json").stdout
        assert json.loads(code)
        process = subprocess.Popen(
            [*KIT, "session", "list", "--store", str(tmp_path / "store.db")], cwd=ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment(tmp_path, tmp_path) | {"PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) == 0

    def test_accents_survive_a_narrow_terminal(self, tmp_path: Path) -> None:
        narrow = {"PYTHONIOENCODING": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        for what in ("new", "list"):
            done = self._kit(tmp_path, "session", what, **narrow)
            assert done.returncode == 0, done.stderr

    @staticmethod
    def _kit(folder: Path, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
        called: Sequence[str] = [*KIT, *argv, "--store", str(folder / "store.db")]
        own = environment(folder, folder) | env
        return subprocess.run(called, cwd=ROOT, env=own, capture_output=True, text=True, check=False, errors="replace")


def test_a_person_stays_when_the_store_is_served_again(tmp_path: Path) -> None:
    """`kit session new`, then `kit serve`: the same session, and its link opens the console, which stays open."""
    done = TestAsAProcess._kit(tmp_path, "session", "new", "--json")
    made = json.loads(done.stdout)
    with serving(tmp_path, command=("serve",)) as served:
        person = served.device()
        person.take_seat(made["code"])
        host = served.device()
        host.host(made["id"], made["host"].partition("#")[2].partition(".")[2])

        async def console() -> None:
            async with host.page("/console") as page:
                assert any("exercises" in (state.get("page") or {}) for state in page.states.values())

        run(console())
    with serving(tmp_path, command=("serve",)) as again:
        host.address = again.address
        run(console())
        assert again.device().get("/console").status == 403


class TestWords:
    """What a person reads who types something wrong, or nothing."""

    def test_every_sentence_of_argparse_is_ours(self, lang: str) -> None:
        """Each that can come up: those about how a program is written cannot, and we ask ourselves what was meant."""
        never = (
            "callable", "invalid argument for positionals", "__call__", "mode %r", "can't open", "multiple subparser",
            "two groups", "conflict", "dest=", "invalid option string", "must be optional", "unexpected option",
            "unknown parser", "default: ", "warning", "deprecated", "show program's version", "subcommands",
            "conflict_resolution", "maybe you meant",
        )  # fmt: skip
        for sentence in sorted(_argparse_says()):
            if not any(part in sentence for part in never):
                assert sentence in words.SENTENCES, sentence
        assert set(words.SENTENCES.values()) <= set(section(lang, "calls.argparse"))

    @pytest.mark.parametrize("call", [("--help",), ("--speak", "fr", "--help"), ("session",), ("story",)], ids=" ".join)
    def test_nothing_asked_lists_what_there_is(self, kit: Caller, call: tuple[str, ...]) -> None:
        told = kit(*call, stored=False)
        assert (told.code, told.err) == (0, "")
        below = parser() if "--help" in call else dict(commands(parser()))[call]
        for name in next(one.choices for one in below._actions if isinstance(one, _SubParsersAction)):
            assert re.search(rf"^  {name} +\S", told.out, re.MULTILINE), name

    @pytest.mark.parametrize(
        ("call", "near"),
        [
            (("worksop",), "workshop"), (("session", "lst"), "list"), (("workshop", "--titel", "x"), "--title"),
            (("workshop", "--exercise=x", "--lang", "fr", "--no-browsr"), "--no-browser"),
            (("session", "new", "--partner", "--jsn"), None), (("nothing-like-it",), None),
        ],
    )  # fmt: skip
    def test_a_typo_is_answered_with_what_is_near(
        self, kit: Caller, lang: str, call: tuple[str, ...], near: str | None
    ) -> None:
        told = kit(*call, stored=False)
        assert told.code == 2
        meant = say(lang, "calls.meant", known=near)
        assert (meant in told.err) is (near is not None), told.err

    def test_french_has_no_english_word(self, kit: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KIT_LANG", "en")
        for command in COMMANDS:
            told = kit("--speak", "fr", *command, "--help", stored=False).out
            assert not re.search(r"\b(usage|options?:|show this|SESSION|ADDRESS|FILE|STORY|TITLE|DIR)\b", told), told
            monkeypatch.setenv("KIT_LANG", "en")

    def test_a_database_whose_driver_is_not_installed(
        self, kit: Caller, lang: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        told = kit("session", "list", "--store", "postgresql://nobody@127.0.0.1/none", stored=False)
        assert told.code == 1
        assert "collaboration-kit[postgres]" in told.err
        assert told.err.count("\n") == 1


class TestStart:
    def test_a_word_comes_before_anything_heavy_is_loaded(self, tmp_path: Path) -> None:
        """Loading is held up at the first module that takes long: what is told by then is told at once."""
        (tmp_path / "sqlalchemy.py").write_text("import sys; sys.stdin.read()", "utf-8")
        process = subprocess.Popen(
            [*KIT, "workshop", "--no-browser"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            env=environment(tmp_path, tmp_path) | {"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == say("fr", "calls.starting") + "\n"
        process.communicate()

    def test_a_workshop_starts_without_what_nobody_needs(self) -> None:
        asked = (
            "import sys; from kit.quick import UNNEEDED, quickly\nwith quickly(): import kit.cli.running\n"
            "print([name for name in (*UNNEEDED, 'lark', 'arrow', 'matplotlib') if sys.modules.get(name)])"
        )
        done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


class TestGuides:
    def test_all_are_listed_by_name_and_title(self, kit: Caller, lang: str) -> None:
        told = kit("guide", stored=False)
        assert told.code == 0
        for name, title in guides.guides(lang).items():
            assert re.search(rf"^  {name} +{re.escape(title)}$", told.out, re.MULTILINE)
        assert {path.stem for path in (ROOT / "facilitation" / lang).glob("*.md")} == set(guides.guides(lang))

    def test_one_is_shown_in_either_language(self, kit: Caller, lang: str) -> None:
        for asked in LANGUAGES:
            told = kit("guide", "Disclosure-Protocol.md", "--lang", asked, stored=False)
            assert told.out.startswith(f"# {guides.guides(asked)['disclosure-protocol']}\n")
            assert len(told.out) > 1000

    def test_a_name_that_is_none(self, kit: Caller, lang: str) -> None:
        told = kit("guide", "nothing", stored=False)
        TestFailures._is_one_line(told, lang, "UnknownGuide")

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [("parnership", "partnership"), ("check-list", "checklist"), ("disclosure", "disclosure-protocol")],
    )
    def test_a_mistyped_name_is_led_to_the_nearest(self, kit: Caller, lang: str, typed: str, meant: str) -> None:
        told = kit("guide", typed, stored=False)
        TestFailures._is_one_line(told, lang, "MistypedGuide")
        assert f"kit guide {meant}" in told.err


def _argparse_says() -> set[str]:
    tree = ast.parse(Path(str(argparse.__file__)).read_text("utf-8"))
    called = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    said = [node.args for node in called if isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext")]
    return {one.value for args in said for one in args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
