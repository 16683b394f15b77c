"""The media worker as a child of `acquis run`: started with it, started again, ended with it."""

import logging
import os
import socket
import subprocess
import sys
import threading

logger = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
PAUSE = 1.0  # seconds before a worker that died is started again
PATIENCE = 15.0  # seconds it has to hand over its recordings


class Child:
    """One process that listens on a socket which its parent opened.

    Requests wait on that socket while the worker starts, and its address stays when it starts again.
    It reads its standard input and ends when that closes: so it dies with its parent, however that dies.
    """

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind((LOOPBACK, 0))
        self._socket.listen(128)
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep_alive, name="acquis-media", daemon=True)

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        self._watch.start()

    def stop(self) -> None:
        self._stopping.set()
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        self._socket.close()

    def _keep_alive(self) -> None:
        descriptor = self._socket.fileno()
        command = [sys.executable, "-m", "acquis", "media", "--fd", str(descriptor), "--tied"]
        while not self._stopping.is_set():
            self._process = process = subprocess.Popen(  # noqa: S603  our own command
                command, stdin=subprocess.PIPE, pass_fds=[descriptor], env=os.environ
            )
            status = process.wait()
            if process.stdin is not None:
                process.stdin.close()
            if not self._stopping.wait(PAUSE):
                logger.error("media: the worker ended (%s) and is started again", status)
