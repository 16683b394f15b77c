"""The file read again, piece by piece, against its schema."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree

from acquis.certification.cpf.schemas.reading import NAMESPACE, Schema

_PASSAGE = f"{{{NAMESPACE}}}passageCertification"
_WITHIN = "passageCertification/"  # of the path to what is at fault
_ID = f"{{{NAMESPACE}}}idTechnique"


@dataclass(frozen=True, slots=True)
class Violation:
    """What the schema refuses first, in the validator's own words; no `technical_id`: the heading."""

    technical_id: str
    text: str


def is_valid(file: IO[bytes], schema: Schema) -> tuple[bool, int]:
    """Whether the whole file follows its schema, and how many passages were read until then.

    Never more than a few passages are held in memory.
    """
    seen = 0
    try:
        for _passage in _passages(file, schema.compiled):
            seen += 1
    except etree.XMLSyntaxError:
        return False, seen
    return True, seen


def first_violation(file: IO[bytes], schema: Schema) -> Violation:
    """Which passage of an invalid file is at fault: each is looked at alone, under the heading."""
    for passage in _passages(file, None):
        if not schema.compiled.validate(_alone(passage)):
            fault = schema.compiled.error_log[0]
            within = _WITHIN in f"{fault.path}/"
            return Violation(
                (passage.findtext(_ID) or "") if within else "",
                fault.message.replace(f"{{{NAMESPACE}}}", ""),
            )
    return Violation("", "")


def _alone(passage: Any) -> Any:
    """The flux with this passage only: the parser has read on, so the tree holds later ones too."""
    node, child = deepcopy(passage), passage
    while (parent := child.getparent()) is not None:
        shell = etree.Element(parent.tag, nsmap=parent.nsmap)
        before = [one for one in child.itersiblings(preceding=True) if one.tag != child.tag]
        shell.extend([deepcopy(one) for one in reversed(before)])
        shell.append(node)
        node, child = shell, parent
    return node


def _passages(file: IO[bytes], compiled: Any) -> Iterator[Any]:
    """Each passage in a tree where it is the only one: those before it are dropped."""
    events: Any = etree.iterparse(
        file,
        events=("end",),
        tag=_PASSAGE,
        schema=compiled,
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
    )
    for _event, passage in events:
        certification = passage.getparent().getparent()
        for one in (passage, certification):
            while one.getprevious() is not None and one.getprevious().tag == one.tag:
                one.getparent().remove(one.getprevious())
        yield passage
