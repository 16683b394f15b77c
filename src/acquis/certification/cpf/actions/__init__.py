"""What is done about the CPF file: one verb, one transaction, one line in the trace."""

from acquis.certification.cpf.actions.close_deposit import (
    cancel_deposit,
    close_deposit,
    send_deposit,
)
from acquis.certification.cpf.actions.erase_files import erase_files
from acquis.certification.cpf.actions.keep_settings import (
    keep_account,
    keep_certification,
    keep_particulars,
)
from acquis.certification.cpf.actions.load_schema import load_schema
from acquis.certification.cpf.actions.open_deposit import enqueue_writing, open_deposit
from acquis.certification.cpf.actions.read_report import read_report
from acquis.certification.cpf.actions.write_deposit import write_deposit

__all__ = [
    "cancel_deposit",
    "close_deposit",
    "enqueue_writing",
    "erase_files",
    "keep_account",
    "keep_certification",
    "keep_particulars",
    "load_schema",
    "open_deposit",
    "read_report",
    "send_deposit",
    "write_deposit",
]
