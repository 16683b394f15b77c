import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.desk.shell import refuse_if_sealed
from acquis.desk.webchat import policy
from acquis.desk.webchat.errors import OriginInvalid
from acquis.desk.webchat.models import Site
from acquis.kernel import trace

KEY_BYTES = 18


def _origins(kept: Mapping[str, Any]) -> list[str]:
    found = []
    for text in kept["origins"]:
        try:
            found.append(policy.origin(text))
        except ValueError as error:
            raise OriginInvalid(origin=text) from error
    return list(dict.fromkeys(found))


@transaction.atomic
def create_site(*, workspace: Workspace, values: Mapping[str, Any], by: User, at: datetime) -> Site:
    """Add a site, with a key of its own. Raises OriginInvalid, NotOfThisDesk or WorkspaceSealed."""
    refuse_if_sealed(workspace)
    _refuse_queue(workspace, values)
    site = Site.objects.create(
        workspace=workspace,
        key=secrets.token_urlsafe(KEY_BYTES),
        key_issued_for=workspace.pk,
        created_at=at,
        **{**values, "origins": _origins(values)},
    )
    _trace("webchat.site_created", site, by=by, at=at, origins=site.origins)
    return site


@transaction.atomic
def change_site(*, site: Site, values: Mapping[str, Any], by: User, at: datetime) -> Site:
    """Change what a site shows, who may hold it and where its exchanges wait.

    Raises OriginInvalid, NotOfThisDesk or WorkspaceSealed.
    """
    row = _locked(site)
    _refuse_queue(row.workspace, values)
    for name, value in {**values, "origins": _origins(values)}.items():
        setattr(row, name, value)
    row.save()
    _trace(
        "webchat.site_changed",
        row,
        by=by,
        at=at,
        origins=row.origins,
        active=row.is_active,
        queue=row.queue_id,
    )
    return row


@transaction.atomic
def renew_key(*, site: Site, by: User, at: datetime) -> Site:
    """Draw another key: the address of before opens nothing any more. Raises WorkspaceSealed.

    In a private copy this is what gives the site an address of its own.
    """
    row = _locked(site)
    row.key = secrets.token_urlsafe(KEY_BYTES)
    row.key_issued_for = row.workspace_id
    row.save(update_fields=["key", "key_issued_for"])
    _trace("webchat.key_renewed", row, by=by, at=at)
    return row


def _refuse_queue(workspace: Workspace, values: Mapping[str, Any]) -> None:
    queue = values.get("queue")
    if queue is not None and queue.workspace_id != workspace.pk:
        raise NotOfThisDesk


def _locked(site: Site) -> Site:
    row = Site.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=site.pk)
    refuse_if_sealed(row.workspace)
    return row


def _trace(verb: str, site: Site, *, by: User, at: datetime, **data: Any) -> None:
    trace.record(
        verb, site, by=by, at=at, stream=f"workspace:{site.workspace_id}", name=site.name, **data
    )
