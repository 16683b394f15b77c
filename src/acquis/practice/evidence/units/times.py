"""How long the customer waited, read from the times of the messages."""

from collections.abc import Iterator

from acquis.practice.evidence.sources import Moment, Said, Seen, Sources, Talk


def response_times(sources: Sources) -> list[Seen]:
    return [seen for talk in sources.talks for seen in _of(talk)]


def waits(messages: list[Said]) -> Iterator[tuple[Said, Said, int]]:
    """Each wait: the customer's first unanswered message, the answer, whole seconds between."""
    asked: Said | None = None
    for message in messages:
        if message.author == "customer":
            asked = asked or message
        elif message.author == "adviser" and asked is not None:
            yield asked, message, int((message.at - asked.at).total_seconds())
            asked = None


def _of(talk: Talk) -> Iterator[Seen]:
    found = list(waits(list(talk.messages)))
    if not found:
        return
    first = found[0]
    average = round(sum(wait for _, _, wait in found) / len(found))
    longest = max(found, key=lambda wait: wait[2])
    statement = (
        f"{talk.label} : première réponse en {seconds(first[2])} ; "
        f"délai moyen {seconds(average)} sur {len(found)} réponse{'s' if len(found) > 1 else ''} ; "
        f"plus longue attente {seconds(longest[2])}."
    )
    moments = [
        Moment(f"message-{first[1].pk}", "première réponse", first[1].at, first[1].body[:120])
    ]
    if longest is not first:
        moments.append(
            Moment(
                f"message-{longest[1].pk}",
                "plus longue attente",
                longest[1].at,
                longest[1].body[:120],
            )
        )
    yield Seen(
        "Délais de réponse",
        statement,
        moments,
        {"first_s": first[2], "average_s": average, "longest_s": longest[2], "answers": len(found)},
    )


def seconds(count: int) -> str:
    """95 → « 1 min 35 s »."""
    minutes, rest = divmod(count, 60)
    if not minutes:
        return f"{rest}\u00a0s"
    return f"{minutes}\u00a0min {rest:02d}\u00a0s" if rest else f"{minutes}\u00a0min"
