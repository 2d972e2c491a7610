"""What each kind of block says: plain values for its template, or None where it prints nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from committees.blocks import BlockKind
from committees.layout_files import BlockData
from committees.models import Assessment, Consultation, Paper
from committees.printing.amended import amended_rows, printed_points
from committees.printing.contents import PaperContents
from committees.printing.withheld import public_ballot_lines
from committees.printing.wording import proposal_for
from committees.results_in_words import ballot_lines, result_of
from participation.balance import balance_of
from participation.models import Event

# Stands in the row of the stage that a PDF is printed for, and nowhere else: not by colour alone.
OWN_ROW = "▸ diese Beratung"
MISSING = "–"
NO_MEETING = "Termin noch offen"
NO_AGENDA_ITEM = "noch offen"
LEFT_OUT = "entfällt"
UNANSWERED = "ohne Angabe"
TICKED, UNTICKED = "☒", "☐"

# Where the town has no word for what a committee does with the paper.
ROLE_WORDS = {
    Consultation.Meaning.ADVISE: "Vorberatung",
    Consultation.Meaning.DECIDE: "Entscheidung",
    Consultation.Meaning.NOTE: "Kenntnisnahme",
    Consultation.Meaning.HEAR: "Anhörung",
    Consultation.Meaning.RELEASE: "Freigabe",
}

Context = dict[str, Any]


def context_of(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    context = CONTEXTS[block.kind](block, contents, stage)
    return None if context is None else {"title": block.title, **context}


def german_date(date: datetime.date | None, *, short: bool = False) -> str:
    if date is None:
        return MISSING
    return f"{date:%d.%m.%y}" if short else f"{date:%d.%m.%Y}"


def stage_date(stage: Consultation) -> str:
    if stage.left_out:
        return LEFT_OUT
    if stage.meeting is None:
        return NO_MEETING
    date = german_date(stage.meeting.date)
    return _("%s (abgesagt)") % date if stage.meeting.cancelled else date


def stage_role(stage: Consultation) -> str:
    """The town's own word; where it has none, ours for what the committee does."""
    return stage.role or (ROLE_WORDS[Consultation.Meaning(stage.meaning)] if stage.meaning else "")


def treatment(stage: Consultation) -> str:
    return str(stage.get_treatment_display()) if stage.treatment else ""


def paper_value(paper: Paper, name: str, *, short_date: bool = False) -> str:
    match name:
        case "type":
            return paper.paper_type.name
        case "date":
            return german_date(paper.date, short=short_date)
        case "department_sign":
            return paper.department.sign if paper.department else ""
        case "visibility":
            return _("öffentlich") if paper.public else _("nichtöffentlich")
        case "head_title":
            return paper.municipality.head_title
        case "municipality":
            return paper.municipality.name
        case _:
            return str(getattr(paper, name) or "")


def _fields(paper: Paper, rows: Sequence[Mapping[str, Any]]) -> list[Context]:
    fields = []
    for row in rows:
        label = row.get("label", "")
        value = paper_value(paper, row["field"], short_date=row.get("short_date", False))
        fields.append(
            {
                "label": label,
                "value": said_once(label, value) or MISSING,
                "strong": row.get("strong", False),
            }
        )
    return fields


def said_once(label: str, value: str) -> str:
    """`Federführender Fachbereich` and `Fachbereich Soziales` are read as one: its word stands once."""
    first, _space, rest = value.partition(" ")
    return rest if rest and label.rstrip(":").split()[-1:] == [first] else value


