"""The form of each kind of item that people correct, and what it writes into the content."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.content import Content, competencies, criteria
from acquis.certification.frameworks.presentation import KINDS, METHODS

BLANK: tuple[Any, ...] = (None, "", [], {})


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **options: Any) -> None:
        rows = options.pop("rows", 3)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]


class CodesField(forms.MultipleChoiceField):
    """Competencies ticked among those of the framework; a code that leads nowhere stays visible."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, content: Content, block: str, kept: list[str]) -> None:
        offered = [
            (one["code"], f"{one['code']} – {one['statement']}")
            for one in competencies(content, block)
        ]
        known = {code for code, _label in offered}
        lost = [(code, _("%s (n’existe pas)") % code) for code in kept if code not in known]
        self.choices = [*offered, *lost]


class CriteriaField(CodesField):
    """Criteria ticked among those of the whole framework."""

    def offer(self, content: Content, block: str, kept: list[str]) -> None:
        offered = [
            (one["code"], f"{one['code']} – {one['text']}") for one in criteria(content, block)
        ]
        known = {code for code, _label in offered}
        lost = [(code, _("%s (n’existe pas)") % code) for code in kept if code not in known]
        self.choices = [*offered, *lost]


class YesNoField(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("", _("Non précisé")), ("oui", _("Oui")), ("non", _("Non"))],
            coerce=lambda value: value == "oui",
            empty_value=None,
            required=False,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "oui", False: "non", None: ""}.get(value, value)


def _text(label: Any, *, rows: int = 0, required: bool = True, most: int = 4000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=required, widget=widget, max_length=most)


def _code() -> forms.CharField:
    return _text(_("Code"), most=40)


def _number(label: Any, most: int, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=False)


def _minutes(label: Any) -> forms.IntegerField:
    return _number(label, 6000)


def _plain(value: Any) -> Any:
    return (value.replace("\r\n", "\n") or None) if isinstance(value, str) else value


