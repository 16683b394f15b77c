"""Events of abusive contacts are deleted once their term is over."""

from datetime import datetime

from acquis.desk.conduct.actions.mark_abuse import forget_contact
from acquis.desk.conduct.queries import due_for_deletion
from acquis.desk.shell import day_in_paris
from acquis.kernel import rounds

AT_ONCE = 200  # in one round; the next takes what is left


@rounds.every(3600, "conduct.forget")
def forget(now: datetime) -> None:
    for contact in due_for_deletion(day_in_paris(now))[:AT_ONCE]:
        forget_contact(contact=contact, at=now)
