"""The review of a framework beside its source, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.factories import frameworks
from tests.journeys import axe

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """The driver's event loop runs in this thread; the tables are written from here too."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def review(one_thread: None, chromium: Browser, live_server: Any) -> Iterator[Page]:
    by = frameworks.certifier()
    reading = frameworks.reading(by)
    signed = Client()
    signed.force_login(by)
    context = chromium.new_context(base_url=live_server.url, locale="fr-FR")
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": signed.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/referentiels/imports/{reading.pk}/")
    yield page
    assert faults == []
    context.close()


def test_an_item_leads_to_its_line_and_doubts_are_walked_through(review: Page) -> None:
    review.locator("#item-blocks-0-criteria-1 .framework-what").click()
    expect(review.locator("#L7")).to_have_class("current")

    review.keyboard.press("n")
    expect(review.locator("[data-doubt]")).to_be_focused()
    expect(review.locator("#L10")).to_have_class("doubt current")

    review.get_by_role("link", name="K3").last.click()
    expect(review.locator("#item-blocks-1-criteria-0")).to_be_in_viewport()


def test_items_are_filtered_as_one_types(review: Page) -> None:
    review.keyboard.press("/")
    review.keyboard.type("scelle")

    expect(review.locator("[data-item]:visible")).to_have_count(2)
    expect(review.locator("#transversales")).to_be_hidden()
    review.keyboard.press("Escape")
    expect(review.locator("#transversales")).to_be_visible()


def test_an_item_is_taken_out_and_put_back_by_keyboard(review: Page) -> None:
    review.locator("#item-blocks-0-criteria-0 summary").focus()
    review.keyboard.press("Enter")
    review.keyboard.press("Escape")
    expect(review.locator("#item-blocks-0-criteria-0 summary")).to_be_focused()
    review.keyboard.press("Enter")
    review.locator("#item-blocks-0-criteria-0").get_by_role("button", name="Enlever").press("Enter")

    expect(review.get_by_text("1 élément enlevé")).to_be_visible()
    review.get_by_role("button", name="Remettre").press("Enter")
    expect(review.locator("#item-blocks-0-criteria-1")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (768, "light"), (1440, "dark")])
def test_the_review_is_accessible_at_every_width(review: Page, width: int, theme: Any) -> None:
    review.set_viewport_size({"width": width, "height": 900})
    review.emulate_media(color_scheme=theme)
    for address in ("", "element/?pointer=/blocks/0/criteria/0", "publier/", "corrections/"):
        review.goto(
            review.url.split("/imports/")[0] + "/imports/" + _number(review) + "/" + address
        )
        assert axe.violations(review) == []
        assert review.evaluate("document.documentElement.scrollWidth") <= width


def _number(page: Page) -> str:
    return page.url.split("/imports/")[1].split("/")[0]


def test_on_a_narrow_screen_the_source_rises_when_a_line_is_asked_for(review: Page) -> None:
    review.set_viewport_size({"width": 320, "height": 800})
    review.reload()
    expect(review.locator("#source")).to_be_hidden()

    review.locator("#item-blocks-0-criteria-1 .framework-line").click()

    expect(review.locator("#L7")).to_be_in_viewport()
    review.get_by_role("button", name="Fermer le texte source").click()
    expect(review.locator("#source")).to_be_hidden()
