"""participation.yaml: the process, its phases, groups with seats, and events."""

from __future__ import annotations

import re
from collections.abc import Callable

from concepts.models import ActionField
from demo.loading.base import Loader
from demo.loading.proposals import load_proposals
from demo.reading import LoadError, Row
from municipalities.models import Institution, Person
from participation.counts import Accuracy
from participation.models import Event, Group, Phase, Process, Seat


def load_participation_file(loader: Loader, file: Row) -> None:
    loader.process = load_process(loader, file.take_row("process"))
    loader.load_rows(file, "phases", Phase, process=loader.process)
    ties = [load_group(loader, row) for row in file.take_rows("groups")]
    for row in file.take_rows("events"):
        load_event(loader, row)
    for tie in ties:
        tie()
    load_proposals(loader, file)
    file.done()


def load_process(loader: Loader, row: Row) -> Process:
    counts: dict[str, int | str | None] = {}
    for name in ("institutions", "persons"):
        counts[name], counts[f"{name}_accuracy"] = count(loader, row, name)
    process: Process = loader.save(
        row,
        loader.build(
            Process,
            row,
            municipality=loader.municipality,
            concept=loader.concept,
            organiser=loader.find(Institution, row.take("organiser", None), row.place),
            moderator=loader.find(Institution, row.take("moderator", None), row.place),
            **counts,
        ),
    )
    return process


def count(loader: Loader, row: Row, name: str) -> tuple[int | None, str]:
    """`17`, `ca. 40` or `über 50`."""
    written = str(row.take(name, "") or "")
    if not written:
        return None, Accuracy.EXACT
    match = re.fullmatch(r"(ca\. |über )?(\d+)", written)
    if not match:
        raise LoadError(f"{row.place}: „{written}“ ist keine Anzahl wie 17, ca. 40 oder über 50.")
    accuracy = {"ca. ": Accuracy.ABOUT, "über ": Accuracy.MORE_THAN}.get(match[1] or "", Accuracy.EXACT)
    return int(match[2]), accuracy


def load_group(loader: Loader, row: Row) -> Callable[[], None]:
    """Save the group; return what ties it to events and groups that come later in the file."""
    key, seats = row.take("key"), row.take_row_list("seats")
    fields = loader.find_all(ActionField, row, "fields")
    founded_at, predecessor = row.take("founded_at", None), row.take("predecessor", None)
    group = loader.build(Group, row, municipality=loader.municipality, process=loader.process)
    loader.save(row, group, key).fields.set(fields)
    for position, seat in enumerate(seats, start=1):
        loader.save(
            seat,
            loader.build(
                Seat,
                seat,
                group=group,
                position=position,
                institution=loader.find(Institution, seat.take("institution", None), seat.place),
                person=loader.find(Person, seat.take("person", None), seat.place),
            ),
        )

    def tie() -> None:
        if founded_at or predecessor:
            group.founded_at = loader.find(Event, founded_at, row.place)
            group.predecessor = loader.find(Group, predecessor, row.place)
            group.save()

    return tie


def load_event(loader: Loader, row: Row) -> None:
    key, groups = row.take("key", None), loader.find_all(Group, row, "groups")
    attendance, accuracy = count(loader, row, "attendance")
    event = loader.build(
        Event,
        row,
        process=loader.process,
        phase=loader.find(Phase, row.take("phase", None), row.place),
        moderator=loader.find(Institution, row.take("moderator", None), row.place),
        attendance=attendance,
        attendance_accuracy=accuracy,
    )
    loader.save(row, event, key).groups.set(groups)
