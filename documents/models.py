"""Files that have left the house, whose bytes never change, and the pictures of texts."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.pictures import PreparedPicture
from documents.pictures_in_texts import stands_before
from municipalities.guards import Guard, frozen
from municipalities.models import Municipality, Role, User
from municipalities.ownership import OwnedModel, OwnedQuerySet

LONGEST_NAME = 150


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
    name = models.CharField(gettext_lazy("Dateiname"), max_length=LONGEST_NAME)
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
    def freeze(
        cls,
        *,
        municipality: Municipality,
        name: str,
        content: bytes,
        by: User | None,
        media_type: str = "application/pdf",
    ) -> IssuedFile:
        return cls.objects.create(
            municipality=municipality,
            name=name,
            media_type=media_type,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            issued_by=by,
        )


def when_issued(model: Any, *names: str, of: str = "pk") -> list[Subquery]:
    """What these columns of a model with history said when a file was issued, of the row that `of` leads to.
    For rows that are looked at below those with a `file`, as in `Exists`."""
    issued_at = OuterRef(OuterRef("file__issued_at"))
    entries = model.history.filter(id=OuterRef(of), history_date__lte=issued_at)
    newest = entries.order_by("-history_date", "-history_id")
    return [Subquery(newest.values(name)[:1]) for name in names]


class PictureQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> PictureQuerySet:
        """For whoever may read a text in which it stands, for who has uploaded it, and for the
        Fachadministration, which takes pictures away.

        The texts are searched for each picture: ask it of the few that are wanted."""
        if not user.is_authenticated:
            return self.none()
        access = user.access
        own = Q(uploaded_by=user, municipality__in=access.municipality_ids)
        keepers = Q(municipality__in=access.towns_with(Role.Kind.ADMINISTRATION))
        others = self.exclude(own | keepers).order_by().values_list("pk", "municipality")
        seen = [pk for pk, town in others if stands_before(user, pk, town)]
        return self.filter(own | keepers | Q(pk__in=seen))


class Picture(OwnedModel):
    """A picture that stands in texts of its municipality. What it shows is said in each text (`alt`)."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, verbose_name=gettext_lazy("Kommune"))
    name = models.CharField(gettext_lazy("Dateiname"), max_length=LONGEST_NAME)
    media_type = models.CharField(gettext_lazy("Art"), max_length=20)
    content = models.BinaryField(gettext_lazy("Inhalt"))
    width = models.PositiveIntegerField(gettext_lazy("Breite in Bildpunkten"))
    height = models.PositiveIntegerField(gettext_lazy("Höhe in Bildpunkten"))
    sha256 = models.CharField(gettext_lazy("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(gettext_lazy("hochgeladen am"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("hochgeladen von"),
    )

    objects: ClassVar[Any] = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("Bild")
        verbose_name_plural = gettext_lazy("Bilder")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "sha256"], name="picture_once_per_town"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:picture", args=[self.pk])

    def touch(self) -> None:
        """No page changes by a picture: the text does in which it stands."""

    @classmethod
    def keep(
        cls, picture: PreparedPicture, *, municipality: Municipality, name: str, by: User | None
    ) -> Picture:
        """The same picture uploaded again is the one that there is; who has uploaded it last sees it."""
        kept, is_new = cls.objects.get_or_create(
            municipality=municipality,
            sha256=hashlib.sha256(picture.content).hexdigest(),
            defaults={
                "name": name[-LONGEST_NAME:],
                "media_type": picture.media_type,
                "content": picture.content,
                "width": picture.width,
                "height": picture.height,
                "uploaded_by": by,
            },
        )
        if not is_new and by is not None and kept.uploaded_by_id != by.pk:
            kept.uploaded_by = by
            kept.save(update_fields=["uploaded_by"])
        return kept
