"""The smallest valid rows of what a desk knows."""

import itertools
from typing import Any

from acquis.accounts.models import Workspace
from acquis.desk.knowledge.models import Snippet
from tests.factories.desk import NOW

_rank = itertools.count(1)


def snippet(workspace: Workspace, **fields: Any) -> Snippet:
    """A canned answer that the desk shares."""
    values = {
        "title": f"Réponse {next(_rank)}",
        "body": "Bonjour {client}, votre référence est {référence}.",
        "updated_at": NOW,
    }
    return Snippet.objects.create(workspace=workspace, **(values | fields))
