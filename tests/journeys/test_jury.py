"""Two jurors, one of them offline, from their grids to the sealed PDF and the archive; then tampering."""

import re
import sqlite3
import subprocess
import sys
import zipfile
from base64 import b32decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from benchmarks._server import Place, Server, place
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Locator, Page, expect

from acquis.practice.demo.people import PASSWORD
from tests.journeys import axe
from tests.journeys.exam import prepare
from tests.journeys.people import Person, pages_of, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
# Of the block of today's session: both are about an exchange, which left evidence.
DISPUTED = ("CP1.cr1", "CP2.cr6")
HEARD = "La reformulation est écrite dans la conversation."
REASONS = "Écoute attentive ; les délais restent à tenir."
# What is marked on a tablet whose network is cut, the first criteria of the grid.
OFFLINE = 6
TWO = 2

# The exam itself is over: one candidate played it, the other never came.
PREPARE = """
from acquis.accounts.enums import SigningRule
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Sitting
from acquis.practice.rooms.actions.begin_phase import begin_phase
from tests.factories import evidence
session = ExamSession.objects.get(pk=1)
session.starts_at = start = now - timedelta(hours=3)
session.save()
actions.open_session(session=session, by=manager, at=start)
first, second = session.candidates.order_by("order")
actions.confirm_presence(candidate=first, present=True, by=manager, at=start)
actions.confirm_presence(candidate=second, present=False, by=manager, at=start)
actions.confirm_identity(candidate=first, by=manager, at=start)
for member in session.jurors.all():
    actions.confirm_juror(member=member, present=True, by=manager, at=start)
sitting = actions.authorise_start(
    sitting=Sitting.objects.get(candidate=first), by=manager, at=start)
juror = User.objects.get(email="jure1@centre.example")
sitting = evidence.play(sitting, juror=juror, at=start)
end = start + timedelta(hours=1)
for phase in sitting.phases.filter(state="waiting"):
    begin_phase(phase=phase, by=first.enrolment.candidate.user, at=end)
    actions.end_phase(phase=phase, by=manager, at=end)
actions.finish_sitting(sitting=sitting, by=manager, at=end)
actions.close_session(session=session, by=manager, at=end)
centre.signing = SigningRule.SECOND_FACTOR
centre.save()
print(first.pk)
"""
# On the day of the deliberation a juror turns out to know the candidate – then it was a namesake.
KNOWN = """
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.juries.actions.declare_link import declare_link, withdraw_link
from acquis.certification.juries.models import DeclaredLink, Juror
juror = Juror.objects.get(user__email="jure2@centre.example")
"""
DECLARED = f"""{KNOWN}
seat = SessionCandidate.objects.get(pk=%s)
declare_link(juror=juror, nature="family", candidate_id=seat.enrolment.candidate_id, by=manager,
             at=now)
"""
WITHDRAWN = f"{KNOWN}\nwithdraw_link(link=DeclaredLink.objects.latest('pk'), by=manager, at=now)"


@pytest.fixture(scope="module")
def seat() -> list[str]:
    return []


@pytest.fixture(scope="module")
def server(seat: list[str]) -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        seat += prepare(where, PREPARE)
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_two_jurors_from_their_grids_to_the_archive_and_what_tampering_is_told(
    chromium: Browser, server: Server, seat: list[str], tmp_path: Path
) -> None:
    manager = Person(chromium, server.address, "responsable@centre.example")
    president = Person(chromium, server.address, "jure1@centre.example")
    member = Person(chromium, server.address, "jure2@centre.example")
    (candidate,) = seat

    grids = grids_of(manager, president, member)
    mark_online(president, grids[0])
    mark_offline(member, grids[1])
    blind(president, member, grids)
    close(member, grids[1])
    blind(president, member, grids)
    close(president, grids[0])
    both_are_read(president, member, grids)

    deliberate(server.place, president, member, candidate)
    president.page.goto("/notation/sessions/1/")
    president.press("Conclure la délibération de la session", agree=True)
    president.see("La session est délibérée")

    number = minutes(manager, president, member)
    pv = sealed_minutes(manager, number, tmp_path)
    package = archived(manager, tmp_path)
    assert cli(server.place, "pdf", "verify", str(pv))[0] == 0
    assert cli(server.place, "archive", "verify", str(package))[0] == 0
    assert cli(server.place, "trace", "verify")[0] == 0
    everybody = [manager, president, member]
    assert {one.email: one.faults for one in everybody if one.faults} == {}

    one_byte_of_the_pdf(server.place, pv)
    one_piece_of_the_package(server.place, package)
    server.stop()
    one_mark(server.place, grids[0])
    one_line(server.place)


