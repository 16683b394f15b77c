"""JSON-LD to the canonical statements that a proof covers (RDFC-1.0), with bundled contexts only."""

from collections.abc import Callable, Iterator
from typing import Any

from acquis.certification.badges.contexts import bundled

Loader = Callable[[str], dict[str, Any]]

# A badge has a dozen objects without a name; canonicalising hundreds of alike ones takes for ever.
MOST_UNNAMED = 200

# Where a relative name ends up (RFC 2606: no such place exists): it is seen and refused.
NOWHERE = "https://relative.invalid/"


class Uncanonical(ValueError):  # noqa: N818  names the document, as the act names it
    """The document says something that no proof would cover, or names an unknown context."""


def canonical(document: dict[str, Any], *, load: Loader = bundled) -> str:
    """The canonical N-Quads of a document, one statement a line.

    Every term must be defined by a context: JSON-LD drops the others in silence, and a dropped claim
    could be changed without breaking the signature (VC Data Integrity 1.0, §2.4.1). Raises Uncanonical.
    """
    from pyld import jsonld  # noqa: PLC0415  it loads a whole HTTP client: only badges need it

    dropped: list[str | None] = []
    try:
        expanded = jsonld.expand(
            document,
            {"base": NOWHERE, "documentLoader": lambda address, _options: _loaded(address, load)},
            on_property_dropped=dropped.append,
        )
    except (jsonld.JsonLdError, ValueError, TypeError, RecursionError) as fault:
        raise Uncanonical(_reason(fault)) from fault
    if dropped:
        raise Uncanonical("a term has no definition")
    _refuse_uncovered(expanded)
    try:
        text = jsonld.normalize(
            expanded, {"algorithm": "URDNA2015", "format": "application/n-quads"}
        )
    except (jsonld.JsonLdError, ValueError, TypeError, RecursionError) as fault:
        raise Uncanonical(_reason(fault)) from fault
    return str(text)


def _loaded(address: str, load: Loader) -> dict[str, Any]:
    try:
        found = load(address)
    except KeyError as fault:
        raise Uncanonical(f"unknown context: {address}") from fault
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": found,
    }


def _reason(fault: BaseException) -> str:
    """The innermost cause: the library wraps what its loader refuses."""
    cause: Any = getattr(fault, "cause", None) or fault.__cause__
    return _reason(cause) if isinstance(cause, BaseException) else str(fault)[:200]


def _refuse_uncovered(expanded: list[Any]) -> None:
    """A relative name says nothing outside its page: such a statement would be left out."""
    unnamed = 0
    for node in _nodes(expanded):
        if "@value" in node:
            continue
        unnamed += "@id" not in node
        given = node.get("@type", [])
        names = [*(given if isinstance(given, list) else [given])]
        names += [node["@id"]] if "@id" in node else []
        if any(str(name).startswith((NOWHERE, "_:")) for name in names):
            raise Uncanonical("a name is not absolute")
    if unnamed > MOST_UNNAMED:
        raise Uncanonical("too many objects without a name")


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one)
    elif isinstance(value, dict):
        yield value
        for key, one in value.items():
            if not key.startswith("@") or key in {"@list", "@set", "@graph"}:
                yield from _nodes(one)
