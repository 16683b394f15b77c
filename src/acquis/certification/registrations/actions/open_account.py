from datetime import datetime

from django.db import transaction

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership, User
from acquis.certification.registrations.models import Candidate
from acquis.kernel import outbox, trace


@transaction.atomic
def open_account(*, candidate: Candidate, by: User, at: datetime) -> User:
    """Give a candidate the account they will sit with: theirs if their address has one already.

    Whoever had none receives a letter to choose a password.
    """
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if candidate.user is not None:
        return candidate.user
    user = User.objects.filter(email__iexact=candidate.email).first()
    if user is None:
        user = User.objects.create_user(
            candidate.email,
            None,
            first_name=candidate.first_name,
            last_name=candidate.usual_name or candidate.birth_name,
        )
        outbox.put("accounts.password_link", {"user": user.pk, "invited": True}, at=at)
    Membership.objects.get_or_create(
        user=user, organisation=candidate.organisation, role=Role.CANDIDATE
    )
    candidate.user = user
    candidate.save(update_fields=["user"])
    trace.record("candidate.account_opened", candidate, by=by, at=at, user=user.pk)
    return user
