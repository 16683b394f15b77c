from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.errors import FileMissing, NoFilesHere
from acquis.desk.conversations.models import Attachment, Conversation, Message
from acquis.kernel import files

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

NAME_CHARS = 255


@transaction.atomic
def send_file(
    *,
    conversation: Conversation,
    file: "UploadedFile[bytes] | None",
    client_key: str,
    by: User,
    at: datetime,
) -> Message:
    """Send a file to the customer, once for each `client_key`, judged by what its bytes are.

    The channel says what it carries; its message bears the name of the file. Raises FileMissing,
    NoFilesHere (an SMS carries none), FileEmpty, FileTooLarge, FileKindRefused, what send_message
    raises, or WorkspaceSealed; nothing is written then.
    """
    if file is None:
        raise FileMissing
    carried = room_of(conversation).files
    if not carried:
        raise NoFilesHere(channel=conversation.get_channel_display())
    name = str(file.name)[-NAME_CHARS:]
    media_type = files.check_upload(file, allowed=carried)
    kept = files.store(file.read(), name=name, media_type=media_type, by=by, at=at)
    message = send_message(
        conversation=conversation,
        author=Message.Author.ADVISER,
        body=name,
        author_label=by.full_name,
        client_key=client_key,
        by=by,
        at=at,
    )
    if not message.attachments.exists():
        Attachment.objects.create(
            workspace_id=message.workspace_id, message=message, file=kept, name=name
        )
    return message
