from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from acquis.accounts.models import Organisation, User
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import queries
from acquis.certification.registrations.actions.accommodate import accommodate
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.actions.register_candidate import register_candidate
from acquis.certification.registrations.candidate_list import Row
from acquis.certification.registrations.errors import (
    AccommodationInForce,
    AlreadyEnrolled,
    CandidateAlreadyKnown,
)
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.certification.registrations.policy import CandidateData
from acquis.kernel.errors import DomainRefusal

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Imported:
    """What a list brought; `known` are lines of people who were there, `refused` of enrolments."""

    registered: list[Candidate] = field(default_factory=list)
    enrolled: list[Enrolment] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)
    refused: list[tuple[Row, str]] = field(default_factory=list)


def import_candidates(
    *,
    organisation: Organisation,
    rows: Sequence[Row],
    versions: Mapping[int, FrameworkVersion],
    by: User,
    at: datetime,
    progress: Progress = lambda _done, _total: None,
) -> Imported:
    """Register and enrol every row as if it had been typed; who is known is not entered again.

    One transaction an act: taken up after a crash, or brought again, what is there stays as it is.
    """
    brought = Imported()
    for done, row in enumerate(rows, start=1):
        candidate = _candidate(organisation, row, brought, by, at)
        if row.version is not None:
            _enrol(candidate, versions[row.version], row, brought, by, at)
        progress(done, len(rows))
    return brought


def _candidate(
    organisation: Organisation, row: Row, brought: Imported, by: User, at: datetime
) -> Candidate:
    try:
        entered = register_candidate(organisation=organisation, data=as_data(row), by=by, at=at)
    except CandidateAlreadyKnown:
        brought.known.append(row)
        return queries.same_person(organisation, as_data(row))[0]
    brought.registered.append(entered)
    return entered


def _enrol(
    candidate: Candidate,
    version: FrameworkVersion,
    row: Row,
    brought: Imported,
    by: User,
    at: datetime,
) -> None:
    try:
        enrolment = enrol(
            candidate=candidate, version=version, block=row.block, route=row.route, by=by, at=at
        )
    except AlreadyEnrolled:
        enrolment = candidate.enrolments.get(version=version, block=row.block)
    except DomainRefusal as refusal:
        brought.refused.append((row, str(refusal)))
        return
    else:
        brought.enrolled.append(enrolment)
    if row.accommodation:
        _accommodate(enrolment, row, by, at)


def _accommodate(enrolment: Enrolment, row: Row, by: User, at: datetime) -> None:
    """What the line arranges; a decision already in force is left as it is."""
    timed, rests = row.accommodation == "extra_time", row.accommodation == "breaks"
    try:
        accommodate(
            enrolment=enrolment,
            data={
                "kind": row.accommodation,
                "extra": row.extra if timed else row.extra * 0,
                "break_minutes": row.break_minutes if rests else 0,
                "scope": [],
                "details": "",
                "decision_by": row.decision_by,
                "decision_date": row.decision_date,
            },
            by=by,
            at=at,
        )
    except AccommodationInForce:
        return


def as_data(row: Row) -> CandidateData:
    return CandidateData(
        birth_name=row.birth_name,
        usual_name=row.usual_name,
        first_name=row.first_name,
        other_first_names=row.other_first_names,
        sex=row.sex,
        birth_date=row.birth_date,
        birth_city=row.birth_city,
        birth_insee_code=row.birth_insee_code,
        birth_postcode=row.birth_postcode,
        birth_country=row.birth_country,
        email=row.email,
        phone=row.phone,
    )
