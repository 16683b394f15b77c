import io
from datetime import timedelta
from fractions import Fraction

import pytest
from django.core import mail
from pypdf import PdfReader

from acquis.certification.exam_sessions import actions, documents, errors, tasks
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel import files, jobs, outbox
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db
BEFORE = DAY - timedelta(days=40)


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def test_a_candidate_is_summoned_with_their_hours_and_time() -> None:
    session = make.session(candidates=1)
    seat = make.seat(session, enrolled={"extra": Fraction(1, 3)})
    summons = actions.issue_summons(recipient=seat, by=session.manager, at=BEFORE)
    text = text_of(files.read(summons.file))
    assert "vendredi 20 novembre 2026" in text
    assert "9 h 00" in text
    assert "8 h 45" in text
    assert "1 h 40" in text
    assert "majoré d’un tiers" in text.replace("'", "’")
    assert "Centre de Nantes" in text
    assert "pièce d’identité" in text.replace("'", "’")


def test_nobody_else_reads_of_an_accommodation() -> None:
    session = make.session(candidates=1)
    make.seat(session, enrolled={"extra": Fraction(1, 3)})
    other = actions.issue_summons(
        recipient=session.candidates.first(), by=session.manager, at=BEFORE
    )
    juror = actions.issue_summons(recipient=session.jurors.first(), by=session.manager, at=BEFORE)
    for summons in (other, juror):
        assert "major" not in text_of(files.read(summons.file))
    assert "1 h 15" in text_of(files.read(other.file))


def test_a_new_summons_replaces_the_former_which_stays() -> None:
    session = make.session(candidates=1)
    seat = session.candidates.get()
    first = actions.issue_summons(recipient=seat, by=session.manager, at=BEFORE)
    second = actions.issue_summons(recipient=seat, by=session.manager, at=BEFORE)
    first.refresh_from_db()
    assert first.replaced_by == second
    assert first.number != second.number
    assert Summons.objects.count() == 2


def test_no_summons_leaves_for_a_date_that_is_past() -> None:
    session = make.session(candidates=1)
    with pytest.raises(errors.SessionInThePast):
        actions.issue_summons(recipient=session.candidates.get(), by=session.manager, at=DAY)
    assert not Summons.objects.exists()


def test_the_job_summons_everybody_once_and_mails_each(settings) -> None:
    session = make.session(starts_at=DAY + timedelta(days=3650))
    args = {"session": session.pk, "by": session.manager.pk, "asked_at": BEFORE.isoformat()}
    seen = []

    def progress(done, total, message) -> None:
        seen.append((done, total))

    result = tasks.run_summons(args, progress)
    tasks.run_summons(args, progress)
    assert result["issued"] == 4
    assert seen[:4] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert Summons.objects.count() == 4
    session.refresh_from_db()
    assert session.state == "summoned"
    while outbox.deliver_slow(now=DAY + timedelta(days=9999)):
        pass
    assert len(mail.outbox) == 4
    assert mail.outbox[0].attachments[0][2] == "application/pdf"
    assert not Summons.objects.filter(sent_at__isnull=True).exists()
    tasks.send_summons({"summons": Summons.objects.first().pk})
    assert len(mail.outbox) == 4


def test_the_job_is_declared() -> None:
    assert tasks.JOB in jobs.KINDS


def test_the_attendance_sheet_holds_names_and_nothing_private() -> None:
    session = make.session(candidates=1)
    person = session.candidates.get().enrolment.candidate
    text = text_of(documents.attendance_sheet(session, at=DAY))
    assert person.birth_name in text
    for private in (person.email, "1998", "Nantes 44109"):
        assert private not in text


def sheets_of(session) -> list[str]:
    pages = PdfReader(io.BytesIO(documents.attendance_sheet(session, at=DAY))).pages
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages]


def test_there_is_a_sheet_for_each_half_day_with_those_who_are_there() -> None:
    session = make.session(candidates=1, starts_at=DAY + timedelta(hours=3))  # noon in Paris
    member = session.jurors.first()
    morning, afternoon = sheets_of(session)
    assert "vendredi 20 novembre 2026, matin" in morning
    assert "vendredi 20 novembre 2026, après-midi" in afternoon.replace("'", "’")
    assert "12 h 00 – 13 h 00" in morning
    assert "13 h 00 – 14 h 10" in afternoon
    assert "Le jury n’est pas attendu" in morning.replace("'", "’")
    assert member.juror.last_name.upper() in afternoon
    assert "Surveillant" in morning
    assert session.manager.full_name in morning


def test_extra_time_shows_in_the_hour_of_the_end_and_nowhere_else() -> None:
    session = make.session(candidates=1)
    make.seat(session, enrolled={"extra": Fraction(1, 3)})
    (sheet,) = sheets_of(session)
    assert "9 h 00 – 11 h" in sheet
    for told in ("major", "tiers", "33 %", "aménag"):
        assert told not in sheet.lower()


def test_a_session_without_anybody_has_its_sheet_all_the_same() -> None:
    (sheet,) = sheets_of(make.bare_session(starts_at=DAY + timedelta(hours=6)))
    assert "après-midi" in sheet.replace("'", "’")
    assert "Aucun candidat attendu" in sheet


def test_the_hour_of_a_candidate_is_that_of_their_summons() -> None:
    session = make.session(candidates=1)
    seat = session.candidates.get()
    seat.starts_at = DAY + timedelta(hours=2)
    seat.save()
    actions.issue_summons(recipient=seat, by=session.manager, at=BEFORE)
    seat.refresh_from_db()
    assert seat.starts_at == session.starts_at


def test_a_summons_is_withdrawn_once() -> None:
    session = make.session(candidates=1)
    seat = session.candidates.get()
    actions.issue_summons(recipient=seat, by=session.manager, at=BEFORE)
    for reason in ("Erreur", "Autre"):
        actions.withdraw_summons(recipient=seat, reason=reason, by=session.manager, at=BEFORE)
    assert Summons.objects.get().withdrawal_reason == "Erreur"


def test_a_replaced_summons_says_what_changed_and_one_alike_says_nothing() -> None:
    session = make.session(candidates=1)
    member = session.jurors.first()
    first = actions.issue_summons(recipient=member, by=session.manager, at=BEFORE)
    alike = actions.issue_summons(recipient=member, by=session.manager, at=BEFORE)
    session.room = "Salle Estuaire"
    session.save(update_fields=["room"])
    other = actions.issue_summons(recipient=member, by=session.manager, at=BEFORE)

    assert (first.data["changes"], alike.data["changes"]) == ([], [])
    room = first.data["room"] or "aucune"
    assert other.data["changes"] == [f"Salle\xa0: Salle Estuaire (avant\xa0: {room})"]
    assert f"Ce qui change : Salle : Salle Estuaire (avant : {room})" in text_of(
        files.read(other.file)
    )
    moved = first.data | {"certification": first.data["certification"] | {"block": "CCP2"}}
    title = first.data["certification"]["title"]
    assert documents.changes(first.data, moved) == [
        f"Épreuve\xa0: {title}, CCP2 (avant\xa0: {title}, CCP1)"
    ]
