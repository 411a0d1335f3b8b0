"""Services from Open Referral data packages: version 3 of the specification, and the older 1.x and 2.x.

Older versions call tables and fields otherwise, and each publisher chooses singular or plural. Tables that could
lead to a door or a person are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kit.directory.packed import unpack
from kit.errors import FileUnreadable
from kit.tables.reading import read as read_table

# What a table is called, newest first.
_TABLES: Mapping[str, tuple[str, ...]] = {
    "services": ("services", "service"),
    "organizations": ("organizations", "organization"),
    "terms": ("taxonomy_terms", "taxonomy_term", "taxonomy"),
    "links": (
        "attributes", "attribute", "service_attributes", "service_attribute", "services_taxonomy", "service_taxonomy",
        "services_taxonomies", "service_taxonomies",
    ),
    "languages": ("languages", "language"),
    "areas": ("service_areas", "service_area"),
    "eligibility": ("eligibility", "eligibilities"),
    # Names of classifications say nothing about a service.
    "unused": ("taxonomies",),
}  # fmt: skip
PRIVATE = frozenset({
    "locations", "location", "addresses", "address", "physical_addresses", "physical_address", "postal_addresses",
    "postal_address", "contacts", "contact", "phones", "phone", "service_at_location", "services_at_location",
    "service_at_locations",
})  # fmt: skip
# Field → what it was called before, or is called by some.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "service": ("service_id", "link_id"),
    "term": ("taxonomy_term_id", "taxonomy_id", "term_id"),
    "term_name": ("name", "term"),
    "language": ("name", "language", "code"),
    "area": ("name", "service_area", "extent"),
    "eligible": ("eligibility", "description"),
    "eligible_text": ("eligibility_description", "eligibility"),
    "refer": ("application_process", "how_to_apply"),
    "page": ("url", "website"),
}

Record = Mapping[str, str]
Tables = Mapping[str, list[tuple[int, Record]]]


@dataclass(frozen=True)
class ListedService:
    """One service of a package by the fields of an entry, as they stand there.

    terms   codes, names and descriptions of its taxonomy terms
    others  what else its line says
    around  what the whole package says of it elsewhere, in tables that are left out too: its organization, its
            program, the terms above its terms, its places and lines
    """

    line: int
    fields: Mapping[str, str]
    status: str
    terms: tuple[str, ...]
    others: tuple[str, ...]
    around: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a package held: services, lines whose organization is missing, and tables that were left out."""

    services: tuple[ListedService, ...]
    orphans: tuple[int, ...]
    private: tuple[str, ...]
    unknown: tuple[str, ...]
    unsafe: int


def read(data: bytes, name: str, lang: str, faults: Mapping[str, str]) -> Found:
    """The services in a zip file, from its top or from a folder in it.

    `faults` are sentences for what cannot be read: "zip", "large", "table", "kind". Raises `FileUnreadable`.
    """
    packed = unpack(data, name, ".csv", faults["zip"], faults["large"])
    files = {file.removesuffix(".csv"): content for file, content in packed.files.items()}
    chosen = {table: next((one for one in names if one in files), "") for table, names in _TABLES.items()}
    if not chosen["services"]:
        # A zip file without tables is another program's own: a document, a workbook of another kind.
        raise FileUnreadable(name=name, reason=faults["table" if files else "kind"])
    private = tuple(sorted(f"{file}.csv" for file in files if file in PRIVATE))
    unknown = sorted(f"{file}.csv" for file in files if file not in PRIVATE and file not in chosen.values())
    others = [one for one in packed.others if one.lower() != "datapackage.json"]
    tables = {table: _records(files[file], name, lang) for table, file in chosen.items() if file and table != "unused"}
    services, orphans = _services(tables, _Elsewhere(files, set(chosen.values()), name, lang))
    return Found(services, orphans, private, (*unknown, *others), packed.unsafe)


def _records(data: bytes, name: str, lang: str) -> list[tuple[int, Record]]:
    """Rows by their field names, however those are written."""
    if not data.strip():
        return []
    sheet = read_table(data, name, lang, lambda heading: _field(heading) in _KNOWN)
    head = [_field(one) for one in sheet.head]
    # The first of two fields with one name counts.
    return [
        (line.number, {head[at]: line.cells[at] for at in sorted(line.cells, reverse=True)}) for line in sheet.lines
    ]


def _field(heading: str) -> str:
    return heading.strip().casefold().replace(" ", "_").replace("-", "_")


_KNOWN = frozenset({"id", "name", "organization_id", *(one for names in _FIELDS.values() for one in names)})


def _get(record: Record, field: str) -> str:
    return next((record[name] for name in _FIELDS[field] if record.get(name)), "")


