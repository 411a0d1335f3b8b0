"""What `make test` leaves to `make test-long`, since a shorter member of it runs there."""

from __future__ import annotations

import os

import pytest

LONG = "KIT_LONG" in os.environ
in_test_long = pytest.mark.skipif(not LONG, reason="takes long: make test-long")
