"""The bar of presence over the page's socket."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from acquis.accounts.errors import WorkspaceSealed
from acquis.desk.queues.actions.be_present import be_present
from acquis.desk.queues.models import Presence
from acquis.kernel import live
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_a_sign_over_the_socket_is_the_sign_of_the_page() -> None:
    workspace = make.desk()
    adviser = make.adviser(workspace.organisation)
    begun = timezone.now() - timedelta(seconds=40)
    be_present(workspace=workspace, state="available", by=adviser, at=begun)
    sign, said = live.ACTS["queues.sign"], {"workspace": str(workspace.pk)}

    assert sign(adviser, said) is None

    assert Presence.objects.get().seen_at > begun
    with pytest.raises(Http404):
        sign(make.adviser(make.desk().organisation), said)
    accounts.sealed(workspace)
    with pytest.raises(WorkspaceSealed):
        sign(adviser, said)


def bar_of(client: Client, workspace: Any) -> Any:
    return client.get(f"/poste/{workspace.pk}/files/barre/", headers={"HX-Request": "true"})


def test_a_look_says_whether_the_bar_is_still_as_the_page_shows_it(client: Client) -> None:
    workspace = make.desk()
    adviser = make.adviser(workspace.organisation)
    client.force_login(adviser)
    now = timezone.now()
    be_present(workspace=workspace, state="available", by=adviser, at=now)
    look = live.ACTS["queues.look"]
    shown: list[str] = []

    def same(version: str) -> bool:
        return bool(look(adviser, {"workspace": workspace.pk, "version": version})["same"])

    def change(act: Any) -> None:
        """Each change is seen, and what is fetched then is what is."""
        act()
        assert not any(same(one) for one in shown)
        shown.append(bar_of(client, workspace).headers["X-Bar-Version"])
        assert same(shown[-1])

    change(lambda: None)
    assert bar_of(client, workspace).headers["X-Bar-Version"] == shown[-1]  # another token of forms
    change(lambda: make.open_conversation(workspace, adviser))
    change(lambda: be_present(workspace=workspace, state="casework", by=adviser, at=now))
    with override("en"):
        assert not same(shown[-1])
    assert not look(adviser, {"workspace": workspace.pk})["same"]
    with pytest.raises(Http404):
        look(make.adviser(make.desk().organisation), {"workspace": workspace.pk, "version": ""})


@pytest.mark.parametrize("waiting", [1, 12])
def test_a_look_at_the_bar_asks_a_few_queries_however_many_wait(
    waiting: int, django_assert_max_num_queries: Any
) -> None:
    workspace = make.desk()
    adviser = make.adviser(workspace.organisation)
    be_present(workspace=workspace, state="available", by=adviser, at=timezone.now())
    for _ in range(waiting):
        make.conversation(workspace, channel="chat")

    with django_assert_max_num_queries(13):
        live.ACTS["queues.look"](adviser, {"workspace": workspace.pk, "version": "x"})
