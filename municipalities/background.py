"""Work that a process does after the answer, in a thread of its own, so that nobody waits for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from django.db import connections

logger = logging.getLogger(__name__)


class BackgroundWork:
    """`portion` does some of what is waiting and says whether more is left.

    In portions, so that a process that ends does not wait for a long list: what is left is in the database,
    and the next process that is woken finds it.
    """

    def __init__(self, name: str, portion: Callable[[], bool]) -> None:
        self.name, self.portion = name, portion
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self.asleep = Lock()

    def wake(self) -> None:
        if self.asleep.acquire(blocking=False):
            try:
                self.thread.submit(self._work)
            except RuntimeError:  # the process is ending
                self.asleep.release()

    def wait(self) -> None:
        """Until what was asked for so far is done."""
        self.thread.submit(int).result()

    def _work(self) -> None:
        self.asleep.release()  # what comes from now on wakes the thread again
        try:
            if self.portion():
                self.wake()
        except Exception:
            logger.exception("Work in the background failed: %s", self.name)
        finally:
            connections.close_all()  # this thread's
