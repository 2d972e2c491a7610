"""Shows a person at a terminal how far a long piece of work has come."""

from __future__ import annotations

from typing import TextIO

BAR = 30


class Progress:
    """A bar that is drawn over on a terminal, and plain lines elsewhere."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self.total, self.stream, self.done = total, stream, 0
        self.drawn = stream.isatty()

    def step(self, name: str) -> None:
        self.done += 1
        if self.drawn:
            filled = BAR * self.done // self.total
            bar = "█" * filled + "░" * (BAR - filled)
            end = "\n" if self.done == self.total else ""
            self.stream.write(f"\r{bar} {self.done} von {self.total}{end}")
        else:
            self.stream.write(f"{self.done} von {self.total}: {name}\n")
        self.stream.flush()
