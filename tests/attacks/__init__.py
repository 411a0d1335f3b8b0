"""Somebody who means harm: each test is one thing that they try, and its name or first sentence says what it would do.

On the server as `kit workshop` starts it, and on the same one behind nginx with TLS, below a path (`room`). What the
line of one page can do to another is in `tests/test_serving_attacks.py`, what a file can do that is brought along in
the tests of the exercises, what a summary gives away in `tests/test_auditor.py`. `docs/threats.md` tells all of it.
"""
