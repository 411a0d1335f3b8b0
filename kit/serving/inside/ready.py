"""What the first reveal would else have to load and measure, done before, while the trainer still reads the console."""

from __future__ import annotations

import threading
import time

from kit.summary import Bar, Figure, Row, Table
from kit.texts import FALLBACK

# Seconds after the kernel's start: a workshop that begins has more urgent things to do.
LATER = 10.0
# Others have their turn in between.
BREATH = 0.005
LETTERS = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180)))) + "–—‘’“”…•←→\u202f"


def get_ready() -> None:
    """Do it aside."""
    timer = threading.Timer(LATER, ready)
    timer.daemon = True
    timer.start()


def ready() -> None:
    """Draw a figure that nobody sees, and measure letters."""
    from kit.figures import svg
    from kit.views.slides import letter_width

    row = Row(LETTERS[:9], (Bar(LETTERS[:9], 100, 0, LETTERS[:9]),))
    svg(Figure("stack", "", "", (row,), Table("", (), ())), FALLBACK)
    for sign in LETTERS:
        letter_width(sign)
        time.sleep(BREATH)
