"""Marks, decisions and outcomes against the lines that told them: a row changed by hand is named."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from acquis.certification.grading.models import CriterionDecision, Deliberation, Mark
from acquis.kernel import trace
from acquis.kernel.models import TraceLine
from acquis.kernel.trace import TraceFault


@trace.witness
def marks(stream: str | None) -> Iterator[TraceFault]:
    """Each mark is what its last line says; the observation too, unless it was erased there."""
    found = Mark.objects.order_by("grid", "position").select_related("grid")
    if stream is not None:
        found = found.filter(grid=trace.key_in(stream, "grid"))
    told: dict[str, dict[str, TraceLine]] = {}
    for mark in found.iterator(chunk_size=500):
        name = mark.grid.own_stream
        if name not in told:
            told = {name: _last(name, "mark.saved")}
        line = told[name].get(str(mark.pk))
        if not _holds(mark, line):
            yield _fault(
                name,
                line,
                "mark.saved",
                _(
                    "%(stream)s : la note du critère %(what)s n’est pas celle que la trace garde%(at)s."
                ),
                mark.criterion,
            )


def _holds(mark: Mark, line: TraceLine | None) -> bool:
    if line is None:
        return (mark.seq, mark.verdict, mark.observation) == (0, "", "")
    if mark.seq != line.data.get("seq"):
        return False
    personal = trace.personal_part(line)
    now = {"verdict": mark.verdict, "observation": mark.observation}
    return personal is None or personal["after"] == now


@trace.witness
def decisions(stream: str | None) -> Iterator[TraceFault]:
    """Each decision is what its last line says, or what the grids agreed on; so is each outcome."""
    found = Deliberation.objects.order_by("pk").select_related("candidate")
    if stream is not None:
        found = found.filter(candidate__session=trace.key_in(stream, "session"))
    for one in found.prefetch_related("decisions"):
        name = one.trace_stream
        decided = _last(name, "criterion.decided")
        for decision in one.decisions.all():
            line = decided.get(str(decision.pk))
            if decision.verdict != _decided(decision, line):
                text = _(
                    "%(stream)s : la décision sur le critère %(what)s n’est pas celle que la trace"
                    " garde%(at)s."
                )
                yield _fault(name, line, "criterion.decided", text, decision.criterion)
        line = _last(name, "deliberation.closed").get(str(one.pk))
        if one.outcome != (line.data["outcome"] if line is not None else ""):
            text = _(
                "%(stream)s : l’issue de la délibération %(what)s n’est pas celle que la trace"
                " garde%(at)s."
            )
            yield _fault(name, line, "deliberation.closed", text, str(one.pk))


def _decided(decision: CriterionDecision, line: TraceLine | None) -> str:
    return str(line.data["after"]) if line is not None else decision.agreed


def _last(stream: str, verb: str) -> dict[str, TraceLine]:
    """The last line of each object."""
    return {line.object_id: line for line in trace.lines(stream).filter(verb=verb)}


def _fault(stream: str, line: TraceLine | None, verb: str, text: str, what: str) -> TraceFault:
    position = line.position if line is not None else 0
    at = _(", ligne %(position)s") % {"position": position} if line is not None else ""
    sentence = text % {"stream": stream, "what": what, "at": at}
    return TraceFault(stream, position, verb, "row_altered", sentence)
