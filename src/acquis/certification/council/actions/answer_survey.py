from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from acquis.certification.council.errors import AlreadyAnswered, NothingAnswered
from acquis.certification.council.models import QUESTIONS, SurveyAnswer, SurveyTicket
from acquis.certification.exam_sessions.models import SessionCandidate


@transaction.atomic
def answer_survey(*, seat: SessionCandidate, opinions: Mapping[str, int | None]) -> None:
    """Keep a candidate's opinions, and that they have given them; nothing ties one to the other.

    Not traced: a line with its time would say whose answer came then. `seat` comes with its session
    and version. Raises AlreadyAnswered or NothingAnswered; nothing is written then.
    """
    given = {name: opinions.get(name) for name in QUESTIONS}
    if not any(given.values()):
        raise NothingAnswered
    try:
        with transaction.atomic():
            SurveyTicket.objects.create(seat=seat)
    except IntegrityError as twice:
        raise AlreadyAnswered from twice
    session = seat.session
    SurveyAnswer.objects.create(
        organisation=session.organisation,
        framework_id=session.version.framework_id,
        year=timezone.localtime(session.starts_at).year,
        **given,
    )
