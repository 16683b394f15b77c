"""To the second level and back."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.actions._case import TURN, living, record, tell, turn
from acquis.desk.cases.errors import AnswerEmpty, NothingAsked, QuestionEmpty, SecondLevelHasIt
from acquis.desk.cases.models import Case, SecondLevelRequest


@transaction.atomic
def ask_second_level(
    *, case: Case, team: str, tried: str, question: str, by: User, at: datetime
) -> SecondLevelRequest:
    """Hand the case over with what was already tried and the question; the clock goes on.

    Raises QuestionEmpty, SecondLevelHasIt, CaseClosed, CaseMerged or WorkspaceSealed.
    """
    row = living(case)
    tried, question = tried.strip(), question.strip()
    if not tried or not question:
        raise QuestionEmpty
    if row.second_level_requests.filter(answered_at__isnull=True).exists():
        raise SecondLevelHasIt
    asked = SecondLevelRequest.objects.create(
        workspace_id=row.workspace_id,
        case=row,
        team=team.strip(),
        tried=tried,
        question=question,
        asked_at=at,
        asked_by_label=by.full_name,
    )
    turn(row, Case.State.SECOND_LEVEL, at=at)
    row.tried = tried
    row.save(update_fields=[*TURN, "tried"])
    tell(row, f"{asked.team} : {question}", Case.State.SECOND_LEVEL, by=by, at=at)
    record("case.second_level_asked", row, by=by, at=at, team=asked.team, chars=len(question))
    return asked


@transaction.atomic
def answer_second_level(*, case: Case, answer: str, by: User, at: datetime) -> SecondLevelRequest:
    """Give the answer of the second level, which gives the case back.

    Raises AnswerEmpty, NothingAsked, CaseClosed, CaseMerged or WorkspaceSealed.
    """
    row = living(case)
    answer = answer.strip()
    if not answer:
        raise AnswerEmpty
    asked = row.second_level_requests.filter(answered_at__isnull=True).first()
    if asked is None:
        raise NothingAsked
    asked.answer, asked.answered_at, asked.answered_by_label = answer, at, by.full_name
    asked.save(update_fields=["answer", "answered_at", "answered_by_label"])
    turn(row, Case.State.OPEN, at=at)
    row.save(update_fields=TURN)
    tell(row, answer, Case.State.OPEN, by=by, at=at)
    record(
        "case.second_level_answered",
        row,
        by=by,
        at=at,
        chars=len(answer),
        seconds=int((at - asked.asked_at).total_seconds()),
    )
    return asked
