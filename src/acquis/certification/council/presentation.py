"""The figures of a pack in words: the same for the page, in its language, and for the PDF, in French."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as pgettext

from acquis.certification.council import measuring, policy
from acquis.certification.council.models import CouncilPack, wording_of
from acquis.certification.grading.models import Deliberation
from acquis.certification.papers.models import Subject
from acquis.certification.registrations.models import Enrolment
from acquis.kernel.typography import NBSP, number

Words = str | Promise
Figure = Mapping[str, Any]
Row = Mapping[str, Any]
NONE = "—"


def percent(value: float) -> str:
    return f"{number(100 * value)}{NBSP}%"


def coefficient(value: float) -> str:
    return number(value, 2)


def points(value: float) -> str:
    """A difference of shares, in points, with its sign: « +4,2 pts »."""
    sign = "+" if round(100 * value, 1) > 0 else ""
    return f"{sign}{number(100 * value, 1)}{NBSP}{_('pts')}"


@dataclass(frozen=True)
class Scale:
    """What the drawing goes from and to, its marks, and the line to compare with."""

    low: float
    high: float
    said: Callable[[float], str]
    reference: float | None = None

    def place(self, value: float) -> float:
        """From 0 (left) to 1; what goes past an end stays on it."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


SHARE = Scale(0.0, 1.0, percent)
KAPPA = Scale(-0.25, 1.0, coefficient, 0.0)
GAP = Scale(-0.3, 0.3, points, 0.0)


@dataclass(frozen=True)
class Shape:
    """How a section is shown: its words, the figure that is drawn, those that stand beside it."""

    title: Words
    intro: Words
    head: Words
    people: Words
    figure: str
    measure: Words
    scale: Scale
    beside: Sequence[tuple[Words, Callable[[Row], str]]] = ()
    caveats: Sequence[Words] = ()


def _share_of(name: str) -> Callable[[Row], str]:
    return lambda row: _said(row["figures"].get(name), percent)


def _coefficient_of(name: str) -> Callable[[Row], str]:
    return lambda row: _with_interval(row["figures"].get(name), coefficient)


def _days(name: str) -> Callable[[Row], str]:
    def said(row: Row) -> str:
        days = row.get(name)
        if days is None:
            return NONE
        return number(days, 0 if days == int(days) else 1)

    return said


def _count(name: str) -> Callable[[Row], str]:
    return lambda row: number(row[name]) if name in row else NONE


def _said(figure: Figure | None, said: Callable[[float], str]) -> str:
    return said(figure["value"]) if figure else NONE


def _with_interval(figure: Figure | None, said: Callable[[float], str]) -> str:
    if not figure:
        return NONE
    if figure["low"] is None:
        return said(figure["value"])
    return f"{said(figure['value'])} ({_interval(figure, said)})"


def _interval(figure: Figure, said: Callable[[float], str]) -> str:
    if figure["low"] is None:
        return NONE
    return _("de %(low)s à %(high)s") % {
        "low": said(figure["low"]),
        "high": said(figure["high"]),
    }


_CANDIDATES = gettext_lazy("Candidats")
_SUCCESS = gettext_lazy("Réussite")

