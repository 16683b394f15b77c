"""Whether a jury is regular on one day (X-03); pure.

A fault is a rule, a code and what its sentence needs; `presentation` writes the sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

# what holds where the framework's own data says nothing.
MEMBERS_MIN = 2
EXPERIENCE_YEARS_MIN = 3
LEFT_YEARS_MAX = 5


@dataclass(frozen=True, slots=True)
class JuryRules:
    """The framework's `rules.jury`; `members_max` None: no maximum."""

    members_min: int = MEMBERS_MIN
    members_max: int | None = None
    external_min: int = 0
    experience_years_min: int = EXPERIENCE_YEARS_MIN
    left_years_max: int = LEFT_YEARS_MAX


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


def rules_from(content: Mapping[str, Any]) -> JuryRules:
    """The framework's jury rules, completed by those of X-03; never below two members."""
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
    return faults


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
