"""Where each passage stands and what it lacks, in words; what a schema or a report has wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.certification.awards.models import IssuedDocument
from acquis.certification.cpf import policy, queries
from acquis.certification.cpf.models import Access, Particulars, Passage
from acquis.certification.cpf.reading import FileError, ReportUnreadableError
from acquis.certification.cpf.schemas.reading import SchemaUnreadableError
from acquis.certification.registrations.models import Candidate
from acquis.kernel.errors import DomainRefusal

GAPS = {
    "certification": gettext_lazy("inscription au RNCP ou au RS"),
    "sex": gettext_lazy("sexe"),
    "birth_date": gettext_lazy("date de naissance"),
    "birth_city": gettext_lazy("commune de naissance"),
    "birth_country": gettext_lazy("pays de naissance"),
    "insee": gettext_lazy("code INSEE de naissance"),
    "postcode": gettext_lazy("code postal de naissance"),
    "vae_way": gettext_lazy("voie de la VAE"),
    "score": gettext_lazy("score"),
    "certificate": gettext_lazy("certificat à rectifier (autre nom)"),
}
FAULTS = {
    "birth_name": gettext_lazy("le nom de naissance manque"),
    "first_name": gettext_lazy("le prénom manque"),
    "other_name": gettext_lazy("un prénom est vide"),
    "sex": gettext_lazy("le sexe manque"),
    "birth_date": gettext_lazy("la date de naissance manque"),
    "birth_date_unlikely": gettext_lazy("la date de naissance est impossible : %(value)s"),
    "birth_city": gettext_lazy("la commune de naissance manque"),
    "birth_country": gettext_lazy("le pays de naissance manque"),
    "insee_malformed": gettext_lazy("le code INSEE n’a pas cinq caractères : « %(value)s »"),
    "insee_country": gettext_lazy("le code INSEE ne va pas avec le pays : « %(value)s »"),
    "insee_and_postcode": gettext_lazy("le code INSEE et le code postal sont donnés ensemble"),
    "postcode_abroad": gettext_lazy("un code postal est donné pour l’étranger : « %(value)s »"),
    "postcode_malformed": gettext_lazy("le code postal est mal formé : « %(value)s »"),
    "too_long": gettext_lazy("plus de 60 caractères : « %(value)s »"),
    "unwritable": gettext_lazy("des caractères ne s’écrivent pas : « %(value)s »"),
    "unknown_register": gettext_lazy("le répertoire n’est ni le RNCP ni le RS : « %(value)s »"),
    "malformed": gettext_lazy("le code au répertoire est mal formé : « %(value)s »"),
    "block_of_rs": gettext_lazy("le RS n’a pas de blocs : « %(value)s »"),
    "block_code": gettext_lazy("le code ne va pas avec le bloc : « %(value)s »"),
    "vae_way": gettext_lazy("la voie de la VAE manque"),
    "vae_way_without_vae": gettext_lazy("une voie de VAE est donnée sans VAE"),
    "score": gettext_lazy("le score manque"),
    "score_unasked": gettext_lazy("un score est donné pour une admission"),
    "score_unwritable": gettext_lazy("le score est trop long ou ne s’écrit pas : « %(value)s »"),
    "exam_postcode": gettext_lazy("le code postal de l’examen est mal formé : « %(value)s »"),
    "exam_ends_before": gettext_lazy("l’examen finit avant son début : %(value)s"),
    "valid_before_exam": gettext_lazy("la validité commence avant l’examen : %(value)s"),
    "validity_ends_before": gettext_lazy("la validité finit avant son début : %(value)s"),
    "enrolled_after": gettext_lazy("l’inscription suit l’examen : %(value)s"),
}
STATES = {
    "outside": (gettext_lazy("Hors dépôt"), "neutral"),
    "todo": (gettext_lazy("À compléter"), "warning"),
    "waiting": (gettext_lazy("Prêt"), "info"),
    "ready": (gettext_lazy("Dans un dépôt"), "info"),
    "sent": (gettext_lazy("Envoyé"), "info"),
    "accepted": (gettext_lazy("Accepté"), "success"),
    "rejected": (gettext_lazy("Rejeté"), "danger"),
    "error": (gettext_lazy("Erreur"), "danger"),
    "cancelled": (gettext_lazy("Retiré"), "neutral"),
}
SCHEMA_PROBLEMS = {
    "not_xml": gettext_lazy("ce n’est pas du XML (%(detail)s)"),
    "not_a_schema": gettext_lazy("ce n’est pas un schéma XSD"),
    "namespace": gettext_lazy("il n’est pas celui du fichier d’accrochage (« %(detail)s »)"),
    "version": gettext_lazy("il ne dit pas sa version"),
    "elsewhere": gettext_lazy("il renvoie à d’autres fichiers, qui ne sont pas lus"),
    "invalid": gettext_lazy("il est mal formé (%(detail)s)"),
}
REPORT_PROBLEMS = {
    "empty": gettext_lazy("le fichier est vide"),
    "not_xml": gettext_lazy(
        "ce n’est pas du XML entier : la lecture s’arrête à la ligne %(detail)s"
    ),
    "not_a_report": gettext_lazy("ce n’est pas un rapport de traitement (« %(detail)s »)"),
    "no_file_name": gettext_lazy("il ne nomme pas le fichier auquel il répond"),
    "no_answer": gettext_lazy("il ne contient ni passages, ni erreurs, ou les deux à la fois"),
    "no_id": gettext_lazy("un identifiant de flux ou de passage y est vide"),
    "twice": gettext_lazy("il répond deux fois pour « %(detail)s »"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, and the page where it is completed."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    delivery: Any
    person: Any
    state: str
    tone: str
    gaps: Sequence[Gap]
    due: date
    clock: str  # late, soon, later; empty: nothing is awaited any more
    may_choose: bool
    corrected: bool  # a rectificative certificate came after what was sent


def row_of(delivery: Any, today: date, *, may_edit: bool, may_manage: bool) -> Row:
    """A row of `queries.with_gaps`. A link is offered to who may follow it."""
    label, tone = STATES[delivery.status]
    gaps = (
        [gap_of(delivery, name, may_edit, may_manage) for name in queries.gaps_of(delivery)]
        if delivery.is_open
        else []
    )
    due = policy.due(timezone.localtime(delivery.issued_at).date())
    awaited = not delivery.outside and delivery.status != "accepted"
    return Row(
        delivery=delivery,
        person=delivery.candidate.enrolment.candidate,
        state=str(label),
        tone=tone,
        gaps=gaps,
        due=due,
        clock=policy.clock_of(due, today).value if awaited else "",
        may_choose=delivery.is_open and not delivery.lacks,
        corrected=delivery.in_force != delivery.pk,
    )


def gap_of(delivery: Any, name: str, may_edit: bool, may_manage: bool) -> Gap:
    person = delivery.candidate.enrolment.candidate_id
    if name == "certification":
        framework = delivery.session.version.framework_id
        url = reverse("cpf:certification", args=[framework]) if may_manage else ""
        block = delivery.session.block
        return Gap(str(GAPS[name]), f"{url}?bloc={block}" if url and block else url)
    if name in {"vae_way", "score"}:
        return Gap(str(GAPS[name]), reverse("cpf:passage", args=[delivery.pk]))
    if name == "certificate":
        return Gap(str(GAPS[name]), reverse("awards:correct", args=[delivery.in_force]))
    page = "registrations:edit" if may_edit else "registrations:detail"
    return Gap(str(GAPS[name]), reverse(page, args=[person]))


def readiness_sentence(found: queries.Counts) -> str:
    """As « 12 prêts, 1 à compléter : commune de naissance »."""
    ready = ngettext("%d prêt", "%d prêts", found.ready) % found.ready
    if not found.incomplete:
        return f"{ready}."
    left = _("%(count)d à compléter : %(fields)s.") % {
        "count": found.incomplete,
        "fields": names(found.gaps),
    }
    return f"{ready}, {left}"


def names(gaps: Iterable[str]) -> str:
    return ", ".join(str(GAPS[name]) for name in gaps)


def fault_sentence(fault: policy.Fault) -> str:
    return str(FAULTS[fault.code]) % {"value": fault.value}


def faulty(row: IssuedDocument, faults: Iterable[policy.Fault]) -> str:
    """« Zoé Durand : le sexe manque ; … », kept with a line that was set aside."""
    return _("%(name)s : %(reasons)s.") % {
        "name": _name(row),
        "reasons": " ; ".join(fault_sentence(one) for one in faults),
    }


def set_aside(row: Any, gaps: Sequence[str]) -> str:
    """Why a line of a deposit is not written; `row` of `queries.of_seats`."""
    if row.withdrawn:
        return _("%(name)s : certificat retiré.") % {"name": _name(row)}
    reasons = names(gaps) or _("certification hors des répertoires")
    return _("%(name)s, à compléter : %(reasons)s.") % {"name": _name(row), "reasons": reasons}


def _name(row: IssuedDocument) -> str:
    return str(row.candidate.enrolment.candidate) if row.candidate else row.number


def place_of_violation(passage: Passage | None) -> str:
    if passage is None:
        return _("dans son en-tête")
    person = passage.seat.enrolment.candidate
    return _("pour %(name)s (%(id)s)") % {"name": person, "id": passage.technical_id}


def schema_problem(fault: SchemaUnreadableError) -> str:
    return str(SCHEMA_PROBLEMS[fault.code]) % {"detail": fault.detail}


def schema_unfollowed(text: str) -> str:
    return _("un fichier d’essai n’y est pas conforme (%(text)s)") % {"text": text}


def report_problem(fault: ReportUnreadableError) -> str:
    return str(REPORT_PROBLEMS[fault.code]) % {"detail": fault.detail}


def file_error(error: FileError) -> str:
    """« Ligne 12, colonne 40 (XSD) : … »."""
    return _("Ligne %(line)s, colonne %(column)s (%(kind)s) : %(text)s") % {
        "line": error.line or "?",
        "column": error.column or "?",
        "kind": error.kind or "?",
        "text": error.text,
    }


FILTERS = {
    "a-completer": gettext_lazy("À compléter"),
    "prets": gettext_lazy("Prêts à transmettre"),
    "envoyes": gettext_lazy("Dans un dépôt"),
    "acceptes": gettext_lazy("Acceptés"),
    "rejetes": gettext_lazy("Rejetés"),
    "erreurs": gettext_lazy("En erreur"),
    "en-retard": gettext_lazy("En retard"),
    "hors": gettext_lazy("Hors dépôt"),
}


def refusal_shown(refusal: DomainRefusal | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {"message": str(refusal), "kept": refusal.kept, "code": refusal.code}


def entry_facts(entry: policy.Entry) -> list[tuple[str, Any]]:
    """What the line will say, in the order of the file; a day stays a day."""
    who = entry.holder
    facts: list[tuple[str, Any]] = [
        (_("Certification"), f"{entry.register} · {entry.code}"),
        (_("Examen, du"), entry.exam_from),
        (_("au"), entry.exam_to),
        (_("Valide à partir du"), entry.valid_from),
        (_("Valide jusqu’au"), entry.valid_to or _("sans limite")),
        (_("Accès"), _label(Access, entry.access)),
        (_("Voie de la VAE"), _label(Particulars.VaeWay, entry.vae_way)),
        (_("Initiative"), _label(Particulars.Initiative, entry.initiative)),
        (_("Score"), entry.score),
        (_("Mention"), _label(Particulars.Mention, entry.mention)),
        (_("Nom de naissance"), who.birth_name),
        (_("Nom d’usage"), who.usual_name),
        (_("Prénoms"), ", ".join(who.first_names)),
        (_("Sexe"), _label(Candidate.Sex, who.sex)),
        (_("Naissance"), who.born or ""),
        (_("Commune"), who.city),
        (_("Code INSEE"), who.insee),
        (_("Code postal"), who.postcode),
        (_("Pays"), who.country),
    ]
    return [fact for fact in facts if fact[1]]


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value else ""


def sent_lines(lines: Iterable[Passage]) -> list[tuple[Passage, str, str]]:
    return [(one, str(STATES[one.state][0]), STATES[one.state][1]) for one in lines]


def export_heads() -> list[str]:
    return [
        _("Nom de naissance"),
        _("Prénom"),
        _("Référence"),
        _("Certificat"),
        _("Session"),
        _("Code au répertoire"),
        _("Délivré le"),
        _("Échéance"),
        _("État"),
        _("À compléter"),
        _("Réponse"),
    ]


def export_cells(row: Row) -> list[str]:
    delivery, person = row.delivery, row.person
    return [
        person.birth_name,
        person.first_name,
        person.reference,
        delivery.number,
        delivery.session.reference,
        delivery.code or "",
        date_format(timezone.localtime(delivery.issued_at), "d/m/Y"),
        date_format(row.due, "d/m/Y"),
        row.state,
        ", ".join(gap.label for gap in row.gaps),
        delivery.line_message or "",
    ]


def answers(deposit: Any) -> list[tuple[str, str, int]]:
    """How many passages of a row of `queries.deposits_of` stand where: words, tone, number."""
    return [
        (str(label), tone, count)
        for state, (label, tone) in STATES.items()
        if (count := getattr(deposit, f"{state}_count", 0))
    ]
