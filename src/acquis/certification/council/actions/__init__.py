from acquis.certification.council.actions.answer_survey import answer_survey
from acquis.certification.council.actions.order_pack import JOB, enqueue_writing, order_pack
from acquis.certification.council.actions.read_key import read_key
from acquis.certification.council.actions.recount_pack import (
    RECOUNT,
    enqueue_recount,
    recount_pack,
)
from acquis.certification.council.actions.write_pack import write_pack

__all__ = [
    "JOB",
    "RECOUNT",
    "answer_survey",
    "enqueue_recount",
    "enqueue_writing",
    "order_pack",
    "read_key",
    "recount_pack",
    "write_pack",
]
