"""A bounded dictionary."""

from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Holds `most` values, and as many older ones: what was not asked for while they came in is forgotten."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.young: dict[Any, Value] = {}
        self.old: dict[Any, Value] = {}

    def get(self, key: Any) -> Value | None:
        found = self.young.get(key)
        if found is None and (found := self.old.pop(key, None)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Any, value: Value) -> None:
        if len(self.young) >= self.most:
            self.old, self.young = self.young, {}
        self.young[key] = value

    def clear(self) -> None:
        self.young.clear()
        self.old.clear()
