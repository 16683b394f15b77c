"""The smallest valid objects of the certification; traits name situations."""

import itertools
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import Membership, Organisation, User, Workspace
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    SiteAccreditation,
)
from acquis.certification.frameworks.models import Framework, FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.papers import actions as papers
from acquis.certification.papers.models import Subject
from acquis.certification.registrations.models import (
    Accommodation,
    Candidate,
    Enrolment,
    HeldBlock,
    Proof,
)
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Sitting, SittingFile
from acquis.kernel import files
from acquis.kernel.models import StoredFile

DAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # 9 o'clock in Paris
_rank = itertools.count(1)


def ccp1_content() -> dict[str, Any]:
    """A framework of one block shaped as CCP1 of TP-00483: its times, five of its criteria."""
    criteria = [
        ("CCP1.1", "L’accueil du client est adapté", "Accueil", "CP1", ["roleplay"]),
        ("CCP1.2", "La demande est reformulée et comprise", "Accueil", "CP1", ["roleplay"]),
        ("CCP1.3", "La solution proposée répond au besoin", "Conseil", "CP2", ["roleplay"]),
        ("CCP1.4", "L’écrit est structuré et sans faute", "Conseil", "CP2", ["roleplay"]),
        ("CCP1.5", "Les propos apaisent les tensions", "Tensions", "CP3", ["technical_interview"]),
    ]
    return {
        "contract": 1,
        "source": {"file": "ccp1.txt", "sha256": "0" * 64, "media_type": "text/plain"},
        "kind": "titre_professionnel",
        "title": "Conseiller relation client à distance",
        "code": "TP-00483",
        "acronym": "CRCD",
        "edition": "06",
        "level": 4,
        "blocks": [
            {
                "code": "CCP1",
                "title": "Assurer des prestations de services et de conseil à distance",
                "activities": [],
                "competencies": [
                    {"code": "CP1", "statement": "Accueillir le client et le renseigner"},
                    {"code": "CP2", "statement": "Accompagner un client et le conseiller"},
                    {"code": "CP3", "statement": "Gérer des situations difficiles"},
                ],
                "criteria": [
                    {
                        "code": code,
                        "text": text,
                        "theme": theme,
                        "competencies": [competency],
                        "methods": methods,
                    }
                    for code, text, theme, competency, methods in criteria
                ],
            }
        ],
        "transversal_competencies": [],
        "assessments": [ccp1_assessment()],
        "rules": {
            "scale": "acquis_non_acquis",
            "pass_ratio": None,
            "jury": {"members_min": 2, "experience_years_min": 3, "left_years_max": 5},
            "summons_before": "P1M",
        },
        "glossary": [],
        "correspondences": [],
        "warnings": [],
    }


def ccp1_assessment() -> dict[str, Any]:
    return {
        "scope": {"type": "block", "block": "CCP1"},
        "candidate_minutes": 130,
        "jury_minutes": 30,
        "invigilated_minutes": 100,
        "phases": [
            {
                "method": "roleplay",
                "title": "Mise en situation professionnelle",
                "minutes": 105,
                "steps": [
                    {
                        "title": "Première partie",
                        "minutes": 75,
                        "description": "Les candidats étudient le dossier d’un client, résument sa "
                        "situation par écrit et rédigent un courrier de réponse. Ils disposent de "
                        "leurs écrits lors de la phase de préparation de l’entretien technique.",
                        "jury_present": False,
                        "invigilated": True,
                    },
                    {
                        "title": "Deuxième partie",
                        "minutes": 15,
                        "description": "Le candidat tire au sort un sujet. Il prépare les contacts "
                        "avec ces clients. Il conduit ces échanges lors de la troisième partie.",
                        "jury_present": False,
                        "invigilated": True,
                        "drawn_by_lot": True,
                    },
                    {
                        "title": "Troisième partie",
                        "minutes": 15,
                        "description": "Le candidat gère deux échanges clients entrants.",
                        "jury_present": True,
                        "exchanges": 2,
                    },
                ],
            },
            {
                "method": "technical_interview",
                "title": "Entretien technique",
                "minutes": 25,
                "steps": [
                    {
                        "title": "Première partie",
                        "minutes": 10,
                        "description": "Le candidat se prépare pour réagir oralement à une séquence"
                        " enregistrée d’un appel de ce client.",
                        "jury_present": False,
                        "invigilated": True,
                    },
                    {
                        "title": "Deuxième partie",
                        "minutes": 10,
                        "description": "Le candidat tire au sort l’enregistrement. Il écoute la "
                        "séquence de l’appel et réagit.",
                        "jury_present": True,
                        "drawn_by_lot": True,
                    },
                    {
                        "title": "Troisième partie",
                        "minutes": 5,
                        "description": "Le jury questionne le candidat sur ses échanges.",
                        "jury_present": True,
                    },
                ],
            },
        ],
    }


