"""What a trainer typed and ticked for a new workshop, and what `kit workshop` is called with for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.session import EXPECTED_DEFAULT, EXPECTED_MOST, K_DEFAULT, K_LEAST, KEEP_DAYS, KEEP_MOST, Mode, tidy_room
from kit.texts import default_language, languages, say

LONGEST_TITLE, LONGEST_NUMBER, LONGEST_PARTNERS, LONGEST_ROOM = 120, 12, 4000, 40
CODE = "[A-Z0-9]{1,12}"
# Practice of more people would say nothing else, and a laptop has to play them beside the room.
MOST_SIMULATED = 40
# How many times as fast as a room simulated people can be, and usually are.
SPEEDS, SPEED = ("1", "5", "20", "60"), "20"


@dataclass(frozen=True)
class Chosen:
    """One form. `lenses` are "exercise:lens"; numbers stand as they were typed.

    days    how long answers are kept after the end
    room    a name that a series keeps; `region` is a pack to use
    follows the code of the earlier workshop that it goes on with; `besides` an agenda's own exercises, what that asks
    """

    lang: str = ""
    title: str = ""
    agenda: str = ""
    exercises: Sequence[str] = ()
    lenses: Sequence[str] = ()
    expected: str = ""
    mode: str = Mode.ANONYMOUS.value
    partners: str = ""
    k: str = ""
    days: str = ""
    room: str = ""
    region: str = ""
    follows: str = ""
    besides: Sequence[str] = ()
    speed: str = SPEED

    def problem(self, lang: str) -> str:
        """What is to be chosen otherwise; empty when all is well."""
        if not self.exercises and not self.agenda:
            return say(lang, "home.choose_one")
        if self.expected and not 0 < _number(self.expected) <= EXPECTED_MOST:
            return say(lang, "home.expected_most", most=EXPECTED_MOST)
        if self.k and not _number(self.k) >= K_LEAST:
            return say(lang, "home.k_least", least=K_LEAST)
        if self.room and not tidy_room(self.room):
            return say(lang, "home.room_wrong")
        if self.days and not 1 <= _number(self.days) <= KEEP_MOST:
            return say(lang, "home.days_most", most=KEEP_MOST)
        if self.mode == Mode.ATTRIBUTED and not self.partner_names:
            return say(lang, "home.partners_missing")
        return ""

    @property
    def people(self) -> int:
        """How many are expected."""
        return _number(self.expected) or EXPECTED_DEFAULT

    @property
    def threshold(self) -> int:
        """Nothing is shown about fewer than so many."""
        return _number(self.k) or K_DEFAULT

    @property
    def keep_days(self) -> int:
        """So many days after the end, answers go."""
        return _number(self.days) or KEEP_DAYS

    @property
    def is_usual(self) -> bool:
        """Whether nothing is chosen otherwise than the kit proposes it, of what is told before anybody answers."""
        return self.mode == Mode.ANONYMOUS.value and not (self.partners or self.k or self.days or self.room)

    @property
    def partner_names(self) -> list[str]:
        """The partner organizations, one from each line (or from between two commas)."""
        return [one.strip() for one in re.split(r"[\n,]", self.partners) if one.strip()]

    def call(self) -> list[str]:
        """The options of `kit workshop` and `kit session new`; an agenda has its own exercises."""
        exercises = ",".join(map(self._named, self.exercises))
        made = ["--lang", self.lang, *(["--agenda", self.agenda] if self.agenda else ["--exercises", exercises])]
        made += ["--exercises", ",".join(self.besides)] if self.agenda and self.besides else []
        made += [f"--title={self.title}"] if self.title else []
        made += ["--mode", self.mode, f"--partners={','.join(self.partner_names)}"] if self._is_attributed else []
        made += ["--k", str(self.threshold)] if self.k else []
        made += [f"--room={tidy_room(self.room)}"] if self.room else []
        made += ["--follows", self.follows] if self.follows else []
        made += ["--keep-days", str(self.keep_days)] if self.days else []
        return made + (["--expected", str(self.people)] if self.expected else [])

    @property
    def _is_attributed(self) -> bool:
        return self.mode == Mode.ATTRIBUTED

    def lenses_of(self, slug: str) -> tuple[str, ...]:
        """What was chosen of one exercise."""
        return tuple(one.partition(":")[2] for one in self.lenses if one.startswith(f"{slug}:"))

    def _named(self, slug: str) -> str:
        own = self.lenses_of(slug)
        return f"{slug}:{'+'.join(own)}" if own else slug


def read(typed: Mapping[str, Sequence[str]]) -> Chosen:
    """The form as it was sent; what cannot have been chosen there is left out."""
    from kit.agenda.model import shipped
    from kit.cli.home.own import sound_agendas
    from kit.cli.home.packs import offered
    from kit.exercise import exercises

    names = ("lang", "title", "expected", "mode", "partners", "k", "days", "room", "follows", "speed")
    one = {name: (typed.get(name) or [""])[0].strip() for name in names}
    known = exercises()
    lenses = [f"{slug}:{lens.id}" for slug, model in known.items() for lens in model.structure.lenses]
    return Chosen(
        lang=one["lang"] if one["lang"] in languages() else default_language(),
        title=" ".join(one["title"].split())[:LONGEST_TITLE],
        agenda=next((name for name in typed.get("agenda") or () if name in {**shipped(), **sound_agendas()}), ""),
        exercises=[slug for slug in known if slug in (typed.get("exercise") or ())],
        lenses=[lens for lens in lenses if lens in (typed.get("lens") or ())],
        expected=one["expected"][:LONGEST_NUMBER],
        mode=next((mode.value for mode in Mode if mode.value == one["mode"]), Mode.ANONYMOUS.value),
        partners=one["partners"][:LONGEST_PARTNERS],
        k=one["k"][:LONGEST_NUMBER],
        room=one["room"][:LONGEST_ROOM],
        days=one["days"][:LONGEST_NUMBER],
        region=next((name for name in typed.get("region") or () if name in offered(default_language())), ""),
        follows=one["follows"] if re.fullmatch(CODE, one["follows"]) else "",
        speed=one["speed"] if one["speed"] in SPEEDS else SPEED,
    )


def _number(typed: str) -> int:
    return int(typed) if re.fullmatch("[0-9]{1,6}", typed) else 0
