"""What can be called, and with what: the commands and their options."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from kit import __version__
from kit.cli import (
    checking,
    commands,
    doctor,
    guides,
    imports,
    keeping,
    new,
    reports,
    start,
    stories,
    take_along,
    words,
)
from kit.serving.site import LOOPBACK
from kit.session import (
    EXPECTED_DEFAULT,
    EXPECTED_MOST,
    K_DEFAULT,
    K_LEAST,
    KEEP_DAYS,
    KEEP_MOST,
    TAG_LONGEST,
    Mode,
    Sector,
    tidy_room,
    tidy_tag,
)
from kit.texts import default_language, languages, say

MOST_PORTS = 65535
# Beyond it, simulated people would measure the machine and not play a room.
FASTEST = 1000


def parser() -> ArgumentParser:
    """The whole command line, with its help in the person's language."""
    words.speak()
    top = words.Caller(prog="kit", description=_t("about"))
    top.add_argument("--version", action="version", version=f"kit {__version__}", help=_word("version"))
    top.add_argument("--speak", choices=languages(), help=_t("speak"))
    sub = top.add_subparsers(metavar=_t("command"), required=True)
    _start(sub.add_parser("start", help=_word("start"), description=_word("start")))
    _workshop(sub.add_parser("workshop", help=_t("workshop"), description=_t("workshop")))
    _serve(sub.add_parser("serve", help=_t("serve"), description=_t("serve")))
    _backup(sub.add_parser("backup", help=_t("backup"), description=_t("backup")))
    _session(sub.add_parser("session", help=_t("session"), description=_t("session")))
    _rehearse(sub.add_parser("rehearse", help=_t("rehearse"), description=_t("rehearse")))
    _report(sub.add_parser("report", help=_t("report"), description=_t("report")))
    _import(sub.add_parser("import", help=_t("import"), description=_t("import")))
    _binder_link(sub.add_parser("binder-link", help=_t("binder_link"), description=_t("binder_link")))
    _doctor(sub.add_parser("doctor", help=_word("doctor"), description=_word("doctor")))
    _guide(sub.add_parser("guide", help=_word("guide"), description=_word("guide")))
    _take_along(sub.add_parser("take-along", help=_word("take_along"), description=_word("take_along")))
    _check(sub.add_parser("check", help=_t("check"), description=_t("check")))
    _story(sub.add_parser("story", help=_t("story"), description=_t("story")))
    _new(sub.add_parser("new", help=_t("new"), description=_t("new")))
    return top


def _start(call: ArgumentParser) -> None:
    call.add_argument("--no-browser", action="store_true", help=_word("start_no_browser"))
    call.add_argument("--page-port", type=int, default=0, metavar="PORT", help=_word("start_port"))
    call.add_argument("--packs", type=Path, metavar="DIR", help=_word("start_packs"))
    _region(call)
    _store(call)
    call.set_defaults(run=start.start)


def _workshop(call: ArgumentParser) -> None:
    _new_session(call)
    _network(call)
    _region(call)
    call.add_argument("--rehearse", type=_count, metavar="N", default=0, help=_t("with_rehearsal"))
    _speed(call)
    # For a program that removes the store of a practice itself.
    call.add_argument("--store-passes", action="store_true", help=argparse.SUPPRESS)
    call.add_argument("--no-browser", action="store_true", help=_t("no_browser"))
    call.set_defaults(run=commands.workshop)


def _serve(call: ArgumentParser) -> None:
    _store(call)
    _network(call)
    call.add_argument("--lang", choices=languages(), default=default_language(), help=_t("lang"))
    _region(call)
    call.set_defaults(run=commands.serve)


def _backup(call: ArgumentParser) -> None:
    call.add_argument("file", type=Path, metavar="FILE", help=_t("backup_file"))
    _store(call)
    call.set_defaults(run=commands.backup)