def organisation(**fields: Any) -> Organisation:
    rank = next(_rank)
    return Organisation.objects.create(
        **{"name": f"Centre {rank}", "slug": f"centre-{rank}", "city": "Nantes", **fields}
    )


def person(*roles: Role, organisation: Organisation | None = None, **fields: Any) -> User:
    """A user, with these roles in the organisation."""
    rank = next(_rank)
    user = User.objects.create_user(
        **{
            "email": f"personne{rank}@exemple.fr",
            "password": "une phrase de passe",
            "first_name": "Camille",
            "last_name": f"Durand{rank}",
            **fields,
        }
    )
    for role in roles:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def framework_version(**fields: Any) -> FrameworkVersion:
    """A published version of CCP1, valid from 2021 without end."""
    content = fields.pop("content", None) or ccp1_content()
    owner = fields.pop("organisation", None)
    code = fields.pop("code", content["code"])
    framework, _created = Framework.objects.get_or_create(
        organisation=owner,
        code=code,
        defaults={"title": content["title"], "acronym": "CRCD", "kind": content["kind"]},
    )
    return FrameworkVersion.objects.create(
        **{
            "framework": framework,
            "edition": f"06-{next(_rank)}",
            "state": FrameworkVersion.State.PUBLISHED,
            "content": content,
            "content_sha256": "0" * 64,
            "valid_from": date(2021, 7, 6),
            "published_at": DAY - timedelta(days=300),
            **fields,
        }
    )


def candidate(organisation: Organisation, **fields: Any) -> Candidate:
    """A candidate whose identity is complete, with an account of role candidate."""
    rank = next(_rank)
    if "user" not in fields:
        fields["user"] = person(Role.CANDIDATE, organisation=organisation)
    return Candidate.objects.create(
        **{
            "organisation": organisation,
            "reference": f"CAND-{rank:04}",
            "birth_name": f"MARTIN{rank}",
            "first_name": "Awa",
            "sex": Candidate.Sex.FEMALE,
            "birth_date": date(1998, 4, 12),
            "birth_city": "Nantes",
            "birth_insee_code": "44109",
            "email": f"candidate{rank}@exemple.fr",
            "created_at": DAY - timedelta(days=60),
            **fields,
        }
    )


def enrolment(candidate: Candidate, version: FrameworkVersion, **fields: Any) -> Enrolment:
    """An enrolment; `extra=Fraction(1, 3)` gives the person a third of time more."""
    extra = fields.pop("extra", None)
    enrolled = Enrolment.objects.create(
        **{
            "candidate": candidate,
            "version": version,
            "block": "CCP1",
            "created_at": DAY - timedelta(days=50),
            **fields,
        }
    )
    if extra:
        accommodation(enrolled, extra=extra)
    return enrolled


def accommodation(
    enrolment: Enrolment, *, extra: Fraction = Fraction(1, 3), **fields: Any
) -> Accommodation:
    """Extra time on the whole exam, decided long before the session; other kinds add none."""
    timed = fields.get("kind", Accommodation.Kind.EXTRA_TIME) == Accommodation.Kind.EXTRA_TIME
    return Accommodation.objects.create(
        **{
            "enrolment": enrolment,
            "kind": Accommodation.Kind.EXTRA_TIME,
            "extra_numerator": extra.numerator if timed else 0,
            "extra_denominator": extra.denominator if timed else 1,
            "decision_by": "DDETS de Loire-Atlantique",
            "decision_date": date(2026, 6, 1),
            "created_at": DAY - timedelta(days=50),
            **fields,
        }
    )


