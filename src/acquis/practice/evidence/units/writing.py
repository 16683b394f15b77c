"""Remarks of the French checker on what the candidate wrote, each in its sentence."""

from collections.abc import Iterator

from acquis.kernel import writing
from acquis.practice.evidence.sources import Moment, Seen, Sources

MOST_SHOWN = 60
NO_SENTENCES = ("_sender", "_recipient")  # names and addresses


def spelling_and_grammar(sources: Sources) -> list[Seen]:
    return [seen for place in _places(sources) for seen in _of(*place, sources)]


def _places(sources: Sources) -> Iterator[tuple[str, str, str]]:
    """Each text with its anchor and its name: the written pieces, then the adviser's messages."""
    for one in sources.written:
        if not one.key.endswith(NO_SENTENCES) and one.text.strip():
            yield f"production-{one.key}", one.label, one.text
    for talk in sources.talks:
        for message in talk.messages:
            if message.author == "adviser":
                yield f"message-{message.pk}", talk.label, message.body


def _of(ref: str, label: str, text: str, sources: Sources) -> Iterator[Seen]:
    remarks = writing.check(text, known=sources.known_words)
    if not remarks:
        if ref.startswith("production-"):
            words = len(text.split())
            yield Seen(
                label,
                f"{label} : aucune remarque du correcteur sur {words} mots.",
                [Moment(ref, label)],
                {"remarks": 0, "words": words},
            )
        return
    moments = [
        Moment(
            ref,
            f"« {remark.text} » – {remark.message}"
            + (f" ({', '.join(remark.suggestions[:3])} ?)" if remark.suggestions else ""),
            None,
            remark.sentence[:240],
        )
        for remark in remarks[:MOST_SHOWN]
    ]
    words, number = len(text.split()), len(remarks)
    yield Seen(
        label,
        f"{label} : {number} remarque{'s' if number > 1 else ''} du correcteur sur {words} mots.",
        moments,
        {"remarks": number, "words": words},
    )