# -- the grids -------------------------------------------------------------------------------------


def grids_of(manager: Person, president: Person, member: Person) -> list[str]:
    """The manager opens the grids; the address of each juror's own."""
    manager.page.goto("/notation/sessions/1/")
    manager.press("Ouvrir les grilles")
    manager.see("2 grilles sont ouvertes")
    addresses = []
    for juror in (president, member):
        juror.page.goto("/notation/")
        row = juror.page.locator("a.grid-row")
        expect(row).to_have_count(1)
        addresses.append(row.get_attribute("href") or "")
    assert len(set(addresses)) == TWO
    return addresses


def criterion(page: Page, code: str) -> Locator:
    return page.locator(f"[data-criterion='{code}']")


def mark_online(juror: Person, grid: str) -> None:
    page = juror.page
    page.goto(grid)
    codes = page.locator("[data-criterion]").evaluate_all(
        "all => all.map(one => one.dataset.criterion)"
    )
    for code in codes:
        one = criterion(page, code)
        said = "Non acquis" if code in DISPUTED else "Acquis"
        one.get_by_role("button", name=said, exact=True).click()
    criterion(page, DISPUTED[0]).get_by_label("Observation").fill("Je ne l’ai pas entendu.")
    saved(page)
    expect(page.locator("#evidence article").first).to_be_visible()
    assert axe.violations(page) == []
    shown(page, "jury-grille")


def saved(page: Page) -> None:
    total = page.locator("[data-total]").first.inner_text()
    expect(page.locator("[data-marked]").first).to_have_text(total)
    expect(page.locator("[data-saved-state]").first).to_have_attribute("data-state", "saved")


def mark_offline(juror: Person, grid: str) -> None:
    """The network is cut, the juror goes on, the page says so; it comes back, nothing is lost."""
    page = juror.page
    page.goto(grid)
    assert juror.faults == []
    juror.context.set_offline(True)
    every = page.locator("[data-criterion]")
    for rank in range(OFFLINE):
        every.nth(rank).get_by_role("button", name="Acquis", exact=True).click()
    criterion(page, DISPUTED[0]).get_by_label("Observation").fill(HEARD)
    state = page.locator("[data-saved-state]").first
    expect(state).to_have_attribute("data-state", "offline")
    expect(state).to_contain_text("en attente d’envoi – gardées sur cet appareil")
    expect(criterion(page, DISPUTED[0])).to_contain_text("En attente d’envoi")
    assert axe.violations(page) == []
    shown(page, "jury-hors-ligne")
    juror.context.set_offline(False)
    expect(state).to_have_attribute("data-state", "saved")
    juror.faults.clear()  # the browser told each request that the cut stopped
    page.reload()
    expect(page.locator("[data-marked]").first).to_have_text(str(OFFLINE))
    expect(criterion(page, DISPUTED[0]).get_by_label("Observation")).to_have_value(HEARD)
    for rank in range(OFFLINE, every.count()):
        every.nth(rank).get_by_role("button", name="Acquis", exact=True).click()
    saved(page)


def statuses(juror: Person, grid: str) -> list[int]:
    """What the juror is answered who asks for a grid by its address, to mark it and to read it."""
    return [
        juror.context.request.get(f"{juror.address}{grid}{part}").status
        for part in ("", "lecture/")
    ]


def blind(president: Person, member: Person, grids: list[str]) -> None:
    assert statuses(president, grids[1]) == [404, 404]
    assert statuses(member, grids[0]) == [404, 404]
    for juror in (president, member):
        juror.page.goto("/notation/sessions/1/")
        expect(juror.page.locator("main")).not_to_contain_text("acquis")


def close(juror: Person, grid: str) -> None:
    juror.page.goto(grid)
    juror.page.get_by_label("Observation générale").fill("Vu et entendu.")
    juror.page.locator("main").get_by_role("button", name="Clore la grille").click()
    juror.confirm()
    expect(juror.page.locator("#confirm-dialog")).not_to_be_visible()
    juror.see("La grille est close.")


def both_are_read(president: Person, member: Person, grids: list[str]) -> None:
    assert statuses(president, grids[1])[1] == 200
    assert statuses(member, grids[0])[1] == 200


# -- the deliberation ------------------------------------------------------------------------------