SHAPES: dict[str, Shape] = {
    "outcomes": Shape(
        gettext_lazy("Décisions des jurys"),
        gettext_lazy("Ce que les jurys ont décidé, tous candidats ensemble."),
        gettext_lazy("Décision"),
        _CANDIDATES,
        "success",
        gettext_lazy("Part des candidats"),
        SHARE,
    ),
    "routes": Shape(
        gettext_lazy("Réussite par voie d’accès"),
        gettext_lazy("Part des candidats admis, selon la voie par laquelle ils sont venus."),
        gettext_lazy("Voie d’accès"),
        _CANDIDATES,
        "success",
        _SUCCESS,
        SHARE,
    ),
    "accommodations": Shape(
        gettext_lazy("Réussite avec et sans aménagement"),
        gettext_lazy("Tous les aménagements ensemble : leur nature n’est pas distinguée."),
        gettext_lazy("Candidats"),
        _CANDIDATES,
        "success",
        _SUCCESS,
        SHARE,
        caveats=[
            gettext_lazy(
                "Un écart ne dit pas si un aménagement suffit : les personnes diffèrent aussi "
                "par leur parcours."
            )
        ],
    ),
    "criteria": Shape(
        gettext_lazy("Difficulté et discrimination des critères"),
        gettext_lazy(
            "Part des candidats à qui le jury a accordé le critère ; plus elle est basse, plus le "
            "critère est difficile. La discrimination (de −1 à 1) dit si ceux qui l’obtiennent "
            "obtiennent aussi les autres."
        ),
        gettext_lazy("Critère"),
        _CANDIDATES,
        "success",
        gettext_lazy("Part acquise"),
        SHARE,
        [(gettext_lazy("Discrimination"), _coefficient_of("discrimination"))],
        [
            gettext_lazy(
                "Une discrimination proche de 0 ou négative invite à relire le critère ; un critère "
                "que tous obtiennent n’en a pas, et peut être très bien ainsi."
            )
        ],
    ),
    "subjects": Shape(
        gettext_lazy("Exposition des sujets"),
        gettext_lazy(
            "Combien de fois chaque sujet est sorti, parmi ceux de sa nature, et combien de fois il "
            "a été ouvert pour ces sessions."
        ),
        gettext_lazy("Sujet"),
        gettext_lazy("Tirages"),
        "exposure",
        gettext_lazy("Part des tirages"),
        SHARE,
        [
            (gettext_lazy("Réussite des candidats"), _share_of("success")),
            (gettext_lazy("Ouvertures"), _count("opened")),
            (gettext_lazy("Personnes l’ayant ouvert"), _count("readers")),
        ],
        [
            gettext_lazy(
                "Un sujet qui sort souvent finit par être connu. Une réussite plus haute peut en être "
                "le signe, ou celui d’un sujet plus facile."
            )
        ],
    ),
    "jurors": Shape(
        gettext_lazy("Sévérité des jurés"),
        gettext_lazy(
            "Écart entre ce qu’un juré accorde et ce qu’accordent, seuls, ceux qui notent les mêmes "
            "critères des mêmes candidats. Positif : plus sévère ; négatif : plus indulgent."
        ),
        gettext_lazy("Juré"),
        gettext_lazy("Grilles"),
        "severity",
        gettext_lazy("Sévérité"),
        GAP,
        [
            (gettext_lazy("Critères accordés"), _share_of("granted")),
            (gettext_lazy("Candidats admis"), _share_of("success")),
        ],
        [
            gettext_lazy(
                "Les lettres sont tirées au sort à chaque dossier. Un juré n’est comparé qu’à ceux "
                "avec qui il a siégé : l’écart dit une différence, pas qui a raison."
            )
        ],
    ),
    "agreement": Shape(
        gettext_lazy("Accord entre jurés (kappa de Fleiss)"),
        gettext_lazy(
            "Accord des grilles remplies séparément, avant la délibération, au-delà de ce que le "
            "hasard donnerait : 0, rien de plus ; 1, accord entier."
        ),
        gettext_lazy("Critère"),
        _CANDIDATES,
        "kappa",
        gettext_lazy("Kappa"),
        KAPPA,
        [(gettext_lazy("Notes identiques"), _share_of("raw"))],
        [
            gettext_lazy(
                "Quand presque tous obtiennent un critère, le kappa reste bas même si les jurés "
                "s’accordent : lisez-le avec la part de notes identiques."
            )
        ],
    ),
    "pairs": Shape(
        gettext_lazy("Accord deux à deux (kappa de Cohen)"),
        gettext_lazy("Deux jurés qui ont noté ensemble cinq candidats au moins."),
        gettext_lazy("Jurés"),
        _CANDIDATES,
        "kappa",
        gettext_lazy("Kappa"),
        KAPPA,
        [(gettext_lazy("Notes identiques"), _share_of("raw"))],
    ),
    "delays": Shape(
        gettext_lazy("Délais"),
        gettext_lazy(
            "En jours, d’une étape à la suivante. La part tenue se compte quand un délai est promis "
            "par le référentiel ou par la loi."
        ),
        gettext_lazy("Étape"),
        _CANDIDATES,
        "in_time",
        gettext_lazy("Dans le délai"),
        SHARE,
        [
            (gettext_lazy("Jours, au milieu"), _days("median")),
            (gettext_lazy("Neuf sur dix, au plus"), _days("ninth")),
            (gettext_lazy("Le plus long"), _days("longest")),
        ],
    ),
    "satisfaction": Shape(
        gettext_lazy("Satisfaction des candidats"),
        gettext_lazy(
            "Part de ceux qui sont d’accord, parmi ceux qui ont répondu au questionnaire anonyme "
            "proposé après les résultats."
        ),
        gettext_lazy("Affirmation"),
        gettext_lazy("Réponses"),
        "success",
        gettext_lazy("D’accord"),
        SHARE,
        caveats=[
            gettext_lazy(
                "Ceux qui répondent ne sont pas forcément comme les autres : comparez le nombre de "
                "réponses à celui des candidats."
            )
        ],
    ),
}

