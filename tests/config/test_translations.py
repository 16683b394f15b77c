"""The product speaks English as completely as French."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import LazySettings
from django.conf import settings as current
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.kernel.testing import StrictClient
from tests.factories import accounts as make
from tests.factories import certification, desk

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "acquis"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"

# Placeholders and tags: what a translation must carry exactly as the French sentence does.
FIXED = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}|</?\w+[^>]*>")
FRENCH_MARKS = re.compile(r"[«»]|[ \u00a0\u202f][:;!?]")
TELL_TALE = re.compile(
    r"\b(les?|la|des|du|une?|est|sont|aux?|avec|dans|pour|vous|vos|votre|aucune?|depuis|"
    r"chercher|retour|enregistrer|ajouter|accueil|jour|épreuve|référentiels?|juré)\b",
    re.IGNORECASE,
)
# What people wrote stays in the language they wrote it in; the two names of the language switch too.
WRITTEN = (
    "Conseiller relation client à distance",
    "Assurer des prestations de services et de conseil à distance",
    "Centre de Nantes",
    "12 rue de la Loire",
    "Salle B",
    "Le Goff",
    "Poste réel",
)


def messages() -> list[Message]:
    with CATALOGUE.open("rb") as stream:
        return [message for message in read_po(stream) if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture
def english(tmp_path: Path, settings: LazySettings) -> Callable[[], StrictClient]:
    """Give browsers that chose English, with the catalogue as it is written now."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with CATALOGUE.open("rb") as source, (folder / "django.mo").open("wb") as target:
        write_mo(target, read_po(source))
    settings.LOCALE_PATHS = [tmp_path]

    def browser() -> StrictClient:
        client = StrictClient()
        client.cookies[current.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return browser


def words_of(html: str) -> str:
    """What a person reads or hears of a page, without what somebody wrote in French."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    heard = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', html)
    text = unescape(" ".join([re.sub(r"<[^>]+>", " ", html), *heard]))
    for written in WRITTEN:
        text = text.replace(written, " ")
    return re.sub(r"\s+", " ", text)


def assert_english(client: StrictClient, address: str) -> None:
    answer = client.get(address, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="en"' in html
    text = words_of(html)
    found = [text[max(0, m.start() - 40) : m.end() + 40] for m in TELL_TALE.finditer(text)]
    assert not found, f"{address}: {found}"


def test_every_sentence_is_translated_with_its_own_placeholders():
    faults = []
    for message in messages():
        source, target = forms(message.id), forms(message.string)
        if len(source) != len(target) or not all(target):
            faults.append(message.id)
            continue
        for french, text in zip(source, target, strict=True):
            if sorted(set(FIXED.findall(french))) != sorted(set(FIXED.findall(text))):
                faults.append(message.id)
    assert not faults


def test_translations_follow_the_typography_of_english():
    faults = [t for m in messages() for t in forms(m.string) if FRENCH_MARKS.search(t)]
    assert not faults


def test_nothing_waits_for_a_second_reading():
    assert [message.id for message in messages() if message.fuzzy] == []


@pytest.mark.django_db
def test_the_language_of_a_page_is_that_of_the_cookie(english):
    login = reverse("accounts:login")
    assert "Sign in" in english().get(login).content.decode()
    assert "Se connecter" in StrictClient().get(login).content.decode()


@pytest.mark.django_db
def test_a_browser_that_prefers_english_gets_english(english):
    answer = StrictClient(headers={"Accept-Language": "en-GB,en;q=0.9"}).get(
        reverse("accounts:login")
    )
    assert answer["Content-Language"] == "en"
    assert "Sign in" in answer.content.decode()


@pytest.mark.django_db
def test_the_door_is_all_english(english):
    assert_english(english(), reverse("accounts:login"))
    assert_english(english(), reverse("accounts:forgotten_password"))
    assert_english(english(), "/api/v1/docs")


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_the_first_page_of_everybody_is_all_english(english, role):
    client = english()
    client.force_login(make.user(role))
    assert_english(client, reverse("accounts:home"))


@pytest.mark.django_db
def test_accounts_are_managed_in_english(english):
    client = english()
    client.force_login(make.user(Role.CERTIFYING_BODY))
    for page in ("people", "person_create", "organisation", "security", "tokens", "profile"):
        assert_english(client, reverse(f"accounts:{page}"))


@pytest.mark.django_db
def test_the_frameworks_are_listed_in_english(english):
    version = certification.framework_version()
    client = english()
    client.force_login(make.user(Role.CERTIFYING_BODY))
    assert_english(client, reverse("frameworks:list"))
    assert version.framework.title in client.get(reverse("frameworks:list")).content.decode()


@pytest.mark.django_db
def test_a_session_is_set_up_and_watched_in_english(english):
    session = certification.session()
    client = english()
    client.force_login(session.manager)
    for page in ("exam_sessions:list", "juries:list", "registrations:list"):
        assert_english(client, reverse(page))
    for page in ("exam_sessions:detail", "exam_sessions:summons", "exam_sessions:edit"):
        assert_english(client, reverse(page, args=[session.pk]))


@pytest.mark.django_db
def test_the_desk_is_all_english(english):
    workspace = desk.desk(name="Valbrenne")
    person = desk.adviser(workspace.organisation)
    make.seat(workspace, person)
    client = english()
    client.force_login(person)
    for page in (
        "conversations:desk",
        "directory:search",
        "directory:create",
        "billing:index",
        "cases:index",
        "knowledge:index",
    ):
        assert_english(client, reverse(page, args=[workspace.pk]))
