"""What the platform answers: accepted for good, rejected to be sent again, refused whole."""

import pytest
from django.db import IntegrityError, transaction

from acquis.certification.cpf import actions, downloads, errors, queries
from acquis.certification.cpf.models import Passage, Report
from acquis.kernel.models import StoredFile
from tests.factories import cpf as make

pytestmark = pytest.mark.django_db


State = Passage.State


def test_a_processed_file_closes_its_deposit_and_only_the_rejected_are_sent_again():
    session = make.ready_centre()
    kept, known, lost = (make.holder(session) for _ in range(3))
    deposit = make.sent(session)
    file = deposit.files.get()
    ids = list(file.passages.values_list("technical_id", flat=True))
    said = make.report(
        file,
        accepted=ids[:1],
        rejected=[(ids[1], "Ce passage EXISTE DEJA en base"), (ids[2], "Aucun titulaire")],
    )

    report = actions.read_report(
        organisation=session.organisation,
        content=said,
        name="a.xml",
        by=session.manager,
        at=make.NOW,
    )

    assert (report.accepted, report.rejected) == (2, 1)
    deposit.refresh_from_db()
    assert deposit.state == "closed"
    status = dict(queries.deliveries(session.organisation).values_list("pk", "status"))
    assert status == {kept.pk: "accepted", known.pk: "accepted", lost.pk: "rejected"}
    again = make.opened(session)
    assert again.passages.get().seat_id == lost.candidate_id
    assert downloads.report_content(report) == said


def test_an_accepted_passage_is_never_sent_again():
    session = make.ready_centre()
    make.holder(session)
    deposit = make.sent(session)
    passage = deposit.passages.get()
    said = make.report(deposit.files.get(), accepted=[passage.technical_id])
    actions.read_report(
        organisation=session.organisation,
        content=said,
        name="a.xml",
        by=session.manager,
        at=make.NOW,
    )
    with pytest.raises(errors.NothingReady):
        make.opened(session)
    with pytest.raises(IntegrityError), transaction.atomic():
        Passage.objects.create(
            deposit=deposit, seat=passage.seat, block="", rank=9, technical_id="autre"
        )


def test_a_report_in_two_parts_is_read_part_by_part():
    session = make.ready_centre()
    for _ in range(3):
        make.holder(session)
    deposit = make.sent(session)
    file = deposit.files.get()
    first, second, third = file.passages.values_list("technical_id", flat=True)

    make.answered(session, make.report(file, accepted=[first]))
    deposit.refresh_from_db()
    assert deposit.state == "sent"
    make.answered(session, make.report(file, accepted=[first, second]))
    with pytest.raises(errors.ReportAlreadyRead):
        make.answered(session, make.report(file, accepted=[first]))
    with pytest.raises(errors.ReportContradicts, match=first):
        make.answered(session, make.report(file, rejected=[(first, "non"), (third, "non")]))
    with pytest.raises(errors.ReportContradicts):
        make.answered(session, make.refusal(file))
    assert Passage.objects.get(technical_id=third).state == "sent"
    actions.close_deposit(deposit=deposit, by=session.manager, at=make.NOW)

    assert "Sans réponse" in Passage.objects.get(technical_id=third).message
    with pytest.raises(errors.DepositNotSent):
        actions.close_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    with pytest.raises(errors.DepositNotSent):
        make.answered(session, make.report(file, accepted=[third]))
    assert Report.objects.count() == 2


def test_a_file_refused_whole_frees_everybody_and_names_the_line():
    session = make.ready_centre()
    make.holder(session)
    make.holder(session)
    deposit = make.written(session)  # nobody said that it was sent: the report does
    file = deposit.files.get()

    make.answered(session, make.refusal(file, line=4))

    deposit.refresh_from_db()
    file.refresh_from_db()
    assert (deposit.state, file.state, bool(deposit.sent_at)) == ("closed", "refused", True)
    assert file.errors[0]["line"] == 4
    one, two = deposit.passages.order_by("rank")
    assert one.message == "Fichier refusé en entier."
    assert "Ligne 4, colonne 40 (XSD)" in two.message
    assert make.opened(session).total == 2


def test_a_file_refused_for_its_heading_blames_nobody():
    session = make.ready_centre()
    make.holder(session)
    deposit = make.sent(session)

    make.answered(session, make.refusal(deposit.files.get(), line=2, text="idClient inconnu"))

    passage = deposit.passages.get()
    assert (passage.state, passage.message) == (State.ERROR, "Fichier refusé en entier.")
    assert deposit.files.get().errors[0]["text"] == "idClient inconnu"


def test_a_report_of_another_centre_or_of_other_passages_is_refused_whole():
    session = make.ready_centre()
    make.holder(session)
    file = make.sent(session).files.get()
    theirs = make.ready_centre()
    known = file.passages.get().technical_id

    for said in (make.report(file, accepted=[known]), make.refusal(file)):
        with pytest.raises(errors.ReportOfNoFile):
            make.answered(theirs, said)
    with pytest.raises(errors.ReportUnknownPassages, match="INCONNU"):
        make.answered(session, make.report(file, accepted=[known, "INCONNU"]))
    with pytest.raises(errors.ReportRefused, match="deux fois"):
        make.answered(session, make.report(file, accepted=[known, known]))
    assert Passage.objects.get().state == "sent"
    assert not Report.objects.exists()
    assert not StoredFile.objects.filter(name="rapport-scelle").exists()
