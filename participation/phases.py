"""What members may do now: the phases say it, and what the staff have opened or closed out of turn."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from fuzzydates.value import Precision
from participation.models import Phase, PhaseOverride, Process, Right

__all__ = ["Opening", "Right", "is_open", "openings"]


@dataclass(frozen=True)
class Opening:
    """What holds for a right today. `until` is its last day, None where none is known or it is closed."""

    right: Right
    is_open: bool
    until: datetime.date | None = None
    phase: Phase | None = None
    override: PhaseOverride | None = None

    @property
    def sentence(self) -> str:
        """`Vorschläge einbringen, bis 30.09.2026`; the badge before it says whether it is open."""
        if not self.is_open:
            return str(self.right.label)
        if self.until is None:
            return _("%s; ein Ende steht noch nicht fest") % self.right.label
        return f"{self.right.label}, {_('bis %s') % f'{self.until:%d.%m.%Y}'}"


def is_open(process: Process, right: Right) -> bool:
    """Whether members may do it today. A phase that is only planned opens on its day as well."""
    return opening_of(right, process.phases.all(), process.overrides.all(), timezone.localdate()).is_open


def openings(process: Process, phases: Sequence[Phase] | None = None) -> list[Opening]:
    """Each right as it stands today, for the page of the process."""
    phases = list(process.phases.all()) if phases is None else phases
    overrides = list(process.overrides.select_related("phase"))
    today = timezone.localdate()
    return [opening_of(right, phases, overrides, today) for right in Right]


def opening_of(
    right: Right, phases: Iterable[Phase], overrides: Iterable[PhaseOverride], today: datetime.date
) -> Opening:
    """An override of the whole process outweighs the phases, one of a phase that phase alone; the newest
    counts. `overrides` come newest first."""
    valid = [one for one in overrides if one.right == right and one.covers(today)]
    if whole := next((one for one in valid if one.phase_id is None), None):
        return Opening(right, whole.opens, whole.last_day if whole.opens else None, None, whole)
    found = [_of_phase(right, phase, valid, today) for phase in phases]
    opened = [opening for opening in found if opening.is_open]
    if not opened:
        # What was closed out of turn is worth a word.
        return next((opening for opening in found if opening.override), Opening(right, False))
    return max(opened, key=lambda opening: opening.until or datetime.date.max)


def _of_phase(right: Right, phase: Phase, valid: list[PhaseOverride], today: datetime.date) -> Opening:
    if override := next((one for one in valid if one.phase_id == phase.pk), None):
        return Opening(right, override.opens, override.last_day if override.opens else None, phase, override)
    allowed = bool(getattr(phase, f"may_{right}")) and phase.span.covers(today)
    endless = phase.span.precision is Precision.FROM_DAY
    return Opening(right, allowed, phase.span.last if allowed and not endless else None, phase)
