"""The auditor: somebody with pencil and paper who knows the rules, k and how many took part.

It makes every small room, puts rooms together that are told alike, and reads off what all rooms behind one picture
have in common. `python -m tests.auditor` does the same for larger rooms.
"""
