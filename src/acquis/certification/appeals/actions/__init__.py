"""The verbs of an appeal."""

from acquis.certification.appeals.actions.committee import decide, give_voice, name_member
from acquis.certification.appeals.actions.follow_letter import (
    note_opening,
    post_letter,
    settle_refused,
    settle_sent,
)
from acquis.certification.appeals.actions.judge_admissibility import judge_admissibility
from acquis.certification.appeals.actions.lodge_appeal import (
    AppealData,
    lodge_appeal,
    withdraw_appeal,
)
from acquis.certification.appeals.actions.place_candidate import place_candidate
from acquis.certification.appeals.actions.set_rule import set_rule

__all__ = [
    "AppealData",
    "decide",
    "give_voice",
    "judge_admissibility",
    "lodge_appeal",
    "name_member",
    "note_opening",
    "place_candidate",
    "post_letter",
    "set_rule",
    "settle_refused",
    "settle_sent",
    "withdraw_appeal",
]
