"""Lines of a file are read over, and their faults written down."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from acquis.desk.imports import queries, writing
from acquis.desk.imports.models import CustomerImport, ImportFault
from acquis.desk.imports.policy.lines import Repeats
from acquis.desk.imports.reading import Line

State = CustomerImport.State


@transaction.atomic
def begin_check(*, source: CustomerImport) -> None:
    """What an earlier reading found is forgotten."""
    ImportFault.objects.filter(source=source).delete()
    CustomerImport.objects.filter(pk=source.pk).update(lines=0, faulty=0, alike=0)


@transaction.atomic
def check_batch(
    *,
    source: CustomerImport,
    batch: Sequence[Line],
    repeats: Repeats,
    custom: queries.Kinds,
    today: date,
) -> None:
    """Write down the faults of some lines, and count those whose customer probably has a record."""
    faults, good = [], []
    for number, row in batch:
        line = queries.understood(source, row, today=today, custom=custom)
        faults += [
            _fault(source, number, fault.field, fault.value, fault.code) for fault in line.faults
        ]
        if not line.faults:
            repeats.add(number, line.values)
            good.append(line)
    ImportFault.objects.bulk_create(faults)
    known = writing.matches(source, good)
    CustomerImport.objects.filter(pk=source.pk).update(
        lines=F("lines") + len(batch),
        faulty=F("faulty") + len(batch) - len(good),
        alike=F("alike") + sum(match is not None for match in known),
    )


@transaction.atomic
def end_check(*, source: CustomerImport, repeats: Mapping[int, int], at: datetime) -> None:
    """Lines that repeat another are faults too; the import is ready."""
    del at
    ImportFault.objects.bulk_create(
        (
            _fault(source, line, "", "", "repeated", other_line=first)
            for line, first in sorted(repeats.items())
        ),
        batch_size=1000,
    )
    CustomerImport.objects.filter(pk=source.pk, state=State.CHECKING).update(
        faulty=F("faulty") + len(repeats), state=State.CHECKED
    )


def _fault(
    source: CustomerImport,
    line: int,
    field: str,
    value: str,
    code: str,
    other_line: int | None = None,
) -> ImportFault:
    rank = next((rank for rank, name in source.mapping.items() if name == field), None)
    known = rank is not None and int(rank) < len(source.headers)
    return ImportFault(
        workspace_id=source.workspace_id,
        source=source,
        line=line,
        column=source.headers[int(rank)][:120] if known and rank is not None else "",
        value=value[:200],
        code=code,
        other_line=other_line,
    )
