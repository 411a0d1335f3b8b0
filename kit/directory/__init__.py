"""Lists of services: what an entry may hold, which two look alike, and the files that lists travel in.

    entries.py   one entry: what is refused in it, who may see it
    likeness.py  entries that look like the same service, and merging two of them
    table.py     CSV and XLSX
    packed.py    a zip file from elsewhere, read within limits
    hsds.py      Open Referral's Human Services Data Specification 3 as a zip file

Pure: nothing here knows a person, a store or a page.
"""
