"""Everything that a candidate produced, in one sealed package that a stranger can check."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from acquis.accounts.models import User
from acquis.certification.sittings import policy, rich_text
from acquis.certification.sittings.models import Sitting, SittingFile, TimeGrant
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import transcripts
from acquis.desk.phone.models import Recording, Transcript
from acquis.kernel import files, trace
from acquis.practice.rooms import materials
from acquis.practice.rooms.errors import NotSealedYet
from acquis.practice.rooms.writing import EXCHANGES, PREPARATION, WRITTEN

PARIS = ZoneInfo("Europe/Paris")
MANIFEST = "manifeste.json"
_LETTER = (
    "pk", "state", "subject", "references", "place", "dated_on", "salutation", "body", "closing",
    "signature", "enclosures", "created_at", "saved_at", "finalised_at",
)  # fmt: skip
_MAIL = (
    "pk", "state", "from_address", "to", "cc", "bcc", "subject", "body", "quoted", "at",
    "conversation_id",
)  # fmt: skip
Json = dict[str, Any]


@transaction.atomic
def keep_calls(*, sitting: Sitting, by: User | None, at: datetime) -> int:
    """Keep the recorded calls of an exam with its other files, as long as them; returns how many.

    The desk lets its own recordings go after six months (G-08), an exam keeps what it produced five
    years (G-02): all were informed of both. Kept again, nothing is kept twice.
    """
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    kept = set(sitting.files.filter(kind=SittingFile.Kind.CALL).values_list("key", flat=True))
    ready = Recording.objects.filter(
        workspace_id=sitting.workspace_id or 0,
        state=Recording.State.READY,
        started_at__gte=sitting.started_at or at,
    ).select_related("file", "call__conversation")
    new = [(one, one.file) for one in ready if one.file and _call_key(one) not in kept]
    for one, file in new:
        SittingFile.objects.create(
            sitting=sitting,
            kind=SittingFile.Kind.CALL,
            key=_call_key(one),
            title=one.call.conversation.contact_label[:255],
            file=file,
            seconds=one.seconds,
            began_at=one.started_at,
            kept_at=at,
            keep_until=policy.keep_until(at.astimezone(PARIS).date()),
        )
    keep_transcripts(sitting=sitting, by=by, at=at)
    if new:
        prints = [file.sha256 for _one, file in new]
        trace.record("calls.kept", sitting, by=by, at=at, fingerprints=prints)
    return len(new)


@transaction.atomic
def keep_transcripts(*, sitting: Sitting, by: User | None, at: datetime) -> int:
    """Keep what a machine wrote down of the kept calls, each exactly as long as its call; how many are new."""
    kept = set(sitting.files.filter(kind=SittingFile.Kind.TRANSCRIPT).values_list("key", flat=True))
    whole = Transcript.objects.filter(
        workspace_id=sitting.workspace_id or 0, state=Transcript.State.READY
    ).select_related("recording__file")
    found = {_call_key(one.recording): one for one in whole}
    prints = []
    for call in sitting.files.filter(kind=SittingFile.Kind.CALL, key__in=found.keys() - kept):
        file = files.store(
            _json(_transcribed(found[call.key])),
            name=f"transcription-{call.key}.json",
            media_type="application/json",
            by=by,
            at=at,
        )
        SittingFile.objects.create(
            sitting=sitting,
            kind=SittingFile.Kind.TRANSCRIPT,
            key=call.key,
            title=call.title,
            file=file,
            kept_at=at,
            keep_until=call.keep_until,
        )
        prints.append(file.sha256)
    if prints:
        trace.record("transcripts.kept", sitting, by=by, at=at, fingerprints=prints)
    return len(prints)


def _transcribed(transcript: Transcript) -> Json:
    """The lines with what they are: a machine's, not a person's, nor the recording itself."""
    sound = transcript.recording.file
    return {
        "format": "acquis.transcript/1",
        "made_by": "machine",
        "notice": "Transcription automatique : aide à l’écoute, à vérifier à l’oreille.",
        "recording_sha256": sound.sha256 if sound else "",
        "model": transcript.model,
        "model_sha256": transcript.version,
        "engine": transcript.engine,
        "lines": [
            {
                "side": line.side,
                "speaker": line.speaker,
                "from_seconds": line.start,
                "to_seconds": line.end,
                "text": line.text,
                "confidence": round(line.confidence, 3),
                "words": line.words,
            }
            for line in transcripts.lines_in(transcript)
        ],
    }


def _call_key(recording: Recording) -> str:
    return f"call.{recording.call_id}.{recording.pk}"


@transaction.atomic
def gather_file(*, sitting: Sitting, by: User, at: datetime) -> SittingFile:
    """Put all that an exam produced in one ZIP with its manifest; gathered again, a new version.

    What has not changed since the last one gives the last one back. Raises NotSealedYet.
    """
    sitting = (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("candidate__session__version__framework", "candidate__enrolment__candidate")
        .get(pk=sitting.pk)
    )
    if not sitting.is_sealed:
        raise NotSealedYet
    keep_calls(sitting=sitting, by=by, at=at)
    content = packed(dict(_parts(sitting)))
    stored = files.store(
        content, name=f"dossier-{sitting.pk}.zip", media_type=files.ARCHIVE, by=by, at=at
    )
    packages = sitting.files.filter(kind=SittingFile.Kind.PACKAGE)
    last = packages.order_by("-version").first()
    if last is not None and last.file_id == stored.pk:
        return last
    package = SittingFile.objects.create(
        sitting=sitting,
        kind=SittingFile.Kind.PACKAGE,
        key="package",
        version=last.version + 1 if last else 1,
        title=stored.name,
        file=stored,
        kept_at=at,
        keep_until=policy.keep_until(at.astimezone(PARIS).date()),
    )
    trace.record(
        "file.gathered",
        sitting,
        by=by,
        at=at,
        version=package.version,
        sha256=stored.sha256,
        size=stored.size,
    )
    return package


def packed(parts: dict[str, bytes]) -> bytes:
    """A ZIP of these parts, the same bytes for the same parts, its manifest first.

    The manifest names each part with its size and SHA-256.
    """
    manifest = {
        "format": "acquis.sitting/1",
        "parts": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(parts.items())
        ],
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [(MANIFEST, _json(manifest)), *sorted(parts.items())]:
            archive.writestr(_entry(name), content)
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without the hour of the machine, which would make each package another one."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _json(value: Any) -> bytes:
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode()


def _parts(sitting: Sitting) -> Iterator[tuple[str, bytes]]:
    yield "epreuve.json", _json(_exam(sitting))
    yield "ecrits.json", _json(_texts(sitting))
    yield "ecrits.html", _readable(sitting).encode()
    yield "echanges.json", _json(_talks(sitting))
    yield "courriers.json", _json(_letters(sitting))
    yield "courriels.json", _json(_mails(sitting))
    yield "incidents.json", _json(_incidents(sitting))
    yield "journal.json", _json(_lines(sitting))
    kept = sitting.files.exclude(kind=SittingFile.Kind.PACKAGE).select_related("file")
    for one in kept:
        ending = one.file.name.rpartition(".")[2][:8]
        yield f"fichiers/{one.kind}-{one.pk}-v{one.version}.{ending}", files.read(one.file)
    for letter in materials.letters(sitting):
        if letter.file is not None:
            yield f"fichiers/lettre-{letter.pk}.pdf", files.read(letter.file)
    for mail in materials.mails(sitting):
        for joined in mail.files.all():
            ending = joined.name.rpartition(".")[2][:8]
            yield f"fichiers/courriel-{mail.pk}-{joined.pk}.{ending}", files.read(joined.file)


def _exam(sitting: Sitting) -> Json:
    candidate = sitting.candidate
    session = candidate.session
    return {
        "session": session.reference,
        "framework": session.version.framework.code,
        "edition": session.version.edition,
        "block": session.block,
        "candidate": candidate.enrolment.candidate.reference,
        "state": sitting.state,
        "started_at": sitting.started_at,
        "finished_at": sitting.finished_at,
        "abort_reason": sitting.abort_reason,
        "sealed_sha256": sitting.sealed_sha256,
        "phases": list(
            sitting.phases.values(
                "position", "code", "kind", "title", "minutes", "planned_seconds", "state",
                "started_at", "ends_at", "ended_at", "ended_reason",
            )
        ),
        "time_given": [
            {"phase": one.phase.code, "seconds": one.seconds, "reason": one.reason, "at": one.granted_at}
            for one in TimeGrant.objects.filter(phase__sitting=sitting).select_related("phase")
        ],
        "draws": [
            {
                "kind": one.kind, "subject__reference": one.subject.reference,
                "subject__sha256": one.subject.sha256, "drawn_at": one.drawn_at,
                "attachments": [file.sha256 for file in one.subject.attachments.all()],
            }
            for one in candidate.draws.select_related("subject")
            .defer("subject__sealed")
            .prefetch_related("subject__attachments")
        ],
        "files": list(
            sitting.files.exclude(kind=SittingFile.Kind.PACKAGE).values(
                "kind", "key", "version", "title", "file__sha256", "seconds", "began_at", "kept_at", "late"
            )
        ),
    }  # fmt: skip


def _texts(sitting: Sitting) -> list[Json]:
    return [
        {
            "key": one.key,
            "phase": one.phase.code,
            "content": one.content,
            "rich": one.rich,
            "words": rich_text.as_words(one.content, rich=one.rich),
            "seq": one.seq,
            "late": one.late,
            "revisions": list(
                one.revisions.values("seq", "content", "rich", "late", "conflicting", "saved_at")
            ),
        }
        for one in sitting.productions.select_related("phase").order_by("key")
    ]


def _readable(sitting: Sitting) -> str:
    """All that was written as a page that any browser reads, years later and without Acquis.

    In French whoever fetches it: the same exam gives the same bytes.
    """
    written = {one.key: one for one in sitting.productions.select_related("phase")}
    texts = [
        {
            "label": piece.label,
            "late": written[piece.key].late,
            "saved_at": written[piece.key].saved_at,
            "html": mark_safe(
                rich_text.as_html(written[piece.key].content, rich=written[piece.key].rich)
            ),
        }
        for piece in (*WRITTEN, *PREPARATION, *EXCHANGES)
        if piece.key in written
    ]
    context = {"sitting": sitting, "texts": texts, **materials.from_the_desk(sitting)}
    with translation.override("fr"):
        return render_to_string("rooms/package_texts.html", context)


def _talks(sitting: Sitting) -> list[Json]:
    found = (
        Conversation.objects.filter(
            workspace_id=sitting.workspace_id or 0, started_at__gte=sitting.started_at
        )
        if sitting.started_at
        else Conversation.objects.none()
    )
    return [
        {
            "id": one.pk,
            "exchange": one.played_key,
            "channel": one.channel,
            "direction": one.direction,
            "contact": one.contact_label,
            "customer": one.customer.reference if one.customer else None,
            "started_at": one.started_at,
            "answered_at": one.answered_at,
            "ended_at": one.ended_at,
            "reason": one.reason.code if one.reason else None,
            "outcome": one.outcome.code if one.outcome else None,
            "summary": one.summary,
            "messages": list(
                one.messages.order_by("position").values(
                    "author", "author_label", "body", "sent_at"
                )
            ),
        }
        for one in found.select_related("customer", "reason", "outcome").order_by("pk")
    ]


def _letters(sitting: Sitting) -> list[Json]:
    return [
        {
            **{name: getattr(one, name) for name in _LETTER},
            "customer": one.customer.reference,
            "file_sha256": one.file.sha256 if one.file else None,
            "posted": [
                {"method": posting.method, "on": posting.posted_on, "tracking": posting.tracking}
                for posting in one.postings.all()
                if posting.cancelled_at is None
            ],
        }
        for one in materials.letters(sitting)
    ]


def _mails(sitting: Sitting) -> list[Json]:
    """Those that did not leave too: what the candidate wrote in time is theirs."""
    return [
        {
            **{name: getattr(one, name) for name in _MAIL},
            "customer": one.customer.reference if one.customer else None,
            "files": [
                {"name": joined.name, "sha256": joined.file.sha256} for joined in one.files.all()
            ],
        }
        for one in materials.mails(sitting)
    ]


def _incidents(sitting: Sitting) -> list[Json]:
    fields = ("category", "effect", "description", "happened_at", "reported_at")
    return list(sitting.candidate.incidents.order_by("pk").values(*fields))


def _lines(sitting: Sitting) -> list[Json]:
    """The exam's own chain of fingerprints, without what gathering and reading added to it."""
    return [
        {
            "position": line.position,
            "at": line.at,
            "verb": line.verb,
            "data": line.data,
            "previous": line.previous,
            "fingerprint": line.fingerprint,
        }
        for line in trace.lines(sitting.trace_stream)
        if line.verb not in {"file.gathered", "file.opened"}
    ]
