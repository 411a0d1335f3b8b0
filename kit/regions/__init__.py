"""What is true in one region only: services, duties to report, programs, sectors, words. A folder of data for each.

`region.yaml` holds what is the same in every language, `<lang>.yaml` the texts by id. What nobody has checked is shown
to nobody; what was checked more than a year ago is shown with a word of care, and the facilitator is told.
"""

from kit.regions.pack import FILE, MONTHS, Region, check, read, schemas, to_do
from kit.regions.place import EXAMPLE, VARIABLE, choose, folders, found, home, in_use, own
from kit.regions.stick import Brought, bring, lay
from kit.regions.telling import care, told

__all__ = [
    "EXAMPLE", "FILE", "MONTHS", "VARIABLE", "Brought", "Region", "bring", "care", "check", "choose", "folders",
    "found", "home", "in_use", "lay", "own", "read", "schemas", "to_do", "told",
]  # fmt: skip
