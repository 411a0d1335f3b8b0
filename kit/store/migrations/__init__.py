"""Alembic's environment and the steps from one revision to the next."""
