"""What pages that show mail are told."""

from datetime import datetime

from acquis.desk.mail.models import Mail
from acquis.kernel import realtime


def announce_mail(mail: Mail, *, what: str, at: datetime) -> None:
    """Tell the open pages, after commit, that this mail changed."""
    facts = {"what": f"mail-{what}", "mail": mail.pk}
    realtime.publish(f"workspace:{mail.workspace_id}", at=at, **facts)
    if mail.conversation_id is not None:
        realtime.publish(f"conversation:{mail.conversation_id}", at=at, **facts)
