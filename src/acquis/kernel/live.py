"""What a page does over the socket that it holds open, and what it is told there besides news.

An act over the socket is the act of the same name over HTTP: the same door, the same action, answered
once it is committed. What a request brings by itself is checked here: the session and the person it
names, read again every few seconds; the token against forged forms, once a socket.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import get_language_from_request, override

from acquis.kernel.errors import DomainRefusal
from acquis.kernel.typography import undisguised

logger = logging.getLogger(__name__)
Said = Mapping[str, Any]
One = TypeVar("One")
Told = TypeVar("Told")
Act = Callable[[Any, Said], Said | None]
Teller = Callable[[Any, Said, frozenset[str]], Said | None]
ACTS: dict[str, Act] = {}
READS: set[str] = set()  # acts that write nothing
Wants = Callable[[Any, Said, frozenset[str]], bool]
TELLERS: dict[str, Teller] = {}  # by kind of topic
WANTS: dict[str, Wants] = {}  # which news are worth asking their teller, without the database
FRESH = 5.0  # seconds during which a session, or a right to read, is held for what it was
THREADS = 3  # beside those of requests: more would only take turns at the interpreter
READERS = 2  # what is told must not wait behind acts, which wait for one another's locks
FIGURES = 18  # more than any key has
MOST_TOGETHER = 40  # acts in one transaction: the first waits for the last
REMEMBERED = 10_000  # answers kept by one memory before it begins anew

_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="acquis-live")
_readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="acquis-told")


def act(name: str, *, reads: bool = False) -> Callable[[Act], Act]:
    """Declare what `name` does: the person and what the page said in, what it is answered out.

    One that only `reads` waits behind no act that writes. It refuses as a view does: DomainRefusal is told in its words, Http404 and PermissionDenied by
    their code alone.
    """

    def declare(function: Act) -> Act:
        ACTS[name] = function
        if reads:
            READS.add(name)
        return function

    return declare


def tells(kind: str, *, wants: Wants | None = None) -> Callable[[Teller], Teller]:
    """Declare what goes to a page with the news of the topics `<kind>:<key>`, for one reader.

    `wants` passes over the news to which it would add nothing, and reads nothing. The teller is
    given the reader, the news and the topics that the page follows, and decides whether the person
    may still read. None adds nothing: the page then asks for what changed, as it does without a
    socket.
    """

    def declare(function: Teller) -> Teller:
        TELLERS[kind] = function
        if wants is not None:
            WANTS[kind] = wants
        return function

    return declare


@dataclass(frozen=True)
class Asked:
    """One act of many done at once: who, the session of their browser, and what the page said."""

    user: Any
    session: Said
    said: Said


Outcome = Said | Exception
DoneTogether = Callable[[Sequence[Asked]], Sequence[Outcome]]


def acts_together(name: str) -> Callable[[DoneTogether], DoneTogether]:
    """Declare what does the acts `name` that wait at the same time, in one transaction.

    While some are done the next ones gather: the more come, the less each costs. It returns what each
    gave, or the refusal or the error of one, which leaves the others done; what it raises itself
    undoes all, and each is then done alone. An answer leaves once its transaction is committed.
    """

    def declare(function: DoneTogether) -> DoneTogether:
        TOGETHER[name] = _Line(function)
        return function

    return declare


async def run(function: Callable[..., Any], *values: Any) -> Any:
    """Call what writes to the database on one of the few threads that sockets share."""
    return await _on(_threads, function, *values)


async def read(function: Callable[..., Any], *values: Any) -> Any:
    """Call what only reads, and waits for no lock, on threads that no act holds up."""
    return await _on(_readers, function, *values)


async def _on(threads: ThreadPoolExecutor, function: Callable[..., Any], *values: Any) -> Any:
    def alone() -> Any:
        close_old_connections()
        try:
            return function(*values)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(threads, alone)


class Memory:
    """Answers to one question, each held for a few seconds. Never for what decides on a right."""

    def __init__(self, seconds: float = FRESH) -> None:
        self.seconds = seconds
        self._kept: dict[Any, tuple[float, Any]] = {}

    def of(self, key: Any, ask: Callable[[], Any]) -> Any:
        now = time.monotonic()
        found = self._kept.get(key)
        if found is not None and found[0] > now:
            return found[1]
        answer = ask()
        if len(self._kept) > REMEMBERED:
            self._kept.clear()
        self._kept[key] = (now + self.seconds, answer)
        return answer

    def forget(self) -> None:
        self._kept.clear()


class Person:
    """Who is at the other end of a socket, as the session says now."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self.scope = scope
        self.language = get_language_from_request(_request(scope))
        self.trusted = False  # the page has shown that it is ours
        self._user: Any = scope["user"]
        self.session: Said = scope.get("session") or {}
        self._until = time.monotonic() + FRESH

    def now(self) -> Any:
        """The person; None once they have signed out or lost their account. Reads the database."""
        if self._user is None or time.monotonic() < self._until:
            return self._user
        self._until = time.monotonic() + FRESH
        session = self.scope.get("session")
        if session is not None:
            request = HttpRequest()
            store = import_module(settings.SESSION_ENGINE).SessionStore
            request.session = self.session = store(session.session_key)
            user = get_user(request)
            self._user = user if user.is_authenticated else None
        return self._user

    def trust(self, token: str) -> bool:
        """Whether the page holds the token of our forms and comes from here: asked once."""
        if not self.trusted:
            request = _request(self.scope, token=token)
            check = CsrfViewMiddleware(lambda _request: HttpResponse())
            check.process_request(request)
            self.trusted = check.process_view(request, _posted, (), {}) is None
        return self.trusted


