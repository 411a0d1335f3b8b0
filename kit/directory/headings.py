"""What the headings of a list from elsewhere mean: words run together, in either language, HSDS's and 211's names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kit.letters import folded

STATUS = "status"

# How other lists call a field; headings are compared without small words, so "Nom de l'organisme" is "nom organisme".
CALLED: Mapping[str, tuple[str, ...]] = {
    "name": (
        "nom", "service", "services", "service name", "nom service", "title", "titre", "ressource", "resource", "name",
        "program name", "program", "programme", "nom programme", "public name", "resource name", "nom ressource",
        "nom activite", "nom du service", "intitule", "titre service", "intitule service", "libelle", "designation",
        "program title", "nom commun", "nom de la ressource", "nom du programme",
    ),
    "type": (
        "category", "categories", "categorie", "kind", "taxonomy", "taxonomy term", "taxonomy terms", "type",
        "type ressource", "resource type", "service type", "type service", "service category", "secteur activite",
        "categorie service", "categorie ressource", "theme", "themes", "domaine", "topic", "topics", "category name",
        "sous categorie", "subcategory", "domaine intervention", "secteur intervention", "volet", "problematique",
        "thematique", "tags", "mots cles", "keywords",
    ),
    "organization": (
        "organisme", "organisation", "organization", "organization name", "agency", "agence", "agency name",
        "nom organisme", "nom organisation", "organismes", "provider", "provider name", "parent agency", "fournisseur",
        "etablissement", "nom etablissement", "nom de l organisme", "organisme responsable", "nom org", "org",
        "partner",
        "partenaire", "company", "entreprise", "association", "nom association", "nom de l association", "structure",
        "raison sociale", "charity name", "ngo", "dispensateur", "exploitant", "prestataire",
    ),
    "offers": (
        "description", "service description", "services offerts", "program description", "agency description",
        "description service", "description programme", "what we do", "services offered", "mission", "offre",
        "summary", "resume", "details", "program summary", "service summary", "about", "a propos",
        "activites", "activities", "what they do", "ce que nous offrons", "prestations", "offre service",
    ),
    "served": (
        "clientele", "population", "populations", "population served", "clientele visee", "clientele desservie",
        "target population", "served", "a qui", "pour qui", "a qui s adresse", "a qui s adresse service",
        "public cible", "public vise", "personnes visees", "population desservie", "population visee", "for whom",
        "who it is for", "target group", "groupe cible", "clients served",
        "clientele cible", "who we serve", "populations served", "eligibility group", "groupes vises",
    ),
    "who_can_come": (
        "eligibility", "eligibility description", "who can come", "who is eligible", "admissibilite",
        "criteres admissibilite", "criteres", "conditions",
    ),
    "refer": (
        "application process", "how to refer", "how to apply", "referral", "referral process", "intake",
        "intake process", "reference", "processus reference", "comment orienter",
        "comment orienter quelqu un", "modalites inscription", "inscription",
    ),
    "waiting": ("wait time", "waiting time", "waiting list", "delai attente", "temps attente", "liste attente"),
    # Not "phone" alone: that is often somebody's. The person may choose the column themselves.
    "line": ("public line", "ligne publique", "hotline", "crisis line", "helpline", "ligne ecoute", "toll free",
             "toll free number", "sans frais", "ligne sans frais"),
    "languages": (
        "language", "languages", "langue", "langues", "languages spoken", "langues parlees", "langues service",
        "languages offered",
    ),
    "interpreting": ("interpretation services", "interpretation", "interpreting", "services interpretation"),
    "access": ("accessibility", "accessibilite", "access", "acces", "modalites acces", "cout"),
    "page": (
        "url", "website", "web site", "site web", "site", "web", "lien", "link", "page web", "website address",
        "web address", "adresse web", "site internet", "homepage", "service url",
        "website url", "web page", "url site", "url site web", "program url", "agency url", "site url", "www",
        "lien web", "home page",
    ),
    "checked": (
        "assured date", "last updated", "date", "last verified", "mise jour", "verifie", "last verified on",
        "date verification", "last assured date", "updated", "derniere mise jour", "mis jour", "date mise jour",
        "derniere verification", "verifie le", "last checked", "last reviewed", "last modified", "date updated",
        "derniere modification", "modifie le", "valide le", "date maj", "maj", "last update", "updated on",
        "derniere maj",
        "date modified", "modified", "date derniere mise jour", "last verified date",
    ),
    "checked_by": ("role", "verifie par", "verified by"),
    STATUS: (
        "status", "statut", "etat", "agency status", "service status", "program status", "active", "actif",
        "resource status", "statut service", "is active", "operational status", "en activite", "etat service",
    ),
}  # fmt: skip
# "Nom FR", "Description (English)", "Category 1": one column of several that are alike.
_WHICH = frozenset({"fr", "en", "eng", "fra", "francais", "english", "anglais", "french"})
_SMALL = frozenset({"de", "des", "du", "d", "l", "la", "le", "les", "of", "the", "a", "au", "aux", "en", "et", "and"})
# "Service / Service", "Type (kind)", "Organisme | Agency".
_BETWEEN = re.compile(r"[/|()\[\]]| [-–—] ")
_JOINT = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")


def key_of(heading: str) -> str:
    """A heading as it is compared: "PublicName", "public_name", "publicname" and "Public names" are one."""
    words = folded(_JOINT.sub(" ", heading)).split()
    # "À qui" is not "qui": whom a service is for, and who offers it.
    kept = [word for at, word in enumerate(words) if word not in _SMALL or (at == 0 and word == "a")]
    told = [word for word in kept if word not in _WHICH and not word.isdecimal()]
    return _joined(told or kept or words)


def column_of(heading: str, known: Mapping[str, str]) -> str:
    """The column that a heading means; one in two languages counts where both halves that are known mean the same."""
    if whole := _column(heading, known):
        return whole
    halves = {column for half in _BETWEEN.split(heading) if (column := _column(half, known))}
    return halves.pop() if len(halves) == 1 else ""


def _column(heading: str, known: Mapping[str, str]) -> str:
    """As it stands ("nomduservice", "En activité"), or by its key without small words."""
    return known.get(_joined(folded(heading).split())) or known.get(key_of(heading)) or ""


def _joined(words: Iterable[str]) -> str:
    """In one word, each in the singular."""
    return "".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def called(*names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The column that a heading means, by `key_of` it; the first of several that are called alike counts."""
    found: dict[str, str] = {}
    for known in names:
        for column, headings in known.items():
            for one in headings:
                found.setdefault(key_of(one), column)
                found.setdefault(_joined(folded(one).split()), column)
    return found
