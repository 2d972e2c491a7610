"""Files that have left the house: their bytes never change."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities.guards import Guard, frozen
from municipalities.models import Municipality, User
from municipalities.ownership import OwnedModel, OwnedQuerySet


def refuse_change() -> NoReturn:
    raise ValidationError(
        _("Ausgefertigte Dateien bleiben, wie sie sind. Eine Berichtigung ist eine neue Ausfertigung.")
    )


class FrozenQuerySet(OwnedQuerySet):
    """Rows that are written once. The database refuses updates too (`FrozenModel.guards`)."""

    def update(self, **kwargs: Any) -> NoReturn:
        refuse_change()

    def delete(self) -> NoReturn:
        refuse_change()


class FrozenModel(OwnedModel):
    """A row that is written once and then stays."""

    objects: ClassVar[Any] = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), frozen(cls)]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_change()


class IssuedFile(FrozenModel):
    """The bytes of a file as it was issued, with their SHA-256 (64 hexadecimal digits)."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, verbose_name=gettext_lazy("Kommune"))
    name = models.CharField(gettext_lazy("Dateiname"), max_length=150)
    media_type = models.CharField(gettext_lazy("Art"), max_length=100, default="application/pdf")
    content = models.BinaryField(gettext_lazy("Inhalt"))
    size = models.PositiveIntegerField(gettext_lazy("Größe in Byte"))
    sha256 = models.CharField(gettext_lazy("SHA-256"), max_length=64, db_index=True)
    issued_at = models.DateTimeField(gettext_lazy("ausgefertigt am"), auto_now_add=True)
    issued_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("ausgefertigt von"),
    )

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = gettext_lazy("Ausgefertigte Datei")
        verbose_name_plural = gettext_lazy("Ausgefertigte Dateien")
        ordering = ["-issued_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="issued_file_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    def touch(self) -> None:
        """It is shown only through the version or the paper that it belongs to."""

    @classmethod
    def freeze(cls, *, municipality: Municipality, name: str, content: bytes, by: User | None) -> IssuedFile:
        return cls.objects.create(
            municipality=municipality,
            name=name,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            issued_by=by,
        )
