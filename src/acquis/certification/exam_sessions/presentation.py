"""States, tabs and acts of a session in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import policy
from acquis.certification.exam_sessions.models import ExamSession, Summons
from acquis.certification.exam_sessions.phases import PhaseKind, phases_from
from acquis.certification.exam_sessions.policy import Delivery
from acquis.certification.frameworks.presentation import PHASE_KINDS
from acquis.kernel.deadlines import Urgency
from acquis.kernel.models import TraceLine

TONES: Mapping[str, str] = {
    "draft": "neutral",
    "summoned": "info",
    "open": "warning",
    "closed": "info",
    "deliberated": "success",
    "issued": "success",
    "cancelled": "danger",
}

KINDS = PHASE_KINDS

# Key, words, page, verbs (any of them).
TABS: tuple[tuple[str, Promise | str, str, tuple[Verb, ...]], ...] = (
    ("composition", gettext_lazy("Composition"), "exam_sessions:detail", (Verb.SESSION_READ,)),
    (
        "summons",
        gettext_lazy("Convocations"),
        "exam_sessions:summons",
        (Verb.SESSION_MANAGE, Verb.SESSION_INVIGILATE),
    ),
    ("subjects", gettext_lazy("Sujets"), "papers:session", (Verb.SUBJECT_DRAW,)),
    ("lots", gettext_lazy("Tirage"), "papers:verify", (Verb.SESSION_READ,)),
    ("deposits", gettext_lazy("Remises"), "deposits:session", (Verb.SESSION_MANAGE,)),
    ("room", gettext_lazy("Salle"), "sittings:wall", (Verb.SESSION_INVIGILATE,)),
    ("incidents", gettext_lazy("Incidents"), "incidents:session", (Verb.INCIDENT_FOLLOW,)),
    ("marking", gettext_lazy("Notation"), "grading:session", (Verb.SESSION_READ,)),
    ("documents", gettext_lazy("Documents"), "awards:session", (Verb.AWARD_READ,)),
    ("archive", gettext_lazy("Archive"), "archives:session", (Verb.ARCHIVE_MANAGE,)),
    ("journal", gettext_lazy("Journal"), "exam_sessions:journal", (Verb.TRACE_READ,)),
)
# Marking is not the invigilator's business.
_HIDDEN = {"marking": Verb.AWARD_READ}


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


def tabs(session: ExamSession, current: str, allows: Callable[[str | None], bool]) -> list[Tab]:
    """The parts of a session that a person may open; a part that is not installed is left out."""
    shown = []
    for key, label, name, verbs in TABS:
        needed = _HIDDEN.get(key)
        if not any(allows(verb) for verb in verbs) or (needed and not allows(needed)):
            continue
        if key == "deposits" and not _hands_in(session):
            continue
        try:
            shown.append(Tab(str(label), reverse(name, args=[session.pk]), key == current))
        except NoReverseMatch:
            continue
    return shown


def _hands_in(session: ExamSession) -> bool:
    plans = phases_from(session.version.content, session.block)
    return any(plan.kind == PhaseKind.DEPOSIT for plan in plans)


# Words and tone of what became of a summons.
DELIVERIES: Mapping[Delivery, tuple[Promise, str]] = {
    Delivery.QUEUED: (gettext_lazy("En attente d’envoi"), "info"),
    Delivery.DELAYED: (gettext_lazy("Envoi retardé"), "warning"),
    Delivery.UNSENT: (gettext_lazy("Jamais envoyée"), "danger"),
    Delivery.SENT: (gettext_lazy("Envoyée"), "neutral"),
    Delivery.BOUNCED: (gettext_lazy("Non remise"), "danger"),
    Delivery.OPENED: (gettext_lazy("Lien ouvert"), "info"),
    Delivery.ACKNOWLEDGED: (gettext_lazy("Présence confirmée par réponse"), "success"),
    Delivery.DECLINED: (gettext_lazy("Ne pourra pas venir"), "danger"),
    Delivery.WITHDRAWN: (gettext_lazy("Convocation retirée"), "neutral"),
    Delivery.REPLACED: (gettext_lazy("Convocation remplacée"), "neutral"),
}


def delivery_of(summons: Summons, now: datetime) -> Delivery:
    return policy.delivery(
        policy.Course(
            starts_at=summons.starts_at,
            replaced=summons.replaced_by_id is not None,
            withdrawn=summons.withdrawn_at is not None,
            answer=summons.answer,
            opened=summons.opened_at is not None,
            bounced=summons.bounced_at is not None,
            sent=summons.sent_at is not None,
            delayed=bool(summons.delay_reason),
        ),
        now,
    )


URGENCIES: Mapping[Urgency, tuple[Promise, str]] = {
    Urgency.LATE: (gettext_lazy("En retard"), "danger"),
    Urgency.TROUBLE: (gettext_lazy("À régler"), "danger"),
    Urgency.SOON: (gettext_lazy("Bientôt"), "warning"),
    Urgency.LATER: (gettext_lazy("À venir"), "neutral"),
    Urgency.DONE: (gettext_lazy("Tenue"), "success"),
}


# What the board of deadlines is filtered by.
MARKS: tuple[tuple[str, Promise], ...] = (
    ("missing", gettext_lazy("À convoquer")),
    ("bounced", gettext_lazy("Non remises")),
    ("declined", gettext_lazy("Empêchements")),
    ("unanswered", gettext_lazy("Sans réponse")),
)


UNACCREDITED: Mapping[policy.Unaccredited, Promise] = {
    policy.Unaccredited.NONE_NOTED: gettext_lazy(
        "Aucun agrément du centre n’est noté pour ce titre : vérifiez-le, puis notez-le."
    ),
    policy.Unaccredited.OTHER_EDITION: gettext_lazy(
        "L’agrément du centre pour ce titre porte sur une autre édition."
    ),
    policy.Unaccredited.OTHER_SITE: gettext_lazy(
        "L’agrément du centre pour ce titre ne vaut pas pour ce lieu."
    ),
    policy.Unaccredited.OTHER_DAYS: gettext_lazy(
        "L’agrément du centre pour ce titre et ce lieu ne couvre pas ce jour."
    ),
}


def days_left(due: date | None, today: date) -> str:
    """« J−3 », « J », « J+2 »; empty without a day."""
    if due is None:
        return ""
    days = (today - due).days
    return f"J{'+' if days > 0 else '−'}{abs(days)}" if days else "J"


ACTS: Mapping[str, tuple[str, Promise]] = {
    "session.planned": ("calendar-plus", gettext_lazy("Session créée")),
    "session.revised": ("edit", gettext_lazy("Session modifiée")),
    "session.candidate_added": ("user-plus", gettext_lazy("Candidat ajouté")),
    "session.candidate_removed": ("user-minus", gettext_lazy("Candidat retiré")),
    "session.hours_kept": ("clock-exclamation", gettext_lazy("Heures reprises du plan")),
    "session.juror_added": ("user-plus", gettext_lazy("Juré ajouté")),
    "session.juror_removed": ("user-minus", gettext_lazy("Juré retiré")),
    "session.president_named": ("user-star", gettext_lazy("Présidence du jury confiée")),
    "summons.issued": ("mail-forward", gettext_lazy("Convocation émise")),
    "summons.planned": ("calendar-time", gettext_lazy("Envoi des convocations planifié")),
    "summons.plan_dropped": ("calendar-event", gettext_lazy("Envoi planifié abandonné")),
    "summons.sent": ("mail-check", gettext_lazy("Convocation envoyée")),
    "summons.replied": ("mail", gettext_lazy("Réponse par courriel à la convocation")),
    "summons.bounced": ("mail-off", gettext_lazy("Convocation non remise")),
    "summons.opened": ("mail-opened", gettext_lazy("Convocation ouverte")),
    "summons.acknowledged": ("checks", gettext_lazy("Convocation acceptée")),
    "summons.declined": ("user-x", gettext_lazy("Empêchement annoncé")),
    "summons.withdrawn": ("mail-off", gettext_lazy("Convocation annulée")),
    "result.told": ("mail-forward", gettext_lazy("Résultat à communiquer")),
    "result.sent": ("mail-check", gettext_lazy("Résultat envoyé")),
    "result.bounced": ("mail-off", gettext_lazy("Résultat non remis")),
    "result.opened": ("mail-opened", gettext_lazy("Résultat ouvert")),
    "result.acknowledged": ("checks", gettext_lazy("Résultat reçu, dit par le candidat")),
    "result.handed": ("mail-check", gettext_lazy("Remise du résultat notée")),
    "session.summoned": ("mail-check", gettext_lazy("Session convoquée")),
    "session.opened": ("door-enter", gettext_lazy("Session ouverte")),
    "session.closed": ("door-exit", gettext_lazy("Épreuves terminées")),
    "session.cancelled": ("x", gettext_lazy("Session annulée")),
    "session.incident": ("alert-triangle", gettext_lazy("Incident consigné")),
    "incident.settled": ("gavel", gettext_lazy("Incident réglé")),
    "incident.sheet_kept": (
        "device-floppy",
        gettext_lazy("Fiche de dysfonctionnement enregistrée"),
    ),
    "incident.sheet_sent": ("send", gettext_lazy("Fiche de dysfonctionnement envoyée")),
    "corrective_action.opened": ("flag", gettext_lazy("Action corrective ouverte")),
    "corrective_action.moved": ("calendar-time", gettext_lazy("Action corrective déplacée")),
    "corrective_action.done": ("check", gettext_lazy("Action corrective faite")),
    "corrective_action.effective": ("rubber-stamp", gettext_lazy("Action corrective efficace")),
    "corrective_action.ineffective": ("refresh", gettext_lazy("Action corrective reprise")),
    "corrective_action.dropped": ("x", gettext_lazy("Action corrective abandonnée")),
    "accreditation.noted": ("building-bank", gettext_lazy("Agrément noté")),
    "accreditation.withdrawn": ("building-bank", gettext_lazy("Agrément retiré")),
    "draw.committed": ("fingerprint", gettext_lazy("Empreinte du tirage publiée")),
    "draw.revealed": ("key", gettext_lazy("Graine du tirage dite")),
    "subject.revised": ("versions", gettext_lazy("Nouvelle version déposée et scellée")),
    "subject.listened": ("headphones", gettext_lazy("Enregistrement écouté")),
    "session.deposit_hour_set": ("calendar-due", gettext_lazy("Heure de remise fixée")),
    "document.deposited_early": ("file-upload", gettext_lazy("Document remis avant l’épreuve")),
    "subject.file_opened": ("paperclip", gettext_lazy("Pièce jointe au sujet ouverte")),
    "subject.drawn": ("dice-5", gettext_lazy("Sujet tiré au sort")),
    "subject.opened": ("lock-open", gettext_lazy("Sujet ouvert")),
    "subject.authored": ("file-plus", gettext_lazy("Sujet déposé et scellé")),
    "subject.submitted": ("send", gettext_lazy("Sujet soumis à la direction")),
    "subject.validated": ("file-check", gettext_lazy("Sujet validé")),
    "subject.withdrawn": ("file-x", gettext_lazy("Sujet retiré")),
    "subject.reviewed": ("eye", gettext_lazy("Contenu du sujet ouvert")),
    "candidate.present": ("user-check", gettext_lazy("Présence confirmée")),
    "candidate.absent": ("user-off", gettext_lazy("Absence constatée")),
    "candidate.identified": ("id", gettext_lazy("Identité vérifiée")),
    "cpf.deposit_opened": ("file-plus", gettext_lazy("Dépôt ouvert")),
    "cpf.deposit_written": ("file-check", gettext_lazy("Fichiers préparés et vérifiés")),
    "cpf.deposit_sent": ("send", gettext_lazy("Dépôt envoyé")),
    "cpf.deposit_cancelled": ("x", gettext_lazy("Dépôt annulé")),
    "cpf.report_read": ("file-import", gettext_lazy("Rapport de traitement lu")),
    "cpf.deposit_closed": ("checks", gettext_lazy("Dépôt terminé")),
    "cpf.files_erased": ("eraser", gettext_lazy("Fichiers effacés après leur délai")),
    "cpf.particulars_kept": ("edit", gettext_lazy("Précisions pour le passeport")),
    "candidate.registered": ("user-plus", gettext_lazy("Candidat enregistré")),
    "candidate.revised": ("user-edit", gettext_lazy("Identité corrigée")),
    "candidate.enrolled": ("school", gettext_lazy("Inscription")),
    "candidate.accommodated": ("adjustments", gettext_lazy("Aménagement enregistré")),
    "candidate.accommodation_changed": ("adjustments", gettext_lazy("Aménagement modifié")),
    "candidate.accommodation_ended": ("x", gettext_lazy("Aménagement terminé")),
    "candidate.admissibility": ("rubber-stamp", gettext_lazy("Recevabilité notée")),
    "candidate.enrolment_revised": ("edit", gettext_lazy("Employeur ou organisme corrigé")),
    "candidate.block_held": ("notebook", gettext_lazy("Livret complété")),
    "candidate.block_withdrawn": ("notebook", gettext_lazy("Ligne retirée du livret")),
    "candidate.proof_deposited": ("file-upload", gettext_lazy("Pièce déposée")),
    "candidate.proof_verified": ("file-check", gettext_lazy("Pièce du dossier vérifiée")),
    "candidate.block_revoked": ("notebook", gettext_lazy("Bloc retiré du livret, par révocation")),
    "candidate.result": ("gavel", gettext_lazy("Décision du jury")),
    "candidate.result_annulled": ("ban", gettext_lazy("Résultat annulé")),
    "candidate.retake_granted": ("ticket", gettext_lazy("Nouvelle présentation accordée")),
    "candidate.retake_used": ("calendar-plus", gettext_lazy("Nouvelle présentation placée")),
    "candidate.account_opened": ("key", gettext_lazy("Accès ouvert")),
    "juror.registered": ("user-plus", gettext_lazy("Juré enregistré")),
    "juror.revised": ("user-edit", gettext_lazy("Fiche du juré corrigée")),
    "juror.retired": ("user-off", gettext_lazy("Juré retiré du registre")),
    "juror.returned": ("user-check", gettext_lazy("Juré remis au registre")),
    "juror.link_declared": ("link", gettext_lazy("Lien déclaré")),
    "juror.link_withdrawn": ("link", gettext_lazy("Lien retiré")),
    "sitting.opened": ("clipboard-list", gettext_lazy("Épreuve préparée")),
    "sitting.authorised": ("player-play", gettext_lazy("Début autorisé")),
    "sitting.authorisation_withdrawn": ("player-pause", gettext_lazy("Autorisation retirée")),
    "sitting.finished": ("lock", gettext_lazy("Épreuve terminée et scellée")),
    "sitting.aborted": ("player-stop", gettext_lazy("Épreuve interrompue")),
    "phase.started": ("clock-play", gettext_lazy("Partie commencée")),
    "phase.ended": ("clock-stop", gettext_lazy("Partie terminée")),
    "phase.not_held": ("clock-pause", gettext_lazy("Partie non tenue")),
    "phase.time_given": ("clock-plus", gettext_lazy("Temps rendu")),
    "production.saved": ("device-floppy", gettext_lazy("Texte enregistré")),
    "production.conflict": ("versions", gettext_lazy("Deux textes pour une réponse")),
    "help.asked": ("bell-ringing", gettext_lazy("Surveillant appelé")),
    "help.answered": ("bell-off", gettext_lazy("Appel traité")),
    "device.held": ("device-desktop", gettext_lazy("Poste attribué")),
    "code.locked": ("lock", gettext_lazy("Trop de codes erronés")),
    "code.renewed": ("key", gettext_lazy("Nouveau code d’accès")),
    "device.asked": ("device-desktop", gettext_lazy("Autre poste demandé")),
    "device.authorised": ("device-desktop", gettext_lazy("Changement de poste autorisé")),
}
_TELLING = ("reference", "number", "subject", "phase", "reason", "block", "key", "fields")


def history(
    lines: Iterable[TraceLine], names: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """Lines of a trace as a page shows them; an act we have no words for keeps its verb.

    `names` are those of the session's candidates, by the key of their seat.
    """
    shown = []
    for line in lines:
        name, title = ACTS.get(line.verb, ("circle-dot", line.verb))
        shown.append(
            {
                "at": line.at,
                "actor": line.actor_label,
                "icon": name,
                "title": title,
                "text": _details(line.data, names or {}),
                "fingerprint": line.fingerprint[:12],
                "position": line.position,
            }
        )
    return shown


def _details(data: Mapping[str, Any], names: Mapping[int, str]) -> str:
    parts = [names[data["candidate"]]] if data.get("candidate") in names else []
    for key in _TELLING:
        value = data.get(key)
        if value:
            parts.append(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    return " · ".join(parts)
