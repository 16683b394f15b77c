"""The French checker: what it finds on labelled sentences, where it says it is, how it survives."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from acquis.kernel import writing
from acquis.kernel.writing import check as exported
from acquis.kernel.writing.rules import RULES
from tests.kernel.writing.sentences import MISSPELT, RIGHT, UNGRAMMATICAL

checker = sys.modules["acquis.kernel.writing.check"]


@pytest.fixture
def grammalecte() -> None:
    if writing.engine() != "grammalecte":
        pytest.skip("Grammalecte is a system package that this machine does not have")


@pytest.fixture
def dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the system package."""
    monkeypatch.setattr(checker, "GRAMMALECTE", Path("/nowhere/grammalecte"))


def measured(right: Iterable[str], wrong: Iterable[str]) -> tuple[float, float]:
    """Precision and recall over sentences: remarked or not."""
    false = [sentence for sentence in right if writing.check(sentence)]
    wrong = list(wrong)
    true = [sentence for sentence in wrong if writing.check(sentence)]
    precision, recall = len(true) / max(1, len(true) + len(false)), len(true) / len(wrong)
    print(f"{writing.engine()}: precision {precision:.2f}, recall {recall:.2f}, false {false}")  # noqa: T201  read with -s
    return precision, recall


@pytest.mark.usefixtures("grammalecte")
def test_grammalecte_is_precise_and_finds_most_mistakes():
    precision, recall = measured(RIGHT, MISSPELT + UNGRAMMATICAL)
    assert precision >= 0.95
    assert recall >= 0.8


@pytest.mark.usefixtures("dictionary")
def test_the_dictionary_finds_spelling_and_blames_no_right_sentence():
    precision, recall = measured(RIGHT, MISSPELT)
    assert writing.engine() == "dictionnaire"
    assert precision >= 0.95
    assert recall >= 0.8


@pytest.mark.parametrize("sentence", RIGHT)
def test_no_rule_of_ours_blames_a_right_sentence(sentence: str):
    straight = sentence.replace("’", "'")
    assert [rule.message for rule in RULES if rule.pattern.search(straight)] == []


@pytest.mark.usefixtures("dictionary")
@pytest.mark.parametrize(
    ("sentence", "words", "suggestion"),
    [
        ("Votre colis à été livré.", "à", "a"),
        ("Si j’aurais su, je serais venu.", "Si j’aurais", "Si j'avais"),
        ("Vous trouverez si-jointe la facture.", "si-jointe", "ci-jointe"),
        ("Nous avons pris en conte ceci.", "pris en conte", "pris en compte"),
        ("Notre envoie est parti.", "Notre envoie", "Notre envoi"),
        ("C’est dernières semaines.", "C’est", "ces"),
    ],
)
def test_a_rule_marks_the_words_and_proposes_them_right(sentence: str, words: str, suggestion: str):
    (remark,) = [one for one in writing.check(sentence) if one.kind == "grammar"]
    assert remark.text == words
    assert remark.suggestions == (suggestion,)


@pytest.fixture(params=["grammalecte", "dictionary"])
def either(request: pytest.FixtureRequest) -> str:
    request.getfixturevalue(request.param)
    return str(request.param)


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n"])
def test_offsets_are_those_of_the_whole_text(line_end: str):
    text = line_end.join(["Bonjour 😀 Madame,", "Votre demmande 🎁 est ici.", "Un recut."])
    remarks = [one for one in writing.check(text) if one.kind == "spelling"]
    assert [text[one.start : one.end] for one in remarks] == ["demmande", "recut"]
    assert [one.text for one in remarks] == ["demmande", "recut"]
    assert remarks[0].sentence == "Votre demmande 🎁 est ici."


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("text", ["", "   ", "\n\r\n", "😀", "12,50 €"])
def test_a_text_without_words_has_no_remark(text: str):
    assert writing.check(text) == []


@pytest.mark.usefixtures("either")
def test_names_given_as_known_are_never_remarked():
    text = "Cet avis d’ollivreau compte. Le produit quintardin plaît à zefyrine."
    names = ["Mme Zefyrine Ollivreau-Brec", "Quintardin"]
    assert writing.check(text)
    assert [one.text for one in writing.check(text, known=names)] == []


@pytest.mark.usefixtures("either")
def test_a_long_text_is_read_to_its_end():
    paragraph = "Nous avons bien noté votre demande et nous vous répondrons sous cinq jours. " * 4
    text = "\n".join([paragraph] * 40)[:9980] + "\nVotre demmande."
    before = time.monotonic()
    remarks = writing.check(text)
    print(f"{len(text)} characters in {time.monotonic() - before:.2f} s")  # noqa: T201  read with -s
    assert remarks[-1].text == "demmande"
    assert text[remarks[-1].start : remarks[-1].end] == "demmande"


@pytest.mark.usefixtures("grammalecte")
def test_a_checker_that_died_is_started_again():
    assert exported("Votre demmande.")
    first = checker.GRAMMALECTE_PROCESS.process
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    assert [one.text for one in exported("Votre demmande.")] == ["demmande"]
    second = checker.GRAMMALECTE_PROCESS.process
    assert second is not None
    assert second.pid != first.pid
    assert first.returncode == -signal.SIGKILL  # waited for: not a zombie


@pytest.mark.usefixtures("grammalecte")
def test_threads_share_one_checker_and_get_their_own_answers():
    texts = [
        f"La {'demmande' if n % 2 else 'demande'} est la bonne, dossier {n}." for n in range(24)
    ]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(writing.check, texts))
    assert [bool(answer) for answer in answers] == [bool(n % 2) for n in range(24)]


@pytest.mark.usefixtures("grammalecte")
def test_no_checker_is_left_behind_when_the_process_ends():
    code = (
        "import sys; from acquis.kernel import writing; writing.check('Votre demmande.');"
        "print(sys.modules['acquis.kernel.writing.check'].GRAMMALECTE_PROCESS.process.pid)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert not Path(f"/proc/{int(answer.stdout)}").exists()
    assert answer.stderr == ""


@pytest.mark.usefixtures("grammalecte")
def test_the_checker_ends_when_its_owner_is_killed():
    code = (
        "import os, signal, sys; from acquis.kernel import writing; writing.check('Votre demmande.');"
        "print(sys.modules['acquis.kernel.writing.check'].GRAMMALECTE_PROCESS.process.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    status = Path(f"/proc/{int(answer.stdout)}/stat")
    end = time.monotonic() + 10
    while time.monotonic() < end and status.exists() and " Z " not in status.read_text():
        time.sleep(0.05)
    assert not status.exists() or " Z " in status.read_text()  # ended; the system will collect it
