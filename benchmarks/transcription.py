"""A recorded call heard by the real model, in its own process: how fast, how well, how much memory."""

import os
import time
from pathlib import Path

from benchmarks import _voice

NAME = "transcription"
TITLE = "a synthesised call heard by the model of ACQUIS_TRANSCRIPTION_MODEL; size = times it is repeated"
SIZES = (1, 5)


def run(size: int, engine: str) -> dict[str, float]:  # noqa: ARG001  no database is read
    """Both legs of the call, one after the other. Without the extra, a model or a voice: says so and ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings.base")
    import django

    django.setup()
    from acquis.kernel.speech import checks

    found, machine = _voice.synthesiser(), checks.separate()
    if machine is None:
        raise SystemExit(" ".join(checks.reasons()))
    if found is None:
        raise SystemExit("No synthesiser: pip install ttspico, or apt-get install espeak-ng.")
    call = _voice.legs(found[1], times=size)
    sound = sum(leg.seconds for leg in call)
    wrong = said = 0
    start = time.perf_counter()
    with machine:
        loaded = time.perf_counter() - start
        start = time.perf_counter()
        for leg in call:
            heard = " ".join(word.text for word in machine.words(leg.content))
            wrong += _voice.errors(_voice.words_of(heard), leg.words)
            said += len(leg.words)
        took = time.perf_counter() - start
        peak, processor = _of_process(machine.pid)
    return {
        "sound_s": round(sound, 1),
        "load_s": round(loaded, 2),
        "took_s": round(took, 2),
        "took_of_sound_percent": round(100 * took / sound, 1),
        "processor_of_sound_percent": round(100 * processor / sound, 1),
        "words_count": said,
        "word_errors_percent": round(100 * wrong / said, 1),
        "peak_mb": peak,
    }


def _of_process(pid: int) -> tuple[float, float]:
    """The most memory that a living process ever had, and the seconds of processor that it used."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return round(int(peak) / 1024, 1), ticks / os.sysconf("SC_CLK_TCK")
