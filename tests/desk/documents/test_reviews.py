"""Four eyes: what leaves is what a supervisor read, compared with what was agreed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.documents import policy
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.review_letter import (
    release_letter,
    return_letter,
    submit_letter,
    withdraw_letter,
)
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.errors import (
    DifferencesUnexplained,
    FourEyes,
    LetterFinal,
    LetterIncomplete,
    LetterNotSubmitted,
    LetterSubmitted,
    ReaderNotSupervisor,
    ReleaseNeeded,
    RemarksMissing,
)
from acquis.desk.documents.models import Letter
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from acquis.kernel.typography import number
from tests.factories import accounts
from tests.factories import desk as make

AGREED = {"amounts": ["15.00"], "dates": ["2026-12-01"], "names": ["Léonie Tessier"]}
SAID = "Nous vous remboursons 15,00 € le 1er décembre 2026, par Léonie Tessier."


def kinds(text: str, agreed: dict[str, list[str]] = AGREED) -> list[str]:
    return [one.kind for one in policy.differences(agreed, text, on=date(2026, 11, 20))]


def test_a_letter_that_says_what_was_agreed_has_no_difference() -> None:
    assert kinds(SAID) == []
    assert kinds("Rien.", {}) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SAID.replace("15,00", "25"), ["amount_missing", "amount_added"]),
        (SAID.replace("1er", "3"), ["date_missing", "date_added"]),
        (SAID.replace("Tessier", "Texier"), ["name_missing"]),
        (SAID + " Commande du 12/10/2026.", []),
        (SAID + " Rappel le 31/02/2027.", []),
        (SAID + " Rappel le 15/12/2026.", ["date_added"]),
    ],
)
def test_each_difference_is_named(text: str, found: list[str]) -> None:
    assert kinds(text) == found


@given(st.decimals(0, 99_999, places=2))
def test_an_amount_is_read_as_it_is_printed(amount: Decimal) -> None:
    assert policy.amounts_in(f"soit {number(amount, 2)} € en tout") == {amount}
    assert policy.amounts_in("12 euros et 3 pièces") == {Decimal("12.00")}


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation, last_name="Ouanes")


@pytest.fixture
def letter(workspace: Workspace, adviser: User) -> Letter:
    """A whole draft of the adviser's that a supervisor must read, as it was agreed."""
    return make.letter(
        make.customer(workspace), author=adviser, place="Roanne", dated_on=make.TODAY,
        salutation="Madame,", closing="Cordialement.", signature="Léonie Tessier", body=SAID,
        needs_release=True, agreed=AGREED,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_letter_that_must_be_read_over_does_not_leave_alone(
    letter: Letter, adviser: User, now: datetime
) -> None:
    with pytest.raises(ReleaseNeeded):
        finalise_letter(letter=letter, by=adviser, at=now)
    submit_letter(letter=letter, by=adviser, at=now)

    for refused in (
        lambda: finalise_letter(letter=letter, by=adviser, at=now),
        lambda: submit_letter(letter=letter, by=adviser, at=now),
        lambda: save_letter_part(letter=letter, name="body", text="x", seq=1, by=adviser, at=now),
    ):
        with pytest.raises(LetterSubmitted):
            refused()


@pytest.mark.django_db
def test_nobody_releases_their_own_letter(
    letter: Letter, adviser: User, supervisor: User, workspace: Workspace, now: datetime
) -> None:
    with pytest.raises(LetterNotSubmitted):
        release_letter(letter=letter, by=supervisor, at=now)
    submit_letter(letter=letter, by=supervisor, at=now)
    with pytest.raises(ReaderNotSupervisor):
        release_letter(letter=letter, by=adviser, at=now)
    with pytest.raises(FourEyes):
        release_letter(letter=letter, by=supervisor, at=now)
    other = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
    Letter.objects.filter(pk=letter.pk).update(author=other)
    with pytest.raises(FourEyes):
        return_letter(letter=letter, remarks="Non.", by=other, at=now)

    withdraw_letter(letter=letter, by=adviser, at=now)

    letter.refresh_from_db()
    assert letter.state == Letter.State.DRAFT


@pytest.mark.django_db
def test_returned_then_released_is_the_version_submitted_last(
    letter: Letter, adviser: User, supervisor: User, now: datetime
) -> None:
    save_letter_part(
        letter=letter, name="body", text=SAID.replace("15,00", "25,00"), seq=1, by=adviser, at=now
    )
    submit_letter(letter=letter, by=adviser, at=now)
    with pytest.raises(DifferencesUnexplained):
        release_letter(letter=letter, by=supervisor, at=now)
    with pytest.raises(RemarksMissing):
        return_letter(letter=letter, remarks=" ", by=supervisor, at=now)
    return_letter(letter=letter, remarks="Le montant convenu est 15 €.", by=supervisor, at=now)
    save_letter_part(letter=letter, name="body", text=SAID, seq=2, by=adviser, at=now)
    submit_letter(letter=letter, by=adviser, at=now)

    released = release_letter(letter=letter, by=supervisor, at=now)

    reviews = list(released.reviews.all())
    assert [one.decision for one in reviews] == ["returned", "released"]
    assert [one["kind"] for one in reviews[0].differences] == ["amount_missing", "amount_added"]
    assert reviews[1].parts["body"] == released.body
    assert released.released_by_label == supervisor.full_name
    assert released.file is not None
    line = trace.lines(letter.trace_stream).get(verb="letter.released")
    assert line.data["sha256"] == released.file.sha256
    for act in (finalise_letter, submit_letter):
        with pytest.raises(LetterFinal):
            act(letter=letter, by=adviser, at=now)


@pytest.mark.django_db
def test_a_difference_may_leave_with_its_reason_and_an_incomplete_letter_is_not_read(
    workspace: Workspace, letter: Letter, adviser: User, supervisor: User, now: datetime
) -> None:
    with pytest.raises(LetterIncomplete):
        submit_letter(letter=make.letter(letter.customer), by=adviser, at=now)
    Letter.objects.filter(pk=letter.pk).update(body="Autre chose.")
    submit_letter(letter=letter, by=adviser, at=now)

    release_letter(letter=letter, remarks="Le client a changé d’avis.", by=supervisor, at=now)

    assert len(letter.reviews.get().differences) == 2


@pytest.mark.django_db
def test_the_circuit_on_screen(
    signed_in: StrictClient, workspace: Workspace, letter: Letter, supervisor: User
) -> None:
    page = reverse("documents:letter", args=[workspace.pk, letter.pk])
    boss = StrictClient()
    boss.force_login(supervisor)

    def post(client: StrictClient, name: str, **fields: str) -> int:
        address = reverse(f"documents:{name}", args=[workspace.pk, letter.pk])
        return client.post(address, fields).status_code

    shown = signed_in.get(page).content.decode()
    assert "Soumettre au superviseur" in shown
    assert "Finaliser en PDF" not in shown
    assert post(signed_in, "submit") == 302
    assert post(signed_in, "withdraw") == 302
    Letter.objects.filter(pk=letter.pk).update(body=SAID.replace("15,00", "25,00"))
    assert post(signed_in, "submit") == 302
    assert "Un superviseur la lit" in signed_in.get(page).content.decode()
    read = boss.get(page).content.decode()
    assert "La lettre diffère" in read
    assert "montant écrit qui n’a pas été convenu" in read or "montant écrit" in read
    assert post(boss, "release") == 422
    assert post(boss, "return", remarks="15 €, pas 25.") == 302
    Letter.objects.filter(pk=letter.pk).update(body=SAID)
    assert "15 €, pas 25." in signed_in.get(page).content.decode()
    assert post(signed_in, "submit") == 302
    assert "Montants, dates et noms" in boss.get(page).content.decode()
    assert post(boss, "release") == 302
    final = signed_in.get(page).content.decode()
    assert "Relue et validée par" in final
    assert "<ins>15,00" in final
    listed = signed_in.get(reverse("documents:index", args=[workspace.pk]), {"etat": "final"})
    assert "Finalisée" in listed.content.decode()
