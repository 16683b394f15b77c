"""What nobody should send to a room is answered calmly, and changes nothing."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from acquis.accounts.models import User
from acquis.certification.sittings.models import Sitting
from acquis.kernel.testing import StrictClient
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

NONSENSE = [
    "",
    "abc",
    "-1",
    "0",
    "9" * 40,
    "1' OR '1'='1",
    "<b>1</b>",
    "٣٣٣٣٣٣",
    "²",
    "🙂",
]


@pytest.fixture
def sitting() -> Sitting:
    return make.ready_sitting()


@pytest.fixture(autouse=True)
def _no_code_was_tried() -> None:
    cache.clear()


def seated(person: User, sitting: Sitting) -> StrictClient:
    client = StrictClient()
    client.force_login(person)
    client.post(reverse("rooms:enter", args=[sitting.pk]), {"code": sitting.access_code})
    return client


@pytest.mark.parametrize("name", ["begin", "hand_in"])
@pytest.mark.parametrize("value", NONSENSE)
def test_a_part_that_is_none_does_not_exist(sitting: Sitting, name: str, value: str) -> None:
    client = seated(make.writer(sitting), sitting)
    answer = client.post(reverse(f"rooms:{name}", args=[sitting.pk]), {"phase": value})
    assert answer.status_code == 404
    assert not sitting.phases.exclude(state="waiting").exists()


@pytest.mark.parametrize("value", NONSENSE)
def test_any_text_is_kept_as_it_is_typed(value: str) -> None:
    sitting = make.running_sitting()
    client = seated(make.writer(sitting), sitting)
    where = reverse("rooms:save", args=[sitting.pk, "letter_subject"])
    sent = {"letter_subject": value, "base_seq": value, "client_id": value}
    assert client.post(where, sent).status_code == 200
    kept = sitting.productions.get(key="letter_subject").content
    assert kept == value.replace("\x00", "")


@pytest.mark.parametrize("value", NONSENSE)
def test_a_code_that_is_none_opens_nothing(sitting: Sitting, value: str) -> None:
    client = StrictClient()
    client.force_login(make.writer(sitting))
    answer = client.post(reverse("rooms:enter", args=[sitting.pk]), {"code": value})
    assert answer.status_code == 422
    assert 'id="code-refusal"' in answer.content.decode()
    assert not sitting.devices.exists()
