"""Deleting a part with all that hangs on it, and bringing it back."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from concepts.actions.placing import has_order, last_position, lock, note, siblings
from concepts.kinds import BY_MODEL, kind_of
from concepts.models import Comment, ConceptPart, Deletion, Suggestion
from municipalities.models import User

Rows = list[dict[str, Any]]
NAMES = 8  # as many of what hangs on a part are named one by one


class Hanging:
    """What goes with a part: its rows by model, links between rows, and rows that point at one of them.

    Raises ValidationError with a sentence if something outside the concept holds the part.
    """

    def __init__(self, part: ConceptPart) -> None:
        self.part = part
        self.collector = Collector(using=DEFAULT_DB_ALIAS, origin=part)
        try:
            self.collector.collect([part])
        except (ProtectedError, RestrictedError) as error:
            held = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            raise ValidationError(_held_by(part, held)) from error
        self._refuse_what_is_outside()

    def _refuse_what_is_outside(self) -> None:
        """Other apps may tie their rows to a part; such a tie is loosened there, not torn here."""
        for rows in self.collector.fast_deletes:
            model: Any = rows.model
            if model._meta.app_label == "concepts":
                continue
            ends = [field for field in model._meta.concrete_fields if field.is_relation]
            holding = [
                getattr(row, field.name)
                for row in rows
                for field in ends
                if field.related_model._meta.app_label != "concepts"
            ]
            if holding:
                raise ValidationError(_held_by(self.part, holding))
        outside = [
            row
            for model, rows in self.collector.data.items()
            if model._meta.app_label != "concepts"
            for row in rows
        ]
        if outside:
            raise ValidationError(_held_by(self.part, outside))

    def rows(self) -> list[models.Model]:
        return [row for rows in self.collector.data.values() for row in rows]

    def others(self) -> list[models.Model]:
        """Everything but the part itself."""
        return [row for row in self.rows() if row != self.part]

    def links(self) -> list[models.Model]:
        return [row for rows in self.collector.fast_deletes for row in rows]

    def loosened(self) -> list[tuple[str, str, Any, Any]]:
        """Model, column, id and value of what stays but loses its pointer."""
        found = []
        for (field, _value), groups in self.collector.field_updates.items():
            for group in groups:
                for row in group if isinstance(group, models.QuerySet) else [group]:
                    for one in [row] if isinstance(row, models.Model) else row:
                        label = one._meta.label
                        found.append((label, field.attname, one.pk, getattr(one, field.attname)))
        return found

    def in_words(self) -> str:
        """„3 Maßnahmen, 1 Indikator“."""
        counts = Counter(type(row) for row in self.others() if type(row) not in (Comment, Suggestion))
        return ", ".join(
            f"{number} {(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)}"
            for model, number in counts.items()
        )

    def names(self) -> list[str]:
        """The parts that go along, by their titles; the rest is counted."""
        titled = [str(row) for row in self.others() if hasattr(row, "title") or hasattr(row, "text")]
        rest = len(titled) - NAMES
        return titled[:NAMES] + ([_("und %d weitere") % rest] if rest > 0 else [])


def _held_by(part: ConceptPart, rows: Iterable[Any]) -> str:
    named = ", ".join(sorted({f"{row._meta.verbose_name} „{row}“" for row in rows}))
    return _("„%(part)s“ kann nicht gelöscht werden, solange dies darauf verweist: %(rows)s.") % {
        "part": part,
        "rows": named,
    }


@transaction.atomic
def delete_part(*, part: ConceptPart, by: User | None, reason: str = "") -> Deletion:
    """Deletes the part and all that hangs on it, and keeps everything for `restore`.

    Raises ValidationError where something outside the concept holds it.
    """
    concept = part.own_concept()
    lock(concept)
    hanging = Hanging(part)
    rows = [*hanging.rows(), *hanging.links()]
    deletion = Deletion.objects.create(
        concept=concept,
        kind=kind_of(part).name,
        row_id=part.pk,
        label=str(part)[:300],
        contents=hanging.in_words()[:300],
        rows=_written(rows),
        loosened=hanging.loosened(),
        reason=reason,
        deleted_by=by,
    )
    for row in hanging.rows():
        row._history_user = by  # type: ignore[attr-defined]
        row._change_reason = reason or _("gelöscht")  # type: ignore[attr-defined]
    part.touch()
    hanging.collector.delete()
    return deletion


def _written(rows: list[models.Model]) -> Rows:
    """As plain data, parents before children; many-to-many links are rows of their own."""
    data: Rows = []
    for row in sorted(rows, key=lambda one: _rank(type(one))):
        names = [field.name for field in row._meta.concrete_fields]
        data += serializers.serialize("python", [row], fields=names)
    loaded: Rows = json.loads(json.dumps(data, default=_as_text))
    return loaded


def _as_text(value: Any) -> str:
    """Moments to the microsecond, amounts to the cent: Django's encoder would round the first."""
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else str(value)


