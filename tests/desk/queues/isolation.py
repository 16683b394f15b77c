"""The rows that this application adds to the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from tests.factories import desk as make
from tests.factories import queues

# The wall, the times of the team and the settings exist for the supervisor alone.
MISSING = ("queues:wall", "queues:export", "queues:create", "queues:edit", "queues:skills",
           "queues:reroute", "queues:set_state", "queues:times", "queues:times_export",
           "queues:times_of")  # fmt: skip


def fill(desk: Any) -> None:
    queue = queues.queue(desk.workspace, name=desk.mark, key=desk.mark.lower())
    waiting = make.conversation(desk.workspace, contact_label=desk.mark, subject=desk.mark)
    queues.placement(waiting, queue=queue, note=desk.mark)
    queues.presence(desk.workspace, desk.adviser)
    queues.skill(desk.workspace, desk.adviser, skill=desk.mark)
    offer = queues.offer(waiting, desk.adviser, queue=queue)
    desk.objects["queues:accept"] = desk.objects["queues:refuse"] = {"pk": offer.pk}
    ended = make.ended_conversation(desk.workspace, desk.adviser)
    queues.extension(ended, reason=desk.mark)
    desk.objects["queues:extend"] = {"pk": ended.pk}
    desk.objects["queues"] = {"pk": queue.pk}
    desk.objects["queues:transfer"] = {"pk": waiting.pk}
    desk.objects["queues:reroute"] = {"pk": waiting.pk}
    desk.objects["queues:set_state"] = {"pk": desk.adviser.pk}
    desk.objects["queues:times_of"] = {"pk": desk.adviser.pk}
    desk.objects["queues:skills"] = {"pk": desk.adviser.pk}
