"""The sentences of docs/what-is-told.md and what-is-told.fr.md around their tables."""

# ruff: noqa: E501 - tables and headings of a document

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "en": {
        "exercise": "exercise (items)",
        "top": """# What a room is told

The kit tells a group's result only as far as nobody can be found in it ([what is promised](../facilitation/en/privacy.md)). The
smaller the room, the less that is. These tables say how much, with the threshold k = 5: in per cent of an exercise's
items, before these rules (→) now, for rooms of 6 to 100 people. Before, small groups were told more, and people could be
found in it. They are written by `python -m bench.usefulness`, which sends simulated rooms through each exercise's own
summary.

In short, for k = 5:

- **up to 7 people**: nothing of the answers; talk about them instead;
- **8 or 9**: on items that are not sensitive, what more than half said, if they did;
- **10 to 14**: the same for all items (on sensitive ones, what more than 45% said), and that no answer stands out;
- **15 and more**: shares in ranges, narrower the more people there are; from 30 on, answer by answer;
- **sectors side by side**: those of at least 8 people (11 on sensitive items), from two of them on, where they lean
  clearly;
- **stories**: a later decision is told only where as many people are told to have come to it, so the further a story
  goes, the less is told. Rooms of 10 to 14 hear instead what more than half showed at least once, over all stories.

Little more could be told of a story's decisions. In two rehearsed rooms of 24 whose people chose among twelve stories
there are 146 decisions; at 58 of them some choice passes the lowest step at all, and 46 of these are told. In two rooms
of 12 it is 1 of 146, and that one is told: about half of a room plays each story, so hardly any choice is made by more
than half of all.""",
        "told": "## Rooms as a rehearsal makes them\n\n**Anything at all is told of an item**, if only that no answer stands out (per cent of items):",
        "sure": "**What many chose is told**, as a share or as \"most\" (per cent of items):",
        "bands": "**Shares, or that no answer stands out**, rather than \"most\" (per cent of items):",
        "middle": "**Where the middle answer lies** (per cent of items; each exercise shows it in its own way, or not at all):",
        "shown": "**What people showed by their choices**, told in rooms of 10 to 14 where more than half did at least once (per cent of the behaviours that the choices of all stories show):",
        "minds": "## Rooms of one mind, of two, of all\n\nWhat many chose is told, as a share or as \"most\" (per cent of items). Of the others, rooms of 10 and more are told that no answer stands out:",
        "uniform": "Uniform: every answer as often as any other",
        "polarised": "Polarised: half at one end, half at the other",
        "consensual": "Consensual: nine of ten alike",
        "sectors": """## Sectors side by side

Per cent of the items on which an exercise sets sectors side by side. The sectors of these rooms are of unequal size: of
24 people, 9, 8, 5 and 2. Where no sector leans to a side, there is nothing to set side by side.""",
        "rehearsed_sectors": "As a rehearsal makes them: sectors think nearly alike, and few lean clearly",
        "sectors_sectors": "Each sector of one mind, neighbours of opposite ones",
        "bottom": """In `action_plan`, what is planned and when it starts were two items before, and are one table now. In
`pulse`, what was said at one moment is no longer told, only what has moved.""",
    },
    "fr": {
        "exercise": "exercice (éléments)",
        "top": """# Ce qu'une salle apprend

La trousse montre le résultat d'un groupe seulement si l'on ne peut y retrouver personne ([ce qui est promis](../facilitation/fr/privacy.md)). Plus la salle est petite, moins on peut en dire. Ces tableaux disent combien, avec le seuil k = 5 : en
pourcentage des éléments d'un exercice, avant ces règles (→) maintenant, pour des salles de 6 à 100 personnes. Avant, on
en disait plus aux petits groupes, et l'on pouvait y retrouver des personnes. Ils sont écrits par
`python -m bench.usefulness`, qui fait passer des salles simulées par le résumé de chaque exercice.

En bref, pour k = 5 :

- **jusqu'à 7 personnes** : rien des réponses; parlez-en plutôt de vive voix;
- **8 ou 9** : pour les éléments qui ne sont pas délicats, ce que plus de la moitié a dit, s'il y en a;
- **10 à 14** : de même pour tous les éléments (pour les délicats, ce que plus de 45 % ont dit), et le fait qu'aucune
  réponse ne se détache;
- **15 et plus** : des parts en fourchettes, plus étroites quand il y a plus de monde; dès 30, réponse par réponse;
- **secteurs côte à côte** : ceux d'au moins 8 personnes (11 pour les éléments délicats), dès qu'il y en a deux, là où ils
  penchent clairement;
- **récits** : une décision suivante n'est montrée que dans la mesure où l'on montre aussi qu'autant de personnes y
  sont arrivées : plus le récit avance, moins il y en a. Les salles de 10 à 14 personnes apprennent
  plutôt ce que plus de la moitié a montré au moins une fois, tous récits réunis.

On ne pourrait guère en dire plus des décisions d'un récit. Dans deux salles simulées de 24 personnes, qui choisissaient
parmi douze récits, il y a 146 décisions; pour 58 d'entre elles, un choix dépasse le premier palier, et 46 de celles-ci
sont montrées. Dans deux salles de 12, il y en a 1 sur 146, et elle est montrée : environ la moitié d'une salle joue
chaque récit, si bien que presque aucun choix n'est fait par plus de la moitié du groupe.""",
        "told": "## Des salles comme une répétition les crée\n\n**Quelque chose est dit d'un élément**, ne serait-ce qu'aucune réponse ne se détache (% des éléments) :",
        "sure": "**Ce que beaucoup ont choisi est dit**, comme une part ou comme « la plupart » (% des éléments) :",
        "bands": "**Des parts, ou qu'aucune réponse ne se détache**, plutôt que « la plupart » (% des éléments) :",
        "middle": "**Où se trouve la réponse du milieu** (% des éléments; chaque exercice la montre à sa façon, ou pas) :",
        "shown": "**Ce que les gens ont montré par leurs choix**, dit dans les salles de 10 à 14 personnes quand plus de la moitié l'a fait au moins une fois (% des façons de faire que montrent les choix de tous les récits) :",
        "minds": "## Des salles d'un seul avis, de deux, de tous\n\nCe que beaucoup ont choisi est dit, comme une part ou comme « la plupart » (% des éléments). Des autres, les salles de 10 personnes et plus apprennent qu'aucune réponse ne se détache :",
        "uniform": "Uniforme : chaque réponse aussi souvent que les autres",
        "polarised": "Polarisée : la moitié à un bout, la moitié à l'autre",
        "consensual": "Consensuelle : neuf sur dix du même avis",
        "sectors": """## Les secteurs côte à côte

En pourcentage des éléments pour lesquels un exercice met les secteurs côte à côte. Les secteurs de ces salles sont de
tailles inégales : de 24 personnes, 9, 8, 5 et 2. Là où aucun secteur ne penche, il n'y a rien à mettre côte à côte.""",
        "rehearsed_sectors": "Comme une répétition les crée : les secteurs pensent presque pareil, et peu penchent",
        "sectors_sectors": "Chaque secteur d'un seul avis, les voisins d'avis contraires",
        "bottom": """Dans `action_plan`, ce qui est prévu et quand cela commence étaient deux éléments; c'est maintenant un
seul tableau. Dans `pulse`, ce qui a été dit à un moment n'est plus montré, seulement ce qui a bougé.""",
    },
}
