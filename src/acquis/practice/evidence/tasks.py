from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from acquis.certification.appeals.contributing import Fact, contributor
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.sittings.models import Sitting
from acquis.desk.phone.actions.transcribe_recording import TRANSCRIBED
from acquis.kernel import jobs, outbox
from acquis.practice.evidence.actions.read_evidence import read_evidence
from acquis.practice.evidence.queries import is_fixed, last_reading, readable
from acquis.practice.evidence.spoken import words_by_ref


@outbox.handler("sitting.produced")
def queue_reading(payload: dict[str, Any]) -> None:
    """What the jury will read beside its criteria is gathered once the exchanges, then all, are over.

    Whoever ended them: the candidate, the invigilator, or the clock.
    """
    sitting = Sitting.objects.only("pk", "state").get(pk=payload["sitting"])
    jobs.enqueue(
        "evidence.read",
        by=None,
        at=timezone.now(),
        args={"sitting": sitting.pk},
        unique_key=f"evidence.read:{sitting.pk}:{sitting.state}",
    )


@outbox.handler(TRANSCRIBED)
def read_what_was_heard(payload: dict[str, Any]) -> None:
    """A call was transcribed after the evidence was read, or might have been: it is read again.

    Not once the deliberation is closed: what the jury decided on stays as it was.
    """
    sitting = Sitting.objects.filter(workspace_id=payload["workspace"]).first()
    if sitting is None or not readable(sitting) or is_fixed(sitting.candidate_id):
        return
    jobs.enqueue(
        "evidence.read",
        by=None,
        at=timezone.now(),
        args={"sitting": sitting.pk},
        unique_key=f"evidence.read:{sitting.pk}:heard:{payload['recording']}",
    )


@jobs.job("evidence.read", title=gettext_lazy("Lecture des preuves"))
def read(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Read the evidence of one sitting, once its exam is over."""
    sitting = Sitting.objects.select_related("workspace", "candidate__session__version").get(
        pk=args["sitting"]
    )
    progress(0, 1, gettext("Lecture des échanges et des écrits"))
    kept = read_evidence(sitting=sitting, by=None, at=timezone.now())
    progress(1, 1, gettext("Terminé"))
    return {"notes": [gettext("%(n)s observations") % {"n": len(kept)}]}


@contributor
def facts_of_the_exam(seat: SessionCandidate) -> Iterator[Fact]:
    """The observations of the last reading, for the file of an appeal; a juror's own notes never."""
    sitting = Sitting.objects.filter(candidate=seat).first()
    words = words_by_ref(sitting.workspace_id) if sitting is not None else {}
    for one in last_reading(seat.pk):
        moments = [
            " – ".join(part for part in (moment["label"], _excerpt(moment, words)) if part)
            for moment in one.moments
        ]
        yield Fact(title=one.title, lines=(one.statement, *moments))


def _excerpt(moment: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """What stood there; of a line that a machine heard, said to be so."""
    heard = words.get(moment["ref"])
    if heard is None:
        return str(moment.get("excerpt", ""))
    return f"{heard} ({gettext('transcription automatique')})"
