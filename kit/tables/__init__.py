"""Tables as files, once for the whole kit.

    cells.py     a cell that no spreadsheet runs, and back
    decoding.py  bytes to text, whichever program wrote them
    records.py   the lines of a CSV file, whatever its quotation marks do
    reading.py   a table from CSV or XLSX, with its heading looked for
    book.py      the cells of an XLSX file, within limits
    looks.py     what of it is joined, hidden or not worked out
    dates.py     a day as people write it
    writing.py   CSV and XLSX

Pure: nothing here knows an exercise, a person or a page.
"""
