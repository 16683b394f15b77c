"""Who may reach what; what the list and the writer say of the same person; settings; sealing."""

import io

import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.certification.cpf import access, actions, errors, policy, queries, reading, schemas
from acquis.certification.cpf.entries import entry_of
from acquis.certification.cpf.models import LoadedSchema, Particulars, RegisteredCertification
from acquis.certification.cpf.sealing import PIECE, Sealer, Unsealed, pieces
from acquis.kernel import crypto, trace
from tests.certification.cpf.test_writer import NEWER
from tests.factories import cpf as make
from tests.factories import grading

pytestmark = pytest.mark.django_db


def test_each_way_to_an_object_asks_for_the_verb_and_the_centre():
    found = make.one_of_each()
    deposit = found["cpf_deposit"]
    centre = deposit.organisation
    stranger = grading.person(Role.INVIGILATOR, organisation=centre)
    certifier = make.sender(centre)
    ways = {
        access.delivery_for: found["cpf_delivery"].pk,
        access.deposit_for: deposit.pk,
        access.file_for: found["cpf_file"].pk,
        access.report_for: found["cpf_report"].pk,
        access.framework_for: found["cpf_framework"].pk,
    }
    for way, pk in ways.items():
        assert way(certifier, centre, pk).pk == pk
        with pytest.raises(Http404):
            way(certifier, centre, 0)
        with pytest.raises(Http404):
            way(stranger, centre, pk)
    elsewhere = make.ready_centre()
    with pytest.raises(Http404):  # known, but not examined there
        access.framework_for(
            make.sender(elsewhere.organisation), elsewhere.organisation, ways[access.framework_for]
        )
    framework = found["cpf_framework"]
    access.refuse_unexamined(centre, framework, "")
    with pytest.raises(Http404):
        access.refuse_unexamined(centre, framework, "CCP7")


@pytest.mark.parametrize(
    ("person", "gaps"),
    [
        ({}, []),
        ({"sex": ""}, ["sex"]),
        ({"birth_date": None}, ["birth_date"]),
        ({"birth_city": ""}, ["birth_city"]),
        ({"birth_country": "", "birth_insee_code": ""}, ["birth_country"]),
        ({"birth_insee_code": "2C004"}, ["insee"]),
        ({"birth_insee_code": "99109"}, ["insee"]),
        ({"birth_country": "Allemagne"}, ["insee"]),
        ({"birth_country": "Allemagne", "birth_insee_code": "99109"}, []),
        ({"birth_country": "Togo", "birth_insee_code": ""}, []),
        ({"birth_postcode": "20000"}, ["postcode"]),
        ({"birth_insee_code": "", "birth_postcode": "20000"}, []),
        ({"birth_insee_code": "", "birth_postcode": "2000é"}, ["postcode"]),
        ({"birth_insee_code": "75056", "birth_city": "Paris"}, []),
        ({"route": "vae"}, ["vae_way"]),
        ({"route": "free"}, []),
    ],
)
def test_the_list_and_the_writer_say_the_same(person, gaps):
    session = make.ready_centre()
    made = make.holder(session, **person)
    row = queries.with_gaps(queries.shown(queries.deliveries(session.organisation))).get()

    assert queries.gaps_of(row) == gaps
    assert row.lacks == bool(gaps)
    entry = entry_of(row, RegisteredCertification.objects.get(), technical_id="X")
    assert bool(policy.faults(entry)) == bool(gaps)
    counted = queries.counts(session.organisation, make.NOW.date())
    assert (counted.ready, counted.incomplete) == ((0, 1) if gaps else (1, 0))
    assert list(counted.gaps) == gaps
    assert made.pk == row.pk


def test_a_score_and_an_access_of_one_s_own():
    session = make.ready_centre()
    RegisteredCertification.objects.update(obtained="PAR_SCORING")
    made = make.holder(session, route="vae")
    enrolment = made.candidate.enrolment
    keep = {"access": "CANDIDAT_LIBRE", "vae_way": "", "initiative": "", "score": "", "mention": ""}
    kept = actions.keep_particulars(enrolment=enrolment, data=keep, by=session.manager, at=make.NOW)
    found = queries.with_gaps(queries.deliveries(session.organisation))
    assert queries.gaps_of(found.get()) == ["score"]
    actions.keep_particulars(
        enrolment=enrolment, data=keep | {"score": "812"}, by=session.manager, at=make.NOW
    )
    actions.keep_particulars(
        enrolment=enrolment, data=keep | {"score": "812"}, by=session.manager, at=make.NOW
    )
    assert queries.gaps_of(found.get()) == []
    lines = trace.lines(kept.trace_stream).filter(verb="cpf.particulars_kept")
    assert [line.data["fields"] for line in lines][1:] == [["score"]]
    assert Particulars.objects.count() == 1


def test_a_block_without_a_code_and_what_is_in_no_register_are_outside():
    block = make.session(block="CCP1")
    make.account(block.organisation)
    make.holder(block)
    assert queries.deliveries(block.organisation).get().status == "outside"
    whole = make.session()
    make.holder(whole)
    row = queries.with_gaps(queries.deliveries(whole.organisation)).get()
    assert (row.status, queries.gaps_of(row)) == ("todo", ["certification"])
    make.certification(whole, register="", code="")
    assert queries.deliveries(whole.organisation).get().status == "outside"