@dataclass
class _Elsewhere:
    """What the other tables say, by the ids that they point to."""

    files: Mapping[str, bytes]
    chosen: Collection[str]
    name: str
    lang: str
    rows: dict[str, list[Record]] = field(default_factory=dict)
    pointed: dict[str, list[Record]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file, data in self.files.items():
            try:
                records = _records(data, self.name, self.lang)
            except FileUnreadable:
                # A table that is not used need not be readable.
                continue
            for _, one in records:
                self.rows.setdefault(one.get("id", ""), []).append(one)
                for points in ("service_id", "link_id", "organization_id", "location_id"):
                    if (owner := one.get(points)) and file not in ("services", "service"):
                        self.pointed.setdefault(owner, []).append(one)

    def around(self, service: Record, terms: Iterable[str]) -> tuple[str, ...]:
        """Everything about this service that does not stand in its own line."""
        owners = [service[name] for name in ("id", "organization_id", "program_id") if service.get(name)]
        found: list[str] = []
        for owner in owners:
            # The service's own line has been looked at; what others are called does not matter.
            found += () if owner == owners[0] else self.above(owner)
            for one in self.pointed.get(owner, ()):
                found += _words(one)
                found += (word for to in _leads(one) if to not in owners for word in self.above(to))
        for term in terms:
            found += self.above(term)
        return tuple(dict.fromkeys(found))

    def above(self, term: str) -> Iterator[str]:
        """The words of a term and of those above it, or of whatever else has this id."""
        seen: set[str] = set()
        while term and term not in seen:
            seen.add(term)
            rows = self.rows.get(term, ())
            yield from (word for one in rows for word in _words(one))
            term = next((one[up] for one in rows for up in ("parent_id", "parent") if one.get(up)), "")


def _leads(record: Record) -> list[str]:
    """The ids that a record points to; another organization's or service's name is not about this one."""
    return [cell for name, cell in record.items() if name.endswith("_id") and name not in ("service_id",
        "organization_id")]


def _words(record: Record) -> list[str]:
    """What a record says, without its ids."""
    return [cell for name, cell in record.items() if name != "id" and not name.endswith("_id")]


def _services(tables: Tables, elsewhere: _Elsewhere) -> tuple[tuple[ListedService, ...], tuple[int, ...]]:
    """Each line of the table of services with what the other tables say about it."""
    names = {one.get("id", ""): one.get("name", "") for _, one in tables.get("organizations", ())}
    terms = {one.get("id", ""): one for _, one in tables.get("terms", ())}
    kinds = _grouped(tables.get("links", ()), "term")
    details = _grouped(tables.get("links", ()), "term", ("taxonomy_detail", "value"))
    tongues = _grouped(tables.get("languages", ()), "language")
    areas = _grouped(tables.get("areas", ()), "area")
    eligible = _grouped(tables.get("eligibility", ()), "eligible")
    services, orphans = [], []
    for line, one in tables["services"]:
        own, owner = one.get("id", ""), one.get("organization_id", "")
        if not names.get(owner):
            orphans.append(line)
        # A link may name a term that is not in the package: its id is then all that is known of it.
        found = [terms.get(term, {"code": term}) for term in kinds.get(own, ())]
        fields = {
            "name": one.get("name", ""), "organization": names.get(owner, ""), "offers": one.get("description", ""),
            "page": _get(one, "page"), "languages": ", ".join(tongues.get(own, ())),
            "interpreting": one.get("interpretation_services", ""),
            "who_can_come": _get(one, "eligible_text") or ", ".join(eligible.get(own, ())), "refer": _get(one, "refer"),
            "waiting": one.get("wait_time", ""), "checked": one.get("assured_date", ""),
        }  # fmt: skip
        words = tuple(
            word
            for term in found
            for word in (term.get("code", ""), _get(term, "term_name"), term.get("description", ""))
            if word
        )
        used = set(fields.values())
        others = tuple(cell for cell in (*one.values(), *areas.get(own, ())) if cell not in used)
        services.append(
            ListedService(
                line, fields, one.get("status", ""), (*words, *details.get(own, ())), others,
                elsewhere.around(one, kinds.get(own, ())),
            )
        )
    return tuple(services), tuple(orphans)


def _grouped(
    records: Iterable[tuple[int, Record]], value: str, names: tuple[str, ...] = ()
) -> dict[str, list[str]]:
    """Values by the service that they belong to; records without either are of no use."""
    found: dict[str, list[str]] = {}
    for _, one in records:
        told = next((one[name] for name in names if one.get(name)), "") if names else _get(one, value)
        if (own := _get(one, "service")) and told:
            found.setdefault(own, []).append(told)
    return found
