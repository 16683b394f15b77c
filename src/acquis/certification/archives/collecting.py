"""All the pieces of a session's file, one after another: nothing is held but the one in hand."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from acquis.accounts.models import User
from acquis.certification.archives.contributing import CONTRIBUTORS, Piece
from acquis.certification.awards import proofs
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.queries import notices_of
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.models import Deliberation, Grid
from acquis.certification.papers.models import Subject
from acquis.certification.papers.queries import proofs_of
from acquis.certification.registrations.presentation import effect
from acquis.certification.seals.models import Seal
from acquis.certification.sittings.models import Sitting, SittingFile
from acquis.kernel import trace
from acquis.kernel.models import TraceLine

Json = dict[str, Any]


def pieces(session: ExamSession, *, by: User, at: datetime) -> Iterator[Piece]:
    """The whole file (X-05, X-09), in the language of its documents whoever exports it."""
    with translation.override("fr"):
        yield from _session(session)
        yield from _documents(session)
        yield from _marking(session)
        yield from _subjects(session)
        yield from _summonses(session)
        yield from _notices(session, at)
        yield from _candidates(session)
        for contribute in CONTRIBUTORS:
            yield from contribute(session, by, at)
        # Last, so that what gathering wrote is in it.
        yield from _traces(session)


def to_json(value: Any) -> bytes:
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _session(session: ExamSession) -> Iterator[Piece]:
    jurors = session.jurors.select_related("juror").order_by("pk")
    seats = _seats(session)
    head: Json = {
        "reference": session.reference,
        "organisation": session.organisation.name,
        "framework": session.version.framework.code,
        "edition": session.version.edition,
        "framework_sha256": session.version.content_sha256,
        "block": session.block,
        "starts_at": session.starts_at,
        "place": session.place,
        "address": session.address,
        "room": session.room,
        "manager": session.manager.full_name,
        "state": session.state,
    }
    yield Piece("session/session.json", to_json(head))
    presences = {
        "jury": [
            {"name": one.juror.full_name, "function": one.function, "present": one.present}
            for one in jurors
        ],
        "candidates": [
            {
                **_who(one),
                "present": one.present,
                "identity_checked_at": one.identity_checked_at,
            }
            for one in seats
        ],
    }
    yield Piece("session/presences.json", to_json(presences))
    incidents = [
        {
            "category": one.category,
            "effect": one.effect,
            "description": one.description,
            "happened_at": one.happened_at,
            "reported_at": one.reported_at,
            "reported_by": one.reported_by.full_name,
            "candidate": one.candidate.enrolment.candidate.reference if one.candidate else None,
        }
        for one in session.incidents.select_related(
            "candidate__enrolment__candidate", "reported_by"
        ).order_by("pk")
    ]
    yield Piece("session/incidents.json", to_json(incidents))
    arranged = [{**_who(one), "effect": words} for one in seats if (words := effect(one.enrolment))]
    yield Piece("session/amenagements.json", to_json(arranged))


def _seats(session: ExamSession) -> Iterable[Any]:
    return (
        session.candidates.select_related("enrolment__candidate")
        .prefetch_related("enrolment__accommodations")
        .order_by("order", "pk")
    )


def _who(seat: Any) -> Json:
    person = seat.enrolment.candidate
    return {"reference": person.reference, "name": person.full_name}


def _documents(session: ExamSession) -> Iterator[Piece]:
    """Each document as issued, sealed beside it where it is, with its data and its signatures."""
    found = (
        IssuedDocument.objects.filter(session=session)
        .select_related("file", "corrects", "candidate__enrolment__candidate")
        .prefetch_related("signatures")
        .order_by("pk")
    )
    for one in found:
        stem = f"documents/{one.number}"
        yield Piece(f"{stem}.json", to_json(_document(one)))
        if one.file is None:
            continue
        yield Piece(f"{stem}.pdf", one.file)
        seal = Seal.objects.filter(source=one.file).select_related("file").first()
        if seal is not None:
            yield Piece(f"{stem}-scelle.pdf", seal.file)


def _document(one: IssuedDocument) -> Json:
    return {
        "number": one.number,
        "kind": one.kind,
        "state": one.state,
        "data": one.data,
        "data_sha256": one.data_sha256,
        "file_sha256": one.file.sha256 if one.file else None,
        "corrects": one.corrects.number if one.corrects else None,
        "correction_reason": one.correction_reason,
        "written_at": one.written_at,
        "issued_at": one.issued_at,
        "signatures": [
            {
                "name": each.name,
                "quality": each.quality,
                "method": each.method,
                "data_sha256": each.data_sha256,
                "signed_at": each.signed_at,
            }
            for each in one.signatures.all()
        ],
    }


def _marking(session: ExamSession) -> Iterator[Piece]:
    grids = (
        Grid.objects.filter(candidate__session=session)
        .select_related("candidate__enrolment__candidate", "juror__juror")
        .prefetch_related("marks")
        .order_by("pk")
    )
    for one in grids:
        told = {
            **_who(one.candidate),
            "juror": one.juror.juror.full_name,
            "opened_at": one.opened_at,
            "closed_at": one.closed_at,
            "general_observation": one.general_observation,
            "marks": [
                {
                    name: getattr(mark, name)
                    for name in (
                        "criterion", "text", "competency", "verdict", "observation", "seq", "marked_at",
                    )
                }
                for mark in one.marks.all()
            ],
        }  # fmt: skip
        yield Piece(f"notation/grille-{one.pk}.json", to_json(told))
    deliberations = (
        Deliberation.objects.filter(candidate__session=session)
        .select_related("candidate__enrolment__candidate")
        .prefetch_related("decisions")
        .order_by("pk")
    )
    names = {one.pk: one.juror.full_name for one in session.jurors.select_related("juror")}
    for found in deliberations:
        body = {
            **_who(found.candidate),
            "opened_at": found.opened_at,
            "closed_at": found.closed_at,
            "outcome": found.outcome,
            "reasons": found.reasons,
            "present": [names.get(pk, "") for pk in found.present],
            "decisions": [
                {
                    name: getattr(each, name)
                    for name in (
                        "criterion", "text", "disputed", "agreed", "verdict", "reason", "decided_at",
                    )
                }
                for each in found.decisions.all()
            ],
        }  # fmt: skip
        yield Piece(f"notation/deliberation-{found.pk}.json", to_json(body))


def _subjects(session: ExamSession) -> Iterator[Piece]:
    """The draws in clear; the subjects as they lie, encrypted: they may be drawn again elsewhere."""
    yield Piece("sujets/tirages.json", to_json(proofs_of(session)))
    drawn = Subject.objects.filter(draws__session=session).distinct().order_by("pk")
    for one in drawn.prefetch_related("attachments__file").iterator(chunk_size=10):
        cover = {
            "reference": one.reference,
            "kind": one.kind,
            "title": one.title,
            "version": one.number,
            "sha256": one.sha256,
            "recording_sha256": one.recording_sha256,
            "attachments": [each.sha256 for each in one.attachments.all()],
            "validated_at": one.validated_at,
        }
        stem = f"sujets/{one.pk}-{one.reference}"
        yield Piece(f"{stem}.json", to_json(cover))
        yield Piece(f"{stem}.chiffre", bytes(one.sealed))
        for each in one.attachments.all():
            yield Piece(f"{stem}-piece-{each.number}.chiffre", each.file)


def _summonses(session: ExamSession) -> Iterator[Piece]:
    found = session.summonses.select_related("file").order_by("pk")
    told = [
        {
            name: getattr(one, name)
            for name in (
                "number", "recipient", "email", "starts_at", "ends_at", "issued_at", "sent_at",
                "delay_reason", "bounced_at", "bounce_reason", "opened_at", "reply_at", "reply_words",
                "answer", "answer_reason", "answered_at", "withdrawn_at", "withdrawal_reason", "data",
            )
        }
        for one in found
    ]  # fmt: skip
    yield Piece("convocations/convocations.json", to_json(told))
    for one in found:
        yield Piece(f"convocations/{one.number}.pdf", one.file)


def _notices(session: ExamSession, at: datetime) -> Iterator[Piece]:
    """When and how each result was told: the facts, and the proof as it prints."""
    told = [
        {
            "number": one.document.number,
            "handed_by": one.handed_by.full_name if one.handed_by else "",
            **{
                name: getattr(one, name)
                for name in (
                    "current", "due", "email", "noted_at", "message_id", "sent_at", "delay_reason",
                    "bounced_at", "bounce_reason", "opened_at", "acknowledged_at", "handed",
                    "handed_on", "handed_detail",
                )
            },
        }
        for one in notices_of(session)
    ]  # fmt: skip
    if told:
        yield Piece("resultats/communication.json", to_json(told))
        yield Piece("resultats/preuve.pdf", proofs.proof_pdf(proofs.proof_data(session, at=at)))


def _candidates(session: ExamSession) -> Iterator[Piece]:
    sittings = (
        Sitting.objects.filter(candidate__session=session)
        .select_related("candidate__enrolment__candidate")
        .order_by("pk")
    )
    for one in sittings:
        stem = f"candidats/{one.candidate.enrolment.candidate.reference}"
        told = {
            **_who(one.candidate),
            "state": one.state,
            "started_at": one.started_at,
            "finished_at": one.finished_at,
            "abort_reason": one.abort_reason,
            "sealed_sha256": one.sealed_sha256,
            "phases": list(
                one.phases.values(
                    "position", "code", "kind", "title", "planned_seconds", "started_at", "ended_at",
                    "ended_reason",
                )
            ),
        }  # fmt: skip
        yield Piece(f"{stem}/epreuve.json", to_json(told))
        texts = one.productions.order_by("key").values("key", "content", "rich", "late", "saved_at")
        yield Piece(f"{stem}/ecrits.json", to_json(list(texts)))
        kept = one.files.exclude(kind=SittingFile.Kind.PACKAGE).select_related("file")
        for each in kept:
            ending = each.file.name.rpartition(".")[2][:8]
            yield Piece(f"{stem}/{each.kind}-{each.pk}-v{each.version}.{ending}", each.file)


def _traces(session: ExamSession) -> Iterator[Piece]:
    """Every chain of the session, a line each, from which any fingerprint is reckoned again."""
    for stream in streams(session):
        name = stream.replace(":", "-")
        lines = (_line(line) for line in trace.lines(stream).iterator(chunk_size=500))
        yield Piece(f"trace/{name}.jsonl", b"".join(lines))


def streams(session: ExamSession) -> list[str]:
    """The session's own chain, then those of its exams and of its grids."""
    sittings = Sitting.objects.filter(candidate__session=session).order_by("pk")
    grids = Grid.objects.filter(candidate__session=session).order_by("pk")
    return [
        session.trace_stream,
        *(f"sitting:{pk}" for pk in sittings.values_list("pk", flat=True)),
        *(f"grid:{pk}" for pk in grids.values_list("pk", flat=True)),
    ]


def _line(line: TraceLine) -> bytes:
    """The canonical text that the fingerprint covers, beside the two fingerprints."""
    told = {
        "previous": line.previous,
        "fingerprint": line.fingerprint,
        "line": trace.text(line),
    }
    return f"{trace.canonical(told)}\n".encode()
