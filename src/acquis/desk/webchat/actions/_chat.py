"""What the acts of a visitor share."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from acquis.desk.shell import refuse_if_sealed
from acquis.desk.webchat.errors import EmailNeeded
from acquis.desk.webchat.models import Chat


def locked(chat: Chat) -> Chat:
    """The row, held until the end of the transaction. Raises WorkspaceSealed."""
    row = (
        Chat.objects.select_for_update(of=("self",))
        .select_related("workspace", "visitor__site", "conversation")
        .get(pk=chat.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def checked_email(typed: str) -> str:
    """The address without its blanks. Raises EmailNeeded when none has that shape."""
    email = typed.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise EmailNeeded from error
    return email
