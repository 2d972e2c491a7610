"""What happens around the writing: what was thrown away, and who has what open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concepts.models.concept import Concept
from municipalities.models import User
from municipalities.ownership import OwnedModel


class Deletion(OwnedModel):
    """Something that was deleted with all that hung on it, kept whole so that it can be restored.

    `rows` are the deleted rows as Django's serializer writes them, in the order in which they can be made
    again. `loosened` are the rows that stayed but pointed at one of them: model, column, id, old value.
    """

    municipality_path = "concept__municipality"
    texts_with_pictures = ("rows",)

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="deletions", verbose_name=_("Konzept"))
    kind = models.CharField(_("Art"), max_length=30)
    row_id = models.PositiveBigIntegerField(_("Nummer"))
    label = models.CharField(_("Bezeichnung"), max_length=300)
    contents = models.CharField(_("mit"), max_length=300, blank=True)
    rows = models.JSONField(_("gelöschte Zeilen"))
    loosened = models.JSONField(_("gelöste Verweise"), default=list)
    reason = models.CharField(_("Grund"), max_length=300, blank=True)
    deleted_at = models.DateTimeField(_("gelöscht am"), auto_now_add=True)
    deleted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("gelöscht von")
    )
    restored_at = models.DateTimeField(_("wiederhergestellt am"), null=True, blank=True)
    restored_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("wiederhergestellt von")
    )

    class Meta:
        verbose_name = _("Löschung")
        verbose_name_plural = _("Löschungen")
        ordering = ["-deleted_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    def touch(self) -> None:
        """The rows it keeps have moved the counter themselves."""


class Opening(OwnedModel):
    """Who has which part open in the browser, and when the browser last said so."""

    municipality_path = "concept__municipality"

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="+", verbose_name=_("Konzept"))
    kind = models.CharField(_("Art"), max_length=30)
    row_id = models.PositiveBigIntegerField(_("Nummer"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("Benutzerkonto"))
    seen_at = models.DateTimeField(_("zuletzt gesehen"))

    class Meta:
        verbose_name = _("Öffnung")
        verbose_name_plural = _("Öffnungen")
        constraints = [
            models.UniqueConstraint(fields=["concept", "kind", "row_id", "user"], name="opening_unique"),
            models.CheckConstraint(condition=~Q(kind=""), name="opening_has_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.row_id}"

    def touch(self) -> None:
        """Nothing that is kept shows it."""
