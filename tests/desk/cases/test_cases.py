"""Requests, breakdowns and complaints, from opening to closing."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.actions.follow_case import close_case, comment_case, reopen_case
from acquis.desk.cases.actions.open_case import open_case
from acquis.desk.cases.errors import (
    CaseClosed,
    CaseNotClosed,
    CommentEmpty,
    OrderOfAnotherCustomer,
    ResolutionMissing,
)
from acquis.desk.cases.models import Case
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def opened(workspace: Workspace, by: User, at: datetime, **fields: object) -> Case:
    values = {
        "customer": make.customer(workspace), "kind": "complaint", "title": "Colis endommagé",
        "description": "Le carton est ouvert.",
    }  # fmt: skip
    return open_case(**(values | fields), by=by, at=at)


def test_a_case_takes_the_next_number_of_its_kind(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    make.case(make.customer(workspace), number="REC-09599")

    numbers = [opened(workspace, adviser, now, kind=kind).number for kind in Case.Kind]

    assert numbers == ["DEM-00001", "SAV-00001", "REC-09600"]
    assert {line.verb for line in trace.lines(workspace.trace_stream)} == {"case.opened"}


def test_a_case_is_not_opened_on_the_order_of_another(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    with pytest.raises(OrderOfAnotherCustomer):
        opened(workspace, adviser, now, order=make.order(make.customer(workspace)))

    assert not Case.objects.exists()


def test_a_comment_may_make_the_case_wait(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    case = opened(workspace, adviser, now)

    comment_case(
        case=case, body="Photos demandées.", new_state="waiting_customer", by=adviser, at=now
    )

    case.refresh_from_db()
    assert case.state == Case.State.WAITING_CUSTOMER
    assert case.events.count() == 2


def test_closing_needs_a_resolution_and_reopening_a_reason(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    case = opened(workspace, adviser, now)

    with pytest.raises(ResolutionMissing):
        close_case(case=case, resolution=" ", by=adviser, at=now)
    close_case(case=case, resolution="Remboursée.", by=adviser, at=now)
    with pytest.raises(CaseClosed):
        comment_case(case=case, body="Encore.", by=adviser, at=now)
    with pytest.raises(CommentEmpty):
        reopen_case(case=case, body="", by=adviser, at=now)
    reopen_case(case=case, body="Le client rappelle.", by=adviser, at=now)
    with pytest.raises(CaseNotClosed):
        reopen_case(case=case, body="Encore.", by=adviser, at=now)

    verbs = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert verbs == ["case.opened", "case.closed", "case.reopened"]


def test_a_case_is_opened_followed_closed_and_reopened_on_screen(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(workspace)
    begin = reverse("cases:open", args=[workspace.pk, known.pk])

    assert signed_in.get(begin).status_code == 200
    assert signed_in.post(begin, {}).status_code == 422
    signed_in.post(
        begin, {"kind": "complaint", "title": "Colis", "priority": "1", "description": "Ouvert."}
    )
    case = Case.objects.get()

    def post(name: str, **fields: str) -> int:
        return signed_in.post(
            reverse(f"cases:{name}", args=[workspace.pk, case.pk]), fields
        ).status_code

    assert post("comment", body="") == 422
    assert post("comment", body="Vu.", new_state="waiting_customer", customer_told="on") == 302
    assert post("close", resolution="") == 422
    assert post("close", resolution="Remboursé.") == 302
    assert post("reopen", body="Rappel.") == 302
    page = signed_in.get(reverse("cases:case", args=[workspace.pk, case.pk])).content.decode()
    assert "Remboursé." in page


def test_open_cases_come_first_by_urgency(signed_in: StrictClient, workspace: Workspace) -> None:
    known = make.customer(workspace)
    for number, priority, state in (("A", 3, "open"), ("B", 1, "open"), ("C", 1, "closed")):
        make.case(known, number=number, priority=priority, state=state)
    page = reverse("cases:index", args=[workspace.pk])

    def numbers(**asked: str) -> list[str]:
        return [case.number for case in signed_in.get(page, asked).context["page_obj"]]

    assert numbers() == ["B", "A"]
    assert numbers(etat="all") == ["B", "C", "A"]
    assert numbers(etat="closed", q=known.last_name) == ["C"]


def test_the_list_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    page = reverse("cases:index", args=[workspace.pk])
    make.case(make.customer(workspace))
    one = count_queries(lambda: signed_in.get(page))
    for _ in range(29):
        make.case(make.customer(workspace))

    assert count_queries(lambda: signed_in.get(page)) == one
