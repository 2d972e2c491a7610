"""Mails about tasks: to those who have one now, and to those whose deadline comes or has passed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.models import Deputyship, ResolutionTask
from committees.openness import lasting_name
from committees.task_lists import is_public
from municipalities.models import Municipality, Role, User
from outbox.actions import Naming, post
from outbox.models import Wording

SOON = datetime.timedelta(days=14)
"""So long before its deadline somebody is reminded for the first time."""
AGAIN = datetime.timedelta(days=28)
"""So often as long as it is overdue."""


@dataclass(frozen=True)
class Told:
    """A task in a mail. `forwarded`: it is told to the council service because nobody responsible has a
    login. `named`: by what is to be done, which may tell what was resolved."""

    task: ResolutionTask
    forwarded: bool
    named: bool = False

    @property
    def address(self) -> str:
        return settings.PORTAL_URL + self.task.get_absolute_url()

    def __str__(self) -> str:
        if self.named:
            return self.task.title
        paper = lasting_name(self.task.paper)
        return _("Auftrag aus der Vorlage „%s“") % paper if paper else _("Auftrag aus einer Vorlage")


def responsible_users(task: ResolutionTask) -> list[User]:
    """The person, or who stands in while they are away; else the office's people who hold a role in the
    town."""
    found: list[User] = []
    if task.person is not None:
        absent = Deputyship.objects.of_absent().filter(person=task.person).select_related("deputy__user")
        persons = [deputyship.deputy for deputyship in absent] or [task.person]
        found = [person.user for person in persons if person.user is not None and person.user.is_active]
    if not found and task.institution_id is not None:
        found = _with_role(task.paper.municipality, persons__institution=task.institution_id)
    return found


def council_service(town: Municipality) -> list[User]:
    return _with_role(town, roles__kind=Role.Kind.COUNCIL_SERVICE) or _with_role(
        town, roles__kind=Role.Kind.ADMINISTRATION
    )


def _with_role(town: Municipality, **which: object) -> list[User]:
    users = User.objects.filter(roles__municipality=town, is_active=True, **which)
    return list(users.distinct().order_by("pk"))


def tell_new(tasks: Iterable[ResolutionTask]) -> None:
    """One mail to each of those responsible, however many tasks they get at once."""
    for (user, _town), own in _by_recipient(tasks).items():
        first = own[0].task
        subject = ngettext("Neuer Auftrag: %s", "Neue Aufträge: %s und andere", len(own))
        _mail(f"tasks-new-{first.pk}-{first.history.count()}-{user.pk}", user, subject, new=own)


@transaction.atomic
def remind(day: datetime.date | None = None) -> int:
    """Two weeks before the deadline, on the day after it, and then every four weeks; how many people were
    told, each in one mail. Can run as often as one likes."""
    day = day or timezone.localdate()
    tasks = (
        ResolutionTask.objects.still_open()
        .filter(due__lte=day + SOON)
        .filter(Q(reminded_at=None) | Q(reminded_at__date__lt=day))
        .select_related(
            *("paper__municipality", "person__user", "institution", "consultation__committee"),
            *("consultation__agenda_item", "resolved_point__point"),
        )
        .order_by("due", "pk")
    )
    due = [task for task in tasks if _is_due(task, day)]
    by_recipient = _by_recipient(due)
    for (user, town), own in by_recipient.items():
        late = [told for told in own if told.task.due and told.task.due < day]
        soon = [told for told in own if told not in late]
        subject = (
            ngettext("Überfälliger Auftrag: %s", "Überfällige Aufträge: %s und andere", len(late))
            if late
            else ngettext("Bald fällig: %s", "Bald fällig: %s und andere", len(soon))
        )
        _mail(f"tasks-due-{day:%Y%m%d}-{town.pk}-{user.pk}", user, subject, late=late, soon=soon)
    # No entry in the history: nothing about the task has changed.
    ResolutionTask.objects.filter(pk__in=[task.pk for task in due]).update(reminded_at=_at(day))
    return len(by_recipient)


def _at(day: datetime.date) -> datetime.datetime:
    """Now; noon of the day where another day than today is asked for."""
    now = timezone.localtime()
    if day == now.date():
        return now
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _is_due(task: ResolutionTask, day: datetime.date) -> bool:
    assert task.due is not None
    if task.reminded_at is None:
        return True
    last = timezone.localtime(task.reminded_at).date()
    if day <= task.due:  # somebody may have put the deadline off since
        return last < task.due - SOON
    return last <= task.due or last <= day - AGAIN


def _by_recipient(tasks: Iterable[ResolutionTask]) -> dict[tuple[User, Municipality], list[Told]]:
    found: dict[tuple[User, Municipality], list[Told]] = defaultdict(list)
    for task in tasks:
        town = task.paper.municipality
        responsible = responsible_users(task)
        for user in responsible or council_service(town):
            found[user, town].append(Told(task, forwarded=not responsible))
    return found


def _mail(key: str, user: User, subject: str, **groups: list[Told]) -> None:
    """`subject` has a place for the first task. The mail names what is for everybody, and as long as it is:
    others may see it over a shoulder."""
    filled = {name: rows for name, rows in groups.items() if rows}
    tasks = [told.task for rows in filled.values() for told in rows]
    public = [task for task in tasks if is_public(task)]

    def wording(named: Collection[ResolutionTask]) -> Wording:
        shown = {
            name: [replace(told, named=told.task in named) for told in rows] for name, rows in filled.items()
        }
        first = next(iter(shown.values()))[0]
        context = {"user": user, "groups": shown.items(), "town": first.task.paper.municipality}
        text = render_to_string("committees/tasks/mails/tasks.txt", context)
        return Wording(subject % first, text)

    lasting = wording([])
    naming = Naming(public, wording(public)) if public else None
    post(key=key, to=user.email, subject=lasting.subject, text=lasting.text, naming=naming)
