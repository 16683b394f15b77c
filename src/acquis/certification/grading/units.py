"""What a deliberation decides beyond criteria: competencies, blocks, or the whole certification.

Each has what the rule proposes, how in words, and what the jury decided. Where the whole is decided
over blocks – a certification jury, the final interview of a capitalisation – the proposal comes from
the livret and from the results of the blocks' own exams (X-02, X-10).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.frameworks.content import decides_over_blocks
from acquis.certification.grading import policy
from acquis.certification.grading.models import Deliberation, UnitDecision, Verdict
from acquis.certification.registrations import files
from acquis.certification.registrations.models import Enrolment

BLOCK, COMPETENCY = UnitDecision.Kind.BLOCK.value, UnitDecision.Kind.COMPETENCY.value


@dataclass(frozen=True, slots=True)
class Unit:
    """One competency or block of a deliberation; `row` is the jury's own decision, if any.

    `decidable`: the jury decides it apart; otherwise it follows the proposal, or the outcome.
    """

    kind: str
    code: str
    title: str
    proposed: bool
    calculation: str
    decidable: bool
    row: UnitDecision | None = None

    @property
    def acquired(self) -> bool:
        return self.proposed if self.row is None else self.row.verdict == Verdict.ACQUIRED

    @property
    def departs(self) -> bool:
        return self.acquired != self.proposed

    @property
    def is_block(self) -> bool:
        return self.kind == BLOCK

    @property
    def proposal(self) -> str:
        return _label(acquired=self.proposed)

    @property
    def decision(self) -> str:
        return _label(acquired=self.acquired)


def _label(*, acquired: bool) -> str:
    return str(Verdict.ACQUIRED.label if acquired else Verdict.NOT_ACQUIRED.label)


def is_over_blocks(candidate: SessionCandidate) -> bool:
    """Whether this candidate has no grid: the jury decides over the blocks already judged."""
    session = candidate.session
    if session.block:
        return False
    capitalises = candidate.enrolment.route == Enrolment.Route.CAPITALISATION
    return capitalises or decides_over_blocks(session.version.content)


def units_of(deliberation: Deliberation) -> list[Unit]:
    """The units of a deliberation, each competency before its block, in document order."""
    rows = {(one.kind, one.code): one for one in deliberation.units.all()}
    if deliberation.closed_at is not None:
        return [
            Unit(
                one.kind,
                one.code,
                one.title,
                one.proposed == Verdict.ACQUIRED,
                one.calculation,
                decidable=False,
                row=one,
            )
            for one in sorted(rows.values(), key=lambda one: one.position)
        ]
    if is_over_blocks(deliberation.candidate):
        return _over_blocks(deliberation.candidate, rows)
    return _by_criteria(deliberation, rows)


def blocks_of(units: Sequence[Unit]) -> list[Unit]:
    return [one for one in units if one.is_block]


def proposed_outcome(units: Sequence[Unit]) -> str:
    """The outcome that the decisions on blocks amount to."""
    return policy.outcome_of([one.acquired for one in blocks_of(units)])


def _by_criteria(
    deliberation: Deliberation, rows: dict[tuple[str, str], UnitDecision]
) -> list[Unit]:
    session = deliberation.candidate.session
    content = session.version.content
    rule = policy.pass_rule(content)
    verdicts = dict(deliberation.decisions.values_list("criterion", "verdict"))
    own = {key: one.verdict == Verdict.ACQUIRED for key, one in rows.items()}
    proposals = policy.proposals(content, session.block, verdicts, own)
    several = sum(one.kind == policy.BLOCK for one in proposals) > 1
    return [
        Unit(
            one.kind,
            one.code,
            one.title,
            one.acquired,
            calculation(one),
            decidable=several if one.kind == policy.BLOCK else rule.unit == policy.COMPETENCY,
            row=rows.get(one.key),
        )
        for one in proposals
    ]


def _over_blocks(
    candidate: SessionCandidate, rows: dict[tuple[str, str], UnitDecision]
) -> list[Unit]:
    candidate.enrolment.version = candidate.session.version
    return [
        Unit(
            BLOCK,
            one.code,
            one.title,
            one.acquired,
            standing(one),
            decidable=one.held is None,  # what is held is held for good
            row=rows.get((BLOCK, one.code)),
        )
        for one in files.standings(candidate.enrolment)
    ]


def calculation(one: policy.Proposal) -> str:
    """How a proposal was reached, with its whole numbers (X-09)."""
    if not one.total:
        return _("Rien n’a été évalué dans cette épreuve.")
    said = [
        (
            _("Compétences acquises : {got} sur {total}.")
            if one.counted == policy.COMPETENCY
            else _("Critères acquis : {got} sur {total}.")
        ).format(got=one.got, total=one.total)
    ]
    if one.ratio is None:
        said.append(_("Le référentiel ne fixe pas de seuil : la proposition les demande tous."))
    else:
        numerator, denominator = policy.ratio_parts(one.ratio)
        left, right = denominator * one.got, numerator * one.total
        enough = left >= right
        sentence = (
            _(
                "La règle en demande {least} : {d} × {got} = {left}, au moins {n} × {total} = {right}."
            )
            if enough
            else _(
                "La règle en demande {least} : {d} × {got} = {left}, moins que {n} × {total} = {right}."
            )
        )
        said.append(
            sentence.format(
                least=one.least,
                d=denominator,
                n=numerator,
                got=one.got,
                total=one.total,
                left=left,
                right=right,
            )
        )
    if one.refused_critical:
        said.append(
            _("Critère éliminatoire non acquis : {codes}.").format(
                codes=", ".join(one.refused_critical)
            )
        )
    return " ".join(said)


def standing(one: files.Standing) -> str:
    """Where a block comes from, in words."""
    if one.held is not None:
        said = _("Au livret depuis le {day}, édition {edition}.").format(
            day=date_format(one.held.obtained_on, "j F Y"), edition=one.held.version.edition
        )
        pv = one.held.pv_reference
        return f"{said} {_('Procès-verbal {pv}.').format(pv=pv)}" if pv else said
    if one.result is not None:
        return _("Épreuve de synthèse de la session {reference} du {day} : {outcome}.").format(
            reference=one.result.session_reference,
            day=date_format(one.result.sat_on, "j F Y"),
            outcome=one.result.outcome_words.lower(),
        )
    return _("Aucun résultat d’épreuve pour ce bloc.")
