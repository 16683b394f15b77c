"""Which versions of the schema a centre may choose, and the compiled one."""

from acquis.accounts.models import Organisation
from acquis.certification.cpf import schemas
from acquis.certification.cpf.errors import UnknownSchema
from acquis.certification.cpf.models import LoadedSchema
from acquis.certification.cpf.schemas.reading import Schema, read
from acquis.kernel import files


def versions(organisation: Organisation) -> list[str]:
    """Those that ship, then the centre's own."""
    own = LoadedSchema.objects.filter(organisation=organisation).order_by("version")
    return [*schemas.SHIPPED, *own.values_list("version", flat=True)]


def refuse_unknown(organisation: Organisation, version: str) -> None:
    """Raises UnknownSchema."""
    if version not in versions(organisation):
        raise UnknownSchema(version=version)


def content_of(organisation: Organisation, version: str) -> bytes:
    """The schema's text. Raises UnknownSchema."""
    if version in schemas.SHIPPED:
        return schemas.shipped(version)
    own = LoadedSchema.objects.select_related("file").filter(
        organisation=organisation, version=version
    )
    found = own.first()
    if found is None:
        raise UnknownSchema(version=version)
    return files.read(found.file)


def compiled(organisation: Organisation, version: str) -> Schema:
    """Raises UnknownSchema."""
    return read(content_of(organisation, version))
