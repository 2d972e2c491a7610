"""What the page for reading shows of a paper: once for those who may read everything, once for all others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.blocks import BlockKind
from committees.models import Consultation, IssuedPaper, Paper, ResolvedPoint
from committees.openness import keep_votes_back, left_out
from committees.printing.amended import heading_of, printed_points, told
from committees.printing.contents import PaperContents
from committees.printing.contexts import context_of, stage_role
from committees.printing.withheld import NOT_PUBLIC
from committees.printing.wording import Proposal, proposal_for
from committees.stages import Stage, stages_of
from concepts.figures import aim, latest
from concepts.models import ActionField, Indicator, Measure
from concepts.tree import IndicatorNode
from documents.differences import compare
from documents.keeping import release, shelf

WORDS_A_MINUTE = 200
MARKUP = re.compile("<[^<>]*>")
# What of a layout is read on the page, in its order; the rest is for paper, or has a place of its own.
FORMS = (BlockKind.ASSESSMENT, BlockKind.QUESTIONNAIRE)
READ = (BlockKind.SECTION, BlockKind.POINT_REASONS, *FORMS)


@dataclass(frozen=True)
class Measured:
    """An indicator with what it says today."""

    indicator: Indicator
    now: str
    aim: str


@dataclass
class ConceptPart:
    """A part of the concept that the paper speaks of."""

    title: str
    url: str
    kind: str
    standing: str = ""
    tone: str = "plain"
    indicators: list[Measured] = field(default_factory=list)


def words_in(*texts: str) -> int:
    return sum(len(MARKUP.sub(" ", text).split()) for text in texts)


def reading_time(words: int) -> str:
    """`etwa 4 Minuten`, at the pace of somebody who reads to understand."""
    minutes = max(1, round(words / WORDS_A_MINUTE))
    return ngettext("etwa %d Minute", "etwa %d Minuten", minutes) % minutes


def body_of(paper: Paper, *, insider: bool) -> str:
    """Kept in two pictures, each made once per change. Needs the revisions of paper, town and concept."""
    concept = paper.concept.revision if paper.concept and hasattr(paper.concept, "revision") else ""
    town = paper.municipality.revision if hasattr(paper.municipality, "revision") else ""
    own = paper.revision if hasattr(paper, "revision") else ""
    key = f"reading:{paper.pk}:{insider}:{own}:{town}:{concept}:{release()}"
    return shelf.get(key, lambda: render_to_string("council/_paper.html", page_of(paper.pk, insider=insider)))


def page_of(pk: int, *, insider: bool) -> dict[str, Any]:
    contents = PaperContents.of(pk, public_only=not insider)
    paper = contents.paper
    consultations = list(contents.route)
    prefetch_related_objects(consultations, issues(insider=insider))
    if not insider:
        keep_votes_back(consultations)
    for consultation in consultations:
        consultation.paper = paper
        if not (insider or consultation.has_public_result):
            consultation.withhold_result(_("nichtöffentlich"))
    stages = stages_of(consultations)
    current = next((stage.consultation for stage in stages if stage.current), None)
    shown = current or _decided(consultations)
    resolved = None if current else _resolved(consultations, insider=insider)
    texts = _blocks(contents, shown)
    words = words_in(*(point.text + point.reasons for point in contents.points), *contents.texts.values())
    return {
        "paper": paper,
        "municipality": paper.municipality,
        "paper_url": paper.get_absolute_url(),
        "stages": stages,
        "current": current,
        "role": stage_role(current) if current else "",
        "resolved": resolved,
        **_said(contents, shown, resolved),
        "results": [_result(stage) for stage in stages if stage.consultation.is_over],
        "left_out": [stage.consultation for stage in stages if stage.consultation.left_out],
        "texts": texts,
        "amended": [] if resolved else _amended(contents, shown),
        # As the note at a point calls it that has another wording (committees/printing/amended.py).
        "amended_title": next(
            (block.title for block in contents.blocks if block.kind is BlockKind.AMENDMENTS and block.title),
            _("Änderungen aus der bisherigen Beratung"),
        ),
        "parts": concept_parts(contents),
        "attachments": contents.attachments,
        "issue": _issue(current),
        "words": words,
        "time": reading_time(words),
    }


def issues(*, insider: bool) -> Prefetch[Any]:
    rows = IssuedPaper.objects.all() if insider else IssuedPaper.objects.everybodys()
    return Prefetch("issues", rows.in_order().select_related("recall"))


def _decided(consultations: list[Consultation]) -> Consultation | None:
    over = [stage for stage in consultations if stage.is_over]
    return over[-1] if over else next(iter(consultations), None)


def _said(contents: PaperContents, stage: Consultation | None, resolved: Resolved | None) -> dict[str, Any]:
    """As the next committee gets it; after the last one as it was resolved.

    The points keep their numbers, also where one of them is not for the reader.
    """
    if resolved:
        return {
            "proposal": Proposal(points=tuple(text for _n, text in resolved.points)),
            "points": resolved.points,
        }
    if stage is None:
        texts = [point.text for point in contents.points]
        return {"proposal": Proposal(points=tuple(texts)), "points": list(enumerate(texts, 1))}
    texts = printed_points(contents, stage)
    numbers = [row.position for row in contents.carried_points(stage) if not row.only_beside]
    proposal = proposal_for(stage, contents.route, contents.paper, texts)
    return {"proposal": proposal, "points": [] if proposal.own else list(zip(numbers, texts, strict=True))}


@dataclass(frozen=True)
class Resolved:
    """The points by their numbers."""

    stage: Consultation
    points: list[tuple[int, str]]


def _resolved(consultations: list[Consultation], *, insider: bool) -> Resolved | None:
    """What the last committee that resolved something resolved, word by word."""
    rows = ResolvedPoint.objects.filter(consultation__in=consultations).select_related("point")
    by_stage: dict[int, list[ResolvedPoint]] = {}
    for row in rows.order_by("position"):
        by_stage.setdefault(row.consultation_id, []).append(row)
    for stage in reversed(consultations):
        if stage.pk not in by_stage or not (insider or stage.has_public_result):
            continue
        texts = [(row.position, _resolved_text(row, insider=insider)) for row in by_stage[stage.pk]]
        return Resolved(stage, texts)
    return None


def _resolved_text(row: ResolvedPoint, *, insider: bool) -> str:
    if not (insider or row.point is None or row.point.public):
        return left_out()
    return format_html("<p>{}</p>{}", _("(abgelehnt)"), SafeString(row.text)) if row.rejected else row.text


def _amended(contents: PaperContents, stage: Consultation | None) -> list[dict[str, Any]]:
    """What the committees before changed in it, and what stands beside it as another wording."""
    if stage is None:
        return []
    texts = [*contents.carried_points(stage), *contents.carried_measures(stage)]
    return [
        {
            "heading": heading_of(text),
            "withheld": NOT_PUBLIC if text.withheld else "",
            "changes": [told(one) for one in text.changes],
            "difference": compare(text.original, text.text).inline(whole=False) if text.changes else "",
            "others": [
                {"told": told(one), "difference": compare(text.text, one.after).inline(whole=False)}
                for one in (*text.alternatives, *text.unfit)
            ],
        }
        for text in texts
        if text.touched or text.withheld
    ]


def _blocks(contents: PaperContents, stage: Consultation | None) -> list[dict[str, Any]]:
    """Texts first, then what a form asks for."""
    if stage is None:
        return []
    found = []
    for block in contents.blocks:
        if block.kind not in READ:
            continue
        context = context_of(block, contents, stage)
        if context and not _says_nothing(block.kind, context):
            found.append({**context, "kind": str(block.kind), "key": block.key})
    return sorted(found, key=lambda block: block["kind"] in FORMS)


def _says_nothing(kind: BlockKind, context: dict[str, Any]) -> bool:
    """Boxes that nobody ticked and fields that nobody filled are a matter of the form, not of reading."""
    match kind:
        case BlockKind.SECTION:
            return not context["body"]
        case BlockKind.ASSESSMENT:
            return not any(one["chosen"] for row in context["rows"] for one in row["answers"])
        case BlockKind.QUESTIONNAIRE:
            context["entries"] = [entry for entry in context["entries"] if _answered(entry)]
            return not context["entries"]
        case _:
            return False


def _answered(entry: dict[str, Any]) -> bool:
    ticked = any(one["chosen"] for question in entry["questions"] for one in question["answers"])
    return bool(entry["text"] or entry["note_text"] or entry["value"].strip("–") or ticked)


def _result(stage: Stage) -> dict[str, Any]:
    row = stage.consultation
    return {
        "stage": row,
        "committee": row.committee_names(),
        "date": row.date,
        "word": stage.word,
        "state": stage.state,
        "lines": stage.lines,
        "note": row.result_note,
    }


def _issue(current: Consultation | None) -> Any:
    """The valid PDF of the next stage."""
    issue = next(iter(current.issues.all()), None) if current else None
    return issue if issue and not issue.called_back else None


# ---- The concept -----------------------------------------------------------------------------------------


def concept_parts(contents: PaperContents) -> list[ConceptPart]:
    """The measures of its points and the fields that it names, with their indicators' newest values."""
    concept = contents.paper.concept
    if concept is None:
        return []
    base = concept.get_absolute_url()
    shown = [point.pk for point in contents.points if point.public or not contents.public_only]
    measures = (
        Measure.objects.filter(resolution_points__in=shown).distinct().order_by("field__position", "position")
    )
    parts = []
    measured = _measured(concept.pk, base)
    for measure in measures:
        off_track = measure.track != Measure.Track.ON_TRACK
        parts.append(
            ConceptPart(
                title=f"{measure.code} {measure.title}".strip(),
                url=f"{base}massnahmen/{measure.pk}/",
                kind=_("Maßnahme"),
                standing=str(measure.get_track_display() if off_track else measure.get_phase_display()),
                tone="warning" if off_track else "info",
                indicators=[one for one in measured if one.indicator.measure_id == measure.pk],
            )
        )
    named = ActionField.objects.filter(concept=concept, page_references__paper=contents.paper).distinct()
    return parts + [
        ConceptPart(
            title=f"{row.code} {row.title}".strip(),
            url=f"{base}#feld-{row.pk}",
            kind=str(row.get_kind_display()),
            indicators=[
                one
                for one in measured
                if one.indicator.field_id == row.pk and one.indicator.measure_id is None
            ],
        )
        for row in named or (() if parts else contents.fields)
    ]


def _measured(concept: int, base: str) -> list[Measured]:
    rows = Indicator.objects.filter(concept=concept).prefetch_related("values", "targets")
    found = []
    for row in rows:
        node = IndicatorNode(row, list(row.values.all()), list(row.targets.all()))
        found.append(Measured(row, latest(node), aim(node)))
    return found
