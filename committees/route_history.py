"""What was changed in a route for a stated reason, in words: who, when, what and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from committees.grammar import enumerated
from committees.models import Consultation, Paper

TOGETHER = datetime.timedelta(seconds=5)
"""A stage and the committees that sit with it are two entries of one click."""
WORDS = ("committee", "meeting", "role", "meaning", "treatment", "result", "outcome", "result_note")


@dataclass(frozen=True)
class RouteChange:
    at: datetime.datetime
    who: str
    stage: str
    what: list[str]
    reason: str


def changes_of(paper: Paper) -> list[RouteChange]:
    """The newest first. Entries without a reason were made while the route was only planned."""
    entries = (
        Consultation.history.filter(paper_id=paper.pk)
        .select_related("history_user", "committee", "meeting")
        .order_by("id", "history_date", "history_id")
    )
    joint = _joint(paper)
    for entry in entries:
        entry.joint = sorted(joint.get(entry.history_id, ()))
    found: list[RouteChange] = []
    for _id, rows in groupby(entries, key=lambda entry: entry.id):
        before: Any = None
        for after in _steps(list(rows)):
            if after.history_change_reason:
                found.append(_change(before, after, paper))
            before = after
    return sorted(found, key=lambda change: change.at, reverse=True)


def _joint(paper: Paper) -> dict[int, list[str]]:
    """The names of the committees that sat together, by entry."""
    links: Any = Consultation.history.model.joint_committees.model
    found: dict[int, list[str]] = {}
    rows = links.objects.filter(history__paper_id=paper.pk)
    for entry, name in rows.values_list("history_id", "committee__name"):
        found.setdefault(entry, []).append(name)
    return found


def _steps(entries: list[Any]) -> Iterator[Any]:
    """The last entry of each click; a new stage stays new."""
    for number, entry in enumerate(entries):
        following = entries[number + 1] if number + 1 < len(entries) else None
        if following is not None and _same_click(entry, following):
            if entry.history_type == "+":
                following.history_type = "+"
            continue
        yield entry


def _same_click(entry: Any, following: Any) -> bool:
    return (
        following.history_user_id == entry.history_user_id
        and following.history_change_reason == entry.history_change_reason
        and following.history_date - entry.history_date < TOGETHER
        and following.position == entry.position
    )


def _change(before: Any, after: Any, paper: Paper) -> RouteChange:
    return RouteChange(
        at=after.history_date,
        who=str(after.history_user or _("nicht bekannt")),
        stage=_names(after) or paper.municipality.head_title,
        what=list(_differences(before, after)) or [_("Ohne Änderung gespeichert.")],
        reason=after.history_change_reason,
    )


def _differences(before: Any, after: Any) -> Iterator[str]:
    if before is None or after.history_type == "+":
        yield _("Als %d. Stufe aufgenommen.") % after.position
        return
    if after.history_type == "-":
        yield _("Gelöscht.")
        return
    changed = list(_field_differences(before, after))
    yield from changed
    # A neighbour that only made room has no entry of its own, so the number alone tells nothing.
    if not changed and before.position != after.position:
        yield _("An die %d. Stelle gesetzt.") % after.position


def _field_differences(before: Any, after: Any) -> Iterator[str]:
    if after.left_out and not before.left_out:
        yield _("Gestrichen.")
    elif before.left_out and not after.left_out:
        yield _("Wieder aufgenommen.")
    for name in WORDS:
        old, new = _word(before, name), _word(after, name)
        if old != new:
            yield _("%(field)s: bisher %(old)s, jetzt %(new)s.") % {
                "field": Consultation._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                "old": old,
                "new": new,
            }
    if _names(before) != _names(after) and before.committee_id == after.committee_id:
        yield _("Gremien: bisher %(old)s, jetzt %(new)s.") % {"old": _names(before), "new": _names(after)}
    same_result = (before.result, before.outcome) == (after.result, after.outcome)
    if same_result and before.recorded_at and before.recorded_at != after.recorded_at:
        yield _("Ergebnis berichtigt.")
    if before.own_wording != after.own_wording:
        yield (_("Eigener Wortlaut geändert.") if after.own_wording else _("Eigener Wortlaut entfernt."))


def _word(entry: Any, name: str) -> str:
    match name:
        case "committee":
            return _("„%s“") % entry.committee if entry.committee_id else _("keines")
        case "meeting":
            return f"{entry.meeting.date:%d.%m.%Y}" if entry.meeting_id else _("Termin noch offen")
        case "meaning" | "treatment" | "outcome":
            shown = getattr(entry, f"get_{name}_display")()
            return f"„{shown}“" if getattr(entry, name) else _("keine Angabe")
        case _:
            value = getattr(entry, name)
            return f"„{value}“" if value else _("keine Angabe")


def _names(entry: Any) -> str:
    return enumerated([str(entry.committee), *entry.joint]) if entry.committee_id else ""
