"""The agenda ("déroulement") that console, wall, phones and guides of a workshop follow alike.

`model` reads one, `check` proves that it holds together, `table` writes it for a guide, `course` is how it runs.
"""
