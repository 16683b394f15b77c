"""A badge looked at as anybody would, and changed where somebody might."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from copy import deepcopy
from datetime import timedelta

from acquis.certification.badges import (
    auditing,
    checking,
    queries,
)
from acquis.certification.badges.reading import bake
from tests.factories import grading

NOW = grading.AT + timedelta(days=30)
REASON = "Attestation d’expérience reconnue fausse."


def check(content, by=None):
    content = content.encode() if isinstance(content, str) else content
    return checking.check(content, by=by or auditing.house(), now=NOW)


def natures(content, by=None):
    return [fault.nature for fault in check(content, by).faults]


def outsider():
    """Knows the published keys and lists only: no badge of the house."""
    return checking.known(queries.key_documents(), queries.revocation_lists())


def svg(badge):
    return bake(badge.jwt, title="Titre & « bloc »", issuer="Centre")


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, list):
        for rank, one in enumerate(value):
            yield from leaves(one, (*path, rank))
    else:
        yield path


def other(value):
    return not value if isinstance(value, bool) else f"{value}x"


def with_change(document, path):
    changed = deepcopy(document)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = other(holder[path[-1]])
    return changed


def payload_of(text):
    return json.loads(urlsafe_b64decode(text.split(".")[1] + "=="))


def with_payload(text, payload):
    head, _body, signature = text.split(".")
    body = urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"
