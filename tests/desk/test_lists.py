"""Lists, pages and API alike, ask as many queries for fifty rows as for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Consent
from acquis.kernel import files
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, mail, messaging, webchat
from tests.factories import desk as make
from tests.factories.queues import queue as make_queue

pytestmark = pytest.mark.django_db
ROWS = 50
Count = Callable[[Callable[[], object]], int]


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


class Filled:
    """A desk to which a row of each list is added, beside a customer and an exchange that stay."""

    def __init__(self, workspace: Workspace, by: User) -> None:
        self.workspace, self.by = workspace, by
        self.company = make.company(workspace)
        self.chat = make.open_conversation(workspace, by, customer=self.company)
        self.site = webchat.site(workspace)
        self.queue = make_queue(workspace, key="mail", channels=["mail", "sms"])
        self.gateway = messaging.gateway(workspace)

    def add(self, rank: int) -> None:
        workspace, by = self.workspace, self.by
        known = make.customer(workspace)
        make.attachment(make.message(self.chat))
        make.exchange_note(self.chat, by)
        kept = files.store(
            f"Lettre {rank}".encode(),
            name="l.pdf",
            media_type="application/pdf",
            by=by,
            at=make.NOW,
        )
        make.letter(known, author=by, file=kept)
        ended = make.ended_conversation(
            workspace, by, customer=known, reason=make.reason(workspace),
            outcome=make.outcome(workspace),
        )  # fmt: skip
        box = mail.mailbox(workspace, queue=self.queue)
        mail.received(ended, mailbox=box, customer=known)
        mail.aside(box)
        messaging.gateway(
            workspace, name=f"P{rank}", channel="social", is_active=False, queue=self.queue
        )
        messaging.template(workspace)
        sms = messaging.exchange(workspace, by, customer=known)
        messaging.delivery(make.message(sms), gateway=self.gateway)
        chat = webchat.chat(webchat.visitor(webchat.site(workspace)))
        webchat.call_back(self.site, customer=known, slot_start=chat.begun_at)
        person = make.company_contact(self.company, person=known)
        make.contact_point(self.company, contact=person)
        make.address(self.company)
        make.consent(self.company, channel=Consent.Channel.PHONE)
        make.prospecting_call(self.company)
        make.saved_view(workspace, by, name=f"Vue {rank}")
        make.custom_field(workspace)
        accounts.seat(make.desk(at=workspace.organisation), by)


PAGES = (
    "documents:index", "mail:journal", "mail:mailboxes", "messaging:deliveries",
    "messaging:gateways", "webchat:call_backs", "directory:search", "conversations:desk",
)  # fmt: skip
PAGES_OF_ONE = {
    "directory:timeline": "company",
    "conversations:conversation": "chat",
    "conversations:opened": "chat",
    "conversations:thread": "chat",
    "conversations:exchange": "chat",
}
API = (
    "conversations", "conversations/{chat}/messages", "conversations/{chat}/notes", "letters",
    "mails", "chat-sites", "call-backs", "customers", "customers/{company}/addresses",
    "customers/{company}/contact-points", "customers/{company}/people",
    "customers/{company}/consents", "customers/{company}/prospecting-calls", "customer-fields",
)  # fmt: skip


def test_pages_ask_the_same_for_one_row_and_for_fifty(
    workspace: Workspace, boss: User, count_queries: Count
) -> None:
    filled, client = Filled(workspace, boss), StrictClient()
    client.force_login(boss)
    addresses = [reverse(name, args=[workspace.pk]) for name in PAGES]
    addresses += [
        reverse(name, args=[workspace.pk, getattr(filled, of).pk])
        for name, of in PAGES_OF_ONE.items()
    ]
    addresses.append(reverse("conversations:desks"))
    refuse_more(filled, count_queries, addresses, client.get)


def test_lists_of_the_api_ask_the_same_for_one_row_and_for_fifty(
    workspace: Workspace, boss: User, count_queries: Count
) -> None:
    filled, client = Filled(workspace, boss), StrictClient()
    headers = {"Authorization": f"Bearer {accounts.token(boss)}"}
    place = {"chat": filled.chat.pk, "company": filled.company.pk}
    addresses = [f"/api/v1/workspaces/{workspace.pk}/{path.format(**place)}" for path in API]

    def get(address: str) -> Any:
        return client.get(address, {"limit": 100}, headers=headers)

    refuse_more(filled, count_queries, ["/api/v1/workspaces", *addresses], get)


def refuse_more(
    filled: Filled, count_queries: Count, addresses: list[str], get: Callable[[str], Any]
) -> None:
    filled.add(0)
    lengths = {}
    for address in addresses:  # what the process keeps is read once
        answer = get(address)
        assert answer.status_code == 200, (address, answer)
        lengths[address] = len(answer.content)
    one = {address: count_queries(lambda at=address: get(at)) for address in addresses}

    for rank in range(1, ROWS):
        filled.add(rank)

    alike = [at for at in addresses if len(get(at).content) <= lengths[at]]
    assert alike == [], "the rows that were added are not of these lists"
    assert {at: count_queries(lambda at=at: get(at)) for at in addresses} == one
