"""Every object belongs to exactly one municipality. How it does is written here once."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from municipalities.choices import CheckedModel
from municipalities.guards import Guard, one_owner

FOREIGN_TOWN = "foreign_town"


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows that belong to municipalities.

    `visible_to` here shows everything to those who work in the municipality or sit in one of its
    bodies; models with drafts or non-public rows narrow it.
    """

    def in_town(self, municipality: models.Model) -> Self:
        return self.filter(**{self.model.municipality_path: municipality})

    def in_towns_of(self, user: Any) -> Self:
        return self.filter(**{f"{self.model.municipality_path}__in": user.access.municipality_ids})

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.in_towns_of(user)

    def texts_visible_to(self, user: Any) -> Self:
        """The rows whose rich text the user may read. A model narrows it whose rows are known to more."""
        return self.visible_to(user)


class ChangeCounter(models.Model):
    """Counts the changes of something large; the key of everything that is kept about it.

    A subclass has the thing itself as its primary key.
    """

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def bump(cls, pk: int) -> None:
        rows = cls._default_manager
        if not rows.filter(pk=pk).update(number=models.F("number") + 1):
            rows.get_or_create(pk=pk, defaults={"number": 1})


class OwnedModel(CheckedModel):
    """A row that belongs to one municipality, directly or through its parents.

    `municipality_path` is the lookup that leads there. `save` refuses to tie rows of two
    municipalities together, and so does the database: foreign keys alone can't say that.
    """

    municipality_path: ClassVar[str] = "municipality"
    texts_with_pictures: ClassVar[tuple[str, ...]] = ()
    """Columns with rich text, or with JSON that has it inside, that are no `RichTextField`."""

    objects: ClassVar[Any] = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def guards(cls) -> list[Guard]:
        """What the database keeps by triggers. A model with more to keep adds it."""
        return list(one_owner(cls, "municipality_path"))

    def owner_id(self) -> int | None:
        """The municipality's id; None while a parent is missing."""
        row: Any = self
        *parents, last = self.municipality_path.split("__")
        for name in parents:
            # A parent typed in the same form has no id yet, but knows its own municipality.
            if getattr(row, f"{name}_id") is None and not row._meta.get_field(name).is_cached(row):
                return None
            row = getattr(row, name)
            if row is None:
                return None
        return getattr(row, f"{last}_id")

    def as_stored(self, lookup: str) -> Any:
        """What the database has for this row; None for a new one."""
        if self._state.adding:
            return None
        return type(self)._base_manager.filter(pk=self.pk).values_list(lookup, flat=True).first()

    def check_same_municipality(self) -> None:
        """Raise ValidationError where a row would move to another municipality."""
        if self.as_stored(self.municipality_path) not in (None, self.owner_id()):
            start = self.municipality_path.split("__", maxsplit=1)[0]
            sentence = _("Ein Eintrag bleibt in seiner Kommune. Legen Sie ihn in der anderen neu an.")
            raise ValidationError({start: ValidationError(sentence, code=FOREIGN_TOWN)})

    def check_one_municipality(self) -> None:
        """Raise ValidationError where a foreign key leads into another municipality."""
        own = self.owner_id()
        path_start = self.municipality_path.split("__", maxsplit=1)[0]
        for field in self._meta.concrete_fields:
            model = field.related_model
            if field.name == path_start or not isinstance(model, type) or not issubclass(model, OwnedModel):
                continue
            other = getattr(self, field.name) if getattr(self, field.attname) is not None else None
            if other is not None and other.owner_id() != own:
                raise ValidationError(
                    {
                        field.name: ValidationError(
                            _("„%s“ gehört zu einer anderen Kommune.") % other, code=FOREIGN_TOWN
                        )
                    }
                )

    def clean(self) -> None:
        super().clean()
        self.check_same_municipality()
        self.check_one_municipality()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_one_municipality()
        super().save(*args, **kwargs)
        self.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.touch()
        return super().delete(*args, **kwargs)

    def touch(self) -> None:
        """Note that this changed, so that what is kept of it is made anew.

        Rows of something with a counter of its own (a concept, a paper) move that one instead of the town's.
        """
        owner = self.owner_id()
        if owner is not None:
            apps.get_model("municipalities", "MunicipalityRevision").bump(owner)
