"""The gateway to a SIP trunk: a process of its own beside the media worker, which starts it.

It is told its trunk on the socket that it is given, carries the calls, and ends them when that socket
closes: a media worker that dies leaves no call open.
"""

import asyncio
import os
import signal
import socket
import sys

from acquis.kernel.media.sip import link
from acquis.kernel.media.sip.engine import Engine
from acquis.kernel.media.sip.trunk import trunk_from

TURN = 0.005  # seconds between two looks of PJSIP at its sockets


async def carry(descriptor: int) -> None:
    """Serve the media worker that holds the other end of this socket, until it lets go."""
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    asked = await link.read(reader)
    if isinstance(asked, link.Sound):
        raise TypeError("the trunk is told first")
    loop = asyncio.get_running_loop()

    def said(leg: str, packet: bytes) -> None:  # on the thread of PJSIP's clock
        loop.call_soon_threadsafe(link.send_sound, writer, link.Sound(leg, 0, packet))

    engine = Engine(trunk_from(asked), tell=lambda told: writer.write(link.words(told)), said=said)
    listening = asyncio.create_task(_listen(reader, engine))
    try:
        engine.start()
        while not listening.done():
            engine.poll()
            await asyncio.sleep(TURN)
    finally:
        engine.stop()
        writer.close()


async def _listen(reader: asyncio.StreamReader, engine: Engine) -> None:
    while True:
        try:
            message = await link.read(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        if isinstance(message, link.Sound):
            engine.hear(message)
        else:
            engine.do(message)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the media worker, and after it
    asyncio.run(carry(int(sys.argv[1])))
    sys.stdout.flush()
    os._exit(0)  # PJSIP is taken apart already; what Python would still release is of it
