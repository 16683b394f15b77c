"""The file of an appeal, gathered from what the session left: PV, incidents, presences, draw, trace.

Each piece says its fingerprint and whether the candidate may read it (docs/rules/appeals.md).
"""

from collections.abc import Iterator
from typing import Any

from django.utils import translation

from acquis.certification.appeals.contributing import CONTRIBUTORS
from acquis.certification.appeals.models import Appeal
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.policy import fingerprint
from acquis.certification.awards.wording import moment
from acquis.certification.exam_sessions.models import Incident, SessionCandidate
from acquis.certification.incidents.presentation import automatic_words
from acquis.certification.registrations.presentation import effect
from acquis.kernel import trace
from acquis.kernel.models import StoredFile

Piece = dict[str, Any]


def pieces(appeal: Appeal) -> list[Piece]:
    """All pieces, in French, as they stand now: kind, title, lines, sha256, file, shared."""
    seat = (
        SessionCandidate.objects.select_related(
            "session__version", "session__organisation", "enrolment__candidate"
        )
        .prefetch_related("enrolment__accommodations")
        .get(pk=appeal.seat_id)
    )
    with translation.override("fr"):
        return [
            *_papers(appeal),
            *_documents(seat),
            *_incidents(seat),
            *_sheets(seat),
            _presences(seat),
            _summons(seat),
            _accommodations(seat),
            *_draws(seat),
            *_productions(seat),
            *_grids(seat),
            *_facts(seat),
            *_traces(seat),
        ]


def _piece(
    kind: str,
    title: str,
    lines: list[str],
    *,
    shared: bool,
    file: StoredFile | None = None,
    sha256: str = "",
) -> Piece:
    """`sha256` defaults to that of the file, else of the lines themselves."""
    print_ = sha256 or (file.sha256 if file else fingerprint({"lines": lines}))
    return {
        "kind": kind,
        "title": title,
        "lines": lines,
        "sha256": print_,
        "file": file.pk if file else None,
        "shared": shared,
    }


def _papers(appeal: Appeal) -> Iterator[Piece]:
    for one in appeal.papers.select_related("file"):
        yield _piece("paper", one.title, [], shared=True, file=one.file)


def _documents(seat: SessionCandidate) -> Iterator[Piece]:
    kinds = IssuedDocument.Kind
    found = IssuedDocument.objects.filter(session=seat.session_id).select_related("file")
    for one in found.filter(kind=kinds.PV).order_by("pk"):
        yield _piece(
            "pv",
            f"{one.get_kind_display()} {one.number}",
            [f"{one.get_state_display()}, établi le {moment(one.written_at)}"],
            shared=False,
            file=one.file,
            sha256=one.data_sha256,
        )
    for one in found.filter(kind=kinds.RESULT_SHEET, candidate=seat).order_by("pk"):
        yield _piece(
            "result_sheet",
            f"{one.get_kind_display()} {one.number}",
            [f"{one.get_state_display()}, établie le {moment(one.written_at)}"],
            shared=one.state == IssuedDocument.State.ISSUED,
            file=one.file,
            sha256=one.data_sha256,
        )


def _incidents(seat: SessionCandidate) -> Iterator[Piece]:
    """Those of the whole session and of this candidate; not those of others."""
    found = seat.session.incidents.select_related("settlement", "reported_by")
    for one in found:
        if one.candidate_id in {None, seat.pk}:
            yield _incident(one)


def _incident(one: Incident) -> Piece:
    settled = getattr(one, "settlement", None)
    lines = [
        f"{moment(one.happened_at)}, consigné par {one.reported_by.full_name}",
        one.description,
        f"Effet sur la décision : {(settled or one).get_effect_display()}",
    ]
    said = settled.text if settled else automatic_words(one)
    if said:
        lines.append(f"Décidé : {said}")
    return _piece("incident", f"Incident : {one.get_category_display()}", lines, shared=True)


def _sheets(seat: SessionCandidate) -> Iterator[Piece]:
    sent = seat.session.incident_sheets.filter(sent_at__isnull=False).select_related("file")
    for one in sent:
        title = f"Fiche de dysfonctionnement n° {one.rank}"
        yield _piece("incident_sheet", title, [], shared=False, file=one.file)


