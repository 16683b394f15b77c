"""No page, part, export, search or socket of a desk shows or changes a row of another."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace, WorkspaceRow
from acquis.desk.conversations.news import may_follow_conversation, may_follow_workspace
from acquis.kernel.models import TraceLine
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make
from tests.rights import TESTS, Page, pages

pytestmark = pytest.mark.django_db

DESK = [page for page in pages() if "workspace_id" in page.kwargs]
IDS = [page.name for page in DESK]
WITH_OBJECT = [page for page in DESK if len(page.kwargs) > 1]
_ROOMS = [
    import_module(".".join(["tests", *file.relative_to(TESTS).with_suffix("").parts]))
    for file in sorted(TESTS.glob("desk/*/isolation.py"))
]


def _named(what: str) -> set[str]:
    return {name for room in _ROOMS for name in getattr(room, what, ())}


LISTS = [*sorted(_named("LISTS")), "conversations:palette", "directory:search", "knowledge:index", "sales:index",
         "billing:index", "documents:index", "cases:index", "conversations:desk",
         "conversations:queue"]  # fmt: skip
READ_BY_POST = {"documents:proofread"} | _named("READ_BY_POST")
MISSING = {"documents:pdf"} | _named("MISSING")


@dataclass
class Filled:
    """A desk with one row of everything, each bearing `mark`."""

    workspace: Workspace
    adviser: User
    mark: str
    objects: dict[str, dict[str, Any]]

    def address(self, page: Page, objects: "Filled | None" = None) -> str:
        named = (objects or self).objects
        room = page.name.split(":")[0]
        known = named.get(page.name) or named[room]
        extra = {name: known[name] for name in page.kwargs if name != "workspace_id"}
        return reverse(page.name, kwargs={"workspace_id": self.workspace.pk, **extra})


def filled(mark: str) -> Filled:
    """A desk with one row of everything.

    A room adds its own rows in `tests/desk/<room>/isolation.py`: `fill(desk)` makes them and names
    them in `desk.objects`, under the room or the page (the values that its addresses take);
    `LISTS` names its pages that search with `?q=`, `READ_BY_POST` those that answer a POST without
    writing, `MISSING` those whose row these tests do not make.
    """
    workspace = make.desk(name=f"Poste {mark}")
    adviser = make.adviser(workspace.organisation, last_name=mark)
    known = make.customer(workspace, last_name=mark, first_name=mark, email=f"{mark}@x.example")
    sold = make.product(workspace, label=mark, category=mark)
    order = make.order(known, product=sold, number=f"VB-{mark}")
    invoice = make.invoice(known, number=f"FV-{mark}", order=order)
    chat = make.open_conversation(
        workspace, adviser, customer=known, contact_label=mark, subject=mark
    )
    said = make.message(chat, body=mark, author_label=mark)
    noted = make.exchange_note(chat, adviser, body=mark)
    attached = make.attachment(said, name=f"{mark}.txt")
    article = make.article(workspace, title=mark, body=mark, slug=f"article-{mark.lower()}")
    case = make.case(known, title=mark, number=f"REC-{mark}", order=order)
    make.case_event(case, body=mark)
    letter = make.letter(known, subject=mark, body=mark)
    make.note(known, body=mark, author_label=mark)
    reason, outcome = make.reason(workspace, label=mark), make.outcome(workspace, label=mark)
    desk = Filled(
        workspace,
        adviser,
        mark,
        {
            "directory": {"pk": known.pk},
            "conversations": {"pk": chat.pk, "customer_pk": known.pk, "note_pk": noted.pk},
            "knowledge": {"slug": article.slug},
            "sales": {"pk": sold.pk},
            "sales:order": {"pk": order.pk},
            "billing": {"pk": invoice.pk},
            "cases": {"pk": case.pk, "customer_pk": known.pk},
            "documents": {"pk": letter.pk, "customer_pk": known.pk},
            "conversations:attachment": {"pk": attached.pk},
            "codes": {"reason": reason.pk, "outcome": outcome.pk},
        },
    )
    for room in _ROOMS:
        room.fill(desk)
    return desk


@pytest.fixture(scope="module")
def _desks(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Filled]]:
    """The desks, made once: each test is undone, and the module at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {mark: filled(mark) for mark in ("NOTRE", "LEURSECRET", "COPIE")}
        transaction.set_rollback(True)


