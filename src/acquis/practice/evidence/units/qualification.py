"""What was recorded of each contact, beside what its scenario expects."""

from collections.abc import Sequence

from acquis.practice.evidence.sources import Answer, Moment, Seen, Sources, Talk


def qualification(sources: Sources) -> list[Seen]:
    received = [sources.letter_received] if sources.letter_received else []
    return [_of(talk) for talk in (*received, *sources.talks)]


def _of(talk: Talk) -> Seen:
    place = Moment(
        f"qualification-{talk.pk}", "qualification", talk.qualified_at, talk.summary[:160]
    )
    if talk.qualified_at is None:
        shown = [place] if talk.ended_at else []  # a letter left as it came has no such place
        return Seen("Qualification", f"{talk.label} : le contact n’a pas été qualifié.", shown)
    lines = [
        f"motif « {talk.reason[1] or '–'} »{_expected(talk.expected_reasons, talk.reason[0])}",
        f"résultat « {talk.outcome[1] or '–'} »{_expected(talk.expected_outcomes, talk.outcome[0])}",
        *(_detail(answer) for answer in talk.details),
        f"compte rendu de {len(talk.summary.split())} mots"
        if talk.summary
        else "pas de compte rendu",
        f"fiche client : {talk.customer}" if talk.customer else "aucune fiche client rattachée",
    ]
    return Seen("Qualification", f"{talk.label} : " + " ; ".join(lines) + ".", [place])


def _detail(answer: Answer) -> str:
    wanted = [(answer.expected, answer.expected)] if answer.expected else []
    return f"{answer.label} « {answer.recorded or '–'} »{_expected(wanted, answer.recorded)}"


def _expected(expected: Sequence[tuple[str, str]], recorded: str) -> str:
    if not expected:
        return ""
    if recorded in {code for code, _label in expected}:
        return " (prévu par le scénario)"
    labels = " ou ".join(f"« {label} »" for _code, label in expected)
    return f" (le scénario prévoit {labels})"