def _session(call: ArgumentParser) -> None:
    sub = call.add_subparsers(metavar=_t("command"), required=True)
    new = sub.add_parser("new", help=_t("session_new"), description=_t("session_new"))
    _new_session(new)
    _json(new)
    new.set_defaults(run=commands.session_new)
    for name, run in (
        ("list", commands.session_list), ("show", commands.session_show), ("close", commands.session_close),
        ("reopen", commands.session_reopen), ("purge", keeping.session_purge),
    ):  # fmt: skip
        one = sub.add_parser(name, help=_t(f"session_{name}"), description=_t(f"session_{name}"))
        if name == "purge":
            one.add_argument("session", metavar="SESSION", nargs="?", help=_t("which"))
            one.add_argument("--due", action="store_true", help=_t("purge_due"))
        elif name != "list":
            one.add_argument("session", metavar="SESSION", help=_t("which"))
        if name == "purge":
            one.add_argument("--answers", action="store_true", help=_t("purge_answers"))
            one.add_argument("--yes", action="store_true", help=_t("sure"))
        if name == "list":
            one.add_argument("--tag", action="append", type=_tag, default=[], metavar="TAG", help=_t("tagged"))
        _store(one)
        _json(one)
        one.set_defaults(run=run)
    tag = sub.add_parser("tag", help=_t("session_tag"), description=_t("session_tag"))
    tag.add_argument("session", metavar="SESSION", help=_t("which"))
    tag.add_argument("tags", metavar="TAG", nargs="*", type=_tag, help=_t("tags"))
    tag.add_argument("--remove", action="append", type=_tag, default=[], metavar="TAG", help=_t("untag"))
    _store(tag)
    _json(tag)
    tag.set_defaults(run=commands.session_tag)
    went = sub.add_parser("agenda", help=_t("session_agenda"), description=_t("session_agenda"))
    went.add_argument("session", metavar="SESSION", help=_t("which"))
    went.add_argument("--out", type=Path, required=True, metavar="FILE", help=_t("agenda_out"))
    went.add_argument("--lang", choices=languages(), default=default_language(), help=_t("agenda_lang"))
    _store(went)
    went.set_defaults(run=keeping.session_agenda)
    host = sub.add_parser("host", help=_t("session_host"), description=_t("session_host"))
    host.add_argument("session", metavar="SESSION", help=_t("which"))
    host.add_argument("--address", default="http://127.0.0.1:8866", metavar="URL", help=_t("host_address"))
    _store(host)
    _json(host)
    host.set_defaults(run=commands.session_host)
    key = sub.add_parser("key", help=_t("session_key"), description=_t("session_key"))
    key.add_argument("session", metavar="SESSION", help=_t("which"))
    key.add_argument("--out", type=Path, metavar="FILE", help=_t("key_out"))
    key.add_argument("--bring-back", type=Path, metavar="FILE", help=_t("key_back"))
    _store(key)
    key.set_defaults(run=imports.session_key)


def _import(call: ArgumentParser) -> None:
    call.add_argument("files", type=Path, nargs="*", metavar="FILE", help=_t("import_files"))
    call.add_argument("--session", required=True, metavar="SESSION", help=_t("which"))
    call.add_argument("--dry-run", action="store_true", help=_t("import_dry_run"))
    call.add_argument("--yes", action="store_true", help=_t("import_sure"))
    call.add_argument("--undo", metavar="BATCH", help=_t("import_undo"))
    call.add_argument("--sector", metavar="SECTOR", default=Sector.OTHER.value, help=_t("import_sector"))
    call.add_argument("--partner", metavar="NAME", help=_t("import_partner"))
    _region(call)
    _store(call)
    _json(call)
    call.set_defaults(run=imports.bring_in)


def _binder_link(call: ArgumentParser) -> None:
    call.add_argument("session", metavar="SESSION", help=_t("which"))
    call.add_argument("--base", metavar="URL", help=_t("link_base"))
    _store(call)
    _json(call)
    call.set_defaults(run=imports.binder_link)


def _rehearse(call: ArgumentParser) -> None:
    call.add_argument("code", metavar="CODE", help=_t("code"))
    call.add_argument("--participants", type=_count, metavar="N", default=24, help=_t("participants"))
    call.add_argument("--address", default="http://127.0.0.1:8866", metavar="URL", help=_t("address"))
    call.add_argument("--seed", type=int, default=1, metavar="N", help=_t("seed"))
    call.add_argument("--open", action="store_true", help=_t("open_first"))
    call.add_argument("--follow", action="store_true", help=_t("follow"))
    _speed(call)
    call.add_argument("--beside-people", action="store_true", help=_t("beside_people"))
    _store(call)
    _json(call)
    call.set_defaults(run=commands.rehearse)


def _speed(call: ArgumentParser) -> None:
    call.add_argument("--speed", type=_rate, metavar="X", help=_t("speed"))