def held(enrolment: Enrolment, block: str = "CCP1", **fields: Any) -> HeldBlock:
    """A line of the livret of the enrolment's candidate."""
    return HeldBlock.objects.create(
        **{
            "candidate": enrolment.candidate,
            "framework": enrolment.version.framework,
            "version": enrolment.version,
            "block": block,
            "obtained_on": date(2026, 3, 2),
            **fields,
        }
    )


def proof(enrolment: Enrolment, kind: str = Proof.Kind.PORTFOLIO, **fields: Any) -> Proof:
    """A paper that was brought and not verified yet."""
    if "file" not in fields and kind != Proof.Kind.IDENTITY:
        fields["file"] = files.store(
            f"%PDF-1.7 {next(_rank)}".encode(),
            name="dossier.pdf",
            media_type="application/pdf",
            by=None,
            at=DAY,
        )
    return Proof.objects.create(
        **{"enrolment": enrolment, "kind": kind, "deposited_at": DAY, **fields}
    )


def juror(organisation: Organisation, **fields: Any) -> Juror:
    """A juror who may sit on any day of 2026, with an account of role juror."""
    rank = next(_rank)
    if "user" not in fields:
        fields["user"] = person(Role.JUROR, organisation=organisation)
    return Juror.objects.create(
        **{
            "organisation": organisation,
            "first_name": "Paul",
            "last_name": f"Le Goff{rank}",
            "email": f"jure{rank}@exemple.fr",
            "employer": "Atlantique Contact",
            "job_title": "Responsable de plateau",
            "is_external": True,
            "experience_years": 8,
            "briefed_on": date(2026, 1, 15),
            "accredited_from": date(2025, 1, 1),
            "accredited_to": date(2027, 12, 31),
            "created_at": DAY - timedelta(days=300),
            **fields,
        }
    )


def enterprise(organisation: Organisation, **fields: Any) -> Workspace:
    """A fictitious enterprise (empty) in which an exam may play."""
    return Workspace.objects.create(
        **{
            "organisation": organisation,
            "kind": WorkspaceKind.MODEL,
            "name": "Valbrenne",
            "pack": "valbrenne",
            "created_at": DAY - timedelta(days=90),
            **fields,
        }
    )


def bare_session(organisation: Organisation | None = None, **fields: Any) -> ExamSession:
    """A session in preparation, with nobody in it yet."""
    centre = organisation or globals()["organisation"]()
    if "manager" not in fields:
        fields["manager"] = person(Role.SESSION_MANAGER, organisation=centre)
    if "version" not in fields:
        fields["version"] = framework_version()
    if "enterprise_id" not in fields:
        fields["enterprise_id"] = enterprise(centre).pk
    return ExamSession.objects.create(
        **{
            "organisation": centre,
            "reference": f"S-{next(_rank):04}",
            "block": "CCP1",
            "starts_at": DAY,
            "place": "Centre de Nantes",
            "address": "12 rue de la Loire\n44000 Nantes",
            "room": "Salle B",
            "created_at": DAY - timedelta(days=45),
            **fields,
        }
    )


def seat(session: ExamSession, **fields: Any) -> SessionCandidate:
    """One more candidate of the session."""
    enrolled = fields.pop("enrolment", None) or enrolment(
        candidate(session.organisation, **fields.pop("candidate", {})),
        session.version,
        **fields.pop("enrolled", {}),
    )
    return SessionCandidate.objects.create(
        **{
            "session": session,
            "enrolment": enrolled,
            "order": session.candidates.count() + 1,
            "starts_at": session.starts_at,
            **fields,
        }
    )


def member(session: ExamSession, **fields: Any) -> SessionJuror:
    """One more juror of the session."""
    chosen = fields.pop("juror", None)
    if not isinstance(chosen, Juror):
        chosen = juror(session.organisation, **(chosen or {}))
    return SessionJuror.objects.create(session=session, juror=chosen, **fields)


