"""Runs the measurements: `python -m tests.bench [part …]`, started by scripts/bench."""

from __future__ import annotations

import sys

import django
from django.conf import settings

django.setup()

from tests.bench.measuring import Report  # noqa: E402 - after setup, as everything that imports models
from tests.bench.pages import measure_pages  # noqa: E402
from tests.bench.prints import (  # noqa: E402
    measure_chromium,
    measure_concept,
    measure_edits,
    measure_server,
    measure_stages,
)
from tests.bench.workbench import measure_workbench  # noqa: E402

# In this order, whatever order they are asked for in: what is issued can no longer be edited.
PARTS = {
    "edits": measure_edits,
    "stages": measure_stages,
    "chromium": measure_chromium,
    "server": measure_server,
    "concept": measure_concept,
    "pages": measure_pages,
    "workbench": measure_workbench,
}


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        sys.stderr.write(f"Unbekannt: {', '.join(unknown)}. Möglich sind: {', '.join(PARTS)}.\n")
        return 2
    report = Report()
    for name in [part for part in PARTS if part in (wanted or PARTS)]:
        sys.stdout.write(f"{name}\n")
        PARTS[name](report)
    report.write(settings.VAR_DIR / "bench.json")
    return int(report.exceeded)


sys.exit(main(sys.argv[1:]))