_STEPS = {
    "summons": gettext_lazy("De l’envoi de la convocation à l’examen"),
    "deliberation": gettext_lazy("De l’examen à la délibération"),
    "results": gettext_lazy("De la délibération aux résultats"),
    "certificate": gettext_lazy("De l’examen au certificat"),
    "cpf": gettext_lazy("Du certificat au passeport de compétences"),
}
_ARRANGED = {
    measuring.WITH: gettext_lazy("Avec un aménagement"),
    measuring.WITHOUT: gettext_lazy("Sans aménagement"),
}
HIDDEN: dict[str, Words] = {
    measuring.FEW: gettext_lazy("Moins de cinq personnes : non montré"),
    measuring.WHOLE: gettext_lazy("Non montré, pour ne pas révéler une autre ligne"),
    measuring.EACH: gettext_lazy("Non montré : dirait le résultat de chacun"),
    measuring.JURORS: gettext_lazy("Moins de trois jurés : non montré"),
}
_CAVEATS: dict[str, Words] = {
    measuring.FEW: gettext_lazy(
        "Une ligne de moins de cinq personnes n’est pas montrée, ni celle par laquelle on la "
        "retrouverait en soustrayant."
    ),
    measuring.EACH: gettext_lazy(
        "Quand tous ont réussi ou tous échoué avec un aménagement, rien n’est montré : on saurait "
        "le résultat de chacun."
    ),
    measuring.JURORS: gettext_lazy(
        "Avec moins de trois jurés, chacun reconnaîtrait l’autre : rien n’est montré."
    ),
}
_CAUTION = gettext_lazy(
    "Moins de trente personnes sur certaines lignes, marquées « peu » : lisez l’intervalle avant "
    "la valeur."
)


_HEADINGS: dict[str, Callable[[str], str]] = {
    "outcomes": lambda key: str(Deliberation.Outcome(key).label),
    "routes": lambda key: str(Enrolment.Route(key).label),
    "accommodations": lambda key: str(_ARRANGED[key]),
    "jurors": lambda key: str(pgettext("pseudonym", "Jury %s")) % key,
    "pairs": lambda key: str(pgettext("pseudonym", "Jury %s")) % key,
    "delays": lambda key: str(_STEPS[key]),
    "satisfaction": wording_of,
}


def heading(section: str, row: Row) -> tuple[str, str]:
    """The head of a row and what stands under it, in words."""
    key, label = row["key"], row["label"]
    if section in _HEADINGS:
        return _HEADINGS[section](key), ""
    if section == "subjects":
        return key, str(Subject.Kind(label).label)
    if key == measuring.ALL and not label:
        return _("Tous les critères"), ""
    return key, label


