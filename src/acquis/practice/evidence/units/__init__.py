"""The units of evidence.

Each declares what it reads, what it shows, which criteria it may serve and its known limits. None
returns a verdict, a score or a colour.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.practice.evidence.sources import Seen, Sources
from acquis.practice.evidence.units import (
    acts,
    agreement,
    authority,
    disclosure,
    fields,
    legal,
    passages,
    qualification,
    times,
    writing,
)
from acquis.practice.evidence.units.text import fold


@dataclass(frozen=True)
class Unit:
    """`serves` are patterns of a criterion's own wording, without accents or capitals."""

    key: str
    title: str | Promise
    reads: str | Promise
    shows: str | Promise
    limits: str | Promise
    serves: Sequence[str]
    read: Callable[[Sources], list[Seen]]
    hears: bool = False  # it also reads what a machine wrote down of recorded calls

    def may_serve(self, criterion: str) -> bool:
        text = fold(criterion)
        return any(re.search(pattern, text) for pattern in self.serves)


# Said of every unit that hears, wherever transcripts are shown.
HEARS = _("lit aussi les paroles transcrites du conseiller")
HEARD = _("ces paroles ont été entendues par une machine : à vérifier à l’oreille")

UNITS: tuple[Unit, ...] = (
    Unit(
        "response-times",
        _("Délais de réponse"),
        _("les messages du chat et leurs heures"),
        _("le délai de la première réponse et le délai moyen des suivantes, par échange"),
        _("un client qui écrit deux messages de suite compte une seule attente"),
        (r"delai", r"reponse.*respecte"),
        times.response_times,
    ),
    Unit(
        "qualification",
        _("Qualification du contact"),
        _("le motif, le résultat et le compte rendu enregistrés, et ceux que le scénario prévoit"),
        _("les champs remplis, à côté de ce qui était prévu"),
        _("un autre motif peut être juste : le scénario n’en prévoit que quelques-uns"),
        (r"(fichier|base de donnees).*qualifi", r"qualification du fichier", r"trace l'entretien"),
        qualification.qualification,
    ),
    Unit(
        "reformulation",
        _("Passages de reformulation"),
        _("les messages du conseiller"),
        _("les phrases qui reprennent la demande du client"),
        _("repère des tournures courantes ; une reformulation sans tournure n’est pas vue"),
        (
            r"demande.*(comprise|identifiee)",
            r"besoins.*identifies",
            r"reformule",
            r"motif.*identifie",
        ),
        passages.reformulations,
        hears=True,
    ),
    Unit(
        "questions",
        _("Questions posées"),
        _("les messages du conseiller"),
        _("les questions posées au client, dans l’ordre"),
        _("toute phrase terminée par un point d’interrogation est une question"),
        (
            r"besoins.*identifies",
            r"diagnostic",
            r"attentes.*motivations",
            r"sollicite.*informations",
        ),
        passages.questions,
        hears=True,
    ),
    Unit(
        "understanding-check",
        _("Vérification de la compréhension"),
        _("les messages du conseiller"),
        _("les passages qui vérifient la compréhension, l’accord ou la satisfaction"),
        _("repère des tournures courantes"),
        (r"comprehension.*verifiee", r"avis du client", r"consensus", r"accord.*obtenu"),
        passages.understanding_checks,
        hears=True,
    ),
    Unit(
        "spelling-grammar",
        _("Orthographe et grammaire"),
        _("les écrits et les messages du candidat"),
        _("chaque remarque du correcteur dans sa phrase"),
        _("un correcteur se trompe et oublie : la phrase entière est montrée"),
        (r"orthographiques", r"syntaxiques"),
        writing.spelling_and_grammar,
    ),
    Unit(
        "markers",
        _("Tournures de l’échange"),
        _("les messages du conseiller"),
        _("salutations, remerciements, excuses, marques d’écoute et expressions déconseillées"),
        _("des mots, pas un ton : aucune note n’en est tirée"),
        (r"\bton\b", r"posture", r"apaiser", r"courtoisie", r"presente.*valorisante", r"valorisee"),
        passages.markers,
        hears=True,
    ),
    Unit(
        "letter-agreement",
        _("La lettre et ce qui était convenu"),
        _("la lettre du candidat et les faits convenus du dossier"),
        _(
            "chaque montant, date, nom ou délai convenu, retrouvé ou non ; les autres montants et dates cités"
        ),
        _("compare des écritures : un montant dit en toutes lettres n’est pas retrouvé"),
        (
            r"formalisation ecrite",
            r"reponse est fiable",
            r"solution.*pertinente",
            r"interets de l'entreprise",
            r"solution est satisfaisante",
        ),
        agreement.letter_and_agreed,
    ),
    Unit(
        "exchange-agreement",
        _("L’échange et ce que le scénario prévoit"),
        _("les messages du conseiller et les faits prévus"),
        _("les montants, dates et solutions prévus que le conseiller a écrits"),
        _("compare des écritures, sans juger d’une solution différente"),
        (r"solution", r"reponse est fiable", r"consensus", r"interets de l'entreprise"),
        agreement.exchanges_and_agreed,
        hears=True,
    ),
    Unit(
        "consulted",
        _("Fiches et procédures ouvertes"),
        _("le journal du poste"),
        _("les fiches clients et les articles ouverts, avec leurs heures"),
        _("ouvert ne veut pas dire lu"),
        (
            r"procedures",
            r"diagnostic",
            r"historique",
            r"informations pertinentes",
            r"reponse est fiable",
        ),
        acts.consulted,
    ),
    Unit(
        "identification",
        _("Identification du client"),
        _("le journal du poste et les messages du conseiller"),
        _("le moment où le client a été rattaché à sa fiche, et ce qui a été écrit avant"),
        _("ne sait pas si les réponses du client suffisaient à l’identifier"),
        (r"confidentialite", r"interlocuteur cible"),
        acts.identification,
        hears=True,
    ),
    Unit(
        "disclosure",
        _("Informations données avant l’identification"),
        _("les messages du conseiller et le journal du poste"),
        _(
            "les phrases qui citent un numéro, une adresse, un montant ou une date du client avant son rattachement à une fiche"
        ),
        _(
            "le rattachement tient lieu d’identification ; ce que le client a écrit le premier est laissé"
        ),
        (r"confidentialite", r"interlocuteur cible", r"procedures de l'entreprise sont"),
        disclosure.disclosures,
        hears=True,
    ),
    Unit(
        "fields-changed",
        _("Champs avant et après"),
        _("le journal du poste"),
        _("chaque champ d’une fiche client modifié, avant et après"),
        _("ne sait pas si la valeur écrite est juste"),
        (
            r"(fichier|base de donnees).*qualifi",
            r"qualification du fichier",
            r"rendez-vous est qualifie",
        ),
        fields.changed_fields,
    ),
    Unit(
        "authority",
        _("Offres et matrice d’habilitation"),
        _("le journal du poste, les messages du conseiller et la matrice de l’entreprise"),
        _("les gestes proposés avec le niveau dont ils relèvent, et les offres chiffrées écrites"),
        _(
            "une offre sans montant, ou dite sans verbe d’offre, n’est pas vue ; un tarif peut sembler une offre"
        ),
        (
            r"interets (de l'entreprise|du debiteur)",
            r"offre proposee",
            r"solution est satisfaisante",
        ),
        authority.offers,
        hears=True,
    ),
    Unit(
        "legal-mentions",
        _("Mentions légales"),
        _("les messages du conseiller et la lettre"),
        _("les passages qui font une mention légale, par mention"),
        _("repère des mots : ne sait pas si la mention est exacte ou complète"),
        (r"reglementation", r"procedures de l'entreprise sont", r"formalisation ecrite"),
        legal.legal_mentions,
        hears=True,
    ),
)
