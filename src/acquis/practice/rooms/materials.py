"""What the jury reads of a candidate: what they wrote, sent and handed in, and the papers of X-02."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import mark_safe

from acquis.accounts.models import User
from acquis.certification.exam_sessions.deliverables import asked as asked_documents
from acquis.certification.papers.actions.open_content import Purpose, read_content
from acquis.certification.papers.errors import SubjectNotForYou, SubjectStillSecret
from acquis.certification.papers.models import Draw, Subject
from acquis.certification.papers.policy import candidate_side
from acquis.certification.papers.presentation import attachments
from acquis.certification.registrations.models import Proof
from acquis.certification.registrations.policy import for_jurors
from acquis.certification.sittings import queries, rich_text
from acquis.certification.sittings.models import Phase, Production, Sitting, SittingFile
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.documents.models import Letter
from acquis.desk.mail.models import Mail
from acquis.practice.rooms.subjects import dated_content
from acquis.practice.rooms.writing import EXCHANGES, PREPARATION, WRITTEN

Row = dict[str, Any]
NEVER = datetime.max.replace(tzinfo=UTC)  # of an exam that has not begun
_CONFIRMING = (Conversation.Channel.MAIL, Conversation.Channel.LETTER, Conversation.Channel.SMS)
_AT_A_DESK = (Phase.Kind.WRITTEN, Phase.Kind.PREPARATION, Phase.Kind.EXCHANGES)


def beside_the_role(sitting: Sitting, user: User) -> Row:
    """All of it for the cockpit, in a fixed number of queries."""
    return {
        "pieces": pieces(sitting),
        **from_the_desk(sitting),
        "papers": papers(sitting),
        "subject_asked": asked(sitting, user),
        "subject_files": subject_files(sitting, user),
        "deposits": deposits(sitting),
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


def from_the_desk(sitting: Sitting) -> Row:
    """What the candidate wrote to customers, chats apart: letters, e-mails, other messages.

    `from_desk` is how many they are; `desk_closed_at` when the last part at the desk ended, None while
    one is to come or under way: what is written later comes after its time.
    """
    parts = sitting.phases.filter(kind__in=_AT_A_DESK)
    ends = list(parts.values_list("ended_at", flat=True))
    written = {"letters": letters(sitting), "mails": mails(sitting), "sent": sent(sitting)}
    return {
        **written,
        "from_desk": sum(len(rows) for rows in written.values()),
        "desk_closed_at": max(end for end in ends if end) if ends and all(ends) else None,
    }


def letters(sitting: Sitting) -> QuerySet[Letter]:
    """Letters written on the candidate's own desk during the exam, not those of its history."""
    return (
        Letter.objects.filter(
            workspace_id=sitting.workspace_id or 0, created_at__gte=sitting.started_at or NEVER
        )
        .select_related("customer", "file")
        .prefetch_related("postings")
        .order_by("created_at", "pk")
    )


def mails(sitting: Sitting) -> QuerySet[Mail]:
    """E-mails that the candidate wrote during the exam, those that did not leave included."""
    return (
        Mail.objects.filter(
            workspace_id=sitting.workspace_id or 0, at__gte=sitting.started_at or NEVER
        )
        .exclude(state=Mail.State.RECEIVED)
        .exclude(kind=Mail.Kind.AUTOMATIC)
        .select_related("customer")
        .prefetch_related("files__file")
        .order_by("at", "pk")
    )


def sent(sitting: Sitting) -> QuerySet[Message]:
    """What else the candidate sent in writing during the exam, chats and e-mails apart."""
    return (
        Message.objects.filter(
            workspace_id=sitting.workspace_id or 0,
            author=Message.Author.ADVISER,
            sent_at__gte=sitting.started_at or NEVER,
            conversation__channel__in=_CONFIRMING,
            mail__isnull=True,
        )
        .select_related("conversation__customer")
        .order_by("sent_at", "pk")
    )


def asked(sitting: Sitting, user: User) -> Row | None:
    """What the drawn written subject asked of the candidate, for a juror of the session; None for others."""
    drawn = Draw.objects.filter(candidate=sitting.candidate_id, kind=Subject.Kind.WRITTEN)
    draw = drawn.select_related("subject").first()
    if draw is None:
        return None
    try:
        content = read_content(draw=draw, by=user, purpose=Purpose.PLAY)
    except (SubjectNotForYou, SubjectStillSecret):
        return None
    return {"draw": draw, "subject": dated_content(candidate_side(content), sitting)}


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


def deposits(sitting: Sitting) -> list[Row]:
    """The documents handed in, the last version of each first, with what the framework calls it."""
    found = list(
        sitting.files.filter(kind=SittingFile.Kind.DEPOSIT)
        .select_related("file", "phase")
        .order_by("phase__position", "key", "-version")
    )
    if not found:
        return []
    session = sitting.candidate.session
    wanted = asked_documents(session.version.content, session.block)
    names = {one.key: one.title for part in wanted.values() for one in part}
    return [{"kept": one, "name": names.get(one.key, "")} for one in found]


def papers(sitting: Sitting) -> Sequence[Proof]:
    """The papers of the enrolment that its jury reads."""
    enrolment = sitting.candidate.enrolment
    return list(
        enrolment.proofs.filter(kind__in=for_jurors(enrolment.route), file__isnull=False)
        .select_related("file")
        .order_by("pk")
    )
