from django.http import Http404

from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.sittings import access as sittings
from acquis.certification.sittings.models import Sitting


def evidence_for(user: User, candidate_id: int) -> Sitting:
    """The sitting of a candidate that one marks as a juror of the session."""
    pk = Sitting.objects.filter(candidate_id=candidate_id).values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    return sittings.sitting_for(user, pk, Verb.GRID_MARK)


def marks_in(sitting: Sitting, user: User) -> bool:
    """Whether this person marks the candidate of this exam, and so may set moments beside criteria."""
    return sittings.is_allowed(user, sitting, Verb.GRID_MARK)
