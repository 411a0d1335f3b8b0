"""Lists as people have them: what is doubtful is asked about, what is not used is told, and no shelter slips in."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from kit.directory.headings import CALLED, called, column_of
from kit.directory.shelter import shelter_in
from kit.directory.status import status_of, status_said
from kit.errors import FileUnreadable
from kit.exercises.resources import bring
from kit.exercises.resources.files import give, take
from kit.files import Asked, Taken
from kit.summary import Bullets, Paragraph, Table
from kit.texts import languages
from kit.texts import say as tell
from tests.support.mapping import MODEL, asked, board, entry


def taken(data: str | bytes, lang: str = "fr", **chosen: str) -> Taken:
    raw = data if isinstance(data, bytes) else data.encode()
    options = {name.replace("__", ":"): option for name, option in chosen.items()}
    return take(MODEL, Asked("list", {}, lang, (), lambda _slug: {}, "liste", raw, options))


def rows(made: Taken) -> list[dict[str, Any]]:
    return [row for row in made.answers.values() if isinstance(row, dict)]


def names(made: Taken) -> list[str]:
    return [row["name"] for row in rows(made)]


def reasons(made: Taken) -> list[tuple[str, str]]:
    return [row[:2] for block in made.told.blocks if isinstance(block, Table) for row in block.rows]


def choices(made: Taken) -> dict[str, str]:
    return {one.id: one.chosen for one in made.choices if not one.fold}


def package(**files: str) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return out.getvalue()


def say(sentence: str, lang: str = "fr", **details: object) -> str:
    return MODEL.texts(lang).say(sentence, **details)


# ---- a shelter never slips in

HOUSES = [
    "Maison d'hébergement du Lac", "MAISON D’HEBERGEMENT", "Maison d'aide du Lac", "Maison de transition",
    "Refuge du Lac",
    "Women's Shelter", "Lake Transition House", "Safe Home Program", "Second Stage Housing", "2nd-stage program",
    "Deuxième étape du Lac", "Logement d’urgence", "Interval House", "Ｓｈｅｌｔｅｒ", "Shel\u00adter",
    "<b>Shel</b>ter", "Maison pour femmes du Lac",
]  # fmt: skip


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "mac_roman", "cp850"])
def test_a_house_is_seen_however_its_name_is_written(house: str, form: str, encoding: str) -> None:
    text = f"Nom;Type;Site web\n{unicodedata.normalize(form, house)};Autre;lac.example.org\nCafé élan;;\n"
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("these letters do not exist there")
    made = taken(data)
    assert names(made) == ["Café élan"]
    assert ("2", say("is_shelter")) in reasons(made)


@pytest.mark.parametrize("field", ["organisme", "type"])
def test_a_house_is_seen_in_whatever_it_is_called_by(field: str) -> None:
    assert names(taken(f"nom;{field}\nLa Clairière;Hébergement pour femmes\n")) == []


SPOKEN = [
    "Confidential emergency shelter for women", "Un lieu où dormir en sécurité", "Adresse confidentielle", "12 lits",
    "For women who are fleeing a violent partner", "Pour les femmes qui fuient un conjoint violent", "A place to stay",
    "Foyer pour jeunes mères", "undisclosed location",
]  # fmt: skip


@pytest.mark.parametrize("words", SPOKEN)
@pytest.mark.parametrize("field", ["description", "eligibility", "remarques", "clientele"])
def test_what_only_speaks_of_a_house_is_asked_about_and_left_out(words: str, field: str) -> None:
    text = f"name;type;{field}\nLa Clairière;Autre;{words}\nFrigo;food;\n"
    made = taken(text)
    assert names(made) == ["Frigo"]
    assert choices(made) == {"shelter:2": "leave"}
    assert "La Clairière" in next(one.label for one in made.choices if one.id == "shelter:2")
    again = taken(text, shelter__2="take")
    assert names(again) == ["La Clairière", "Frigo"]
    assert choices(again) == {"shelter:2": "take"}


@pytest.mark.parametrize(
    "page", ["maison-hebergement.example.org", "https://x.example.org/womens_shelter", "safehouse.example"]
)
def test_a_web_address_can_give_a_house_away(page: str) -> None:
    made = taken(f"name,website\nLa Clairière,{page}\n")
    assert names(made) == []
    assert "shelter:2" in choices(made)


def test_cells_without_a_heading_and_beyond_the_headings_are_looked_at() -> None:
    assert names(taken("name,type,\nLa Clairière,Other,women's shelter\n")) == []
    assert names(taken("name,type\nLa Clairière,Other,women's shelter\n")) == []


@pytest.mark.parametrize("words", [
    "Soutien aux personnes réfugiées", "Refugee sponsorship", "refugees-welcome.example.org", "Cours du soir", "Écoute",
    "Employment services", "Clinique du Pont", "Centre des femmes du Pont", "Sheltered workshop",
])  # fmt: skip
def test_ordinary_services_are_not_taken_for_houses(words: str) -> None:
    assert shelter_in([words], [words], [words]) == ""


def test_a_list_that_is_full_of_doubt_is_left_out_and_not_asked_line_by_line() -> None:
    text = "name;description\n" + "".join(f"Service {n};un lieu où dormir\n" for n in range(50))
    made = taken(text)
    assert len(choices(made)) == bring.MOST_ASKED
    assert names(made) == []


@pytest.mark.parametrize("code", ["", "BH-1800.1500"])
def test_code_and_name_of_a_term_are_both_looked_at(code: str) -> None:
    data = package(
        organizations="id,name\no1,Réseau\n",
        services="id,organization_id,name,url\ns1,o1,La Clairière,https://x.example\ns2,o1,Panier,https://y.example\n",
        taxonomy_terms=f"id,code,name,description\nt1,{code},Domestic Violence Shelters,x\n"
        "t2,BD-1800,Food security,x\n",
        attributes="id,link_id,taxonomy_term_id,link_entity\na1,s1,t1,service\na2,s2,t2,service\n",
    )
    made = taken(data)
    assert [(row["name"], row["type"]) for row in rows(made)] == [("Panier", "food")]
    assert ("2", say("is_shelter")) in reasons(made)


def test_names_of_what_will_be_added_are_shown_first() -> None:
    made = taken("name,type\nFrigo,food\nClinique,health\n", "en")
    (listed,) = [block for block in made.told.blocks if isinstance(block, Bullets)]
    assert listed.title == say("taken_names", "en")
    assert [line.partition(" (")[0] for line in listed.items] == names(made)


# ---- closed and defunct services


@pytest.mark.parametrize(("told", "status"), [
    ("active", "open"), ("Actif", "open"), ("", "open"), ("Open", "open"), ("inactive", "ended"), ("Defunct", "ended"),
    ("Active, but do not refer", "ended"), ("not active", "ended"), ("fermé", "ended"), ("N'existe plus", "ended"),
    ("temporarily closed", "paused"), ("Fermé temporairement", "paused"), ("seasonal", "paused"), ("B2", "unknown"),
    ("Inactif", "ended"), ("no longer open", "ended"),
])  # fmt: skip
def test_a_status_counts_by_what_it_denies(told: str, status: str) -> None:
    assert status_of(told) == status


def test_services_that_are_gone_are_told_and_left_to_choice() -> None:
    text = "name;status\nA;active\nB;defunct\nC;temporarily closed\nD;inactive\nE;B2\nF (CLOSED);active\n"
    made = taken(text, "en")
    assert names(made) == ["A", "C", "E"]
    assert choices(made) == {"status:ended": "leave", "status:paused": "take"}
    assert rows(made)[1]["offers"] == say("mark_paused", "en")
    assert [line for line, _ in reasons(made)] == ["3", "5", "6", "7"]
    again = taken(text, "en", status__ended="take", status__paused="leave")
    assert names(again) == ["A", "B", "D", "E", "F (CLOSED)"]
    assert rows(again)[1]["offers"] == say("mark_ended", "en")


# ---- never read as its opposite


@pytest.mark.parametrize(("served", "found", "told"), [
    ("Women only, no men", [], True), ("Women, men", ["women", "men"], False),
    ("Femmes et hommes", ["women", "men"], False),
    ("Women; not men", ["women"], True), ("Everyone except men", [], True), ("Non-women", [], True),
    ("Personnes nouvellement arrivées, immigrantes ou réfugiées; femmes", ["women", "newcomers"], False),
    ("Parents et enfants, jeunes", ["families", "youth"], False),
])  # fmt: skip
def test_whom_a_service_is_for_is_read_word_for_word(served: str, found: list[str], told: bool) -> None:
    made = taken(f'name,type,served\nA,food,"{served}"\n')
    assert rows(made)[0].get("served", []) == found
    assert bool(reasons(made)) == told


@pytest.mark.parametrize(
    "access", ["Not free of charge", "Pas gratuit", "Gratuit pour les membres", "Free of charge?? no"]
)
def test_a_longer_phrase_about_access_is_not_understood(access: str) -> None:
    (row,) = rows(made := taken(f"name;type;access\nA;food;{access}\n"))
    assert "access" not in row
    assert reasons(made)


def test_half_a_label_is_not_the_label() -> None:
    (row,) = rows(taken("name;type;interpreting\nA;food;interpretation\n"))
    assert "interpreting" not in row


# ---- every line, column and cell


def test_a_date_that_could_be_two_is_asked_about_and_the_row_is_kept() -> None:
    text = "name;type;date\nA;food;28/02/2026\nB;food;02/03/2026\nC;food;un jour\n"
    made = taken(text)
    assert [row.get("checked") for row in rows(made)] == ["2026-02-28", None, None]
    assert choices(made) == {"dates": ""}
    assert [line for line, _ in reasons(made)] == ["3", "4"]
    assert rows(taken(text, dates="day"))[1]["checked"] == "2026-03-02"
    assert rows(taken(text, dates="month"))[1]["checked"] == "2026-02-03"


def test_shifted_cells_are_told_and_the_rest_of_the_row_is_kept() -> None:
    made = taken("name,type,description,website\nPont,Health services,Nurses, doctors, https://pont.example.org\n")
    assert rows(made)[0]["name"] == "Pont"
    assert ("2", tell("fr", "tables.surplus")) in reasons(made)


def test_markup_in_a_description_becomes_text() -> None:
    (row,) = rows(taken('name,type,description\nA,food,"<p>Repas &amp; caf&eacute;</p><ul><li>chaud</li></ul>"\n'))
    assert row["offers"] == "Repas & café chaud"


# ---- lists as they are


@pytest.mark.parametrize("text", [
    "Organisme;Services offerts;Langues\nCentre du Pont;Écoute;français\n",
    "Nom de l'organisme;Description\nCentre du Pont;Écoute\n",
    "AgencyName,AgencyDescription\nCentre du Pont,Écoute\n",
])  # fmt: skip
def test_where_only_organizations_are_named_they_are_the_entries(text: str) -> None:
    made = taken(text)
    assert names(made) == ["Centre du Pont"]
    assert rows(made)[0]["offers"] == "Écoute"
    assert say("organizations_only") in [one.text for one in made.told.blocks if isinstance(one, Paragraph)]


def test_headings_that_are_run_together_are_taken_apart() -> None:
    head = "ResourceAgencyNum,PublicName,TaxonomyTerm,AgencyDescription,WebsiteAddress,AgencyStatus"
    made = taken(f"{head}\n1,Pont,Health services,Soins,pont.example.org,Active\n2,Frigo,Food Pantries,,,Inactive\n")
    assert rows(made) == [{
        "type": "health", "name": "Pont", "visibility": "partners", "offers": "Soins",
        "page": "https://pont.example.org", "share": False,
    }]  # fmt: skip
    assert "ResourceAgencyNum" in str(made.told)


@pytest.mark.parametrize("term", ["Food Pantries", "Emergency food", "Dépannage alimentaire", "Repas communautaires"])
def test_the_words_of_other_classifications_give_a_type(term: str) -> None:
    assert rows(taken(f"name;category\nA;{term}\n"))[0]["type"] == "food"


def test_words_that_point_to_two_types_give_none() -> None:
    made = taken("name;category\nA;Legal and employment help\n")
    assert rows(made)[0]["type"] == "other"
    assert reasons(made)


def test_columns_that_nobody_knows_are_chosen_by_the_person() -> None:
    text = "Cosa;Qué\nFrigo;Aide alimentaire\n"
    made = taken(text)
    assert not made.answers
    assert made.told.title == say("columns_title")
    assert choices(made) == {"first": "headings", "column:0": "", "column:1": ""}
    chosen = taken(text, column__0="name", column__1="type")
    assert [(row["name"], row["type"]) for row in rows(chosen)] == [("Frigo", "food")]


def test_a_column_that_was_understood_wrongly_can_be_changed() -> None:
    text = "Service;Nom;Description\nÉcoute;Centre du Pont;x\n"
    first = taken(text)
    folded = {one.id: one.chosen for one in first.choices if one.fold}
    assert folded["column:0"] == "name"
    assert names(taken(text, column__1="name")) == ["Centre du Pont"]
    assert "offers" not in rows(taken(text, column__2=""))[0]


def test_xlsx_lists_come_in_and_the_kit_reads_its_own() -> None:
    book = Workbook()
    book.active.append(["Répertoire 2026"])
    book.active.append(["Nom du service", "Type", "Mis à jour"])
    book.active.append(["Frigo", "Sécurité alimentaire", "28/02/2026"])
    out = io.BytesIO()
    book.save(out)
    assert [(row["name"], row["type"]) for row in rows(taken(out.getvalue()))] == [("Frigo", "food")]
    own = give(MODEL, asked("xlsx", board(entry(offers="=1+1"))))
    (row,) = rows(taken(own.data))
    assert (row["name"], row["offers"]) == (entry()["name"], "=1+1")


OLD: Mapping[str, dict[str, str]] = {
    "1.0": {
        "organization": "id,name\no1,Réseau\n",
        "service": "id,organization_id,program_id,name,url,status\ns1,o1,,Panier,https://y.example,active\n",
        "service_taxonomy": "id,service_id,taxonomy_id,taxonomy_detail\nx1,s1,t1,\n",
        "taxonomy": "id,name,parent_id,parent_name,vocabulary\nt1,Food Pantry,,,OE\n",
        "language": "id,service_id,location_id,language\nl1,s1,,dari\n",
        "eligibility": "id,service_id,eligibility\ne1,s1,Femmes\n",
        "physical_address": "id,address_1\na,12 rue X\n",
    },
    "1.1": {
        "organizations": "id,name\no1,Réseau\n",
        "services": "id,organization_id,name,url\ns1,o1,Panier,https://y.example\n",
        "services_taxonomy": "id,service_id,taxonomy_id,taxonomy_detail\nx1,s1,t1,\n",
        "taxonomy": "id,name,parent_id,parent_name,vocabulary\nt1,Food Pantry,,,OE\n",
        "languages": "id,service_id,location_id,language\nl1,s1,,dari\n",
        "eligibility": "id,service_id,eligibility\ne1,s1,Femmes\n",
        "physical_addresses": "id,address_1\na,12 rue X\n",
    },
    "2.0": {
        "organization": "id,name\no1,Réseau\n",
        "service": "id,organization_id,name,url,eligibility\ns1,o1,Panier,https://y.example,Femmes\n",
        "service_attribute": "id,service_id,taxonomy_term_id\nx1,s1,t1\n",
        "taxonomy_term": "id,term,description,taxonomy\nt1,Food Pantry,,OE\n",
        "language": "id,service_id,language\nl1,s1,dari\n",
        "postal_address": "id,address_1\na,12 rue X\n",
    },
}


@pytest.mark.parametrize("version", OLD)
def test_packages_of_older_versions_are_read_with_their_types(version: str) -> None:
    made = taken(package(**OLD[version]))
    assert rows(made) == [{
        "type": "food", "name": "Panier", "visibility": "partners", "organization": "Réseau", "served": ["women"],
        "languages": "dari", "page": "https://y.example", "share": False,
    }]  # fmt: skip
    assert "12 rue" not in str(made)
    assert "address" in str(made.told)


@pytest.mark.parametrize(
    "head",
    [
        "Organization / Organisation,Service / Service,Type / Type",
        "Organisme | Agency,Nom du programme,Catégorie de service",
        "AgencyName,ProgramName,Thème (topic)",
    ],
)
def test_a_heading_in_two_languages_is_one_column(head: str) -> None:
    (row,) = rows(taken(f"{head}\nRives,Pont,Santé\n"))
    assert (row["organization"], row["name"], row["type"]) == ("Rives", "Pont", "health")


@pytest.mark.parametrize(
    "said",
    ["lieu dont l'adresse est gardée confidentielle", "Its location is kept secret", "Coordonnées non publiées"],
)
def test_an_address_that_is_kept_secret_is_asked_about(said: str) -> None:
    assert shelter_in(["Auberge Soleil"], [said]) == "perhaps"


@pytest.mark.parametrize("said", ["Service discontinued in 2023", "Ce programme a pris fin en juin"])
def test_a_description_says_that_a_service_is_gone(said: str) -> None:
    assert status_said("Écoute", said) == "ended"
    assert status_said("Écoute", "Un programme pour la fin de semaine; le service est ouvert") == "open"


def spreadsheet(make: Callable[[Workbook], None]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    make(book)
    book.save(out)
    return out.getvalue()


def with_groups(book: Workbook) -> None:
    """As a coordinator keeps it: groups beside their lines, a filter over them, a sheet for another theme."""
    sheet = book.active
    sheet.title = "Général"
    for row in (
        ["Liste à jour en mars 2026"], [], ["Thème", "Organisme", "Service", "À qui", "Mis à jour"],
        ["Sécurité alimentaire", "Moisson", "Panier", "Femmes", date(2026, 2, 28)],
        [None, None, "Cuisine", "Femmes, hommes", datetime(2026, 3, 2, 9, 30)],
        ["Autre", "Maison d'hébergement du Lac", "Écoute", None, None], [None, None, "Suivi", None, None],
        ["Santé", "Clinique", "Vaccins", None, None],
    ):  # fmt: skip
        sheet.append(row)
    for joined in ("A1:E1", "A4:A5", "B4:B5", "A6:A7", "B6:B7"):
        sheet.merge_cells(joined)
    sheet.row_dimensions[8].hidden = True
    other = book.create_sheet("Droit")
    other.append(["Service", "Thème"])
    other.append(["Consultation", "Aide juridique"])


def test_what_stands_beside_several_lines_belongs_to_each_and_no_house_slips_in_behind_it() -> None:
    made = taken(spreadsheet(with_groups))
    assert [(row["name"], row["organization"], row["type"], row["checked"]) for row in rows(made)] == [
        ("Panier", "Moisson", "food", "2026-02-28"), ("Cuisine", "Moisson", "food", "2026-03-02"),
    ]  # fmt: skip
    assert rows(made)[1]["served"] == ["women", "men"]
    assert reasons(made) == [("6", say("is_shelter")), ("7", say("is_shelter"))]
    told = [block.text for block in made.told.blocks if isinstance(block, Paragraph)]
    assert tell("fr", "tables.left_hidden", count=1) in told
    assert tell("fr", "tables.left_sheets", names="Droit") in told


def test_the_sheet_of_a_workbook_is_the_persons_choice() -> None:
    made = taken(spreadsheet(with_groups))
    (choice,) = (one for one in made.choices if one.id == "sheet")
    assert (choice.chosen, [one for one, _ in choice.options]) == ("Général", ["Général", "Droit"])
    other = taken(spreadsheet(with_groups), sheet="Droit")
    assert [(row["name"], row["type"]) for row in rows(other)] == [("Consultation", "legal_aid")]


@pytest.mark.parametrize(
    "head", ["À qui", "À QUI?", "Pour qui", "Public cible", "Admissibilité", "À qui s’adresse le service", "For whom"]
)
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_whom_a_service_is_for_is_a_column_in_the_words_of_lists(head: str, encoding: str) -> None:
    data = f"Nom;{head};Langues\r\nPont;Femmes;français, dari\r\n".encode(encoding)
    assert rows(taken(data))[0]["served"] == ["women"]
    assert "served" not in rows(taken("Nom;Qui\r\nPont;Femmes\r\n"))[0], "who offers it is somebody else"


@pytest.mark.parametrize(
    ("text", "there"),
    [
        # Google Sheets, Excel in French, Airtable (which writes nothing for a box without a tick).
        ("Name,Active\nOpen,TRUE\nGone,FALSE\n", ["Open"]),
        ("Nom;Actif\r\nOuvert;VRAI\r\nParti;FAUX\r\n", ["Ouvert"]),
        ("\ufeffName,Active?,Notes\r\nOpen,checked,\"Call first\nbefore noon\"\r\nGone,,\r\n", ["Open"]),
        ("Name,Status\nOpen,\nAlso open,Active\n", ["Open", "Also open"]),
    ],
)
def test_boxes_that_are_ticked_or_not_say_whether_a_service_is_there(text: str, there: list[str]) -> None:
    made = taken(text, "en")
    assert names(made) == there
    gone = {} if len(there) == 2 else {"status:ended": "leave"}
    assert choices(made) == gone
    if gone:
        assert len(names(taken(text, "en", status__ended="take"))) == 2


@pytest.mark.parametrize(
    ("alert", "status"),
    [("This program has ended.", "ended"), ("Closed until April", "paused"), ("Fermé jusqu'en avril", "paused"),
     ("Service définitivement fermé", "ended"), ("Closed on Mondays", ""), ("Bring your own bag", "")],
)  # fmt: skip
def test_an_alert_beside_a_service_that_is_called_active_is_heard(alert: str, status: str) -> None:
    """HSDS 3 has a field for it; elsewhere it stands among the notes."""
    files = {
        "organization": "id,name\no,Rives\n",
        "service": f"id,organization_id,name,description,status,alert\ns,o,Pont,Aide,active,{alert}\n",
    }
    for made in (taken(package(**files)), taken(f"Nom;Statut;Avis\nPont;Actif;{alert}\n")):
        assert choices(made) == ({f"status:{status}": "leave" if status == "ended" else "take"} if status else {})


@pytest.mark.parametrize("name", ["content.xml", "word/document.xml", "xl/workbook.bin", "services.json"])
def test_a_file_of_another_program_is_told_how_to_be_saved(name: str) -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(name, "<x/>")
    for lang in ("fr", "en"):
        with pytest.raises(FileUnreadable) as error:
            taken(out.getvalue(), lang)
        assert tell(lang, "tables.kind") in error.value.tell(lang)


# ---- what stands around a line, behind a cell, and in spoiled letters

OTHER_WORDS = [
    "Nous hébergeons des femmes et leurs enfants", "M. d'héberg. pour femmes", "Auberge Transition",
    "Nuitées d'urgence",
    "Mise en sécurité de femmes", "Emergency accommodation", "Temporary housing for survivors", "Third-stage housing",
    "Residential program for abused women", "Women's Transition Hse", "Emerg. Shltr", "Location not disclosed",
    "Logements sécuritaires", "Maison de répit, violence conjugale", "We do not publish our address", "MH2 du Lac",
    "Appelez pour connaître l'adresse", "Casa refugio para mujeres", "DV housing program", "BH-1800.1500-100",
    "Programme résidentiel pour victimes", "Length of stay: six weeks", "Séjour de trois mois", "Accueil d'urgence",
]  # fmt: skip
SPOILED = [
    "Maison d'h?bergement", "Centre d'h\ufffdbergement", "Centre dÕhŽbergement", "H‚bergement",
    "h&amp;eacute;bergement",
    "Maison d'h=E9bergement", "Maison de 2e ?tape", "Maison de deuxi\ufffdme \ufffdtape", "Maison d'hÃ©bergement ❤️",
    "https://lac.example.org/maison-d%27h%C3%A9bergement", "xn--maison-hbergement-itb.example",
]  # fmt: skip


@pytest.mark.parametrize("words", OTHER_WORDS + SPOILED)
def test_a_house_is_asked_about_in_other_words_and_in_letters_that_were_spoiled_on_the_way(words: str) -> None:
    for field in ("nom", "description", "remarques"):
        text = f"nom;description;remarques\n{';'.join(words if one == field else 'Rive' for one in FIELDS)}\nÉté;;\n"
        assert names(taken(text)) == ["Été"], field


FIELDS = ("nom", "description", "remarques")


@pytest.mark.parametrize("words", [
    "Hospital emergency room", "Maison des jeunes", "Berger Avenue clinic", "Journal hebdomadaire", "Aide au logement",
    "Domestic violence hotline, 24/7", "Transition vers l'emploi", "Où aller? Quoi faire?", "Permanent residents",
    "Violence conjugale : écoute et accompagnement", "Home care", "Rate: 50%", "a=b, c&d",
])  # fmt: skip
def test_what_is_about_no_roof_is_not_asked_about(words: str) -> None:
    assert shelter_in([words], [words], [words]) == ""


def test_another_roof_is_asked_about_and_not_left_out_for_good() -> None:
    assert shelter_in(["Animal shelter"], []) == shelter_in(["Refuge pour animaux"], []) == "perhaps"


@pytest.mark.parametrize(("text", "there"), [
    ("Organisme;Note;Ville\nHÉBERGEMENT;;\nBleue;x;y\nSource;x;y\nALIMENTATION;;\nFrigo;x;y\nLOISIRS;;\nJoie;x;y\n",
     ["Frigo", "Joie"]),
    ("Nom;Note;Ville\nRefuge Y;;\nCafé;x;y\nMaisons d'hébergement;;\nRose;x;y\n", ["Café"]),
    ("Agency,Program,Notes\nEmergency housing:,,\nHarbour,Stay,call\nFood:,,\nPantry,Boxes,Mon\n", ["Boxes"]),
    ("Type,Name,Note\nWomen's shelters,Rose,x\n,Maple,x\nidem,Birch,x\nFood,Pantry,x\n,Kitchen,x\n",
     ["Pantry", "Kitchen"]),
    ("Nom;Écoute;Hébergement\nRose;X;X\nLys;X;\nPont;Oui;Non\n", ["Lys", "Pont"]),
    ("Name,Category,Beds\nRose,Support,14\nPantry,Food,0\n", ["Pantry"]),
])  # fmt: skip
def test_a_title_a_cell_for_several_lines_and_a_heading_are_meant_for_each_line(text: str, there: list[str]) -> None:
    assert names(taken(text)) == there


def test_the_title_of_a_part_is_no_entry_and_gives_its_lines_their_type() -> None:
    text = "Organisme;Note;Ville\nALIMENTATION;;\nFrigo;x;y\nClinique du Pont;;\nOrganisme;Note;Ville\nPanier;x;y\n"
    made = taken(text)
    assert [(row["name"], row["type"]) for row in rows(made)] == [
        ("Frigo", "food"), ("Clinique du Pont", "food"), ("Panier", "food"),
    ]  # fmt: skip
    assert reasons(made) == [("2", say("is_title")), ("5", say("is_title"))]


@pytest.mark.parametrize(("name", "text"), [
    ("liste.csv", "Répertoire des maisons d'hébergement;\n;\nNom;Ville\nLa Rose;Rive\n"),
    ("Refuges_2026.csv", "Nom;Ville\nLa Rose;Rive\n"),
    ("list.csv", "Women's shelters in the region\nName,City\nRose,Lake\n"),
])  # fmt: skip
@pytest.mark.parametrize("lang", languages())
def test_a_list_that_is_called_one_of_houses_is_asked_about_as_a_whole(name: str, text: str, lang: str) -> None:
    def bring_in(**chosen: str) -> Taken:
        return take(MODEL, Asked("list", {}, lang, (), lambda _slug: {}, name, text.encode(), chosen))

    assert names(made := bring_in()) == []
    assert choices(made) == {"shelters": "leave"}
    assert len(names(bring_in(shelters="take"))) == 1


def with_links_and_notes(book: Workbook) -> None:
    sheet = book.active
    for row in (["Nom", "Type", "Site web"], ["Rose", "Autre", "Site"], ["Frigo", "Autre", "ici"], ["Lys", "Autre"]):
        sheet.append(row)
    sheet["C2"].hyperlink = "https://maison-hebergement-rose.example.org"
    sheet["C3"].hyperlink = "https://frigo.example.org/"
    sheet["A4"].comment = Comment("Adresse confidentielle", "x")
    sheet.append(["Pont", "Santé", '=HYPERLINK("https://pont.example.org","Pont")'])


def test_what_lies_behind_a_cell_is_looked_at_and_a_link_is_the_page() -> None:
    made = taken(spreadsheet(with_links_and_notes))
    assert [(row["name"], row["page"]) for row in rows(made)] == [
        ("Frigo", "https://frigo.example.org/"), ("Pont", "https://pont.example.org"),
    ]  # fmt: skip
    assert {"shelter:2", "shelter:4"} <= set(choices(made))
    told = [block.text for block in made.told.blocks if isinstance(block, Paragraph)]
    assert tell("fr", "tables.left_notes", count=1) in told


SERVICE = "id,organization_id,name,program_id\ns1,o1,La Clairière,p1\ns2,o2,Panier,\n"
TWO = "id,name,description\no1,Rives,{}\no2,Lac,Repas\n"
ELSEWHERE: dict[str, dict[str, str]] = {
    "its organization": {"organizations": TWO.format("Women's shelter and outreach")},
    "a term of its organization": {
        "attributes": "id,link_id,taxonomy_term_id,link_entity\na,o1,t,organization\n",
        "taxonomy_terms": "id,name\nt,Domestic Violence Shelters\n",
    },
    "a term above its term": {
        "service_taxonomy": "id,service_id,taxonomy_id\na,s1,t2\n",
        "taxonomy": "id,name,parent_id\nt,Shelters,\nt2,For women,t\n",
    },
    "a code that is not in the package": {"service_taxonomy": "id,service_id,taxonomy_id\na,s1,BH-1800.1500-100\n"},
    "its program": {"programs": "id,organization_id,name\np1,o1,Second-stage housing\n"},
    "its capacity": {"service_capacity": "id,service_id,description\nc,s1,beds for women\n"},
    "its line": {"phones": "id,service_id,description\np,s1,Shelter intake\n"},
    "its place": {
        "locations": "id,name\nl,Safe house\n", "service_at_location": "id,service_id,location_id\nx,s1,l\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_package_is_looked_at_wherever_it_speaks_of_a_service(where: str) -> None:
    files = {"organizations": TWO.format("Soutien"), "services": SERVICE} | ELSEWHERE[where]
    made = taken(package(**files))
    assert names(made) == ["Panier"]
    assert [line for line, _ in reasons(made)][:1] == ["2"]


# ---- gone, denied, torn

@pytest.mark.parametrize(("head", "cell", "there"), [
    ("Fermé le", "2024-03-01", False), ("Closed?", "Yes", False), ("Closed?", "No", True), ("Fermé", "non", True),
    ("Archivé", "x", False), ("Statut", "Pas fermé", True), ("Statut", "N'est plus en activité", False),
    ("Active", "x", True), ("Statut", "Toujours ouvert", True), ("Date de fermeture", "", True),
])  # fmt: skip
def test_a_column_says_that_a_service_is_gone_or_that_it_is_not(head: str, cell: str, there: bool) -> None:
    assert names(taken(f"Nom;Type;{head}\nPont;Santé;{cell}\n")) == (["Pont"] if there else [])


@pytest.mark.parametrize(("said", "status"), [
    ("L'organisme a fermé ses portes en 2025", "ended"), ("Out of business", "ended"), ("Fermé depuis 2023", "ended"),
    ("Le programme s'est terminé en 2024.", "ended"), ("This organization has closed.", "ended"),
    ("No longer accepting referrals", "paused"), ("N'accepte plus de nouvelles demandes", "paused"),
    ("Ouvert du lundi au vendredi, fermé le midi", "open"), ("Closed on weekends", "open"),
    ("Fermé la fin de semaine", "open"),
])  # fmt: skip
def test_other_words_say_that_a_service_is_gone(said: str, status: str) -> None:
    assert status_said("Pont", said) == status


def test_an_alert_that_does_not_come_along_leaves_its_mark() -> None:
    (row,) = rows(taken("Nom;Type;Avis\nPont;Santé;Closed until April\n"))
    assert row["offers"] == say("mark_paused").replace("\u00a0", " ")


@pytest.mark.parametrize(("served", "found"), [
    ("Exclus : hommes, femmes", []), ("Hommes, femmes non admis", []), ("Sauf : jeunes, hommes", []),
    ("Not for men, women", []), ("Women; not men; youth", ["women"]), ("Femmes, 18 ans et plus", ["women"]),
])  # fmt: skip
def test_what_is_denied_before_or_after_is_not_read(served: str, found: list[str]) -> None:
    made = taken(f'name,type,served\nA,food,"{served}"\n')
    assert rows(made)[0].get("served", []) == found
    assert reasons(made)


def test_a_mark_that_nothing_closes_swallows_no_line_and_a_column_without_a_heading_is_told() -> None:
    made = taken('Nom;;Type;Description\nA;z;Santé;"Aide et écoute\nB;;Santé;Repas\nC;;Alimentation;"Boîtes"\n')
    assert names(made) == ["A", "B", "C"]
    assert reasons(made) == [("2", tell("fr", "tables.torn"))]
    told = [block.text for block in made.told.blocks if isinstance(block, Paragraph)]
    assert tell("fr", "tables.left_columns", names=tell("fr", "tables.unnamed", letter="B")) in told


@pytest.mark.parametrize(("column", "heads"), {
    "name": ["nomduservice", "NOM_DU_SERVICE", "Nom FR", "1. Nom", "servicename", "Titre du service"],
    "organization": ["nomorganisme", "Raison sociale", "agencyname", "Partner"],
    "offers": ["Description des services", "What they do"], "page": ["siteweb", "www", "Home Page"],
    "served": ["Clientèle cible", "Who we serve"], "checked": ["DATE_MAJ", "Last Update", "Dernière màj"],
    "status": ["isActive", "En activité", "Operational Status"],
}.items())  # fmt: skip
def test_headings_are_known_run_together_in_the_plural_and_with_their_language(column: str, heads: list[str]) -> None:
    known = called({}, CALLED)
    assert {head: column_of(head, known) for head in heads} == dict.fromkeys(heads, column)


def test_the_words_of_a_status_make_a_column_of_it_whatever_it_is_called() -> None:
    text = "Nom;Type;StatutAIRS;Adhésion\nPont;Santé;Active;oui\nRive;Santé;Inactive;non\nLac;Santé;;non\n"
    made = taken(text)
    assert names(made) == ["Pont", "Lac"]
    assert choices(made) == {"status:ended": "leave"}
    assert len(names(taken(text, status__ended="take"))) == 3


def test_in_an_address_book_a_name_is_somebodys_and_no_service() -> None:
    head = "Name,Given Name,Organization Name,Phone 1 - Value"
    made = taken(f"{head}\nMarie T.,Marie,Le Pont,514 555 0101\n")
    assert names(made) == ["Le Pont"]
    assert "Marie" not in str(rows(made))


def test_a_link_as_notes_are_written_gives_its_words_and_its_page() -> None:
    text = "Name,URL\n[Pont](https://pont.example.org),[site](https://pont.example.org/a)\n[La Rose](https://refuge.example),x\n"
    made = taken(text)
    assert [(row["name"], row["page"]) for row in rows(made)] == [("Pont", "https://pont.example.org/a")]
    assert "shelter:3" in choices(made)


@pytest.mark.parametrize("lang", languages())
def test_the_first_line_of_a_list_without_headings_may_be_a_service(lang: str) -> None:
    text = "Pont,Santé\nRive,Alimentation\n"
    assert choices(taken(text, lang))["first"] == "headings"
    columns = {"column__0": "name", "column__1": "type"}
    assert names(taken(text, lang, **columns)) == ["Rive"]
    assert names(taken(text, lang, first="entry", **columns)) == ["Pont", "Rive"]


def test_a_list_of_two_kinds_of_letters_is_read_or_refused() -> None:
    data = "Nom;Type\nÉcoute;Santé\n".encode() + "Hébergement été;Autre\n".encode("cp1252")
    assert names(taken(data)) == ["Écoute"]
