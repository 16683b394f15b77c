from datetime import datetime

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.appeals.models import AppealRule
from acquis.certification.frameworks.models import Framework
from acquis.kernel import trace


@transaction.atomic
def set_rule(
    *,
    organisation: Organisation,
    framework: Framework | None,
    lodge_within_days: int | None,
    answer_within_days: int | None,
    by: User,
    at: datetime,
) -> AppealRule:
    """Set the delays of appeals, of one certification or of all; those in hand keep theirs."""
    rule, _new = AppealRule.objects.update_or_create(
        organisation=organisation,
        framework=framework,
        defaults={
            "lodge_within_days": lodge_within_days,
            "answer_within_days": answer_within_days,
            "set_at": at,
            "set_by": by,
        },
    )
    trace.record(
        "appeal.rule_set",
        rule,
        by=by,
        at=at,
        framework=framework.pk if framework else None,
        lodge_within_days=lodge_within_days,
        answer_within_days=answer_within_days,
    )
    return rule