def answered(person: Person, said: Said) -> dict[str, Any]:
    """What becomes of an act: `done` with what it `gave`, `refused` in words, or `failed`.

    After `failed` the page posts the same act over HTTP, under the same key.
    """
    function = ACTS.get(str(said.get("act")))
    asked = _admitted(person, said)
    if function is None or asked is None:
        return {"failed": said.get("id")}
    with override(person.language):
        try:
            return _told_of(said, function(asked.user, asked.said) or {})
        except Exception as error:  # noqa: BLE001  told apart there
            return _told_of(said, error)


async def answer(person: Person, said: Said) -> dict[str, Any]:
    """`answered`, on another thread; with others of its kind where they are done at once."""
    line = TOGETHER.get(str(said.get("act")))
    if line is None:
        on = read if said.get("act") in READS else run
        return dict(await on(answered, person, said))
    return await line.answer(person, said)


def _admitted(person: Person, said: Said) -> Asked | None:
    """What is asked, by whom; None when it is asked by nobody, or not by a page of ours."""
    user, given = person.now(), said.get("with")
    if user is None or not isinstance(given, Mapping):
        return None
    if not person.trust(str(said.get("csrf", ""))):
        return None
    return Asked(user, person.session, without_disguise(given))


def _told_of(said: Said, outcome: Outcome) -> dict[str, Any]:
    """What the page is told of one act, in the language that is active."""
    number = said.get("id")
    if not isinstance(outcome, Exception):
        return {"done": number, "gave": outcome}
    if isinstance(outcome, DomainRefusal):
        return {"refused": number, **refused(outcome)}
    if not isinstance(outcome, ValueError | ObjectDoesNotExist | Http404 | PermissionDenied):
        logger.error("live: %s", said.get("act"), exc_info=outcome)
    return {"failed": number}


