"""Making a paper, saving what is written in it, and throwing a draft away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.actions.signing import text_changed
from committees.models import (
    Assessment,
    PageReference,
    Paper,
    PaperAttachment,
    PaperRelation,
    PaperType,
    Section,
)
from committees.models.paper_parts import PaperPart
from committees.models.papers import check_text_is_open
from committees.permissions import may_create_paper, may_write
from concepts.actions.signing import sign
from concepts.models import Concept, ConceptVersion
from documents.models import IssuedFile
from documents.uploads import CheckedFile
from municipalities.models import Institution, Municipality, Person, User
from participation.models import Process

# Where no row of a paper stands: rows wait there while they change places.
ASIDE = 20_000


@dataclass(frozen=True)
class Row:
    """A row as it was typed; without `pk` a new one."""

    pk: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """All that a paper says, as it was typed. Texts and answers by key, pages by the field's id; an empty
    one is no row. Rows stand in their order."""

    facts: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[int, str] = field(default_factory=dict)
    points: Sequence[Row] = ()
    signatures: Sequence[Row] = ()
    attachments: Sequence[Row] = ()
    relations: Sequence[Row] = ()


@transaction.atomic
def create_paper(
    *,
    municipality: Municipality,
    by: User,
    paper_type: PaperType,
    subject: str,
    department: Institution | None = None,
    author: Person | None = None,
    concept: Concept | None = None,
    process: Process | None = None,
    related_to: Paper | None = None,
) -> Paper:
    """A draft. With `related_to` it belongs to that paper, as its type says, and is as public as that one.

    Raises PermissionDenied for who may not, ValidationError with a German sentence for what does not fit.
    """
    if bool(paper_type.relation) != (related_to is not None):
        raise ValidationError(
            _("Diese Art gehört zu einer früheren Vorlage. Bitte legen Sie sie von dort aus an.")
            if paper_type.relation
            else _("Diese Art steht für sich. Bitte wählen Sie eine, die zu einer früheren Vorlage gehört.")
        )
    paper = Paper(
        municipality=municipality,
        paper_type=paper_type,
        layout=paper_type.layout,
        subject=subject,
        department=department,
        author=author,
        contact=_contact(author, department),
        concept=concept,
        process=process,
    )
    if related_to is not None:
        paper.public, paper.non_public_reason = related_to.public, related_to.non_public_reason
    if not (may_create_paper(by, municipality.pk) and may_write(by, paper)):
        raise PermissionDenied(_("Ein Fachamt schreibt Vorlagen nur für seinen eigenen Fachbereich."))
    sign(paper, by=by)
    paper.save()
    if related_to is not None:
        relation = PaperRelation(paper=paper, kind=paper_type.relation, other=related_to)
        sign(relation, by=by)
        relation.save()
    return paper


def _contact(author: Person | None, department: Institution | None) -> str:
    """`Name / Fachbereich / Telefon`, as the forms of the towns ask for it."""
    if author is None:
        return ""
    parts = (author.name, department.name if department else "", author.phone)
    return " / ".join(part for part in parts if part)[:200]


@contextmanager
def opened_for_writing(*, pk: int, by: User) -> Iterator[Paper]:
    """Nobody else writes the paper meanwhile: what is read inside is what there is when it is saved.

    Raises PermissionDenied for who may not write, ValidationError once it is released.
    """
    with transaction.atomic():
        paper = lock_paper(pk)
        check_text_is_open(paper)
        if not may_write(by, paper):
            raise PermissionDenied
        yield paper


@transaction.atomic
def save_text(*, paper: Paper, written: Written, by: User, reason: str = "") -> None:
    """Writes only what is new or different, so that the history tells no more than what happened.

    `paper` comes from `opened_for_writing`.
    """
    check_text_is_open(paper)
    changed = [name for name, value in written.facts.items() if getattr(paper, name) != value]
    for name in changed:
        setattr(paper, name, written.facts[name])
    if changed:
        sign(paper, by=by, reason=reason)
        paper.save()
    rows: tuple[tuple[type[PaperPart], str, str, Mapping[Any, str]], ...] = (
        (Section, "key", "body", written.texts),
        (Assessment, "key", "answer", written.answers),
        (PageReference, "field_id", "pages", written.pages),
    )
    for model, key, column, values in rows:
        _write_values(model, paper, key, column, values, by)
    for manager, typed in (
        (paper.resolution_points, written.points),
        (paper.signatures, written.signatures),
        (paper.attachments, written.attachments),
        (paper.relations, written.relations),
    ):
        _write_rows(manager, paper, typed, by)
    text_changed(paper=paper, by=by)


def _write_values(
    model: Any, paper: Paper, key: str, column: str, values: Mapping[Any, str], by: User
) -> None:
    found = {getattr(row, key): row for row in model.objects.filter(paper=paper, **{f"{key}__in": values})}
    for name, value in values.items():
        row = found.get(name) or model(paper=paper, **{key: name})
        row.paper = paper
        if value == (getattr(row, column) if row.pk else ""):
            continue
        sign(row, by=by)
        if value:
            setattr(row, column, value)
            row.save()
        else:
            row.delete()


def _write_rows(manager: Any, paper: Paper, typed: Sequence[Row], by: User) -> None:
    found = {row.pk: row for row in manager.all()}
    ordered = any(field.name == "position" for field in manager.model._meta.fields)
    for row in found.values():
        row.paper = paper
    for pk in set(found) - {row.pk for row in typed}:
        sign(found[pk], by=by)
        found[pk].delete()
    if ordered:
        moved = [
            row.pk
            for place, row in enumerate(typed, start=1)
            if row.pk in found and found[row.pk].position != place
        ]
        for place, pk in enumerate(moved, start=ASIDE):
            manager.filter(pk=pk).update(position=place)
    for place, one in enumerate(typed, start=1):
        row = found.get(one.pk) or manager.model(paper=paper)
        values = {**one.values, **({"position": place} if ordered else {})}
        _write_row(row, values, by)


def _write_row(row: Any, values: Mapping[str, Any], by: User) -> None:
    links = {field.name for field in row._meta.many_to_many}
    columns = {name: value for name, value in values.items() if name not in links}
    sign(row, by=by)
    if row.pk is None or any(getattr(row, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    for name in links & values.keys():
        manager = getattr(row, name)
        if set(values[name]) != set(manager.values_list("pk", flat=True)):
            manager.set(values[name])


@transaction.atomic
def attach(
    *,
    paper: Paper,
    title: str,
    public: bool,
    by: User,
    file: CheckedFile | None = None,
    version: ConceptVersion | None = None,
) -> PaperAttachment:
    """Behind the attachments that there are: a file, a frozen version of the concept, or only a title."""
    with opened_for_writing(pk=paper.pk, by=by) as locked:
        last = locked.attachments.aggregate(last=Max("position"))["last"] or 0
        attachment = PaperAttachment(
            paper=locked, position=last + 1, title=title, public=public, concept_version=version
        )
        if file is not None:
            attachment.file = IssuedFile.freeze(
                municipality=locked.municipality,
                name=file.name,
                content=file.content,
                media_type=file.media_type,
                by=by,
            )
        sign(attachment, by=by)
        attachment.save()
        text_changed(paper=locked, by=by)
    return attachment


def hanging_on(paper: Paper) -> list[tuple[str, int]]:
    """What goes with a draft: names in the plural, and how many."""
    counted = [(str(manager.model._meta.verbose_name_plural), manager.count()) for manager in _parts(paper)]
    return [(name, number) for name, number in counted if number]


def _parts(paper: Paper) -> Iterator[Any]:
    """The rows of a paper, kind by kind."""
    for relation in paper._meta.related_objects:
        model: Any = relation.related_model
        if issubclass(model, PaperPart) and relation.field.name == "paper":
            yield model._base_manager.filter(paper=paper)


@transaction.atomic
def delete_draft(*, paper: Paper, by: User) -> None:
    """The history keeps what it said. Raises ValidationError with a sentence for what cannot be deleted."""
    with opened_for_writing(pk=paper.pk, by=by) as locked:
        if locked.state != Paper.State.DRAFT:
            raise ValidationError(
                _(
                    "Diese Vorlage ist in Mitzeichnung. Bitte ziehen Sie sie zuerst zurück; dann lässt sie "
                    "sich löschen."
                )
            )
        if locked.signing_rounds.exists():
            raise ValidationError(
                _(
                    "Diese Vorlage war schon in Mitzeichnung. Was gezeichnet wurde, bleibt festgehalten; "
                    "deshalb lässt sie sich nicht mehr löschen."
                )
            )
        if locked.number and locked.history.filter(state=Paper.State.RELEASED).exists():
            raise ValidationError(
                _(
                    "Diese Vorlage war schon freigegeben und hat die Nummer %s. Damit keine Nummer fehlt, "
                    "lässt sie sich nicht mehr löschen."
                )
                % locked.number
            )
        pointing = PaperRelation.objects.filter(other=locked).select_related("paper").first()
        if pointing is not None:
            raise ValidationError(
                _("Die Vorlage „%s“ bezieht sich auf diese. Bitte lösen Sie dort zuerst den Bezug.")
                % pointing.paper
            )
        try:
            for rows in _parts(locked):
                for row in rows:
                    row.paper = locked
                    sign(row, by=by)
                    row.delete()
            sign(locked, by=by)
            locked.delete()
        except ProtectedError as error:
            held = ", ".join(sorted({str(row._meta.verbose_name) for row in error.protected_objects}))
            raise ValidationError(
                _("Diese Vorlage lässt sich nicht löschen, weil anderes davon abhängt: %s.") % held
            ) from error
