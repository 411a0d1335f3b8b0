"""The examples in docs/hosting say what is true of this kit: every option, every file, every address."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from kit.cli.calls import parser
from kit.serving.site import site
from tests.support.workshop import ROOT

EXAMPLES = ROOT / "docs" / "hosting"


def text(name: str) -> str:
    return (EXAMPLES / name).read_text("utf-8")


def calls() -> dict[str, list[str]]:
    """Every command in the examples, by where it stands."""
    found = {}
    for file in sorted(EXAMPLES.iterdir()):
        whole = file.read_text("utf-8").replace("\\\n#", " ").replace("\\\n", " ")
        for number, line in enumerate(re.findall(r"(?:^#\s+|ExecStart=\S*/|\s)(kit serve\b[^\n]*)", whole, re.M)):
            found[f"{file.name} {number}"] = shlex.split(line)
    return found


@pytest.mark.parametrize("where", sorted(calls()))
def test_every_command_can_be_called(where: str) -> None:
    args = parser().parse_args(calls()[where][1:])
    assert site(args.address, args.base_url, args.behind_proxy, args.allow_host).address == args.address


def test_each_example_has_its_command() -> None:
    assert {where.split()[0] for where in calls()} == {"nginx.conf", "kit.service", "Containerfile"}


def test_the_container_copies_what_there_is() -> None:
    copied = [part for line in re.findall(r"^COPY (.*)$", text("Containerfile"), re.M) for part in line.split()[:-1]]
    assert copied
    assert not [part for part in copied if not (ROOT / part).exists()]
    built = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in re.findall(r'^"(\w+)" = "kit/', built, re.M):
        assert name in copied, f"the wheel takes {name}, so the container must have it"
    assert "postgres = [" in built


def test_the_container_asks_for_its_health_where_it_serves() -> None:
    port = re.search(r'CMD \["kit", "serve", "--port", "(\d+)"\]', text("Containerfile"))
    assert port
    assert f"EXPOSE {port[1]}" in text("Containerfile")
    assert f"http://127.0.0.1:{port[1]}/healthz" in text("Containerfile")


def test_the_hub_starts_a_server_below_the_path_that_it_leads_to() -> None:
    config = SimpleNamespace(JupyterHub=SimpleNamespace())
    exec(compile(text("jupyterhub_config.py"), "jupyterhub_config.py", "exec"), {"get_config": lambda: config})
    (service,) = config.JupyterHub.services
    args = parser().parse_args(service["command"][1:])
    where = site(args.address, args.base_url, args.behind_proxy, args.allow_host)
    assert where.base == f"/services/{service['name']}"
    assert service["url"] == f"http://{args.host}:{args.port}"
    assert where.believes("127.0.0.1")


def test_the_unit_is_sound(tmp_path: Path) -> None:
    lines = text("kit.service")
    for part in ("[Unit]", "[Service]", "[Install]", "EnvironmentFile=/etc/kit.env", "Restart=always"):
        assert part in lines, part
    assert "postgresql://" not in re.sub(r"^#.*$", "", lines, flags=re.M), "no password in a unit"
    program = shutil.which("systemd-analyze")
    if program is None:
        return
    here = tmp_path / "kit.service"
    here.write_text(lines.replace("/opt/kit/bin/kit", "/bin/true"))
    told = subprocess.run([program, "verify", str(here)], capture_output=True, text=True, check=False)
    assert not [line for line in told.stderr.splitlines() if "kit.service" in line], told.stderr


@pytest.mark.parametrize("name", ["hosting.md", "hosting.fr.md"])
def test_the_page_names_every_option_and_links_every_example(name: str) -> None:
    page = (ROOT / "docs" / name).read_text("utf-8")
    for option in ("--address", "--base-url", "--behind-proxy", "--allow-host", "--certfile", "--keyfile", "KIT_STORE"):
        assert option in page, option
    assert set(re.findall(r"\(hosting/([\w.]+)\)", page)) == {one.name for one in EXAMPLES.iterdir()}
    for said in re.findall(r"`(kit [\w ]+)", page):
        with pytest.raises(SystemExit) as end:
            parser().parse_args([*said.split()[1:2], "--help"])
        assert end.value.code == 0, said
