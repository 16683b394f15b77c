"""What lies sealed in a transcript, as lines and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from acquis.desk.phone.models import Transcript
from acquis.desk.phone.policy import SpokenLine
from acquis.kernel import crypto


def as_bytes(lines: Sequence[SpokenLine]) -> bytes:
    """The lines as JSON, the same bytes for the same lines: what a fingerprint is made of."""
    return json.dumps([asdict(line) for line in lines], ensure_ascii=False).encode()


def lines_in(transcript: Transcript) -> list[SpokenLine]:
    """The lines of a transcript, in the order of time once it is whole."""
    if not transcript.sealed:
        return []
    return [
        SpokenLine(
            one["side"],
            one["speaker"],
            one["start"],
            one["end"],
            tuple((text, confidence) for text, confidence in one["words"]),
        )
        for one in json.loads(crypto.unseal(bytes(transcript.sealed)))
    ]