def shown(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sections of a pack, in order, with what is printed and drawn of each row."""
    return [_section(name, shape, data["sections"][name]) for name, shape in SHAPES.items()]


def _section(name: str, shape: Shape, rows: Sequence[Row]) -> dict[str, Any]:
    scale = shape.scale
    return {
        "key": name,
        "title": str(shape.title),
        "intro": str(shape.intro),
        "head": str(shape.head),
        "people": str(shape.people),
        "measure": str(shape.measure),
        "beside": [str(label) for label, _said in shape.beside],
        "low": scale.said(scale.low),
        "high": scale.said(scale.high),
        "reference": None if scale.reference is None else scale.place(scale.reference),
        "rows": [_row(name, shape, row) for row in rows],
        "caveats": [str(one) for one in _caveats(shape, rows)],
    }


def _row(section: str, shape: Shape, row: Row) -> dict[str, Any]:
    head, detail = heading(section, row)
    figure, scale = row["figures"].get(shape.figure), shape.scale
    return {
        "head": head,
        "detail": detail,
        "people": number(row["n"]) if row["n"] is not None else NONE,
        "hidden": str(HIDDEN[row["hidden"]]) if row["hidden"] else "",
        "caution": row["caution"],
        "value": _said(figure, scale.said),
        "interval": _interval(figure, scale.said) if figure else NONE,
        "before": scale.said(figure["before"]) if figure and "before" in figure else NONE,
        "change": _change(figure),
        "beside": [said(row) for _label, said in shape.beside],
        "mark": _mark(figure, scale),
    }


def _mark(figure: Figure | None, scale: Scale) -> dict[str, float | None] | None:
    """Where the drawing puts the value, its interval and the year before, from 0 to 1."""
    if not figure:
        return None
    places = {name: figure.get(name) for name in ("value", "low", "high", "before")}
    return {
        name: None if one is None else round(scale.place(one), 4) for name, one in places.items()
    }


def _change(figure: Figure | None) -> str:
    """Up or down since the year before, when chance alone would not explain it."""
    change = figure.get("change") if figure else None
    if not change or change["low"] <= 0 <= change["high"]:
        return ""
    return _("en hausse") if change["value"] > 0 else _("en baisse")


def _caveats(shape: Shape, rows: Sequence[Row]) -> Iterable[Words]:
    reasons = {row["hidden"] for row in rows}
    if reasons & {measuring.FEW, measuring.WHOLE}:
        yield _CAVEATS[measuring.FEW]
    for reason in (measuring.EACH, measuring.JURORS):
        if reason in reasons:
            yield _CAVEATS[reason]
    if any(row["caution"] for row in rows):
        yield _CAUTION
    if any(row["figures"] for row in rows):
        yield from shape.caveats


def counts(data: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """What was counted: the words, this year, the year before."""
    words: dict[str, Words] = {
        "sessions": gettext_lazy("Sessions"),
        "candidates": gettext_lazy("Candidats"),
        "passages": gettext_lazy("Passages devant un jury"),
        "jurors": gettext_lazy("Jurés"),
        "grids": gettext_lazy("Grilles closes"),
        "marks": gettext_lazy("Critères notés"),
        "answers": gettext_lazy("Questionnaires de satisfaction"),
    }
    now, before = data["counts"], data["counts_before"]
    return [(str(label), now[key], before[key]) for key, label in words.items()]


def warnings(data: Mapping[str, Any]) -> list[str]:
    """What must be known before the first figure is read."""
    people = data["counts"]["candidates"]
    if people < policy.FEWEST:
        return [_("Moins de cinq candidats : presque rien ne peut être montré de cette année.")]
    if people < policy.CAUTION:
        return [
            _(
                "Moins de trente candidats : ces chiffres peuvent changer beaucoup d’une année à "
                "l’autre par le seul hasard."
            )
        ]
    return []


HEADS: tuple[Words, ...] = (
    gettext_lazy("Partie"),
    gettext_lazy("Ligne"),
    gettext_lazy("Libellé"),
    gettext_lazy("Mesure"),
    gettext_lazy("Effectif"),
    gettext_lazy("Valeur"),
    gettext_lazy("Borne basse à 95 %"),
    gettext_lazy("Borne haute à 95 %"),
    gettext_lazy("Année d’avant"),
    gettext_lazy("Remarque"),
)
_MEASURES: dict[str, Words] = {
    "success": gettext_lazy("part"),
    "discrimination": gettext_lazy("discrimination"),
    "exposure": gettext_lazy("part des tirages"),
    "granted": gettext_lazy("critères accordés"),
    "severity": gettext_lazy("sévérité"),
    "kappa": gettext_lazy("kappa"),
    "raw": gettext_lazy("notes identiques"),
    "in_time": gettext_lazy("dans le délai"),
    "median": gettext_lazy("jours, au milieu"),
    "ninth": gettext_lazy("jours, neuf sur dix"),
    "longest": gettext_lazy("jours, le plus long"),
    "opened": gettext_lazy("ouvertures"),
    "readers": gettext_lazy("personnes l’ayant ouvert"),
}


def table(data: Mapping[str, Any]) -> Iterable[list[Any]]:
    """Every figure of a pack on a line of its own, under `HEADS`; what is hidden says why."""
    for name, shape in SHAPES.items():
        for row in data["sections"][name]:
            start = [str(shape.title), *heading(name, row)]
            if row["hidden"]:
                why = str(HIDDEN[row["hidden"]])
                yield [*start, "", row["n"], None, None, None, None, why]
            for key, figure in row["figures"].items():
                places = (figure["value"], figure["low"], figure["high"], figure.get("before"))
                yield [*start, str(_MEASURES[key]), row["n"], *places, ""]
            for key in ("median", "ninth", "longest", "opened", "readers"):
                if key in row:
                    yield [*start, str(_MEASURES[key]), row["n"], row[key], None, None, None, ""]


def title(pack: CouncilPack) -> str:
    name = pack.framework.acronym or pack.framework.title
    return _("Conseil de perfectionnement %(year)s · %(name)s") % {"year": pack.year, "name": name}
