from datetime import datetime

from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest

from acquis.accounts.actions.sign_in import revoke_sign_ins
from acquis.accounts.models import SignIn, User
from acquis.kernel import outbox, trace


@transaction.atomic
def change_password(*, request: HttpRequest, person: User, password: str, at: datetime) -> None:
    """Change one's own password: this session goes on under a new key, the others end."""
    mine = request.session.session_key
    person.set_password(password)
    person.save(update_fields=["password"])
    revoke_sign_ins(
        person=person,
        sign_ins=person.sign_ins.filter(ended_at__isnull=True).exclude(session_key=mine),
        by=person,
        at=at,
    )
    auth.update_session_auth_hash(request, person)
    SignIn.objects.filter(session_key=mine).update(session_key=request.session.session_key)
    trace.record("person.password_changed", person, by=person, at=at)


@transaction.atomic
def choose_password(*, person: User, password: str, at: datetime) -> None:
    """Choose a password from the link of a letter: every open session ends."""
    person.set_password(password)
    person.save(update_fields=["password"])
    open_ones = person.sign_ins.filter(ended_at__isnull=True)
    revoke_sign_ins(person=person, sign_ins=open_ones, by=person, at=at)
    trace.record("person.password_chosen", person, by=person, at=at)


@transaction.atomic
def send_password_link(*, person: User, by: User | None, at: datetime, invited: bool) -> None:
    """Post a link with which the person chooses a password; it serves once, for three days."""
    outbox.put("accounts.password_link", {"user": person.pk, "invited": invited}, at=at)
    trace.record("person.password_link_sent", person, by=by, at=at, invited=invited)
