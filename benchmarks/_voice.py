"""A call of two people, spoken by a synthesiser where the machine has one, as the two legs of a recording.

Pico (the package `ttspico`, or Debian's `pico2wave`) is understood well, espeak-ng badly: it is the last
resort. Nobody's voice is in it.
"""

import io
import re
import shutil
import subprocess
import tempfile
import unicodedata
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

RATE = 48_000
BREATH = 0.7  # seconds between two turns
ADVISER, CUSTOMER = "adviser", "customer"
TALK = (
    (ADVISER, "Service clients Verde, Camille à votre écoute, bonjour."),
    (CUSTOMER, "Bonjour, je vous appelle parce que mon robot de cuisine est arrivé cassé."),
    (ADVISER, "Je suis désolée de cette situation. Puis-je avoir votre nom et votre code postal ?"),
    (CUSTOMER, "Oui, madame Ferrand, et j’habite à Nantes."),
    (ADVISER, "Merci madame. Si j’ai bien compris, le robot ne marche plus depuis la livraison ?"),
    (CUSTOMER, "C’est bien cela. Le couvercle est fendu et le moteur ne tourne pas."),
    (ADVISER, "Je comprends votre déception. Je vérifie tout de suite dans votre dossier."),
    (CUSTOMER, "Merci, je patiente."),
    (ADVISER, "Vous avez droit à la garantie légale de conformité. Je vous propose un échange."),
    (CUSTOMER, "Et combien de temps cela va prendre ? J’en ai besoin pour samedi."),
    (ADVISER, "Le nouveau robot part demain matin, vous le recevrez avant vendredi."),
    (CUSTOMER, "D’accord, cela me convient."),
    (ADVISER, "Je vous envoie une confirmation par courriel. Avez-vous d’autres questions ?"),
    (CUSTOMER, "Non, merci beaucoup pour votre aide."),
    (ADVISER, "Je vous remercie de votre appel et vous souhaite une bonne journée. Au revoir."),
)
Speak = Callable[[str], "np.ndarray[Any, Any]"]


@dataclass(frozen=True)
class Leg:
    """What one person said: an Ogg/Opus file, its words, its length in seconds."""

    side: str
    content: bytes
    words: list[str]
    seconds: float


def synthesiser() -> tuple[str, Speak] | None:
    """The best voice of this machine with its name; None where it has none."""
    if find_spec("ttspico") is not None:
        return "pico", _by_ttspico
    if shutil.which("pico2wave"):
        return "pico", _by_pico2wave
    if shutil.which("espeak-ng"):
        return "espeak-ng", _by_espeak
    return None


def _by_ttspico(text: str) -> "np.ndarray[Any, Any]":
    from ttspico import TtsEngine

    return _at_48(np.frombuffer(TtsEngine("fr-FR").speak(text), np.int16), 16_000)


def _by_pico2wave(text: str) -> "np.ndarray[Any, Any]":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "voice.wav"
        subprocess.run(["pico2wave", "-l", "fr-FR", "-w", str(made), text], check=True)
        return _of_wave(made.read_bytes())


def _by_espeak(text: str) -> "np.ndarray[Any, Any]":
    command = ["espeak-ng", "-v", "fr", "-s", "140", "--stdout", text]
    return _of_wave(subprocess.run(command, check=True, capture_output=True).stdout)


def _of_wave(content: bytes) -> "np.ndarray[Any, Any]":
    with wave.open(io.BytesIO(content)) as sound:
        # espeak writes to a pipe a length that it does not know: what is there is what counts.
        samples = np.frombuffer(sound.readframes(len(content) // 2), np.int16)
        return _at_48(samples, sound.getframerate())


def _at_48(samples: "np.ndarray[Any, Any]", rate: int) -> "np.ndarray[Any, Any]":
    length = int(len(samples) * RATE / rate)
    places = np.arange(length) * rate / RATE
    return np.interp(places, np.arange(len(samples)), samples / 32_768)


def legs(speak: Speak, *, times: int = 1, talk: Sequence[tuple[str, str]] = TALK) -> list[Leg]:
    """The talk, so many times: each leg is silent while the other speaks."""
    from acquis.kernel.media.opus import FRAME, OggWriter
    from acquis.kernel.media.tones import encoded

    spoken = [(side, text, speak(text)) for side, text in talk]
    pause = np.zeros(int(BREATH * RATE))
    found = []
    for wanted in (CUSTOMER, ADVISER):
        pieces = []
        for side, _text, sound in spoken * times:
            pieces += [sound if side == wanted else np.zeros(len(sound)), pause]
        whole = np.concatenate(pieces)
        whole = whole[: len(whole) // FRAME * FRAME]
        writer = OggWriter()
        content = writer.start() + b"".join(map(writer.add, encoded(whole))) + writer.close()
        said = words_of(" ".join(text for side, text in talk if side == wanted))
        found.append(Leg(wanted, content, said * times, len(whole) / RATE))
    return found


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: no capitals, no punctuation, accents kept."""
    folded = unicodedata.normalize("NFC", text.casefold().replace("’", "'"))
    return re.findall(r"[^\W_]+", folded)


def errors(heard: Sequence[str], said: Sequence[str]) -> int:
    """Words left out, added or taken for others."""
    return int(Levenshtein.distance(list(heard), list(said)))
