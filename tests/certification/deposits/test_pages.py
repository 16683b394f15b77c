"""The candidate's page and the session's: receipts, refusals beside their field, who sees what."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acquis.certification.deposits.models import DepositHour, EarlyDeposit
from acquis.certification.exam_sessions.models import ExamSession
from tests.certification.deposits.conftest import CODE, PDF, hand_in, session_of
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(client, seat):
    client.force_login(seat.enrolment.candidate.user)
    return client


def send(client, seat, content: bytes | None = PDF, name: str = "rapport.pdf", code: str = CODE):
    sent = {} if content is None else {"document": SimpleUploadedFile(name, content)}
    return client.post(reverse("deposits:deposit", args=[seat.pk, code]), sent)


def test_a_document_is_handed_in_with_its_receipt(candidate, seat) -> None:
    address = reverse("deposits:own", args=[seat.pk])
    assert "À remettre avant" in candidate.get(address).content.decode()
    assert send(candidate, seat).status_code == 302
    row = EarlyDeposit.objects.get()
    page = candidate.get(address).content.decode()
    assert row.file.sha256 in page
    assert "version retenue" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Choisissez le document"),
        (b"", "est vide"),
        (b"GIF89a", "n’est pas d’une nature acceptée"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(candidate, seat, content, said: str) -> None:
    answer = send(candidate, seat, content)
    assert answer.status_code == 422
    page = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert said in page
    assert 'aria-invalid="true"' in page
    assert not EarlyDeposit.objects.exists()


def test_nobody_hands_in_for_another(client, seat, session) -> None:
    other = session.candidates.order_by("order")[1]
    client.force_login(other.enrolment.candidate.user)
    assert client.get(reverse("deposits:own", args=[seat.pk])).status_code == 404
    assert send(client, seat).status_code == 404
    client.force_login(session.manager)
    assert send(client, seat).status_code == 403
    assert not EarlyDeposit.objects.exists()


def test_once_the_session_is_open_the_page_sends_to_the_room(candidate, seat) -> None:
    for state, said in (("open", "dans la salle d’épreuve"), ("draft", "avec votre convocation")):
        ExamSession.objects.update(state=state)
        page = candidate.get(reverse("deposits:own", args=[seat.pk])).content.decode()
        assert said in page
        assert 'type="file"' not in page


def test_the_first_page_of_the_candidate_says_what_is_due(candidate, seat, session) -> None:
    page = candidate.get(reverse("accounts:home")).content.decode()
    assert reverse("deposits:own", args=[seat.pk]) in page
    assert "À remettre avant le" in page
    hand_in(seat, timezone.now())
    assert "Vos documents sont remis" in candidate.get(reverse("accounts:home")).content.decode()
    EarlyDeposit.objects.all().delete()
    ExamSession.objects.update(starts_at=timezone.now() + timedelta(days=2))
    assert "Un document est en retard" in candidate.get(reverse("accounts:home")).content.decode()


def test_the_manager_follows_and_sets_the_hour(client, session, seat) -> None:
    client.force_login(session.manager)
    address = reverse("deposits:session", args=[session.pk])
    assert "pas encore" in client.get(address).content.decode()
    row = hand_in(seat, timezone.now())
    page = client.get(address).content.decode()
    assert row.file.sha256[:16] in page
    hour = reverse("deposits:hour", args=[session.pk])
    wished = timezone.localtime(session.starts_at) - timedelta(days=2)
    assert client.post(hour, {"until": f"{wished:%Y-%m-%dT%H:%M}"}).status_code == 302
    assert (
        timezone.localtime(DepositHour.objects.get().until).strftime("%H:%M") == f"{wished:%H:%M}"
    )
    after = client.post(hour, {"until": "2099-01-01T10:00"})
    assert after.status_code == 422
    assert "précède le début" in after.content.decode()
    assert client.post(hour, {"until": "demain"}).status_code == 422
    assert client.post(hour, {"until": ""}).status_code == 302
    assert not DepositHour.objects.exists()


def test_late_and_missing_documents_are_told_apart(client, session, seat) -> None:
    ExamSession.objects.update(starts_at=timezone.now() + timedelta(days=2))
    hand_in(seat, timezone.now())
    client.force_login(session.manager)
    page = client.get(reverse("deposits:session", args=[session.pk])).content.decode()
    assert "en retard" in page
    assert "manque" in page


def test_the_tab_is_there_for_an_exam_that_asks_for_a_document(client) -> None:
    asks, silent = session_of({}), make.session()
    for session, shown in ((asks, True), (silent, False)):
        client.force_login(session.manager)
        page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
        assert (reverse("deposits:session", args=[session.pk]) in page) is shown
    empty = client.get(reverse("deposits:session", args=[silent.pk])).content.decode()
    assert "ne demande pas de document" in empty
    client.force_login(asks.manager)
    page = client.get(reverse("deposits:session", args=[asks.pk])).content.decode()
    assert "Aucune heure de remise" in page
