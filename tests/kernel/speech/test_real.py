"""The real process with real weights hears a synthesised call, where the machine has all three.

`pip install 'acquis[transcription]' ttspico`, ACQUIS_TRANSCRIPTION_MODEL: docs/transcription.md.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from acquis.kernel.speech import SpeechUnavailable, lines_of
from acquis.kernel.speech.process import whisper
from benchmarks import _voice

MODEL = os.environ.get("ACQUIS_TRANSCRIPTION_MODEL", "")
FOUND = _voice.synthesiser()
TALK = (
    ("adviser", "Service clients, bonjour."),
    ("customer", "Bonjour madame, mon robot de cuisine est arrivé cassé."),
    ("adviser", "Vous avez droit à la garantie légale de conformité."),
    ("customer", "Merci beaucoup pour votre aide."),
)

pytestmark = [
    pytest.mark.skipif(find_spec("faster_whisper") is None, reason="no acquis[transcription]"),
    pytest.mark.skipif(not Path(MODEL, "model.bin").is_file(), reason="no model of Whisper"),
    pytest.mark.skipif(FOUND is None, reason="no synthesiser: ttspico, pico2wave or espeak-ng"),
]


def test_each_leg_gives_what_its_person_said_where_it_was_said(tmp_path: Path) -> None:
    assert FOUND is not None
    customer, adviser = _voice.legs(FOUND[1], talk=TALK)
    with whisper(model=Path(MODEL), threads=1, lock=tmp_path / "lock") as machine:
        assert psutil.Process(machine.pid).nice() == 19
        of_customer = lines_of(machine.words(customer.content))
        of_adviser = lines_of(machine.words(adviser.content))
        with pytest.raises(SpeechUnavailable):
            list(machine.words(b"no sound at all"))

    assert machine.version
    assert machine.engine.startswith("faster-whisper ")
    said = _voice.words_of(" ".join(line.text for line in of_customer))
    answered = _voice.words_of(" ".join(line.text for line in of_adviser))
    assert {"robot", "cuisine", "merci"} & set(said)
    assert {"garantie", "conformité", "service"} & set(answered)
    assert of_adviser[0].start < of_customer[0].start < of_adviser[-1].start < of_customer[-1].start
    assert of_customer[-1].end <= customer.seconds + 1
    assert all(0 <= line.confidence <= 1 for line in [*of_customer, *of_adviser])
