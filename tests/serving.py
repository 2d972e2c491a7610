"""A server for browser tests that sees what the test sees, and whose changes are rolled back with it.

Django's own live server works on a second connection: the test's rows must be committed and the whole
database emptied afterwards, and loading a town anew takes longer than the test itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.testcases import LiveServerThread

_close_if_obsolete = BaseDatabaseWrapper.close_if_unusable_or_obsolete


def _but_not_the_tests_own(self: BaseDatabaseWrapper) -> None:
    """After each request Django closes a connection that is inside a transaction. Here it is the test's."""
    if not self.in_atomic_block:
        _close_if_obsolete(self)


BaseDatabaseWrapper.close_if_unusable_or_obsolete = _but_not_the_tests_own


class OneRequestAtATime:
    """A connection's state (its transaction, its savepoints) is no matter for two threads at once."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.lock:
            response = self.app(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                response.close()


class SharingServer(ThreadedWSGIServer):
    """Leaves the connection open: it is the test's."""

    def _close_connections(self) -> None:
        pass

    def serve_forever(self, poll_interval: float = 0.05) -> None:
        super().serve_forever(poll_interval)
        del connections[DEFAULT_DB_ALIAS]  # only this thread's entry


class SharingThread(LiveServerThread):
    server_class = SharingServer


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server that runs as long as the context."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.inc_thread_sharing()
    thread = SharingThread("localhost", OneRequestAtATime, {DEFAULT_DB_ALIAS: connection})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    try:
        if thread.error:
            raise thread.error
        yield f"http://localhost:{thread.port}"
    finally:
        thread.terminate()
        connection.dec_thread_sharing()
