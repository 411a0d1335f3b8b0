"""Imported into a warm process last: notes what it and its kernels use, for `bench.layout`."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from kit.serving.forking import child, warm

# Where the notes go, and after how many seconds of a kernel's life they are written.
FOLDER, AFTER = "KIT_SPY", 12.0
LONGEST = 80

_seen: dict[int, tuple[str, CodeType]] = {}
_run = child._run
_BEGIN = warm.Warm.run.__code__


def _note(frame: FrameType, event: str, _value: object) -> None:
    if event == "call":
        if frame.f_code is _BEGIN:
            # Until here, it was only being prepared.
            _seen.clear()
        key = f"{frame.f_globals.get('__name__')}:{frame.f_code.co_qualname}"
        _seen.setdefault(id(frame.f_code), (key, frame.f_code))


def _spied(birth: Any) -> int:
    texts = _texts()
    before = _counts(texts)
    threading.setprofile(_note)
    sys.setprofile(_note)
    threading.Thread(target=_write, args=(Path(os.environ[FOLDER]), texts, before), daemon=True).start()
    return _run(birth)


def _write(folder: Path, texts: list[str], before: list[int]) -> None:
    time.sleep(AFTER)
    threading.setprofile(None)
    used = list(_seen.values())
    names = {text for text, was, now in zip(texts, before, _counts(texts), strict=True) if was != now}
    for _, code in used:
        for const in code.co_consts:
            names.update(one for one in (const if isinstance(const, tuple) else (const,)) if isinstance(one, str))
    # Only such texts does the interpreter have once.
    kept = sorted(one for one in names if len(one) <= LONGEST and one.replace("_", "a").isalnum() and one.isascii())
    notes = {"code": sorted({key for key, _ in used}), "name": kept}
    (folder / f"{os.getpid()}.json").write_text(json.dumps(notes), "utf-8")


def _texts() -> list[str]:
    """Every text that can be reached."""
    found: list[str] = []
    seen: set[int] = set()
    waiting = [sys.modules, *gc.get_objects()]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            if type(one) is str:
                found.append(one)
            else:
                waiting.extend(gc.get_referents(one))
    return found


def _counts(texts: list[str]) -> list[int]:
    return [sys.getrefcount(text) for text in texts]


child._run = _spied
sys.setprofile(_note)
