"""Django's requests on a few threads that stay, each request on one thread from end to end.

Django starts a thread for every request. A connection to the database belongs to a thread: with
SQLite each request would open the file again and read its whole schema, and a crowd of writers that
wait for one another would share out the time of the one who may write. Here a request waits, in the
order of arrival, for a thread that already holds its connection.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import IO, Any

import django
from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

THREADS = 6  # more would only take turns at the interpreter

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Handler(ASGIHandler):
    """One hop to a thread for the whole chain of middlewares and the view."""

    def __init__(self, threads: int = THREADS) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._idle: asyncio.LifoQueue[Executor] | None = None
        self._waiting = 0  # requests that wait for a thread
        self._threads = [
            ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"acquis-web-{number}")
            for number in range(threads)
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Not entered: leaving it would end the thread.
        place = ThreadSensitiveContext()
        token = SyncToAsync.thread_sensitive_context.set(place)
        try:
            await self.handle(scope, receive, send)
        finally:
            SyncToAsync.thread_sensitive_context.reset(token)
            thread = SyncToAsync.context_to_thread_executor.pop(place, None)
            if thread is not None:
                self._queue().put_nowait(thread)

    async def read_body(self, receive: Receive) -> IO[bytes]:
        """Take a thread once the request has arrived whole: a slow sender holds up nobody."""
        body = await super().read_body(receive)
        place = SyncToAsync.thread_sensitive_context.get()
        try:
            SyncToAsync.context_to_thread_executor[place] = await self._thread(receive)
        except BaseException:
            body.close()
            raise
        return body

    async def _thread(self, receive: Receive) -> Executor:
        """An idle thread, in the order of arrival. Raises RequestAborted when who asked has gone.

        A page that waited too long asks again: what it gave up is not worked at besides.
        """
        idle = self._queue()
        if not self._waiting and not idle.empty():
            return idle.get_nowait()
        thread = asyncio.ensure_future(idle.get())
        gone = asyncio.ensure_future(_until_gone(receive))
        self._waiting += 1
        taken = False
        try:
            await asyncio.wait([thread, gone], return_when=asyncio.FIRST_COMPLETED)
            if not thread.done():
                raise RequestAborted
            taken = True
            return thread.result()
        finally:
            self._waiting -= 1
            gone.cancel()
            if not taken and not thread.cancel():
                idle.put_nowait(thread.result())

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

    def _queue(self) -> "asyncio.LifoQueue[Executor]":
        """The idle threads; the last used first, whose memory is warm."""
        if self._idle is None:
            self._idle = asyncio.LifoQueue()
            for thread in self._threads:
                self._idle.put_nowait(thread)
        return self._idle


async def _until_gone(receive: Receive) -> None:
    """Once a request has arrived whole, its server has nothing to say but that who asked has gone."""
    if (await receive())["type"] != "http.disconnect":
        await asyncio.Event().wait()


def application() -> Handler:
    django.setup(set_prefix=False)
    return Handler()
