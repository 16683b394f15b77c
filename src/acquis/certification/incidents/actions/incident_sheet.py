"""The fiche de dysfonctionnement: kept while it is filled, then sent once to the direction (X-09)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock, tell
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.incidents import documents, queries
from acquis.certification.incidents.errors import (
    IncidentsUnsettled,
    SessionNotOver,
    SheetIncomplete,
    SheetUnknown,
)
from acquis.certification.incidents.models import IncidentSheet
from acquis.kernel import files, outbox, trace

MAIL = "incidents.sheet"
_OVER = frozenset(
    {ExamSession.State.CLOSED, ExamSession.State.DELIBERATED, ExamSession.State.ISSUED}
)


class SheetData(TypedDict):
    """`jurors` are keys of the session's jurors who took part in the debrief."""

    jurors: Sequence[int]
    causes: str
    measures: str
    jury_words: str


@transaction.atomic
def keep_sheet(*, session: ExamSession, data: SheetData, by: User, at: datetime) -> IncidentSheet:
    """Keep the sheet under way, or begin one. Raises SessionNotOver; jurors of others are left out."""
    session = lock(session.pk)
    if session.state not in _OVER:
        raise SessionNotOver
    own = set(session.jurors.values_list("pk", flat=True))
    sheet = queries.draft_of(session) or IncidentSheet(
        session=session, rank=session.incident_sheets.count() + 1
    )
    sheet.jurors = [pk for pk in data["jurors"] if pk in own]
    sheet.causes = data["causes"].strip()
    sheet.measures = data["measures"].strip()
    sheet.jury_words = data["jury_words"].strip()
    sheet.saved_at, sheet.saved_by = at, by
    sheet.save()
    trace.record("incident.sheet_kept", sheet, by=by, at=at, rank=sheet.rank)
    return sheet


@transaction.atomic
def send_sheet(*, session: ExamSession, by: User, at: datetime) -> IncidentSheet:
    """Freeze the sheet under way as a PDF and send it to the direction.

    Raises SheetUnknown, SheetIncomplete or IncidentsUnsettled.
    """
    session = lock(session.pk)
    sheet = queries.draft_of(session)
    if sheet is None:
        raise SheetUnknown
    if not (sheet.jurors and sheet.causes and sheet.measures):
        raise SheetIncomplete
    waiting = queries.holding(session)
    if waiting:
        raise IncidentsUnsettled(names=queries.named(waiting))
    sheet.data = documents.sheet_data(sheet, at=at)
    sheet.file = files.store(
        documents.sheet_pdf(sheet.data),
        name=f"fiche-de-dysfonctionnement-{session.reference}-{sheet.rank}.pdf",
        media_type="application/pdf",
        by=by,
        at=at,
    )
    sheet.sent_at, sheet.sent_by = at, by
    sheet.save()
    trace.record(
        "incident.sheet_sent", sheet, by=by, at=at, rank=sheet.rank, sha256=sheet.file.sha256
    )
    outbox.put(MAIL, {"sheet": sheet.pk}, at=at)
    tell(session, "incident", at=at)
    return sheet
