"""The smallest valid rows of what is raised to the hierarchy."""

from typing import Any

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.models import Case
from acquis.desk.raising.models import MeToo, Raised, RaisedAnswer, RaisedCase
from tests.factories.desk import NOW


def raised(workspace: Workspace, by: User, **fields: Any) -> Raised:
    values = {
        "kind": Raised.Kind.IDEA,
        "title": "Un suivi de colis par SMS",
        "seen": "Les clients appellent pour savoir où est leur colis.",
        "author": by,
        "author_label": by.full_name,
        "raised_at": NOW,
        "changed_at": NOW,
        "read_at": NOW,
    }
    return Raised.objects.create(workspace=workspace, **(values | fields))


def tie(of: Raised, case: Case) -> RaisedCase:
    return RaisedCase.objects.create(workspace=of.workspace, raised=of, case=case)


def answer(of: Raised, **fields: Any) -> RaisedAnswer:
    values = {"at": NOW, "by_label": "Odile Superviseure", "body": "Nous regardons."}
    return RaisedAnswer.objects.create(workspace=of.workspace, raised=of, **(values | fields))


def me_too(of: Raised, by: User) -> MeToo:
    return MeToo.objects.create(
        workspace=of.workspace, raised=of, person=by, person_label=by.full_name, at=NOW
    )
