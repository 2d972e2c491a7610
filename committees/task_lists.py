"""The Beschlusskontrolle as a list: found, grouped, to print and to calculate with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import ResolutionTask, TaskReport
from documents.pdf import PrintDocument, Section
from documents.richtext import plain_text
from municipalities.colours import TownColours
from municipalities.models import Municipality
from participation.annex import BOM, LOGO, harmless

BY_COMMITTEE, BY_OFFICE, BY_STATE = "gremium", "stelle", "stand"
# What rows are put in order by before their deadline, so that one group stands together.
ORDERS: dict[str, tuple[Any, ...]] = {
    "": (),
    BY_COMMITTEE: ("consultation__committee__name",),
    BY_OFFICE: (F("institution__name").asc(nulls_last=True), F("person__name").asc(nulls_last=True)),
    BY_STATE: ("state",),
}


@dataclass
class Group:
    heading: str
    tasks: list[ResolutionTask] = field(default_factory=list)


def with_all(tasks: QuerySet[ResolutionTask]) -> QuerySet[ResolutionTask]:
    """With what a line shows: where the task comes from, who has it, and what was reported last."""
    reports = TaskReport.objects.select_related("by").order_by("-at", "-pk")
    return tasks.select_related(
        "paper__municipality",
        "consultation__committee",
        "consultation__meeting",
        "consultation__agenda_item",
        "institution",
        "person",
        "resolved_point__point",
    ).prefetch_related("consultation__joint_committees", Prefetch("reports", reports))


def in_order(tasks: QuerySet[ResolutionTask], by: str) -> QuerySet[ResolutionTask]:
    """The most pressing first; what has no deadline comes last."""
    return tasks.order_by(*ORDERS.get(by, ()), F("due").asc(nulls_last=True), "pk")


def grouped(tasks: Iterable[ResolutionTask], by: str) -> list[Group]:
    """Of rows in their order; one group without a heading where nothing is asked for."""
    groups: list[Group] = []
    for task in tasks:
        heading = heading_of(task, by)
        if not groups or groups[-1].heading != heading:
            groups.append(Group(heading))
        groups[-1].tasks.append(task)
    return groups


def heading_of(task: ResolutionTask, by: str) -> str:
    if by == BY_COMMITTEE:
        return task.consultation.committee.name if task.consultation.committee else ""
    if by == BY_OFFICE:
        return str(task.institution or task.person or _("ohne Zuständigkeit"))
    return str(task.get_state_display()) if by == BY_STATE else ""


def last_report(task: ResolutionTask) -> TaskReport | None:
    return next(iter(task.reports.all()), None)


def is_public(task: ResolutionTask) -> bool:
    """Needs `with_all`, or asks for each row."""
    point = task.resolved_point.point if task.resolved_point else None
    open_point = point is None or point.public
    return task.paper.public and task.consultation.has_public_result and open_point


# ---- PDF -------------------------------------------------------------------------------------------------


def list_document(
    town: Municipality, tasks: list[ResolutionTask], *, by: str, narrowed: list[str]
) -> PrintDocument:
    """On sheets across. `narrowed` says in words what the list was narrowed to."""
    logo, colours = town.logo_content(), TownColours.of(town.colour)
    title, today = _("Beschlusskontrolle"), timezone.localdate()
    context = {
        "municipality": town,
        "title": title,
        "groups": grouped(tasks, by),
        "narrowed": narrowed,
        "number": len(tasks),
        "overdue": sum(task.overdue for task in tasks),
        "today": today,
        "confidential": not all(is_public(task) for task in tasks),
        "has_logo": bool(logo),
        "colours": colours,
    }
    return PrintDocument(
        title=f"{title} – {town.name}",
        running_title=f"{title}, {_('Stand')} {today:%d.%m.%Y}",
        number=town.short_name,
        author=town.name,
        subject=title,
        accent=colours.ink,
        images={LOGO: logo} if logo else {},
        sections=[Section(render_to_string("print/tasks/list.html", context), "landscape")],
    )


# ---- CSV -------------------------------------------------------------------------------------------------


def list_csv(tasks: Iterable[ResolutionTask], *, readable: set[int]) -> bytes:
    """UTF-8 with a byte order mark, semicolons: as a German spreadsheet opens it by a double click.

    `readable` are the papers whose subject the reader may know.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            *(
                _("Auftrag"),
                _("Beschlusstext"),
                _("Vorlage"),
                _("Betreff"),
                _("Gremium"),
                _("beschlossen am"),
            ),
            *(_("zuständige Stelle"), _("zuständige Person"), _("Frist"), _("Stand"), _("überfällig")),
            *(_("letzter Bericht am"), _("von"), _("letzter Bericht"), _("öffentlich")),
        ]
    )
    for task in tasks:
        writer.writerow([harmless(cell) for cell in cells(task, task.paper_id in readable)])
    return (BOM + out.getvalue()).encode()


def cells(task: ResolutionTask, sees_paper: bool) -> Iterator[str]:
    stage, last = task.consultation, last_report(task)
    yield task.title
    yield plain_text(task.resolved_point.text) if task.resolved_point else ""
    yield task.paper.number
    yield task.paper.subject if sees_paper else ""
    yield stage.committee_names()
    yield f"{stage.date:%d.%m.%Y}" if stage.date else ""
    yield str(task.institution or "")
    yield str(task.person or "")
    yield f"{task.due:%d.%m.%Y}" if task.due else ""
    yield str(task.get_state_display())
    yield _("ja") if task.overdue else _("nein")
    yield f"{timezone.localtime(last.at):%d.%m.%Y}" if last else ""
    yield str(last.by) if last else ""
    yield plain_text(last.text) if last else ""
    yield _("ja") if is_public(task) else _("nein")
