"""From what was delivered to its line of the file: what is sent is what the records now say."""

from datetime import date
from typing import Any

from django.utils import timezone

from acquis.certification.awards.models import IssuedDocument
from acquis.certification.cpf import policy
from acquis.certification.cpf.models import Particulars, RegisteredCertification
from acquis.certification.registrations.models import Candidate
from acquis.certification.registrations.policy import is_france


def entry_of(
    row: IssuedDocument, certification: RegisteredCertification, *, technical_id: str
) -> policy.Entry:
    """The line of a certificate of `queries.shown`.

    The exam lasts from the first day of the session to that of its closing; the certification is
    valid from the jury's decision.
    """
    seat = row.candidate
    if seat is None:  # a certificate is always a candidate's
        raise ValueError(row.number)
    enrolment, session = seat.enrolment, row.session
    own: Any = getattr(enrolment, "cpf_particulars", None) or Particulars()
    began = _day(session.starts_at)
    ended = max(began, _day(session.closed_at)) if session.closed_at else began
    decided = max(began, _day(seat.deliberation.closed_at))
    enrolled = _day(enrolment.created_at)
    return policy.Entry(
        technical_id=technical_id,
        register=certification.register,
        code=certification.code,
        is_block=bool(certification.block),
        obtained=certification.obtained,
        exam_from=began,
        exam_to=ended,
        modality=certification.modality,
        exam_postcode=certification.exam_postcode,
        valid_from=decided,
        valid_to=policy.validity_end(decided, certification.validity_months),
        score=own.score if certification.obtained == certification.Obtained.SCORING else "",
        mention=own.mention,
        access=(
            access := policy.access_of(enrolment.route, certification.training_access, own.access)
        ),
        vae_way=own.vae_way if access == "VAE" else "",
        initiative=own.initiative,
        enrolled_on=enrolled if enrolled <= began else None,
        holder=holder_of(enrolment.candidate),
    )


def holder_of(person: Candidate) -> policy.Holder:
    """The usual name is said only where it is another than the name of birth."""
    usual = person.usual_name
    return policy.Holder(
        birth_name=person.birth_name,
        usual_name="" if usual == person.birth_name else usual,
        first_names=policy.first_names(person.first_name, person.other_first_names),
        sex=person.sex,
        born=person.birth_date,
        city=person.birth_city,
        insee=person.birth_insee_code,
        postcode=person.birth_postcode,
        country=person.birth_country,
        in_france=is_france(person.birth_country),
    )


def _day(moment: Any) -> date:
    return timezone.localtime(moment).date()
