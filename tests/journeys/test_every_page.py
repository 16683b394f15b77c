"""Each role walks the pages it is shown: nothing breaks, nothing overflows, all of it accessible."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, BrowserContext, Page

from acquis.accounts.enums import Role
from acquis.practice.demo.people import PEOPLE
from tests.journeys import axe
from tests.prepared import demonstration

pytestmark = pytest.mark.journey

PAGES_A_ROLE = 14
NARROW = {"width": 320, "height": 700}
WIDE = {"width": 1440, "height": 900}
# Files, and what is not read in a page.
_NOT_A_PAGE = re.compile(
    r"\.(pdf|json|csv|ics|yaml)$|/(fichier|deconnexion|api|static)(/|$)|^/langue"
)
# One look an address in each of these is enough: a list leads to many alike.
_FIRST_OF_ITS_KIND: set[str] = set()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_page_shown_to_a_role_is_sound(chromium: Browser, server: Server, role: Role) -> None:
    context = chromium.new_context(
        base_url=server.address,
        locale="fr-FR",
        viewport=WIDE,  # type: ignore[arg-type]
        reduced_motion="reduce",  # a colour on its way from light to dark is no fault
    )
    try:
        walk = _Walk(context)
        walk.sign_in(next(person.email for person in PEOPLE if person.role == role))
        walk.go()
        assert walk.faults == []
        assert len(walk.seen) > 2
    finally:
        context.close()


class _Walk:
    """One person following what the pages offer, breadth first, one of each kind."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self._at = ""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._fault(str(error)))
        self.page.on(
            "response",
            lambda answer: (
                self._fault(f"{answer.status} {answer.url}") if answer.status >= 400 else None
            ),
        )

    def _console(self, line: object) -> None:
        if line.type == "error":  # type: ignore[attr-defined]
            self._fault(line.text)  # type: ignore[attr-defined]

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self._at}: {what}")

    def sign_in(self, email: str) -> None:
        person = next(person for person in PEOPLE if person.email == email)
        self.page.goto("/connexion/")
        self.page.get_by_role(
            "button", name=re.compile(f"^Entrer comme {person.first_name} {person.last_name}")
        ).click()
        self.page.wait_for_url(lambda address: "/connexion/" not in address)

    def go(self) -> None:
        """The first page, all it leads to, and what those lead to that no other role was shown."""
        self.seen.add("/")
        first = self._visit("/")
        further = [link for address in self._new(first) for link in self._visit(address)]
        unseen = [address for address in further if _kind(address) not in _FIRST_OF_ITS_KIND]
        for address in self._new(unseen):
            self._visit(address)

    def _new(self, addresses: list[str]) -> Iterator[str]:
        for address in addresses:
            if _kind(address) not in self.seen and len(self.seen) < PAGES_A_ROLE:
                self.seen.add(_kind(address))
                yield address

    def _visit(self, address: str) -> list[str]:
        self._at = address
        self.page.set_viewport_size(WIDE)
        self.page.goto(address)
        links = self.page.locator("a[href]").evaluate_all(
            "links => links.filter(link => !link.hasAttribute('download'))"
            ".map(link => link.getAttribute('href'))"
        )
        first = _kind(address) not in _FIRST_OF_ITS_KIND
        if first:
            _FIRST_OF_ITS_KIND.add(_kind(address))
            self._judge()
        return [path for link in links if (path := _own_page(link, self.page.url))]

    def _judge(self) -> None:
        """Light and dark, wide and narrow."""
        for theme, size in (("light", WIDE), ("dark", NARROW)):
            self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            for violation in axe.violations(self.page):
                self._fault(f"{theme} {size['width']}: {violation}")
            width = self.page.evaluate("document.documentElement.scrollWidth")
            if width > size["width"]:
                self._fault(f"{width} px wide in a window of {size['width']} px")
        levels = self.page.locator("main :is(h1, h2, h3, h4)").evaluate_all(
            "headings => headings.map(heading => Number(heading.tagName[1]))"
        )
        if any(below > above + 1 for above, below in pairwise(levels)):
            self._fault(f"headings jump: {levels}")


def _kind(address: str) -> str:
    """Two pages of the same list are one kind: their numbers and names are left out."""
    named = re.sub(r"(?<=/(?:reglementation)/)[^/]+", "N", address)
    return re.sub(r"\d+", "N", re.sub(r"(?<=/connaissances/)[^/]+", "N", named))


def _own_page(link: str, base: str) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.query:
        return None
    return None if _NOT_A_PAGE.search(parts.path) else parts.path
