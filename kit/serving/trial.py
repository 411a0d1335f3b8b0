"""One phone is asked to come to this computer; that it came is all that is known of it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

# After so many seconds without a phone, the way out is shown.
PATIENCE_SECONDS = 60
# A trial that was begun so long ago is over: the page is opened anew, perhaps in another room.
LONGEST_SECONDS = 600


@dataclass
class Trial:
    """A trial that runs. `word` is in the link that the phone opens."""

    word: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    began: float = field(default_factory=time.monotonic)
    came: bool = False

    @property
    def is_late(self) -> bool:
        """Whether a phone should have come by now, and has not."""
        return not self.came and time.monotonic() - self.began >= PATIENCE_SECONDS

    @property
    def is_over(self) -> bool:
        """Whether it was begun so long ago that it says nothing any more."""
        return time.monotonic() - self.began > LONGEST_SECONDS
