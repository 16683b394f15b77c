import sys
from pathlib import Path

import psutil
import pytest

from acquis.kernel.speech import SpeechInterrupted, SpeechUnavailable, Word
from acquis.kernel.speech.process import SeparateTranscriber, whisper


def ears(what: str) -> SeparateTranscriber:
    return SeparateTranscriber([sys.executable, str(Path(__file__).parent / "fake_ears.py"), what])


def test_words_come_as_they_are_heard_sound_after_sound() -> None:
    with ears("hear") as machine:
        assert (machine.model, machine.version) == ("modele-essai", "b" * 64)
        assert list(machine.words(b"bonjour madame")) == [
            Word("bonjour", 0.0, 0.5, 0.75),
            Word("madame", 1.0, 1.5, 0.75),
        ]
        assert list(machine.words(b"")) == []
        assert [word.text for word in machine.words(b"oui")] == ["oui"]


def test_the_process_ends_with_whoever_began_it() -> None:
    with ears("hear") as machine:
        process = psutil.Process(machine.pid)
        assert process.is_running()
    assert not process.is_running()


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acquis.kernel.speech.process.PATIENCE", 0.1)
    with ears("stay") as machine:
        process = psutil.Process(machine.pid)
        assert next(machine.words(b"oui non")).text == "oui"
    assert not process.is_running()


def test_a_model_that_cannot_be_read_is_told_with_its_reason() -> None:
    with pytest.raises(SpeechUnavailable, match=r"model\.bin"), ears("fault"):
        pass


def test_a_sound_that_cannot_be_read_is_told_and_the_next_is_heard() -> None:
    with ears("refuse") as machine:
        for _ in range(2):
            with pytest.raises(SpeechUnavailable, match="no sound"):
                list(machine.words(b"rien"))


def test_a_process_that_dies_is_an_interruption_that_may_be_begun_again() -> None:
    with ears("die") as machine:
        heard = machine.words(b"oui non")
        assert next(heard).text == "oui"
        with pytest.raises(SpeechInterrupted):
            next(heard)
        with pytest.raises(SpeechInterrupted):
            list(machine.words(b"x" * 1_000_000))


def test_the_real_process_says_what_is_missing(tmp_path: Path) -> None:
    """Whether the extra is installed or not: there is no model in that folder."""
    with (
        pytest.raises(SpeechUnavailable),
        whisper(model=tmp_path, threads=1, lock=tmp_path / "lock"),
    ):
        pass
