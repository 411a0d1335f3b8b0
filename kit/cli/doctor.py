"""`kit doctor`: what on this machine would spoil a workshop, and the mend."""

from __future__ import annotations

import json
from argparse import Namespace

from kit.session import EXPECTED_DEFAULT
from kit.texts import default_language, say


def doctor(args: Namespace) -> int:
    """Tell what was looked at, what is to be mended first; 1 when something is."""
    from kit.serving.doctor import Verdict, examine, worst
    from kit.store import Store

    lang = default_language()
    with Store.open(args.store) as store:
        checks = worst(examine(store, args.expected or EXPECTED_DEFAULT))
    to_mend = sum(one.state is Verdict.MEND for one in checks)
    if args.json:
        rows = [{"check": one.id, "state": one.state, "told": one.told(lang), "how": one.how(lang)} for one in checks]
        print(json.dumps(rows, ensure_ascii=False))
        return 1 if to_mend else 0
    for one in checks:
        print(f"{one.name(lang)} – {say(lang, f'doctor.state.{one.state.value}')}\n  {one.told(lang)}")
        if how := one.how(lang):
            print(f"  {how}")
    print(say(lang, "doctor.to_mend", n=to_mend) if to_mend else say(lang, "doctor.all_well"))
    return 1 if to_mend else 0
