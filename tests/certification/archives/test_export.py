"""The package of a session: what is in it, and that a stranger checks it with public tools."""

import io
import json
import shutil
import subprocess
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.archives import checking, contributing, packaging
from acquis.certification.archives.actions.export_session import export_session
from acquis.certification.archives.commands import archive as command
from acquis.certification.archives.contributing import Piece
from acquis.certification.archives.errors import NotIssuedYet
from acquis.certification.archives.models import SessionArchive
from acquis.certification.awards.actions.seal_documents import seal_documents
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.seals.models import HouseKey, SealingCertificate
from acquis.certification.seals.queries import known_roots
from acquis.kernel import files, jobs, trace
from acquis.kernel.models import StoredFile
from acquis.kernel.testing import StrictClient
from tests.factories import awards, grading, seals

pytestmark = pytest.mark.django_db
OPENSSL = shutil.which("openssl")


@pytest.fixture
def session():
    """Issued: minutes, sheets, a certificate; the job that seals them has run."""
    made = awards.deliberated_session()
    awards.issued(made)
    return ExamSession.objects.select_related("organisation").get(pk=made.pk)


def export(session, **given):
    return export_session(session=session, by=session.manager, at=timezone.now(), **given)


def unpacked(archive, folder):
    with zipfile.ZipFile(io.BytesIO(files.read(archive.file))) as package:
        package.extractall(folder)
    (bag,) = folder.iterdir()
    return bag


def run(bag, *words):
    return subprocess.run(words, cwd=bag, capture_output=True, text=True, check=False)


def by_certificate(session):
    seals.loaded(session.organisation)
    seal_documents(session=session, by=session.manager, at=timezone.now())
    return export(session)


def commands_of(bag):
    """The three commands that the package itself gives to a stranger."""
    text = (bag / "LISEZMOI.txt").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return [line.split() for line in lines if line.startswith(("sha256sum --", "openssl "))]


@pytest.mark.skipif(OPENSSL is None, reason="openssl is absent")
@pytest.mark.parametrize("signed", ["certificate", "house_key"])
def test_a_stranger_checks_the_package_with_public_tools(session, signed, tmp_path):
    archive = by_certificate(session) if signed == "certificate" else export(session)
    assert archive.signed_with == signed
    bag = unpacked(archive, tmp_path)
    words = commands_of(bag)

    assert [one[0] for one in words] == ["sha256sum", "sha256sum", "openssl"]
    for one in words:
        told = run(bag, *one)
        assert told.returncode == 0, (one, told.stderr)

    piece = next((bag / "data" / "notation").glob("grille-*.json"))
    piece.write_bytes(piece.read_bytes().replace(b'"acquired"', b'"acquIred"', 1))
    assert run(bag, *words[0]).returncode == 1
    (bag / "manifest-sha256.txt").write_text("")
    assert run(bag, *words[1]).returncode == 1
    (bag / "tagmanifest-sha256.txt").write_text("")
    assert run(bag, *words[2]).returncode != 0


