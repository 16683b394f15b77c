"""What the jury reads of a candidate: what they wrote, sent and handed in, and the papers of X-02."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import mark_safe

from acquis.accounts.models import User
from acquis.certification.papers.actions.open_content import Purpose, read_content
from acquis.certification.papers.errors import SubjectNotForYou, SubjectStillSecret
from acquis.certification.papers.presentation import attachments
from acquis.certification.registrations.models import Proof
from acquis.certification.registrations.policy import for_jurors
from acquis.certification.sittings import queries, rich_text
from acquis.certification.sittings.models import Production, Sitting, SittingFile
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.documents.models import Letter
from acquis.practice.rooms.writing import EXCHANGES, PREPARATION, WRITTEN

Row = dict[str, Any]
_CONFIRMING = (Conversation.Channel.MAIL, Conversation.Channel.LETTER, Conversation.Channel.SMS)


def beside_the_role(sitting: Sitting, user: User) -> Row:
    """All of it for the cockpit, in a fixed number of queries."""
    return {
        "pieces": pieces(sitting),
        "letters": letters(sitting),
        "sent": sent(sitting),
        "papers": papers(sitting),
        "subject_files": subject_files(sitting, user),
        "deposits": sitting.files.filter(kind=SittingFile.Kind.DEPOSIT)
        .select_related("file")
        .order_by("key", "-version"),
    }


def pieces(sitting: Sitting) -> list[Row]:
    """What the candidate wrote, in the order of the editor; what is empty is left out."""
    written = queries.productions(sitting)
    return [
        {"piece": piece, **_text(written[piece.key])}
        for piece in (*WRITTEN, *PREPARATION, *EXCHANGES)
        if piece.key in written and written[piece.key].content.strip()
    ]


def _text(production: Production) -> Row:
    """A written piece as it is read: its HTML, cleaned once more, and how many words it has."""
    content, rich = production.content, production.rich
    return {
        "production": production,
        "html": mark_safe(rich_text.as_html(content, rich=rich)),
        "words": rich_text.word_count(content, rich=rich),
    }


def letters(sitting: Sitting) -> list[Letter]:
    """Letters written on the candidate's own desk during the exam, not those of its history."""
    if sitting.workspace_id is None or sitting.started_at is None:
        return []
    return list(
        Letter.objects.filter(
            workspace_id=sitting.workspace_id, created_at__gte=sitting.started_at
        ).select_related("customer")
    )


def sent(sitting: Sitting) -> list[Message]:
    """What the candidate sent in writing during the exam, chats apart: the confirmations of a call."""
    if sitting.workspace_id is None or sitting.started_at is None:
        return []
    return list(
        Message.objects.filter(
            workspace_id=sitting.workspace_id,
            author=Message.Author.ADVISER,
            sent_at__gte=sitting.started_at,
            conversation__channel__in=_CONFIRMING,
        )
        .select_related("conversation__customer")
        .order_by("sent_at", "pk")
    )


def subject_files(sitting: Sitting, user: User) -> list[Row]:
    """The files of the drawn subjects, for a juror of the session once it is open; none for others."""
    draws = sitting.candidate.draws.filter(subject__attachments__isnull=False)
    found: list[Row] = []
    for draw in draws.select_related("subject").distinct().order_by("kind"):
        try:
            content = read_content(draw=draw, by=user, purpose=Purpose.PLAY)
        except (SubjectNotForYou, SubjectStillSecret):
            return []
        found += [{"draw": draw, **entry} for entry in attachments(content["attachments"])]
    return found


def papers(sitting: Sitting) -> Sequence[Proof]:
    """The papers of the enrolment that its jury reads."""
    enrolment = sitting.candidate.enrolment
    return list(
        enrolment.proofs.filter(kind__in=for_jurors(enrolment.route), file__isnull=False)
        .select_related("file")
        .order_by("pk")
    )
