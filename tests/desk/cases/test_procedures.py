"""Checklists: what must be done before closing, and what happens when the procedure changes."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.actions.follow_case import close_case
from acquis.desk.cases.actions.follow_procedure import (
    begin_procedure,
    renew_procedure,
    tick_step,
    waive_step,
)
from acquis.desk.cases.errors import (
    NoStepInProcedure,
    ProcedureUnchanged,
    StepDone,
    StepsLeft,
    WaiverReasonMissing,
)
from acquis.desk.cases.models import Case
from acquis.desk.cases.policy.procedures import is_optional
from acquis.desk.knowledge.models import Article
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def article(workspace: Workspace) -> Article:
    return make.article(
        workspace,
        title="Panne",
        kind="procedure",
        version="1",
        body="1. Débrancher\n2. Tester\n3. Photographier (facultatif)",
    )


@pytest.fixture
def case(workspace: Workspace, article: Article, adviser: User, now: datetime) -> Case:
    made = make.case(make.customer(workspace))
    begin_procedure(case=made, article=article, by=adviser, at=now)
    return made


@pytest.mark.parametrize(
    ("step", "optional"),
    [("Appeler (facultatif)", True), ("Appeler (Facultative)", True), ("Appeler", False)],
)
def test_a_step_says_that_it_is_optional(step: str, optional: bool) -> None:
    assert is_optional(step) is optional


def test_steps_are_done_or_waived_before_closing(case: Case, adviser: User, now: datetime) -> None:
    first, second, _photo = case.steps.all()
    tick_step(step=first, done=True, by=adviser, at=now)
    with pytest.raises(StepsLeft) as refused:
        close_case(case=case, resolution="Réparé.", by=adviser, at=now)
    assert "(2)" in str(refused.value)
    with pytest.raises(WaiverReasonMissing):
        waive_step(step=second, reason=" ", by=adviser, at=now)
    with pytest.raises(StepDone):
        waive_step(step=first, reason="Inutile.", by=adviser, at=now)

    waive_step(step=second, reason="Appareil détruit.", by=adviser, at=now)

    assert close_case(case=case, resolution="Remplacé.", by=adviser, at=now).state == "closed"
    second.refresh_from_db()
    assert second.waived_reason == "Appareil détruit."


def test_a_tick_takes_the_waiver_back(case: Case, adviser: User, now: datetime) -> None:
    step = case.steps.all()[0]
    waive_step(step=step, reason="Inutile.", by=adviser, at=now)
    ticked = tick_step(step=step, done=True, by=adviser, at=now)
    assert (ticked.waived_at, ticked.waived_reason) == (None, "")


def test_a_new_version_keeps_what_was_ticked(
    case: Case, article: Article, adviser: User, now: datetime
) -> None:
    first, second, third = case.steps.all()
    tick_step(step=first, done=True, by=adviser, at=now)
    waive_step(step=second, reason="Inutile.", by=adviser, at=now)
    tick_step(step=third, done=True, by=adviser, at=now)
    with pytest.raises(ProcedureUnchanged):
        renew_procedure(case=case, procedure="Panne", by=adviser, at=now)
    with pytest.raises(ProcedureUnchanged):
        renew_procedure(case=case, procedure="Autre", by=adviser, at=now)
    article.version, article.body = "2", "Rien à suivre."
    article.save()
    with pytest.raises(NoStepInProcedure):
        renew_procedure(case=case, procedure="Panne", by=adviser, at=now)
    article.body = "1. Vérifier l’adresse\n2. Débrancher\n3. Tester"
    article.save()

    renew_procedure(case=case, procedure="Panne", by=adviser, at=now + HOUR)

    after = [(one.text, one.done_at, one.waived_reason) for one in case.steps.all()]
    assert after == [
        ("Vérifier l’adresse", None, ""),
        ("Débrancher", now, ""),
        ("Tester", None, "Inutile."),
    ]
    assert {one.procedure_version for one in case.steps.all()} == {"2"}
    assert "✓ Photographier" in case.events.order_by("-pk")[0].body


def test_the_page_tells_of_a_new_version_and_takes_it(
    signed_in: StrictClient, workspace: Workspace, case: Case, article: Article
) -> None:
    page = reverse("cases:case", args=[workspace.pk, case.pk])
    assert "La procédure a changé" not in signed_in.get(page).content.decode()
    article.version, article.body = "2", "1. Débrancher"
    article.save()
    assert "La procédure a changé depuis (version 2)" in signed_in.get(page).content.decode()

    renewed = signed_in.post(
        reverse("cases:renew", args=[workspace.pk, case.pk]), {"procedure": "Panne"}
    )
    step = case.steps.get()
    waived = signed_in.post(
        reverse("cases:waive", args=[workspace.pk, case.pk, step.pk]), {"reason": "Inutile."}
    )

    assert (renewed.status_code, waived.status_code) == (302, 302)
    assert "Inutile." in signed_in.get(page).content.decode()
