"""One mark, one decision, one line, one byte of a PV: each verifier says which."""

import pytest

from acquis.certification.awards.actions.seal_documents import seal_documents
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.grading.models import CriterionDecision, Deliberation, Mark
from acquis.certification.seals.commands import pdf
from acquis.certification.seals.models import Seal
from acquis.kernel import files, trace
from acquis.kernel.commands import trace as command
from acquis.kernel.models import TraceLine, TracePersonalPart
from tests.factories import awards, grading, seals
from tests.kernel.tampering import without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    made = awards.deliberated_session(passed=(True,))
    awards.issued(made)
    seals.loaded(made.organisation)
    seal_documents(session=made, by=made.manager, at=grading.AT)
    return made


def said(capsys, *words):
    status = command.run(["verify", *words])
    return status, capsys.readouterr().err


def test_nothing_is_wrong_at_first(session, capsys):
    assert command.run(["verify"]) == 0
    assert "intacte" in capsys.readouterr().out


def test_one_changed_mark_is_named(session, capsys):
    mark = Mark.objects.filter(verdict="acquired").order_by("pk")[0]
    with without_triggers("grading_mark"):
        Mark.objects.filter(pk=mark.pk).update(verdict="not_acquired")

    status, text = said(capsys)

    assert status == 1
    assert f"grid:{mark.grid_id} : la note du critère {mark.criterion}" in text
    assert len(text.splitlines()) == 1
    assert said(capsys, f"grid:{mark.grid_id}")[0] == 1
    assert said(capsys, session.trace_stream)[0] == 0


def test_one_changed_observation_or_count_is_named(session):
    first, second = Mark.objects.order_by("pk")[:2]
    with without_triggers("grading_mark"):
        Mark.objects.filter(pk=first.pk).update(observation="Autre")
        Mark.objects.filter(pk=second.pk).update(seq=9)

    faults = trace.confront()

    assert {one.nature for one in faults} == {"row_altered"}
    assert len(faults) == 2
    assert all(one.position for one in faults)


def test_a_mark_that_nobody_gave_is_named_and_an_erased_observation_is_not(session):
    grid = Mark.objects.all()[0].grid
    with without_triggers("grading_mark"):
        grid.marks.create(position=99, criterion="X.9", text="Ajouté", verdict="acquired")
    TracePersonalPart.objects.filter(stream=grid.own_stream).delete()

    (fault,) = trace.confront(grid.own_stream)

    assert "X.9" in fault.sentence
    assert fault.position == 0


def test_one_changed_decision_and_one_changed_outcome_are_named(session):
    disputed = CriterionDecision.objects.filter(disputed=True)[0]
    agreed = CriterionDecision.objects.filter(disputed=False)[0]
    with without_triggers("grading_criteriondecision"):
        for one in (disputed, agreed):
            CriterionDecision.objects.filter(pk=one.pk).update(verdict="not_acquired")
    with without_triggers("grading_deliberation"):
        Deliberation.objects.update(outcome="failed")

    texts = " ".join(one.sentence for one in trace.confront(session.trace_stream))

    assert f"critère {disputed.criterion}" in texts
    assert f"critère {agreed.criterion}" in texts
    assert "l’issue de la délibération" in texts
    assert trace.confront("user:1") == []


def test_one_changed_line_is_named(session, capsys):
    line = trace.lines(session.trace_stream).get(verb="deliberation.closed")
    with without_triggers():
        TraceLine.objects.filter(pk=line.pk).update(data={**line.data, "outcome": "failed"})

    status, text = said(capsys)

    assert status == 1
    assert f"la ligne {line.position}, « deliberation.closed », a été modifiée" in text


def test_one_changed_byte_of_a_pv_is_named_by_the_trace_and_by_the_seal(session, capsys):
    pv = IssuedDocument.objects.get(session=session, kind="pv")
    sealed = Seal.objects.get(source=pv.file).file
    content = bytearray(files.read(sealed))
    content[2000] ^= 1
    with open(sealed.content.path, "wb") as file:  # noqa: PTH123
        file.write(bytes(content))

    status, text = said(capsys, session.trace_stream)
    by_seal = pdf.run(["verify", sealed.content.path])

    assert (status, by_seal) == (1, 1)
    assert f"le fichier {sealed.name} n’est pas celui que la trace garde" in text
    assert "Sceau invalide" in capsys.readouterr().out


def test_a_document_whose_file_is_gone_or_whose_data_were_changed_is_named(session):
    pv = IssuedDocument.objects.get(session=session, kind="pv")
    pv.file.content.storage.delete(pv.file.content.name)
    with without_triggers("awards_issueddocument"):
        IssuedDocument.objects.filter(pk=pv.pk).update(data=pv.data | {"number": "PV-2026-9999"})

    natures = [one.nature for one in trace.confront(session.trace_stream)]

    assert natures == ["row_altered", "file_altered"]
