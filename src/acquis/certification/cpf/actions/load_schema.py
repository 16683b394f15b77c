from datetime import date, datetime
from io import BytesIO

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.cpf import checking, policy, presentation, schemata, writing
from acquis.certification.cpf.errors import SchemaAlreadyLoaded, SchemaRefused
from acquis.certification.cpf.models import LoadedSchema
from acquis.certification.cpf.schemas.reading import Schema, SchemaUnreadableError, read
from acquis.kernel import files, trace


@transaction.atomic
def load_schema(
    *, organisation: Organisation, content: bytes, name: str, by: User, at: datetime
) -> LoadedSchema:
    """Keep a version of the official schema, once a file of ours was found to follow it.

    Raises SchemaRefused or SchemaAlreadyLoaded.
    """
    try:
        schema = read(content)
    except SchemaUnreadableError as fault:
        raise SchemaRefused(problem=presentation.schema_problem(fault)) from fault
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if schema.version in schemata.versions(organisation):
        raise SchemaAlreadyLoaded(version=schema.version)
    _refuse_unless_we_follow_it(schema, at)
    loaded = LoadedSchema.objects.create(
        organisation=organisation,
        version=schema.version,
        file=files.store(content, name=name, media_type="text/xml", by=by, at=at),
        loaded_at=at,
        loaded_by=by,
    )
    trace.record(
        "cpf.schema_loaded",
        organisation,
        by=by,
        at=at,
        version=schema.version,
        sha256=loaded.file.sha256,
    )
    return loaded


def _refuse_unless_we_follow_it(schema: Schema, at: datetime) -> None:
    out = BytesIO()
    sender = writing.Sender("00000000", "00000000", "CONTRAT", "CERTIFICATEUR")
    for _entry in writing.write(out, writing.Flux("ESSAI", at, sender), [_EXAMPLE], schema):
        pass
    valid, _seen = checking.is_valid(BytesIO(out.getvalue()), schema)
    if not valid:
        violation = checking.first_violation(BytesIO(out.getvalue()), schema)
        raise SchemaRefused(problem=presentation.schema_unfollowed(violation.text))


_DAY = date(2025, 6, 3)
_EXAMPLE = policy.Entry(
    technical_id="ESSAI-1",
    register="RNCP",
    code="RNCP1",
    is_block=False,
    obtained="PAR_ADMISSION",
    exam_from=_DAY,
    exam_to=_DAY,
    modality="EN_PRESENTIEL",
    exam_postcode="44000",
    valid_from=_DAY,
    valid_to=None,
    score="",
    mention="",
    access="VAE",
    vae_way="VAE_CLASSIQUE",
    initiative="CERTIFIE",
    enrolled_on=_DAY,
    holder=policy.Holder("ESSAI", "", ["Essai"], "F", date(1990, 1, 1), "Ajaccio", "2A004", "", "France", True),
)  # fmt: skip
