"""Whether speech can be transcribed here, said before anybody asks."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Warning, register  # noqa: A004  their name
from django.utils.translation import gettext_lazy as _

from acquis.kernel.speech.heard import Transcriber
from acquis.kernel.speech.process import SeparateTranscriber, whisper

NEEDED = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
_OFF = _("La transcription des appels est éteinte : ACQUIS_TRANSCRIPTION_MODEL n’est pas donné.")
_ABSENT = _(
    "ACQUIS_TRANSCRIPTION_MODEL est donné, mais l’extra n’est pas installé : "
    "pip install 'acquis[transcription]'."
)
_NO_FILE = _("ACQUIS_TRANSCRIPTION_MODEL nomme un dossier où il manque %(name)s : %(folder)s.")
_THREADS = _("ACQUIS_TRANSCRIPTION_THREADS vaut 1 ou plus.")


def is_wanted() -> bool:
    return bool(settings.TRANSCRIPTION["model"])


def problems() -> list[str]:
    """What an operator who asks for transcription has to mend; each in a sentence."""
    if not is_wanted():
        return []
    folder = Path(settings.TRANSCRIPTION["model"])
    words = [
        str(_NO_FILE) % {"name": name, "folder": folder}
        for name in NEEDED
        if not (folder / name).is_file()
    ]
    if settings.TRANSCRIPTION["threads"] < 1:
        words.append(str(_THREADS))
    if find_spec("faster_whisper") is None:
        words.append(str(_ABSENT))
    return words


def transcriber() -> Transcriber | None:
    """What hears, to be entered before it is used; None while transcription is off."""
    return separate()


def separate() -> SeparateTranscriber | None:
    if reasons():
        return None
    return whisper(
        model=Path(settings.TRANSCRIPTION["model"]),
        threads=settings.TRANSCRIPTION["threads"],
        lock=Path(settings.TRANSCRIPTION["lock"]),
    )


def reasons() -> list[str]:
    """Why transcription is off; nothing while it is on."""
    return problems() if is_wanted() else [str(_OFF)]


@register()
def check_transcription(**_kwargs: Any) -> list[CheckMessage]:
    """Never an error: nothing depends on it."""
    return [Warning(words, id="acquis.transcription") for words in problems()]


@register(deploy=True)
def tell_that_it_is_off(**_kwargs: Any) -> list[CheckMessage]:
    return [] if is_wanted() else [Info(str(_OFF), id="acquis.transcription_off")]
