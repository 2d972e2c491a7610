"""The rows of a paper's form as they were typed: joined with what somebody else has done to them meanwhile,
and moved, added or taken out by their buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _now

from committees.forms.writing_fields import MOST_ROWS, ROW_KINDS, RowKind, merged_order
from committees.forms.writing_stored import StoredPaper, mark

KEY = re.compile(r"[0-9]{1,18}|n[0-9]{1,4}")
ACTION = re.compile(r"(neu|hoch|runter|weg|suche) (\w+)(?: (\w+))?")


class TypedRows:
    """`orders` are the keys of the rows by kind, `notices` sentences about what both have done, `joined` the
    kinds that somebody else has changed, `searched` the row whose search was started. What is joined is put
    into `data`."""

    def __init__(self, stored: StoredPaper, opened: Mapping[str, str], data: QueryDict, action: str) -> None:
        self.stored_paper = stored
        self.opened = opened
        self.orders: dict[str, list[str]] = {}
        self.notices: list[str] = []
        self.joined: list[str] = []
        self.searched = ""
        for kind in ROW_KINDS:
            self._join_rows(kind, data)
        self._act(action, data)

    def _join_rows(self, kind: RowKind, data: QueryDict) -> None:
        """The rows as typed, joined with what somebody else has added or taken out meanwhile."""
        base = [key for key in str(self.opened.get(kind.order, "")).split(",") if key]
        sent = data.get(kind.order, "").split(",")[:MOST_ROWS]
        mine = list(dict.fromkeys(key for key in sent if KEY.fullmatch(key)))
        theirs = self.stored_paper.keys(kind)
        order = merged_order(base, mine, theirs)
        for key in mine:
            if key in base and key not in theirs and self._typed_over(kind, key, data):
                order.append(key)
                self.notices.append(
                    _now(
                        "%(many)s: Was Sie geändert haben, hat inzwischen jemand anderes gelöscht. Es "
                        "steht noch hier, am Ende. Löschen Sie es, wenn es nicht mehr gelten soll; sonst "
                        "speichern Sie noch einmal."
                    )
                    % {"many": kind.many}
                )
        for key in base:
            if key in theirs and key not in mine and self._they_changed(kind, key):
                order.append(key)
                self.notices.append(
                    _now(
                        "%(many)s: Was Sie gelöscht haben, hat inzwischen jemand anderes geändert. Es steht "
                        "wieder hier, am Ende. Löschen Sie es noch einmal, wenn es nicht mehr gelten soll."
                    )
                    % {"many": kind.many}
                )
        new = [key for key in order if key not in mine]
        if new or len(order) < len(mine):
            self.joined.append(str(kind.many))
        for name in (kind.name(key, column) for key in new for column in kind.columns):
            self._put(data, name, self.stored_paper.values[name])
        self.orders[kind.prefix] = order
        data[kind.order] = ",".join(order)

    def _put(self, data: QueryDict, name: str, value: Any) -> None:
        """A stored value, as the browser would send it."""
        if isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        elif value not in (None, False, ""):
            data[name] = "on" if value is True else str(value)

    def _typed_over(self, kind: RowKind, key: str, data: QueryDict) -> bool:
        """Whether what is typed in the row differs from what it was opened with. As it was sent, uncleaned:
        an editor that writes the same text differently only asks once too often."""
        return any(
            mark(data.get(kind.name(key, column), "")) != self.opened.get(kind.name(key, column), "")
            for column in kind.columns
            if column not in ("measures", "public")
        )

    def _they_changed(self, kind: RowKind, key: str) -> bool:
        names = [kind.name(key, column) for column in kind.columns]
        return any(mark(self.stored_paper.values[name]) != self.opened.get(name, "") for name in names)

    def _act(self, action: str, data: QueryDict) -> None:
        """A button of a row: `neu punkt`, `hoch punkt 12`, `suche punkt 12`."""
        asked = ACTION.fullmatch(action)
        kind = next((kind for kind in ROW_KINDS if asked and kind.prefix == asked[2]), None)
        if asked is None or kind is None:
            return
        keys, key = self.orders[kind.prefix], asked[3]
        if asked[1] == "neu" and len(keys) < MOST_ROWS:
            used = [int(one[1:]) for one in keys if one.startswith("n")]
            keys.append(f"n{max(used, default=0) + 1}")
        elif key in keys:
            place = keys.index(key)
            match asked[1]:
                case "weg":
                    keys.remove(key)
                case "hoch" if place > 0:
                    keys.insert(place - 1, keys.pop(place))
                case "runter":
                    keys.insert(place + 1, keys.pop(place))
                case "suche":
                    self.searched = key
        data[kind.order] = ",".join(keys)
