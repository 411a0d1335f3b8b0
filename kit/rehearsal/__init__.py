"""Simulated people: in `people` who they are and what their pages say, in `filling` a room that is filled at once, in
`room` one that comes in, answers and leaves as the trainer conducts it. Where it is kept: `kit.practice`.
"""

from kit.rehearsal.filling import Rehearsed, rehearse
from kit.rehearsal.people import MIX, PageClient, Someone, cast_of

__all__ = ["MIX", "PageClient", "Rehearsed", "Someone", "cast_of", "rehearse"]
