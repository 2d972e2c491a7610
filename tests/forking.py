"""Processes of their own for a test: everything is loaded and warm, only the connection is new."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.db import connections


def fork(what: Callable[[], None], database: str = "") -> int:
    """Does it in another process and returns that one's id; its status is 0 if nothing was raised.

    `database` is another file than the one that the settings name.
    """
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            connections["default"].connection = None  # the parent's stays the parent's
            if database:
                connections["default"].settings_dict["NAME"] = database
            what()
            status = 0
        finally:
            os._exit(status)
    return pid
