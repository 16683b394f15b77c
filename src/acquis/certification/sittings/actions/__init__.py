"""The verbs of an exam; pages and other rooms import them from here."""

from acquis.certification.sittings.actions.abort_sitting import abort_sitting
from acquis.certification.sittings.actions.authorise_start import authorise_start, withdraw_start
from acquis.certification.sittings.actions.call_invigilator import answer_call, call_invigilator
from acquis.certification.sittings.actions.claim_device import (
    authorise_device,
    claim_device,
    enter_sitting,
    renew_code,
)
from acquis.certification.sittings.actions.close_session import close_session
from acquis.certification.sittings.actions.confirm_juror import confirm_juror
from acquis.certification.sittings.actions.confirm_presence import (
    confirm_identity,
    confirm_presence,
)
from acquis.certification.sittings.actions.deposit_file import deposit_file
from acquis.certification.sittings.actions.end_phase import end_phase
from acquis.certification.sittings.actions.finish_sitting import finish_sitting
from acquis.certification.sittings.actions.give_time import give_time, give_time_to_all
from acquis.certification.sittings.actions.hear_recording import (
    give_hearing,
    hear_recording,
    note_hearing,
)
from acquis.certification.sittings.actions.keep_sound import end_take, keep_piece
from acquis.certification.sittings.actions.open_session import open_session
from acquis.certification.sittings.actions.open_sitting import open_sitting
from acquis.certification.sittings.actions.save_production import (
    Saved,
    Typed,
    save_production,
    save_productions,
)
from acquis.certification.sittings.actions.start_phase import start_phase, start_together
from acquis.certification.sittings.actions.take_break import end_break, take_break

__all__ = [
    "Saved",
    "Typed",
    "abort_sitting",
    "answer_call",
    "authorise_device",
    "authorise_start",
    "call_invigilator",
    "claim_device",
    "close_session",
    "confirm_identity",
    "confirm_juror",
    "confirm_presence",
    "deposit_file",
    "end_break",
    "end_phase",
    "end_take",
    "enter_sitting",
    "finish_sitting",
    "give_hearing",
    "give_time",
    "give_time_to_all",
    "hear_recording",
    "keep_piece",
    "note_hearing",
    "open_session",
    "open_sitting",
    "renew_code",
    "save_production",
    "save_productions",
    "start_phase",
    "start_together",
    "take_break",
    "withdraw_start",
]
