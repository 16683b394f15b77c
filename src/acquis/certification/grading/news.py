"""Who may follow what happens in a deliberation."""

from acquis.accounts.models import User
from acquis.certification.grading.models import Deliberation
from acquis.certification.grading.queries import is_present_juror
from acquis.kernel import realtime


@realtime.guard("deliberation")
def may_follow_deliberation(user: User, key: str) -> bool:
    if not key.isdecimal():
        return False
    deliberation = Deliberation.objects.filter(pk=int(key)).select_related("candidate").first()
    return deliberation is not None and is_present_juror(user, deliberation.candidate.session_id)