class ItemForm(forms.Form):
    """Fields are named as in the content; `more` are folded until asked for."""

    more: ClassVar[tuple[str, ...]] = ()
    fixed: ClassVar[dict[str, Any]] = {}  # what a new item holds beside its fields

    def __init__(
        self, *args: Any, content: Content, pointer: str, adding: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.adding = adding
        self.original = dict(self.initial)
        self.initial = dict(self.initial)
        self.prepare(content, pointer)

    def prepare(self, content: Content, pointer: str) -> None:
        """Fill in the choices that depend on the framework."""

    def value(self) -> dict[str, Any]:
        """What to write: a field left blank that the item never had stays absent."""
        written = {
            name: given
            for name, given in self.written().items()
            if given not in BLANK or (not self.adding and name in self.original)
        }
        return {**self.fixed, **written} if self.adding else written

    def written(self) -> dict[str, Any]:
        """The cleaned fields; browsers end lines with two characters, documents with one."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}

    @property
    def shown(self) -> Iterator[forms.BoundField]:
        return (field for field in self if field.name not in self.more)

    @property
    def folded(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in self.more]


class IdentityForm(ItemForm):
    title = _text(_("Intitulé"), rows=2, most=300)
    kind = forms.ChoiceField(label=_("Nature"), choices=list(KINDS.items()))
    code = _text(_("Code"), required=False, most=40)
    acronym = _text(_("Sigle"), required=False, most=40)
    edition = _text(_("Édition (millésime)"), required=False, most=40)
    level = _number(_("Niveau"), 8, 1)
    effective_from = forms.DateField(
        label=_("Date d’effet"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    nsf = LinesField(label=_("Codes NSF (un par ligne)"))
    rome = LinesField(label=_("Codes ROME (un par ligne)"))
    formacode = LinesField(label=_("Formacodes (un par ligne)"))
    more = ("nsf", "rome", "formacode")

    def written(self) -> dict[str, Any]:
        start = self.cleaned_data["effective_from"]
        return {**super().written(), "effective_from": start.isoformat() if start else None}


class BlockForm(ItemForm):
    code = _code()
    title = _text(_("Intitulé"), rows=2)
    description = _text(_("Description"), rows=4, required=False, most=20000)
    more = ("description",)
    fixed: ClassVar = {"activities": [], "competencies": [], "criteria": []}


class ActivityForm(ItemForm):
    code = _code()
    title = _text(_("Intitulé"), rows=2)
    description = _text(_("Description"), rows=4, required=False, most=20000)
    more = ("description",)


class CompetencyForm(ItemForm):
    code = _code()
    statement = _text(_("Énoncé"), rows=3)
    activity = forms.ChoiceField(label=_("Activité"), required=False)
    evaluated = forms.BooleanField(
        label=_("Évaluée"),
        required=False,
        help_text=_("Décochez si le document l’associe au métier sans l’évaluer."),
    )
    description = _text(_("Description"), rows=5, required=False, most=20000)
    context = _text(_("Contexte de mise en œuvre"), rows=3, required=False, most=20000)
    technical = LinesField(label=_("Savoir-faire techniques (un par ligne)"))
    organisational = LinesField(label=_("Savoir-faire organisationnels (un par ligne)"))
    relational = LinesField(label=_("Savoir-faire relationnels (un par ligne)"))
    unsorted = LinesField(label=_("Autres savoir-faire (un par ligne)"))
    knowledge = LinesField(label=_("Connaissances (une par ligne)"))
    skills = ("technical", "organisational", "relational", "unsorted")
    more = ("description", "context", *skills, "knowledge")

    def prepare(self, content: Content, pointer: str) -> None:
        block = content["blocks"][int(pointer.split("/")[2])]
        known = [(one["code"], f"{one['code']} – {one['title']}") for one in block["activities"]]
        kept = self.initial.get("activity")
        if kept and kept not in dict(known):
            known.append((kept, _("%s (n’existe pas)") % kept))
        choice = self.fields["activity"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", _("Aucune")), *known]
        if not known:
            del self.fields["activity"]
        for name in self.skills:
            self.initial[name] = (self.initial.get("skills") or {}).get(name) or []
        self.initial.setdefault("evaluated", True)

    def written(self) -> dict[str, Any]:
        cleaned = super().written()
        skills = {name: cleaned.pop(name) for name in self.skills}
        kept = {name for name in self.original.get("skills") or {} if not self.adding}
        cleaned["skills"] = {n: lines for n, lines in skills.items() if lines or n in kept}
        if cleaned["evaluated"] and "evaluated" not in self.original:
            del cleaned["evaluated"]
        return cleaned


class CriterionForm(ItemForm):
    code = _code()
    text = _text(_("Critère"), rows=3)
    theme = _text(_("Thème"), required=False)
    competencies = CodesField(
        label=_("Compétences"),
        required=False,
        help_text=_("Aucune cochée : le critère vaut pour tout le bloc."),
    )
    methods = forms.MultipleChoiceField(
        label=_("Modalités"),
        required=False,
        choices=list(METHODS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    more = ("methods",)
    fixed: ClassVar = {"competencies": []}

    def prepare(self, content: Content, pointer: str) -> None:
        block = content["blocks"][int(pointer.split("/")[2])]["code"]
        _offer(self, "competencies", content, block)


class TransversalForm(ItemForm):
    code = _code()
    title = _text(_("Intitulé"), rows=2)
    criteria = LinesField(label=_("Critères (un par ligne)"), rows=6)
    description = _text(_("Description"), rows=4, required=False, most=20000)
    evaluated_through = CodesField(label=_("Évaluée à travers"), required=False)
    more = ("description", "evaluated_through")
    fixed: ClassVar = {"criteria": []}

    def prepare(self, content: Content, pointer: str) -> None:  # noqa: ARG002  common to all
        _offer(self, "evaluated_through", content, "")


class AssessmentForm(ItemForm):
    block = forms.ChoiceField(label=_("Portée"), required=False)
    candidate_minutes = _minutes(_("Durée pour le candidat, en minutes"))
    jury_minutes = _minutes(_("Présence du jury, en minutes"))
    invigilated_minutes = _minutes(_("Surveillance, en minutes"))
    fixed: ClassVar = {"phases": []}

    def prepare(self, content: Content, pointer: str) -> None:  # noqa: ARG002  common to all
        known = [(one["code"], f"{one['code']} – {one['title']}") for one in content["blocks"]]
        kept = (self.initial.get("scope") or {}).get("block") or ""
        if kept and kept not in dict(known):
            known.append((kept, _("%s (n’existe pas)") % kept))
        choice = self.fields["block"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", _("Certification entière")), *known]
        self.initial["block"] = kept

    def written(self) -> dict[str, Any]:
        cleaned = super().written()
        block = cleaned.pop("block")
        kept = self.original.get("scope") or {}
        if not kept or (kept.get("block") or None) != block:
            kept = {"type": "block" if block else "whole", "block": block}
        cleaned["scope"] = kept
        return cleaned


class PhaseForm(ItemForm):
    title = _text(_("Intitulé"), rows=2)
    method = forms.ChoiceField(label=_("Modalité"), choices=list(METHODS.items()))
    minutes = _minutes(_("Durée en minutes"))
    individual = YesNoField(label=_("Épreuve individuelle"))
    competencies = CodesField(label=_("Compétences évaluées"), required=False)
    deliverables = LinesField(label=_("Productions attendues (une par ligne)"))
    more = ("individual", "competencies", "deliverables")
    fixed: ClassVar = {"steps": []}

    def prepare(self, content: Content, pointer: str) -> None:
        scope = content["assessments"][int(pointer.split("/")[2])]["scope"]
        _offer(self, "competencies", content, scope.get("block") or "")


class StepForm(ItemForm):
    title = _text(_("Intitulé"), rows=2)
    minutes = _minutes(_("Durée en minutes"))
    exchanges = _number(_("Échanges avec des clients"), 50)
    drawn_by_lot = YesNoField(label=_("Sujet tiré au sort"))
    jury_present = YesNoField(label=_("Jury présent"))
    invigilated = YesNoField(label=_("Surveillée"))
    description = _text(_("Description"), rows=4, required=False, most=20000)
    more = ("description",)


def _duration(label: Any, units: str = "DWMY", **options: Any) -> forms.RegexField:
    """An ISO 8601 duration of one unit; which units, as what reads it can count."""
    return forms.RegexField(
        label=label,
        regex=rf"^P\d{{1,3}}[{units}]$",
        required=False,
        error_messages={"invalid": _DURATIONS[units]},
        **options,
    )


_DURATIONS = {
    "DWMY": _("Écrivez une durée : P10D pour dix jours, P2W, P1M ou P1Y pour un an."),
    "DWM": _("Écrivez une durée : P10D pour dix jours, P2W pour deux semaines, P1M pour un mois."),
}


def _share(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=Decimal("0.01"),
        max_value=1,
        max_digits=4,
        decimal_places=2,
        required=False,
        localize=True,
    )


class RulesForm(ItemForm):
    """What passing and coming again are judged by: `docs/rules/passing.md`, `retakes.md`."""

    scale = forms.ChoiceField(
        label=_("Échelle"),
        required=False,
        choices=[("", _("Non précisée")), ("acquis_non_acquis", _("Acquis / non acquis"))],
    )
    pass_ratio = _share(_("Part à acquérir"), _("0,70 pour 70 %. Vide : tout est demandé."))
    pass_unit = forms.ChoiceField(
        label=_("Ce que compte cette part"),
        required=False,
        choices=[
            ("", _("Les critères (non précisé)")),
            ("criterion", _("Les critères")),
            ("competency", _("Les compétences")),
        ],
    )
    competency_ratio = _share(
        _("Part de ses critères qui fait une compétence acquise"), _("Vide : tous.")
    )
    critical = CriteriaField(
        label=_("Critères sans lesquels rien n’est acquis"),
        required=False,
        help_text=_("Non acquis, l’un d’eux suffit à refuser, quel que soit le compte."),
    )
    by_block = YesNoField(label=_("Les blocs s’obtiennent un à un"))
    sovereign = YesNoField(label=_("Le jury peut s’écarter de la proposition, avec son motif"))
    certification_jury = YesNoField(
        label=_(
            "Un jury de certification décide des blocs, d’après les résultats de leurs épreuves"
        )
    )
    attempts_max = _number(_("Présentations au plus"), 20, 1)
    summons_before = _duration(
        _("Convocation avant la session"),
        "DWM",
        help_text=_("P10D pour dix jours, P1M pour un mois, P1Y pour un an."),
    )
    results_within = _duration(_("Résultats sous"))
    retake_within = _duration(_("Nouvelle présentation sous"))
    retake_proof = forms.ChoiceField(
        label=_("À justifier pour se présenter de nouveau"),
        required=False,
        choices=[("", _("Rien")), ("experience", _("Une expérience professionnelle"))],
    )
    retake_beyond = forms.ChoiceField(
        label=_("Passé ce délai"),
        required=False,
        choices=[
            ("", _("Non précisé")),
            ("refused", _("Plus de nouvelle présentation")),
            ("training", _("Après une nouvelle formation seulement")),
        ],
    )
    finish_within = _duration(
        _("Pour finir, une fois l’édition close"),
        help_text=_("Le temps laissé à qui garde des blocs."),
    )
    members_min = _number(_("Jurés au moins"), 20)
    members_max = _number(_("Jurés au plus"), 20)
    independent_min = _number(_("Jurés indépendants au moins"), 20)
    experience_years_min = _number(_("Années d’expérience d’un juré, au moins"), 60)
    left_years_max = _number(_("Années depuis la fin d’activité d’un juré, au plus"), 60)
    notes = LinesField(label=_("Autres règles du jury (une par ligne)"))
    jury = (
        "members_min",
        "members_max",
        "independent_min",
        "experience_years_min",
        "left_years_max",
        "notes",
    )
    more = (
        "pass_unit", "competency_ratio", "critical", "by_block", "sovereign", "certification_jury",
        "summons_before", "results_within",
        "retake_within", "retake_proof", "retake_beyond", "finish_within", *jury,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What one rule says is meant for another: said where it is missing."""
        said = super().clean() or {}
        if said.get("pass_unit") and said.get("pass_ratio") is None and not self.errors:
            self.add_error(
                "pass_ratio", _("Écrivez la part à acquérir, ou effacez ce qu’elle compte.")
            )
        if said.get("retake_beyond") and not said.get("retake_within") and not self.errors:
            self.add_error(
                "retake_within", _("Écrivez le délai, ou effacez ce qui se passe après lui.")
            )
        if said.get("retake_proof") and said.get("attempts_max") == 1 and not self.errors:
            self.add_error(
                "attempts_max",
                _("Une seule présentation ne laisse rien à justifier : donnez-en deux au moins."),
            )
        return said

    def prepare(self, content: Content, pointer: str) -> None:  # noqa: ARG002  common to all
        _offer(self, "critical", content, "")
        for name in self.jury:
            self.initial[name] = (self.initial.get("jury") or {}).get(name)

    def written(self) -> dict[str, Any]:
        cleaned = super().written()
        kept = self.initial.get("jury") or {}
        given = {name: cleaned.pop(name) for name in self.jury}
        stated = {n: value for n, value in given.items() if value not in BLANK or n in kept}
        cleaned["jury"] = {**kept, **stated}
        for name in ("pass_ratio", "competency_ratio"):
            share, read = cleaned[name], self.original.get(name)
            if share is not None:
                cleaned[name] = read if read and Decimal(read) == share else f"{share:.2f}"
        return cleaned


def _offer(form: ItemForm, name: str, content: Content, block: str) -> None:
    field = form.fields[name]
    if isinstance(field, CodesField):
        field.offer(content, block, form.initial.get(name) or [])
        if not field.choices:
            del form.fields[name]


FORMS: dict[str, type[ItemForm]] = {
    "identity": IdentityForm,
    "rules": RulesForm,
    "block": BlockForm,
    "activity": ActivityForm,
    "competency": CompetencyForm,
    "criterion": CriterionForm,
    "transversal": TransversalForm,
    "assessment": AssessmentForm,
    "phase": PhaseForm,
    "step": StepForm,
}
