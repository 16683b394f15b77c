from collections.abc import Callable, Sequence
from datetime import datetime

from acquis.accounts.models import Organisation, User
from acquis.certification.registrations.actions.register_candidate import (
    CandidateData,
    register_candidate,
)
from acquis.certification.registrations.csv_import import Row
from acquis.certification.registrations.errors import CandidateAlreadyKnown
from acquis.certification.registrations.models import Candidate

Progress = Callable[[int, int], None]


def import_candidates(
    *,
    organisation: Organisation,
    rows: Sequence[Row],
    by: User,
    at: datetime,
    progress: Progress = lambda _done, _total: None,
) -> tuple[list[Candidate], list[Row]]:
    """Register every row as if it had been typed; those already known are returned, untouched.

    One transaction a candidate: taken up after a crash, those already entered are known.
    """
    registered, known = [], []
    for done, row in enumerate(rows, start=1):
        try:
            registered.append(
                register_candidate(organisation=organisation, data=as_data(row), by=by, at=at)
            )
        except CandidateAlreadyKnown:
            known.append(row)
        progress(done, len(rows))
    return registered, known


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
        birth_country=row.birth_country,
        email=row.email,
        phone=row.phone,
    )
