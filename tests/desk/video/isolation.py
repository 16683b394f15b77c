"""An invitation at each desk, for `tests/desk/test_isolation.py`."""

from typing import Any

from django.utils import timezone

from tests.factories import video

LISTS = ("video:index",)
MISSING = ("video:invitation", "video:invite_here")  # of whoever invites or holds the exchange


def fill(desk: Any) -> None:
    made = video.arrived(
        desk.workspace,
        desk.adviser,
        label=desk.mark,
        subject=desk.mark,
        created_at=timezone.now(),
    )
    desk.objects["video"] = {
        "pk": made.pk,
        "customer_pk": desk.objects["directory"]["pk"],
        "exchange_pk": desk.objects["conversations"]["pk"],
    }
