"""The server of a workshop: its front door, its pages, and the kernels that hold them."""

from kit.quick import leave_out

# jupyter-server brings jsonschema along.
leave_out()
