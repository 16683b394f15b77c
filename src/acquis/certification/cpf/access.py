"""The only way to what belongs to the CPF file from outside: another centre's does not exist."""

from typing import Any, TypeVar

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import queries
from acquis.certification.cpf.models import Deposit, DepositFile, Report
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.models import Framework

Kept = TypeVar("Kept", DepositFile, Report)


def delivery_for(user: User, organisation: Organisation, pk: int) -> Any:
    """A first certificate of the organisation, with where it stands (`queries.with_gaps`)."""
    if not may(user, Verb.CPF_DEPOSIT, organisation=organisation):
        raise Http404
    found = queries.with_gaps(queries.shown(queries.deliveries(organisation)))
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def deposit_for(user: User, organisation: Organisation, pk: int) -> Deposit:
    """A deposit of the organisation."""
    if not may(user, Verb.CPF_DEPOSIT, organisation=organisation):
        raise Http404
    found = queries.deposits_of(organisation).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def file_for(user: User, organisation: Organisation, pk: int) -> DepositFile:
    return _of_a_deposit(DepositFile, user, organisation, pk)


def report_for(user: User, organisation: Organisation, pk: int) -> Report:
    return _of_a_deposit(Report, user, organisation, pk)


def _of_a_deposit(kind: type[Kept], user: User, organisation: Organisation, pk: int) -> Kept:
    """What belongs to a deposit of the organisation, with its sealed content."""
    if not may(user, Verb.CPF_DEPOSIT, organisation=organisation):
        raise Http404
    rows = kind.objects.filter(deposit__organisation=organisation)
    return get_object_or_404(rows.select_related("deposit", "sealed"), pk=pk)


def framework_for(user: User, organisation: Organisation, pk: int) -> Framework:
    """A certification that the organisation examines, to settle how it is registered."""
    if not may(user, Verb.CPF_MANAGE, organisation=organisation):
        raise Http404
    used = ExamSession.objects.filter(organisation=organisation, version__framework=pk)
    framework = Framework.objects.filter(pk=pk).first()
    if framework is None or not used.exists():
        raise Http404
    return framework


def refuse_unexamined(organisation: Organisation, framework: Framework, block: str) -> None:
    """A block that the centre does not examine does not exist."""
    if (framework, block) not in queries.certifications_used(organisation):
        raise Http404
