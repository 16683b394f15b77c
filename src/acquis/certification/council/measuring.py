"""From a season to the figures of a pack: numbers, codes and letters, in no language; no database.

Each section is a list of rows `{key, label, n, people, hidden, caution, figures}`. A figure is
`{value, low, high}` and, where the year before has it, `before`, and for a share `change`
(`{value, low, high}` of the difference). `hidden` says why nothing is shown: `few` (under five
people), `whole` (the rest would give it back), `each` (all or none: it would tell of each person),
`jurors` (too few to be unknown). `n` is then null. `caution`: under thirty people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from acquis.certification.council import policy
from acquis.certification.council.policy import Estimate
from acquis.certification.council.season import UNMARKED, Season
from acquis.certification.grading.models import Deliberation

Row = dict[str, Any]
Sections = dict[str, list[Row]]
FORMAT = 1
PASSED, PARTIAL, FAILED = (one.value for one in Deliberation.Outcome)
ALL = "all"  # the criteria together
WITH, WITHOUT = "with", "without"
STEPS = ("summons", "deliberation", "results", "certificate", "cpf")
FEW, WHOLE, EACH, JURORS = "few", "whole", "each", "jurors"


def measured(season: Season, before: Season, letters: Mapping[int, str]) -> dict[str, Any]:
    """The whole of a pack but its heading: what was counted, and the sections with the year before.

    `letters` names each juror of either year by a letter.
    """
    now, then = _sections(season, letters), _sections(before, letters)
    for name, rows in now.items():
        earlier = {(row["key"], row["label"]): row for row in then[name]}
        for row in rows:
            _compare(row, earlier.get((row["key"], row["label"])))
    return {
        "format": FORMAT,
        "counts": _counts(season),
        "counts_before": _counts(before),
        "sections": now,
    }


def _counts(season: Season) -> dict[str, int]:
    seats = season.seats
    return {
        "sessions": len(set(seats.sessions)),
        "candidates": len(set(seats.people)),
        "passages": len(seats.keys),
        "jurors": len(set(season.grids.jurors.tolist())),
        "grids": len(season.grids.seats),
        "marks": int((season.grids.marks != UNMARKED).sum()),
        "answers": season.answered,
    }


def _sections(season: Season, letters: Mapping[int, str]) -> Sections:
    people = np.array(season.seats.people, dtype=np.int64)
    passed = np.array([one == PASSED for one in season.seats.outcomes], dtype=bool)
    return {
        "outcomes": _outcomes(season),
        "routes": _parts(season.seats.routes, passed, people),
        "accommodations": _parts(
            [WITH if one else WITHOUT for one in season.seats.accommodated],
            passed,
            people,
            health=True,
        ),
        "criteria": _criteria(season, people),
        "subjects": _subjects(season, passed, people),
        "jurors": _jurors(season, passed, people, letters),
        "agreement": _agreement(season, people),
        "pairs": _pairs(season, people, letters),
        "delays": _delays(season, people),
        "satisfaction": _satisfaction(season),
    }


# Rows and figures


def _row(key: str, label: str, n: int, people: int, hidden: str, **figures: Any) -> Row:
    """A row whose figures are left out when it is hidden; `n` and `people` with them."""
    return {
        "key": key,
        "label": label,
        "n": None if hidden else n,
        "people": None if hidden else people,
        "hidden": hidden,
        "caution": not hidden and people < policy.CAUTION,
        "figures": {} if hidden else {name: one for name, one in figures.items() if one},
    }


def _figure(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    rounded = (estimate.value, estimate.low, estimate.high)
    value, low, high = (None if one is None else round(one, 6) for one in rounded)
    return {"value": value, "low": low, "high": high, "n": estimate.n}


def _share(successes: int, n: int) -> dict[str, Any] | None:
    return _figure(policy.wilson(successes, n)) if n else None


_SHARES = {"success", "granted", "in_time"}


def _compare(row: Row, earlier: Row | None) -> None:
    """Put what the year before had beside each figure; what it hid stays hidden."""
    if earlier is None or row["hidden"] or earlier["hidden"]:
        return
    for name, figure in row["figures"].items():
        old = earlier["figures"].get(name)
        if old is None:
            continue
        figure["before"] = old["value"]
        if name in _SHARES and None not in (figure["low"], old["low"]):
            change = policy.difference(_estimate(figure), _estimate(old))
            figure["change"] = _figure(change)


def _estimate(figure: Mapping[str, Any]) -> Estimate:
    return Estimate(figure["value"], figure["low"], figure["high"], figure["n"])


def _reasons(sizes: Sequence[int]) -> list[str]:
    """Why each part of a partition is hidden, or nothing."""
    return [
        "" if not gone else FEW if size < policy.FEWEST else WHOLE
        for size, gone in zip(sizes, policy.hidden_rows(sizes), strict=True)
    ]


def _few(people: int) -> str:
    return FEW if people < policy.FEWEST else ""


# Success


def _outcomes(season: Season) -> list[Row]:
    """What juries decided, over everybody."""
    outcomes = Counter(season.seats.outcomes)
    n, people = len(season.seats.outcomes), len(set(season.seats.people))
    if not n:
        return []
    return [
        _row(key, "", outcomes[key], people, _few(people), success=_share(outcomes[key], n))
        for key in (PASSED, PARTIAL, FAILED)
    ]


def _parts(
    keys: Sequence[str],
    passed: npt.NDArray[np.bool_],
    people: npt.NDArray[np.int64],
    *,
    health: bool = False,
) -> list[Row]:
    """Success by the parts of a partition. Of `health`, all or none is not shown either."""
    named = np.array(keys, dtype=object)
    names = sorted(set(keys))
    members = [named == name for name in names]
    sizes = [len(set(people[one].tolist())) for one in members]
    got = [int(passed[one].sum()) for one in members]
    totals = [int(one.sum()) for one in members]
    reasons = _reasons(sizes)
    if health and any(map(policy.tells_of_each, got, totals)):
        # One of two hidden is given back by the whole: they go together.
        reasons = [reason or EACH for reason in reasons]
    return [
        _row(name, "", total, size, reason, success=_share(count, total))
        for name, total, size, reason, count in zip(names, totals, sizes, reasons, got, strict=True)
    ]


def _criteria(season: Season, people: npt.NDArray[np.int64]) -> list[Row]:
    """How often each criterion is acquired by the jury's decision, and whom it parts from whom."""
    decisions = season.decisions
    parting = policy.discrimination(decisions)
    rows = []
    for column, criterion in enumerate(season.criteria):
        seen = ~np.isnan(decisions[:, column])
        n = int(seen.sum())
        if not n:
            continue
        size = len(set(people[seen].tolist()))
        rows.append(
            _row(
                criterion.code,
                criterion.text,
                n,
                size,
                _few(size),
                success=_share(int(decisions[seen, column].sum()), n),
                discrimination=_figure(parting[column]),
            )
        )
    return rows