def deliberate(where: Place, president: Person, member: Person, candidate: str) -> None:
    page = president.page
    page.goto("/notation/sessions/1/")
    president.press("Ouvrir la délibération")
    expect(page.get_by_role("heading", name="2 désaccords entre les grilles")).to_be_visible()
    first = page.locator("article.decision").first
    expect(first).to_contain_text(DISPUTED[0])
    expect(first).to_contain_text(HEARD)
    expect(page.locator("details.agreements")).not_to_have_attribute("open", "")
    first.get_by_text("Preuves relevées").click()
    expect(first.locator(".evidence-item").first).to_be_visible()
    assert axe.violations(page) == []
    shown(page, "jury-deliberation")
    for code in DISPUTED:
        settle(president, code)
    president.page.locator(".outcome-form").scroll_into_view_if_needed()

    outcome(president, present=1)
    president.see("Il faut au moins 2 jurés présents")
    expect(page.get_by_label("Motifs et observations remis au candidat")).to_have_value(REASONS)
    prepare(where, DECLARED % candidate)
    outcome(president, present=TWO)
    president.see("Le jury présent ne peut pas décider pour ce candidat")
    assert axe.violations(page) == []
    prepare(where, WITHDRAWN)
    outcome(president, present=TWO)
    president.see("La délibération de ce candidat est close")

    member.page.goto(f"/notation/candidats/{candidate}/deliberation/")
    member.see("Décision du jury : Admis")
    expect(member.page.locator("form.decision-form")).to_have_count(0)
    # Two refusals were shown, as they must be.
    president.faults[:] = [one for one in president.faults if "422" not in one]


def settle(juror: Person, code: str) -> None:
    """A decision where the grids disagreed, with its reason."""
    article = juror.page.locator("article.decision").filter(has_text=code)
    article.locator("label.btn", has_text=re.compile("^Acquis$")).click()
    article.get_by_label("Motif de la décision").fill(HEARD)
    article.get_by_role("button", name="Enregistrer la décision").click()
    expect(article.locator(".decision-reason")).to_contain_text(HEARD)


def outcome(juror: Person, *, present: int) -> None:
    page = juror.page
    form = page.locator(".outcome-form")
    ticks = form.locator("input[name=present]")
    for rank in range(TWO):
        ticks.nth(rank).set_checked(rank < present)
    form.locator("label.btn", has_text=re.compile("^Admise$")).click()
    form.get_by_label("Motifs et observations remis au candidat").fill(REASONS)
    with page.expect_navigation():
        form.get_by_role("button", name="Clore la délibération").click()
        juror.confirm()


# -- the minutes -----------------------------------------------------------------------------------


def minutes(manager: Person, president: Person, member: Person) -> str:
    """Written, signed by each with a second factor of their own, countersigned; their number."""
    page = manager.page
    page.goto("/documents-officiels/sessions/1/")
    manager.press("Établir le procès-verbal")
    manager.see("les jurés peuvent le signer")
    for juror in (president, member):
        juror.page.goto("/documents-officiels/sessions/1/")
        juror.page.get_by_role("link", name="Relire et signer").click()
        sign(juror, "Signer")
    page.goto("/documents-officiels/sessions/1/")
    page.get_by_role("link", name="Relire et contresigner").click()
    sign(manager, "Contresigner et émettre")
    expect(page.get_by_text("Mot de passe et code à usage unique")).to_have_count(TWO + 1)
    heading = page.get_by_role("heading", name=re.compile("Signatures du procès-verbal"))
    return heading.inner_text().split()[-1]


def sign(person: Person, verb: str) -> None:
    """Sent to enrol first, and back; a wrong code signs nothing."""
    page = person.page
    person.see("Vous n’en avez pas encore")
    expect(page.get_by_label("Votre mot de passe")).to_have_count(0)
    assert axe.violations(page) == []
    shown(page, "jury-signature-a-activer")
    person.press("Activer la vérification en deux étapes")
    secret = enrol(person)
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.get_by_label("Code de vérification").fill(code_of(secret, steps=1))
    assert axe.violations(page) == []
    shown(page, "jury-signature")
    page.locator(".signing-form").get_by_role("button", name=verb).click()
    person.see("Votre signature est enregistrée")


def enrol(person: Person) -> bytes:
    """The application on the telephone takes the key that the page shows; gives the key."""
    page = person.page
    typed = page.locator(".enrol-code code").inner_text().replace(" ", "").upper()
    secret = b32decode(typed + "=" * (-len(typed) % 8))
    page.get_by_role("textbox", name="Code").fill(code_of(secret))
    page.locator("main").get_by_role("button", name="Activer").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="Je les ai notés").click()
    return secret