def test_the_package_is_a_whole_bag(session, tmp_path):
    archive = by_certificate(session)
    bag = unpacked(archive, tmp_path)
    names = {str(path.relative_to(bag)) for path in bag.rglob("*") if path.is_file()}
    documents = {name for name in names if name.startswith("data/documents/")}
    info = (bag / "bag-info.txt").read_text()

    assert (bag / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
    assert f"External-Identifier: {session.reference}" in info
    assert (
        f"Payload-Oxum: {sum((bag / n).stat().st_size for n in names if n.startswith('data/'))}.{archive.pieces}"
        in info
    )
    assert len([name for name in documents if name.endswith("-scelle.pdf")]) == 5
    assert len([name for name in documents if name.endswith(".json")]) == 5
    assert {
        "data/session/session.json",
        "data/session/presences.json",
        "data/session/incidents.json",
        "data/session/amenagements.json",
        "data/sujets/tirages.json",
        "data/convocations/convocations.json",
        f"data/trace/session-{session.pk}.jsonl",
    } <= names
    assert len([name for name in names if name.startswith("data/notation/grille-")]) == 4
    assert len([name for name in names if name.startswith("data/notation/deliberation-")]) == 2
    assert len([name for name in names if name.startswith("data/trace/grid-")]) == 4


def test_the_chain_of_the_trace_is_reckoned_by_the_lines_that_the_package_gives(session, tmp_path):
    bag = unpacked(export(session), tmp_path)
    text = (bag / "LISEZMOI.txt").read_text()
    begin = text.index("import hashlib")
    lines = text[begin : text.index("Les pages du procès-verbal")].splitlines()
    program = tmp_path / "chaine.py"
    program.write_text("\n".join([lines[0], *(line[7:] for line in lines[1:])]))
    chain = next((bag / "data" / "trace").glob("session-*.jsonl"))

    whole = run(bag, "python3", str(program), str(chain))
    rows = chain.read_text().splitlines()
    told = json.loads(rows[1])
    told["line"] = told["line"].replace("2026", "2027")
    chain.write_text("\n".join([rows[0], json.dumps(told), *rows[2:]]))
    broken = run(bag, "python3", str(program), str(chain))

    assert whole.returncode == 0, whole.stderr
    assert "AssertionError" in broken.stderr
    assert len(rows) == trace.head(session.trace_stream).position - 1  # but the export's own line


def test_nothing_is_exported_before_the_minutes_are_issued():
    session = awards.deliberated_session()
    with pytest.raises(NotIssuedYet):
        export(session)
    assert not SessionArchive.objects.exists()


def test_each_export_has_its_number_its_progress_and_its_line(session):
    told = []
    first = export(session)
    second = export(session, progress=lambda *said: told.append(said))

    assert (first.number, second.number) == (1, 2)
    assert told[0][0] == 1
    assert told[-1][0] == second.pieces
    assert {total for _done, total, _path in told} == {second.pieces}
    line = trace.lines(session.trace_stream).filter(verb="archive.exported").last()
    assert line.data["sha256"] == second.sha256
    assert (second.keep_until.year - second.made_at.year) == 5


def test_a_large_file_is_never_held_whole(session, monkeypatch):
    """Pieces are copied by the megabyte."""
    sizes = []
    whole = files.store(
        bytes(3 * packaging.CHUNK), name="x.wav", media_type="audio/wav", by=None, at=grading.AT
    )
    kept = packaging._chunks
    monkeypatch.setattr(
        packaging,
        "_chunks",
        lambda content: (sizes.append(len(one)) or one for one in kept(content)),
    )
    monkeypatch.setattr(
        contributing, "CONTRIBUTORS", [lambda *_asked: [Piece("grand.wav", whole)] * 2]
    )
    monkeypatch.setattr(
        "acquis.certification.archives.collecting.CONTRIBUTORS", contributing.CONTRIBUTORS
    )
    archive = export(session)

    assert sizes.count(packaging.CHUNK) == 3
    names = zipfile.ZipFile(io.BytesIO(files.read(archive.file))).namelist()
    assert len([name for name in names if name.endswith("grand.wav")]) == 1


def checked(path):
    keys = list(HouseKey.objects.values_list("public", flat=True))
    return checking.check_package(path, roots=known_roots(), house_keys=keys)


def rewritten(archive, path, change):
    """The package with one of its entries changed, added or left out."""
    with (
        zipfile.ZipFile(io.BytesIO(files.read(archive.file))) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for name in source.namelist():
            content = change(name.partition("/")[2], source.read(name))
            if content is not None:
                target.writestr(name, content)
    return path


@pytest.mark.parametrize("signed", ["certificate", "house_key"])
def test_the_verifier_says_which_piece_is_not_what_was_signed(session, signed, tmp_path):
    archive = by_certificate(session) if signed == "certificate" else export(session)
    path = tmp_path / "paquet.zip"
    path.write_bytes(files.read(archive.file))
    presences = "data/session/presences.json"
    ending = ".p7s" if signed == "certificate" else ".sig"

    def faults(change):
        found = checked(rewritten(archive, tmp_path / "autre.zip", change))
        return {(one.nature, one.path) for one in found.faults}

    whole = checked(path)
    assert (whole.faults, whole.known, whole.pieces) == ((), True, archive.pieces)
    assert whole.signer
    flip = lambda name, content: content[:-2] + b"!\n" if name == presences else content  # noqa: E731
    assert faults(flip) == {("altered", presences)}
    assert faults(lambda n, c: None if n == presences else c) == {("missing", presences)}
    manifest = lambda n, c: c.replace(b"0", b"1", 1) if n == "manifest-sha256.txt" else c  # noqa: E731
    assert ("altered", "manifest-sha256.txt") in faults(manifest)
    tags = lambda n, c: c.replace(b"a", b"b", 1) if n == "tagmanifest-sha256.txt" else c  # noqa: E731
    assert ("signature", "tagmanifest-sha256.txt") in faults(tags)
    unsigned = lambda n, c: None if n.endswith(ending) else c  # noqa: E731
    assert faults(unsigned) == {("unsigned", "tagmanifest-sha256.txt")}
    broken = lambda n, c: b"\x00" * len(c) if n.endswith(ending) else c  # noqa: E731
    assert ("signature", "tagmanifest-sha256.txt") in faults(broken)


def test_one_flipped_byte_of_the_file_itself_is_told(session, tmp_path):
    archive = export(session)
    content = bytearray(files.read(archive.file))
    content[len(content) // 2] ^= 1
    path = tmp_path / "paquet.zip"
    path.write_bytes(bytes(content))

    assert checked(path).faults


def test_what_is_added_and_what_is_no_package_are_told(session, tmp_path):
    archive = export(session)
    path = tmp_path / "paquet.zip"
    path.write_bytes(files.read(archive.file))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("sac/data/ajout.txt", b"ajout")
    (tmp_path / "rien.zip").write_bytes(b"rien")

    assert [(one.nature, one.path) for one in checked(path).faults] == [("added", "data/ajout.txt")]
    assert checked(tmp_path / "rien.zip").faults[0].nature == "unreadable"


def test_the_command_says_which(session, tmp_path, capsys):
    archive = by_certificate(session)
    good, bad = tmp_path / "bon.zip", tmp_path / "mauvais.zip"
    good.write_bytes(files.read(archive.file))
    rewritten(archive, bad, lambda n, c: c + b" " if n == "data/session/incidents.json" else c)

    assert command.run(["verify", str(good)]) == 0
    assert "pièces intactes, signées par" in capsys.readouterr().out
    assert command.run(["verify", str(bad)]) == 1
    assert "data/session/incidents.json a été modifié" in capsys.readouterr().err
    assert command.run(["verify", str(tmp_path / "absent.zip")]) == 2
    SealingCertificate.objects.update(chain=seals.identity("Autre").chain)
    assert command.run(["verify", str(good)]) == 1
    assert "inconnu ici" in capsys.readouterr().out


def client_of(person):
    client = StrictClient()
    client.force_login(person)
    return client


def test_the_manager_exports_follows_and_fetches(session):
    client = client_of(session.manager)
    page = reverse("archives:session", args=[session.pk])
    before = client.get(page)
    client.post(reverse("archives:export", args=[session.pk]))
    while jobs.run_due(now=timezone.now()):
        pass
    archive = SessionArchive.objects.get()

    after = client.get(page)
    fetched = client.post(reverse("archives:download", args=[archive.pk]))

    assert "Exporter le dossier" in before.text
    assert "Exporter de nouveau" in after.text
    assert b"".join(fetched.streaming_content) == files.read(archive.file)
    assert trace.lines(session.trace_stream).filter(verb="archive.downloaded").count() == 1
    assert client.get(reverse("archives:download", args=[archive.pk])).status_code == 405


def test_others_fetch_and_export_nothing_by_direct_request(session):
    archive = export(session)
    place = session.organisation
    people = [(awards.jurors(session)[0], 403), (grading.session().manager, 404)]
    people += [(grading.person(Role.INVIGILATOR, organisation=place), 403)]
    for person, status in people:
        client = client_of(person)
        for name, key in (
            ("archives:export", session.pk),
            ("archives:download", archive.pk),
            ("archives:hold", session.pk),
        ):
            assert client.post(reverse(name, args=[key])).status_code == status
    assert SessionArchive.objects.count() == 1


def test_an_export_too_early_is_refused_by_direct_request():
    session = awards.deliberated_session()
    client = client_of(session.manager)

    assert client.post(reverse("archives:export", args=[session.pk])).status_code == 422
    assert "une fois le procès-verbal émis" in client.get(
        reverse("archives:session", args=[session.pk])
    ).text.replace("\xa0", " ")
    assert not StoredFile.objects.filter(media_type=files.ARCHIVE).exists()
