"""Open data files: what is written follows the specification, and what comes in is read within limits.

Where the environment variable KIT_HSDS names a folder with the specification's own descriptor and example tables,
those are used, too: nobody of this project wrote them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import struct
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from kit.directory import hsds, packages, packed
from kit.errors import FileUnreadable
from kit.exercises.resources.files import give, take
from kit.files import Taken
from kit.session import Value
from kit.summary import Bullets, Table
from kit.texts import languages
from tests.support.mapping import MODEL, asked, board, entry

SPECIFICATION = os.environ.get("KIT_HSDS", "")
with_specification = pytest.mark.skipif(not SPECIFICATION, reason="KIT_HSDS names no folder")

# What the specification demands of the tables that are written: its file names and required fields.
REQUIRED = {
    "organizations.csv": {"id", "name", "description"},
    "services.csv": {"id", "organization_id", "name", "status"},
    "attributes.csv": {"id", "link_id", "taxonomy_term_id", "link_entity"},
    "service_areas.csv": {"id"},
    "languages.csv": {"id"},
    "taxonomy_terms.csv": {"id", "name", "description"},
    "taxonomies.csv": {"id", "name", "description"},
}
POINTS = {
    ("services.csv", "organization_id"): "organizations.csv",
    ("attributes.csv", "taxonomy_term_id"): "taxonomy_terms.csv",
    ("attributes.csv", "link_id"): "services.csv",
    ("service_areas.csv", "service_id"): "services.csv",
    ("languages.csv", "service_id"): "services.csv",
    ("taxonomy_terms.csv", "taxonomy_id"): "taxonomies.csv",
}
STATUSES = {"active", "inactive", "defunct", "temporarily closed"}


FULL = entry(
    organization="Maison de quartier", offers="Repas", served=["women"], languages="français, dari", page="https://example.org/a",
    interpreting="adapted", access=["online", "evenings"], checked="2026-01-02", checked_by="reception",
)  # fmt: skip
BOARD = board(
    FULL, entry(), entry(), entry(type="shelter", name="Maison", page="https://x.example"),
    entry(name="=1+1", organization="Maison de quartier"), area="municipality",
    area_name={"text": "Laval", "share": False},
)  # fmt: skip


def written(values: Mapping[str, Value] = BOARD, lang: str = "fr") -> dict[str, bytes]:
    with ZipFile(io.BytesIO(give(MODEL, asked("hsds", values, lang)).data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def records(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def tables(files: Mapping[str, bytes]) -> dict[str, list[dict[str, str]]]:
    return {name: records(data) for name, data in files.items() if name.endswith(".csv")}


# ---- what is written


@pytest.mark.parametrize("lang", languages())
def test_required_fields_are_filled_ids_are_unique_and_references_lead_somewhere(lang: str) -> None:
    found = tables(written(lang=lang))
    assert set(found) == set(REQUIRED)
    for name, rows in found.items():
        assert rows, name
        assert all(row[field] for row in rows for field in REQUIRED[name]), name
        ids = [row["id"] for row in rows]
        assert len(ids) == len(set(ids)), name
        assert all(str(uuid.UUID(one)) == one for one in ids), name
    for (name, field), target in POINTS.items():
        known = {row["id"] for row in found[target]}
        assert all(row[field] in known for row in found[name] if row[field]), (name, field)
    assert {row["status"] for row in found["services.csv"]} <= STATUSES


def test_the_descriptor_tells_what_is_in_the_files() -> None:
    files = written()
    package = json.loads(files["datapackage.json"])
    assert {one["path"] for one in package["resources"]} | {"datapackage.json"} == set(files)
    for one in package["resources"]:
        head = next(csv.reader(io.StringIO(files[one["path"]].decode("utf-8"))))
        assert [field["name"] for field in one["schema"]["fields"]] == head
        assert {f["name"] for f in one["schema"]["fields"] if f["constraints"]["required"]} == REQUIRED[one["path"]]


def test_a_service_is_told_with_all_that_is_known_of_it() -> None:
    found = tables(written())
    service = next(row for row in found["services.csv"] if row["description"])
    assert (service["name"], service["url"], service["assured_date"]) == (FULL["name"], FULL["page"], FULL["checked"])
    texts = MODEL.texts("fr")
    assert service["interpretation_services"] == texts.option("interpreting", "adapted")
    assert service["eligibility_description"] == texts.option("served", "women")
    mine = [row for row in found["languages.csv"] if row["service_id"] == service["id"]]
    assert [row["name"] for row in mine] == ["français", "dari"]
    assert {row["name"] for row in found["service_areas.csv"]} == {"Laval"}
    terms = {row["id"]: row["code"] for row in found["taxonomy_terms.csv"]}
    kinds = {row["link_id"]: terms[row["taxonomy_term_id"]] for row in found["attributes.csv"]}
    assert kinds[service["id"]] == "food"


def test_no_place_phone_or_page_of_a_shelter_and_no_formula_is_written() -> None:
    files = written()
    assert not {name.removesuffix(".csv") for name in files} & packages.PRIVATE
    assert b"x.example" not in b"".join(files.values())
    names = [row["name"] for row in tables(files)["services.csv"]]
    assert "'=1+1" in names


def test_ids_say_nothing_and_stay_the_same() -> None:
    first, again = written(), written()
    assert first == again
    other = tables(written(board(entry(name="Cuisine du coin"))))
    assert {row["id"] for row in other["services.csv"]} <= {row["id"] for row in tables(first)["services.csv"]}


def test_a_file_comes_back_as_it_went_out() -> None:
    for lang in languages():
        data = give(MODEL, asked("hsds", BOARD, lang)).data
        made = take(MODEL, asked("list", {}, "en", data))
        first = made.answers["entries.r0001"]
        kept = {key: value for key, value in FULL.items() if key != "checked_by"}
        assert first == {**kept, "access": ["evenings", "online"], "visibility": "partners", "share": False}
        assert "Maison" not in [row["name"] for row in made.answers.values() if isinstance(row, dict)]


# ---- against the specification's own files


@with_specification
def test_what_is_written_holds_against_the_specification() -> None:
    package = json.loads((Path(SPECIFICATION) / "datapackage.json").read_text("utf-8"))
    known = {one["path"]: one for one in package["resources"]}
    names = {one["name"]: one["path"] for one in package["resources"]}
    found = tables(written())
    for path, rows in found.items():
        schema = known[path]["schema"]
        assert list(rows[0]) == [field["name"] for field in schema["fields"]], path
        for field in schema["fields"]:
            for row in rows:
                follows(field, row[field["name"]])
            if field["constraints"].get("unique"):
                values = [row[field["name"]] for row in rows if row[field["name"]]]
                assert len(values) == len(set(values)), (path, field["name"])
        for key in schema.get("foreignKeys") or ():
            target = names[key["reference"]["resource"]]
            ids = {row["id"] for row in found.get(target, ())}
            assert all(row[key["fields"]] in ids for row in rows if row[key["fields"]]), (path, key)


def follows(field: Mapping[str, Any], value: str) -> None:
    """One value against one field of the specification."""
    where = field["name"]
    rules_ = field["constraints"]
    assert value or not rules_.get("required"), where
    if not value:
        return
    assert value in rules_.get("enum", [value]), where
    if field.get("format") == "uuid":
        assert str(uuid.UUID(value)) == value, where
    if field.get("format") == "uri":
        assert re.fullmatch(r"https?://\S+", value), where
    if field["type"] == "date":
        assert date.fromisoformat(value), where
    if field["type"] == "number":
        float(value)


@with_specification
def test_the_specification_knows_the_tables_that_are_required_and_private() -> None:
    package = json.loads((Path(SPECIFICATION) / "datapackage.json").read_text("utf-8"))
    known = {one["path"]: one["schema"]["fields"] for one in package["resources"]}
    for path, required in REQUIRED.items():
        assert {field["name"] for field in known[path] if field["constraints"]["required"]} == required
    assert set(hsds.PRIVATE) <= set(known)


@with_specification
def test_the_specification_s_example_can_be_brought_in() -> None:
    example = Path(SPECIFICATION) / "example"
    made = taken({f"example/{path.name}": path.read_bytes() for path in example.iterdir()})
    (row,) = made.answers.values()
    assert isinstance(row, dict)
    assert (row["name"], row["type"], row["visibility"]) == ("Community Counselling", "other", "partners")
    assert row["languages"] == "Urdu"
    told = str(made.told)
    assert all(name in told for name in ("addresses.csv", "phones.csv", "contacts.csv", "locations.csv"))
    assert "Example Org" in row["organization"]


# ---- what comes in


def zipped(files: Mapping[str, bytes | str], kind: int = ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", kind) as archive:
        for name, data in files.items():
            info = ZipInfo("x")
            info.filename = name
            info.compress_type = kind
            archive.writestr(info, data)
    return out.getvalue()


def taken(files: Mapping[str, bytes | str], lang: str = "en") -> Taken:
    return take(MODEL, asked("list", {}, lang, zipped(files)))


SERVICES = "id,organization_id,name,status\n,,Frigo libre,active\ns2,o9,Garderie,active\n"


@pytest.mark.parametrize("folder", ["", "hsds/", "a/b/c/"])
def test_services_without_ids_or_organizations_are_taken_and_it_is_said(folder: str) -> None:
    made = taken({f"{folder}services.csv": SERVICES})
    assert [row["name"] for row in made.answers.values() if isinstance(row, dict)] == ["Frigo libre", "Garderie"]
    (table,) = (block for block in made.told.blocks if isinstance(block, Table))
    missing = MODEL.texts("en").say("no_organization")
    assert [line for line, reason in table.rows if reason == missing] == ["2", "3"]


def test_ids_that_stand_for_nothing_harm_nothing() -> None:
    made = taken({
        "services.csv": "id,organization_id,name\ns1,o1,Frigo libre\n,,\n",
        "organizations.csv": "id,name\n,Sans id\no1,Avec id\n",
        "languages.csv": "id,service_id,name\n1,s1,dari\n2,nowhere,grec\n3,,latin\n",
        "attributes.csv": "id,link_id,taxonomy_term_id,link_entity\n1,s1,t9,service\n2,s1,t1,service\n",
        "taxonomy_terms.csv": "id,code,name,description\nt1,food,Repas,x\n",
    })  # fmt: skip
    (row,) = made.answers.values()
    assert row == {
        "name": "Frigo libre", "type": "food", "organization": "Avec id", "languages": "dari",
        "visibility": "partners", "share": False,
    }  # fmt: skip


def test_private_and_unknown_tables_are_left_out_by_name() -> None:
    made = taken({
        "services.csv": SERVICES,
        "phones.csv": "id,number\n1,514 555-0142\n",
        "addresses.csv": "id,address_1\n1,12 rue X\n",
        "gossip.csv": "a\n1\n",
        "photo.jpg": b"x",
        "datapackage.json": "{",
        "__MACOSX/services.csv": "x",
        ".DS_Store": "x",
    })  # fmt: skip
    left, names = (block.items for block in made.told.blocks if isinstance(block, Bullets))
    assert len(names) == len(made.answers)
    assert [re.split(": ", line)[0] for line in left] == ["addresses.csv, phones.csv", "gossip.csv, photo.jpg"]
    assert "555" not in str(made)


@pytest.mark.parametrize(
    "name", ["../services.csv", "/services.csv", "a/../../services.csv", "C:services.csv", "..\\services.csv"]
)
def test_a_name_that_leads_out_of_its_folder_is_not_read(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileUnreadable):
        taken({name: SERVICES})
    made = taken({"services.csv": "name\nFrigo\n", name: SERVICES})
    assert len(made.answers) == 1
    assert MODEL.texts("en").say("tables_unsafe", count=1) in str(made.told)
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_followed() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        link = ZipInfo("services.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(FileUnreadable):
        take(MODEL, asked("list", {}, "en", out.getvalue()))


def large() -> Iterator[tuple[str, dict[str, bytes | str]]]:
    filler = b"name\n" + b"a" * (packed.LARGEST_FILE + 1)
    yield "one file", {"services.csv": filler}
    part = b"a" * (packed.LARGEST_FILE - 10)
    yield "all files", {"services.csv": part, "languages.csv": part, "taxonomies.csv": part}
    yield "many files", {f"{n}.csv": "a\n1\n" for n in range(packed.MOST_FILES + 1)}


@pytest.mark.parametrize(("what", "files"), large(), ids=lambda one: one if isinstance(one, str) else "")
def test_a_file_that_swells_is_refused(what: str, files: Mapping[str, bytes | str]) -> None:
    data = zipped(files)
    assert len(data) < 200_000, what
    with pytest.raises(FileUnreadable) as error:
        take(MODEL, asked("list", {}, "fr", data))
    assert error.value.details["reason"] == MODEL.texts("fr").say("unreadable_large")


def test_a_file_that_lies_about_its_size_is_refused_or_read_as_it_says() -> None:
    data = bytearray(zipped({"services.csv": b"name\n" + b"a" * 5_000_000}))
    # Both headers say that the file has ten bytes.
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(FileUnreadable):
        take(MODEL, asked("list", {}, "en", bytes(data)))


@pytest.mark.parametrize("cut", [10, 50, 100, -1, -10, -30])
def test_a_damaged_file_is_refused(cut: int) -> None:
    with pytest.raises(FileUnreadable):
        take(MODEL, asked("list", {}, "en", zipped({"services.csv": SERVICES})[:cut]))


def test_a_locked_file_is_refused() -> None:
    data = bytearray(zipped({"services.csv": SERVICES}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    with pytest.raises(FileUnreadable):
        take(MODEL, asked("list", {}, "en", bytes(data)))


def test_five_thousand_services_are_cut_to_what_the_board_holds() -> None:
    rows = "".join(f"s{n},o1,Service {n}\n" for n in range(5000))
    made = taken({"services.csv": f"id,organization_id,name\n{rows}", "organizations.csv": "id,name\no1,Org\n"})
    assert len(made.answers) == 300
    assert MODEL.texts("en").say("too_many", found=5000, room=300) in str(made.told)
