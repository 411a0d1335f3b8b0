"""Open Referral's Human Services Data Specification 3.0 written as a zip file: a tabular data package.

Written: organizations, services, their languages and areas, and their type as a taxonomy. Never written: places,
addresses, contacts, phone numbers. Ids are made from what they stand for (a UUID of version 5), so that the same
service has the same id in two files, and say nothing about who made the file. `packages` reads such files.
"""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kit.tables.writing import write_csv

VERSION = "3.0.0"
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
_SPACE = uuid.UUID("6f0e2f4e-2b0e-5b52-9a3c-0d6f3f6f7a11")
_DAY = (2000, 1, 1, 0, 0, 0)

# Table → its file and fields; a field is a name, or a name with its type and format, with "!" when it is required.
_TABLES: Mapping[str, tuple[str, str]] = {
    "organization": (
        "organizations.csv",
        "id:string:uuid! name:string! alternate_name:string description:string! email:string:email website:string:uri"
        " tax_status:string tax_id:string year_incorporated:number legal_status:string logo:string uri:string:uri"
        " parent_organization_id:string:uuid",
    ),
    "service": (
        "services.csv",
        "id:string:uuid! organization_id:string:uuid! program_id:string:uuid name:string! alternate_name:string"
        " description:string url:string:uri email:string:email status:string! interpretation_services:string"
        " application_process:string fees_description:string wait_time:string fees:string accreditations:string"
        " eligibility_description:string minimum_age:number maximum_age:number assured_date:date"
        " assurer_email:string:email licenses:string alert:string last_modified:datetime",
    ),
    "attribute": (
        "attributes.csv",
        "id:string:uuid! link_id:string:uuid! taxonomy_term_id:string:uuid! link_type:string link_entity:string!"
        " value:string",
    ),
    "service_area": (
        "service_areas.csv",
        "id:string:uuid! service_id:string:uuid name:string description:string extent:string extent_type:string"
        " uri:string",
    ),
    "language": (
        "languages.csv",
        "id:string:uuid! service_id:string:uuid location_id:string:uuid phone_id:string:uuid name:string code:string"
        " note:string",
    ),
    "taxonomy_term": (
        "taxonomy_terms.csv",
        "id:string:uuid! code:string name:string! description:string! parent_id:string:uuid taxonomy:string"
        " language:string taxonomy_id:string:uuid term_uri:string:uri",
    ),
    "taxonomy": ("taxonomies.csv", "id:string:uuid! name:string! description:string! uri:string:uri version:string"),
}  # fmt: skip
_POINTS = {
    ("service", "organization_id"): "organization", ("attribute", "taxonomy_term_id"): "taxonomy_term",
    ("service_area", "service_id"): "service", ("language", "service_id"): "service",
    ("taxonomy_term", "taxonomy_id"): "taxonomy",
}  # fmt: skip
Record = dict[str, str]


@dataclass(frozen=True)
class Service:
    """One service as it is written; `kind` is the code of its type, `day` an ISO date."""

    name: str
    kind: str
    organization: str = ""
    description: str = ""
    url: str = ""
    languages: tuple[str, ...] = ()
    interpreting: str = ""
    eligibility: str = ""
    access: str = ""
    wait: str = ""
    day: str = ""
    area: str = ""


def write(services: Sequence[Service], kinds: Mapping[str, str], taxonomy: tuple[str, str], lang: str) -> bytes:
    """The zip file. `kinds` are the labels of the types that occur, `taxonomy` its name and a sentence about it."""
    tables: dict[str, list[Record]] = {name: [] for name in _TABLES}
    tables["taxonomy"].append({"id": _id("taxonomy"), "name": taxonomy[0], "description": taxonomy[1]})
    for kind, label in kinds.items():
        term = {"id": _id("kind", kind), "code": kind, "name": label, "description": label, "language": lang}
        tables["taxonomy_term"].append({**term, "taxonomy": taxonomy[0], "taxonomy_id": _id("taxonomy")})
    seen: dict[str, int] = {}
    for service in services:
        _add(tables, service, seen)
    return _zipped(tables)


def datapackage() -> dict[str, object]:
    """The descriptor: which file holds which table, and what its fields are."""
    return {
        "name": "human_services_data",
        "title": "Human Services Data Specification",
        "profile": "tabular-data-package",
        "version": VERSION,
        "resources": [
            {
                "name": name,
                "path": path,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": list(_fields(spec)),
                    "primaryKey": "id",
                    "foreignKeys": [
                        {"fields": field, "reference": {"resource": target, "fields": "id"}}
                        for (table, field), target in _POINTS.items()
                        if table == name
                    ],
                },
            }
            for name, (path, spec) in _TABLES.items()
        ],
    }


def _fields(spec: str) -> Iterator[dict[str, object]]:
    for one in spec.split():
        required = one.endswith("!")
        name, kind, *form = one.removesuffix("!").split(":")
        extra = {"enum": list(STATUSES)} if name == "status" else {}
        shape = {"format": form[0]} if form else {}
        rules = {"required": required, "unique": name == "id", **extra}
        yield {"name": name, "type": kind, **shape, "constraints": rules}


def _add(tables: Mapping[str, list[Record]], service: Service, seen: dict[str, int]) -> None:
    """One service with its organization (itself, where none is named), languages, area and type."""
    organization = service.organization or service.name
    owner = _id("organization", organization)
    if owner not in {one["id"] for one in tables["organization"]}:
        tables["organization"].append({"id": owner, "name": organization, "description": organization})
    base = _id("service", organization, service.kind, service.name)
    seen[base] = seen.get(base, 0) + 1
    own = base if seen[base] == 1 else _id("service", base, str(seen[base]))
    tables["service"].append({
        "id": own, "organization_id": owner, "name": service.name, "description": service.description,
        "url": service.url, "status": "active", "interpretation_services": service.interpreting,
        "application_process": service.access, "eligibility_description": service.eligibility,
        "wait_time": service.wait,
        "assured_date": service.day,
    })  # fmt: skip
    for language in dict.fromkeys(service.languages):
        tables["language"].append({"id": _id("language", own, language), "service_id": own, "name": language})
    if service.area:
        tables["service_area"].append({"id": _id("area", own), "service_id": own, "name": service.area})
    link = {"link_id": own, "taxonomy_term_id": _id("kind", service.kind), "link_type": "type"}
    tables["attribute"].append({"id": _id("attribute", own), "link_entity": "service", **link})


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_SPACE, "\n".join(parts)))


def _zipped(tables: Mapping[str, Sequence[Record]]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        text = json.dumps(datapackage(), indent=2, ensure_ascii=False) + "\n"
        archive.writestr(ZipInfo("datapackage.json", _DAY), text)
        for name, (path, spec) in _TABLES.items():
            head = tuple(str(field["name"]) for field in _fields(spec))
            rows = [tuple(record.get(field, "") for field in head) for record in tables[name]]
            archive.writestr(ZipInfo(path, _DAY), write_csv([head, *rows], bom=False), ZIP_DEFLATED)
    return out.getvalue()
