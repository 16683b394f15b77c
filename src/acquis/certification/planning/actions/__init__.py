"""The verbs of a season's plan."""

from acquis.certification.planning.actions.compose import (
    PlanData,
    add_candidates,
    add_days,
    add_invigilators,
    add_jurors,
    add_room,
    create_plan,
    remove_day,
    remove_person,
    remove_room,
    reopen_plan,
    revise_plan,
    set_absences,
)
from acquis.certification.planning.actions.solve_plan import (
    keep_refusal,
    keep_solution,
    start_solving,
)

__all__ = [
    "PlanData",
    "add_candidates",
    "add_days",
    "add_invigilators",
    "add_jurors",
    "add_room",
    "create_plan",
    "keep_refusal",
    "keep_solution",
    "remove_day",
    "remove_person",
    "remove_room",
    "reopen_plan",
    "revise_plan",
    "set_absences",
    "start_solving",
]
