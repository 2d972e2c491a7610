"""participation.yaml: the process, its phases, groups with seats, and events."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.utils import timezone

from concepts.models import ActionField
from demo.loading.base import Loader
from demo.loading.proposals import load_proposals
from demo.reading import LoadError, Row, german_date
from municipalities.models import Institution, Person, User
from participation.counts import Accuracy
from participation.models import (
    Event,
    EventAgendaItem,
    Group,
    Minutes,
    Phase,
    Process,
    ProcessModeration,
    Seat,
)


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
    guides = row.take_row_list("guides")
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
    for guide in guides:
        load_guide(loader, guide, process)
    return process


def load_guide(loader: Loader, row: Row, process: Process) -> None:
    """A login of an institute outside the town."""
    user = User.objects.create_user(row.take("email"), None, name=row.take("name"), is_demo=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    loader.save(row, ProcessModeration(process=process, user=user))


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
    agenda, minutes = row.take_row_list("agenda"), row.take_row("minutes")
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
    for position, item in enumerate(agenda, start=1):
        loader.save(item, loader.build(EventAgendaItem, item, event=event, position=position))
    if minutes.data:
        load_minutes(loader, minutes, event)


def load_minutes(loader: Loader, row: Row, event: Event) -> None:
    """Published, or agreed only; the days are those of the town's story."""
    days = {name: row.take(name, None) for name in ("agreed", "published")}
    moments = {name: noon(german_date(day, row.place)) if day else None for name, day in days.items()}
    state = Minutes.State.PUBLISHED if days["published"] else Minutes.State.AGREED
    values = {"agreed_at": moments["agreed"], "published_at": moments["published"], "state": state}
    loader.save(row, loader.build(Minutes, row, event=event, **values))


def noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
