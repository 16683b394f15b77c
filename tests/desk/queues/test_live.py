"""The bar of presence over the page's socket."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

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
