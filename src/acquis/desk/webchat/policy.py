"""What the chat of a site allows, and how its first answer looks for articles. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from acquis.desk.directory.policy import fold

LONGEST_TOKEN = 128
SHORTEST_TOKEN = 43  # 256 bits in base64url
MOST_MESSAGES = 15  # that one visitor may send …
MESSAGES_WINDOW = timedelta(seconds=30)  # … in this time
MOST_CHATS = 12  # that one address may begin …
CHATS_WINDOW = timedelta(hours=1)  # … in this time
MOST_CALLS = 2  # call-backs that one number may have before it
MOST_KEYWORDS = 5
SHORTEST_KEYWORD = 3
MOST_ARTICLES = 3
REMINDER = timedelta(minutes=5)
BEST_SCORE = 5

# Words of a question that say nothing of its subject.
_SILENT = """
alors apres aucun aussi autre avec avez avoir avons bien bonjour bonsoir car cela celle celui
ces cet cette ceux chez cherche combien comme comment dans depuis des deux dire dois doit donc
elle elles encore entre est est-ce etait etes etre eux faire fait faites faut fois ils jai je
jour les leur leurs lors lui mais madame me meme merci mes moi moins mon monsieur nos notre nous
nouveau ont ou par parce pas pendant peu peut peux plus pour pourquoi pouvez pouvoir quand que
quel quelle quelles quels qui quoi salut sans savoir ses si soit son sont sous sur svp tous tout
toute toutes tres trop un une urgent va vers veux voici voudrais vos votre vous about and are
can does from have hello how please the this what when where which why with you your
"""
SILENT = frozenset(_SILENT.split())
_ORIGIN = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST_TOKEN},{LONGEST_TOKEN}}}")
_NEARBY = ("localhost", "127.0.0.1")


def origin(text: str) -> str:
    """The origin that `text` names (« https://www.site.example »), fit for a header.

    A first label « * » stands for any subdomain. Raises ValueError: only https may hold a
    conversation, and http this machine alone.
    """
    parts = urlsplit(text.strip().lower())
    place = parts.netloc
    alone = parts.path in {"", "/"} and not parts.query and not parts.fragment
    if not alone or _ORIGIN.fullmatch(place) is None:
        raise ValueError(text)
    near = place.rsplit(":", 1)[0] in _NEARBY
    if parts.scheme != "https" and not (parts.scheme == "http" and near):
        raise ValueError(text)
    return f"{parts.scheme}://{place}"


def page_address(text: str) -> str:
    """Where a visitor came from, without what follows « ? » or « # »: it may be personal (G-06)."""
    parts = urlsplit(text.strip()[:2000])
    if parts.scheme not in {"http", "https"}:
        return ""
    # What stands before an at sign is a name and a password.
    return f"{parts.scheme}://{parts.netloc.rsplit('@', 1)[-1]}{parts.path}"[:300]


def is_token(text: str) -> bool:
    """Whether a visitor's token may be one: long enough that nobody guesses it."""
    return _TOKEN.fullmatch(text) is not None


def keywords(question: str) -> list[str]:
    """The folded words of a question that tell its subject, longest first, each once."""
    words = {
        word
        for word in fold(question).split()
        if len(word) >= SHORTEST_KEYWORD and word not in SILENT
    }
    return sorted(words, key=lambda word: (-len(word), word))[:MOST_KEYWORDS]


def best(found: Iterable[Sequence[int]]) -> list[int]:
    """The articles that most words found, in that order; each of `found` is what one word found.

    One that half as many words as the best found, or fewer, is left out.
    """
    votes: dict[int, int] = {}
    for of_word in found:
        for pk in of_word:
            votes[pk] = votes.get(pk, 0) + 1
    most = max(votes.values(), default=0)
    kept = [pk for pk, count in votes.items() if count * 2 > most]
    kept.sort(key=lambda pk: -votes[pk])
    return kept[:MOST_ARTICLES]


def too_fast(lately: int) -> bool:
    """Whether one more message is more than a person writes, after so many in MESSAGES_WINDOW."""
    return lately >= MOST_MESSAGES


def stage(state: str | None, *, closed: bool) -> str:
    """Where a chat is: with the automatic answer, waiting, open, or ended.

    `state` is that of its conversation, None before it is handed over; `closed` says that it
    ended without ever being.
    """
    if state is not None:
        return state
    return "ended" if closed else "automatic"


def said_before(lines: Iterable[tuple[str, str, str]], limit: int) -> str:
    """What was said before an adviser came, one line each (hour, who, words), the last kept whole.

    At most `limit` signs: the oldest are cut, and « … » says so.
    """
    text = "\n".join(f"{at} · {who} : {body}" for at, who, body in lines)
    return text if len(text) <= limit else f"…{text[1 - limit :]}"
