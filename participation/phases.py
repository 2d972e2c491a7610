"""What members may do now: the phases say it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.models import Process


class Right(models.TextChoices):
    """Something a phase opens and closes."""

    PROPOSE = "propose", _("Vorschläge einbringen")
    COMMENT = "comment", _("Vorschläge kommentieren und unterstützen")
    RANK = "rank", _("Rangfolgen bilden")


def is_open(process: Process, right: Right) -> bool:
    """Whether a phase that covers today allows it. A phase that is only planned opens on its day as well."""
    today = timezone.localdate()
    return any(getattr(phase, f"may_{right}") and phase.span.covers(today) for phase in process.phases.all())
