from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.juries.actions.declare_link import declare_link
from acquis.certification.juries.actions.register_juror import JurorData, register_juror
from acquis.certification.juries.errors import JurorAlreadyKnown
from acquis.certification.juries.juror_list import Row
from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.kernel import trace

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Imported:
    """What a list brought; `known` are lines of jurors who were in the register, left as they are."""

    registered: list[Juror] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)


def import_jurors(
    *,
    organisation: Organisation,
    rows: Sequence[Row],
    by: User,
    at: datetime,
    progress: Progress = lambda _done, _total: None,
) -> Imported:
    """Register every row as if it had been typed, with its links to organisations.

    One transaction a juror: taken up after a crash, or brought again, what is there stays.
    """
    brought = Imported()
    for done, row in enumerate(rows, start=1):
        try:
            brought.registered.append(_register(organisation, row, by, at))
        except JurorAlreadyKnown:
            brought.known.append(row)
        progress(done, len(rows))
    return brought


@transaction.atomic
def _register(organisation: Organisation, row: Row, by: User, at: datetime) -> Juror:
    juror = register_juror(organisation=organisation, data=as_data(row), by=by, at=at)
    bound = [(DeclaredLink.Nature.EMPLOYER, name) for name in row.employers]
    bound += [(DeclaredLink.Nature.TRAINER, name) for name in row.training_bodies]
    for nature, name in bound:
        declare_link(juror=juror, nature=nature, organisation_name=name, by=by, at=at)
    return juror


@transaction.atomic
def note_export(
    *, organisation: Organisation, form: str, search: str, count: int, by: User, at: datetime
) -> None:
    """Write down that records of jurors leave the register, before they do."""
    trace.record(
        "jurors.exported",
        organisation,
        by=by,
        at=at,
        form=form,
        count=count,
        personal={"search": search},
    )


def as_data(row: Row) -> JurorData:
    return JurorData(
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        phone=row.phone,
        employer=row.employer,
        job_title=row.job_title,
        is_external=row.is_external,
        experience_years=row.experience_years,
        left_job_on=row.left_job_on,
        briefed_on=row.briefed_on,
        accredited_from=row.accredited_from,
        accredited_to=row.accredited_to,
        briefing_hours=row.briefing_hours,
        represents=row.represents,
        specialities=row.specialities,
    )
