"""The adviser's page of a chat over its socket."""

from typing import Any

import pytest
from django.http import Http404

from acquis.desk.webchat import live as webchat_live
from acquis.kernel import live
from tests.factories import desk as make
from tests.factories import webchat

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    heard: list[Any] = []
    monkeypatch.setattr(webchat_live, "tell_typing", lambda pk, who: heard.append((pk, who)))
    webchat_live._answers.forget()
    return heard


def test_that_an_adviser_writes_is_told_for_who_holds_the_exchange(told: list[Any]) -> None:
    workspace = make.desk()
    adviser, other = (make.adviser(workspace.organisation) for _one in range(2))
    chat = webchat.open_chat(webchat.site(workspace), adviser)
    said = {"workspace": workspace.pk, "conversation": chat.conversation_id}
    typing = live.ACTS["webchat.typing"]

    typing(adviser, said)
    typing(adviser, said)
    typing(other, said)

    assert told == [(chat.conversation_id, "adviser")] * 2
    with pytest.raises(Http404):
        typing(make.adviser(make.desk().organisation), said)