def test_settings_are_traced_once_they_change():
    session = make.session()
    certifier = make.sender(session.organisation)
    data = {
        "client_id": "00TEST00", "certifier_id": "00TEST00", "contract_id": "MCF",
        "depositor": "CERTIFICATEUR", "split_at": 10, "keep_days": 30, "schema_version": "1.1.2",
    }  # fmt: skip
    for _ in range(2):
        kept = actions.keep_account(
            organisation=session.organisation, data=data, by=certifier, at=make.NOW
        )
    with pytest.raises(errors.UnknownSchema):
        actions.keep_account(
            organisation=session.organisation,
            data=data | {"schema_version": "9"},
            by=certifier,
            at=make.NOW,
        )
    for code in ("RS12", "RS13"):
        actions.keep_certification(
            organisation=session.organisation,
            framework=session.version.framework,
            block="",
            data={"register": "RS", "code": code},
            by=certifier,
            at=make.NOW,
        )
    verbs = trace.lines(kept.trace_stream).values_list("verb", flat=True)
    assert list(verbs) == ["cpf.account_kept", "cpf.certification_kept", "cpf.certification_kept"]
    assert RegisteredCertification.objects.get().code == "RS13"


def test_a_schema_is_loaded_once_and_only_if_our_file_follows_it():
    session = make.ready_centre()

    def load(content):
        return actions.load_schema(
            organisation=session.organisation,
            content=content,
            name="cpf.xsd",
            by=session.manager,
            at=make.NOW,
        )

    assert load(NEWER).version == "1.1.5"
    with pytest.raises(errors.SchemaAlreadyLoaded):
        load(NEWER)
    with pytest.raises(errors.SchemaAlreadyLoaded):
        load(schemas.shipped("1.1.2"))
    with pytest.raises(errors.SchemaRefused, match="pas du XML"):
        load(b"<a")
    asking = schemas.shipped("1.1.2").replace(b'version="1.1.2"', b'version="2"')
    asking = asking.replace(b'name="urlPreuve" minOccurs="0"', b'name="urlPreuve"')
    with pytest.raises(errors.SchemaRefused, match="essai"):
        load(asking)
    assert LoadedSchema.objects.count() == 1
    make.holder(session)
    deposit = make.written(session, schema_version="1.1.5")
    assert deposit.schema_version == "1.1.5"


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1, 3 * PIECE])
def test_a_sealed_stream_gives_back_what_was_written(size):
    clear, out = bytes(range(256)) * (size // 256) + b"x" * (size % 256), io.BytesIO()
    sealer = Sealer(out)
    for start in range(0, size, 300_000):
        sealer.write(clear[start : start + 300_000])
    sealer.end()
    assert sealer.writable()
    assert sealer.size == size
    assert b"".join(pieces(io.BytesIO(out.getvalue()))) == clear
    reader = Unsealed(io.BytesIO(out.getvalue()))
    assert reader.readable()
    assert reader.read(10) + reader.read() == clear


def test_a_sealed_stream_that_was_cut_moved_or_added_to_is_refused():
    out = io.BytesIO()
    sealer = Sealer(out)
    sealer.write(b"a" * (PIECE + 5))
    sealer.end()
    whole = out.getvalue()
    first = 4 + int.from_bytes(whole[:4], "big")
    for broken in (
        whole[:first],
        whole[first:],
        whole + b"x",
        whole[first:] + whole[:first],
        whole[:50] + bytes([whole[50] ^ 1]) + whole[51:],
    ):
        with pytest.raises(crypto.Unsealable):
            list(pieces(io.BytesIO(broken)))


HEAD = b"<rapport><nomFichier>C:\\tmp\\a.xml</nomFichier><idFlux>F</idFlux>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b" ", "empty"),
        (b"<rapport>", "not_xml"),
        (b'<!DOCTYPE rapport [<!ENTITY x "y">]><rapport>&x;</rapport>', "not_a_report"),
        (b"<flux/>", "not_a_report"),
        (b"<rapport><idFlux>F</idFlux></rapport>", "no_file_name"),
        (HEAD + b"</rapport>", "no_answer"),
        (
            HEAD + b"<PassagesOK><idTechnique>A</idTechnique></PassagesOK>"
            b"<erreurs><erreur/></erreurs></rapport>",
            "no_answer",
        ),
        (HEAD + b"<PassagesOK><idTechnique/></PassagesOK></rapport>", "no_id"),
        (
            HEAD.replace(b"<idFlux>F</idFlux>", b"")
            + b"<PassagesOK><idTechnique>A</idTechnique></PassagesOK></rapport>",
            "no_id",
        ),
        (
            HEAD + b"<PassagesOK><idTechnique>A</idTechnique></PassagesOK>"
            b"<PassagesKO><passage><idTechnique>A</idTechnique></passage></PassagesKO></rapport>",
            "twice",
        ),
    ],
)
def test_a_report_that_is_not_one_is_refused(content, code):
    with pytest.raises(reading.ReportUnreadableError) as refused:
        reading.read(content)
    assert refused.value.code == code


def test_both_forms_of_a_report_are_read():
    answer = reading.read(
        HEAD + b"<PassagesKO><passage><idTechnique>B</idTechnique><messageErreur>non\n connu"
        b"</messageErreur></passage></PassagesKO><PassagesOK><idTechnique> A </idTechnique>"
        b"</PassagesOK></rapport>"
    )
    assert (answer.file_name, list(answer.accepted), answer.refused_whole) == (
        "a.xml",
        ["A"],
        False,
    )
    assert answer.rejected == {"B": "non connu"}
    refused = reading.read(
        b"<rapport><nomFichier>a.xml</nomFichier><erreurs><erreur><type>XSD</type>"
        b"<message>m</message><ligne>x</ligne></erreur></erreurs></rapport>"
    )
    assert refused.refused_whole
    assert refused.errors[0] == reading.FileError("XSD", "m", None, None)
