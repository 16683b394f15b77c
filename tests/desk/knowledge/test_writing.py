"""Help with French where one writes: markers of tone, remarks with their places, off in exams."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import tone
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make


def kinds(text: str, channel: str = "chat") -> list[str]:
    return [advice.kind for advice in tone.advise(text, channel)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Votre colis est EN RETARD.", ["capitals"]),
        ("Votre RIB et votre TVA.", []),
        ("C’est INADMISSIBLE.", ["capitals"]),
        ("VOTRE COLIS EST LÀ", ["capitals"]),
        ("Merci !!", ["exclamation"]),
        ("Merci !", []),
        ("Malheureusement, je ne peux pas.", ["negative", "negative"]),
        ("Je n’ai pas pu : ce n’est pas possible.", ["negative"]),
        ("C’est possible dès demain.", []),
        ("Je check le back-office.", ["jargon", "jargon"]),
        ("Gardez votre ticket de caisse.", []),
        ("mot " * 36, ["length"]),
        ("", []),
    ],
)
def test_each_marker_is_observed_in_the_words(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_letter_greets_and_takes_leave() -> None:
    body = "Nous avons bien reçu votre demande. " * 5

    assert kinds(body, "mail") == ["greeting", "closing"]
    assert kinds(f"Bonjour Madame,\n{body}\nCordialement,", "mail") == []
    assert kinds(body, "chat") == []
    assert kinds("Bien reçu.", "mail") == []


@given(st.text(max_size=300), st.sampled_from(["", "mail", "chat"]))
def test_advice_stays_inside_its_text_and_in_order(text: str, channel: str) -> None:
    found = tone.advise(text, channel)

    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.django_db
def test_remarks_come_with_places_that_scripts_count(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    customer = make.customer(workspace, last_name="Zzyvrak")
    address = reverse("knowledge:remarks", args=[workspace.pk])
    text = "😀 Bonjour Zzyvrak, merci pour votre patiente !!"

    fields = {"text": text, "client": customer.pk}
    found = signed_in.post(address, fields).json()["remarks"]

    by_kind = {remark["kind"]: remark for remark in found}
    assert set(by_kind) == {"grammar", "exclamation"}
    units = text.encode("utf-16-le")
    for remark in found:
        assert units[2 * remark["start"] : 2 * remark["end"]].decode("utf-16-le") == remark["text"]
    assert by_kind["grammar"]["suggestions"]
    assert signed_in.post(address, {"text": "", "client": "999999999"}).json()["remarks"] == []


@pytest.mark.django_db
def test_the_help_is_off_for_a_candidate_and_in_the_frame_of_the_room(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    workspace.kind, workspace.origin = "copy", make.desk()
    workspace.save()
    candidate = accounts.user(Role.CANDIDATE, at=workspace.organisation)
    for one in (adviser, candidate):
        accounts.seat(workspace, one)

    def shown(by: User, **headers: str) -> bytes:
        signed_in.force_login(by)
        chat = make.open_conversation(workspace, by)
        address = f"{reverse('conversations:desk', args=[workspace.pk])}?c={chat.pk}"
        return signed_in.get(address, headers=headers).content

    assert b"data-writing-help=" in shown(adviser)
    framed = shown(adviser, **{"Sec-Fetch-Dest": "iframe"})
    assert b"data-writing-help=" not in framed
    assert b"data-snippets=" in framed
    assert b"data-writing-help=" not in shown(candidate)
    address = reverse("knowledge:remarks", args=[workspace.pk])
    assert signed_in.post(address, {"text": "x"}).status_code == 422
