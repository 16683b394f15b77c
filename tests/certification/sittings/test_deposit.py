"""Documents handed in, returns refused after a day, time given back to all."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.certification.exam_sessions.deliverables import asked as asked_documents
from acquis.certification.sittings import actions, deliverables, errors, policy
from acquis.certification.sittings.models import Phase, Sitting, SittingFile, TimeGrant
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def phase() -> Phase:
    """A deposit under way, before a defence."""
    sitting = make.running_sitting()
    first, second = sitting.phases.all()[:2]
    Phase.objects.filter(pk=second.pk).update(kind=Phase.Kind.DEFENCE)
    first.kind = Phase.Kind.DEPOSIT
    first.save()
    return first


def deposit(
    phase: Phase,
    content: bytes = b"%PDF-1.7 un",
    at=DAY,
    name: str = "rapport.pdf",
    number: int = 1,
):
    return actions.deposit_file(
        phase=phase,
        file=ContentFile(content, name=name),
        media_type="application/pdf",
        by=make.writer(phase.sitting),
        at=at,
        number=number,
    )


def test_a_document_is_replaced_and_each_version_is_kept(phase: Phase) -> None:
    first = deposit(phase)
    assert deposit(phase) == first
    second = deposit(phase, b"%PDF-1.7 deux", name="rapport-final.pdf")
    assert [(one.version, one.title) for one in phase.files.order_by("version")] == [
        (1, "rapport.pdf"),
        (2, "rapport-final.pdf"),
    ]
    told = [
        one.data["sha256"]
        for one in trace.lines(phase.trace_stream)
        if one.verb == "document.deposited"
    ]
    assert told == [first.file.sha256, second.file.sha256]


def test_a_document_after_time_is_kept_and_marked(phase: Phase) -> None:
    assert deposit(phase, at=DAY + timedelta(hours=9)).late


def test_the_next_part_closes_the_deposit(phase: Phase) -> None:
    deposit(phase)
    by = make.writer(phase.sitting)
    actions.end_phase(phase=phase, by=by, at=DAY)
    following = phase.sitting.phases.get(position=2)
    actions.start_phase(phase=following, by=by, at=DAY)
    with pytest.raises(errors.DepositOver):
        deposit(phase, b"%PDF-1.7 trop tard")
    with pytest.raises(errors.NotThisPart):
        deposit(following)
    assert SittingFile.objects.count() == 1


def test_nothing_is_handed_in_before_the_part(phase: Phase) -> None:
    Phase.objects.filter(pk=phase.pk).update(started_at=None, state=Phase.State.WAITING)
    with pytest.raises(errors.NotThisPart):
        deposit(phase)


def claim(sitting: Sitting, device: str, at):
    return actions.claim_device(sitting=sitting, device_key=device, by=make.writer(sitting), at=at)


def test_nobody_comes_back_from_elsewhere_a_day_after_the_beginning() -> None:
    sitting = make.running_sitting()
    held = claim(sitting, "first", DAY)
    last = DAY + policy.LONGEST_ABSENCE
    asking = claim(sitting, "second", last)
    assert not asking.is_held
    late = last + timedelta(seconds=1)
    with pytest.raises(errors.ReturnTooLate):
        claim(sitting, "third", late)
    with pytest.raises(errors.ReturnTooLate):
        actions.authorise_device(claim=asking, by=sitting.candidate.session.manager, at=late)
    assert claim(sitting, "first", late) == held  # who never left goes on


def test_a_device_let_in_twice_is_let_in_once() -> None:
    sitting = make.running_sitting()
    by = sitting.candidate.session.manager
    claim(sitting, "first", DAY)
    asking = claim(sitting, "second", DAY)
    for minutes in (1, 2):
        moved = actions.authorise_device(claim=asking, by=by, at=DAY + timedelta(minutes=minutes))
        assert moved.accepted_at == DAY + timedelta(minutes=1)
    verbs = [line.verb for line in trace.lines(sitting.trace_stream)]
    assert verbs.count("device.authorised") == 1


def test_time_is_given_back_to_all_for_one_reason_once() -> None:
    sitting = make.running_sitting()
    session = sitting.candidate.session
    asked = {"seconds": 300, "reason": "Alerte incendie", "request_key": "k"}
    for _ in range(2):
        count = actions.give_time_to_all(session=session, by=session.manager, at=DAY, **asked)
        assert count == 1
    assert [one.seconds for one in TimeGrant.objects.all()] == [300]
    with pytest.raises(errors.ReasonMissing):
        actions.give_time_to_all(
            session=session, by=session.manager, at=DAY, seconds=60, reason=" ", request_key=""
        )


def test_nobody_has_time_to_be_given() -> None:
    session = make.open_session()
    with pytest.raises(errors.NobodyRunning):
        actions.give_time_to_all(
            session=session, by=session.manager, at=DAY, seconds=60, reason="x", request_key=""
        )


def test_the_wall_gives_back_time_and_hearings(client: StrictClient, now) -> None:
    sitting = make.running_sitting()
    session = sitting.candidate.session
    client.force_login(session.manager)
    everybody = reverse("sittings:give_time_to_all", args=[session.pk])
    assert client.post(everybody, {"minutes": "0", "reason": "x"}).status_code == 422
    assert client.post(everybody, {"minutes": "5", "reason": "Coupure"}).status_code == 302
    assert TimeGrant.objects.get().reason == "Coupure"
    running = sitting.phases.get(state=Phase.State.RUNNING)
    again = reverse("sittings:give_hearing", args=[running.pk])
    assert client.post(again, {"reason": "Casque"}).status_code == 422
    Phase.objects.filter(pk=running.pk).update(kind=Phase.Kind.REACTION)
    wall = client.get(reverse("sittings:wall", args=[session.pk])).content.decode()
    assert "Rendre une écoute" in wall
    assert "Alerter par un son" in wall
    assert client.post(again, {"reason": "x" * 400}).status_code == 422
    assert client.post(again, {"reason": "Casque"}).status_code == 302
    assert Phase.objects.get(pk=running.pk).listens == 2


def test_ending_an_exam_closes_its_alerts_in_the_same_act() -> None:
    sitting = make.running_sitting()
    actions.call_invigilator(sitting=sitting, by=make.writer(sitting), at=DAY)
    claim(sitting, "first", DAY)
    claim(sitting, "second", DAY)
    actions.abort_sitting(
        sitting=sitting, reason="Malaise", by=sitting.candidate.session.manager, at=DAY
    )
    assert not sitting.help_calls.filter(answered_at=None).exists()
    assert not sitting.devices.filter(released_at=None).exists()


def test_a_late_document_is_refused_only_where_the_framework_says_so(phase: Phase) -> None:
    assert phase.ends_at is not None
    after = phase.ends_at + timedelta(minutes=1)
    assert deposit(phase, at=after).late
    Phase.objects.filter(pk=phase.pk).update(late_refused=True)
    with pytest.raises(errors.DepositLate):
        deposit(phase, b"%PDF-1.7 trop tard", at=after)
    assert phase.files.count() == 1
    assert not deposit(phase, b"%PDF-1.7 encore", at=phase.ends_at).late


def asking_for(phase: Phase, *texts: str) -> Phase:
    """The framework names what is handed in at this part."""
    session = phase.sitting.candidate.session
    content = make.ccp1_content()
    assessment = next(one for one in content["assessments"] if one["scope"].get("block") == "CCP1")
    assessment["phases"][0]["deliverables"] = list(texts)
    session.version = make.framework_version(content=content)  # a published one is frozen
    session.save(update_fields=["version"])
    return Phase.objects.get(pk=phase.pk)


def test_each_document_of_the_framework_has_its_own_versions(phase: Phase) -> None:
    plan, file = "Un plan d’actions, comprenant : les cibles ; le calendrier", "Un fichier clients"
    asked = asking_for(phase, plan, file)
    wanted = deliverables.of_phase(asked)
    assert [(one.number, one.title) for one in wanted] == [(1, "Un plan d’actions"), (2, file)]
    first = deposit(asked, b"%PDF-1.7 plan", number=1)
    second = deposit(asked, b"%PDF-1.7 fichier", number=2)
    again = deposit(asked, b"%PDF-1.7 plan bis", number=1)
    assert [one.version for one in (first, second, again)] == [1, 1, 2]
    assert first.key == again.key != second.key
    for number in (0, 3):
        with pytest.raises(errors.NotAskedFor):
            deposit(asked, b"%PDF-1.7 autre", number=number)


def test_one_document_has_the_key_of_its_part(phase: Phase) -> None:
    asked = asking_for(phase, "Une note de cadrage")
    assert deposit(asked).key == asked.code
    assert deliverables.of_phase(asked)[0].title == "Une note de cadrage"
    assert asked_documents(make.ccp1_content(), "CCP9") == {}


def test_the_room_asks_for_each_document_and_says_which_is_missing(phase: Phase, client) -> None:
    asked = asking_for(phase, "Un plan d'actions, comprenant : les cibles", "Un fichier clients")
    Phase.objects.filter(pk=asked.pk).update(method="portfolio")  # nothing is drawn for it
    sitting = asked.sitting
    client.force_login(make.writer(sitting))
    session = client.session
    session["exam_device"] = "d"
    session.save()
    sitting.devices.create(device_key="d", asked_at=DAY, accepted_at=DAY)
    room = reverse("rooms:room", args=[sitting.pk])
    page = client.get(room).content.decode()
    assert "les cibles" in page
    assert "2 documents demandés ne sont pas remis." in page.replace("\xa0", " ")
    send = reverse("rooms:deposit", args=[sitting.pk])
    for number, status in (("2", 302), ("3", 422), ("x", 422)):
        document = SimpleUploadedFile("fichier.pdf", b"%PDF-1.7 fichier")
        given = {"phase": asked.pk, "number": number, "document": document}
        assert client.post(send, given).status_code == status
    page = client.get(room).content.decode()
    assert "1 document demandé n’est pas remis." in page.replace("\xa0", " ")
    assert SittingFile.objects.get().key.endswith(".2")
