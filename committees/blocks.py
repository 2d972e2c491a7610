"""The kinds of blocks a layout is made of, and the options each takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.options import Choice, Flag, Number, Option, OptionError, Rows, Slug, Text, check_fields
from concepts.models import ActionField


class BlockKind(models.TextChoices):
    HEAD = "head", gettext_lazy("Kopf")
    PURPOSE_BOXES = "purpose_boxes", gettext_lazy("Kästchen für den Zweck")
    VISIBILITY_BOXES = "visibility_boxes", gettext_lazy("Kästchen für die Öffentlichkeit")
    ROUTE_TABLE = "route_table", gettext_lazy("Beratungsfolge")
    STAGE = "stage", gettext_lazy("diese Beratung")
    SUBJECT = "subject", gettext_lazy("Betreff")
    RESOLUTION = "resolution", gettext_lazy("Beschlussvorschlag")
    ASSESSMENT = "assessment", gettext_lazy("Auswirkungen")
    QUESTIONNAIRE = "questionnaire", gettext_lazy("Fragebogen")
    SECTION = "section", gettext_lazy("Textabschnitt")
    POINT_REASONS = "point_reasons", gettext_lazy("Begründung der Punkte")
    TIMELINE = "timeline", gettext_lazy("Zeitleiste der Beteiligung")
    PARTICIPATION_BALANCE = "participation_balance", gettext_lazy("Beteiligungsbilanz")
    CONCEPT_EXTRACT = "concept_extract", gettext_lazy("Auszug aus dem Konzept")
    EARLIER_RESULTS = "earlier_results", gettext_lazy("bisherige Ergebnisse")
    AMENDMENTS = "amendments", gettext_lazy("Änderungen der Gremien")
    SIGNATURES = "signatures", gettext_lazy("Unterschriften")
    ATTACHMENTS = "attachments", gettext_lazy("Anlagen")
    COMPONENTS = "components", gettext_lazy("Bestandteile der Vorlage")
    BODY_START = "body_start", gettext_lazy("neue Seite")


class BlockError(ValueError):
    """The options of a block, or the order of blocks, make no sense. The message is a German sentence."""


# What these print differs from stage to stage. They stand before the page break, so that what follows it
# is the same for all stages and is laid out once.
STAGE_KINDS = frozenset(
    {
        BlockKind.ROUTE_TABLE,
        BlockKind.STAGE,
        BlockKind.RESOLUTION,
        BlockKind.EARLIER_RESULTS,
        BlockKind.AMENDMENTS,
    }
)

PAPER_FIELDS = (
    "number",
    "type",
    "date",
    "department",
    "department_sign",
    "author",
    "contact",
    "file_number",
    "visibility",
    "head_title",
    "municipality",
    "concept",
)
STAGE_FIELDS = ("committee", "date", "top", "role", "treatment", "place")
ROUTE_COLUMNS = ("committee", "date", "top", "role", "treatment", "result")
ANSWERS = ("yes", "no", "open")


def _paper_fields(*, required: bool = False) -> Rows:
    return Rows(
        {
            "field": Choice(PAPER_FIELDS, required=True),
            "label": Text(80),
            "short_date": Flag(),
            "strong": Flag(),
        },
        required=required,
    )


def _answers() -> Rows:
    return Rows(
        {"answer": Choice(ANSWERS, required=True), "label": Text(60, required=True)},
        required=True,
        unique="answer",
    )


def _questions(*, required: bool) -> Rows:
    return Rows(
        {"key": Slug(required=True), "label": Text(120, required=True)}, required=required, unique="key"
    )


OPTIONS: dict[BlockKind, dict[str, Option]] = {
    BlockKind.HEAD: {
        "letterhead": Rows({"field": Choice(("municipality", "head_title"), required=True)}),
        "logo": Flag(),
        "number": Text(60),  # "Vorlage Nr.", large, opposite the letterhead
        "fields": _paper_fields(),
        "columns": Number(1, 4),
        "labels": Choice(("beside", "above", "below")),
    },
    BlockKind.PURPOSE_BOXES: {
        "boxes": Rows(
            {
                "purpose": Choice(("decision", "election", "information"), required=True),
                "label": Text(60, required=True),
            },
            required=True,
            unique="purpose",
        ),
        "before": _paper_fields(),
        "after": _paper_fields(),
    },
    BlockKind.VISIBILITY_BOXES: {
        "boxes": Rows(
            {"visibility": Choice(("public", "non_public"), required=True), "label": Text(60, required=True)},
            required=True,
            unique="visibility",
        ),
        "before": _paper_fields(),
        "after": _paper_fields(),
    },
    BlockKind.ROUTE_TABLE: {
        "columns": Rows(
            {
                "column": Choice(ROUTE_COLUMNS, required=True),
                "label": Text(60, required=True),
                "width": Number(5, 80),
                "genitive": Flag(),
            },
            required=True,
            unique="column",
        ),
    },
    BlockKind.STAGE: {
        "fields": Rows(
            {"field": Choice(STAGE_FIELDS, required=True), "label": Text(60)}, required=True, unique="field"
        ),
        "style": Choice(("band", "line")),
    },
    BlockKind.SUBJECT: {"repeated": Flag()},
    BlockKind.RESOLUTION: {"framed": Flag()},
    BlockKind.ASSESSMENT: {"rows": _questions(required=True), "answers": _answers()},
    BlockKind.QUESTIONNAIRE: {
        "answers": _answers(),
        "brackets": Flag(),
        "entries": Rows(
            {
                "key": Slug(required=True),
                "letter": Text(4),
                "label": Text(200),
                "hint": Text(400),
                "field": Choice(PAPER_FIELDS),
                "questions": _questions(required=False),
                "note": Text(100),
                "note_hint": Text(300),
            },
            required=True,
            unique="key",
        ),
    },
    BlockKind.SECTION: {"framed": Flag()},
    BlockKind.POINT_REASONS: {"label": Text(60, required=True, placeholder="{nummer}")},
    BlockKind.TIMELINE: {"event_label": Text(60, required=True), "date_label": Text(60, required=True)},
    BlockKind.PARTICIPATION_BALANCE: {},
    # With none of the three it is a list of names, with the pages where the attached concept has them.
    BlockKind.CONCEPT_EXTRACT: {
        "kind": Choice(tuple(ActionField.Kind.values)),
        "goals": Flag(),
        "measures": Flag(),
        "indicators": Flag(),
    },
    BlockKind.EARLIER_RESULTS: {},
    BlockKind.AMENDMENTS: {},
    BlockKind.SIGNATURES: {
        "lead": Text(60),
        "columns": Number(1, 3),
    },
    BlockKind.ATTACHMENTS: {"inline": Flag(), "when_empty": Text(60)},
    BlockKind.COMPONENTS: {"items": Rows({"text": Text(200, required=True)}, required=True)},
    BlockKind.BODY_START: {},
}


def check_options(kind: BlockKind, options: Any) -> None:
    """Raises BlockError with a German sentence where the options do not fit the kind."""
    if not isinstance(options, dict):
        raise BlockError(_("Die Einstellungen müssen aus Namen und Werten bestehen."))
    try:
        check_fields(OPTIONS[kind], options)
    except OptionError as error:
        raise BlockError(str(error)) from error
    if kind is BlockKind.ROUTE_TABLE and "committee" not in [row["column"] for row in options["columns"]]:
        raise BlockError(_("Die Beratungsfolge braucht eine Spalte für das Gremium (committee)."))
    if kind is BlockKind.QUESTIONNAIRE:
        keys = [question["key"] for entry in options["entries"] for question in entry.get("questions", ())]
        for key in keys:
            if keys.count(key) > 1:
                raise BlockError(_("Die Frage „%s“ kommt im Fragebogen mehrfach vor.") % key)


def check_order(kinds: Iterable[tuple[BlockKind, Mapping[str, Any]]]) -> None:
    """Raises BlockError where blocks stand in an order that cannot be printed."""
    subjects = 0
    body_started = False
    for kind, options in kinds:
        if kind is BlockKind.BODY_START:
            if body_started:
                raise BlockError(_("Der Baustein „neue Seite“ darf nur einmal vorkommen."))
            body_started = True
        elif body_started and kind in STAGE_KINDS:
            raise BlockError(
                _("Der Baustein „%s“ ist je Beratung anders und muss deshalb vor der neuen Seite stehen.")
                % kind.label
            )
        elif kind is BlockKind.SUBJECT and not options.get("repeated"):
            subjects += 1
    if subjects != 1:
        raise BlockError(_("Ein Layout braucht genau einen Betreff; weitere sind Wiederholungen (repeated)."))
