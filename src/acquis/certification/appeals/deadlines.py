"""Appeals in hand on the board of deadlines: each until the day on which it must be answered."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.appeals import policy
from acquis.certification.appeals.models import Appeal
from acquis.certification.registrations.models import RetakeRight
from acquis.kernel.deadlines import Deadline, Kind

SHOWN_AFTER = timedelta(days=60)  # an answered appeal stays among what was done


def _appeals(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    found = list(
        Appeal.objects.filter(organisation=organisation, lodged_at__gte=now - timedelta(days=730))
        .exclude(decided_at__lt=now - SHOWN_AFTER)
        .exclude(state__in=[Appeal.State.INADMISSIBLE, Appeal.State.WITHDRAWN])
        .select_related("seat__session__version__framework", "seat__enrolment__candidate")
        .defer("seat__session__version__content", "dossier")
    )
    unplaced = set(
        RetakeRight.objects.filter(
            source=RetakeRight.Source.APPEAL,
            reference__in=[one.number for one in found],
            enrolment__candidate__organisation=organisation,
            used_in="",
        ).values_list("reference", flat=True)
    )
    for one in found:
        owed = one.number in unplaced
        framework = one.seat.session.version.framework
        yield Deadline(
            kind="appeals",
            title=one.number,
            text=f"{one.seat.enrolment.candidate.full_name} · {one.seat.session.reference}"
            f" · {one.get_state_display()}",
            url=reverse("appeals:detail", args=[one.pk]),
            due=one.answer_by,
            done=one.state not in policy.IN_HAND and not owed,
            facts=((_("nouvelle session à choisir"), 1),) if owed else (),
            troubles=int(owed),
            exam=framework.acronym or framework.title,
        )


KINDS = [Kind("appeals", gettext_lazy("Recours"), Verb.APPEAL_MANAGE, _appeals)]
