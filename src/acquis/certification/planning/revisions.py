"""A timetable as a revision keeps it, and back: rows are named by their keys, days by theirs.

`{"panels": {"1": [juror…]}, "placed": [{…}], "duties": [{…}], "proofs": [{…}]}`; times are minutes
from midnight. Pure but for the rows that it is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from acquis.certification.planning.assembling import Assembled
from acquis.certification.planning.problem import Duty, Panel, Placed, Plan, Proof

Content = Mapping[str, Any]


def content_of(found: Assembled, panels: Iterable[Panel], plan: Plan) -> dict[str, Any]:
    """The plan for a JSON column; juries that hear nobody are left out."""
    heard = {one.panel for one in plan.placed}
    days = [day.pk for day in found.days]
    return {
        "panels": {str(panel.key): list(panel.members) for panel in panels if panel.key in heard},
        "placed": [asdict(one) | {"day": days[one.day]} for one in plan.placed],
        "duties": [asdict(one) | {"day": days[one.day]} for one in plan.duties],
        "proofs": [asdict(one) for one in plan.proofs],
    }


def panels_in(content: Content) -> tuple[Panel, ...]:
    return tuple(Panel(int(key), tuple(members)) for key, members in content["panels"].items())


def plan_in(found: Assembled, content: Content) -> Plan:
    """The timetable of a revision in the terms of the problem."""
    rank = {day.pk: number for number, day in enumerate(found.days)}
    return Plan(
        tuple(
            Placed(**(one | {"day": rank[one["day"]], "seat_rooms": tuple(one["seat_rooms"])}))
            for one in content["placed"]
        ),
        tuple(Duty(**(one | {"day": rank[one["day"]]})) for one in content["duties"]),
        tuple(Proof(**one) for one in content["proofs"]),
    )


def proof_named(content: Content, part: str) -> Proof | None:
    return next((Proof(**one) for one in content["proofs"] if one["part"] == part), None)


def waits(proofs: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Minutes that candidates wait and juries stay over all days: reached, and proven at least."""
    days = [one for one in proofs if one["part"].startswith("day ")]
    return sum(one["value"] for one in days), sum(one["bound"] for one in days)


def all_days_proven(content: Content) -> bool:
    """Whether each day in use has its proof: a day touched by hand, or kept as it was, has none."""
    days = {one["day"] for one in content["placed"]}
    return sum(str(one["part"]).startswith("day ") for one in content["proofs"]) == len(days)