def _presences(seat: SessionCandidate) -> Piece:
    told = {
        True: "présence constatée",
        False: "absence constatée",
        None: "présence non relevée",
    }
    lines = [f"Candidat : {told[seat.present]}"]
    if seat.identity_checked_at:
        lines.append(f"Identité vérifiée le {moment(seat.identity_checked_at)}")
    jury = seat.session.jurors.select_related("juror").order_by("-function", "pk")
    lines += [
        f"{one.juror.full_name}, {one.get_function_display()} : {told[one.present]}" for one in jury
    ]
    return _piece("presence", "Présences et jury", lines, shared=True)


def _summons(seat: SessionCandidate) -> Piece:
    lines = []
    for one in seat.summonses.order_by("issued_at", "pk"):
        parts = [f"{one.number}, émise le {moment(one.issued_at)}"]
        if one.sent_at:
            parts.append(f"envoyée le {moment(one.sent_at)}")
        if one.opened_at:
            parts.append(f"ouverte le {moment(one.opened_at)}")
        if one.bounced_at:
            parts.append(f"non remise le {moment(one.bounced_at)}")
        lines.append(", ".join(parts))
    return _piece("summons", "Convocations", lines or ["Aucune convocation émise."], shared=True)


def _accommodations(seat: SessionCandidate) -> Piece:
    """The effect, never the cause (X-11)."""
    lines = [effect(seat.enrolment) or "Aucun aménagement en vigueur."]
    return _piece("accommodation", "Aménagements", lines, shared=True)


def _draws(seat: SessionCandidate) -> Iterator[Piece]:
    """Which subject, drawn when, with its sealed fingerprint: its content stays secret."""
    for one in seat.draws.select_related("subject").defer("subject__sealed"):
        lines = [f"Tiré au sort le {moment(one.drawn_at)}"]
        title = f"Sujet {one.subject.reference}"
        yield _piece("draw", title, lines, shared=True, sha256=one.subject.sha256)


def _productions(seat: SessionCandidate) -> Iterator[Piece]:
    """What the exam produced and kept: the candidate's own works are theirs to read."""
    sitting = getattr(seat, "sitting", None)
    if sitting is None:
        return
    for one in sitting.files.select_related("file").order_by("kind", "key", "version"):
        title = f"{one.get_kind_display()} : {one.title}"
        yield _piece("production", title, [f"version {one.version}"], shared=False, file=one.file)
    if sitting.sealed_sha256:
        yield _piece(
            "seal",
            "Empreinte de l’épreuve scellée",
            [],
            shared=True,
            sha256=sitting.sealed_sha256,
        )


def _grids(seat: SessionCandidate) -> Iterator[Piece]:
    """Each juror's own grid, for the committee alone: what the jury decided is on the result sheet."""
    for grid in seat.grids.select_related("juror__juror").prefetch_related("marks"):
        lines = [
            f"{mark.criterion} · {mark.text} : {mark.get_verdict_display() or 'non noté'}"
            + (f". {mark.observation}" if mark.observation else "")
            for mark in grid.marks.all()
        ]
        yield _piece("grid", f"Grille de {grid.juror.juror.full_name}", lines, shared=False)


def _facts(seat: SessionCandidate) -> Iterator[Piece]:
    """What other floors read of the exam, as facts: what was said, written, done, and when."""
    for contribute in CONTRIBUTORS:
        for fact in contribute(seat):
            yield _piece("evidence", fact.title, list(fact.lines), shared=False)


def _traces(seat: SessionCandidate) -> Iterator[Piece]:
    """The journals of the session and of the exam, each verified now."""
    sitting = getattr(seat, "sitting", None)
    streams = [("Journal de la session", seat.session.trace_stream)]
    if sitting is not None:
        streams.append(("Journal de l’épreuve", sitting.trace_stream))
    for title, stream in streams:
        head = trace.head(stream)
        faults = trace.verify(stream)
        held = "chaîne vérifiée" if not faults else f"chaîne rompue ({len(faults)} lignes)"
        lines = [f"{head.position} lignes, {held}", f"acquis trace verify --stream {stream}"]
        yield _piece("trace", title, lines, shared=True, sha256=head.fingerprint)


def digest(found: list[Piece]) -> str:
    """One fingerprint for the whole file."""
    return fingerprint({"pieces": found})
