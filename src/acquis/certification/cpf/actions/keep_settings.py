"""The contract of a centre, its certifications in the registers, what a person's line needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.cpf.models import CdcAccount, Particulars, RegisteredCertification
from acquis.certification.cpf.schemata import refuse_unknown
from acquis.certification.frameworks.models import Framework
from acquis.certification.registrations.models import Enrolment
from acquis.kernel import trace


@transaction.atomic
def keep_account(
    *, organisation: Organisation, data: Mapping[str, Any], by: User, at: datetime
) -> CdcAccount:
    """Write the contract; the deposits that exist keep what they were opened with.

    Raises UnknownSchema.
    """
    refuse_unknown(organisation, data["schema_version"])
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    account = CdcAccount.objects.filter(organisation=organisation).first()
    account = account or CdcAccount(organisation=organisation)
    _keep("cpf.account_kept", account, data, by, at)
    return account


@transaction.atomic
def keep_certification(
    *,
    organisation: Organisation,
    framework: Framework,
    block: str,
    data: Mapping[str, Any],
    by: User,
    at: datetime,
) -> RegisteredCertification:
    """Write how a certification, or one of its blocks, stands in the registers."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    place = {"organisation": organisation, "framework": framework, "block": block}
    kept = RegisteredCertification.objects.filter(**place).first()
    kept = kept or RegisteredCertification(**place)
    _keep("cpf.certification_kept", kept, data, by, at, certification=framework.code, block=block)
    return kept


@transaction.atomic
def keep_particulars(
    *, enrolment: Enrolment, data: Mapping[str, Any], by: User, at: datetime
) -> Particulars:
    """Write what a person's line needs and their enrolment does not say."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    kept = Particulars.objects.filter(enrolment=enrolment).first()
    kept = kept or Particulars(enrolment=enrolment)
    _keep("cpf.particulars_kept", kept, data, by, at, enrolment=enrolment.pk)
    return kept


def _keep(
    verb: str,
    row: models.Model,
    data: Mapping[str, Any],
    by: User,
    at: datetime,
    **said: Any,
) -> None:
    """Write what changed and say which fields did; nothing changed, nothing is said."""
    new = row.pk is None
    changed = sorted(name for name, value in data.items() if new or getattr(row, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(row, name, data[name])
    row.save()
    trace.record(verb, row, by=by, at=at, fields=changed, **said)
