"""Who sits instead of a juror who cannot come one day: nobody's hours change; pure."""

from dataclasses import replace

from acquis.certification.planning.problem import Panel, Plan, Problem


def substitutes(problem: Problem, plan: Plan, panel: int, day: int, jurors: set[int]) -> list[int]:
    """Who among `jurors` could sit in that jury that day: free, and independent of its candidates."""
    heard = [one.sitter for one in plan.placed if (one.panel, one.day) == (panel, day)]
    barred = {juror for key in heard for juror in problem.sitter_of[key].barred}
    taken = {
        member
        for other, on in plan.jury_days
        if on == day
        for member in problem.panel_of[other].members
    }
    return sorted(
        juror
        for juror in jurors - barred - taken
        if day not in problem.away.get(juror, frozenset())
    )


def with_member(
    problem: Problem, plan: Plan, panel: int, day: int, gone: int, instead: int
) -> tuple[Problem, Plan]:
    """A juror takes another's place in a jury for one day: nobody's hours change.

    That day's jury has a key of its own; the former sits on, unchanged, on its other days.
    """
    members = problem.panel_of[panel].members
    stand_in = Panel(
        max(problem.panel_of) + 1,
        tuple(instead if member == gone else member for member in members),
    )
    placed = tuple(
        replace(one, panel=stand_in.key) if (one.panel, one.day) == (panel, day) else one
        for one in plan.placed
    )
    return replace(problem, panels=(*problem.panels, stand_in)), replace(plan, placed=placed)
