"""What the rules say of the CPF file; pure: no Django, no clock, no database (X-08)."""

from acquis.certification.cpf.policy.clock import ALERT, MONTHS, Clock, clock_of, due
from acquis.certification.cpf.policy.numbers import (
    EIGHT,
    KEEP_DAYS,
    KEEP_DAYS_MOST,
    SHIPPED_VERSION,
    SPLIT_AT,
    code_fault,
    deposit_number,
    file_name,
    flux_id,
    guessed,
    technical_id,
)
from acquis.certification.cpf.policy.passages import (
    Entry,
    Fault,
    Holder,
    access_of,
    country_code,
    faults,
    first_names,
    validity_end,
)
from acquis.certification.cpf.policy.reports import is_already_known

__all__ = [
    "ALERT",
    "EIGHT",
    "KEEP_DAYS",
    "KEEP_DAYS_MOST",
    "MONTHS",
    "SHIPPED_VERSION",
    "SPLIT_AT",
    "Clock",
    "Entry",
    "Fault",
    "Holder",
    "access_of",
    "clock_of",
    "code_fault",
    "country_code",
    "deposit_number",
    "due",
    "faults",
    "file_name",
    "first_names",
    "flux_id",
    "guessed",
    "is_already_known",
    "technical_id",
    "validity_end",
]
