import hashlib
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.certification.cpf import policy, presentation, reading
from acquis.certification.cpf.actions.close_deposit import locked, mark_closed, mark_sent
from acquis.certification.cpf.errors import (
    DepositNotSent,
    ReportAlreadyRead,
    ReportContradicts,
    ReportOfNoFile,
    ReportRefused,
    ReportUnknownPassages,
)
from acquis.certification.cpf.models import Deposit, DepositFile, Passage, Report
from acquis.kernel import crypto, files, trace

State = Passage.State
_AT_ONCE = 5_000
_ERRORS_KEPT = 500
_LONGEST_MESSAGE = 2000


@transaction.atomic
def read_report(
    *, organisation: Organisation, content: bytes, name: str, by: User, at: datetime
) -> Report:
    """Write what a processing report answers on each passage of the file it names.

    What is « already in the base » counts as accepted. A file refused whole frees all its
    passages. The deposit is closed once every file is answered; a report of a deposit that nobody
    marked as sent shows that it was. Raises ReportRefused, ReportOfNoFile, ReportAlreadyRead,
    DepositNotSent, ReportUnknownPassages or ReportContradicts; nothing is written then.
    """
    try:
        answer = reading.read(content)
    except reading.ReportUnreadableError as fault:
        raise ReportRefused(problem=presentation.report_problem(fault)) from fault
    file = _file_of(organisation, answer)
    deposit = locked(file.deposit)
    report = _new_report(deposit, file, answer, content, name, by, at)
    if deposit.state == Deposit.State.READY:
        mark_sent(deposit, by, at)
    elif deposit.state != Deposit.State.SENT:
        raise DepositNotSent
    if answer.refused_whole:
        _refuse_file(file, answer, at)
    else:
        _answer(report, file, answer, at)
    report.save()
    trace.record(
        "cpf.report_read",
        deposit,
        by=by,
        at=at,
        number=deposit.number,
        file=file.name,
        sha256=report.sha256,
        accepted=report.accepted,
        rejected=report.rejected,
        refused=answer.refused_whole,
    )
    waiting = deposit.files.filter(state__in=[DepositFile.State.WRITTEN, DepositFile.State.SENT])
    if not waiting.exists():
        mark_closed(deposit, by, at)
    return report


def _file_of(organisation: Organisation, answer: reading.Answer) -> DepositFile:
    """By the flux it names; a file refused whole is known by its name only."""
    known = DepositFile.objects.filter(deposit__organisation=organisation).select_related("deposit")
    by_flux = known.filter(flux_id=answer.flux_id) if answer.flux_id else known.none()
    found = by_flux.first() or (
        known.filter(name__iexact=answer.file_name).first() if not answer.flux_id else None
    )
    if found is None:
        raise ReportOfNoFile(name=answer.flux_id or answer.file_name)
    return found


def _new_report(
    deposit: Deposit,
    file: DepositFile,
    answer: reading.Answer,
    content: bytes,
    name: str,
    by: User,
    at: datetime,
) -> Report:
    digest = hashlib.sha256(content).hexdigest()
    same = deposit.reports.filter(sha256=digest).first()
    if same is not None:
        day = date_format(timezone.localtime(same.received_at), "j F Y, H:i")
        raise ReportAlreadyRead(day=day)
    sealed = files.store(
        crypto.seal(content),
        name="rapport-scelle",
        media_type="application/octet-stream",
        by=by,
        at=at,
    )
    return Report(
        deposit=deposit,
        file=file,
        name=name[-255:],
        sha256=digest,
        sealed=sealed,
        treatment_id=answer.treatment_id[:100],
        received_at=at,
        received_by=by,
    )


def _refuse_file(file: DepositFile, answer: reading.Answer, at: datetime) -> None:
    answered = file.passages.exclude(state__in=[State.READY, State.SENT])
    first = answered.first()
    if first is not None:
        raise ReportContradicts(count=answered.count(), example=first.technical_id)
    named = dict(file.passages.exclude(line=None).values_list("line", "pk"))
    file.passages.update(state=State.ERROR, message=_("Fichier refusé en entier."), answered_at=at)
    for error in answer.errors:
        if error.line in named:
            file.passages.filter(pk=named[error.line]).update(
                message=presentation.file_error(error)[:_LONGEST_MESSAGE]
            )
    file.state = DepositFile.State.REFUSED
    file.errors = [asdict(error) for error in answer.errors[:_ERRORS_KEPT]]
    file.save(update_fields=["state", "errors"])


def _answer(report: Report, file: DepositFile, answer: reading.Answer, at: datetime) -> None:
    accepted = dict.fromkeys(answer.accepted, "")
    rejected: dict[str, str] = {}
    for one, message in answer.rejected.items():
        place = accepted if policy.is_already_known(message) else rejected
        place[one] = message[:_LONGEST_MESSAGE]
    passages = {one.technical_id: one for one in file.passages.all()}
    unknown = [one for one in (*accepted, *rejected) if one not in passages]
    if unknown:
        raise ReportUnknownPassages(count=len(unknown), example=unknown[0])
    fresh = _fresh(passages, accepted, State.ACCEPTED) | _fresh(passages, rejected, State.REJECTED)
    for (state, message), keys in fresh.items():
        for first in range(0, len(keys), _AT_ONCE):
            Passage.objects.filter(pk__in=keys[first : first + _AT_ONCE]).update(
                state=state, message=message, answered_at=at
            )
    report.accepted, report.rejected = len(accepted), len(rejected)
    if not file.passages.filter(state__in=[State.READY, State.SENT]).exists():
        DepositFile.objects.filter(pk=file.pk).update(state=DepositFile.State.PROCESSED)


def _fresh(
    passages: dict[str, Passage], answers: dict[str, str], state: State
) -> dict[tuple[State, str], list[int]]:
    """Keys of those that wait, by answer; what was answered before may only be told the same."""
    against = [
        one for one in answers if passages[one].state not in {State.READY, State.SENT, state}
    ]
    if against:
        raise ReportContradicts(count=len(against), example=against[0])
    found: dict[tuple[State, str], list[int]] = {}
    for one, message in answers.items():
        if passages[one].state != state:
            found.setdefault((state, message), []).append(passages[one].pk)
    return found