def _rank(model: type[models.Model]) -> int:
    """The order in which rows can be made: what is pointed at comes first."""
    order = [
        "chapter", "funding", "fundingcondition", "actionfield", "goal", "measure", "measurecost",
        "indicator", "indicatorvalue", "indicatortarget", "comment", "suggestion",
    ]  # fmt: skip
    name = str(model._meta.model_name)
    return order.index(name) if name in order else len(order)


@transaction.atomic
def restore(*, deletion: Deletion, by: User) -> ConceptPart:
    """Makes everything again that went with this deletion, under its old ids.

    A place or code that is taken by now is given up for a free one. Raises ValidationError with a
    sentence if the parent is missing or the deletion was undone before.
    """
    lock(deletion.concept)
    deletion = Deletion.objects.select_for_update(of=("self",)).get(pk=deletion.pk)
    if deletion.restored_at is not None:
        raise ValidationError(_("„%s“ ist schon wiederhergestellt.") % deletion)
    rows = [one.object for one in serializers.deserialize("python", _goals_in_order(deletion.rows))]
    links = [row for row in rows if row._meta.auto_created]
    parts = [row for row in rows if not row._meta.auto_created]
    for row in parts:
        _mend(row, deletion)
        _insert(row)
    for link in links:
        _link_again(link)
    for label, column, pk, value in deletion.loosened:
        model = apps.get_model(label)
        model._default_manager.filter(**{"pk": pk, column: None}).update(**{column: value})
    for row in parts:
        if isinstance(row, ConceptPart):
            note(row, by, _("aus dem Papierkorb wiederhergestellt"))
    deletion.restored_at, deletion.restored_by = timezone.now(), by
    deletion.save(update_fields=["restored_at", "restored_by"])
    restored = next(
        row for row in parts if row.pk == deletion.row_id and row._meta.model_name == deletion.kind
    )
    assert isinstance(restored, ConceptPart)
    return restored


def _goals_in_order(rows: Rows) -> Rows:
    """Goals after the goal they stand below."""
    goals = {row["pk"]: row for row in rows if row["model"] == "concepts.goal"}
    placed: Rows = []

    def place(row: dict[str, Any]) -> None:
        if row in placed:
            return
        if (parent := goals.get(row["fields"]["parent"])) is not None:
            place(parent)
        placed.append(row)

    for row in goals.values():
        place(row)
    first = next((number for number, row in enumerate(rows) if row["model"] == "concepts.goal"), 0)
    others = [row for row in rows if row["model"] != "concepts.goal"]
    return [*others[:first], *placed, *others[first:]]


def _mend(row: Any, deletion: Deletion) -> None:
    """What a row points at may be gone by now, and its place and code may be taken."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if not field.is_relation or value is None:
            continue
        if not field.related_model._base_manager.filter(pk=value).exists():
            if not field.null or field.name == "parent":
                raise ValidationError(
                    _(
                        "„%s“ hat keinen Platz mehr: Was darüber stand, ist auch gelöscht. "
                        "Stellen Sie das zuerst wieder her."
                    )
                    % deletion
                )
            setattr(row, field.attname, None)
    if type(row) in BY_MODEL:
        _find_place(row)


def _find_place(row: Any) -> None:
    if has_order(row) and _taken(siblings(row), position=row.position):
        row.position = last_position(row)
    if getattr(row, "code", "") and _taken(_sharing_codes(row), code=row.code):
        row.code = ""
    names = {"actionfield": "title", "indicator": "title", "funding": "programme"}
    if (name := names.get(row._meta.model_name)) and _taken(
        _sharing_names(row), **{name: getattr(row, name)}
    ):
        setattr(row, name, _("%s (wiederhergestellt)") % getattr(row, name)[:170])


def _sharing_names(row: Any) -> models.QuerySet[Any]:
    """Among whom the name must be the only one."""
    where = {"concept": row.concept_id}
    if row._meta.model_name == "indicator":
        where["field"] = row.field_id
    if row._meta.model_name == "funding":
        where["grantor"] = row.grantor
    return type(row)._default_manager.filter(**where)


def _sharing_codes(row: Any) -> models.QuerySet[Any]:
    where = {"field": row.field_id} if row._meta.model_name == "goal" else {"concept": row.concept_id}
    return type(row)._default_manager.filter(**where)


def _taken(rows: models.QuerySet[Any], **values: Any) -> bool:
    return rows.filter(**values).exists()


def _insert(row: Any) -> None:
    """As it was, with its own dates; its entry in the history follows when it is complete."""
    row.skip_history_when_saving = True
    row.save_base(raw=True, force_insert=True)
    del row.skip_history_when_saving


def _link_again(link: models.Model) -> None:
    """Unless one end is gone, or the two are tied already."""
    fields: list[Any] = [field for field in link._meta.concrete_fields if field.is_relation]
    ends = {field.attname: getattr(link, field.attname) for field in fields}
    complete = all(
        field.related_model._base_manager.filter(pk=ends[field.attname]).exists() for field in fields
    )
    rows = type(link)._default_manager
    if complete and not rows.filter(**ends).exists():
        rows.create(**ends)
