"""`acquis transcription`: is it on, with which model, what waits; `--again` asks for what is missing."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from acquis.desk.phone.actions.transcribe_recording import ask_transcript
from acquis.desk.phone.models import Recording, Transcript
from acquis.kernel.speech import checks


def run(argv: Sequence[str]) -> int:
    """Exit status: 0 while transcription is on or nobody wants it, 1 when something has to be mended."""
    parser = argparse.ArgumentParser(prog="acquis transcription")
    parser.add_argument("--again", action="store_true", help="redemande ce qui manque ou a échoué")
    options = parser.parse_args(argv)
    for reason in checks.reasons():
        _say(reason)
    if checks.reasons():
        return 1 if checks.is_wanted() else 0
    with (Path(str(settings.TRANSCRIPTION["model"])) / "model.bin").open("rb") as weights:
        digest = hashlib.file_digest(weights, "sha256").hexdigest()
    _say(f"La transcription des appels est allumée. SHA-256 de model.bin : {digest}")
    if options.again:
        _say(f"Redemandées : {_ask_again()}")
    rows = Transcript.objects.order_by("state").values_list("state").annotate(rows=Count("pk"))
    for state, count in rows:
        _say(f"{Transcript.State(state).label} : {count}")
    return 0


def _ask_again() -> int:
    """Queue every recording that may be transcribed and is not; how many."""
    asked = 0
    known = Transcript.objects.exclude(state=Transcript.State.FAILED).values("recording")
    for recording in Recording.objects.filter(state=Recording.State.READY).exclude(pk__in=known):
        asked += ask_transcript(recording=recording, at=timezone.now()) is not None
    return asked


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
