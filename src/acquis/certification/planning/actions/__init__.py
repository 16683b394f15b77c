"""The verbs of a season's plan."""

from acquis.certification.planning.actions.compose import (
    PlanData,
    add_candidates,
    add_days,
    add_exam,
    add_invigilators,
    add_jurors,
    add_room,
    create_plan,
    remove_day,
    remove_exam,
    remove_person,
    remove_room,
    reopen_plan,
    revise_plan,
    set_absences,
)
from acquis.certification.planning.actions.move_candidate import move_candidate, undo_change
from acquis.certification.planning.actions.publish_plan import (
    Published,
    publish_plan,
    start_publishing,
)
from acquis.certification.planning.actions.replan import (
    accept_proposal,
    keep_proposal,
    propose_substitute,
    refuse_proposal,
    start_replanning,
)
from acquis.certification.planning.actions.solve_plan import (
    keep_refusal,
    keep_solution,
    start_solving,
)

__all__ = [
    "PlanData",
    "Published",
    "accept_proposal",
    "add_candidates",
    "add_days",
    "add_exam",
    "add_invigilators",
    "add_jurors",
    "add_room",
    "create_plan",
    "keep_proposal",
    "keep_refusal",
    "keep_solution",
    "move_candidate",
    "propose_substitute",
    "publish_plan",
    "refuse_proposal",
    "remove_day",
    "remove_exam",
    "remove_person",
    "remove_room",
    "reopen_plan",
    "revise_plan",
    "set_absences",
    "start_publishing",
    "start_replanning",
    "start_solving",
    "undo_change",
]