class Gathering(Generic[One, Told]):
    """What many sockets ask and one thread does: those that wait while others are done are next.

    The first to come is done at once, alone; the more come, the less each costs. `function` is given
    forty at most and returns what each gave; what it raises is raised for each of them. `on` is `run`, or
    `read` where it writes nothing.
    """

    def __init__(
        self,
        function: Callable[[Sequence[One]], Sequence[Told]],
        *,
        on: Callable[..., Awaitable[Any]] | None = None,
    ) -> None:
        self.function, self.on = function, on or run
        self._waiting: WeakKeyDictionary[
            asyncio.AbstractEventLoop, list[tuple[One, asyncio.Future[Told]]]
        ] = WeakKeyDictionary()  # those of each loop apart
        self._working: set[asyncio.Task[None]] = set()

    async def of(self, one: One) -> Told:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Told] = loop.create_future()
        waiting = self._waiting.get(loop)
        if waiting is not None:
            waiting.append((one, answer))
            return await answer
        self._waiting[loop] = [(one, answer)]
        working = loop.create_task(self._work(loop))
        self._working.add(working)
        working.add_done_callback(self._working.discard)
        return await answer

    async def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Until nobody waits."""
        try:
            while waiting := self._waiting[loop]:
                turn = waiting[:MOST_TOGETHER]
                del waiting[:MOST_TOGETHER]
                await self._turn([one for one, _ in turn], [answer for _, answer in turn])
        finally:
            del self._waiting[loop]

    async def _turn(self, asked: Sequence[One], answers: "Sequence[asyncio.Future[Told]]") -> None:
        try:
            told = await self.on(self.function, asked)
        except Exception as error:  # noqa: BLE001  each hears it where they asked
            for answer in answers:
                if not answer.done():
                    answer.set_exception(error)
            return
        for one, answer in zip(told, answers, strict=True):
            if not answer.done():  # who asked may have gone
                answer.set_result(one)


def each_alone(
    function: Callable[[Sequence[One]], Sequence[Told | Exception]], asked: Sequence[One]
) -> Sequence[Told | Exception]:
    """What `function` gives to all; where it raises, all was undone and each is done alone."""
    try:
        return function(asked) if asked else []
    except Exception as error:  # noqa: BLE001
        if len(asked) == 1:
            return [error]
        return [outcome for one in asked for outcome in each_alone(function, [one])]


class _Line:
    """The acts of one name that wait while others of it are done."""

    def __init__(self, function: DoneTogether) -> None:
        self.function = function
        self._gathering = Gathering(self._done)

    async def answer(self, person: Person, said: Said) -> dict[str, Any]:
        return await self._gathering.of((person, said))

    def _done(self, turn: Sequence[tuple[Person, Said]]) -> list[dict[str, Any]]:
        admitted = [self._admitted(person, said) for person, said in turn]
        asked = [one for one in admitted if one is not None]
        outcomes = iter(each_alone(self.function, asked))
        answers = []
        for (person, said), one in zip(turn, admitted, strict=True):
            if one is None:
                answers.append({"failed": said.get("id")})
                continue
            with override(person.language):
                answers.append(_told_of(said, next(outcomes)))
        return answers

    def _admitted(self, person: Person, said: Said) -> Asked | None:
        try:
            return _admitted(person, said)
        except Exception:
            logger.exception("live: who asks")  # the database is away: the page goes by a request
            return None


TOGETHER: dict[str, _Line] = {}


def wanted(user: Any, news: Said, topics: frozenset[str]) -> bool:
    """Whether a teller may add something to the news."""
    kind = _kind(news)
    wants = WANTS.get(kind)
    return kind in TELLERS and (wants is None or wants(user, news, topics))


def told(person: Person, news: Said, topics: frozenset[str]) -> Said:
    """The news, with what the reader is told besides where they may read it."""
    user = person.now()
    if user is None:
        return news
    with override(person.language):
        try:
            return {**news, **(TELLERS[_kind(news)](user, news, topics) or {})}
        except (ValueError, ObjectDoesNotExist, Http404, PermissionDenied, DomainRefusal):
            return news
        except Exception:
            logger.exception("live: %s", news.get("topic"))
            return news


def _kind(news: Said) -> str:
    return str(news.get("topic", "")).partition(":")[0]


def refused(refusal: DomainRefusal) -> dict[str, Any]:
    """A refusal as pages read it: its stable code, its sentence, its status over HTTP."""
    return {
        "code": refusal.code,
        "detail": str(refusal),
        "kept": str(refusal.kept),
        "status": refusal.status,
    }


def without_disguise(given: Said) -> dict[str, Any]:
    """What was said, without NUL and the overrides of direction, as forms are read."""
    return {
        str(name): undisguised(value) if isinstance(value, str) else value
        for name, value in given.items()
    }


def number(said: Said, name: str) -> int:
    """A key or a position that the page named. Raises ValueError."""
    typed = str(said.get(name, ""))
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= FIGURES):
        raise ValueError(name)
    return int(typed)


def _posted(_request: HttpRequest) -> HttpResponse:
    """The view whose form the token would protect."""
    return HttpResponse()


def _request(scope: Mapping[str, Any], *, token: str = "") -> ASGIRequest:
    """The handshake as the request of a form, for what Django decides about requests."""
    secure = scope.get("scheme") in {"wss", "https"}
    headers = [*scope.get("headers", ())]
    if token:
        headers.append((b"x-csrftoken", token.encode("latin-1", "replace")))
    posted = {**scope, "method": "POST", "scheme": "https" if secure else "http"}
    return ASGIRequest({**posted, "headers": headers}, BytesIO())
