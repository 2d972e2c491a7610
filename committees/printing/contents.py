"""Everything that the stages of a paper print, read in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from committees.blocks import BlockKind
from committees.carrying import (
    CarriedMeasure,
    CarriedPoint,
    accepted,
    amendments_of,
    carried,
    measures_of,
    points_with_measures,
    with_amendments,
)
from committees.layout_files import BlockData, blocks_of
from committees.models import Amendment, Assessment, Consultation, Paper, PaperAttachment
from committees.printing.withheld import (
    Text,
    is_partly_non_public,
    public_attachments,
    public_paper,
    public_points,
    public_stage,
    public_text,
    public_text_on_its_way,
    secret_measures,
)
from committees.results_in_words import with_ballots
from concepts.models import ActionField, Goal
from participation.models import Event


@dataclass(frozen=True)
class PaperContents:
    """A paper with its rows in memory; what stage is printed is asked of it, not of the database."""

    paper: Paper
    blocks: Sequence[BlockData]
    route: Sequence[Consultation]
    points: Sequence[Any]
    texts: Mapping[str, str]
    answers: Mapping[str, str]
    signatures: Sequence[Any]
    attachments: Sequence[PaperAttachment]
    amendments: Sequence[Amendment] = ()
    logo: bytes = b""
    events: Sequence[Event] = ()
    groups: int = 0
    fields: Sequence[ActionField] = ()
    goals: Mapping[int, Sequence[Goal]] = field(default_factory=dict)
    pages: Mapping[int, str] = field(default_factory=dict)
    """Where in the attached concept a field stands, by the field's id."""
    public_only: bool = False
    partly_non_public: bool = False
    """Whether something of the paper is kept from others; not each stage prints it."""

    @classmethod
    def of(cls, paper_id: int, public_only: bool = False) -> PaperContents:
        """With `public_only` what is not public is gone, and a sentence stands in its place."""
        contents = cls._complete(paper_id)
        return contents.in_public() if public_only else contents

    @classmethod
    def _complete(cls, paper_id: int) -> PaperContents:
        paper = (
            Paper.objects.select_related(
                "municipality", "paper_type", "layout", "department", "author", "concept", "process"
            )
            .prefetch_related(
                "layout__blocks",
                "sections",
                "assessments",
                points_with_measures(),
                "signatures__person",
                with_amendments(),
                Prefetch("attachments", PaperAttachment.objects.defer("concept_version__content")),
                Prefetch(
                    "consultations",
                    Consultation.objects.select_related(
                        "committee", "meeting", "agenda_item", "left_out_after__agenda_item"
                    ).prefetch_related("joint_committees", with_ballots()),
                ),
            )
            .get(pk=paper_id)
        )
        blocks = tuple(blocks_of(paper.layout))
        route = list(paper.consultations.all())
        return cls(
            paper=paper,
            blocks=blocks,
            route=route,
            points=list(paper.resolution_points.all()),
            texts={section.key: section.body for section in paper.sections.all()},
            answers={answer.key: answer.answer for answer in paper.assessments.all()},
            signatures=list(paper.signatures.all()),
            attachments=list(paper.attachments.all()),
            amendments=_of_stages(amendments_of(paper), route),
            logo=paper.municipality.logo_content(),
            partly_non_public=is_partly_non_public(paper),
            **of_process(paper, blocks),
            **of_concept(paper, blocks),
        )

    def in_public(self) -> PaperContents:
        """The same paper for those who read only what is public. No database is asked."""
        if not self.partly_non_public:
            return replace(self, public_only=True)
        paper = public_paper(self.paper)
        sections = {section.key: section for section in self.paper.sections.all()}
        return replace(
            self,
            paper=paper,
            route=[public_stage(paper, stage) for stage in self.route],
            points=public_points(self.paper, self.points),
            texts={key: public_text(self.paper, sections[key], text) for key, text in self.texts.items()},
            attachments=public_attachments(self.paper, self.attachments),
            public_only=True,
        )

    def stage(self, consultation_id: int) -> Consultation:
        """The stage of this route, with its rows in memory."""
        return next(stage for stage in self.route if stage.pk == consultation_id)

    def carried_points(self, stage: Consultation) -> list[CarriedPoint]:
        """The proposal as this stage gets it."""
        return self._readable(carried(self.points, accepted(self.amendments, stage.position)))

    def carried_measures(self, stage: Consultation) -> list[CarriedMeasure]:
        """In public not even named, where a point is not public that names them."""
        rows = measures_of(accepted(self.amendments, stage.position))
        secret = secret_measures(self.paper) if rows and self.public_only else ()
        return self._readable([row for row in rows if row.measure and row.measure.pk not in secret])

    def _readable(self, texts: list[Text]) -> list[Text]:
        return [public_text_on_its_way(text) for text in texts] if self.public_only else texts

    def answer(self, key: str) -> str:
        """No row is the same as unanswered, and neither is a "nein"."""
        return self.answers.get(key, Assessment.Answer.UNANSWERED)

    @cached_property
    def stages_to_print(self) -> list[Consultation]:
        return [stage for stage in self.route if not stage.left_out]


def _of_stages(amendments: list[Amendment], route: list[Consultation]) -> list[Amendment]:
    """Each with its stage as the route has it in memory."""
    stages = {stage.pk: stage for stage in route}
    for amendment in amendments:
        amendment.consultation = stages[amendment.consultation_id]
    return amendments


def of_process(paper: Paper, blocks: Sequence[BlockData]) -> dict[str, Any]:
    kinds = {block.kind for block in blocks}
    if paper.process is None or not kinds & {BlockKind.TIMELINE, BlockKind.PARTICIPATION_BALANCE}:
        return {}
    return {
        "events": list(paper.process.events.in_order()),
        "groups": paper.process.groups.count(),
    }


def of_concept(paper: Paper, blocks: Sequence[BlockData]) -> dict[str, Any]:
    """Nothing is read that no block shows."""
    extracts = [block.options for block in blocks if block.kind is BlockKind.CONCEPT_EXTRACT]
    if paper.concept is None or not extracts:
        return {}

    def shown(what: str) -> bool:
        return any(options.get(what) for options in extracts)

    rows = filter(shown, ("measures", "indicators"))
    fields = list(paper.concept.fields.prefetch_related(*rows))
    goals: dict[int, list[Goal]] = {}
    if shown("goals"):
        for goal in Goal.objects.filter(field__in=fields, parent=None):
            goals.setdefault(goal.field_id, []).append(goal)
    pages = dict(paper.page_references.values_list("field", "pages"))
    return {"fields": fields, "goals": goals, "pages": pages}
