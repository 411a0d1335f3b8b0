"""What somebody else brings: an exercise in a package of its own, and a language, put on the path as pip would."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")


def install(site: Path, package: str = "warmup") -> Path:
    """Lay the package and its dist-info into `site`, a folder for PYTHONPATH; gives the package's folder."""
    shutil.copytree(HERE / "warmup", site / package, ignore=LEFT_OUT)
    info = site / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[kit.exercises]\n{package} = {package}\n", "utf-8")
    return site / package


def kit_with_language(site: Path, lang: str, name: str, mark: str, without: tuple[str, ...] = ()) -> None:
    """A copy of the kit with the files of one more language: the English ones, each sentence with a mark before it.

    `without` names exercises that are not written in it yet.
    """
    for folder in ("kit", "notebooks", "facilitation"):
        shutil.copytree(ROOT / folder, site / folder, ignore=LEFT_OUT)
    texts = site / "kit" / "texts"
    shutil.copytree(texts / "en", texts / lang)
    cards = (texts / lang / "cards.txt").read_text("utf-8").split()
    (texts / lang / "cards.txt").write_text("\n".join(f"{word}{lang}" for word in cards), "utf-8")
    written = [*(texts / lang).glob("*.yaml")]
    for english in [one for part in ("exercises", "agenda") for one in (site / "kit" / part).rglob("en.yaml")]:
        if not set(without) & set(english.parts):
            written.append(english.with_name(f"{lang}.yaml"))
            shutil.copy(english, written[-1])
    for path in written:
        content = _marked(yaml.safe_load(path.read_text("utf-8")), mark)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    (texts / lang / "language.yaml").write_text(f'name: "{name}"\nsmall: "el la los una"\n', "utf-8")


def environment(site: Path) -> dict[str, str]:
    """What makes Python look into `site` first, and not into the folder where it is called."""
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def _marked(node: object, mark: str) -> object:
    if isinstance(node, dict):
        return {key: _marked(below, mark) for key, below in node.items()}
    if isinstance(node, list):
        return [_marked(below, mark) for below in node]
    return f"{mark}{node}" if isinstance(node, str) else node
