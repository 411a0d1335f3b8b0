"""`kit new`: an exercise, an agenda or a language as files to fill in; `kit check` then says what is left to write."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from pathlib import Path
from typing import Any

import yaml

from kit.errors import AlreadyThere, FolderUnwritable, UnknownAgenda, WrongOption
from kit.sentences import MARK
from kit.texts import FALLBACK, default_language, languages, say, section

# As JupyterLab shows it (`kit/kernelspec`).
KERNEL = "Trousse de collaboration · Collaboration Kit"
STARTER = Path(__file__).parent / "starter"
WIDTH = 110
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,47}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def exercise(args: Namespace) -> int:
    """A package with one exercise, in a folder of its own."""
    from kit.content import known_sources
    from kit.exercise import exercises

    slug = args.slug
    if not _SLUG.fullmatch(slug):
        raise WrongOption(option="SLUG", value=slug[:48], allowed="a-z, 0-9, _")
    package, folder = f"kit_{slug}", (args.out or Path()) / f"kit-{slug.replace('_', '-')}"
    if slug in exercises():
        raise AlreadyThere(file=slug)
    _free(folder)
    letters = re.sub(r"[^A-Z0-9]", "", slug.upper())[:16]
    if f"{letters}-1" in known_sources():
        letters = "OWN"
    filled: dict[str, Any] = {
        "slug": slug, "package": package, "project": folder.name, "mark": MARK, "source": f"{letters}-1",
    }  # fmt: skip
    lang = default_language()
    for name in ("structure.yaml", "sources.yaml", "model.py", "summary.py"):
        _write(folder / package / name, _render(name, lang, filled))
    for each in languages():
        _write(folder / package / f"{each}.yaml", _render("texts.yaml", each, filled))
    _write(folder / package / "__init__.py", "")
    _write(folder / "tests" / "test_contract.py", _render("test_contract.py", lang, filled))
    _write(folder / "pyproject.toml", _render("pyproject.toml", lang, filled))
    _write(folder / f"{slug}.ipynb", notebook(slug))
    print(say(lang, "cli.new_exercise", folder=folder, package=package))
    return 0


def language(args: Namespace) -> int:
    """The files of one more language in this kit, each sentence with a mark before it until it is written."""
    import kit

    code, lang = args.code, default_language()
    if not _LANGUAGE.fullmatch(code):
        raise WrongOption(option="CODE", value=code[:48], allowed="es, ht, ar, …")
    root = Path(args.out or Path(kit.__file__).parent)
    _free(root / "texts" / code)
    own = Path(kit.__file__).parent
    source = lang if lang in languages() else FALLBACK
    written = sorted((own / "texts" / source).glob("*.yaml"))
    written += [path for part in ("exercises", "agenda") for path in sorted((own / part).rglob(f"{source}.yaml"))]
    for path in written:
        at = path.relative_to(own)
        to = root / (Path("texts", code, at.name) if at.parts[0] == "texts" else at.with_name(f"{code}.yaml"))
        content = _marked(yaml.safe_load(path.read_text("utf-8")))
        if at.name == "language.yaml":
            content = {"name": args.name or code}
        _write(to, yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=WIDTH))
    _write(root / "texts" / code / "cards.txt", (own / "texts" / source / "cards.txt").read_text("utf-8"))
    print(say(lang, "cli.new_language", folder=root / "texts" / code, n=len(written), code=code, mark=MARK))
    return 0


def agenda(args: Namespace) -> int:
    """An agenda of one's own: one of the kit's under another name, its title and purpose still to be written."""
    from kit.agenda.model import shipped

    name, known = args.name, shipped()
    if not _SLUG.fullmatch(name):
        raise WrongOption(option="NAME", value=name[:48], allowed="a-z, 0-9, _")
    if name in known:
        raise AlreadyThere(file=name)
    if args.like not in known:
        raise UnknownAgenda(agenda=args.like[:64], known=", ".join(known))
    folder, own = (args.out or Path()) / name, known[args.like]
    _free(folder)
    lang = default_language()
    structure = own.joinpath("structure.yaml").read_text("utf-8").split("\n", 1)[1]
    head = f"# {say(lang, 'new.agenda')}\n"
    _write(folder / "structure.yaml", head + structure.replace(f"slug: {args.like}", f"slug: {name}", 1))
    for each in languages():
        told = yaml.safe_load(own.joinpath(f"{each}.yaml").read_text("utf-8"))
        told |= {key: f"{MARK} {told[key]}" for key in ("title", "purpose")}
        text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=WIDTH)
        _write(folder / f"{each}.yaml", f"# {say(each, 'new.agenda_texts')}\n{text}")
    print(say(lang, "cli.new_agenda", folder=folder))
    return 0


def region(args: Namespace) -> int:
    """A regional pack to fill in, made of the worked example without its programs."""
    from kit import regions

    name = args.name
    if not _SLUG.fullmatch(name) or name == regions.EXAMPLE:
        raise WrongOption(option="NAME", value=name[:48], allowed="a-z, 0-9, _")
    folder = (args.out or regions.home()) / name
    _free(folder)
    for path in sorted(regions.folders()[regions.EXAMPLE].glob("*.yaml")):
        # They come last in each file.
        text, _, _ = path.read_text("utf-8").partition("\nprograms:")
        text = re.sub(r"^# Un exemple.*\n", "", re.sub(r"^region: .*$", f"region: {name}", text, flags=re.MULTILINE))
        text = re.sub(r'^name: ".*"$', f'name: "{name.capitalize()}"', text, flags=re.MULTILINE)
        _write(folder / path.name, f"{text}\n")
    print(say(default_language(), "cli.new_region", folder=folder, name=name, mark=MARK))
    return 0


def notebook(slug: str) -> str:
    """The one form of the notebooks in which an exercise is studied alone."""
    cell: dict[str, object] = {
        "cell_type": "code", "execution_count": None, "id": "open", "metadata": {}, "outputs": [],
        "source": ["import kit\n", "\n", f'kit.open_exercise("{slug}")'],
    }  # fmt: skip
    kernel = {"display_name": KERNEL, "language": "python", "name": "collaboration-kit"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "voila": {"template": "kit"}}
    book = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _render(name: str, lang: str, filled: dict[str, Any]) -> str:
    import jinja2

    text = (STARTER / f"{name}.j2").read_text("utf-8")
    template = jinja2.Environment(autoescape=False, keep_trailing_newline=True).from_string(text)
    return template.render(**filled, t=section(lang, "new"))


def _marked(node: object) -> object:
    if isinstance(node, dict):
        return {key: _marked(below) for key, below in node.items()}
    if isinstance(node, list):
        return [_marked(below) for below in node]
    return f"{MARK} {node}" if isinstance(node, str) else node


def _free(folder: Path) -> None:
    """Nothing that is there is written over."""
    if folder.exists():
        raise AlreadyThere(file=folder)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise FolderUnwritable(folder=path.parent, reason=error.strerror or error) from None