def _subjects(
    season: Season, passed: npt.NDArray[np.bool_], people: npt.NDArray[np.int64]
) -> list[Row]:
    """How often each subject was drawn among those of its kind, opened, and with what success."""
    by_kind: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, kind, reference in season.draws:
        by_kind[kind][reference].append(place)
    rows = []
    for kind, drawn in sorted(by_kind.items()):
        total = sum(map(len, drawn.values()))
        references = sorted(drawn)
        sizes = [len(set(people[drawn[one]].tolist())) for one in references]
        for reference, size, reason in zip(references, sizes, _reasons(sizes), strict=True):
            places = drawn[reference]
            row = _row(
                reference,
                kind,
                len(places),
                size,
                reason,
                success=_share(int(passed[places].sum()), len(places)),
            )
            # That a subject was drawn says nothing of anybody: exposure is shown all the same.
            row["n"] = len(places)
            row["figures"]["exposure"] = _share(len(places), total)
            times, readers = season.openings.get(reference, (0, 0))
            row["opened"], row["readers"] = times, readers
            rows.append(row)
    return rows


# Jurors


def _jurors(
    season: Season,
    passed: npt.NDArray[np.bool_],
    people: npt.NDArray[np.int64],
    letters: Mapping[int, str],
) -> list[Row]:
    """What each juror grants, beside those who marked the same criteria of the same candidates."""
    grids = season.grids
    own, others = _beside(season)
    rows = []
    everyone = sorted(set(grids.jurors.tolist()), key=lambda key: _in_order(letters[key]))
    for juror in everyone:
        lines = np.flatnonzero(grids.jurors == juror)
        seats = grids.seats[lines]
        size = len(set(people[seats].tolist()))
        marks = grids.marks[lines]
        given = marks[marks != UNMARKED]
        mine, theirs = own[lines], others[lines]
        shared = ~np.isnan(mine) & ~np.isnan(theirs)
        clusters = np.broadcast_to(people[seats][:, None], shared.shape)[shared]
        hidden = "" if len(everyone) >= policy.FEWEST_JURORS else JURORS
        rows.append(
            _row(
                letters[juror],
                "",
                len(lines),
                size,
                hidden or _few(size),
                granted=_figure(_by_candidate(given, marks, people[seats])),
                success=_share(int(passed[seats].sum()), len(seats)),
                severity=_figure(policy.severity(mine[shared], theirs[shared], clusters)),
            )
        )
    return rows


def _by_candidate(
    given: npt.NDArray[np.int8], marks: npt.NDArray[np.int8], people: npt.NDArray[np.int64]
) -> Estimate | None:
    """The share of criteria granted, whose interval counts candidates and not criteria."""
    if not len(given):
        return None
    value = float(given.mean())
    clusters = np.broadcast_to(people[:, None], marks.shape)[marks != UNMARKED]
    return policy.linearised(value, (given - value) / len(given), clusters, (0.0, 1.0))


