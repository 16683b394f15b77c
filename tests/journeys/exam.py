"""Acts of an exam day that several journeys share."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks._server import Place, Server, place
from playwright.sync_api import FrameLocator, Locator, expect

from tests.journeys.people import Candidate, Person, shown
from tests.prepared import demonstration

FIRST = """
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from django.utils import timezone
from acquis.accounts.models import Organisation, User
from acquis.certification.exam_sessions.models import ExamSession
now = timezone.now()
centre = Organisation.objects.get(slug="centre-demonstration")
manager = User.objects.get(email="responsable@centre.example")
"""

# The team writes a subject of FILEA that is played by chat, the direction validates it.
FILEA_BY_CHAT = """
from acquis.certification.papers import sealing
from acquis.certification.papers.actions import author_subject, validate_subject, withdraw_subject
from acquis.certification.papers.models import Subject
for shipped in Subject.objects.filter(framework_code="CP-FFP-ASCAS"):
    withdraw_subject(subject=shipped, by=manager, at=now)
content = sealing.unseal(Subject.objects.get(reference="VAL-S01"))
cover = {"reference": "FIL-S01", "kind": "exchanges", "framework_code": "CP-FFP-ASCAS", "block": "",
         "pack": "valbrenne", "title": content["title"]}
who = lambda name: User.objects.get(email=f"{name}@centre.example")
subject = author_subject(organisation=centre, cover=cover, content=content | {"code": "FIL-S01"},
                         by=who("formatrice"), at=now)
validate_subject(subject=subject, by=who("certificateur"), at=now)
"""


@contextmanager
def served(stage: str) -> Iterator[tuple[Server, list[str]]]:
    """The demonstration prepared by `stage` and served; with what `stage` printed."""
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        told = prepare(where, stage)
        started = Server(where)
        started.start()
        yield started, told
        started.stop()


def prepare(place: Place, script: str) -> list[str]:
    """Run this script among the data of a place; returns the words of the last line it printed."""
    told = place.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", FIRST + script)
    return told.strip().splitlines()[-1].split() if told.strip() else []


def begin_as(candidate: Candidate) -> None:
    """Begin the next part, with a clock or without."""
    page = candidate.page
    page.get_by_role("button", name=re.compile("ommencer")).click()
    expect(page.get_by_role("button", name="Rendre cette partie")).to_be_visible()


def minutes_left(person: Person) -> int:
    """What the clock of the page shows, in minutes: « 1:39:58 », « 74:12 »."""
    figures = person.page.locator("[data-clock-figures]").inner_text()
    *hours, minutes, _seconds = (int(part) for part in re.findall(r"\d+", figures))
    return sum(hours) * 60 + minutes


def card_of(invigilator: Person, name: str) -> Locator:
    return invigilator.page.locator("article.wall-card").filter(has_text=name)


def end_session(manager: Person, session: int) -> None:
    page = manager.page
    page.goto(f"/epreuves/sessions/{session}/salle/")
    page.get_by_role("button", name="Terminer les épreuves").click()
    manager.confirm()
    manager.see("Épreuves terminées")


def package_of(juror: Person, seat: int, folder: Path) -> dict[str, Any]:
    """The sealed file of one candidate as a juror fetches it: what its parts say, by their name.

    Each part is what the manifest says that it is.
    """
    page = juror.page
    page.goto(f"/salle/dossier/{seat}/")
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Télécharger le dossier scellé").click()
    path = folder / f"dossier-{seat}.zip"
    fetched.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifeste.json"))
        parts = {one["name"]: archive.read(one["name"]) for one in manifest["parts"]}
    told = {one["name"]: one["sha256"] for one in manifest["parts"]}
    assert {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()} == told
    return {
        name: json.loads(part) if name.endswith(".json") else part for name, part in parts.items()
    }


def let_in(invigilator: Person, *, session: int = 1, candidates: int = 2) -> list[str]:
    """Tick presence, check identity, authorise; returns the access codes in order."""
    page = invigilator.page
    page.goto(f"/epreuves/sessions/{session}/salle/")
    for name in ("Présent", "Identité vérifiée", "Autoriser"):
        for _candidate in range(candidates):
            before = page.get_by_role("button", name=name, exact=True).count()
            page.get_by_role("button", name=name, exact=True).first.click()
            expect(page.get_by_role("button", name=name, exact=True)).to_have_count(before - 1)
    for _juror in range(2):
        before = page.get_by_role("button", name=re.compile("Juré présent")).count()
        page.get_by_role("button", name=re.compile("Juré présent")).first.click()
        expect(page.get_by_role("button", name=re.compile("Juré présent"))).to_have_count(
            before - 1
        )
    shown(page, "mur-surveillant")
    return re.findall(r"code\s+([A-Z]{4}\d{2})", page.locator("main").inner_text())


def talk(candidate: Candidate, juror: Person, number: int, key: str) -> None:
    """One exchange: the juror appears, the candidate answers, identifies, ends and qualifies."""
    juror.page.goto(f"/salle/jury/{number}/?echange={key}")
    juror.press("Se présenter sur le chat")
    desk = candidate.desk
    waiting = desk.locator(".queue-item, a").filter(has_text="Visiteur du site").first
    expect(waiting).to_be_visible()
    waiting.click()
    desk.get_by_role("button", name="Prendre la conversation").click()
    answer = "Bonjour, si j’ai bien compris, vous attendez une solution. Cela vous convient-il ?"
    desk.locator("#composer-body").fill(answer)
    desk.locator("#composer-body").press("Enter")
    expect(juror.page.locator("#cockpit-thread")).to_contain_text("si j’ai bien compris")
    juror.page.locator("[data-line]").first.click()
    said = juror.page.locator("#say").input_value()
    juror.page.locator("#say").press("Enter")
    expect(desk.locator("#thread")).to_contain_text(said[:20])
    shown(juror.page, "poste-jure")
    desk.get_by_role("button", name="Terminer", exact=True).click()
    qualify(desk)


def qualify(desk: FrameLocator) -> None:
    form = desk.locator("form").filter(has=desk.locator("[name=summary]"))
    for name in ("reason", "outcome"):
        choices = form.locator(f"select[name={name}] option")
        value = choices.nth(1).get_attribute("value") or ""
        form.locator(f"select[name={name}]").select_option(value)
    form.locator("[name=summary]").fill("Demande traitée, solution acceptée.")
    form.locator("button").first.click()
    expect(desk.get_by_text("Qualifiée").first).to_be_visible()