def _report(call: ArgumentParser) -> None:
    call.add_argument("sessions", metavar="SESSION", nargs="*", help=_t("which"))
    call.add_argument("--all", action="store_true", help=_t("all"))
    call.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help=_t("since"))
    call.add_argument("--tag", action="append", type=_tag, default=[], metavar="TAG", help=_t("tagged"))
    call.add_argument("--file", type=Path, metavar="LIST", help=_t("report_file"))
    call.add_argument("--out", type=Path, default=Path(), metavar="DIR", help=_t("out"))
    call.add_argument("--lang", action="append", choices=languages(), help=_t("report_lang"))
    call.add_argument("--beside", action="store_true", help=_t("beside"))
    call.add_argument("--rollup", action="store_true", help=_t("rollup"))
    call.add_argument("--title", default="", metavar="TITLE", help=_t("rollup_title"))
    call.add_argument("--format", action="append", metavar="F,F", help=_t("report_format"))
    call.add_argument("--jobs", type=_count, default=1, metavar="N", help=_t("jobs"))
    call.add_argument("--cluster", default="", metavar="ADDRESS", help=_t("cluster"))
    call.add_argument("--sections", metavar="A,B", help=_t("sections"))
    call.add_argument("--note", type=Path, metavar="FILE", help=_t("note"))
    call.add_argument("--theme", type=Path, metavar="FILE", help=_t("theme"))
    call.add_argument("--paper", choices=["a4", "letter"], default="a4", help=_t("paper"))
    call.add_argument("--again", action="store_true", help=_t("again"))
    _region(call)
    _store(call)
    _json(call)
    call.set_defaults(run=reports.report)


def _doctor(call: ArgumentParser) -> None:
    call.add_argument("--expected", type=_expected, metavar="N", help=_word("doctor_expected"))
    _store(call)
    _json(call)
    call.set_defaults(run=doctor.doctor)


def _guide(call: ArgumentParser) -> None:
    call.add_argument("name", metavar="NAME", nargs="?", help=_word("guide_name"))
    call.add_argument("--lang", choices=languages(), default=default_language(), help=_word("guide_lang"))
    call.set_defaults(run=guides.guide)


def _take_along(call: ArgumentParser) -> None:
    call.add_argument("folder", type=Path, metavar="DIR", help=_word("take_folder"))
    systems, python, this = list(take_along.SYSTEMS), take_along.version, take_along.running()
    call.add_argument("--system", choices=systems, default=take_along.here(), help=_word("take_system"))
    call.add_argument("--python", type=python, default=this, metavar="X.Y", help=_word("take_python_help"))
    _region(call)
    call.set_defaults(run=take_along.take_along)


def _check(call: ArgumentParser) -> None:
    call.add_argument("path", type=Path, nargs="?", metavar="PATH", help=_t("path"))
    call.add_argument("--schemas", type=Path, metavar="DIR", help=_t("schemas"))
    _region(call)
    _json(call)
    call.set_defaults(run=checking.check)


def _story(call: ArgumentParser) -> None:
    sub = call.add_subparsers(metavar=_t("command"), required=True)
    for name, run, out in (
        ("export", stories.export, _t("story_file")), ("picture", stories.picture, _t("story_file")),
        ("import", stories.bring_in, _t("story_folder")),
    ):  # fmt: skip
        one = sub.add_parser(name, help=_t(f"story_{name}"), description=_t(f"story_{name}"))
        if name == "import":
            one.add_argument("file", type=Path, metavar="FILE", help=_t("story_twee"))
            one.add_argument("--force", action="store_true", help=_t("story_force"))
            one.add_argument("--lang", choices=languages(), help=_t("story_lang"))
        else:
            one.add_argument("story", metavar="STORY", help=_t("story_which"))
            one.add_argument("--lang", choices=languages(), default=default_language(), help=_t("story_lang"))
        one.add_argument("--out", type=Path, metavar="PATH", help=out)
        one.set_defaults(run=run)


def _new(call: ArgumentParser) -> None:
    sub = call.add_subparsers(metavar=_t("command"), required=True)
    one = sub.add_parser("exercise", help=_t("new_exercise"), description=_t("new_exercise"))
    one.add_argument("slug", metavar="SLUG", help=_t("new_slug"))
    one.set_defaults(run=new.exercise)
    two = sub.add_parser("language", help=_t("new_language"), description=_t("new_language"))
    two.add_argument("code", metavar="CODE", help=_t("new_code"))
    two.add_argument("--name", metavar="NAME", help=_t("new_name"))
    two.set_defaults(run=new.language)
    three = sub.add_parser("agenda", help=_t("new_agenda"), description=_t("new_agenda"))
    three.add_argument("name", metavar="NAME", help=_t("new_agenda_name"))
    three.add_argument("--like", metavar="NAME", default="half_day", help=_t("new_agenda_like"))
    three.set_defaults(run=new.agenda)
    four = sub.add_parser("region", help=_t("new_region"), description=_t("new_region"))
    four.add_argument("name", metavar="NAME", help=_t("new_slug"))
    four.set_defaults(run=new.region)
    for made in (one, two, three, four):
        made.add_argument("--out", type=Path, metavar="DIR", help=_t("new_out"))


