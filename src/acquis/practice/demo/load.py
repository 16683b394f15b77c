"""The demonstration: a centre, its people, the five certifications, an enterprise, a session today."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from acquis.accounts.enums import Role, SigningRule, WorkspaceKind
from acquis.accounts.models import Membership, Organisation, User, Workspace, WorkspaceMember
from acquis.certification.exam_sessions.actions.compose import add_candidate, add_juror
from acquis.certification.exam_sessions.actions.plan_session import plan_session
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror
from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.actions.register_juror import register_juror
from acquis.certification.juries.models import Juror
from acquis.certification.papers.actions.commit_draw import commit_draw
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.actions.register_candidate import register_candidate
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.desk.phone.actions.set_line import set_line
from acquis.desk.queues.actions.keep_skills import keep_skills
from acquis.practice.demo.aftermath import leave_traces
from acquis.practice.demo.archived import seal_and_archive
from acquis.practice.demo.candidates import enrol_others
from acquis.practice.demo.desk.fill import fill_desk
from acquis.practice.demo.judged import remember_judged
from acquis.practice.demo.passport import deliver_and_tell
from acquis.practice.demo.people import PASSWORD, PEOPLE
from acquis.practice.demo.season import plan_seasons
from acquis.practice.demo.summoned import bring_recording, summon_in_advance
from acquis.practice.demo.telephone import telephone_session
from acquis.practice.demo.visitors import let_visitors_wait
from acquis.practice.enterprises import packs
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.practice.enterprises.actions.furnish_desk import furnish_desk
from acquis.practice.enterprises.actions.load_pack import load_pack
from acquis.practice.scenarios.actions.install_library import install_library
from acquis.regulation.actions.install_parameters import install_parameters

PARIS = ZoneInfo("Europe/Paris")
SLUG = "centre-demonstration"
PACK = "valbrenne"
# The session of the day is by chat: this set comes to the bank once its draws are committed to.
SPOKEN = frozenset({"VAL-S07"})
Say = Callable[[str], None]


def load_demo(*, now: datetime, say: Say) -> bool:
    """Load the demonstration unless it is there; returns whether it was loaded now."""
    if Organisation.objects.filter(slug=SLUG).exists():
        return False
    say("Chargement des données de démonstration…")
    with transaction.atomic():
        centre = _centre()
        people = _people(centre)
        by = people[Role.CERTIFYING_BODY][0]
        say("  paramètres réglementaires et référentiels")
        install_parameters(by=None, at=now)
        install_catalogue(by=by, at=now)
        say("  entreprise fictive et sujets secrets")
        model = load_pack(organisation=centre, slug=PACK, by=people[Role.TRAINER][0], at=now)
        _subjects(centre, people, now, without=SPOKEN)
        bring_recording(
            centre=centre, slug=PACK, author=people[Role.TRAINER][0], validated_by=by, now=now
        )
        say("  poste d’entraînement et ses contacts")
        _practice_desk(model, people, now)
        say("  session d’examen de ce jour")
        today = _session(centre, people, model, now)
        enrol_others(
            centre=centre,
            version=FrameworkVersion.objects.get(framework__code="TP-00483", edition="06"),
            by=people[Role.SESSION_MANAGER][0],
            at=now,
        )
        commit_draw(session=today, by=today.manager, at=now)
        _subjects(centre, people, now)
        say("  session à venir et ses convocations")
        summon_in_advance(centre=centre, people=people, model=model, now=now)
        say("  plans de saison")
        plan_seasons(centre=centre, people=people, model=model, now=now)
        say("  session par téléphone du lendemain")
        telephone_session(centre=centre, people=people, model=model, today=today, now=now)
        say("  certificats délivrés et passeport de compétences")
        delivered = deliver_and_tell(centre=centre, people=people, today=today, now=now)
        say("  sceau du centre et archive de cette session")
        seal_and_archive(session=delivered, by=by, now=now)
        say("  suites d’une session passée : incidents, actions, recours")
        leave_traces(centre=centre, people=people, model=model, now=now)
        say("  deux années de sessions jugées et le dossier du conseil")
        remember_judged(centre=centre, people=people, model=model, now=now)
    return True


def _subjects(
    centre: Organisation,
    people: dict[Role, list[User]],
    now: datetime,
    *,
    without: frozenset[str] = frozenset(),
) -> None:
    """Put the subjects that ship in the bank, written by the trainer and validated by the direction."""
    install_library(
        organisation=centre,
        slug=PACK,
        by=people[Role.TRAINER][0],
        at=now,
        validated_by=people[Role.CERTIFYING_BODY][0],
        without=without,
    )


def _centre() -> Organisation:
    return Organisation.objects.create(
        name="Centre de certification des Rives",
        slug=SLUG,
        address="8 quai des Tisserands",
        postcode="44000",
        city="Nantes",
        email="accueil@centre.example",
        phone="02 61 91 00 01",
        signing=SigningRule.WHEN_ENROLLED,  # visitors have no telephone enrolled
    )


def _people(centre: Organisation) -> dict[Role, list[User]]:
    people: dict[Role, list[User]] = {}
    for person in PEOPLE:
        user = User.objects.create_user(
            person.email,
            PASSWORD,
            first_name=person.first_name,
            last_name=person.last_name,
            is_demo=True,
        )
        Membership.objects.create(user=user, organisation=centre, role=person.role)
        people.setdefault(person.role, []).append(user)
    return people


def _practice_desk(model: Workspace, people: dict[Role, list[User]], now: datetime) -> None:
    """A desk on which the adviser and the supervisor may write without touching the model."""
    adviser = people[Role.ADVISER][0]
    desk = copy_workspace(
        source=model,
        name=f"{model.name} – poste d’entraînement",
        by=adviser,
        at=now,
        member=adviser,
    )
    _first, *colleagues = people[Role.ADVISER]
    for user in (people[Role.SUPERVISOR][0], people[Role.TRAINER][0], *colleagues):
        WorkspaceMember.objects.create(workspace=desk, user=user)
    supervisor = people[Role.SUPERVISOR][0]
    pack = packs.load(PACK)
    furnish_desk(workspace=desk, pack=pack, by=supervisor, at=now)
    skills = pack.desk.get("skills", {})
    for one in people[Role.ADVISER]:
        keep_skills(workspace=desk, adviser=one, skills=skills, by=supervisor, at=now)
    set_line(
        workspace=desk,
        values={
            "public": True,
            "ring_seconds": 30,
            "voicemail": True,
            "recording_percent": 0,
            "recording_purpose": "",
        },
        by=supervisor,
        at=now,
    )
    let_visitors_wait(desk=desk, at=now)
    fill_desk(desk=desk, advisers=people[Role.ADVISER], supervisor=supervisor, at=now)


def _session(
    centre: Organisation, people: dict[Role, list[User]], model: Workspace, now: datetime
) -> ExamSession:
    manager = people[Role.SESSION_MANAGER][0]
    version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
    block = version.content["blocks"][0]["code"]
    session = plan_session(
        organisation=centre,
        data={
            "reference": "",
            "version": version,
            "block": block,
            "starts_at": _next_half_hour(now + timedelta(minutes=30)),
            "place": "Centre de certification des Rives",
            "address": "8 quai des Tisserands\n44000 Nantes",
            "room": "Salle Sillon",
            "enterprise_id": model.pk,
        },
        by=manager,
        at=now,
    )
    for candidate in _candidates(centre, people, manager, now):
        add_candidate(
            session=session,
            enrolment=_enrolled(candidate, version, block, manager, now),
            by=manager,
            at=now,
        )
    functions = (SessionJuror.Function.PRESIDENT, SessionJuror.Function.MEMBER)
    for juror, function in zip(_jurors(centre, people, manager, now), functions, strict=True):
        add_juror(session=session, juror=juror, function=function, by=manager, at=now)
    return session


def _next_half_hour(moment: datetime) -> datetime:
    """A time that reads as people plan: 14:00, 14:30."""
    late = timedelta(
        minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment - late + timedelta(minutes=30) if late else moment


def _candidates(
    centre: Organisation, people: dict[Role, list[User]], by: User, now: datetime
) -> list[Candidate]:
    particulars = (
        ("F", date(1998, 4, 17), "Rennes", "35238"),
        ("M", date(2001, 9, 3), "Nantes", "44109"),
    )
    candidates = []
    first_two = people[Role.CANDIDATE][:2]
    for user, (sex, born, city, insee) in zip(first_two, particulars, strict=True):
        candidate = register_candidate(
            organisation=centre,
            data={
                "birth_name": user.last_name,
                "usual_name": "",
                "first_name": user.first_name,
                "other_first_names": "",
                "birth_country": "France",
                "email": user.email,
                "phone": "",
                "sex": sex,
                "birth_date": born,
                "birth_city": city,
                "birth_insee_code": insee,
                "birth_postcode": "",
            },
            by=by,
            at=now,
        )
        candidate.user = user
        candidate.save(update_fields=["user"])
        candidates.append(candidate)
    return candidates


def _enrolled(
    candidate: Candidate, version: FrameworkVersion, block: str, by: User, now: datetime
) -> Enrolment:
    return enrol(
        candidate=candidate,
        version=version,
        block=block,
        route=Enrolment.Route.TRAINING,
        by=by,
        at=now,
    )


def _jurors(
    centre: Organisation, people: dict[Role, list[User]], by: User, now: datetime
) -> list[Juror]:
    today = now.astimezone(PARIS).date()
    particulars: tuple[tuple[str, str, int, list[str]], ...] = (
        ("Coopérative Hortense", "Responsable relation client", 11, ["rétention"]),
        ("Assurances du Littoral", "Superviseur de plateau", 7, []),
    )
    jurors = []
    for user, (employer, job, years, specialities) in zip(
        people[Role.JUROR], particulars, strict=True
    ):
        jurors.append(
            register_juror(
                organisation=centre,
                data={
                    "first_name": user.first_name,
                    "last_name": user.last_name,
                    "email": user.email,
                    "phone": "",
                    "is_external": True,
                    "left_job_on": None,
                    "briefed_on": today - timedelta(days=40),
                    "accredited_from": today - timedelta(days=400),
                    "accredited_to": today + timedelta(days=700),
                    "specialities": specialities,
                    "briefing_hours": None,
                    "represents": "",
                    "employer": employer,
                    "job_title": job,
                    "experience_years": years,
                },
                by=by,
                at=now,
            )
        )
    return jurors


def model_of(organisation: Organisation) -> Workspace:
    """The fictitious enterprise of an organisation."""
    return Workspace.objects.get(organisation=organisation, kind=WorkspaceKind.MODEL, pack=PACK)