def _beside(season: Season) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """By grid and criterion, the juror's mark and the mean of the co-jurors'; NaN where none."""
    grids = season.grids
    seen = grids.marks != UNMARKED
    own = np.where(seen, grids.marks, np.nan).astype(float)
    seats, width = len(season.seats.keys), len(season.criteria)
    given, granted = np.zeros((seats, width)), np.zeros((seats, width))
    np.add.at(given, grids.seats, seen)
    np.add.at(granted, grids.seats, np.where(seen, grids.marks, 0))
    rest = given[grids.seats] - seen
    others = granted[grids.seats] - np.where(seen, grids.marks, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return own, np.where(rest > 0, others / rest, np.nan)


def _in_order(letter: str) -> tuple[int, str]:
    return len(letter), letter


# Agreement


def _agreement(season: Season, people: npt.NDArray[np.int64]) -> list[Row]:
    """Fleiss' kappa over all criteria, then of each: the marks given alone, before deliberation."""
    grids, width = season.grids, len(season.criteria)
    counts = np.zeros((len(season.seats.keys), width, 2), dtype=np.int64)
    for verdict in (0, 1):
        np.add.at(counts[:, :, verdict], grids.seats, grids.marks == verdict)
    together = counts.sum(axis=2) > 1
    rows = []
    if together.any():
        clusters = np.repeat(people, width)
        found = policy.fleiss(counts.reshape(-1, 2), clusters)
        size = len(set(people[together.any(axis=1)].tolist()))
        rows.append(_agreed(ALL, "", found, size, _few(size)))
    for column, criterion in enumerate(season.criteria):
        if not together[:, column].any():
            continue
        found = policy.fleiss(counts[:, column], people)
        size = len(set(people[together[:, column]].tolist()))
        rows.append(_agreed(criterion.code, criterion.text, found, size, _few(size)))
    return rows


def _agreed(key: str, label: str, found: policy.Agreement | None, people: int, hidden: str) -> Row:
    """The raw agreement is a figure without interval, beside the kappa that has one."""
    if found is None:
        return _row(key, label, 0, 0, FEW)
    raw = Estimate(found.raw, None, None, found.items)
    figures = {"kappa": _figure(found.kappa), "raw": _figure(raw)}
    return _row(key, label, found.items, people, hidden, **figures)


def _pairs(season: Season, people: npt.NDArray[np.int64], letters: Mapping[int, str]) -> list[Row]:
    """Cohen's kappa of each two jurors who marked enough candidates together."""
    grids = season.grids
    by_seat: dict[int, list[int]] = defaultdict(list)
    for line, seat in enumerate(grids.seats.tolist()):
        by_seat[seat].append(line)
    shared: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    jurors = grids.jurors.tolist()
    for lines in by_seat.values():
        for one, other in combinations(sorted(lines, key=jurors.__getitem__), 2):
            shared[jurors[one], jurors[other]].append((one, other))
    many = len(set(jurors))
    rows = []
    for (first, second), together in shared.items():
        left, right = np.array(together).T
        size = len(set(people[grids.seats[left]].tolist()))
        if not policy.may_compare(size, many):
            continue
        marks, theirs = grids.marks[left], grids.marks[right]
        both = (marks != UNMARKED) & (theirs != UNMARKED)
        clusters = np.broadcast_to(people[grids.seats[left]][:, None], both.shape)[both]
        found = policy.cohen(marks[both], theirs[both], clusters)
        names = sorted((letters[first], letters[second]), key=_in_order)
        rows.append(_agreed(" – ".join(names), "", found, size, ""))
    return sorted(rows, key=lambda row: [_in_order(one) for one in row["key"].split(" – ")])


# Delays and satisfaction


def _delays(season: Season, people: npt.NDArray[np.int64]) -> list[Row]:
    """Days from step to step, and how many were in the time that was promised."""
    rows = []
    for name in STEPS:
        seen = season.delays.get(name, [])
        spread = policy.spread([days for _place, days in seen])
        if spread is None:
            continue
        size = len(set(people[[place for place, _days in seen]].tolist()))
        promise = season.promises.get(name)
        row = _row(
            name,
            "",
            spread.n,
            size,
            _few(size),
            in_time=_share(promise.kept, promise.total) if promise else None,
        )
        if not row["hidden"]:
            row["median"], row["ninth"], row["longest"] = (
                spread.median,
                spread.ninth,
                spread.longest,
            )
        rows.append(row)
    return rows


def _satisfaction(season: Season) -> list[Row]:
    """How many are satisfied with each thing asked, among those who answered."""
    return [
        _row(name, "", total, total, _few(total), success=_share(good, total))
        for name, (good, total) in season.answers.items()
    ]


def jurors_of(seasons: Iterable[Season]) -> set[int]:
    """The keys of the jurors of these seasons, for whom letters are drawn."""
    return {key for season in seasons for key in season.grids.jurors.tolist()}
