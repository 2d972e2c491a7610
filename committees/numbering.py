"""Numbers of papers by the town's own pattern."""

from __future__ import annotations

import re

PLACEHOLDERS = {"jahr": r"\d{4}", "laufend": r"\d+", "amt": r"[0-9A-Za-z]+", "wahlperiode": r"\d+"}


def fits_pattern(number: str, pattern: str) -> bool:
    """Whether `2017/1900` fits `{jahr}/{laufend}`."""
    parts = re.split(r"\{(\w+)\}", pattern)
    expression = "".join(
        PLACEHOLDERS.get(part, re.escape(f"{{{part}}}")) if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )
    return re.fullmatch(expression, number) is not None
