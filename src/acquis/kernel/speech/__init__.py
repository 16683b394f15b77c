"""Speech to text: one interface, behind it a model that the operator supplies. Nothing depends on it.

`transcriber()` gives what can hear, or None where the extra or the model is absent.
"""

from acquis.kernel.speech.checks import transcriber
from acquis.kernel.speech.heard import Line, Transcriber, Word, lines_of
from acquis.kernel.speech.process import SpeechInterrupted, SpeechUnavailable

__all__ = [
    "Line",
    "SpeechInterrupted",
    "SpeechUnavailable",
    "Transcriber",
    "Word",
    "lines_of",
    "transcriber",
]
