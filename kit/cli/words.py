"""A command line that speaks the person's language, lists what there is, and asks whether another word was meant."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from kit.texts import default_language, say, section

# argparse's own sentences, each with the key of ours. The test asks for what a Python's argparse has besides.
SENTENCES = {
    "usage: ": "usage",
    "%(heading)s:": "heading",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "help",
    "%(prog)s: error: %(message)s\n": "error",
    "argument %(argument_name)s: %(message)s": "about",
    "ambiguous option: %(option)s could match %(matches)s": "ambiguous",
    "expected %s argument": "expected_one",
    "expected %s arguments": "expected_many",
    "expected at least one argument": "expected_some",
    "expected at most one argument": "expected_one",
    "expected one argument": "expected_one",
    "ignored explicit argument %r": "takes_nothing",
    "invalid %(type)s value: %(value)r": "invalid",
    "invalid choice: %(value)r (choose from %(choices)s)": "choice",
    "not allowed with argument %s": "not_with",
    "one of the arguments %s is required": "one_of",
    "the following arguments are required: %s": "missing",
    "unrecognized arguments: %s": "unknown",
}
NEAR = 0.6


class Caller(argparse.ArgumentParser):
    """argparse's parser, which shows what can be called where nothing was, and suggests what may have been meant."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named, formatter_class=_Lines)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does; an option that nobody knows is answered with the one that is nearest."""
        typed = list(sys.argv[1:] if args is None else args)
        found, left = self.parse_known_args(typed, namespace)
        if not left:
            return found
        told = _sentences()["unknown"] % " ".join(left)
        asked = self._asked(typed)
        asked.error(f"{told}{meant(left[0].partition('=')[0], asked._option_string_actions)}")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Without a word, a command that has commands of its own lists them, and that is no mistake."""
        commands = any(isinstance(one, argparse._SubParsersAction) for one in self._actions)
        if commands and (not args or (args[0].startswith("--speak") and len(args) <= 1 + ("=" not in args[0]))):
            self.print_help()
            self.exit(0)
        return super().parse_known_args(args, namespace)

    def add_argument(self, *names: Any, **named: Any) -> argparse.Action:
        """As argparse does; what is to be filled in is named in the person's language."""
        action = super().add_argument(*names, **named)
        if action.nargs != 0 and action.choices is None:
            shown = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
            action.metavar = section(default_language(), "calls.to_fill_in").get(shown, shown)
        return action

    def error(self, message: str) -> NoReturn:
        """What was wrong and where more is told; exit code 2."""
        words = _sentences()
        told = words["error"] % {"prog": self.prog, "message": message}
        self.exit(2, f"{told}{words['more'] % {'prog': self.prog}}\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            told = _sentences()["no_command"] % {"value": value, "choices": ", ".join(action.choices)}
            raise argparse.ArgumentError(None, f"{told}{meant(value, action.choices)}")
        if action.choices is not None and value not in action.choices:
            told = _sentences()["choice"] % {"value": value, "choices": ", ".join(map(str, action.choices))}
            raise argparse.ArgumentError(action, told)

    def _asked(self, typed: Sequence[str]) -> Caller:
        """The command that was named, as far down as it goes."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                below = next((action.choices[word] for word in typed if word in action.choices), None)
                return below._asked(typed[typed.index(below.prog.split()[-1]) + 1 :]) if below else self
        return self


class _Lines(argparse.HelpFormatter):
    """Commands and options at the left, what they do beside them; commands without a heading of their own."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):
            return "".join(super(_Lines, self)._format_action(one) for one in action._get_subactions())
        return super()._format_action(action)


def speak() -> None:
    """Let argparse say its own sentences in the person's language; for this process."""
    vars(argparse).update(_=_said, ngettext=lambda one, many, n: _said(one if n == 1 else many))


def meant(typed: str, known: Any) -> str:
    """A question whether a word that is near was meant; nothing where none is."""
    near = difflib.get_close_matches(typed, list(known), n=1, cutoff=NEAR)
    return " " + say(default_language(), "calls.meant", known=near[0]) if near else ""


def _said(sentence: str) -> str:
    key = SENTENCES.get(sentence)
    return _sentences()[key] if key else sentence


def _sentences() -> dict[str, str]:
    return section(default_language(), "calls.argparse")