def code_of(secret: bytes, *, steps: int = 0) -> str:
    """What the application shows, now or so many changes later: a code serves once."""
    made = TOTP(secret)
    made.time = (datetime.now(UTC) + timedelta(seconds=30 * steps)).timestamp()
    return f"{made.token():06}"


def sealed_minutes(manager: Person, number: str, folder: Path) -> Path:
    """What the centre gives out, once its seal is on it."""
    page = manager.page
    row = page.get_by_role("row").filter(has_text=number)
    for _try in range(60):
        page.goto("/documents-officiels/sessions/1/")
        if row.get_by_text("Scellé").count():
            break
        page.wait_for_timeout(500)
    expect(row).to_contain_text("Scellé")
    assert axe.violations(page) == []
    shown(page, "jury-documents")
    pv = manager.fetch(row.get_by_role("link", name="PDF"), folder)
    said = pages_of(pv)
    for told in (number, "Fatou Diarrassouba", "Étienne Kervadec", "Bastien Lorgeril", HEARD):
        assert told in said
    assert re.search(r"[0-9a-f]{64}", said.replace(" ", ""))
    assert b"/ByteRange" in pv.read_bytes()
    return pv


def archived(manager: Person, folder: Path) -> Path:
    page = manager.page
    page.goto("/archives/sessions/1/")
    manager.press("Exporter le dossier")
    manager.see("Terminé")
    page.goto("/archives/sessions/1/")
    with page.expect_download() as given:
        page.get_by_role("button", name=re.compile("Télécharger le paquet")).click()
    path = folder / given.value.suggested_filename
    given.value.save_as(path)
    return path


# -- what is tampered with -------------------------------------------------------------------------


def cli(where: Place, *words: str) -> tuple[int, str]:
    """Run `acquis WORDS…` there: its status and all that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "acquis", *words],
        check=False,
        env=where.environment,
        cwd=where.folder,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def one_byte_of_the_pdf(where: Place, pv: Path) -> None:
    content = bytearray(pv.read_bytes())
    content[len(content) // 3] ^= 1
    altered = pv.with_name("pv-altere.pdf")
    altered.write_bytes(bytes(content))

    status, said = cli(where, "pdf", "verify", str(altered), str(pv))

    assert status == 1
    assert f"{altered} : Sceau invalide" in said
    assert f"{pv} : Sceau valide" in said


def one_piece_of_the_package(where: Place, package: Path) -> None:
    altered = package.with_name("altere.zip")
    with zipfile.ZipFile(package) as given, zipfile.ZipFile(altered, "w") as made:
        marks = next(one for one in given.namelist() if one.endswith(".pdf"))
        for one in given.namelist():
            content = given.read(one)
            made.writestr(one, content[:-1] + b"!" if one == marks else content)

    status, said = cli(where, "archive", "verify", str(altered))

    assert status == 1
    assert f"{marks.partition('/')[2]} a été modifié" in said
    assert len(said.splitlines()) == 1


def tamper(where: Place, table: str, statement: str, *values: object) -> None:
    """Write past the product and its triggers, as somebody would who holds the database."""
    with sqlite3.connect(where.folder / "bench.sqlite3") as base:
        kept = base.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", [table]
        ).fetchall()
        for name, _sql in kept:
            base.execute(f"DROP TRIGGER {name}")
        assert base.execute(statement, values).rowcount == 1
        for _name, sql in kept:
            base.execute(sql)
    base.close()


def one_mark(where: Place, grid: str) -> None:
    pk = int(grid.rstrip("/").rsplit("/", 1)[1])
    change = "UPDATE grading_mark SET verdict = ? WHERE grid_id = ? AND criterion = ?"
    tamper(where, "grading_mark", change, "acquired", pk, DISPUTED[1])

    status, said = cli(where, "trace", "verify")

    assert status == 1
    assert f"grid:{pk} : la note du critère {DISPUTED[1]}" in said
    assert len(said.splitlines()) == 1
    tamper(where, "grading_mark", change, "not_acquired", pk, DISPUTED[1])
    assert cli(where, "trace", "verify")[0] == 0


def one_line(where: Place) -> None:
    change = (
        "UPDATE kernel_traceline SET data = replace(data, '\"passed\"', '\"failed\"')"
        " WHERE stream = 'session:1' AND verb = 'deliberation.closed'"
    )
    tamper(where, "kernel_traceline", change)

    status, said = cli(where, "trace", "verify")

    assert status == 1
    assert re.search(r"session:1 : la ligne \d+, « deliberation.closed », a été modifiée", said)
