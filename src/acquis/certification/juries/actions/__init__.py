"""The verbs of the register of jurors."""

from acquis.certification.juries.actions.declare_link import declare_link, withdraw_link
from acquis.certification.juries.actions.register_juror import (
    JurorData,
    register_juror,
    retire_juror,
    revise_juror,
)

__all__ = [
    "JurorData",
    "declare_link",
    "register_juror",
    "retire_juror",
    "revise_juror",
    "withdraw_link",
]
