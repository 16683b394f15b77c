"""The menu of a desk: what is used every day, and the rest one press away."""

import pytest
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.desk.directory.menu import DAILY, MORE, Menu, current
from acquis.kernel.testing import StrictClient

EVERYTHING = [*DAILY, *(one for group in MORE for one in group.entries)]


@pytest.mark.parametrize(
    ("here", "label"),
    [
        ("conversations:desk", "Échanges"),
        ("merging:proposals", "Clients"),
        ("webchat:call_back_new", "Rappels"),
        ("webchat:site", "Chat du site"),
        ("sales:product", "Catalogue"),
        ("sales:calculator", "Calculs"),
        ("knowledge:reading_list", "Listes de lecture"),
        ("knowledge:article", "Connaissances"),
        ("queues:wall", "Pilotage"),
        ("queues:edit", "Files et compétences"),
    ],
)
def test_a_page_stands_below_the_entry_that_names_it_best(here: str, label: str) -> None:
    found = current(EVERYTHING, here)
    assert found is not None
    assert str(found.label) == label


def test_a_page_of_no_room_stands_below_nothing() -> None:
    assert current(EVERYTHING, "accounts:profile") is None


def test_only_a_supervisor_is_led_to_what_is_theirs() -> None:
    def labels(*, supervises: bool) -> set[str]:
        menu = Menu(1, "queues:index", supervises=supervises)
        return {one.label for _group, links in menu.groups for one in links}

    assert labels(supervises=True) - labels(supervises=False) >= {"Pilotage", "Contacts abusifs"}
    assert labels(supervises=False) < labels(supervises=True)


def test_every_entry_leads_somewhere() -> None:
    menu = Menu(1, "", supervises=True)
    shown = len(menu.daily) + sum(len(links) for _group, links in menu.groups)
    assert shown == len(EVERYTHING)


@pytest.mark.django_db
def test_the_current_page_is_marked_even_inside_the_rest(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    def menu(page: str) -> str:
        text = signed_in.get(reverse(page, args=[workspace.pk])).content.decode()
        return text.split('class="desknav"', 1)[1].split("</nav>", 1)[0]

    page = menu("sales:index")
    summary = page.split("<summary", 1)[1].split("</summary>", 1)[0]
    assert 'aria-current="true"' in summary
    assert "Catalogue" in summary
    assert page.count('aria-current="page"') == 1
    assert 'aria-current="true"' not in menu("directory:search")
