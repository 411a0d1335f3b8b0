"""Lists of services: what an entry may hold, which two look alike, and what lists from elsewhere say.

    entries.py   one entry: what is refused in it, who may see it
    likeness.py  entries that look like the same service, and merging two of them
    headings.py  what the headings of a list mean
    kinds.py     a service's type from the words of other classifications
    shelter.py   whether a line is about a house that people flee to
    status.py    whether a service is still there
    packed.py    a zip file from elsewhere, read within limits
    packages.py  Open Referral data packages of any version, read
    hsds.py      Open Referral's Human Services Data Specification 3, written

Pure: nothing here knows a person, a store or a page.
"""
