"""The places of a candidate's file where a juror may set a moment, each with its anchor in the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.sittings import rich_text
from acquis.certification.sittings.models import Sitting, SittingFile
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.documents.models import Letter
from acquis.desk.mail.models import Mail
from acquis.desk.phone.models import Recording
from acquis.kernel import trace
from acquis.practice.evidence.gathering import LABELS
from acquis.practice.evidence.models import MomentNote
from acquis.practice.evidence.sources import position
from acquis.practice.evidence.spoken import line_at

EXCERPT = 300  # characters copied with a moment
NEVER = datetime.max.replace(tzinfo=UTC)  # of an exam that has not begun


@dataclass(frozen=True, slots=True)
class Place:
    """Where a moment may be: `ref` is its anchor, `seconds` the length of a sound, 0 for others.

    A line that a machine heard has its own `passage`, from and to in whole seconds of its recording.
    """

    ref: str
    group: str
    label: str
    excerpt: str
    at: datetime | None
    seconds: float = 0
    passage: tuple[int, int] | None = None


def place_at(sitting: Sitting, reader: User, ref: str) -> Place | None:
    """The place of this anchor; None when the candidate's file has none, or it is another's note."""
    if ref.startswith("act-"):
        return next((one for one in _acts(sitting) if one.ref == ref), None)
    if ref.startswith("line-"):
        return _line(sitting, ref)
    return next((one for one in places(sitting, reader) if one.ref == ref), None)


def places(sitting: Sitting, reader: User) -> list[Place]:
    """Every place but the lines of the desk's trace and of transcripts, in a fixed number of queries."""
    return [
        *_messages(sitting),
        *_recordings(sitting),
        *_written(sitting),
        *_from_desk(sitting),
        *_qualifications(sitting),
        *_files(sitting),
        *_notes(sitting, reader),
    ]


def _played(sitting: Sitting) -> list[Conversation]:
    """The contacts of the exam: those of its scenario, and those that began during it."""
    rows = Conversation.objects.filter(workspace_id=sitting.workspace_id or 0)
    began = sitting.started_at or NEVER
    return [one for one in rows.order_by("started_at") if one.played_key or one.started_at >= began]


def _messages(sitting: Sitting) -> Iterator[Place]:
    keys = [one.pk for one in _played(sitting)]
    rows = Message.objects.filter(conversation__in=keys).select_related("conversation")
    for row in rows.order_by("sent_at", "pk"):
        who = row.author_label or row.get_author_display()
        label = f"{row.conversation.get_channel_display()} – {who}"
        yield Place(
            f"message-{row.pk}", _("Échanges écrits"), label, row.body[:EXCERPT], row.sent_at
        )


def _recordings(sitting: Sitting) -> Iterator[Place]:
    rows = Recording.objects.filter(workspace_id=sitting.workspace_id or 0)
    for row in rows.exclude(state=Recording.State.DELETED).order_by("pk"):
        yield Place(
            f"recording-{row.pk}",
            _("Enregistrements"),
            _("Appel enregistré"),
            "",
            row.started_at,
            row.seconds,
        )


def _line(sitting: Sitting, ref: str) -> Place | None:
    """A line of a transcript: its words are read here and copied nowhere."""
    found = line_at(sitting.workspace_id, ref)
    if found is None or found[0].state != Recording.State.READY:
        return None
    recording, shown = found
    began = recording.started_at
    label = _("%(speaker)s, à %(position)s de l’appel enregistré") % {
        "speaker": shown.line.speaker,
        "position": position(shown.line.start),
    }
    return Place(
        ref,
        _("Paroles transcrites"),
        label,
        shown.line.text,
        began + timedelta(seconds=shown.seconds) if began else None,
        recording.seconds,
        shown.passage,
    )


def _written(sitting: Sitting) -> Iterator[Place]:
    for row in sitting.productions.filter(key__in=LABELS).order_by("pk"):
        text = rich_text.as_words(row.content, rich=row.rich)
        if text.strip():
            ref, label = f"production-{row.key}", LABELS[row.key]
            yield Place(ref, _("Écrits"), label, text[:EXCERPT], row.saved_at)


def _from_desk(sitting: Sitting) -> Iterator[Place]:
    began, workspace = sitting.started_at or NEVER, sitting.workspace_id or 0
    group = _("Courriers du poste")
    for letter in Letter.objects.filter(workspace_id=workspace, created_at__gte=began):
        label = f"{_('Lettre')} · {letter.subject or _('sans objet')}"
        yield Place(f"letter-{letter.pk}", group, label, letter.body[:EXCERPT], letter.saved_at)
    for mail in Mail.objects.filter(workspace_id=workspace, at__gte=began).exclude(
        state=Mail.State.RECEIVED
    ):
        label = f"{_('Courriel')} · {mail.subject or _('sans objet')}"
        yield Place(f"mail-{mail.pk}", group, label, mail.body[:EXCERPT], mail.at)


def _qualifications(sitting: Sitting) -> Iterator[Place]:
    for row in _played(sitting):
        if row.ended_at is not None:
            label = f"{_('Champs enregistrés')} – {row.contact_label}"
            yield Place(
                f"qualification-{row.pk}",
                _("Champs"),
                label,
                row.summary[:EXCERPT],
                row.qualified_at,
            )


def _files(sitting: Sitting) -> Iterator[Place]:
    wanted = (SittingFile.Kind.ANSWER, SittingFile.Kind.DEPOSIT)
    for row in sitting.files.filter(kind__in=wanted).order_by("pk"):
        sound = row.kind == SittingFile.Kind.ANSWER
        group = _("Enregistrements") if sound else _("Documents remis")
        seconds = row.seconds if sound else 0
        at = row.began_at or row.kept_at
        yield Place(f"file-{row.pk}", group, row.title or str(row.key), "", at, seconds)


def _notes(sitting: Sitting, reader: User) -> Iterator[Place]:
    """The reader's own notes of the cockpit."""
    rows = MomentNote.objects.filter(candidate=sitting.candidate_id, author=reader)
    for row in rows:
        at = f"{localtime(row.noted_at):%H:%M:%S}"
        label = _("Note prise à %(at)s") % {"at": at}
        yield Place(f"note-{row.pk}", _("Vos notes"), label, row.body[:EXCERPT], row.noted_at)


def _acts(sitting: Sitting) -> Iterator[Place]:
    if sitting.workspace_id is None:
        return
    for line in trace.lines(f"workspace:{sitting.workspace_id}"):
        label = f"{line.verb} · {line.actor_label}"
        yield Place(f"act-{line.position}", _("Journal du poste"), label, "", line.at)
