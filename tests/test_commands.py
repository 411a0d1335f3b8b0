"""Every command in a guide, a README or a document runs as it stands there, in a fresh folder.

Words in capitals stand for what a reader has: a code, a file, a folder. What needs the internet, another system, or
more than a minute is not run: of it, the test asks whether its options and files are there.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from io import StringIO
from itertools import product, takewhile
from pathlib import Path
from random import Random

import pytest

from kit import transfer
from kit.cli.calls import parser
from kit.exercise import exercise
from kit.session import Mode, Plan, Sector, Session, State, fingerprint, new_code, new_id
from kit.store import Store
from kit.transfer import AnswersFile
from tests.support.calling import kit as called
from tests.support.long import LONG
from tests.support.waiting import PATIENCE, eventually

ROOT = Path(__file__).parents[1]
DOCUMENTS = (
    *ROOT.glob("facilitation/**/*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("README*.md"),
    *ROOT.glob("kit/serving/frontend/README*.md"),
    *ROOT.glob("bench/*.md"),
    ROOT / "CONTRIBUTING.md",
)
BLOCK = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
# With the folder of the environment that a document has made, whatever it is called there.
STARTS = re.compile(
    r"([.\w-]+/bin/|[.\w-]+\\Scripts\\)?"
    r"(kit|make|python3?|py|pip|pipx|uvx?|voila|jupyter|npm|psql|pg_dump|pg_restore)( |$)"
)
# The same word in either language, and what a reader would have in its place.
FRENCH = {"FICHIER": "FILE", "DOSSIER": "FOLDER", "NOM": "NAME", "ADRESSE": "ADDRESS", "CHEMIN": "PATH", "LOT": "BATCH"}
# The page opens without any word too.
SERVES = ("workshop", "serve", "start", "")
# A network, a room that is running, or a package registry; see `test_options_exist`.
ONLY_LOOKED_AT = ("take-along", "rehearse")
# Values that any command takes where a document has a word in capitals.
FILLED = {"N": "3"}


@dataclass(frozen=True)
class Stage:
    """What a reader has by then: a home, a store with a session, files."""

    home: Path
    words: Mapping[str, str]

    @property
    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "KIT_"))}
        fonts = os.environ.get("MPLCONFIGDIR") or str(Path.home() / ".cache" / "matplotlib")
        # No browser opens: `true` is asked to.
        return kept | {
            "HOME": str(self.home), "KIT_STORE": str(self.home / "store.db"), "KIT_LANG": "en", "BROWSER": "true",
            "MPLCONFIGDIR": fonts,
        }  # fmt: skip


def written(document: Path) -> Iterator[str]:
    """The commands in a document, one line each."""
    for block, inline in BLOCK.findall(document.read_text("utf-8")):
        for line in (block or inline).replace("\\\n", " ").splitlines():
            if STARTS.match(line.strip().removeprefix("$ ")):
                yield line.strip().removeprefix("$ ")


def spelled_out(line: str) -> Iterator[list[str]]:
    """The calls that a line stands for: `[NAME]` may be left out, and `a \\| b` is one or the other."""
    line = line.replace("\\|", "|").replace("…", "")
    for left_out in (False, True) if "[" in line else (False,):
        said = re.sub(r"\[[^]]*\]", "", line) if left_out else line.replace("[", "").replace("]", "")
        words = [part.split("|") for part in re.sub(r"\s*\|\s*", "|", said).split(" ")] if "|" in said else None
        for one in product(*words) if words else [shlex.split(said.replace("\\", "/"), comments=True)]:
            called = [FRENCH.get(word, word) for word in one if word]
            # The same command in another folder is the same command.
            yield ["kit", *called[1:]] if own(tuple(called)) else called


def calls() -> list[tuple[str, ...]]:
    """Every call that stands anywhere, once."""
    lines = {line for document in DOCUMENTS for line in written(document)}
    return sorted({tuple(call) for line in lines for call in spelled_out(line)})


def own(call: tuple[str, ...]) -> bool:
    return Path(call[0]).name == "kit"


def command_of(call: tuple[str, ...]) -> str:
    return next((word for word in call[1:] if not word.startswith("-")), "")


def only_looked_at(call: tuple[str, ...]) -> bool:
    """Whether a call is not run: `kit new language` would write into the kit that the tests run on."""
    return command_of(call) in ONLY_LOOKED_AT or call[1:3] == ("new", "language")


def names_only(call: tuple[str, ...]) -> bool:
    """Whether a document speaks of a command (`kit import`), and does not say how to call it."""
    # These ask which one, or whether all.
    if call in (("kit",), ("kit", "report"), ("kit", "session", "purge")):
        return call != ("kit",)
    try:
        parser().parse_args([FILLED.get(word, word) for word in call[1:]])
    except SystemExit:
        return len(call) <= 3 and all(re.fullmatch(r"[a-z-]+", word) for word in call[1:])
    return False


def with_something_new(calls: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Of these calls the fewest in which every command and every option is: whoever gives most of them comes first."""
    seen: set[str] = set()
    for call in sorted(calls, key=lambda one: (-len(one), one)):
        given = {command_of(call), *(word for word in call if word.startswith("--"))}
        if given - seen:
            seen |= given
            yield call


