"""From what somebody saw to what the desk does about it. Source: 002-CP1."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.models import Case, RecurrenceAlert
from acquis.desk.cases.queries import of_alert
from acquis.desk.conversations.models import Conversation
from acquis.desk.knowledge.models import Article
from acquis.desk.raising import policy
from acquis.desk.raising.access import refuse_unless_supervisor
from acquis.desk.raising.errors import (
    AnswerEmpty,
    CaseTied,
    NotOfThisDesk,
    ReasonMissing,
    StateNotNext,
    YourOwn,
)
from acquis.desk.raising.models import MeToo, Raised, RaisedAnswer, RaisedCase
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


class Told(TypedDict):
    kind: str
    title: str
    seen: str
    effect: str
    proposal: str


@transaction.atomic
def raise_up(
    *,
    workspace: Workspace,
    told: Told,
    cases: Sequence[Case] = (),
    article: Article | None = None,
    conversation: Conversation | None = None,
    by: User,
    at: datetime,
) -> Raised:
    """Tell the hierarchy. Raises NotOfThisDesk or WorkspaceSealed; nothing is written then."""
    workspace = _desk(workspace)
    for row in (article, conversation, *cases):
        if row is not None and row.workspace_id != workspace.pk:
            raise NotOfThisDesk(name=str(row))
    return _made(workspace, told, cases, by=by, at=at, article=article, conversation=conversation)


@transaction.atomic
def raise_alert(*, alert: RecurrenceAlert, by: User, at: datetime) -> Raised:
    """Raise a recurring malfunction with its cases, in one gesture; twice gives back the first.

    Raises WorkspaceSealed.
    """
    workspace = _desk(alert.workspace)
    kept = Raised.objects.filter(alert=alert).first()
    if kept is not None:
        return kept
    cases = list(of_alert(alert))
    told: Told = {
        "kind": Raised.Kind.MALFUNCTION,
        "title": f"{alert.product} · {alert.symptom.label}"[:160],
        "seen": _("%(count)d demandes du même symptôme sur le même produit.")
        % {"count": len(cases)},
        "effect": "",
        "proposal": "",
    }
    return _made(workspace, told, cases, by=by, at=at, alert=alert)


@transaction.atomic
def say_me_too(*, raised: Raised, by: User, at: datetime) -> Raised:
    """Say that one sees the same; twice changes nothing. Raises YourOwn or WorkspaceSealed."""
    row = _locked(raised)
    if row.author_id == by.pk:
        raise YourOwn
    _one, made = MeToo.objects.get_or_create(
        raised=row,
        person=by,
        defaults={"workspace": row.workspace, "person_label": by.full_name[:160], "at": at},
    )
    if made:
        trace.record("raising.me_too", row, by=by, at=at)
    return row


@transaction.atomic
def unsay_me_too(*, raised: Raised, by: User, at: datetime) -> None:
    """Take it back; twice changes nothing. Raises WorkspaceSealed."""
    row = _locked(raised)
    deleted, _rows = row.me_toos.filter(person=by).delete()
    if deleted:
        trace.record("raising.me_too_taken_back", row, by=by, at=at)


@transaction.atomic
def tie_case(*, raised: Raised, case: Case, by: User, at: datetime) -> RaisedCase:
    """Add a case that shows it. Raises NotOfThisDesk, CaseTied or WorkspaceSealed."""
    row = _locked(raised)
    if case.workspace_id != row.workspace_id:
        raise NotOfThisDesk(name=case.number)
    if row.ties.filter(case=case).exists():
        raise CaseTied(number=case.number)
    tie = RaisedCase.objects.create(workspace=row.workspace, raised=row, case=case)
    trace.record("raising.case_tied", row, by=by, at=at, number=case.number)
    return tie


@transaction.atomic
def qualify(*, raised: Raised, state: str, body: str, by: User, at: datetime) -> RaisedAnswer:
    """Say what becomes of it, or answer its author (`state` empty); the author is told.

    A refusal has its reason. Raises SupervisorOnly, StateNotNext, ReasonMissing, AnswerEmpty or
    WorkspaceSealed; nothing is written then.
    """
    row = _locked(raised)
    refuse_unless_supervisor(by, row.workspace)
    body = body.strip()
    if state and not policy.may_become(row.state, state):
        raise StateNotNext(before=row.get_state_display(), after=Raised.State(state).label)
    if state == Raised.State.REFUSED and not body:
        raise ReasonMissing
    if not state and not body:
        raise AnswerEmpty
    before = row.state
    row.state, row.changed_at = Raised.State(state or row.state), at
    row.save(update_fields=["state", "changed_at"])
    answer = RaisedAnswer.objects.create(
        workspace=row.workspace,
        raised=row,
        at=at,
        by_label=by.full_name[:160],
        body=body,
        new_state=state,
    )
    trace.record("raising.qualified", row, by=by, at=at, before=before, after=row.state)
    realtime.publish(row.trace_stream, at=at, what="raised", raised=row.pk)
    return answer


@transaction.atomic
def read_answer(*, raised: Raised, by: User, at: datetime) -> None:
    """The author has read the follow-up. Anybody else's reading changes nothing."""
    row = _locked(raised)
    if row.author_id == by.pk and row.read_at < row.changed_at:
        row.read_at = at
        row.save(update_fields=["read_at"])
        trace.record("raising.answer_read", row, by=by, at=at)


def _made(
    workspace: Workspace,
    told: Told,
    cases: Sequence[Case],
    *,
    by: User,
    at: datetime,
    **links: Article | Conversation | RecurrenceAlert | None,
) -> Raised:
    made = Raised.objects.create(
        workspace=workspace,
        kind=told["kind"],
        title=told["title"].strip(),
        seen=told["seen"].strip(),
        effect=told["effect"].strip(),
        proposal=told["proposal"].strip(),
        author=by,
        author_label=by.full_name[:160],
        raised_at=at,
        changed_at=at,
        read_at=at,
        **links,
    )
    RaisedCase.objects.bulk_create(
        RaisedCase(workspace=workspace, raised=made, case=case) for case in cases
    )
    trace.record("raising.raised", made, by=by, at=at, kind=made.kind, cases=len(cases))
    realtime.publish(made.trace_stream, at=at, what="raised", raised=made.pk)
    return made


def _desk(workspace: Workspace) -> Workspace:
    locked = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(locked)
    return locked


def _locked(raised: Raised) -> Raised:
    row = (
        Raised.objects.select_for_update(of=("self",))
        .select_related("workspace__organisation")
        .get(pk=raised.pk)
    )
    refuse_if_sealed(row.workspace)
    return row
