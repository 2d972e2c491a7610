"""Papers with their parts; committees and their meetings."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from committees.models import Committee, Consultation, Meeting, Paper, PaperAttachment, PaperLayout
from council.paper_tabs import reading_address
from search.models import Kind
from search.sources.base import MOST_ROWS, Source, place, texts_of

# Not for all who find a row, not even where it is public again.
KEPT_INSIDE = ("non_public_reason", "public_subject")


def newest_first(date: datetime.date | None) -> int:
    return -date.toordinal() if date else 0


def sources_of_papers(ids: Sequence[int]) -> Iterator[Source]:
    papers = (
        Paper.objects.filter(pk__in=ids)
        .select_related("municipality", "paper_type", "department", "author", "concept")
        .prefetch_related(
            "sections",
            "resolution_points",
            "layout__blocks",
            Prefetch(
                "attachments",
                PaperAttachment.objects.select_related("concept_version").defer("concept_version__content"),
            ),
            Prefetch(
                "consultations",
                Consultation.objects.select_related(
                    "committee", "meeting", "agenda_item", "left_out_after__agenda_item"
                ).prefetch_related("joint_committees"),
            ),
        )
    )
    for paper in papers:
        parts = _Parts(paper)
        yield parts.source(
            Kind.PAPER,
            paper,
            0,
            label=paper.paper_type.name,
            title=str(paper),
            texts=texts_of(
                paper,
                "number",
                "subject",
                "resolution_opening",
                *KEPT_INSIDE,
                more=(
                    paper.department,
                    paper.author,
                    paper.concept,
                    "" if paper.public else paper.public_subject,
                ),
            ),
        )
        yield from parts.points()
        yield from parts.sections()
        yield from parts.consultations()
        yield from parts.attachments()


class _Parts:
    """Writes the parts of one paper from what was read for all."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.address = paper.get_absolute_url()
        # What is found in its texts is shown where they are read.
        self.reading_address = reading_address(paper)

    def stage_address(self, stage: Consultation) -> str:
        return f"{self.address}beratung/{stage.position}/"

    def source(
        self,
        kind: Kind,
        row: Any,
        position: int,
        *,
        label: str,
        title: str,
        texts: Mapping[str, tuple[str, ...]],
        address: str = "",
        where: str = "",
    ) -> Source:
        paper = self.paper
        return Source(
            kind=kind,
            number=row.pk,
            town=paper.municipality_id,
            holder=("paper", paper.pk),
            position=newest_first(paper.date) * MOST_ROWS + position,
            label=label,
            title=title,
            place=where or ("" if row is paper else place(paper)),
            address=address or self.address,
            **texts,
        )

    def points(self) -> Iterator[Source]:
        for row in self.paper.resolution_points.all():
            yield self.source(
                Kind.POINT,
                row,
                row.position,
                label=_("Beschlusspunkt"),
                title=_("Beschlusspunkt %d") % row.position,
                texts=texts_of(row, *KEPT_INSIDE),
                address=f"{self.reading_address}#punkt-{row.position}",
            )

    def sections(self) -> Iterator[Source]:
        titles = block_titles(self.paper.layout)
        for position, row in enumerate(self.paper.sections.all()):
            yield self.source(
                Kind.SECTION,
                row,
                position,
                label=_("Textabschnitt"),
                title=titles.get(row.key) or _("Text der Vorlage"),
                texts=texts_of(row, "key", *KEPT_INSIDE),
                # A field of a questionnaire is shown with its block.
                address=f"{self.reading_address}#{row.key.partition('.')[0]}",
            )

    def consultations(self) -> Iterator[Source]:
        for row in self.paper.consultations.all():
            row.paper = self.paper
            date = f", {row.date:%d.%m.%Y}" if row.date else ""
            title, texts = f"{row.committee_names()}{date}", texts_of(row, *KEPT_INSIDE)
            yield self.source(
                Kind.CONSULTATION,
                row,
                row.position,
                label=_("Beratung"),
                title=title,
                # The entry is one for all: what not all may know has one of its own.
                texts=texts if row.has_public_result else {},
                address=self.stage_address(row),
            )
            if any(texts.values()) and not row.has_public_result:
                yield self.source(
                    Kind.RESULT,
                    row,
                    row.position,
                    label=_("Beratung, nichtöffentlich"),
                    title=_("Nichtöffentlicher Grund") if row.left_out else _("Nichtöffentliches Ergebnis"),
                    texts=texts,
                    address=self.stage_address(row),
                    where=place(self.paper, title),
                )

    def attachments(self) -> Iterator[Source]:
        for row in self.paper.attachments.all():
            has_file = row.concept_version_id or row.file_id
            yield self.source(
                Kind.ATTACHMENT,
                row,
                row.position,
                label=_("Anlage"),
                title=row.title,
                texts=texts_of(row, "title", *KEPT_INSIDE, more=(row.concept_version,)),
                address=f"{self.address}anlagen/{row.pk}/" if has_file else f"{self.address}#anlagen",
            )


def block_titles(layout: PaperLayout) -> dict[str, str]:
    """The heading that a paper's form prints over the text with this key."""
    titles: dict[str, str] = {}
    for block in layout.blocks.all():
        titles[block.key] = block.title
        for entry in block.options.get("entries", ()):
            key = f"{block.key}.{entry.get('key', '')}"
            heading = " ".join(filter(None, (entry.get("letter", ""), entry.get("label", ""))))
            titles[key] = titles[f"{key}.note"] = heading or block.title
    return {key: title.rstrip(": ") for key, title in titles.items()}


def sources_of_sessions(towns: Sequence[int]) -> Iterator[Source]:
    """Committees and meetings."""
    for committee in Committee.objects.filter(municipality__in=towns).select_related("municipality"):
        town = committee.municipality
        yield Source(
            kind=Kind.COMMITTEE,
            number=committee.pk,
            town=town.pk,
            holder=("town", town.pk),
            position=committee.pk,
            label=_("Gremium"),
            title=committee.name,
            place="",
            address=committee.get_absolute_url(),
            **texts_of(committee, "name", "genitive_name"),
        )
    meetings = Meeting.objects.filter(municipality__in=towns)
    for meeting in meetings.select_related("municipality").prefetch_related("committees"):
        committees = list(meeting.committees.all())
        yield Source(
            kind=Kind.MEETING,
            number=meeting.pk,
            town=meeting.municipality_id,
            holder=("town", meeting.municipality_id),
            position=newest_first(meeting.date),
            label=_("Sitzung"),
            title=str(meeting),
            place=place(*committees),
            address=meeting.get_absolute_url(),
            **texts_of(meeting, "title", more=committees),
        )
