"""Whatever the records say, a line is either refused in words or valid against the official schema."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from acquis.certification.cpf import checking, policy, schemas, writing
from acquis.certification.cpf.models import Access, CdcAccount, Particulars
from acquis.certification.cpf.models import RegisteredCertification as Registered
from acquis.certification.cpf.schemas import reading

OFFICIAL = etree.XMLSchema(etree.fromstring(schemas.shipped("1.1.2")))
SCHEMA = reading.read(schemas.shipped("1.1.2"))
SENDER = writing.Sender("00TEST00", "00TEST00", "MCFCER000000", "CERTIFICATEUR")
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
PREFIX = "{urn:cdc:cpf:pc5:schema:1.0.0}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
texts = st.text(max_size=70)
names = texts | st.sampled_from(["Durand", "D’Ærøs-Ōe", "<b>&amp;", "  ", "Nguyễn"])


def any_of(choices):
    return st.sampled_from(choices.values)


holders = st.builds(
    policy.Holder,
    birth_name=names,
    usual_name=st.just("") | names,
    first_names=st.builds(policy.first_names, names, st.just("") | texts),
    sex=st.sampled_from(["F", "M", "F", "M", ""]),
    born=st.none() | st.dates(date(1850, 1, 1), date(2120, 1, 1)),
    city=names,
    insee=st.sampled_from(["", "2A004", "44109", "99350", "2C004", "4410"]),
    postcode=st.sampled_from(["", "", "44000", "4400é"]),
    country=names,
    in_france=st.booleans(),
)
entries = st.builds(
    policy.Entry,
    technical_id=st.just("CPF-2026-0001-000001"),
    register=st.sampled_from(["RNCP", "RS", "TP"]),
    code=st.sampled_from(["RNCP35304", "RS5500", "RNCP35304BC01", "35304", ""]),
    is_block=st.booleans(),
    obtained=any_of(Registered.Obtained),
    exam_from=days,
    exam_to=days,
    modality=any_of(Registered.Modality),
    exam_postcode=st.sampled_from(["", "44000", "trop long 123"]),
    valid_from=days,
    valid_to=st.none() | days,
    score=st.just("") | st.text(max_size=300),
    mention=st.just("") | any_of(Particulars.Mention),
    access=any_of(Access),
    vae_way=st.just("") | any_of(Particulars.VaeWay),
    initiative=st.just("") | any_of(Particulars.Initiative),
    enrolled_on=st.none() | days,
    holder=holders,
)


def sound_holder(**fields):
    whole = {
        "birth_name": "Durand",
        "usual_name": "",
        "first_names": ["Zoé"],
        "sex": "F",
        "born": date(1994, 7, 9),
        "city": "Ajaccio",
        "insee": "2A004",
        "postcode": "",
        "country": "France",
        "in_france": True,
    }
    return policy.Holder(**(whole | fields))


def sound(**fields):
    whole = {
        "technical_id": "CPF-2026-0001-000001",
        "register": "RNCP",
        "code": "RNCP35304",
        "is_block": False,
        "obtained": "PAR_ADMISSION",
        "exam_from": date(2026, 11, 20),
        "exam_to": date(2026, 11, 20),
        "modality": "EN_PRESENTIEL",
        "exam_postcode": "59000",
        "valid_from": date(2026, 11, 20),
        "valid_to": None,
        "score": "",
        "mention": "",
        "access": "CANDIDAT_LIBRE",
        "vae_way": "",
        "initiative": "",
        "enrolled_on": None,
        "holder": sound_holder(),
    }
    return policy.Entry(**(whole | fields))


def written(*found, at=AT, schema=SCHEMA):
    out = BytesIO()
    list(writing.write(out, writing.Flux("00TEST00-CPF-1", at, SENDER), found, schema))
    return out.getvalue()


# Each field is most often sound, so that whole lines are tried as well as broken ones.
near = st.builds(
    lambda fields: sound(**fields),
    st.fixed_dictionaries(
        {},
        optional={
            "score": st.sampled_from(["", "812"]),
            "obtained": any_of(Registered.Obtained),
            "access": any_of(Access),
            "vae_way": st.just("") | any_of(Particulars.VaeWay),
            "initiative": any_of(Particulars.Initiative),
            "mention": any_of(Particulars.Mention),
            "valid_to": st.dates(date(2026, 1, 1), date(2060, 1, 1)),
            "enrolled_on": st.dates(date(2026, 1, 1), date(2026, 12, 31)),
            "holder": st.builds(
                lambda given: sound_holder(**given),
                st.fixed_dictionaries(
                    {},
                    optional={
                        "birth_name": names,
                        "usual_name": names,
                        "city": names,
                        "first_names": st.lists(names, min_size=1, max_size=3),
                        "insee": st.sampled_from(["", "2A004", "44109"]),
                        "postcode": st.sampled_from(["", "44000"]),
                    },
                ),
            ),
        },
    ),
)


@settings(max_examples=300, deadline=None)
@given(entries | near)
def test_a_line_is_refused_in_words_or_valid(entry):
    if policy.faults(entry):
        return
    xml = written(entry)
    assert OFFICIAL.validate(etree.fromstring(xml)), OFFICIAL.error_log
    assert checking.is_valid(BytesIO(xml), SCHEMA) == (True, 1)
    for element in etree.fromstring(xml).iter():
        assert len(element) or element.text or element.get(NIL) == "true", element.tag
    assert xml.count(b"\n") == 2  # one line a passage


@settings(max_examples=100, deadline=None)
@given(st.lists(near.filter(lambda one: not policy.faults(one)), min_size=1, max_size=8))
def test_any_number_of_lines_is_valid_and_the_same_twice(found):
    xml = written(*found)
    assert written(*found) == xml
    assert OFFICIAL.validate(etree.fromstring(xml)), OFFICIAL.error_log
    lines = xml.decode().splitlines()
    assert len(lines) == writing.FIRST_LINE - 1 + len(found)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_time_is_that_of_france_with_its_offset(at):
    text = writing.stamp(at)
    assert datetime.fromisoformat(text) == at.replace(microsecond=0)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00", text)


def test_winter_and_summer_afternoon():
    assert writing.stamp(datetime(2026, 1, 15, 13, tzinfo=UTC)) == "2026-01-15T14:00:00+01:00"
    assert writing.stamp(datetime(2026, 7, 15, 13, tzinfo=UTC)) == "2026-07-15T15:00:00+02:00"
    summer = written(sound(), at=datetime(2026, 7, 15, 13, tzinfo=UTC))
    assert OFFICIAL.validate(etree.fromstring(summer))


def test_the_file_begins_as_utf_8_without_a_mark():
    assert written(sound()).startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<cpf:flux ')


def texts_of(entry, name):
    return [one.text for one in etree.fromstring(written(entry)).iter(PREFIX + name)]


def test_what_a_vae_a_foreign_birth_and_a_paris_without_district_say():
    vae = sound(access="VAE", vae_way="CONGES_VAE", initiative="CERTIFIE")
    assert texts_of(vae, "voieAccessVAE") == ["CONGES_VAE"]
    foreign = sound(
        holder=sound_holder(insee="99109", country="Allemagne", in_france=False, city="Köln")
    )
    assert policy.faults(foreign) == []
    assert texts_of(foreign, "codePaysNaissance") == ["109"]
    assert texts_of(foreign, "libellePaysNaissance") == ["Allemagne"]
    without_code = sound(
        holder=sound_holder(insee="", country="Togo", in_france=False, city="Lomé")
    )
    assert policy.faults(without_code) == []
    assert texts_of(without_code, "codePostal") == [None]
    paris = sound(holder=sound_holder(insee="75056", city="Paris"))
    assert policy.faults(paris) == []
    assert OFFICIAL.validate(etree.fromstring(written(paris)))


def codes(entry):
    return [fault.code for fault in policy.faults(entry)]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (sound(register="TP"), "unknown_register"),
        (sound(code="35304"), "malformed"),
        (sound(is_block=True), "block_code"),
        (sound(register="RS", code="RS12", is_block=True), "block_of_rs"),
        (sound(access="VAE"), "vae_way"),
        (sound(vae_way="VAE_CLASSIQUE"), "vae_way_without_vae"),
        (sound(obtained="PAR_SCORING"), "score"),
        (sound(score="12"), "score_unasked"),
        (sound(obtained="PAR_SCORING", score="1" * 256), "score_unwritable"),
        (sound(exam_postcode="59 000"), "exam_postcode"),
        (sound(exam_to=date(2026, 11, 19)), "exam_ends_before"),
        (sound(valid_from=date(2026, 11, 19)), "valid_before_exam"),
        (sound(valid_to=date(2026, 11, 19)), "validity_ends_before"),
        (sound(enrolled_on=date(2026, 11, 21)), "enrolled_after"),
        (sound(holder=sound_holder(birth_name=" ")), "birth_name"),
        (sound(holder=sound_holder(first_names=[])), "first_name"),
        (sound(holder=sound_holder(first_names=["Zoé", " "])), "other_name"),
        (sound(holder=sound_holder(birth_name="é" * 61)), "too_long"),
        (sound(holder=sound_holder(birth_name="Du\nrand")), "unwritable"),
        (sound(holder=sound_holder(sex="")), "sex"),
        (sound(holder=sound_holder(born=None)), "birth_date"),
        (sound(holder=sound_holder(born=date(2026, 11, 20))), "birth_date_unlikely"),
        (sound(holder=sound_holder(born=date(1899, 1, 1))), "birth_date_unlikely"),
        (sound(holder=sound_holder(city="")), "birth_city"),
        (sound(holder=sound_holder(country="")), "birth_country"),
        (sound(holder=sound_holder(insee="2C004")), "insee_malformed"),
        (sound(holder=sound_holder(insee="99109")), "insee_country"),
        (sound(holder=sound_holder(in_france=False)), "insee_country"),
        (sound(holder=sound_holder(postcode="20000")), "insee_and_postcode"),
        (
            sound(holder=sound_holder(insee="", postcode="1000", in_france=False)),
            "postcode_abroad",
        ),
        (sound(holder=sound_holder(insee="", postcode="2000é")), "postcode_malformed"),
    ],
)
def test_what_the_schema_lets_through_or_refuses_is_said_before(entry, code):
    assert codes(entry) == [code]


def test_names_codes_and_routes():
    assert policy.first_names("Zoé", "Anne Lou Eve") == ["Zoé", "Anne", "Lou"]
    assert policy.access_of("vae", "X", "") == "VAE"
    assert policy.access_of("training", "X", "") == "X"
    assert policy.access_of("vae", "X", "CANDIDAT_LIBRE") == "CANDIDAT_LIBRE"
    assert policy.country_code("44109") == ""
    assert policy.guessed("rs 5500", "") == {"register": "RS", "code": "RS5500"}
    assert policy.guessed("RNCP35304BC01", "BC01")["code"] == "RNCP35304BC01"
    assert policy.guessed("TP-00483", "CCP1") == {}
    assert policy.validity_end(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert policy.validity_end(date(2026, 8, 31), None) is None
    assert CdcAccount.Depositor.values == ["CERTIFICATEUR", "TIERS_CONFIANCE"]


def test_the_clock_runs_three_months_and_presses_from_thirty_days():
    due = policy.due(date(2026, 11, 30))
    assert due == date(2027, 2, 28)
    assert policy.clock_of(due, due + timedelta(days=1)) == "late"
    assert policy.clock_of(due, due) == "soon"
    assert policy.clock_of(due, due - timedelta(days=30)) == "soon"
    assert policy.clock_of(due, due - timedelta(days=31)) == "later"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<a", "not_xml"),
        (b"<a/>", "not_a_schema"),
        (b'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>', "namespace"),
        (schemas.shipped("1.1.2").replace(b' version="1.1.2"', b""), "version"),
        (
            schemas.shipped("1.1.2").replace(
                b'version="1.1.2">', b'version="1"><xsd:include schemaLocation="file:///etc"/>'
            ),
            "elsewhere",
        ),
        (schemas.shipped("1.1.2").replace(b'type="cpf:genre"', b'type="cpf:absent"'), "invalid"),
    ],
)
def test_a_schema_that_is_not_one_of_ours_is_refused(content, code):
    with pytest.raises(reading.SchemaUnreadableError) as refused:
        reading.read(content)
    assert refused.value.code == code


NEWER = (
    schemas.shipped("1.1.2")
    .replace(b'version="1.1.2"', b'version="1.1.5"')
    .replace(
        b'<xsd:element name="emetteur" type="cpf:emetteur"/>',
        b'<xsd:element name="action" type="xsd:string"/>'
        b'<xsd:element name="emetteur" type="cpf:emetteur"/>',
        1,
    )
)


def test_a_newer_schema_that_asks_for_an_action_gets_it():
    newer = reading.read(NEWER)
    xml = written(sound(), schema=newer)
    assert newer.has_action
    assert b"<cpf:action>CREATION</cpf:action>" in xml
    assert checking.is_valid(BytesIO(xml), newer) == (True, 1)
    assert checking.is_valid(BytesIO(xml), SCHEMA)[0] is False


def test_the_passage_at_fault_is_found_among_many():
    wrong = sound(technical_id="B", holder=sound_holder(sex="X"))
    other = sound(technical_id="C", register="RS", code="RS12")
    xml = written(sound(technical_id="A"), wrong, other)
    assert checking.is_valid(BytesIO(xml), SCHEMA)[0] is False
    violation = checking.first_violation(BytesIO(xml), SCHEMA)
    assert violation.technical_id == "B"
    assert "sexe" in violation.text
    whole = written(sound(technical_id="A"), other)
    assert checking.first_violation(BytesIO(whole), SCHEMA) == checking.Violation("", "")


def test_an_empty_first_name_among_others_is_not_written():
    xml = written(sound(holder=sound_holder(first_names=["Zoé", "", "Lou"])))
    assert OFFICIAL.validate(etree.fromstring(xml)), OFFICIAL.error_log
    assert (xml.count(b"<cpf:prenom2>Lou<"), xml.count(b"prenom3")) == (1, 0)
