"""The fields that a desk defines for its customers."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import Key, Text, Window, caller, cleaned, scoped
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.directory.actions.keep_custom_field import define_field
from acquis.desk.directory.models import CustomField
from acquis.desk.directory.part_forms import FieldForm

router = Router(tags=[_("clients")])
ROOT = "/workspaces/{workspace_id}"


class CustomFieldOut(Schema):
    id: int
    key: str
    label: str
    kind: CustomField.Kind
    choices: list[str]
    hint: str
    archived_at: datetime | None


class CustomFieldIn(Schema):
    label: Text
    kind: CustomField.Kind
    choices: list[Text] = []
    hint: Text = ""


@router.get(
    ROOT + "/customer-fields",
    response=list[CustomFieldOut],
    summary=_("Les champs propres au poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def fields(request: HttpRequest, workspace_id: Key) -> QuerySet[CustomField]:
    return CustomField.objects.filter(workspace=desk_for(request, workspace_id))


@router.post(
    ROOT + "/customer-fields",
    response={201: CustomFieldOut},
    summary=_("Ajouter un champ aux fiches du poste"),
)
@scoped(Verb.DESK_USE)
def add_field(request: HttpRequest, workspace_id: Key, body: CustomFieldIn) -> Status[CustomField]:
    workspace = desk_for(request, workspace_id, write=True)
    form = FieldForm(body.model_dump() | {"choices": "\n".join(body.choices)})
    cleaned(form)
    made = define_field(
        workspace=workspace, **form.values(), by=caller(request).user, at=timezone.now()
    )
    return Status(201, made)