def is_made_by_session_new(call: tuple[str, ...]) -> bool:
    """Whether a call says what a workshop is to be like, and nothing of how it is served."""
    if command_of(call) != "workshop" or len(call) == 2:
        return False
    at = call.index("workshop")
    try:
        with redirect_stderr(StringIO()):
            parser().parse_args([*call[1:at], "session", "new", *call[at + 1 :]])
    except SystemExit:
        return False
    return True


OWN = [call for call in calls() if own(call) and not only_looked_at(call)]
NAMED = [call for call in OWN if names_only(call)]
RUN = [call for call in OWN if call not in NAMED and command_of(call) not in SERVES]
SERVED = [
    call
    for call in OWN
    if call not in NAMED and command_of(call) in SERVES and not {"--help", "--version"} & set(call)
]
# Those that are served: one of each command, and of those that say how to serve. What a workshop is to be like is the
# same for `kit session new`.
STARTED = list(with_something_new([call for call in SERVED if not is_made_by_session_new(call)]))
MADE = [call for call in SERVED if call not in STARTED and is_made_by_session_new(call)]
LOOKED_AT = [
    *(call for call in SERVED if call not in (*STARTED, *MADE)),
    *(call for call in calls() if own(call) and only_looked_at(call)),
]
OTHERS = [call for call in calls() if not own(call)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Files, and a store with a workshop that nine people have answered: what each test has a copy of."""
    folder = tmp_path_factory.mktemp("stage")
    words = {
        "CODE": "", "FILE": "file", "FOLDER": "answers", "NAME": "checklist", "PATH": "pulse", "DIR": "pulse",
        "SLUG": "small", "STORY": "two_missions", "ADDRESS": "https://example.org", "BATCH": "", "SESSION": "",
        "LANG": "en", "N": "3",
    }  # fmt: skip
    slugs = ("pulse", "reflection")
    with Store.open(folder / "store.db") as store:
        made = Session(
            new_id(),
            new_code(),
            "Tuesday",
            "en",
            Mode.ANONYMOUS,
            3,
            tuple(Plan(slug) for slug in slugs),
            secret=new_id(),
        )
        session = store.sessions.add(made, fingerprint("key"))
        rng = Random(1)
        for slug in slugs:
            store.sessions.set_state(session.id, slug, State.OPEN)
        for _ in range(9):
            person, _ = store.seats.take(session, Sector.COMMUNITY, None, "en")
            for slug in slugs:
                for item, value in exercise(slug).rehearse(rng, Sector.COMMUNITY, "en", ()):
                    store.answers.save(person.id, slug, item, value, 1)
    words["CODE"] = words["SESSION"] = session.code
    work = folder / "work"
    (work / "answers").mkdir(parents=True)
    (work / "answers" / "one.json").write_bytes(answers_file())
    shutil.copytree(ROOT / "kit" / "exercises" / "pulse", work / "pulse")
    return Stage(folder, words)


@pytest.fixture
def stage(whole: Stage, tmp_path: Path) -> Stage:
    """A fresh folder with all of it."""
    shutil.copytree(whole.home, tmp_path, dirs_exist_ok=True)
    return Stage(tmp_path, whole.words)


def answers_file() -> bytes:
    """A file that somebody at home has sent."""
    said = dict(exercise("reflection").rehearse(Random(1), Sector.COMMUNITY, "en", ()))
    return transfer.write(AnswersFile(edition=1, lang="en", exercises={"reflection": said}, sector=Sector.COMMUNITY))


def filled(call: tuple[str, ...], stage: Stage) -> list[str]:
    """The call with what this reader has."""
    return [stage.words.get(word, word) for word in call[1:]]


def kit(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it at a terminal, at which somebody says yes to whatever is asked.

    In this process: that `kit` leads there is the same for all, and those that serve are processes of their own.
    """
    return called(*words, env=stage.env, cwd=stage.home / "work", asks=True)


def ready(stage: Stage, call: tuple[str, ...]) -> Stage:
    """What the guide has had the reader do before this call."""
    if "key.txt" in call and "--bring-back" in call:
        assert kit(stage, "session", "key", stage.words["CODE"], "--out", "key.txt").returncode == 0
    if "--undo" in call:
        taken = kit(stage, "import", "answers", "--session", stage.words["CODE"], "--yes")
        assert taken.returncode == 0, taken.stderr
        with Store.open(stage.home / "store.db") as store:
            (batch,) = store.imports.batches(store.sessions.by_code(stage.words["CODE"]).id)
        return Stage(stage.home, {**stage.words, "BATCH": batch.id})
    if call[1:3] == ("session", "agenda"):
        made = kit(stage, "session", "new", "--agenda", "half_day")
        assert made.returncode == 0, made.stderr
        with Store.open(stage.home / "store.db") as store:
            (code,) = (one.code for one in store.sessions.all() if one.code != stage.words["CODE"])
        return Stage(stage.home, {**stage.words, "CODE": code})
    if "reopen" in call or "--answers" in call:
        assert kit(stage, "session", "close", stage.words["CODE"]).returncode == 0
    if command_of(call) == "check":
        return Stage(stage.home, {**stage.words, "FOLDER": "pulse"})
    if command_of(call) == "story" and "import" in call:
        for name in ("file", "my_story.twee"):
            assert kit(stage, "story", "export", "two_missions", "--out", name).returncode == 0
    if command_of(call) == "import" and "FILE" in call:
        shutil.copy(stage.home / "work" / "answers" / "one.json", stage.home / "work" / "file")
    return stage


def test_commands_were_found() -> None:
    assert len(RUN) > 20
    assert {command_of(call) for call in STARTED} == set(SERVES)
    assert NAMED
    assert LOOKED_AT
    assert OTHERS


@pytest.mark.parametrize("call", NAMED, ids=" ".join)
def test_a_command_that_is_named_is_there(call: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*call[1:], "--help"])
    assert ended.value.code == 0
    named = ("kit", *takewhile(lambda word: not word.startswith("-"), call[1:]))
    assert " ".join(named) in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("call", RUN if LONG else list(with_something_new(RUN)), ids=" ".join)
