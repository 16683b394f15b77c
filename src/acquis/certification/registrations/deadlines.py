"""Windows to come again on the board of deadlines: one line a candidate, until the last day (X-06, X-09)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import files, policy
from acquis.certification.registrations.models import Enrolment, Result
from acquis.certification.registrations.presentation import retake_sentences
from acquis.kernel.deadlines import Deadline, Kind

ALERT = timedelta(days=60)  # a session is summoned a month before, and composed before that
Row = Mapping[str, Any]
Key = tuple[int, int]  # candidate, framework


def _windows(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    today = timezone.localtime(now).date()
    results: dict[Key, list[Row]] = defaultdict(list)
    sat: dict[int, list[Row]] = defaultdict(list)
    for row in _results(organisation):
        results[row["candidate"], row["framework"]].append(row)
        sat[row["candidate"]].append(row)
    versions = {
        one.pk: one
        for one in FrameworkVersion.objects.filter(
            pk__in={row["enrolment__version"] for rows in results.values() for row in rows}
        ).select_related("framework")
    }
    files.load_editions(versions.values())
    planned = _planned(organisation) if results else {}
    for key, rows in results.items():
        for block in dict.fromkeys(row["enrolment__block"] for row in rows):
            last = next(row for row in reversed(rows) if row["enrolment__block"] == block)
            version = versions[last["enrolment__version"]]
            if _sat_since(last, sat[key[0]], versions):
                continue
            right = _right(rows, sat[key[0]], last, version)
            if right is None or not right.allowed or right.until is None or right.until < today:
                continue
            seat_on = planned.get((*key, block))
            yield _line(last, version, right, seat_on, block)


def _results(organisation: Organisation) -> Iterable[Row]:
    """The results in force of everybody to whom one was not a success, oldest first."""
    found = files.in_force(Result.objects.filter(enrolment__candidate__organisation=organisation))
    unlucky = found.exclude(outcome=Result.Outcome.PASSED).values("enrolment__candidate")
    return (
        found.filter(enrolment__candidate__in=unlucky)
        .order_by("sat_on", "pk")
        .values(
            "sat_on",
            "outcome",
            "enrolment__version",
            "enrolment__block",
            "enrolment__route",
            "enrolment__candidate__birth_name",
            "enrolment__candidate__usual_name",
            "enrolment__candidate__first_name",
            candidate=F("enrolment__candidate"),
            framework=F("enrolment__version__framework"),
        )
    )


def _sat_since(last: Row, sat: Iterable[Row], versions: Mapping[int, FrameworkVersion]) -> bool:
    """Whether the person came again since, to what replaces it under another code of the registers."""
    return any(
        files.replaces(versions[row["enrolment__version"]], row["enrolment__block"], _sat(last))
        for row in sat
    )


def _sat(row: Row) -> files.Sat:
    return files.Sat(
        row["sat_on"],
        row["outcome"],
        row["enrolment__route"],
        row["enrolment__block"],
        row["enrolment__version"],
    )


def _right(
    rows: Sequence[Row], sat: Sequence[Row], last: Row, version: FrameworkVersion
) -> policy.Retake | None:
    """What is left of this exam; None once it, or the whole, was obtained.

    `rows` are of this certification, `sat` all of its candidate: an edition under another code of
    the registers counts too.
    """
    block, route = last["enrolment__block"], last["enrolment__route"]
    if any(
        row["outcome"] == Result.Outcome.PASSED and row["enrolment__block"] in {"", block}
        for row in rows
    ):
        return None
    chain = {one.pk for one in files.editions_to(version)}
    exams = [
        _sat(row)
        for row in sat
        if row["framework"] == version.framework_id or row["enrolment__version"] in chain
        if row["outcome"] != Result.Outcome.PASSED
    ]
    return policy.retake(
        policy.retake_rules(version.content, version.framework.kind),
        route,
        files.attempts_among(exams, version, block, route),
    )


def _planned(organisation: Organisation) -> dict[tuple[int, int, str], date]:
    """The last session, not cancelled, where each has a seat for each exam."""
    seats = (
        Enrolment.objects.filter(candidate__organisation=organisation)
        .order_by()
        .values_list("candidate", "version__framework", "block")
        .annotate(
            last=Max(
                "sessions__session__starts_at", filter=~Q(sessions__session__state="cancelled")
            )
        )
    )
    return {
        (candidate, framework, block): timezone.localtime(last).date()
        for candidate, framework, block, last in seats
        if last
    }


def _line(
    last: Row, version: FrameworkVersion, right: policy.Retake, seat_on: date | None, block: str
) -> Deadline:
    framework = version.framework
    exam = framework.acronym or framework.title
    usual, born = last["enrolment__candidate__usual_name"], last["enrolment__candidate__birth_name"]
    placed = seat_on is not None and seat_on > last["sat_on"]
    facts = [(_("présentations restantes"), right.left or 0), (_("session prévue"), int(placed))]
    return Deadline(
        kind="retake",
        title=f"{last['enrolment__candidate__first_name']} {usual or born}",
        text=" · ".join(part for part in (exam, block, *retake_sentences(right)[:1]) if part),
        url=reverse("registrations:detail", args=[last["candidate"]]),
        due=right.until,
        done=placed,
        facts=tuple(fact for fact in facts if fact[1]),
        exam=exam,
        alert=ALERT,
    )


KINDS = [
    Kind("retake", gettext_lazy("Nouvelles présentations"), Verb.CANDIDATE_EDIT, _windows),
]
