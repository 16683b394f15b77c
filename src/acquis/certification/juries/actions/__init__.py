"""The verbs of the register of jurors."""

from acquis.certification.juries.actions.declare_link import declare_link, withdraw_link
from acquis.certification.juries.actions.import_jurors import (
    Imported,
    import_jurors,
    note_export,
)
from acquis.certification.juries.actions.register_juror import (
    JurorData,
    register_juror,
    retire_juror,
    revise_juror,
)

__all__ = [
    "Imported",
    "JurorData",
    "declare_link",
    "import_jurors",
    "note_export",
    "register_juror",
    "retire_juror",
    "revise_juror",
    "withdraw_link",
]
