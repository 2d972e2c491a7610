"""What of a paper is for everybody who may read it, and what is only for those who may read all of it.

What is taken out is taken out of rows in memory, before anything is made of them: pages, PDFs, lists. Such
rows are never saved; who may change a paper may also read all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.html import format_html
from django.utils.translation import gettext as _

from committees.carrying import with_amendments
from committees.models import Amendment, Consultation, Paper
from committees.models.bodies import MAY_READ_NON_PUBLIC
from committees.results_in_words import with_ballots
from municipalities.reader_rows import RowsByReader

INSIDE = RowsByReader(lambda user, paper: Paper.objects.open_to_insider(user, pk=paper).values_list("pk"))


def reads_all(user: Any, paper: Paper) -> bool:
    """Whether what is not public in this paper is open to the user. No query for who does by their role."""
    if not user.is_authenticated:
        return False
    staffed = user.access.has_role(paper.municipality_id, *MAY_READ_NON_PUBLIC)
    return staffed or bool(INSIDE.rows(user, paper.pk))


def read_whole(user: Any, papers: Iterable[Paper]) -> set[int]:
    """The ids of those of these papers that the user may read with all that is not public. One query at
    most."""
    if not user.is_authenticated:
        return set()
    staffed = user.access.towns_with(*MAY_READ_NON_PUBLIC)
    asked = {paper.pk: paper.municipality_id for paper in papers}
    found = {pk for pk, town in asked.items() if town in staffed}
    others = asked.keys() - found
    if others:
        inside = Paper.objects.open_to_insider(user, pk__in=others)
        found |= set(inside.values_list("pk", flat=True))
    return found


def left_out() -> str:
    """What stands instead (HTML)."""
    return format_html("<p>{}</p>", _("An dieser Stelle ist etwas nicht öffentlich."))


def name_for_everybody(paper: Paper) -> str:
    """Said to who may not read it, or where others look on: its public subject, else its number."""
    return paper.subject if paper.public else lasting_name(paper) or _("nichtöffentliche Vorlage")


def lasting_name(paper: Paper) -> str:
    """What may be said of it whatever is closed later; may be empty."""
    return paper.public_subject or paper.number


def keep_back(papers: Sequence[Paper]) -> None:
    """Take out of these rows in memory what is not for everybody: results of their stages, points with their
    reasons, and what was moved to them. Their routes are read without the rest (`getters.route`)."""
    prefetch_related_objects(papers, "resolution_points", everybodys_amendments())
    for paper in papers:
        for stage in paper.consultations.all():
            keep_result_back(stage)
        for point in paper.resolution_points.all():
            if not point.public:
                point.text, point.reasons = left_out(), ""


def everybodys_amendments() -> Prefetch[Any]:
    return with_amendments(Amendment.objects.everybodys())


def keep_result_back(stage: Consultation) -> None:
    """In memory. Needs the stage's agenda item."""
    if not stage.has_public_result:
        stage.withhold_result(
            _("Grund nicht öffentlich") if stage.left_out else _("Ergebnis nicht öffentlich")
        )


def keep_votes_back(stages: Sequence[Consultation]) -> None:
    """The votes of these stages in memory are read anew, without those that are not for everybody."""
    for stage in stages:
        kept: dict[str, Any] = getattr(stage, "_prefetched_objects_cache", {})
        kept.pop("ballots", None)
    prefetch_related_objects(stages, with_ballots(everything=False))
