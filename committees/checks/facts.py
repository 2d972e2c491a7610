"""Everything that the checks look at, read once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from committees.blocks import BlockKind
from committees.checks.finding import Finding
from committees.layout_files import BlockData, blocks_of
from committees.models import CheckOverride, Committee, Consultation, HearingRule, IssuedPaper, Paper
from concepts.models import ConceptVersion
from documents.richtext import plain_text


@dataclass(frozen=True)
class Facts:
    """A paper with its rows in memory."""

    paper: Paper
    route: Sequence[Consultation]
    blocks: Sequence[BlockData]
    points: Sequence[Any]
    texts: Mapping[str, str]
    """Plain words by the block's key; empty ones are left out."""
    attachments: Sequence[Any]
    rules: Sequence[HearingRule]
    committees: Sequence[Committee]
    """All of the town."""
    overrides: Mapping[tuple[str, str], CheckOverride]
    today: datetime.date

    @classmethod
    def of(cls, paper_id: int) -> Facts:
        paper = (
            Paper.objects.select_related("municipality", "paper_type", "layout")
            .prefetch_related(
                "layout__blocks",
                "sections",
                "resolution_points",
                Prefetch(
                    "consultations",
                    Consultation.objects.select_related("committee", "meeting").prefetch_related(
                        "joint_committees",
                        "meeting__committees",
                        Prefetch(
                            "issues",
                            IssuedPaper.objects.in_order().select_related("recall"),
                        ),
                    ),
                ),
            )
            .get(pk=paper_id)
        )
        texts = {section.key: plain_text(section.body) for section in paper.sections.all()}
        route = list(paper.consultations.all())
        for stage in route:
            stage.paper = paper  # which names the head of the administration
        return cls(
            paper=paper,
            route=route,
            blocks=tuple(blocks_of(paper.layout)),
            points=list(paper.resolution_points.all()),
            texts={key: text for key, text in texts.items() if text},
            attachments=list(_attachments(paper)),
            rules=list(HearingRule.objects.all()),
            committees=list(Committee.objects.filter(municipality=paper.municipality_id)),
            # The newest row is the last one, so it is the one that stays.
            overrides={(one.code, one.subject): one for one in paper.overrides.order_by("pk")},
            today=timezone.localdate(),
        )

    @cached_property
    def stages(self) -> list[Consultation]:
        """Those that take place."""
        return [stage for stage in self.route if not stage.left_out]

    @cached_property
    def deciding(self) -> list[Consultation]:
        """Those that decide, without the ones that put it off or took it back."""
        put_off = (
            Consultation.Outcome.DEFERRED,
            Consultation.Outcome.REFERRED,
            Consultation.Outcome.WITHDRAWN,
        )
        return [
            stage
            for stage in self.stages
            if stage.meaning == Consultation.Meaning.DECIDE and stage.outcome not in put_off
        ]

    @property
    def final(self) -> Consultation | None:
        return self.deciding[-1] if self.deciding else None

    def blocks_of_kind(self, *kinds: BlockKind) -> Iterable[BlockData]:
        return (block for block in self.blocks if block.kind in kinds)

    def reason_for(self, finding: Finding) -> str:
        """Why the finding was overruled; empty where it was not, or no more. An error never is."""
        found = self.overrides.get(finding.key)
        return "" if finding.is_error or found is None or found.withdraws else found.reason

    @property
    def day_of_law(self) -> datetime.date:
        """The day whose law holds: of the decision, else of the paper, else today."""
        decided = self.final.date if self.final else None
        dates = [stage.date for stage in self.stages if stage.date]
        return decided or max(dates, default=None) or self.paper.date or self.today

    @property
    def released_on(self) -> datetime.date | None:
        """The day on which the paper left; by its own date where nobody noted it."""
        if not self.paper.released:
            return None
        noted = self.paper.released_at
        return self.paper.date or (timezone.localdate(noted) if noted else None)


def issued_on(stage: Consultation) -> datetime.date | None:
    """The day of a stage's first issue that was not called back."""
    valid = (issue for issue in stage.issues.all() if not issue.called_back)
    days = [timezone.localdate(issue.file.issued_at) for issue in valid]
    return min(days, default=None)


def _attachments(paper: Paper) -> Any:
    newer = ConceptVersion.objects.filter(
        concept=OuterRef("concept_version__concept"), number__gt=OuterRef("concept_version__number")
    )
    return (
        paper.attachments.select_related("concept_version__pdf")
        .defer("concept_version__content", "concept_version__pdf__content")
        .annotate(has_newer=Exists(newer))
    )
