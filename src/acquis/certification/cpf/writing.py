"""The CPF file: the same bytes for the same entries, one line of the file a passage.

The elements come in the documented order, each bears its prefix, none is empty but those that the
schema lets be nil. A passage stands whole on one line, so that a refusal that names a line names
a person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import IO, Any
from zoneinfo import ZoneInfo

from lxml import etree

from acquis.certification.cpf.policy import Entry, Holder, country_code
from acquis.certification.cpf.schemas.reading import NAMESPACE, Schema

PARIS = ZoneInfo("Europe/Paris")
ACTION = "CREATION"
FRANCE = "FRANCE"
NIL = {"{http://www.w3.org/2001/XMLSchema-instance}nil": "true"}
_PREFIXES = {"cpf": NAMESPACE, "xsi": "http://www.w3.org/2001/XMLSchema-instance"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: what the Caisse des dépôts gave the centre."""

    client_id: str
    certifier_id: str
    contract_id: str
    depositor: str


@dataclass(frozen=True, slots=True)
class Flux:
    flux_id: str
    at: datetime  # aware: when the deposit was opened, whenever its file is written
    sender: Sender


def stamp(at: datetime) -> str:
    """The time in France with its offset of that day, 24 hours, without fractions of a second.

    >>> from datetime import timezone
    >>> stamp(datetime(2026, 7, 1, 21, 5, 9, tzinfo=timezone.utc))
    '2026-07-01T23:05:09+02:00'
    """
    return at.astimezone(PARIS).isoformat(timespec="seconds")


def write(out: IO[bytes], flux: Flux, entries: Iterable[Entry], schema: Schema) -> Iterator[Entry]:
    """Write the file, giving back each entry once it is written: its line is the rank given by `lines`.

    `entries` are sorted by register and code, and there is at least one. The file is whole only
    once the iterator is at its end.
    """
    with etree.xmlfile(out, encoding="UTF-8") as xml:
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        with xml.element(_q("flux"), nsmap=_PREFIXES):
            _text(xml, "idFlux", flux.flux_id)
            _text(xml, "horodatage", stamp(flux.at))
            if schema.has_action:
                _text(xml, "action", ACTION)
            with xml.element(_q("emetteur")):
                _text(xml, "idClient", flux.sender.client_id)
                with xml.element(_q("certificateurs")), xml.element(_q("certificateur")):
                    _text(xml, "idClient", flux.sender.certifier_id)
                    _text(xml, "idContrat", flux.sender.contract_id)
                    with xml.element(_q("certifications")):
                        yield from _certifications(xml, flux, entries)


FIRST_LINE = 3  # of a passage: the declaration and the heading come before


def _certifications(xml: Any, flux: Flux, entries: Iterable[Entry]) -> Iterator[Entry]:
    for (register, code), passages in groupby(entries, lambda one: (one.register, one.code)):
        with xml.element(_q("certification")):
            _text(xml, "type", register)
            _text(xml, "code", code)
            _text(xml, "natureDeposant", flux.sender.depositor)
            with xml.element(_q("passageCertifications")):
                for entry in passages:
                    xml.write("\n")
                    _passage(xml, entry)
                    yield entry


def _passage(xml: Any, one: Entry) -> None:
    with xml.element(_q("passageCertification")):
        _text(xml, "idTechnique", one.technical_id)
        _text(xml, "obtentionCertification", one.obtained)
        _text(xml, "donneeCertifiee", "true")
        _text(xml, "dateDebutExamen", one.exam_from.isoformat())
        _text(xml, "dateFinExamen", one.exam_to.isoformat())
        _text(xml, "modalitePassageExamen", one.modality)
        _if_any(xml, "codePostalCentreExamen", one.exam_postcode)
        _text(xml, "dateDebutValidite", one.valid_from.isoformat())
        _or_nil(xml, "dateFinValidite", _day(one.valid_to))
        _text(xml, "presenceNiveauLangueEuro", "false")
        _text(xml, "presenceNiveauNumeriqueEuro", "false")
        _or_nil(xml, "scoring", one.score)
        _or_nil(xml, "mentionValidee", one.mention)
        with xml.element(_q("modalitesInscription")):
            _text(xml, "modaliteAcces", one.access)
            _if_any(xml, "voieAccessVAE", one.vae_way)  # as the schema spells it
            _if_any(xml, "initiativeInscription", one.initiative)
            _if_any(xml, "dateInscription", _day(one.enrolled_on))
        with xml.element(_q("identificationTitulaire")), xml.element(_q("titulaire")):
            _holder(xml, one.holder)


def _holder(xml: Any, who: Holder) -> None:
    born = who.born or date.min  # a line without a birth date was refused before
    _text(xml, "nomNaissance", who.birth_name)
    _or_nil(xml, "nomUsage", who.usual_name)
    for rank, name in enumerate(filter(None, who.first_names), start=1):
        _text(xml, f"prenom{rank}", name)
    _text(xml, "anneeNaissance", f"{born.year}")
    _text(xml, "moisNaissance", f"{born.month:02}")
    _text(xml, "jourNaissance", f"{born.day:02}")
    _text(xml, "sexe", who.sex)
    with xml.element(_q("codeCommuneNaissance")):
        if who.insee:
            with xml.element(_q("codeInseeNaissance")):
                _text(xml, "codeInsee", who.insee)
        else:
            with xml.element(_q("codePostalNaissance")):
                _or_nil(xml, "codePostal", who.postcode)
    _text(xml, "libelleCommuneNaissance", who.city)
    _if_any(xml, "codePaysNaissance", country_code(who.insee))
    _text(xml, "libellePaysNaissance", FRANCE if who.in_france else who.country)


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _text(xml: Any, name: str, text: str) -> None:
    with xml.element(_q(name)):
        xml.write(text)


def _if_any(xml: Any, name: str, text: str) -> None:
    if text:
        _text(xml, name, text)


def _or_nil(xml: Any, name: str, text: str) -> None:
    if text:
        _text(xml, name, text)
    else:
        with xml.element(_q(name), NIL):
            pass
