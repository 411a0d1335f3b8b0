"""What a measurement says when it cannot be made."""

from __future__ import annotations


class Trouble(Exception):
    """The path that was to be measured is broken; the message says where."""
