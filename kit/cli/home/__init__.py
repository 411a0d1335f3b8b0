"""The trainer's own page, on their own machine: workshops past and to come, and what the command line does for them.

chosen   what was typed and ticked for a new workshop
work     the kit's own commands that run for the page, each in a process of its own
house    what the page can do: make, lead, practise, report, take answers in, keep, remove
desk     the workshops as the page tells of them
page     the page itself: plain HTML without a script, for this machine's browser only
"""
