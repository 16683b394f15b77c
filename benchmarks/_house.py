"""The product as many use it at once: several web processes on one database, or one on SQLite."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks._redis import redis
from benchmarks._server import Place, Server, place


@contextmanager
def house(engine: str) -> Iterator[tuple[Place, int]]:
    """Where the product lives, and how many web processes serve it."""
    with ExitStack() as stack:
        where = stack.enter_context(place(engine))
        if engine == "sqlite":
            yield where, 1
            return
        where.environment["ACQUIS_REDIS_URL"] = stack.enter_context(redis(where.folder))
        yield where, 2


@contextmanager
def serving(where: Place, count: int) -> Iterator[list[Server]]:
    """So many started web processes; stopped at the end."""
    servers = [Server(where) for _number in range(count)]
    try:
        for one in servers:
            one.start()
        yield servers
    finally:
        for one in servers:
            one.stop()
