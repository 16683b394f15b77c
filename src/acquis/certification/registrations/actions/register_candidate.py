from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.certification.registrations import queries
from acquis.certification.registrations.errors import CandidateAlreadyKnown
from acquis.certification.registrations.models import Candidate
from acquis.certification.registrations.policy import CandidateData
from acquis.kernel import trace


@transaction.atomic
def register_candidate(
    *, organisation: Organisation, data: CandidateData, by: User, at: datetime
) -> Candidate:
    """Enter a person, with the next reference of the year. Raises CandidateAlreadyKnown."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _refuse_known(organisation, data, keep=None)
    candidate = Candidate.objects.create(
        organisation=organisation,
        reference=_next_reference(organisation, at),
        created_at=at,
        **data,
    )
    trace.record(
        "candidate.registered",
        candidate,
        by=by,
        at=at,
        reference=candidate.reference,
        personal={"name": candidate.full_name},
    )
    return candidate


@transaction.atomic
def revise_candidate(
    *, candidate: Candidate, data: CandidateData, by: User, at: datetime
) -> Candidate:
    """Correct an identity; the trace names the fields and keeps the former values apart."""
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    _refuse_known(candidate.organisation, data, keep=candidate)
    changed = sorted(name for name, value in data.items() if getattr(candidate, name) != value)
    if not changed:
        return candidate
    before = {name: str(getattr(candidate, name) or "") for name in changed}
    for name in changed:
        setattr(candidate, name, data[name])  # type: ignore[literal-required]
    candidate.save(update_fields=changed)
    trace.record("candidate.revised", candidate, by=by, at=at, fields=changed, personal=before)
    return candidate


def _refuse_known(
    organisation: Organisation, data: CandidateData, *, keep: Candidate | None
) -> None:
    born = data["birth_date"]
    same = queries.same_person(organisation, data)
    known = same.exclude(pk=keep.pk if keep else 0).first()
    if known is not None:
        when = date_format(born, "d/m/Y") if born else _("date inconnue")
        raise CandidateAlreadyKnown(name=known.full_name, born=when, reference=known.reference)


def _next_reference(organisation: Organisation, at: datetime) -> str:
    """« C26-0042 »: the year, then a number; the organisation's row is locked meanwhile."""
    prefix = f"C{at:%y}-"
    last = (
        Candidate.objects.filter(organisation=organisation, reference__startswith=prefix)
        .order_by("-reference")
        .values_list("reference", flat=True)
        .first()
    )
    number = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{number:04}"
