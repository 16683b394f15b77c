"""A schema as bytes, read without ever asking the network or another file for anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

NAMESPACE = "urn:cdc:cpf:pc5:schema:1.0.0"
XSD = "http://www.w3.org/2001/XMLSchema"
_LONGEST_VERSION = 20
_ELSEWHERE = {f"{{{XSD}}}{name}" for name in ("include", "import", "redefine", "override")}


class SchemaUnreadableError(Exception):
    """`code` is `not_xml`, `not_a_schema`, `namespace`, `version`, `elsewhere` or `invalid`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Schema:
    """A compiled schema, and what of it changes what the writer writes."""

    version: str
    compiled: Any
    has_action: bool  # 1.1.5 asks for `action` after the time of the flux


def safe_parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )


def read(content: bytes) -> Schema:
    """Compile a schema of the CPF file. Raises SchemaUnreadableError."""
    try:
        root = etree.fromstring(content, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise SchemaUnreadableError("not_xml", str(fault)) from fault
    if root.tag != f"{{{XSD}}}schema" or root.getroottree().docinfo.doctype:
        raise SchemaUnreadableError("not_a_schema", str(root.tag))
    if root.get("targetNamespace") != NAMESPACE:
        raise SchemaUnreadableError("namespace", root.get("targetNamespace") or "")
    if any(child.tag in _ELSEWHERE for child in root):
        raise SchemaUnreadableError("elsewhere")
    version = (root.get("version") or "").strip()
    if not version or len(version) > _LONGEST_VERSION:
        raise SchemaUnreadableError("version", version)
    try:
        compiled = etree.XMLSchema(root)
    except etree.XMLSchemaParseError as fault:
        raise SchemaUnreadableError("invalid", str(fault)) from fault
    return Schema(version, compiled, "action" in set(_flux_elements(root)))


def _flux_elements(root: Any) -> Iterator[str]:
    """Names of what the root element of the flux holds."""
    flux = f"{{{XSD}}}complexType"
    for kind in root.iterfind(flux):
        if kind.get("name") == "flux":
            for element in kind.iter(f"{{{XSD}}}element"):
                yield element.get("name") or ""
