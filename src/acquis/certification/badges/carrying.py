"""The files in which a badge is taken away."""

from dataclasses import dataclass
from enum import StrEnum

from acquis.certification.badges import queries
from acquis.certification.badges.models import Badge
from acquis.certification.badges.reading import bake


class Form(StrEnum):
    SVG = "svg"
    JWT = "jwt"
    JSON = "json"


MEDIA_TYPES = {
    Form.SVG: "image/svg+xml",
    Form.JWT: "text/plain",  # Open Badges 3.0, §5.3: a signed text is plain
    Form.JSON: "application/vc+ld+json",
}


@dataclass(frozen=True)
class Carried:
    content: bytes
    name: str
    media_type: str


def carried(badge: Badge, form: Form) -> Carried:
    """A badge as a file, named after the number of its certificate."""
    name = f"badge-{badge.certificate.number}.{form}"
    return Carried(_content(badge, form), name, MEDIA_TYPES[form])


def _content(badge: Badge, form: Form) -> bytes:
    if form is Form.JWT:
        return badge.jwt.encode()
    if form is Form.JSON:
        return badge.json_ld.encode()
    said = queries.credential_of(badge)
    return bake(badge.jwt, title=said["name"], issuer=said["issuer"]["name"])