def test_a_command_does_what_its_document_says(call: tuple[str, ...], stage: Stage) -> None:
    stage = ready(stage, call)
    done = kit(stage, *filled(call, stage))
    # A story that came back has no text in the other language yet, and the kit says so.
    # A report of a workshop in which nothing was revealed says so.
    fine = (0, 1) if call[1:3] == ("story", "import") else (0, 3) if call[1] == "report" else (0,)
    assert done.returncode in fine, f"{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    if "purge" in call and "--help" not in call:
        with Store.open(stage.home / "store.db") as store:
            left = [bool(one.emptied_on) for one in store.sessions.all()]
            # What is not due stays.
            due = [False] if "--due" in call else []
            assert left == ([True] if "--answers" in call else due), "what the guide says is removed is removed"


def is_listened_to(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def stopped(process: subprocess.Popen[bytes]) -> int:
    """Ctrl-C, as often as somebody presses it: one that comes while Python tidies up is lost."""
    for _ in range(6):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(PATIENCE / 6)
    process.kill()
    raise AssertionError("it does not end")


@pytest.mark.slow
@pytest.mark.parametrize("call", STARTED, ids=" ".join)
def test_a_command_that_serves_says_where(call: tuple[str, ...], stage: Stage) -> None:
    log = stage.home / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kit", *filled(call, stage)], cwd=stage.home / "work", env=stage.env, stdout=out,
            stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:

        def told() -> bool:
            text = log.read_text("utf-8", errors="replace")
            assert process.poll() is None, text
            return "http://" in text

        eventually(told, "it says where it is")
        # Not in the middle of what it still loads: whoever stops it has seen its page.
        port = int(re.findall(r"http://[^/\s:]+:(\d+)", log.read_text("utf-8"))[-1])
        eventually(lambda: is_listened_to(port), "somebody answers there")
    finally:
        ended = stopped(process)
    # Whoever stops the page with Ctrl-C has broken it off.
    assert ended in ((0, 130) if command_of(call) in ("start", "") else (0,)), log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("call", MADE, ids=" ".join)
def test_what_a_command_would_serve_can_be_made(call: tuple[str, ...], stage: Stage) -> None:
    """That it is served is the same for all of them: `test_a_command_that_serves_says_where`."""
    at = call.index("workshop")
    done = kit(stage, *filled((*call[:at], "session", "new", *call[at + 1 :]), stage))
    assert done.returncode == 0, done.stderr
    assert "/host#" in done.stdout


@pytest.mark.parametrize("call", LOOKED_AT, ids=" ".join)
def test_options_exist(call: tuple[str, ...]) -> None:
    if not names_only(call):
        parser().parse_args([FILLED.get(word, word) for word in call[1:]])


@pytest.mark.parametrize("call", OTHERS, ids=" ".join)
def test_other_programs_find_what_they_are_called_for(call: tuple[str, ...]) -> None:
    program, words = Path(call[0]).name, list(call[1:])
    if program == "make":
        targets = [word for word in words if "=" not in word]
        done = subprocess.run(["make", "-n", *targets], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not targets, done.stderr
    elif "-m" in words:
        module = words[words.index("-m") + 1]
        assert find_spec(module) is not None, module
    for word in words:
        if word.endswith(".py"):
            assert (ROOT / word).is_file(), word
        if word.startswith("--") and "tools/setup.py" in words:
            assert word in (ROOT / "tools" / "setup.py").read_text("utf-8")
    if program in ("psql", "pg_dump", "pg_restore") and (found := shutil.which(program)):
        told = subprocess.run([found, "--help"], capture_output=True, text=True, check=True).stdout
        options = [word.partition("=")[0] for word in words if word.startswith("-")]
        assert [one for one in options if one not in told] == []
    if program == "npm":
        scripts = json.loads((ROOT / "kit/serving/frontend/package.json").read_text("utf-8"))["scripts"]
        assert words[:1] == ["ci"] or words[0] in scripts or words[1:2][0] in scripts
    if program == "voila" and words:
        assert (ROOT / words[0]).exists()
