"""Whether a jury is regular on one day (X-03); pure.

A fault is a rule, a code and what its sentence needs; `presentation` writes the sentence.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from acquis.certification.juries import jury_notes

# what holds where the framework's own data says nothing.
MEMBERS_MIN = 2
EXPERIENCE_YEARS_MIN = 3
LEFT_YEARS_MAX = 5


@dataclass(frozen=True, slots=True)
class Seat:
    """How many members sit in whose name; `maximum` None: no maximum."""

    represents: str
    minimum: int = 1
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class JuryRules:
    """The framework's `rules.jury`; `members_max` None: no maximum."""

    members_min: int = MEMBERS_MIN
    members_max: int | None = None
    external_min: int = 0
    experience_years_min: int = EXPERIENCE_YEARS_MIN
    left_years_max: int = LEFT_YEARS_MAX
    briefing_hours: Fraction = Fraction(0)
    specialities: tuple[str, ...] = ()  # each that at least one member has
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A juror as the rules see them; `key` is the caller's own."""

    key: int
    name: str
    is_external: bool
    experience_years: int
    left_job_on: date | None = None
    briefed_on: date | None = None
    accredited_from: date | None = None
    accredited_to: date | None = None
    briefing_hours: Fraction | None = None
    represents: str = ""
    specialities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A declared link of one member with one candidate of the session."""

    member: int
    candidate_name: str
    nature: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule not met; `member` is None when the whole jury is at fault."""

    code: str
    rule: str
    member: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def rules_from(content: Mapping[str, Any], block: str = "") -> JuryRules:
    """The framework's jury rules, completed by those of X-03; never below two members.

    What the document only says in a sentence – the experience that one member needs for a block,
    in whose name members sit – is read from its `notes`, by `jury_notes`.
    """
    stated = content.get("rules", {}).get("jury") or {}

    def number(name: str, otherwise: int) -> int:
        value = stated.get(name)
        return otherwise if value is None else int(value)

    return JuryRules(
        members_min=max(MEMBERS_MIN, number("members_min", MEMBERS_MIN)),
        members_max=stated.get("members_max"),
        external_min=number("independent_min", 0),
        experience_years_min=number("experience_years_min", EXPERIENCE_YEARS_MIN),
        left_years_max=number("left_years_max", LEFT_YEARS_MAX),
        briefing_hours=Fraction(str(stated.get("briefing_hours") or 0)),
        specialities=tuple(jury_notes.specialities(content, stated.get("notes") or [], block)),
        seats=tuple(Seat(*seat) for seat in jury_notes.seats(stated.get("notes") or [])),
    )


def jury_faults(
    members: Sequence[Member], links: Iterable[Link], rules: JuryRules, on: date
) -> list[Fault]:
    """All that bars this jury on that day; empty means that it may sit."""
    faults = [*_composition_faults(members, rules)]
    for member in members:
        faults += member_faults(member, rules, on)
    names = {member.key: member.name for member in members}
    faults += [
        Fault(
            "linked",
            "X-03",
            link.member,
            {"name": names[link.member], "candidate": link.candidate_name, "nature": link.nature},
        )
        for link in links
        if link.member in names
    ]
    return faults


def _composition_faults(members: Sequence[Member], rules: JuryRules) -> list[Fault]:
    faults = []
    size, external = len(members), sum(member.is_external for member in members)
    if size < rules.members_min:
        params = {"size": size, "minimum": rules.members_min}
        faults.append(Fault("too_few", "X-03", None, params))
    if rules.members_max is not None and size > rules.members_max:
        params = {"size": size, "maximum": rules.members_max}
        faults.append(Fault("too_many", "X-09", None, params))
    # At least half, in whole numbers: 1 of 2 and 2 of 3 pass, 1 of 3 does not.
    if size and 2 * external < size:
        faults.append(Fault("too_few_external", "X-03", None, {"external": external, "size": size}))
    elif external < rules.external_min:
        params = {"external": external, "minimum": rules.external_min}
        faults.append(Fault("too_few_independent", "X-09", None, params))
    return [*faults, *_named_faults(members, rules)]


def _named_faults(members: Sequence[Member], rules: JuryRules) -> Iterator[Fault]:
    """The experience that one member must have, and in whose name they sit."""
    for wanted in rules.specialities:
        if not any(matches(wanted, has) for each in members for has in each.specialities):
            yield Fault("speciality_missing", "X-03", None, {"speciality": wanted})
    for seat in rules.seats:
        found = sum(matches(seat.represents, each.represents) for each in members)
        params = {"represents": seat.represents, "found": found}
        if found < seat.minimum:
            yield Fault("seat_empty", "X-09", None, params | {"minimum": seat.minimum})
        elif seat.maximum is not None and found > seat.maximum:
            yield Fault("seat_crowded", "X-09", None, params | {"maximum": seat.maximum})


def matches(wanted: str, said: str) -> bool:
    """Whether what a juror says names what the document asks: « rétention », « rétention client »."""
    one, other = folded(wanted), folded(said)
    return bool(other) and (one in other or other in one)


def folded(text: str) -> str:
    """Without accents or case."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().split())


def member_faults(member: Member, rules: JuryRules, on: date) -> list[Fault]:
    """What bars one juror on that day, whoever the others are."""
    found: list[tuple[str, dict[str, Any]]] = []
    if member.experience_years < rules.experience_years_min:
        found.append(
            (
                "inexperienced",
                {"years": member.experience_years, "minimum": rules.experience_years_min},
            )
        )
    left = member.left_job_on
    if left is not None and years_later(left, rules.left_years_max) < on:
        found.append(("left_too_long_ago", {"left": left, "maximum": rules.left_years_max}))
    if member.briefed_on is None or member.briefed_on > on:
        found.append(("not_briefed", {}))
    elif (member.briefing_hours or 0) < rules.briefing_hours:
        found.append(("briefed_too_briefly", {"minimum": rules.briefing_hours}))
    if not accredited(member, on):
        found.append(("not_accredited", {"on": on, "until": member.accredited_to}))
    return [
        Fault(code, "X-03", member.key, {"name": member.name, **params}) for code, params in found
    ]


def accredited(member: Member, on: date) -> bool:
    """Both ends included; without a first day there is no accreditation."""
    if member.accredited_from is None or member.accredited_from > on:
        return False
    return member.accredited_to is None or member.accredited_to >= on


def years_later(day: date, years: int) -> date:
    """The same day years later; 29 February becomes 28 where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def years_before(day: date, years: int) -> date:
    """The same day years earlier; 29 February becomes 28 where there is none."""
    return years_later(day, -years)
