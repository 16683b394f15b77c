"""The desk's side: sites to set up, and an exchange's gestures."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.webchat.access import digest, may_supervise
from acquis.desk.webchat.models import Site
from acquis.desk.webchat.news import may_follow_typing
from acquis.kernel import realtime
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, webchat
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Boutique",
    "origins_text": "https://a.example\nhttps://b.example",
    "accent": "info",
    "theme": "auto",
    "is_active": "on",
    "day_0": "9h-12h",
    "slot_minutes": "30",
    "slot_capacity": "2",
    "slot_lead_minutes": "30",
    "slot_days": "7",
    "most_attempts": "3",
}


@pytest.fixture
def supervisor(workspace: Workspace) -> StrictClient:
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    return client


def test_a_supervisor_adds_changes_and_renews_a_site(
    workspace: Workspace, supervisor: StrictClient
) -> None:
    place = reverse("webchat:sites", args=[workspace.pk])
    assert "Aucun site" in supervisor.get(place).content.decode()

    supervisor.post(reverse("webchat:create", args=[workspace.pk]), FIELDS)
    site = Site.objects.get()
    assert site.origins == ["https://a.example", "https://b.example"]
    assert site.hours == {"0": "09:00-12:00"}
    address = reverse("webchat:site", args=[workspace.pk, site.pk])
    page = supervisor.get(address).content.decode()
    assert f"/chat/{site.key}/widget.js" in page
    supervisor.post(address, FIELDS | {"name": "Magasin", "day_6": "10h-12h"})
    site.refresh_from_db()
    assert (site.name, site.hours["6"]) == ("Magasin", "10:00-12:00")
    key = site.key
    supervisor.post(reverse("webchat:renew", args=[workspace.pk, site.pk]))
    site.refresh_from_db()
    assert site.key != key
    assert "Magasin" in supervisor.get(place).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"origins_text": "http://a.example"}, "en https"),
        ({"day_0": "le matin"}, "9:00-12:30"),
        ({"slot_minutes": "1"}, "5"),
        ({"name": ""}, "obligatoire"),
    ],
)
def test_a_wrong_setting_is_said_where_it_is(
    workspace: Workspace, supervisor: StrictClient, wrong: dict[str, str], words: str
) -> None:
    answer = supervisor.post(reverse("webchat:create", args=[workspace.pk]), FIELDS | wrong)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Site.objects.exists()


def test_an_adviser_reads_the_settings_and_changes_nothing(
    workspace: Workspace, signed_in: StrictClient
) -> None:
    site = webchat.site(workspace)
    address = reverse("webchat:site", args=[workspace.pk, site.pk])

    assert "Seul un superviseur" in signed_in.get(address).content.decode()
    assert signed_in.get(reverse("webchat:create", args=[workspace.pk])).status_code == 200
    for name, more in (("create", []), ("site", [site.pk]), ("renew", [site.pk])):
        answer = signed_in.post(reverse(f"webchat:{name}", args=[workspace.pk, *more]), FIELDS)
        assert answer.status_code == 422
    site.refresh_from_db()
    assert site.name == "Boutique"


def test_who_sets_sites_up() -> None:
    live = make.desk()
    copy = accounts.copy_workspace(candidate := accounts.user(Role.CANDIDATE))

    assert may_supervise(accounts.user(Role.SUPERVISOR, at=live.organisation), live)
    assert not may_supervise(make.adviser(live.organisation), live)
    assert not may_supervise(accounts.user(Role.SUPERVISOR), live)
    assert may_supervise(candidate, copy)


def test_a_site_of_a_private_copy_says_that_it_has_no_address(supervisor: StrictClient) -> None:
    copy = accounts.copy_workspace(member := accounts.user(Role.TRAINER))
    site = webchat.site(copy, key_issued_for=copy.pk + 1)
    client = StrictClient()
    client.force_login(member)

    page = client.get(reverse("webchat:site", args=[copy.pk, site.pk])).content.decode()

    assert "copie privée" in page
    assert "widget.js" not in page


# An exchange


@pytest.fixture
def site(workspace: Workspace) -> Site:
    return webchat.site(workspace)


def test_the_panel_tells_who_the_visitor_is(
    site: Site, adviser: User, signed_in: StrictClient
) -> None:
    chat = webchat.open_chat(
        site, adviser, page_url="https://a.example/p", page_title="Robots", score=4, comment="Bien",
        left_message=True, read_by_visitor=3,
    )  # fmt: skip
    chat.visitor.email, chat.visitor.language = "odile@client.example", "en"
    chat.visitor.save()
    earlier = webchat.chat(
        webchat.visitor(site, email="Odile@client.example"),
        conversation=make.conversation(site.workspace),
        subject="Une autre fois",
    )

    page = signed_in.get(
        reverse("conversations:desk", args=[site.workspace_id]), {"c": chat.conversation_id}
    ).content.decode()

    for words in ("Robots", "anglais", "attente", "odile@client.example", "non vérifiée",
                  "Message laissé", "4 / 5", "message 3", earlier.subject,
                  "Joindre un fichier"):  # fmt: skip
        assert words in page


def test_a_chat_that_came_otherwise_has_no_panel(
    workspace: Workspace, adviser: User, signed_in: StrictClient
) -> None:
    conversation = make.open_conversation(workspace, adviser)

    page = signed_in.get(
        reverse("conversations:desk", args=[workspace.pk]), {"c": conversation.pk}
    ).content.decode()

    assert "data-webchat" not in page
    assert "composer-body" in page


def test_typing_is_told_by_the_adviser_of_the_exchange_alone(
    site: Site, adviser: User, signed_in: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(realtime, "tell_each", told.extend)
    mine = webchat.open_chat(site, adviser)
    theirs = webchat.open_chat(site, make.adviser(site.workspace.organisation))

    for chat in (mine, theirs):
        address = reverse("webchat:typing", args=[site.workspace_id, chat.conversation_id])
        assert signed_in.post(address).status_code == 204

    assert told == [{"topic": f"typing:{mine.conversation_id}", "who": "adviser"}]


def test_reading_is_noted_for_the_adviser_of_the_exchange_alone(
    site: Site, adviser: User, signed_in: StrictClient
) -> None:
    mine = webchat.open_chat(site, adviser)
    theirs = webchat.open_chat(site, make.adviser(site.workspace.organisation))

    for chat in (mine, theirs):
        make.message(chat.conversation)
        address = reverse("conversations:read", args=[site.workspace_id, chat.conversation_id])
        assert signed_in.post(address, {"position": "1"}).status_code == 204
        assert signed_in.post(address, {"position": "x"}).status_code == 204
        chat.refresh_from_db()

    assert (mine.read_by_adviser, theirs.read_by_adviser) == (1, 0)
    shown = signed_in.get(
        reverse("webchat:panel", args=[site.workspace_id, mine.conversation_id])
    ).content.decode()
    assert "pas encore lu" in shown


def test_an_adviser_attaches_a_file(
    site: Site, adviser: User, signed_in: StrictClient, htmx: dict[str, str]
) -> None:
    chat = webchat.open_chat(site, adviser)
    address = reverse("conversations:attach", args=[site.workspace_id, chat.conversation_id])

    def upload() -> dict[str, Any]:
        return {"file": SimpleUploadedFile("bon.pdf", b"%PDF-1.4"), "client_key": "f"}

    assert signed_in.post(address, upload(), headers=htmx).status_code == 204
    assert signed_in.post(address, upload()).status_code == 302
    assert signed_in.post(address).status_code == 422
    assert chat.conversation is not None
    (message,) = chat.conversation.messages.all()
    assert [one.name for one in message.attachments.all()] == ["bon.pdf"]


def test_who_may_follow_who_is_writing(site: Site, adviser: User) -> None:
    chat = webchat.open_chat(site, adviser)

    assert may_follow_typing(adviser, str(chat.conversation_id))
    assert not may_follow_typing(accounts.user(), str(chat.conversation_id))
    assert not may_follow_typing(adviser, "x")


def test_the_sites_ask_the_same_for_one_row_and_for_fifty(
    workspace: Workspace, signed_in: StrictClient, count_queries: Any
) -> None:
    address = reverse("webchat:sites", args=[workspace.pk])
    webchat.site(workspace)
    one = count_queries(lambda: signed_in.get(address))
    for _ in range(49):
        webchat.chat(webchat.visitor(webchat.site(workspace)))

    assert count_queries(lambda: signed_in.get(address)) == one


def test_the_thread_of_a_visitor_asks_the_same_for_one_message_and_for_fifty(
    site: Site, adviser: User, client: StrictClient, count_queries: Any
) -> None:
    token = webchat.token()
    visitor = webchat.visitor(site, token_digest=digest(token))
    chat = webchat.chat(visitor, conversation=make.open_conversation(site.workspace, adviser))
    address = reverse("webchat_public:thread", args=[site.key])

    def look() -> None:
        assert client.get(address, headers={"X-Visitor": token}).status_code == 200

    assert isinstance(chat.conversation, Conversation)
    make.attachment(make.message(chat.conversation))
    one = count_queries(look)
    for _ in range(49):
        make.attachment(make.message(chat.conversation))
    assert count_queries(look) == one