def session(*, candidates: int = 2, jurors: int = 2, **fields: Any) -> ExamSession:
    """A session of CCP1 with two candidates and two jurors, the first presiding."""
    built = bare_session(**fields)
    for _ in range(candidates):
        seat(built)
    for rank in range(jurors):
        function = SessionJuror.Function.MEMBER if rank else SessionJuror.Function.PRESIDENT
        member(built, function=function)
    return built


def accredited(session: ExamSession, **fields: Any) -> SiteAccreditation:
    """The agrément that lets this session be held: its title, its place, its day."""
    return SiteAccreditation.objects.create(
        **{
            "organisation": session.organisation,
            "version": session.version,
            "site": session.place,
            "number": f"AG-{next(_rank):04}",
            "valid_from": session.starts_at.date() - timedelta(days=365),
            "valid_to": session.starts_at.date() + timedelta(days=365),
            "noted_at": DAY,
            "noted_by": session.manager,
            **fields,
        }
    )


def subject(organisation: Organisation, **fields: Any) -> Subject:
    """A validated written subject of CCP1 in the enterprise « valbrenne »."""
    rank = next(_rank)
    cover = {
        "reference": f"VAL-E-{rank:03}",
        "kind": "written",
        "framework_code": "TP-00483",
        "block": "CCP1",
        "pack": "valbrenne",
        "title": "Dossier client",
    }
    content = fields.pop("content", None) or {"brief": "Étudiez le dossier du client."}
    state = fields.pop("state", Subject.State.VALIDATED)
    sound = fields.pop("sound", None)
    handed = fields.pop("files", ())
    author = fields.pop("author", None) or person(Role.TRAINER, organisation=organisation)
    written = papers.author_subject(
        organisation=organisation,
        cover=cover | fields,
        content=content,
        sound=sound,
        files=handed,
        by=author,
        at=DAY,
    )
    if state == Subject.State.VALIDATED:
        director = person(Role.CERTIFYING_BODY, organisation=organisation)
        written = papers.validate_subject(subject=written, by=director, at=DAY)
    return written


def open_session(**fields: Any) -> ExamSession:
    """A session of two candidates, open: exams are ready, nobody has been seen yet.

    The bank holds one subject of each kind, unless `subjects=False`.
    """
    subjects = fields.pop("subjects", True)
    built = session(**{"state": ExamSession.State.OPEN, **fields})
    for kind in ("written", "exchanges") if subjects else ():
        subject(built.organisation, kind=kind)
    for seated in built.candidates.all():
        actions.open_sitting(candidate=seated, by=built.manager, at=DAY)
    return built


def sitting(**fields: Any) -> Sitting:
    """One candidate's exam, opened; presence and identity are not yet noted."""
    return Sitting.objects.get(candidate__session=open_session(**{"candidates": 1, **fields}))


def ready_sitting(**fields: Any) -> Sitting:
    """The candidate is present, identified and authorised; no phase has started."""
    built = sitting(**fields)
    by = built.candidate.session.manager
    actions.confirm_presence(candidate=built.candidate, present=True, by=by, at=DAY)
    actions.confirm_identity(candidate=built.candidate, by=by, at=DAY)
    return actions.authorise_start(sitting=built, by=by, at=DAY)


def running_sitting(**fields: Any) -> Sitting:
    """The written phase started at DAY."""
    built = ready_sitting(**fields)
    actions.start_phase(phase=built.phases.first(), by=writer(built), at=DAY)
    built.refresh_from_db()
    return built


def writer(sitting: Sitting) -> User:
    """The account of the candidate who sits."""
    return sitting.candidate.enrolment.candidate.user


def kept_file(sitting: Sitting, file: StoredFile, **fields: Any) -> SittingFile:
    """A document of an exam."""
    values: dict[str, Any] = {
        "kind": SittingFile.Kind.DEPOSIT,
        "key": "report",
        "title": "Rapport",
        "kept_at": DAY,
        "keep_until": date(2031, 11, 20),
    }
    return SittingFile.objects.create(sitting=sitting, file=file, **(values | fields))
