"""Finished pictures, kept in this process until what they show has changed.

The key says everything a picture depends on: the change counters of what it shows, the rights of who
looks, the release of the program. So nothing needs to be thrown away, and no picture is older than what
it shows. Django's cache would pack and unpack half a megabyte each time, which takes longer than the page.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import TypeVar, cast

from django.conf import settings

MOST_BYTES = 40_000_000
PROGRAM = ("*/*.py", "*/*/*.py", "templates/**/*.html", "static/**/*.css")

Picture = TypeVar("Picture", str, bytes)


@lru_cache(maxsize=1)
def release() -> str:
    """Changes with the program itself, and is the same in all its processes."""
    state = hashlib.sha256()
    for pattern in PROGRAM:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            state.update(f"{path.relative_to(settings.BASE_DIR)}:{path.stat().st_mtime_ns}\n".encode())
    return state.hexdigest()[:16]


class Shelf:
    """Pictures by key, the longest unused going first when there is no more room."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.pictures: OrderedDict[Hashable, str | bytes] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Picture]) -> Picture:
        with self.lock:
            if key in self.pictures:
                self.pictures.move_to_end(key)
                return cast(Picture, self.pictures[key])
        picture = make()
        with self.lock:
            self.bytes += len(picture) - len(self.pictures.pop(key, ""))
            self.pictures[key] = picture
            while self.bytes > self.most_bytes and len(self.pictures) > 1:
                _key, oldest = self.pictures.popitem(last=False)
                self.bytes -= len(oldest)
        return picture

    def clear(self) -> None:
        with self.lock:
            self.pictures.clear()
            self.bytes = 0


shelf = Shelf(MOST_BYTES)
