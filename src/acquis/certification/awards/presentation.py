"""Shape of the page of a session's documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import User
from acquis.certification.awards import copies, notices, policy
from acquis.certification.awards.models import IssuedDocument, ResultNotice, Signature
from acquis.certification.awards.queries import (
    booklets_due,
    certificates_due,
    documents_of,
    notices_of,
    signatories,
)
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.seals.queries import sealed_among
from acquis.kernel.errors import DomainRefusal

Kind, State = IssuedDocument.Kind, IssuedDocument.State
_SHOWN = [Kind.PV, Kind.RESULT_SHEET, Kind.CERTIFICATE, Kind.BOOKLET]
# What a correction may mend in the candidate's own record, by the words of its form.
_IDENTITY = {
    "name": _("Nom et prénom"),
    "birth_name": _("Nom de naissance"),
    "born_on": _("Date de naissance"),
    "birth_city": _("Commune de naissance"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One awaited signature."""

    name: str
    quality: str
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page of a session's documents shows."""

    pv: IssuedDocument | None  # the one in force or to sign
    seats: list[Seat]
    may_sign: bool
    may_countersign: bool
    documents: list[tuple[str, list[IssuedDocument]]]
    waiting_to_issue: bool
    sealed: dict[int, datetime]  # when each file was sealed, by its key


def board(session: ExamSession, person: User) -> Board:
    documents = list(documents_of(session))
    minutes = [one for one in documents if one.kind == Kind.PV]
    pv = max(minutes, key=lambda one: one.pk) if minutes else None
    seats, user_ids = _seats(session, pv)
    signing = pv is not None and pv.state == State.SIGNING
    signed = {one.signer_id for one in pv.signatures.all()} if pv else set()
    by_kind = sorted(documents, key=lambda one: _SHOWN.index(Kind(one.kind)))
    return Board(
        pv=pv,
        seats=seats,
        may_sign=signing and person.pk in user_ids and person.pk not in signed,
        may_countersign=(
            signing
            and person.pk == session.manager_id
            and all(seat.signature for seat in seats[:-1])
        ),
        documents=[
            (str(Kind(kind).label), list(every))
            for kind, every in groupby(by_kind, lambda one: one.kind)
        ],
        waiting_to_issue=pv is not None and pv.state == State.ISSUED and _waits(session, documents),
        sealed=sealed_among([one.file_id for one in documents if one.file_id]),
    )


TOLD: Mapping[policy.Told, tuple[Promise, str]] = {
    policy.Told.REPLACED: (_("Communiqué de nouveau depuis"), "neutral"),
    policy.Told.HANDED: (_("Remis"), "success"),
    policy.Told.ACKNOWLEDGED: (_("Reçu, dit par le candidat"), "success"),
    policy.Told.OPENED: (_("Ouvert par le candidat"), "success"),
    policy.Told.BOUNCED: (_("Courriel non remis"), "danger"),
    policy.Told.SENT: (_("Courriel envoyé"), "info"),
    policy.Told.NO_ADDRESS: (_("Sans adresse : à remettre"), "danger"),
    policy.Told.DELAYED: (_("Envoi retardé"), "warning"),
    policy.Told.QUEUED: (_("En attente d’envoi"), "neutral"),
}
_KEPT_BY_THE_CANDIDATE = {policy.Told.ACKNOWLEDGED, policy.Told.HANDED}


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One candidate, and what became of their result."""

    name: str
    notice: ResultNotice  # the one in force
    words: Promise
    tone: str
    told_on: date | None  # over all that was sent
    late: int  # days after the last one
    former: int  # notices before this one
    may_send: bool
    may_hand: bool


def told_rows(session: ExamSession) -> list[ToldRow]:
    rows = []
    for _seat, every in groupby(notices_of(session), lambda one: one.candidate_id):
        told = list(every)
        last = told[-1]
        state = notices.state_of(last)
        words, tone = TOLD[state]
        day = policy.told_on(notices.course_of(one) for one in told)
        rows.append(
            ToldRow(
                name=last.candidate.enrolment.candidate.full_name,
                notice=last,
                words=words,
                tone=tone,
                told_on=day,
                late=policy.days_late(told[0].due, day),
                former=len(told) - 1,
                may_send=state not in _KEPT_BY_THE_CANDIDATE and state != policy.Told.QUEUED,
                may_hand=not last.handed,
            )
        )
    return rows


def _seats(session: ExamSession, pv: IssuedDocument | None) -> tuple[list[Seat], set[int | None]]:
    given = {one.signer_id: one for one in pv.signatures.all()} if pv else {}
    jurors = signatories(session)
    seats = [
        Seat(
            seat.juror.full_name,
            str(seat.get_function_display()),
            given.get(seat.juror.user_id or 0),
        )
        for seat in jurors
    ]
    quality = str(Signature.Quality.COUNTERSIGN.label)
    seats.append(Seat(session.manager.full_name, quality, given.get(session.manager_id)))
    return seats, {seat.juror.user_id for seat in jurors}


def _waits(session: ExamSession, documents: list[IssuedDocument]) -> bool:
    sheets = any(
        one.kind == Kind.RESULT_SHEET and one.state == State.SIGNING and not one.corrections.all()
        for one in documents
    )
    return sheets or booklets_due(session).exists() or certificates_due(session).exists()


@dataclass(frozen=True, slots=True)
class Change:
    """What a document prints and what its correction would print instead."""

    label: str
    before: str
    after: str


def changes_of_identity(document: IssuedDocument) -> list[Change]:
    """What the candidate's record says today otherwise than this document; [] when nothing differs."""
    if document.candidate is None:
        return []
    printed = document.data["candidate"]
    today = copies.identity(document.candidate.enrolment.candidate)
    return [
        Change(str(label), str(printed[key]), today[key])
        for key, label in _IDENTITY.items()
        if printed.get(key, today[key]) != today[key]
    ]


def blocks_shown(data: dict[str, Any]) -> list[str]:
    """The blocks that a certificate attests, in its words; those of old ones lie in its title."""
    blocks = [f"{one['code']} – {one['title']}" for one in data.get("blocks", [])]
    if not blocks and data["block"]["code"]:
        return [data["block"]["title"]]
    return blocks


def refusal_shown(refusal: DomainRefusal | None) -> dict[str, str] | None:
    if refusal is None:
        return None
    return {"message": str(refusal), "kept": str(refusal.kept), "code": refusal.code}
