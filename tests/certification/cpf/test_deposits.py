"""From what is ready to what is sent: opened, written, kept, erased."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from acquis.certification.awards.models import Revocation
from acquis.certification.cpf import actions, downloads, errors, queries, schemas
from acquis.certification.cpf.models import CdcAccount, Deposit, DepositFile, Passage, Report
from acquis.certification.cpf.schemas.reading import NAMESPACE
from acquis.kernel import files, trace
from acquis.kernel.models import StoredFile
from tests.certification.awards.test_livret import deliberated
from tests.factories import awards
from tests.factories import cpf as make

pytestmark = pytest.mark.django_db


State = Passage.State


SCHEMA = etree.XMLSchema(etree.fromstring(schemas.shipped("1.1.2")))


def content(file):
    return b"".join(downloads.xml_response(file).streaming_content)


def texts(xml, name):
    return [one.text for one in etree.fromstring(xml).iter(f"{{{NAMESPACE}}}{name}")]


def verbs(deposit):
    return list(trace.lines(deposit.trace_stream).values_list("verb", flat=True))


def test_what_is_ready_is_written_valid_sealed_and_sent():
    session = make.ready_centre()
    make.holder(session)
    make.holder(session, birth_name="Bel & Fils", usual_name="Œuvrard", sex="M")
    make.holder(session, sex="")

    deposit = make.written(session)
    file = deposit.files.get()
    xml = content(file)

    assert SCHEMA.validate(etree.fromstring(xml))
    assert (deposit.state, deposit.total, file.count) == ("ready", 2, 2)
    assert hashlib.sha256(xml).hexdigest() == file.sha256
    assert len(xml) == file.size
    assert b"Durand" not in files.read(file.sealed)
    assert texts(xml, "nomNaissance")[1] == "Bel & Fils"
    assert texts(xml, "idTechnique") == ["CPF-2026-0001-000001", "CPF-2026-0001-000002"]
    assert xml.splitlines()[file.passages.get(rank=2).line - 1].count(b"Bel &amp; Fils") == 1
    actions.send_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    assert set(deposit.passages.values_list("state", flat=True)) == {"sent"}
    assert verbs(deposit) == ["cpf.deposit_opened", "cpf.deposit_written", "cpf.deposit_sent"]


def test_the_same_records_give_the_same_bytes():
    session = make.ready_centre()
    make.holder(session)
    first = content(make.written(session).files.get())
    deposit = Deposit.objects.get()
    DepositFile.objects.update(sealed=None)
    Passage.objects.update(file=None)
    DepositFile.objects.all().delete()
    Deposit.objects.update(state="writing")
    deposit.refresh_from_db()

    again = actions.write_deposit(
        deposit=deposit, by=session.manager, at=make.NOW + timedelta(days=3)
    )

    assert content(again.files.get()) == first


def test_a_long_deposit_is_split_and_several_certifications_share_a_file():
    session, other = make.ready_centre(), None
    CdcAccount.objects.update(split_at=2)
    other = make.session(block="CCP1")
    other.__class__.objects.filter(pk=other.pk).update(
        organisation=session.organisation, version=session.version, reference="S-2"
    )
    other.refresh_from_db()
    make.certification(other, register="RNCP", code="RNCP35304BC01")
    for _ in range(2):
        make.holder(other)
    make.holder(session)

    deposit = make.written(session)
    one, two = deposit.files.order_by("number")

    assert (one.count, two.count) == (2, 1)
    assert texts(content(one), "code") == ["RNCP35304", "RNCP35304BC01"]
    assert texts(content(two), "code") == ["RNCP35304BC01"]
    assert one.flux_id != two.flux_id
    assert SCHEMA.validate(etree.fromstring(content(one)))


def test_several_certifications_name_the_line_of_each_passage():
    session = make.ready_centre()
    block = make.session(block="CCP1")
    block.__class__.objects.filter(pk=block.pk).update(
        organisation=session.organisation, version=session.version, reference="S-2"
    )
    block.refresh_from_db()
    make.certification(block, code="RNCP35304BC01")
    make.holder(session)
    make.holder(block)

    file = make.written(session).files.get()
    lines = content(file).decode().splitlines()

    for passage in file.passages.all():
        assert passage.technical_id in lines[passage.line - 1]


def test_progress_is_told_in_passages():
    session = make.ready_centre()
    make.holder(session)
    told = []
    actions.write_deposit(
        deposit=make.opened(session),
        by=session.manager,
        at=make.NOW,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 1), (1, 1)]


def test_nothing_is_opened_without_a_contract_or_anybody_ready():
    session = make.session()
    with pytest.raises(errors.NoAccount):
        make.opened(session)
    make.account(session.organisation)
    make.certification(session)
    make.holder(session, birth_city="")
    with pytest.raises(errors.NothingReady):
        make.opened(session)
    with pytest.raises(errors.UnknownSchema):
        make.opened(session, schema_version="9.9")
    assert not Deposit.objects.exists()


def test_one_deposit_is_open_at_a_time():
    session = make.ready_centre()
    make.holder(session)
    first = make.opened(session)
    with pytest.raises(errors.DepositOpen, match=first.number):
        make.opened(session)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deposit.objects.create(
            organisation=session.organisation,
            number="CPF-X",
            schema_version="1.1.2",
            split_at=1,
            opened_at=make.NOW,
            opened_by=session.manager,
        )


def test_only_who_was_chosen_is_sent_and_nobody_unready():
    session = make.ready_centre()
    chosen, _left = make.holder(session), make.holder(session)
    unready = [make.holder(session, sex="", birth_name=f"Sans-{n}") for n in range(6)]

    with pytest.raises(errors.PassagesNotReady) as refused:
        make.opened(session, chosen={chosen.pk, *(one.pk for one in unready)})
    assert "Sans-0" in str(refused.value)
    assert str(refused.value).endswith("….")
    with pytest.raises(errors.PassagesNotReady) as refused:
        make.opened(session, chosen={chosen.pk, unready[0].pk})
    assert "Sans-0" in str(refused.value)
    assert "…" not in str(refused.value)  # nobody is left out of the sentence
    with pytest.raises(errors.PassagesNotReady):
        make.opened(session, chosen={999_999})
    with pytest.raises(errors.NothingReady):
        make.opened(session, chosen=set())
    deposit = make.opened(session, chosen={chosen.pk})

    assert deposit.passages.get().seat_id == chosen.candidate_id


def test_who_changed_meanwhile_is_set_aside_with_the_reason():
    session = make.ready_centre()
    kept, changed, odd = (make.holder(session) for _ in range(3))
    deposit = make.opened(session)
    person = changed.candidate.enrolment.candidate
    person.sex = ""
    person.save()
    # What the list does not look at, the writer does.
    person = odd.candidate.enrolment.candidate
    person.birth_city = "Ajac\x0bcio"
    person.save()

    deposit = actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)

    assert deposit.files.get().count == 1
    aside = deposit.passages.filter(state=State.ERROR).order_by("rank")
    assert "à compléter : sexe" in aside[0].message
    assert "ne s’écrivent pas" in aside[1].message
    assert deposit.passages.get(state=State.READY).seat_id == kept.candidate_id


def test_a_certification_that_left_the_registers_is_set_aside():
    session = make.ready_centre()
    make.holder(session)
    deposit = make.opened(session)
    session.organisation.registered_certifications.update(register="", code="")

    with pytest.raises(errors.NothingReady):
        actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)

    deposit.refresh_from_db()
    assert "hors des répertoires" in deposit.problem
    assert deposit.state == "writing"


def test_a_file_that_its_schema_refuses_is_not_kept_and_names_who(monkeypatch):
    session = make.ready_centre()
    for _ in range(2):
        make.holder(session)
    CdcAccount.objects.update(split_at=1)
    strict = schemas.shipped("1.1.2").replace(b'"CERTIFICATEUR"', b'"AUTRE"')
    deposit = make.opened(session)
    monkeypatch.setattr(schemas, "shipped", lambda _version: strict)

    with pytest.raises(errors.FileInvalid, match="en-tête"):
        actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    strict = schemas.SHIPPED and strict.replace(b'"AUTRE"', b'"CERTIFICATEUR"').replace(
        b'<xsd:length value="5"/>', b'<xsd:length value="6"/>'
    )
    with pytest.raises(errors.FileInvalid, match="CPF-2026-0001-000001"):
        actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)

    deposit.refresh_from_db()
    assert "codeInsee" in deposit.problem
    assert not StoredFile.objects.filter(media_type="application/octet-stream").exists()
    assert not deposit.files.exists()


def test_files_written_before_a_fault_are_forgotten(monkeypatch):
    session = make.ready_centre()
    make.holder(session)
    make.holder(session)
    CdcAccount.objects.update(split_at=1)
    deposit = make.opened(session)

    def cancelled(done, total):
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW, progress=cancelled)
    assert not StoredFile.objects.filter(media_type="application/octet-stream").exists()
    deposit.refresh_from_db()
    assert deposit.problem == ""


def test_a_deposit_is_written_once_and_not_after_it_was_cancelled():
    session = make.ready_centre()
    make.holder(session)
    deposit = make.opened(session)
    actions.cancel_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    with pytest.raises(errors.DepositNotWriting):  # the worker had begun before
        actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    deposit.refresh_from_db()
    with pytest.raises(errors.DepositNotWriting):
        actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    assert not deposit.files.exists()


def test_a_cancelled_deposit_frees_its_passages_and_erases_its_files():
    session = make.ready_centre()
    make.holder(session)
    deposit = actions.cancel_deposit(deposit=make.written(session), by=session.manager, at=make.NOW)

    assert deposit.files.get().sealed is None
    with pytest.raises(errors.FileErased):
        downloads.xml_response(deposit.files.get())
    again = make.sent(session)
    assert again.number == "CPF-2026-0002"
    with pytest.raises(errors.DepositAlreadySent):
        actions.cancel_deposit(deposit=again, by=session.manager, at=make.NOW)
    with pytest.raises(errors.DepositNotReady):
        actions.send_deposit(deposit=again, by=session.manager, at=make.NOW)


def test_files_are_erased_after_their_time_and_their_fingerprints_stay():
    session = make.ready_centre()
    make.holder(session)
    deposit = make.sent(session)
    file = deposit.files.get()
    make.answered(session, make.report(file, accepted=[file.passages.get().technical_id]))

    assert actions.erase_files(at=make.NOW + timedelta(days=29)) == 0
    assert actions.erase_files(at=make.NOW + timedelta(days=30)) == 1
    assert actions.erase_files(at=make.NOW + timedelta(days=31)) == 0

    file.refresh_from_db()
    assert file.sealed is None
    assert len(file.sha256) == 64
    with pytest.raises(errors.FileErased):
        downloads.report_content(Report.objects.get())
    assert not StoredFile.objects.filter(media_type="application/octet-stream").exists()
    assert verbs(deposit)[-1] == "cpf.files_erased"


def test_two_workers_erase_once():
    session = make.ready_centre()
    make.holder(session)
    deposit = make.sent(session)
    actions.close_deposit(deposit=deposit, by=session.manager, at=make.NOW)
    from acquis.certification.cpf.actions import erase_files  # noqa: PLC0415

    module = __import__(erase_files.__module__, fromlist=["_erase"])
    late = make.NOW + timedelta(days=40)
    assert module._erase(deposit, late) == 1
    assert module._erase(deposit, late) == 0


def test_a_damaged_file_is_not_given():
    session = make.ready_centre()
    make.holder(session)
    file = make.written(session).files.get()
    DepositFile.objects.update(sha256="0" * 64)
    file.refresh_from_db()
    with pytest.raises(errors.FileDamaged):
        downloads.xml_response(file)
    sealed = file.sealed
    broken = bytearray(files.read(sealed))
    broken[40] ^= 1
    file.sealed = files.store(
        bytes(broken), name="x", media_type="application/octet-stream", by=None, at=make.NOW
    )
    with pytest.raises(errors.FileDamaged):
        downloads.xml_response(file)


def test_what_is_sent_follows_the_corrected_certificate():
    session = make.ready_centre()
    first = make.holder(session, birth_name="Duran")
    person = first.candidate.enrolment.candidate
    person.birth_name = "Durand"
    person.save()
    row = queries.with_gaps(queries.deliveries(session.organisation)).get()
    assert queries.gaps_of(row) == ["certificate"]

    make.certificate(
        session, first.candidate, number="CERT-2026-9999", at=make.NOW, corrects=first,
        correction_reason="Nom mal écrit",
    )  # fmt: skip

    file = make.written(session).files.get()
    assert texts(content(file), "nomNaissance") == ["Durand"]
    assert file.count == 1


def test_a_revoked_certificate_is_not_told_and_a_new_one_is():
    session = make.ready_centre()
    kept, gone = make.holder(session), make.holder(session)
    Revocation.objects.create(
        document=gone, reason="Fraude", revoked_at=make.NOW, revoked_by=session.manager
    )

    deposit = make.written(session)

    assert [one.seat_id for one in deposit.passages.all()] == [kept.candidate_id]
    row = queries.deliveries(session.organisation).get(pk=gone.pk)
    assert (row.withdrawn, row.outside, row.is_open) == (True, True, False)
    make.certificate(
        session,
        gone.candidate,
        number="CERT-2026-R",
        at=make.NOW,
        corrects=gone,
        correction_reason="Nouvelle décision",
    )
    assert queries.deliveries(session.organisation).get(pk=gone.pk).is_open


def test_a_certificate_revoked_while_its_deposit_waits_is_set_aside():
    session = make.ready_centre()
    make.holder(session)
    gone = make.holder(session)
    deposit = make.opened(session)
    Revocation.objects.create(
        document=gone, reason="Fraude", revoked_at=make.NOW, revoked_by=session.manager
    )

    written = actions.write_deposit(deposit=deposit, by=session.manager, at=make.NOW)

    assert content(written.files.get()).count(b"</cpf:passageCertification>") == 1
    left = written.passages.get(seat=gone.candidate)
    assert (left.state, left.message[-18:]) == (State.ERROR, "certificat retiré.")


def test_a_partial_success_is_not_told_whose_blocks_stand_in_a_livret():
    session = deliberated("partial", "passed")
    make.account(session.organisation)
    make.certification(session)
    awards.issued(session)
    partial, whole = session.candidates.order_by("order")
    assert partial.documents.filter(kind="booklet", state="issued").exists()

    told = queries.deliveries(session.organisation)

    assert [one.candidate for one in told] == [whole]
