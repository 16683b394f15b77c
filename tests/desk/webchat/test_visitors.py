"""What visitors reach: their own exchange, from the origins of their site, and nothing else."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.knowledge.models import Article
from acquis.desk.webchat import presentation, slots
from acquis.desk.webchat.access import digest, file_link
from acquis.desk.webchat.models import Chat, Site
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, webchat
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


class Visitor:
    """A browser with a token of its own."""

    def __init__(self, site: Site, token: str = "") -> None:
        self.client = StrictClient(enforce_csrf_checks=True)
        self.site = site
        self.token = token or webchat.token()

    def address(self, name: str, *more: object) -> str:
        return reverse(f"webchat_public:{name}", args=[self.site.key, *more])

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Visitor": self.token, "Accept": "application/json"}

    def post(self, page: str, /, **said: Any) -> Any:
        return self.client.post(
            self.address(page),
            json.dumps(said),
            content_type="application/json",
            headers=self.headers,
        )

    def get(self, version: str = "") -> Any:
        return self.client.get(self.address("thread"), {"v": version}, headers=self.headers)

    def begin(self, **fields: Any) -> Any:
        values = {"name": "Odile", "email": "odile@client.example", "question": "Où est-il ?",
                  "client_key": webchat.token()}  # fmt: skip
        return self.post("begin", **(values | fields))


@pytest.fixture
def site(workspace: Workspace) -> Site:
    """A site whose advisers are there at any hour."""
    return webchat.site(workspace, hours=webchat.ALWAYS, on_holidays=True)


@pytest.fixture
def odile(site: Site) -> Visitor:
    return Visitor(site)


def test_the_whole_story_of_a_visitor(odile: Visitor, adviser: User) -> None:
    state = odile.begin(page_url="https://www.boutique.example/p?x=1").json()
    assert (state["stage"], state["ahead"], state["open"]) == ("waiting", 0, True)
    assert [item["body"] for item in state["items"]] == ["Où est-il ?"]

    assert odile.get(state["version"]).status_code == 204
    state = odile.post("say", body="Mer\u202eci\x00", client_key="s1").json()
    assert state["items"][-1]["key"] == "s1"
    assert state["items"][-1]["body"] == "Merci"
    sent = odile.client.post(
        odile.address("attach"),
        {"file": SimpleUploadedFile("p.png", b"\x89PNG\r\n\x1a\n0"), "client_key": "f1"},
        headers=odile.headers,
    ).json()
    (file,) = sent["items"][-1]["files"]
    shown, saved = odile.client.get(file["picture"]), odile.client.get(file["url"])
    assert shown.getvalue() == saved.getvalue()  # read, so closed
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    conversation = Conversation.objects.get()
    conversation.state, conversation.adviser = Conversation.State.OPEN, adviser
    conversation.save()
    make.message(conversation, author="adviser", author_label="Camille", position=9)
    make.message(conversation, author="system", position=10)
    state = odile.get().json()
    assert [item["who"] for item in state["items"]][-2:] == ["adviser", "system"]
    assert odile.post("read", position="9").status_code == 204
    assert odile.post("read", position="x").status_code == 204
    assert odile.post("rate", score="5").status_code == 422
    assert odile.post("end").json()["stage"] == "ended"
    assert odile.post("rate", score="douze").status_code == 422
    assert odile.post("rate", score="4", comment="Bien").json()["rated"] == 4
    assert odile.post("transcript", email="odile@client.example").json()["transcript"]


def test_the_automatic_answer_and_its_articles(workspace: Workspace) -> None:
    site = webchat.site(workspace, automatic=True, hours={})
    faq = make.article(workspace, title="Suivre un colis", kind=Article.Kind.FAQ)
    inner = make.article(workspace, title="Colis perdu", kind=Article.Kind.AUTHORITY_MATRIX)
    odile = Visitor(site)

    state = odile.begin(question="Où est mon colis ?", email="").json()

    assert state["stage"] == "automatic"
    assert not state["open"]
    answer = state["items"][-1]
    assert answer["label"] == "Réponse automatique"
    (proposed,) = answer["articles"]
    page = odile.client.get(proposed["url"])
    assert faq.title in page.content.decode()
    assert odile.client.get(odile.address("article", inner.slug)).status_code == 404
    assert odile.post("ask_adviser").json()["code"] == "webchat.email_needed"
    state = odile.post("ask_adviser", email="odile@client.example").json()
    assert (state["stage"], state["left"]) == ("waiting", True)


def test_a_visitor_never_sees_anothers_exchange(site: Site, odile: Visitor) -> None:
    odile.begin(question="SECRET")
    chat = Chat.objects.get()
    said = make.message(chat.conversation, position=2)
    attached = make.attachment(said)

    elsewhere = webchat.site(make.desk(), hours=webchat.ALWAYS)
    strangers = [Visitor(site), Visitor(site, "court"), Visitor(elsewhere, odile.token)]
    for stranger in strangers:
        assert stranger.get().status_code == 401
        for name in ("say", "ask_adviser", "end", "rate", "transcript", "read"):
            answer = stranger.post(name, body="x", client_key="k", score="1", email="a@b.example")
            assert answer.status_code == 401, name
            assert "SECRET" not in answer.content.decode()
    # One's own exchange is all that one's own token opens.
    paul = Visitor(site)
    assert "SECRET" not in paul.begin(name="Paul", question="Bonjour").content.decode()
    assert "SECRET" not in paul.get().content.decode()
    # A signature opens one file of one site.
    signature = file_link(chat, attached)
    assert Visitor(elsewhere).client.get(
        reverse("webchat_public:file", args=[elsewhere.key, signature])
    ).status_code == 404  # fmt: skip
    assert odile.client.get(odile.address("file", signature + "x")).status_code == 404
    found = odile.client.get(odile.address("file", signature) + "?voir=1")
    assert found.headers["Content-Disposition"].startswith("attachment")  # a text is not shown
    found.close()


def test_a_visitor_who_has_said_nothing_has_no_exchange(site: Site) -> None:
    silent = Visitor(site)
    webchat.visitor(site, token_digest=digest(silent.token))

    assert silent.get().status_code == 401


def test_a_crowd_is_held_back(odile: Visitor) -> None:
    for _ in range(12):
        assert odile.begin().status_code == 200

    assert odile.begin().status_code == 429


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("name=Odile", "application/x-www-form-urlencoded"),
        ("{", "application/json"),
        ("[1]", "application/json"),
        ('"' + "x" * 70_000 + '"', "application/json"),
    ],
)
def test_only_json_of_a_sane_size_is_taken(odile: Visitor, body: str, kind: str) -> None:
    answer = odile.client.post(
        odile.address("begin"), body, content_type=kind, headers=odile.headers
    )

    assert answer.status_code == 400
    assert odile.client.post(odile.address("attach"), headers=odile.headers).status_code == 401
    assert not Chat.objects.exists()


def test_a_form_without_its_file_is_refused(odile: Visitor) -> None:
    odile.begin()

    assert odile.client.post(odile.address("attach"), headers=odile.headers).status_code == 400


# The frame and its origins


def ancestors(answer: Any) -> str:
    directives = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["Content-Security-Policy"].split(";")
    )
    return str(directives["frame-ancestors"])


def test_only_the_origins_of_the_site_may_hold_the_frame(odile: Visitor) -> None:
    answer = odile.client.get(odile.address("frame"))

    assert ancestors(answer) == "'self' https://www.boutique.example"
    assert "X-Frame-Options" not in answer.headers
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert 'lang="fr"' in answer.content.decode()
    # Every other page stays closed to them.
    other = odile.client.get(reverse("call_back:ask", args=[odile.site.key]))
    assert ancestors(other) == "'self'"
    assert other.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_frame_speaks_the_language_of_the_page_that_holds_it(odile: Visitor) -> None:
    english = odile.client.get(odile.address("frame"), {"lang": "en"}).content.decode()

    assert 'lang="en"' in english
    assert "Your question" in english
    assert "controller of these data" in english


def test_the_frame_says_when_somebody_will_be_there(workspace: Workspace) -> None:
    never = Visitor(webchat.site(workspace, hours={}))

    page = never.client.get(never.address("frame")).content.decode()

    assert "absents pour le moment" in page
    week = slots.hours_of(webchat.WEEK)
    assert presentation.opening_words(week, webchat.NIGHT) == (
        "Nos conseillers seront là lundi 23 novembre à 09:00."
    )
    assert presentation.opening_words(week, webchat.NOW) == ""


def test_the_script_holds_no_secret_and_may_be_kept(odile: Visitor) -> None:
    answer = odile.client.get(odile.address("script"))

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "max-age=300" in answer.headers["Cache-Control"]
    assert "eval(" not in answer.content.decode()
    assert odile.site.key not in answer.content.decode()


@pytest.mark.parametrize("name", ["script", "frame", "begin", "thread"])
def test_a_closed_site_opens_nothing(workspace: Workspace, name: str) -> None:
    copied = webchat.site(workspace, key="copie", key_issued_for=workspace.pk + 1000)
    closed = webchat.site(workspace, is_active=False)
    sealed = webchat.site(accounts.sealed(make.desk()))

    for site in (copied, closed, sealed):
        visitor = Visitor(site)
        post = name == "begin"
        answer = visitor.begin() if post else visitor.client.get(visitor.address(name))
        assert answer.status_code == 404


def test_the_copy_of_a_desk_does_not_answer_for_the_original(workspace: Workspace) -> None:
    """Both hold the same key: only the desk for which it was drawn answers."""
    original = webchat.site(workspace, key="une-cle")
    copy = accounts.copy_workspace()
    webchat.site(copy, key="une-cle", key_issued_for=workspace.pk, origin_id=original.pk)
    visitor = Visitor(original)

    assert visitor.begin(email="o@client.example").status_code == 200
    assert Chat.objects.get().workspace == workspace
    assert copy.kind == WorkspaceKind.COPY


def test_the_trial_page_asks_for_a_seat(odile: Visitor, signed_in: StrictClient) -> None:
    page = signed_in.get(odile.address("trial"))
    assert odile.address("script") in page.content.decode()

    stranger = StrictClient()
    stranger.force_login(accounts.user())
    assert stranger.get(odile.address("trial")).status_code == 404


def test_the_version_follows_what_is_shown(odile: Visitor, now: datetime) -> None:
    odile.begin()
    chat = Chat.objects.select_related("visitor__site", "conversation").get()
    before = presentation.state_of(chat, at=timezone.now())["version"]
    make.attachment(make.message(chat.conversation, position=2))

    assert presentation.state_of(chat, at=timezone.now())["version"] != before
    assert presentation.is_running(chat.conversation)
