"""What every address of a customer's record needs."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from acquis.accounts.api_kit import caller
from acquis.accounts.models import Workspace
from acquis.desk.api_kit import desk_for
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.models import Customer


def customer_of(
    request: HttpRequest, workspace_id: int, customer_id: int, *, write: bool = False
) -> tuple[Workspace, Customer]:
    desk_for(request, workspace_id, write=write)
    return customer_for(caller(request).user, workspace_id, customer_id, write=write)


def typed(given: dict[str, Any]) -> dict[str, Any]:
    """Values as a form receives them: instants in Paris, nothing for what is absent."""
    return {
        name: timezone.localtime(value).strftime("%Y-%m-%dT%H:%M:%S")
        if isinstance(value, datetime)
        else value
        for name, value in given.items()
        if value is not None
    }
