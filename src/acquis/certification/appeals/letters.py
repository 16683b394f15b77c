"""The letters of an appeal as plain data, their PDF and their mail: exactly this is kept with each."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from acquis.certification.appeals.models import Appeal, AppealLetter
from acquis.certification.awards.wording import NBSP, day, siret
from acquis.kernel import files, pdf

Kind = AppealLetter.Kind
SUBJECTS = {
    Kind.RECEIVED: "votre recours est enregistré",
    Kind.INADMISSIBLE: "votre recours est irrecevable",
    Kind.ACCEPTED: "votre recours est accepté",
    Kind.REJECTED: "votre recours est rejeté",
}


def letter_data(
    appeal: Appeal, kind: AppealLetter.Kind, number: str, *, at: datetime
) -> dict[str, Any]:
    """Everything that is printed, in French; nothing is looked up later."""
    centre, session = appeal.organisation, appeal.seat.session
    candidate = appeal.seat.enrolment.candidate
    place = f"{centre.postcode} {centre.city}".strip()
    local = timezone.localtime(at)
    with translation.override("fr"):
        return {
            "title": f"Recours {appeal.number} : {SUBJECTS[kind]}",
            "sender": [line for line in (centre.name, *centre.address.splitlines(), place) if line],
            "recipient": [candidate.full_name, candidate.email],
            "place_date": ", ".join(part for part in (centre.city, f"le {day(at)}") if part),
            "date": [local.year, local.month, local.day],
            "subject": f"recours {appeal.number}, {SUBJECTS[kind]}",
            "references": f"{number} · session {session.reference} du {day(session.starts_at)} ·"
            f" dossier {candidate.reference}",
            "paragraphs": _paragraphs(appeal, kind),
            "signature": _signature(appeal, kind),
            "footer": " · ".join(
                part
                for part in (
                    centre.name,
                    f"SIRET {siret(centre.siret)}" if centre.siret else "",
                    centre.email,
                )
                if part
            ),
        }


def _paragraphs(appeal: Appeal, kind: AppealLetter.Kind) -> list[str]:
    exam = appeal.seat.session.version.framework.title
    opening = (
        f"Vous avez formé un recours, reçu le {day(appeal.received_on)}, au sujet de la session"
        f" {appeal.seat.session.reference} ({exam}). Il porte sur{NBSP}: {_grounds(appeal)}."
    )
    return [opening, *_BODIES[kind](appeal)]


def _grounds(appeal: Appeal) -> str:
    labels = dict(Appeal.Ground.choices)
    return " ; ".join(str(labels[code]).lower() for code in appeal.grounds)


def _received(appeal: Appeal) -> list[str]:
    until = (
        f" Une réponse vous est adressée avant le {day(appeal.answer_by)}."
        if appeal.answer_by
        else ""
    )
    return [
        (
            f"Il est enregistré sous le numéro {appeal.number}. Le centre examine d’abord s’il est"
            f" recevable.{until}"
        ),
        (
            "Le jury est souverain : l’examen porte sur la régularité de la session, non sur"
            " l’appréciation de votre prestation. Vous suivez votre recours dans votre espace."
        ),
    ]


def _inadmissible(appeal: Appeal) -> list[str]:
    return [
        "Après examen, ce recours n’est pas recevable, pour les raisons suivantes :",
        appeal.judgement_reason,
        "La décision du jury demeure.",
    ]


def _accepted(appeal: Appeal) -> list[str]:
    return [
        (
            "La direction, le responsable de session et le responsable de formation ont examiné votre"
            " recours et l’ont accepté, pour les raisons suivantes :"
        ),
        appeal.decision_reason,
        (
            "La décision que le jury avait prise à cette session est annulée, avec tout ce qu’elle"
            " accordait."
        ),
        (
            "Vous êtes admis(e) à vous présenter à une nouvelle session. Cette présentation ne compte pas"
            " comme une tentative supplémentaire. Une convocation vous sera adressée."
        ),
    ]


def _rejected(appeal: Appeal) -> list[str]:
    return [
        (
            "La direction, le responsable de session et le responsable de formation ont examiné votre"
            " recours et l’ont rejeté, pour les raisons suivantes :"
        ),
        appeal.decision_reason,
        "La décision du jury demeure.",
    ]


_BODIES = {
    Kind.RECEIVED: _received,
    Kind.INADMISSIBLE: _inadmissible,
    Kind.ACCEPTED: _accepted,
    Kind.REJECTED: _rejected,
}


def _signature(appeal: Appeal, kind: AppealLetter.Kind) -> list[str]:
    signer = appeal.judged_by if kind == Kind.INADMISSIBLE else appeal.decided_by
    if kind == Kind.RECEIVED or signer is None:
        return [appeal.organisation.name]
    return [signer.full_name, appeal.organisation.name]


def letter_pdf(data: dict[str, Any]) -> bytes:
    return pdf.render("appeals/letter.typ", data)


def letter_mail(letter: AppealLetter) -> EmailMessage:
    """The letter with its PDF; the page where the candidate follows their appeal."""
    appeal = letter.appeal
    root = settings.PUBLIC_ADDRESS.rstrip("/")
    body = render_to_string(
        "appeals/mail/letter.txt",
        {
            "appeal": appeal,
            "data": letter.data,
            "link": root + reverse("appeals:own", args=[appeal.pk]),
        },
    )
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "acquis.invalid"
    message = EmailMessage(
        letter.data["title"],
        body.strip() + "\n",
        to=[letter.email],
        headers={
            "Message-ID": f"<recours-{letter.pk}-{letter.file.sha256[:16]}@{domain}>",
            "Reply-To": appeal.organisation.email or settings.DEFAULT_FROM_EMAIL,
        },
    )
    message.attach(letter.file.name, files.read(letter.file), "application/pdf")
    return message
