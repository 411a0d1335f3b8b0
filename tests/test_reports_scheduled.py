"""docs/reports.md and the examples beside it: their commands make reports, as far as this machine is the one meant."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest
import yaml

from kit.cli.calls import parser
from kit.reports import theme
from kit.reports.document import Look
from kit.session import Session
from tests.support.workshop import ROOT
from tests.test_report_batches import place, sessions

__all__ = ["place", "sessions"]
KIT = Path(sys.executable).with_name("kit")
EXAMPLES = ROOT / "docs" / "scheduled"
# What cron gives a command.
BARE = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}


def made(folder: Path) -> set[str]:
    return {path.suffix for path in folder.glob("report-*")}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="cron's shell")
def test_crons_line_makes_reports(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    lines = [line for line in (EXAMPLES / "crontab").read_text("utf-8").splitlines() if not line.startswith("#")]
    named = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    (line,) = [line for line in lines if line.split("=")[0] not in named]
    when, command = line.split(None, 5)[:5], line.split(None, 5)[5]
    assert when == ["0", "6", "*", "*", "1"]
    assert "%" not in command, "a line's end, to cron"
    command = command.replace("/srv/kit/.venv/bin/kit", shlex.quote(str(KIT))).replace("/srv/kit", str(tmp_path))
    env = {**BARE, **named, "KIT_STORE": str(place), "HOME": str(tmp_path)}
    done = subprocess.run(["/bin/sh", "-c", command], env=env, cwd="/", capture_output=True, text=True, check=False)
    log = (tmp_path / "reports.log").read_text("utf-8")
    assert (done.returncode, done.stdout + done.stderr) == (0, ""), log
    assert made(tmp_path / "reports") == {".html", ".pdf"}
    assert f"report-{sessions[0].code}" in log


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a workflow's shell")
def test_the_workflow_makes_reports_and_gives_nothing_away(
    place: Path, sessions: list[Session], tmp_path: Path
) -> None:
    told = yaml.safe_load((EXAMPLES / "workflow.yml").read_text("utf-8"))
    (job,) = told["jobs"].values()
    assert job["runs-on"] == "self-hosted"
    assert told["permissions"] == {}
    assert not [step for step in job["steps"] if "uses" in step], "nothing is uploaded, nothing else is run"
    assert job["env"]["KIT_STORE"] == "${{ secrets.KIT_STORE }}"
    (step,) = job["steps"]
    env = {**BARE, **job["env"], "KIT_STORE": str(place), "HOME": str(tmp_path)}
    env["PATH"] = f"{KIT.parent}:{env['PATH']}"
    # As Actions runs a step.
    done = subprocess.run(["bash", "-e", "-c", step["run"]], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert made(tmp_path / "reports") == {".html", ".pdf"}
    assert sessions[0].code in done.stdout


def test_windows_task_calls_what_there_is() -> None:
    lines = (EXAMPLES / "task.cmd").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if not line.startswith("@rem")]
    program, *words = re.findall(r'"[^"]*"|\S+', line)
    assert program == "schtasks"
    asked = {name: value.strip('"') for name, value in zip(words[1::2], words[2::2], strict=True)}
    assert set(asked) == {"/TN", "/SC", "/D", "/ST", "/TR"}
    assert len(asked["/TR"]) <= 261, "more is refused"
    call = shlex.split(asked["/TR"].replace("\\", "/"))
    assert PureWindowsPath(call[0]).stem == "kit"
    args = parser().parse_args(call[1:])
    assert (args.all, args.jobs, args.format) == (True, 2, ["html,pdf"])


@pytest.mark.parametrize("page", ["reports.md", "reports.fr.md"])
def test_the_themes_lines_are_a_theme(page: str, tmp_path: Path) -> None:
    written = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL)
    (tmp_path / "logo.png").write_bytes((ROOT / "docs" / "pictures" / "report.png").read_bytes())
    (tmp_path / "theme.yaml").write_text(written[0], "utf-8")
    assert theme.read(tmp_path / "theme.yaml", Look()).name == "Table locale"


def test_the_programs_lines_make_reports(place: Path, sessions: list[Session], tmp_path: Path) -> None:
    pages = [(ROOT / "docs" / page).read_text("utf-8") for page in ("reports.md", "reports.fr.md")]
    (code,) = {re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0] for page in pages}
    code = code.replace("ACD347", sessions[0].code).replace('("html", "pdf")', '("html",)')
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "KIT_STORE": str(place)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("made reports") == 2
