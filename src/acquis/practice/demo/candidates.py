"""Candidates of other routes: arranged for, admitted by silence, with a livret, lacking papers."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

from pypdf import PdfWriter

from acquis.accounts.models import Organisation, User
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import actions
from acquis.certification.registrations.models import Accommodation, Enrolment, Proof
from acquis.kernel import files

Kind, Route = Accommodation.Kind, Enrolment.Route


@dataclass(frozen=True, slots=True)
class DemoCandidate:
    name: str
    first_name: str
    sex: str
    born: date
    city: str
    route: str = Route.TRAINING
    insee: str = ""
    country: str = "France"
    block: str = ""
    seen: bool = False  # the identity document
    portfolio: bool = False
    accommodations: tuple[dict[str, Any], ...] = field(default=())


CANDIDATES = (
    DemoCandidate(
        "CARPENTIER", "Maëlys", "F", date(1996, 2, 11), "Angers", insee="49007",
        seen=True, portfolio=True,
        accommodations=(
            {"kind": Kind.EXTRA_TIME, "extra": Fraction(1, 3)},
            {"kind": Kind.BREAKS, "break_minutes": 10, "scope": ["written"]},
        ),
    ),
    DemoCandidate(
        "OUEDRAOGO", "Idrissa", "M", date(1989, 7, 24), "Ouagadougou", insee="99331",
        country="Burkina Faso", seen=True,
        accommodations=(
            {
                "kind": Kind.HUMAN_AID,
                "details": "Interface en langue des signes pour les échanges et l’entretien.",
                "decision_date": None,
            },
        ),
    ),
    DemoCandidate(
        "LE BIHAN", "Soizic", "F", date(1978, 11, 5), "Quimper", Route.VAE, insee="29232",
        portfolio=True,
    ),
    DemoCandidate(
        "FERREIRA", "Nuno", "M", date(1993, 3, 30), "Braga", Route.CAPITALISATION, insee="99139",
        country="Portugal", block="CCP2", seen=True,
    ),
    DemoCandidate("AMRANI", "Salma", "F", date(2000, 12, 1), ""),
)  # fmt: skip


def enrol_others(
    *, centre: Organisation, version: FrameworkVersion, by: User, at: datetime
) -> None:
    """People who will sit later, each in a state that the pages have to show."""
    for one in CANDIDATES:
        enrolment = _enrolled(one, centre, version, by, at)
        for arranged in one.accommodations:
            _arrange(enrolment, arranged, by, at)
        if one.route == Route.VAE:
            _ask_for_vae(enrolment, by, at)
        if one.route == Route.CAPITALISATION:
            actions.record_held(
                enrolment=enrolment,
                block="CCP1",
                obtained_on=at.date() - timedelta(days=200),
                pv_reference="PV-2026-014",
                by=by,
                at=at,
            )
        _bring_papers(one, enrolment, by, at)


def _enrolled(
    one: DemoCandidate, centre: Organisation, version: FrameworkVersion, by: User, at: datetime
) -> Enrolment:
    address = f"{one.first_name}.{one.name}".lower().replace("ë", "e").replace(" ", "-")
    candidate = actions.register_candidate(
        organisation=centre,
        data={
            "birth_name": one.name,
            "usual_name": "",
            "first_name": one.first_name,
            "other_first_names": "",
            "sex": one.sex,
            "birth_date": one.born,
            "birth_city": one.city,
            "birth_insee_code": one.insee,
            "birth_postcode": "",
            "birth_country": one.country,
            "email": f"{address}@candidats.example",
            "phone": "",
        },
        by=by,
        at=at,
    )
    return actions.enrol(
        candidate=candidate,
        version=version,
        block=one.block,
        route=one.route,
        training_body="Institut des Rives",
        by=by,
        at=at,
    )


def _arrange(enrolment: Enrolment, arranged: dict[str, Any], by: User, at: datetime) -> None:
    data: actions.AccommodationData = {
        "kind": arranged["kind"],
        "extra": arranged.get("extra", Fraction(0)),
        "break_minutes": arranged.get("break_minutes", 0),
        "scope": arranged.get("scope", []),
        "details": arranged.get("details", ""),
        "decision_by": "DDETS de Loire-Atlantique",
        "decision_date": arranged.get("decision_date", at.date() - timedelta(days=120)),
    }
    actions.accommodate(enrolment=enrolment, data=data, by=by, at=at)


def _ask_for_vae(enrolment: Enrolment, by: User, at: datetime) -> None:
    """Two months of silence have passed: the file is admitted."""
    actions.record_admissibility(
        enrolment=enrolment,
        data={
            "requested_on": at.date() - timedelta(days=75),
            "authority": "France VAE",
            "decision": "",
            "decided_on": None,
            "reason": "",
        },
        by=by,
        at=at,
    )


def _bring_papers(one: DemoCandidate, enrolment: Enrolment, by: User, at: datetime) -> None:
    if one.seen:
        actions.deposit_proof(
            enrolment=enrolment, kind=Proof.Kind.IDENTITY, file=None, by=by, at=at
        )
    if one.portfolio:
        kept = files.store(
            _blank_page(f"Dossier professionnel de {enrolment.candidate.full_name}"),
            name=f"dossier-professionnel-{enrolment.candidate.reference}.pdf",
            media_type="application/pdf",
            by=by,
            at=at,
        )
        actions.deposit_proof(
            enrolment=enrolment, kind=Proof.Kind.PORTFOLIO, file=kept, by=by, at=at
        )


def _blank_page(title: str) -> bytes:
    """A PDF of one empty page: what is shown is that it was brought."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": title})
    writer.write(out)
    return out.getvalue()