@pytest.fixture
def ours(_desks: dict[str, Filled], db: None) -> Filled:
    return deepcopy(_desks["NOTRE"])


@pytest.fixture
def theirs(_desks: dict[str, Filled], db: None) -> Filled:
    return deepcopy(_desks["LEURSECRET"])


@pytest.fixture
def copied(_desks: dict[str, Filled], db: None) -> Filled:
    """A private copy."""
    desk = deepcopy(_desks["COPIE"])
    desk.workspace.kind, desk.workspace.origin = "copy", make.desk()
    desk.workspace.save()
    return desk


@pytest.fixture
def signed_in(ours: Filled) -> StrictClient:
    client = StrictClient()
    client.force_login(ours.adviser)
    return client


def desk_models() -> list[type[models.Model]]:
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("acquis.desk.")
        for model in config.get_models()
    ]


def snapshot(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the desk, as it lies in the database, and the lines of its trace."""
    kept = {}
    with connection.cursor() as cursor:
        for name, statement in _statements():
            cursor.execute(
                statement, [workspace.trace_stream if name == "TraceLine" else workspace.pk]
            )
            kept[name] = cursor.fetchall()
    return kept


@cache
def _statements() -> list[tuple[str, str]]:
    """What reads the rows of a desk, table by table: written once, read thousands of times."""
    asked = [(model, "workspace") for model in desk_models()] + [(TraceLine, "stream")]
    written = []
    for model, owner in asked:
        rows = model._default_manager.filter(**{owner: 0}).order_by("pk").values_list()
        written.append((model.__name__, str(rows.query.get_compiler("default").as_sql()[0])))
    return written


def test_every_row_of_a_desk_belongs_to_a_workspace() -> None:
    assert desk_models()
    for model in desk_models():
        assert issubclass(model, WorkspaceRow), model


def test_the_pages_of_the_desk_are_walked() -> None:
    assert {name.split(":")[0] for name in IDS} >= {
        "directory", "conversations", "documents", "knowledge", "sales", "billing", "cases",
    }  # fmt: skip
    assert set(LISTS) <= set(IDS)


@pytest.mark.parametrize("page", DESK, ids=IDS)
def test_a_desk_without_a_seat_does_not_exist(
    signed_in: StrictClient, theirs: Filled, page: Page
) -> None:
    before = snapshot(theirs.workspace)
    address = theirs.address(page)

    assert signed_in.get(address).status_code in {404, 405}
    assert signed_in.post(address, {"body": "x"}).status_code in {404, 405}
    assert snapshot(theirs.workspace) == before


@pytest.mark.parametrize("page", WITH_OBJECT, ids=[page.name for page in WITH_OBJECT])
def test_a_row_of_another_desk_is_not_reached_through_ours(
    signed_in: StrictClient, ours: Filled, theirs: Filled, page: Page
) -> None:
    before = snapshot(theirs.workspace), snapshot(ours.workspace)
    address = ours.address(page, theirs)

    assert signed_in.get(address).status_code in {404, 405}
    assert signed_in.post(address, {"body": "x", "view": "v"}).status_code in {404, 405}
    assert (snapshot(theirs.workspace), snapshot(ours.workspace)) == before


@pytest.mark.parametrize("page", DESK, ids=IDS)
def test_a_page_shows_nothing_of_another_desk(
    signed_in: StrictClient, ours: Filled, theirs: Filled, page: Page, htmx: dict[str, str]
) -> None:
    address = ours.address(page)

    for headers in ({}, htmx):
        answer = signed_in.get(address, headers=headers)
        assert answer.status_code in {200, 404, 405}
        content = answer.getvalue() if answer.streaming else answer.content
        assert theirs.mark.encode() not in content


@pytest.mark.parametrize("name", LISTS)
def test_a_search_finds_nothing_of_another_desk(
    signed_in: StrictClient, ours: Filled, theirs: Filled, name: str
) -> None:
    address = reverse(name, args=[ours.workspace.pk])
    chat = theirs.objects["conversations"]["pk"]

    for typed in (theirs.mark, theirs.mark[:5], "LEURSECRER", f"FV-{theirs.mark}"):
        answer = signed_in.get(address, {"q": typed, "etat": "all"})
        text = answer.content.decode().replace(f'value="{typed}"', "").replace(f"q={typed}", "")
        assert theirs.mark not in text
    if name == "conversations:desk":
        assert signed_in.get(address, {"c": chat}).status_code == 404


def test_a_row_of_another_desk_cannot_be_named_in_a_form(
    signed_in: StrictClient, ours: Filled, theirs: Filled
) -> None:
    before = snapshot(theirs.workspace)
    chat = ours.objects["conversations"]["pk"]
    known = ours.objects["directory"]["pk"]
    stranger, codes = theirs.objects["directory"]["pk"], theirs.objects["codes"]

    def post(name: str, pk: int, **fields: Any) -> int:
        address = reverse(name, args=[ours.workspace.pk, pk])
        return signed_in.post(address, fields).status_code

    assert post("conversations:identify", chat, customer=stranger) == 404
    assert post("conversations:end", chat) == 302
    assert post("conversations:qualify", chat, **codes, summary="Vu.") == 422
    order = theirs.objects["sales:order"]["pk"]
    case = {"kind": "request", "title": "x", "priority": "3", "order": order}
    assert post("cases:open", known, **case) == 422
    letter = {"conversation": theirs.objects["conversations"]["pk"]}
    assert post("documents:create", known, **letter) == 302
    assert not known_letters_of(theirs)
    assert snapshot(theirs.workspace) == before


def known_letters_of(theirs: Filled) -> list[Any]:
    letters = apps.get_model("documents", "Letter")
    return list(letters.objects.filter(conversation_id=theirs.objects["conversations"]["pk"]))


def test_news_of_another_desk_is_not_followed(ours: Filled, theirs: Filled) -> None:
    own, other = (str(desk.workspace.pk) for desk in (ours, theirs))
    own_chat, chat = (str(desk.objects["conversations"]["pk"]) for desk in (ours, theirs))

    assert may_follow_workspace(ours.adviser, own)
    assert not may_follow_workspace(ours.adviser, other)
    assert may_follow_conversation(ours.adviser, own_chat)
    assert not may_follow_conversation(ours.adviser, chat)
    assert not may_follow_conversation(ours.adviser, "999999")
    assert not may_follow_workspace(ours.adviser, "1 or 1=1")


@pytest.mark.parametrize("page", DESK, ids=IDS)
def test_a_private_copy_is_its_candidates_alone(copied: Filled, page: Page) -> None:
    place = copied.workspace.organisation
    candidate = accounts.user(Role.CANDIDATE, at=place)
    accounts.seat(copied.workspace, candidate)
    client = StrictClient()

    client.force_login(candidate)
    answer = client.get(copied.address(page))
    _ = (
        answer.getvalue() if answer.streaming else answer.content
    )  # a streamed file is read, so closed
    assert answer.status_code in {200, 405, *_missing(page)}
    for other in (accounts.user(Role.CANDIDATE, at=place), accounts.user(Role.ADVISER, at=place)):
        client.force_login(other)
        assert client.get(copied.address(page)).status_code in {404, 405}


def _missing(page: Page) -> set[int]:
    """What the rows of these tests do not have: a draft has no PDF yet."""
    return {404} if page.name in MISSING else set()


@pytest.mark.parametrize("page", DESK, ids=IDS)
def test_a_sealed_desk_takes_nothing(signed_in: StrictClient, ours: Filled, page: Page) -> None:
    accounts.sealed(ours.workspace)
    before = snapshot(ours.workspace)
    fields = {"body": "x", "client_key": "k", "view": "v", "resolution": "x", "seq": "1",
              "customer": ours.objects["directory"]["pk"], **ours.objects["codes"]}  # fmt: skip

    status = signed_in.post(ours.address(page), fields).status_code

    assert status in {405, 422, *([200] if page.name in READ_BY_POST else [])}
    assert snapshot(ours.workspace) == before


@pytest.mark.parametrize("page", DESK, ids=IDS)
def test_a_reader_writes_nothing(ours: Filled, page: Page) -> None:
    juror = accounts.user(Role.JUROR, at=ours.workspace.organisation)
    accounts.seat(ours.workspace, juror, may_write=False)
    before = snapshot(ours.workspace)
    client = StrictClient()
    client.force_login(juror)

    status = client.post(ours.address(page), {"body": "x", "view": "v", "seq": "1"}).status_code

    assert status in {405, 422, *([200] if page.name in READ_BY_POST else [])}
    assert snapshot(ours.workspace) == before
