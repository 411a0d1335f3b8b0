"""How many have gone through all of an exercise: exact on the console, a word on the wall."""

from __future__ import annotations

from kit.exercise import exercise
from kit.session import Plan, Session, State
from kit.store import Store
from kit.texts import say


class Done:
    """Counts for one page. Of an exercise that is open, only those are looked at who have said something since."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # By exercise: each person with the stamp of their answers, and whether they are done.
        self._known: dict[str, dict[str, tuple[tuple[int, ...], bool]]] = {}
        # Of an exercise that takes no answers: how many had begun, and how many of them are done.
        self._settled: dict[str, tuple[int, int]] = {}

    def count(self, session: Session, plan: Plan, begun: int) -> int | None:
        """How many are done, of so many who have begun; None where the exercise cannot say."""
        if exercise(plan.slug).is_done({}, plan.options) is None:
            return None
        settled = session.closed or plan.state is not State.OPEN
        if not settled:
            self._settled.pop(plan.slug, None)
        elif plan.slug in self._settled and self._settled[plan.slug][0] == begun:
            return self._settled[plan.slug][1]
        done = self._counted(session.id, plan)
        if settled:
            self._settled[plan.slug] = begun, done
        return done

    def _counted(self, session_id: str, plan: Plan) -> int:
        before, model = self._known.get(plan.slug, {}), exercise(plan.slug)
        now: dict[str, tuple[tuple[int, ...], bool]] = {}
        for person, stamp in self._store.answers.stamps(session_id, plan.slug).items():
            known = before.get(person)
            if known is None or known[0] != stamp:
                answers = {item: one.value for item, one in self._store.answers.of(person, plan.slug).items()}
                known = stamp, bool(model.is_done(answers, plan.options))
            now[person] = known
        self._known[plan.slug] = now
        return sum(done for _, done in now.values())


def done_words(slug: str, key: str, lang: str, **details: object) -> str:
    """A sentence on who is done: the exercise's own, which says what that means there, else that of all exercises."""
    texts = exercise(slug).texts(lang)
    return texts.say(key, **details) if key in texts.sentences else say(lang, f"console.{key}", **details)
