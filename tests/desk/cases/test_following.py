"""What is done on a case between its opening and its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.cases.actions.change_rules import change_rules, keep_code, retire_code
from acquis.desk.cases.actions.diagnose_case import diagnose_case
from acquis.desk.cases.actions.follow_case import (
    assign_case,
    close_case,
    comment_case,
    record_satisfaction,
    reopen_case,
)
from acquis.desk.cases.actions.follow_procedure import begin_procedure, tick_step
from acquis.desk.cases.actions.link_cases import (
    link_cases,
    merge_cases,
    unlink_cases,
    unmerge_case,
)
from acquis.desk.cases.actions.open_case import open_case, open_follow_up
from acquis.desk.cases.actions.second_level import answer_second_level, ask_second_level
from acquis.desk.cases.errors import (
    AnswerEmpty,
    CaseMerged,
    CaseNotClosed,
    CommentEmpty,
    LinkToItself,
    MergeImpossible,
    MergeOfAnotherCustomer,
    NoStepInProcedure,
    NothingAsked,
    NotMerged,
    NotOfThisDesk,
    ProcedureFollowed,
    QuestionEmpty,
    ReopenTooLate,
    RulesInvalid,
    SatisfactionNotAsked,
    SecondLevelHasIt,
    SupervisorOnly,
)
from acquis.desk.cases.models import Case, CaseCode, CaseLink
from acquis.desk.cases.queries import history
from acquis.desk.cases.rules import rules_of
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def case(workspace: Workspace, adviser: User, now: datetime) -> Case:
    """A complaint opened on Friday at 10:00, urgency 1, impact 2: 2 h to answer, 16 h to resolve."""
    return open_case(
        customer=make.customer(workspace),
        kind="complaint",
        title="Robot en panne",
        description="Ne démarre plus.",
        urgency=1,
        impact=2,
        by=adviser,
        at=now,
    )


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def found(**fields: Any) -> Any:
    blank = dict.fromkeys(("reason", "symptom", "product", "urgency", "impact"))
    return blank | {"cause": "", "tried": ""} | fields


def test_urgency_and_impact_set_the_priority_and_what_is_due(case: Case, now: datetime) -> None:
    assert case.priority == 2
    assert case.answer_due_at == now + 2 * HOUR
    # 2 h 30 before lunch, 4 h 30 after, 8 h on Monday, 1 h on Tuesday morning.
    assert case.resolve_due_at == now.replace(day=24)


def test_the_customers_turn_moves_what_is_due(case: Case, adviser: User, now: datetime) -> None:
    comment_case(case=case, body="?", new_state="waiting_customer", by=adviser, at=now + HOUR)
    comment_case(case=case, body="!", new_state="open", by=adviser, at=now + 2 * HOUR)

    case.refresh_from_db()
    assert case.answered_at == now + HOUR
    assert (case.paused_seconds, case.paused_at) == (3600, None)
    assert case.resolve_due_at == now.replace(day=24) + HOUR
    comment_case(case=case, body="même état", new_state="open", by=adviser, at=now + 3 * HOUR)
    assert case.events.last() is not None
    assert case.events.order_by("-pk")[0].new_state == ""


def test_a_wait_that_was_never_dated_counts_for_nothing(
    case: Case, adviser: User, now: datetime
) -> None:
    Case.objects.filter(pk=case.pk).update(state=Case.State.WAITING_CUSTOMER, paused_at=None)

    comment_case(case=case, body="!", new_state="open", by=adviser, at=now + HOUR)

    case.refresh_from_db()
    assert (case.state, case.paused_seconds) == (Case.State.OPEN, 0)
    assert case.resolve_due_at == now.replace(day=24)


def test_a_comment_says_something(case: Case, adviser: User, now: datetime) -> None:
    said = case.events.count()

    with pytest.raises(CommentEmpty):
        comment_case(case=case, body=" \n", new_state="waiting_customer", by=adviser, at=now)

    case.refresh_from_db()
    assert (case.events.count(), case.state) == (said, Case.State.OPEN)


def test_a_diagnosis_moves_the_priority_from_the_opening(
    workspace: Workspace, case: Case, adviser: User, now: datetime
) -> None:
    symptom = make.case_code(workspace, kind=CaseCode.Kind.SYMPTOM, label="Ne démarre pas")
    product = make.product(workspace)

    diagnose_case(
        case=case,
        found=found(symptom=symptom, product=product, cause="Carte", urgency=3, impact=3),
        by=adviser,
        at=now + HOUR,
    )

    case.refresh_from_db()
    assert (case.priority, case.symptom, case.product) == (4, symptom, product)
    assert case.answer_due_at is not None
    assert case.answer_due_at > now + 8 * HOUR
    line = trace.lines(workspace.trace_stream).get(verb="case.diagnosed")
    assert (line.data["before"], line.data["priority"]) == (2, 4)
    with pytest.raises(NotOfThisDesk):
        diagnose_case(case=case, found=found(product=make.product(make.desk())), by=adviser, at=now)


def test_an_old_case_takes_deadlines_once_diagnosed(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    old = make.case(make.customer(workspace))
    diagnose_case(case=old, found=found(tried="Tout."), by=adviser, at=now)
    old.refresh_from_db()
    assert old.resolve_due_at is None
    assert rules_of(workspace).clock_of(old, now) is None

    diagnose_case(case=old, found=found(urgency=1, impact=1), by=adviser, at=now)

    old.refresh_from_db()
    assert old.answer_due_at == now + HOUR


def test_to_the_second_level_and_back(
    workspace: Workspace, case: Case, adviser: User, supervisor: User, now: datetime
) -> None:
    asked = {"team": "Atelier", "tried": "Redémarrage.", "question": "Carte mère ?"}
    with pytest.raises(QuestionEmpty):
        ask_second_level(case=case, **asked | {"tried": " "}, by=adviser, at=now)
    with pytest.raises(NothingAsked):
        answer_second_level(case=case, answer="Oui.", by=supervisor, at=now)
    ask_second_level(case=case, **asked, by=adviser, at=now)
    case.refresh_from_db()
    assert case.state == Case.State.SECOND_LEVEL
    for refused in (
        lambda: ask_second_level(case=case, **asked, by=adviser, at=now),
        lambda: comment_case(case=case, body="x", new_state="open", by=adviser, at=now),
    ):
        with pytest.raises(SecondLevelHasIt):
            refused()
    with pytest.raises(AnswerEmpty):
        answer_second_level(case=case, answer="", by=supervisor, at=now)

    answer_second_level(case=case, answer="Oui, à changer.", by=supervisor, at=now + HOUR)

    case.refresh_from_db()
    assert (case.state, case.tried) == (Case.State.OPEN, "Redémarrage.")
    line = trace.lines(workspace.trace_stream).get(verb="case.second_level_answered")
    assert line.data["seconds"] == 3600


def test_closing_withdraws_the_question_and_asks_for_satisfaction(
    case: Case, adviser: User, now: datetime
) -> None:
    with pytest.raises(SatisfactionNotAsked):
        record_satisfaction(case=case, score=5, by=adviser, at=now)
    ask_second_level(case=case, team="A", tried="x", question="y", by=adviser, at=now)
    close_case(case=case, resolution="Échangé.", ask_satisfaction=True, by=adviser, at=now + HOUR)
    with pytest.raises(SatisfactionNotAsked):
        record_satisfaction(case=case, score=6, by=adviser, at=now)

    record_satisfaction(case=case, score=4, comment="Rapide", by=adviser, at=now + 2 * HOUR)

    case.refresh_from_db()
    assert (case.satisfaction, case.satisfaction_asked_at, case.stage) == (4, now + HOUR, "closed")
    assert not case.second_level_requests.filter(answered_at__isnull=True).exists()


def test_a_case_reopens_within_its_days_and_another_follows_it_later(
    case: Case, adviser: User, now: datetime
) -> None:
    with pytest.raises(CaseNotClosed):
        open_follow_up(case=case, body="Encore", by=adviser, at=now)
    close_case(case=case, resolution="Réparé.", by=adviser, at=now + HOUR)
    reopen_case(case=case, body="Recommence.", by=adviser, at=now + 3 * HOUR)
    case.refresh_from_db()
    # Closed from 11:00 to 13:00, of which lunch counts for nothing from 12:30.
    assert (case.stage, case.paused_seconds) == ("in_progress", 5400)
    close_case(case=case, resolution="Réparé.", by=adviser, at=now + 4 * HOUR)
    late = now + timedelta(days=16)
    with pytest.raises(ReopenTooLate):
        reopen_case(case=case, body="Encore.", by=adviser, at=late)

    case.refresh_from_db()
    after = open_follow_up(case=case, body="Encore en panne.", by=adviser, at=late)

    assert after.links.get().other == case
    assert (after.customer, after.assignee) == (case.customer, adviser)


def test_a_case_is_given_to_somebody_and_back(case: Case, adviser: User, now: datetime) -> None:
    assign_case(case=case, to=adviser, by=adviser, at=now)
    case.refresh_from_db()
    assert case.assignee == adviser
    assign_case(case=case, to=None, by=adviser, at=now)
    case.refresh_from_db()
    assert (case.assignee, case.assignee_label) == (None, "")


def test_links_are_said_once_and_untied(
    workspace: Workspace, case: Case, adviser: User, now: datetime
) -> None:
    other = make.case(case.customer)
    with pytest.raises(LinkToItself):
        link_cases(case=case, other=case, kind="cause", by=adviser, at=now)
    stranger = make.case(make.customer(make.desk()))
    with pytest.raises(NotOfThisDesk):
        link_cases(case=case, other=stranger, kind="cause", by=adviser, at=now)
    link_cases(case=case, other=other, kind="cause", by=adviser, at=now)
    link = link_cases(case=case, other=other, kind="duplicate", by=adviser, at=now)
    assert CaseLink.objects.get().kind == "duplicate"

    unlink_cases(link=link, by=adviser, at=now)

    assert not CaseLink.objects.exists()


def test_a_merge_loses_nothing_and_is_undone(case: Case, adviser: User, now: datetime) -> None:
    other = open_case(
        customer=case.customer, kind="complaint", title="Idem", description="Idem.", by=adviser,
        at=now,
    )  # fmt: skip
    stranger = make.case(make.customer(case.workspace))
    with pytest.raises(MergeOfAnotherCustomer):
        merge_cases(case=other, into=stranger, by=adviser, at=now)
    with pytest.raises(NotMerged):
        unmerge_case(case=other, by=adviser, at=now)
    due = other.resolve_due_at

    merge_cases(case=other, into=case, by=adviser, at=now + HOUR)

    assert {event.body for event in history(case)} >= {"Ne démarre plus.", "Idem."}
    with pytest.raises(CaseMerged):
        comment_case(case=other, body="x", by=adviser, at=now)
    with pytest.raises(CaseMerged):
        reopen_case(case=other, body="x", by=adviser, at=now)
    with pytest.raises(MergeImpossible):
        merge_cases(case=case, into=make.case(case.customer), by=adviser, at=now)
    unmerge_case(case=other, by=adviser, at=now + 2 * HOUR)
    other.refresh_from_db()
    assert (other.state, other.merged_into) == (Case.State.OPEN, None)
    assert due is not None
    assert other.resolve_due_at == due + HOUR


def test_a_procedure_becomes_a_list_to_tick(
    workspace: Workspace, case: Case, adviser: User, now: datetime
) -> None:
    article = make.article(workspace, body="1. Demander une photo\n2. Ouvrir le dossier")
    with pytest.raises(NoStepInProcedure):
        begin_procedure(case=case, article=make.article(workspace), by=adviser, at=now)
    with pytest.raises(NotOfThisDesk):
        begin_procedure(case=case, article=make.article(make.desk()), by=adviser, at=now)

    begin_procedure(case=case, article=article, by=adviser, at=now)
    with pytest.raises(ProcedureFollowed):
        begin_procedure(case=case, article=article, by=adviser, at=now)

    step = case.steps.all()[0]
    for done in (True, True, False):
        ticked = tick_step(step=step, done=done, by=adviser, at=now)
        assert (ticked.done_at is not None) == done
    assert trace.lines(workspace.trace_stream).filter(verb="case.step_ticked").count() == 2


def test_only_a_supervisor_decides_the_rules(
    workspace: Workspace, adviser: User, supervisor: User, now: datetime
) -> None:
    values: dict[str, Any] = {
        "hours": {"0": ["09:00-12:00"]}, "matrix": {"1-1": 2}, "targets": {"1": [5, 10]},
        "reopen_days": 3, "acknowledge_days": 1, "answer_days": 8, "recurrence_count": 2,
        "recurrence_days": 7,
    }  # fmt: skip
    with pytest.raises(SupervisorOnly):
        change_rules(workspace=workspace, values=values, by=adviser, at=now)
    for hours in ({}, {"0": ["matin"]}):
        with pytest.raises(RulesInvalid):
            change_rules(
                workspace=workspace, values=values | {"hours": hours}, by=supervisor, at=now
            )

    change_rules(workspace=workspace, values=values, by=supervisor, at=now)

    rules = rules_of(workspace)
    assert (rules.matrix["1-1"], rules.targets["1"], rules.reopen_days) == (2, [5, 10], 3)
    assert rules.targets["2"] == (120, 960)


def test_only_a_supervisor_decides_the_codes(
    workspace: Workspace, adviser: User, supervisor: User, now: datetime
) -> None:
    with pytest.raises(SupervisorOnly):
        keep_code(workspace=workspace, kind="reason", label="X", by=adviser, at=now)
    with pytest.raises(NotOfThisDesk):
        keep_code(
            workspace=workspace, kind="reason", label="X", parent=make.case_code(make.desk()),
            by=supervisor, at=now,
        )  # fmt: skip
    code = keep_code(workspace=workspace, kind="reason", label="Colis", by=supervisor, at=now)
    keep_code(
        workspace=workspace, kind="reason", label="Livraison", code=code, by=supervisor, at=now
    )
    retire_code(code=code, retired=True, by=supervisor, at=now)

    code.refresh_from_db()
    assert (code.label, code.retired, str(code)) == ("Livraison", True, "Livraison")


def test_everything_is_done_on_screen(
    signed_in: StrictClient, workspace: Workspace, case: Case, adviser: User
) -> None:
    other = make.case(case.customer, number="REC-7")
    article = make.article(workspace, body="1. Demander une photo")

    def post(name: str, *more: int, **fields: Any) -> int:
        address = reverse(f"cases:{name}", args=[workspace.pk, case.pk, *more])
        return signed_in.post(address, fields).status_code

    assert post("take") == 302
    assert (post("assign", to="999999"), post("assign", to=adviser.pk)) == (422, 302)
    assert (post("diagnose", urgency="9"), post("diagnose", urgency="1", impact="1")) == (422, 302)
    asked = {"team": "Atelier", "tried": "x", "question": "y"}
    assert (post("ask"), post("ask", **asked)) == (422, 302)
    assert (post("answer"), post("answer", answer="z")) == (422, 302)
    assert (post("procedure"), post("procedure", article=article.pk)) == (422, 302)
    assert post("tick", case.steps.get().pk, done="1") == 302
    assert post("link", number="RIEN", kind="cause") == 422
    assert post("link", number="rec-7", kind="cause") == 302
    page = signed_in.get(reverse("cases:case", args=[workspace.pk, case.pk])).content.decode()
    for said in ("Demander une photo", "causée par", "Atelier", "Attend notre réponse"):
        assert said in page
    assert post("unlink", case.links.get().pk) == 302
    assert post("link", number="rec-7", kind="merge") == 302
    assert post("unmerge") == 302
    assert post("close", resolution="Fait.", ask_satisfaction="on") == 302
    assert (post("satisfaction", score="9"), post("satisfaction", score="5")) == (422, 302)
    Case.objects.filter(pk=case.pk).update(closed_at=make.NOW - timedelta(days=400))
    page = signed_in.get(reverse("cases:case", args=[workspace.pk, case.pk])).content.decode()
    assert "Ouvrir la demande qui suit" in page
    assert post("follow_up", body="Encore.") == 302
    assert other.linked_from.count() == 0


def test_the_rules_are_read_by_all_and_changed_by_the_supervisor(
    signed_in: StrictClient, workspace: Workspace, supervisor: User
) -> None:
    page = reverse("cases:rules", args=[workspace.pk])
    codes = reverse("cases:codes", args=[workspace.pk])
    assert "le superviseur du poste les décide" in signed_in.get(page).content.decode()
    assert signed_in.post(codes, {"kind": "reason", "label": "X"}).status_code == 422
    client = StrictClient()
    client.force_login(supervisor)
    form = client.get(page).context["rules"]
    values = {name: field.initial for name, field in form.fields.items()} | form.initial

    assert client.post(page, values | {"day_0": "matin"}).status_code == 422
    assert client.post(page, values | {"day_5": "9:00-12:00"}).status_code == 302
    assert client.post(codes, {"kind": "reason", "label": ""}).status_code == 422
    assert client.post(codes, {"kind": "symptom", "label": "Fuit"}).status_code == 302
    code = CaseCode.objects.get()
    one = reverse("cases:code", args=[workspace.pk, code.pk])
    assert client.post(one, {"label": "Fuite"}).status_code == 302
    assert client.post(one, {"retired": "1"}).status_code == 302

    code.refresh_from_db()
    assert (code.label, code.retired) == ("Fuite", True)
    assert rules_of(workspace).hours.days[5]
    assert "Proposer de nouveau" in client.get(page).content.decode()


def test_the_list_is_filtered_sorted_and_taken_away(
    signed_in: StrictClient, workspace: Workspace, adviser: User, now: datetime
) -> None:
    known = make.customer(workspace)
    past, future = now - timedelta(days=400), now + timedelta(days=4000)
    make.case(known, number="A", assignee=adviser, resolve_due_at=past, answer_due_at=past)
    make.case(known, number="B", state="second_level", resolve_due_at=future)
    make.case(known, number="C", state="waiting_customer", resolve_due_at=past, title="=1+1")
    other = make.adviser(workspace.organisation)
    make.case(known, number="D", assignee=other)
    page = reverse("cases:index", args=[workspace.pk])

    def numbers(**asked: str) -> list[str]:
        return [case.number for case in signed_in.get(page, asked).context["rows"]]

    assert numbers(vue="mine") == ["A"]
    assert numbers(vue="unassigned", tri="numero") == ["B", "C"]
    assert numbers(vue="team") == ["D"]
    assert numbers(vue="late") == ["A"]
    assert numbers(vue="us") == ["A", "D"]
    assert numbers(vue="customer") == ["C"]
    assert numbers(vue="second_level") == ["B"]
    assert numbers(tri="-numero") == ["D", "C", "B", "A"]
    assert numbers(tri="echeance")[-1] == "D"
    export = signed_in.get(reverse("cases:export", args=[workspace.pk]), {"vue": "customer"})
    text = export.content.decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert ";'=1+1;" in text


def test_the_page_costs_the_same_for_one_and_for_many_lines(
    signed_in: StrictClient, case: Case, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    page = reverse("cases:case", args=[workspace.pk, case.pk])

    def fill(times: int) -> None:
        for _ in range(times):
            make.case_event(case)
            make.case_step(case)
            make.case_link(case, make.case(case.customer))
            make.second_level_request(case, answered_at=make.NOW, answer="x")

    fill(1)
    one = count_queries(lambda: signed_in.get(page))
    fill(9)
    assert count_queries(lambda: signed_in.get(page)) == one
