"""The three-month clock on the board of deadlines: one line a session that delivered certificates."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import policy, queries
from acquis.kernel.deadlines import Deadline, Kind

SHOWN_AFTER = timedelta(days=30)  # a session wholly accepted leaves the board so long after its day


def _clocks(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    today = timezone.localtime(now).date()
    recent = queries.before(queries.last_late(today - SHOWN_AFTER))
    found = queries.deliveries(organisation).filter(outside=False)
    rows = found.exclude(status="accepted", issued_at__lt=recent).values(
        "session", "session__reference", "session__manager", "status", "lacks", "issued_at"
    )
    by_session: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("session", "pk"):
        by_session[row["session"]].append(row)
    for every in by_session.values():
        yield _line(every)


def _line(rows: list[dict[str, Any]]) -> Deadline:
    left = [row for row in rows if row["status"] != "accepted"]
    first = min(row["issued_at"] for row in left or rows)
    todo = sum(row["lacks"] and row["status"] not in {"ready", "sent"} for row in left)
    sent = sum(row["status"] in {"ready", "sent"} for row in left)
    facts = [
        (_("à compléter"), todo),
        (_("à transmettre"), len(left) - todo - sent),
        (_("sans réponse encore"), sent),
        (_("acceptés"), len(rows) - len(left)),
    ]
    reference = rows[0]["session__reference"]
    return Deadline(
        kind="cpf",
        title=reference,
        text=_("Trois mois après la délivrance des certificats"),
        url=f"{reverse('cpf:list')}?{urlencode({'q': reference})}",
        due=policy.due(timezone.localtime(first).date()),
        done=not left,
        facts=tuple(fact for fact in facts if fact[1]),
        marks=frozenset({"cpf"}),
        people=frozenset({rows[0]["session__manager"]}),
        alert=policy.ALERT,
    )


KINDS = [Kind("cpf", gettext_lazy("Passeport de compétences"), Verb.CPF_DEPOSIT, _clocks)]
