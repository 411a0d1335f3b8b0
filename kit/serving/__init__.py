"""The server of a workshop: its front door, its pages, and the kernels that hold them."""

import sys

# jupyter-server brings jsonschema along, which at its import would build a grammar of internet addresses for an
# optional check that nobody here asks for: a second and a half of the processor, before anybody is let in. A module
# that is None cannot be imported, and jsonschema does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