def _new_session(call: ArgumentParser) -> None:
    call.add_argument("--title", help=_t("title"))
    call.add_argument("--lang", choices=languages(), default=default_language(), help=_t("lang"))
    call.add_argument("--exercises", metavar="A,B:LENS+LENS", help=_t("exercises"))
    call.add_argument("--agenda", metavar="NAME", help=_t("agenda"))
    call.add_argument("--mode", choices=[mode.value for mode in Mode], default=Mode.ANONYMOUS.value, help=_t("mode"))
    call.add_argument("--partners", metavar="A,B", default="", help=_t("partners"))
    call.add_argument("--k", type=_threshold, default=K_DEFAULT, metavar="N", help=_t("k"))
    call.add_argument("--expected", type=_expected, metavar="N", help=_t("expected"))
    call.add_argument("--room", type=_room, metavar="NAME", help=_t("room"))
    call.add_argument("--keep-days", type=_days, default=KEEP_DAYS, metavar="N", help=_t("keep_days"))
    call.add_argument("--tag", action="append", type=_tag, default=[], metavar="TAG", help=_t("tags"))
    call.add_argument("--follows", default="", metavar="SESSION", help=_t("follows"))
    _store(call)


def _network(call: ArgumentParser) -> None:
    call.add_argument("--host", default="0.0.0.0", metavar="ADDRESS", help=_t("host"))
    call.add_argument("--port", type=_port, metavar="PORT", help=_t("port"))
    call.add_argument("--address", default="", metavar="URL", help=_t("public_address"))
    call.add_argument("--base-url", default="", metavar="PATH", help=_t("base_url"))
    call.add_argument("--behind-proxy", nargs="?", const=LOOPBACK, metavar="ADDRESSES", help=_t("behind_proxy"))
    call.add_argument("--allow-host", action="append", default=[], metavar="NAME", help=_t("allow_host"))
    call.add_argument("--certfile", type=Path, metavar="FILE", help=_t("certfile"))
    call.add_argument("--keyfile", type=Path, metavar="FILE", help=_t("keyfile"))
    call.add_argument("--limit", type=_count, default=400, metavar="N", help=_t("limit"))
    call.add_argument("--until-input-ends", action="store_true", help=_word("until_input_ends"))


def _store(call: ArgumentParser) -> None:
    call.add_argument("--store", metavar="URL", help=_t("store"))


def _region(call: ArgumentParser) -> None:
    call.add_argument("--region", metavar="NAME", help=_t("region"))


def _json(call: ArgumentParser) -> None:
    call.add_argument("--json", action="store_true", help=_t("json"))


def _count(typed: str) -> int:
    number = int(typed)
    if number < 1:
        raise argparse.ArgumentTypeError(_t("count"))
    return number


def _port(typed: str) -> int:
    number = int(typed)
    # The system would cut a larger one off, and serve somewhere else.
    if not 0 <= number <= MOST_PORTS:
        raise argparse.ArgumentTypeError(_t("no_port"))
    return number


def _rate(typed: str) -> float:
    number = float(typed)
    if not 0 < number <= FASTEST:
        raise argparse.ArgumentTypeError(_t("rate"))
    return number


def _expected(typed: str) -> int:
    number = _count(typed)
    if number > EXPECTED_MOST:
        raise argparse.ArgumentTypeError(_t("expected_most"))
    return number


def _days(typed: str) -> int:
    number = _count(typed)
    if number > KEEP_MOST:
        raise argparse.ArgumentTypeError(_t("keep_most"))
    return number


def _room(typed: str) -> str:
    if not (name := tidy_room(typed)):
        raise argparse.ArgumentTypeError(_t("room_wrong"))
    return name


def _tag(typed: str) -> str:
    if not (tag := tidy_tag(typed)):
        raise argparse.ArgumentTypeError(_t("tag_wrong"))
    return tag


def _threshold(typed: str) -> int:
    number = int(typed)
    if number < K_LEAST:
        raise argparse.ArgumentTypeError(_t("threshold"))
    return number


def _t(key: str) -> str:
    # argparse fills % itself.
    numbers = {
        "least": K_LEAST, "most": EXPECTED_MOST, "usual": EXPECTED_DEFAULT, "longest": TAG_LONGEST,
        "days": KEEP_DAYS, "days_most": KEEP_MOST, "fastest": FASTEST,
    }  # fmt: skip
    return say(default_language(), f"cli.help.{key}", **numbers).replace("%", "%%")


def _word(key: str) -> str:
    return say(default_language(), f"calls.{key}")
