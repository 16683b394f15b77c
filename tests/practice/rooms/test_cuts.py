"""Nothing typed is lost: a real browser whose link, lid, clock, tabs and server fail in turn."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from acquis.certification.sittings import rich_text
from acquis.certification.sittings.models import Phase, ProductionRevision, Sitting
from acquis.kernel.testing import StrictClient
from acquis.practice.rooms.views import candidate as views
from tests.journeys.conftest import CHROMIUM, need_chromium

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
HALF_AN_HOUR = 30 * 60_000
SAVED = "[data-saved-text]"
FIELD = "#piece-summary"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need_chromium()
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as driver:
        # The driver's event loop runs in this thread; the tables are read from here too.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def context(
    browser: Browser, live_server: Any, sitting: Sitting, begin: Any, candidate_client: StrictClient
) -> Iterator[BrowserContext]:
    """The candidate's browser, in the written part."""
    begin(1)
    opened = browser.new_context(base_url=live_server.url, locale="fr-FR")
    cookie = candidate_client.cookies["sessionid"].value
    opened.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, sitting: Sitting) -> Page:
    return entered(context, sitting)


def entered(
    context: BrowserContext, sitting: Sitting, *, wrong_by: timedelta | None = None
) -> Page:
    page = context.new_page()
    if wrong_by is not None:
        page.clock.install(time=sitting.started_at + wrong_by)
    page.goto(reverse("rooms:room", args=[sitting.pk]))
    expect(page.locator(FIELD)).to_be_visible()
    return page


def texts(sitting: Sitting) -> list[str]:
    rows = ProductionRevision.objects.filter(production__sitting=sitting, production__key="summary")
    return [rich_text.as_words(one.content, rich=one.rich) for one in rows.order_by("seq")]


def saved(page: Page) -> None:
    expect(page.locator(SAVED)).to_contain_text("Enregistré à")


def test_what_is_typed_during_a_cut_of_half_an_hour_is_sent_once_and_in_order(
    context: BrowserContext, sitting: Sitting
) -> None:
    page = entered(context, sitting, wrong_by=timedelta(0))
    page.locator(FIELD).fill("Avant.")
    saved(page)
    context.set_offline(True)
    for number in range(1, 4):
        page.locator(FIELD).fill(f"Pendant {number}.")
        page.clock.fast_forward(HALF_AN_HOUR // 3)
    expect(page.locator(SAVED)).not_to_contain_text("Enregistré à")
    assert texts(sitting) == ["Avant."]
    context.set_offline(False)
    saved(page)
    found = texts(sitting)
    assert found[0] == "Avant."
    assert found[-1] == "Pendant 3."
    assert found == sorted(set(found), key=found.index)


def test_a_page_closed_during_a_cut_sends_what_it_kept_when_it_is_opened_again(
    context: BrowserContext, sitting: Sitting
) -> None:
    page = entered(context, sitting)
    context.set_offline(True)
    page.locator(FIELD).fill("Écrit sans liaison.")
    page.wait_for_timeout(1500)
    page.close(run_before_unload=False)
    context.set_offline(False)
    again = entered(context, sitting)
    expect(again.locator(FIELD)).to_have_text("Écrit sans liaison.")
    saved(again)
    assert texts(sitting) == ["Écrit sans liaison."]


def test_the_clock_is_the_server_s_whatever_the_workstation_says_and_after_a_closed_lid(
    context: BrowserContext, sitting: Sitting
) -> None:
    page = entered(context, sitting, wrong_by=timedelta(hours=-7))
    minutes = sitting.phases.get(position=1).planned_seconds // 60
    figures = page.locator("[data-clock-figures]")
    shown = (
        f"{minutes // 60}:{minutes % 60:02}:",
        f"{(minutes - 1) // 60}:{(minutes - 1) % 60:02}:",
    )
    assert figures.inner_text().startswith(shown)
    page.clock.fast_forward(20 * 60_000)  # the computer slept, the server's clock did not
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function(
        "shown => shown.some((one) => document.querySelector('[data-clock-figures]').textContent.startsWith(one))",
        arg=list(shown),
    )
    page.locator(FIELD).fill("Écrit à la mauvaise heure.")
    saved(page)
    revision = ProductionRevision.objects.get()
    assert not revision.late
    assert abs(revision.saved_at - sitting.started_at) < timedelta(minutes=10)


def test_two_tabs_keep_both_texts_until_the_person_chooses(
    context: BrowserContext, sitting: Sitting
) -> None:
    first, second = entered(context, sitting), entered(context, sitting)
    first.locator(FIELD).fill("Du premier onglet.")
    saved(first)
    second.locator(FIELD).fill("Du second onglet.")
    dialog = second.locator("dialog.sheet-wide")
    expect(dialog).to_contain_text("Du premier onglet.")
    expect(dialog).to_contain_text("Du second onglet.")
    dialog.locator("button").first.click()
    saved(second)
    assert texts(sitting)[-1] == "Du second onglet."
    assert set(texts(sitting)) == {"Du premier onglet.", "Du second onglet."}


def test_a_database_that_is_away_loses_nothing_and_says_when_to_come_back(
    page: Page, sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:

        def gone(**_fields: object) -> None:
            raise OperationalError("connection refused")

        away.setattr(views, "save_production", gone)
        with page.expect_response(lambda answer: "/texte/summary/" in answer.url) as refused:
            page.locator(FIELD).fill("Pendant la panne.")
        assert refused.value.status == 503
        assert refused.value.headers["retry-after"]
        expect(page.locator(SAVED)).not_to_contain_text("Enregistré à")
    saved(page)
    assert texts(sitting) == ["Pendant la panne."]


def test_what_arrives_after_time_is_kept_and_marked(
    page: Page, sitting: Sitting, today: Any
) -> None:
    Phase.objects.filter(sitting=sitting, position=1).update(ends_at=today - timedelta(seconds=1))
    page.locator(FIELD).fill("Un peu tard.")
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "late")
    assert ProductionRevision.objects.get().late
