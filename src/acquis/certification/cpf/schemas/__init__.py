"""The versions of the official schema that the writer knows.

`cpf-1.1.2.xsd` is the public schema of the « kit d’accrochage » of the Caisse des dépôts
(certificateurs.moncompteformation.gouv.fr), namespace `urn:cdc:cpf:pc5:schema:1.0.0`, as it is
given to certifying bodies. A centre that receives a newer one loads it and chooses it.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

SHIPPED: Mapping[str, str] = {"1.1.2": "cpf-1.1.2.xsd"}


@cache
def shipped(version: str) -> bytes:
    """The schema of a version that ships. Raises KeyError."""
    return files(__name__).joinpath(SHIPPED[version]).read_bytes()