def _columns(rows: list[Context], count: int) -> list[list[Context]]:
    """The rows one column after the other, so that they are read in their order."""
    height = -(-len(rows) // count)
    return [rows[start : start + height] for start in range(0, len(rows), height)] if rows else []


def _head(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    options, paper = block.options, contents.paper
    fields = _fields(paper, options.get("fields", ()))
    columns = options.get("columns", 1)
    labels = options.get("labels", "beside")
    return {
        "letterhead": [paper_value(paper, row["field"]) for row in options.get("letterhead", ())],
        "logo": options.get("logo", False) and bool(contents.logo),
        "logo_text": _("Logo: %s") % paper.municipality.name,
        "number_label": options.get("number", ""),
        "number": paper.number or MISSING,
        "labels": labels,
        "columns": columns,
        "fields": fields,
        "field_columns": _columns(fields, columns) if labels == "beside" else [],
    }


def _boxes(block: BlockData, contents: PaperContents, ticked: Callable[[Mapping[str, Any]], bool]) -> Context:
    return {
        "before": _fields(contents.paper, block.options.get("before", ())),
        "after": _fields(contents.paper, block.options.get("after", ())),
        "boxes": [
            {"label": box["label"], "box": TICKED if ticked(box) else UNTICKED}
            for box in block.options["boxes"]
        ],
    }


def _purpose(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    return _boxes(block, contents, lambda box: getattr(contents.paper, f"for_{box['purpose']}"))


def _visibility(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    return _boxes(block, contents, lambda box: (box["visibility"] == "public") == contents.paper.public)


def _subject(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    return {"subject": contents.paper.subject, "repeated": block.options.get("repeated", False)}


# ---- the route ----


def _cell(row: Consultation, column: Mapping[str, Any]) -> str:
    match column["column"]:
        case "committee" if column.get("genitive") and row.committee:
            return " und ".join(committee.genitive_name for committee in row.committees())
        case "committee":
            return row.committee_names()
        case "date":
            return stage_date(row)
        case "top":
            return row.agenda_item.number if row.agenda_item else ""
        case "role":
            return stage_role(row)
        case "treatment":
            return treatment(row)
        case _:
            return row.result


def _route(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    columns = block.options["columns"]
    rows = [
        {
            "own": row.pk == stage.pk,
            "marker": OWN_ROW,
            "left_out": row.left_out,
            "reason": row.left_out_reason,
            "cells": [
                {"text": _cell(row, column), "head": column["column"] == "committee"} for column in columns
            ],
        }
        for row in contents.route
    ]
    return {"columns": columns, "rows": rows}


def _stage(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    values = {
        "committee": stage.committee_names(),
        "date": stage_date(stage),
        "top": stage.agenda_item.number if stage.agenda_item else NO_AGENDA_ITEM,
        "role": stage_role(stage),
        "treatment": treatment(stage),
        "place": stage.meeting.place if stage.meeting else "",
    }
    fields = [
        {"label": row.get("label", ""), "value": values[row["field"]], "field": row["field"]}
        for row in block.options["fields"]
        if values[row["field"]]
    ]
    return {"fields": fields, "style": block.options.get("style", "band")}


def _earlier(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    lines_of = public_ballot_lines if contents.public_only else ballot_lines
    rows = [
        {
            "committee": row.committee_names(),
            "date": stage_date(row),
            "result": result_of(row),
            "note": row.result_note,
            "votes": lines_of(row),
        }
        for row in contents.route
        if row.position < stage.position and not row.left_out and (row.is_over or lines_of(row))
    ]
    return {"rows": rows, "with_votes": any(row["votes"] for row in rows)} if rows else None


def _resolution(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    points = printed_points(contents, stage)
    proposal = proposal_for(stage, contents.route, contents.paper, points)
    return {"proposal": proposal, "numbered": len(proposal.points) > 1}


def _amendments(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    rows = amended_rows(contents, stage)
    return {"rows": rows} if rows else None


# ---- questions and answers ----


def _choices(answer: str, answers: Sequence[Mapping[str, Any]], *, brackets: bool = False) -> Context:
    return {
        "answers": [
            {
                "chosen": choice["answer"] == answer,
                "box": TICKED if choice["answer"] == answer else UNTICKED,
                "label": f"[{choice['label']}]" if brackets else choice["label"],
            }
            for choice in answers
        ],
        "brackets": brackets,
        "unanswered": UNANSWERED if answer == Assessment.Answer.UNANSWERED else "",
    }


def _assessment(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    rows = [
        {
            "label": row["label"],
            **_choices(contents.answer(f"{block.key}.{row['key']}"), block.options["answers"]),
        }
        for row in block.options["rows"]
    ]
    return {"rows": rows}


def _questionnaire(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    options = block.options
    brackets = options.get("brackets", False)
    entries = []
    for entry in options["entries"]:
        key = f"{block.key}.{entry['key']}"
        questions = [
            {
                "label": question["label"],
                **_choices(
                    contents.answer(f"{block.key}.{question['key']}"), options["answers"], brackets=brackets
                ),
            }
            for question in entry.get("questions", ())
        ]
        entries.append(
            {
                "heading": " ".join(filter(None, [entry.get("letter", ""), entry.get("label", "")])),
                "hint": entry.get("hint", ""),
                "value": paper_value(contents.paper, entry["field"]) if "field" in entry else "",
                "text": contents.texts.get(key, ""),
                "questions": questions,
                "width": 100 // len(questions) if questions else 100,
                "note": entry.get("note", ""),
                "note_hint": entry.get("note_hint", ""),
                "note_text": contents.texts.get(f"{key}.note", ""),
            }
        )
    return {"entries": entries}


# ---- texts, tables, ends ----


def _section(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    body = contents.texts.get(block.key, "")
    return {"body": body, "missing": MISSING} if body or block.title else None


def _reasons(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    rows = [
        {"label": block.options["label"].replace("{nummer}", str(point.position)), "body": point.reasons}
        for point in contents.points
        if point.reasons
    ]
    return {"rows": rows} if rows else None


def _timeline(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    told = [event for event in contents.events if event.in_paper and event.state != Event.State.CANCELLED]
    rows = [{"event": event.title, "date": event.when} for event in told]
    return {"rows": rows, **block.options} if rows else None


def _balance(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    process = contents.paper.process
    if process is None:
        return None
    span = [(_("Zeitraum"), str(process.span))] if process.span else []
    facts = [*span, *balance_of(process, contents.events, contents.groups).lines()]
    rows = [{"label": label, "value": value} for label, value in facts]
    return {"rows": rows} if rows else None


def _extract(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    show = block.options
    rows = [
        {
            "heading": " ".join(filter(None, [field.code, field.title])),
            "pages": contents.pages.get(field.pk, ""),
            "goals": contents.goals.get(field.pk, ()) if show.get("goals") else (),
            "measures": field.measures.all() if show.get("measures") else (),
            "indicators": field.indicators.all() if show.get("indicators") else (),
        }
        for field in contents.fields
        if show.get("kind", field.kind) == field.kind
    ]
    names_only = not any(show.get(name) for name in ("goals", "measures", "indicators"))
    return {"rows": rows, "names_only": names_only} if rows else None


def _signatures(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    lead = block.options.get("lead", "").replace("{leitung}", contents.paper.municipality.head_title)
    columns = block.options.get("columns", 1)
    lines = [
        {
            "above": signature.line_above,
            "name": signature.person.name if signature.person else "",
            "function": signature.function,
        }
        for signature in contents.signatures
    ]
    if not lines:
        return None
    rows = [lines[start : start + columns] for start in range(0, len(lines), columns)]
    return {"lead": lead, "rows": rows, "columns": columns}


def _attachments(block: BlockData, contents: PaperContents, stage: Consultation) -> Context | None:
    rows = [
        {"title": attachment.title, "note": "" if attachment.public else _("(nichtöffentlich)")}
        for attachment in contents.attachments
    ]
    empty = block.options.get("when_empty", "")
    if not rows and not empty:
        return None
    return {"rows": rows, "inline": block.options.get("inline", False), "empty": empty}


def _components(block: BlockData, contents: PaperContents, stage: Consultation) -> Context:
    return {"items": [item["text"] for item in block.options["items"]]}


def _nothing(block: BlockData, contents: PaperContents, stage: Consultation) -> None:
    return None


CONTEXTS: dict[BlockKind, Callable[[BlockData, PaperContents, Consultation], Context | None]] = {
    BlockKind.HEAD: _head,
    BlockKind.PURPOSE_BOXES: _purpose,
    BlockKind.VISIBILITY_BOXES: _visibility,
    BlockKind.ROUTE_TABLE: _route,
    BlockKind.STAGE: _stage,
    BlockKind.SUBJECT: _subject,
    BlockKind.RESOLUTION: _resolution,
    BlockKind.ASSESSMENT: _assessment,
    BlockKind.QUESTIONNAIRE: _questionnaire,
    BlockKind.SECTION: _section,
    BlockKind.POINT_REASONS: _reasons,
    BlockKind.TIMELINE: _timeline,
    BlockKind.PARTICIPATION_BALANCE: _balance,
    BlockKind.CONCEPT_EXTRACT: _extract,
    BlockKind.EARLIER_RESULTS: _earlier,
    BlockKind.AMENDMENTS: _amendments,
    BlockKind.SIGNATURES: _signatures,
    BlockKind.ATTACHMENTS: _attachments,
    BlockKind.COMPONENTS: _components,
    BlockKind.BODY_START: _nothing,
}
