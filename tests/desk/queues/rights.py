"""Who may open each page of this application.

Every page asks for a seat in the desk that its address names; the wall, the times of the team and
the settings exist for its supervisor alone, which `tests/desk/queues/test_pages.py` proves.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "queues:index": "any",
    "queues:create": "any",
    "queues:edit": "any",
    "queues:remove": "any",
    "queues:skills": "any",
    "queues:bar": "any",
    "queues:presence": "any",
    "queues:sign": "any",
    "queues:extend": "any",
    "queues:accept": "any",
    "queues:refuse": "any",
    "queues:transfer": "any",
    "queues:my_times": "any",
    "queues:times": "any",
    "queues:times_export": "any",
    "queues:times_of": "any",
    "queues:wall": "any",
    "queues:reroute": "any",
    "queues:set_state": "any",
    "queues:export": "any",
}
