"""The JSON-LD contexts that ship, so that a proof is made and checked without any network."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

BUNDLED: Mapping[str, str] = {
    CREDENTIALS: "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "open-badges-3.0.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "open-badges-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "open-badges-3.0.2.json",
    OPEN_BADGES: "open-badges-3.0.3.json",
    EXTENSIONS: "open-badges-extensions.json",
}


@cache
def bundled(address: str) -> dict[str, Any]:
    """The context that an address names. Raises KeyError for one that does not ship."""
    content = files(__name__).joinpath(BUNDLED[address]).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(content)
    return found
