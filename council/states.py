"""What a paper says at a moment, to one reader; and what became different between two moments.

A state is plain data (JSON), so that a reader's last one can be kept: lists of parts, each with a `key` that
stays, a `title`, what it says (`html` or `text`) and the rows that it tells `of`. What the reader may not
read stands in none of them. `open` names the rows that are for everybody at that moment, and `withheld` the
parts in whose place something is not, so that what was readable once and is not any more does not come back
as "removed".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from committees.getters import route
from committees.layout_files import blocks_of
from committees.models import Amendment, Consultation, IssuedPaper, Meeting, Paper, PaperAttachment
from committees.printing.amended import heading_of
from committees.printing.contexts import stage_role
from committees.printing.withheld import (
    is_on_secret,
    is_public_on_its_way,
    public_ballot_lines,
    public_ballots,
    secret_measures,
)
from committees.results_in_words import ballot_lines, result_of
from council.permissions import insider_papers
from documents.differences import compare, compare_texts, exchange

State = dict[str, Any]
Part = dict[str, Any]
LISTS = ("points", "texts", "results", "route", "attachments")


def with_state() -> list[Any]:
    """What of a paper has to be in memory, in a constant number of queries."""
    files = PaperAttachment.objects.select_related("concept_version__pdf", "file").defer(
        "concept_version__content", "concept_version__pdf__content", "file__content"
    )
    return [
        "revision",
        "municipality",
        "layout__blocks",
        "sections",
        points_with_measures(),
        route(),
        with_amendments(),
        Prefetch("attachments", files),
    ]


def state_of(
    paper: Paper,
    user: Any,
    stage: Consultation | None = None,
    *,
    at: datetime.datetime | None = None,
) -> State:
    """What the paper says to the user now; as the `stage` gets or got it; or as it was `at` a moment."""
    return states_of([paper], user, stage, at=at)[paper.pk]


def states_of(
    papers: Sequence[Paper],
    user: Any,
    stage: Consultation | None = None,
    *,
    at: datetime.datetime | None = None,
) -> dict[int, State]:
    """Of several papers, in as many queries as of one."""
    prefetch_related_objects(list(papers), *with_state())
    insiders = insider_papers(user, [paper.pk for paper in papers])
    return {paper.pk: said(paper, insider=paper.pk in insiders, stage=stage, at=at) for paper in papers}


def said(
    paper: Paper,
    *,
    insider: bool,
    stage: Consultation | None = None,
    at: datetime.datetime | None = None,
) -> State:
    """As `state_of`, of a paper with its rows in memory, for one who may read everything or not."""
    stages = {consultation.pk: consultation for consultation in paper.consultations.all()}
    for consultation in stages.values():
        consultation.paper = paper
    for amendment in amendments_of(paper):
        amendment.consultation = stages[amendment.consultation_id]
    withheld: list[str] = []
    state: State = {
        "revision": str(getattr(paper, "revision", "0")),
        "insider": insider,
        "open": [] if insider else everybodys_rows(paper),
        "withheld": withheld,
        "points": _points(paper, stage, at, insider, withheld),
        "texts": _texts(paper, insider),
        "results": _results(paper, stage, at, insider),
        "route": _route(paper) if at is None else _route_at(paper, at),
        "attachments": _attachments(paper, insider) if at is None else _attachments_at(paper, at, insider),
    }
    return state


def everybodys_rows(paper: Paper) -> list[str]:
    """As parts name them in `of`; also those that say nothing. What is gone is not among them."""
    amendments = amendments_of(paper)
    moved = [one for one in amendments if not is_on_secret(one, paper)]
    return [
        *(f"abschnitt-{row.key}" for row in paper.sections.all() if row.public),
        *(f"punkt-{row.pk}" for row in paper.resolution_points.all() if row.public),
        *(f"anlage-{row.pk}" for row in paper.attachments.all() if row.public),
        *(f"ergebnis-{row.pk}" for row in paper.consultations.all() if row.has_public_result),
        *(f"aenderung-{row.pk}" for row in moved if row.consultation.has_public_result),
        *sorted({f"massnahme-{row.measure_id}" for row in moved if row.measure_id}),
    ]


def _points(
    paper: Paper,
    stage: Consultation | None,
    at: datetime.datetime | None,
    insider: bool,
    withheld: list[str],
) -> list[Part]:
    """As the committees carried them; then the measures that they want otherwise."""
    parts = []
    amendments = _accepted(paper, stage, at)
    points = carried(list(paper.resolution_points.all()), amendments)
    rows: list[CarriedPoint | CarriedMeasure] = [row for row in points if not row.only_beside]
    secret = set() if insider else secret_measures(paper)
    rows += [row for row in measures_of(amendments) if row.measure and row.measure.pk not in secret]
    for row in rows:
        brought = [f"aenderung-{one.pk}" for one in row.amendments]
        own = _text_of(row)
        key = own or f"neu-{brought[0]}"
        if not (insider or is_public_on_its_way(row)):
            withheld.append(key)
            continue
        only_point = len(points) == 1 and isinstance(row, CarriedPoint)
        title = _("Beschlussvorschlag") if only_point else heading_of(row)
        parts.append({"key": key, "title": title, "html": row.text, "of": [*filter(None, [own]), *brought]})
    return parts


def _text_of(row: CarriedPoint | CarriedMeasure) -> str:
    """The row that was changed; empty for a point that an amendment brought."""
    if isinstance(row, CarriedMeasure):
        return f"massnahme-{row.measure.pk}" if row.measure else ""
    return f"punkt-{row.point.pk}" if row.point else ""


def _accepted(paper: Paper, stage: Consultation | None, at: datetime.datetime | None) -> list[Amendment]:
    """In their order: before this stage, or until this moment."""
    amendments = amendments_of(paper)
    if at is not None:
        entries = _latest(Amendment.history.filter(paper_id=paper.pk, history_date__lte=at))
        known = {entry.id for entry in entries if entry.state == Amendment.State.ACCEPTED}
        amendments = [amendment for amendment in amendments if amendment.pk in known]
    return accepted(amendments, stage.position if stage else None)


def _texts(paper: Paper, insider: bool) -> list[Part]:
    """In the order and under the titles of the layout; then the reasons of the points."""
    bodies = {section.key: section for section in paper.sections.all()}
    parts = []
    for key, title in _places(paper):
        section = bodies.get(key)
        if section and section.body and (section.public or insider):
            parts.append({"key": key, "title": title, "html": section.body, "of": [f"abschnitt-{key}"]})
    for point in paper.resolution_points.all():
        if point.reasons and (point.public or insider):
            title = _("Zu Punkt %d") % point.position
            of = [f"punkt-{point.pk}"]
            parts.append({"key": f"zu-{point.pk}", "title": title, "html": point.reasons, "of": of})
    return parts


def _places(paper: Paper) -> Iterable[tuple[str, str]]:
    """The keys of the layout's texts, and what stands over them."""
    for block in blocks_of(paper.layout):
        if block.kind == BlockKind.SECTION:
            yield block.key, block.title or _("Text")
        elif block.kind == BlockKind.QUESTIONNAIRE:
            for entry in block.options["entries"]:
                heading = " ".join(filter(None, [entry.get("letter", ""), entry.get("label", "")]))
                yield f"{block.key}.{entry['key']}", heading or block.title or _("Text")
                yield f"{block.key}.{entry['key']}.note", entry.get("note", "") or heading or block.title


def _results(
    paper: Paper,
    stage: Consultation | None,
    at: datetime.datetime | None,
    insider: bool,
) -> list[Part]:
    parts = []
    for consultation in paper.consultations.all():
        if not consultation.is_over or (stage is not None and consultation.position >= stage.position):
            continue
        if at is not None and (consultation.recorded_at is None or consultation.recorded_at > at):
            continue
        if not (consultation.has_public_result or insider):
            continue
        key = f"ergebnis-{consultation.pk}"
        parts.append(
            {
                "key": key,
                "title": consultation.committee_names(),
                "text": result_in_words(consultation, insider=insider),
                "of": [key, *_voted_on(consultation, insider=insider)],
            }
        )
    return parts


def _voted_on(stage: Consultation, *, insider: bool) -> list[str]:
    """The points and measures whose votes the result tells."""
    found = set()
    for row in stage.ballots.all() if insider else public_ballots(stage):
        amendment = row.amendment
        points = (row.point_id, amendment and amendment.point_id)
        found |= {f"punkt-{pk}" for pk in points if pk}
        if amendment and amendment.measure_id:
            found.add(f"massnahme-{amendment.measure_id}")
    return sorted(found)


def result_in_words(stage: Consultation, *, insider: bool) -> str:
    """`einstimmig empfohlen; 12 Ja, 1 Enthaltung`, each further vote, and what the committee said besides."""
    whole, *lines = _said_by(stage, insider=insider)
    return "\n".join(part for part in (whole, *lines, stage.result_note) if part)


def _said_by(stage: Consultation, *, insider: bool) -> list[str]:
    """The result with the vote on the whole, then the others."""
    lines = ballot_lines(stage) if insider else public_ballot_lines(stage)
    whole = "; ".join([result_of(stage), *(line.said for line in lines if not line.about)])
    return [whole, *(f"{line.about}: {line.said}" for line in lines if line.about)]


def _route(paper: Paper) -> list[Part]:
    parts = []
    for stage in paper.consultations.all():
        day = f"{stage.date:%d.%m.%Y}" if stage.date else _("Termin noch offen")
        if stage.meeting and stage.meeting.cancelled:
            day = _("%s (abgesagt)") % day
        parts.append(_stage_part(stage.pk, stage.committee_names(), day, stage_role(stage), stage.left_out))
    return parts


def _stage_part(pk: int, title: str, day: str, role: str, left_out: bool) -> Part:
    text = _("entfällt") if left_out else " · ".join(part for part in (day, role) if part)
    return {"key": f"stufe-{pk}", "title": title, "text": text, "of": []}


def _route_at(paper: Paper, at: datetime.datetime) -> list[Part]:
    """From the history. Which committees sit together is taken from today."""
    names = {stage.pk: stage.committee_names() for stage in paper.consultations.all()}
    entries = _latest(
        Consultation.history.filter(paper_id=paper.pk, history_date__lte=at).select_related("committee")
    )
    meetings = {entry.meeting_id for entry in entries if entry.meeting_id}
    days = {
        entry.id: entry for entry in _latest(Meeting.history.filter(id__in=meetings, history_date__lte=at))
    }
    parts = []
    for entry in sorted(entries, key=lambda entry: entry.position):
        meeting = days.get(entry.meeting_id)
        day = f"{meeting.date:%d.%m.%Y}" if meeting else _("Termin noch offen")
        if meeting and meeting.cancelled:
            day = _("%s (abgesagt)") % day
        name = names.get(entry.id) or str(entry.committee or paper.municipality.head_title)
        parts.append(_stage_part(entry.id, name, day, stage_role(entry), entry.left_out))
    return parts


def _latest(entries: Any) -> list[Any]:
    """The last entry of each row, without those that were deleted by it."""
    found: dict[int, Any] = {}
    for entry in entries.order_by("history_date", "history_id"):
        found[entry.id] = entry
    return [entry for entry in found.values() if entry.history_type != "-"]


def _attachments(paper: Paper, insider: bool) -> list[Part]:
    parts = []
    for attachment in paper.attachments.all():
        if attachment.public or insider:
            file = attachment.issued_file
            parts.append(_attachment_part(attachment.pk, attachment.title, file.sha256 if file else ""))
    return parts


def _attachment_part(pk: int, title: str, file: str) -> Part:
    key = f"anlage-{pk}"
    return {"key": key, "title": title, "text": "", "file": file, "of": [key]}


def _attachments_at(paper: Paper, at: datetime.datetime, insider: bool) -> list[Part]:
    """From the history; public is what is public today."""
    today = {attachment.pk: attachment for attachment in paper.attachments.all()}
    entries = PaperAttachment.history.filter(paper_id=paper.pk, history_date__lte=at)
    parts = []
    for entry in sorted(_latest(entries), key=lambda entry: entry.position):
        now = today.get(entry.id)
        if not (insider or (now and now.public)):
            continue
        same = now is not None and (now.file_id, now.concept_version_id) == (
            entry.file_id,
            entry.concept_version_id,
        )
        file = now.issued_file if same and now else None
        sha256 = file.sha256 if file else "" if same else f"{entry.file_id}-{entry.concept_version_id}"
        parts.append(_attachment_part(entry.id, entry.title, sha256))
    return parts


# ---- Differences -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What became different in one part; `html` shows both, marked by stroke and by words."""

    group: str
    title: str
    what: str
    html: str = ""

    @property
    def sentence(self) -> str:
        """`Ergebnisse – Integrationsrat: neu`, where nothing around it says what it is about."""
        return f"{self.group} – {self.title}: {self.what}"


GROUPS = {
    "points": gettext_lazy("Was beschlossen werden soll"),
    "texts": gettext_lazy("Texte der Vorlage"),
    "results": gettext_lazy("Ergebnisse"),
    "route": gettext_lazy("Beratungsfolge"),
    "attachments": gettext_lazy("Anlagen"),
}


def changes(before: State, after: State) -> list[Change]:
    """In the order of the page.

    Of an older part an outsider gets nothing of which one row is not for everybody by now: it was closed
    since, or is gone, and then nobody can say what would have become of it.
    """
    if before.get("insider") and not after.get("insider"):
        return []  # what was readable then is not any more: nothing can be compared without telling of it
    rows, withheld = set(after["open"]), set(after["withheld"])
    found: list[Change] = []
    for name in LISTS:
        old = {part["key"]: part for part in before[name]}
        closed = (
            set() if after["insider"] else {key for key, part in old.items() if not rows >= {*part["of"]}}
        )
        silent = closed | withheld
        old = {key: part for key, part in old.items() if key not in silent}
        new = {part["key"]: part for part in after[name] if part["key"] not in silent}
        group = str(GROUPS[name])
        found += [
            Change(group, old[key]["title"], _("entfallen"), _gone(old[key])) for key in old if key not in new
        ]
        for key, part in new.items():
            if key not in old:
                found.append(Change(group, part["title"], _("neu"), _come(part)))
            elif change := _changed(group, old[key], part):
                found.append(change)
    return found


def _changed(group: str, old: Part, new: Part) -> Change | None:
    if "html" in new:
        difference = compare(old.get("html", ""), new["html"])
    else:
        difference = compare_texts(old.get("text", ""), new.get("text", ""))
    if difference.changed:
        return Change(group, new["title"], _("geändert"), difference.inline(whole=False))
    if old["title"] != new["title"]:
        return Change(group, new["title"], _("umbenannt"), exchange(old["title"], new["title"]).inline())
    if old.get("file") != new.get("file"):
        return Change(group, new["title"], _("Datei ausgetauscht"))
    return None


def _come(part: Part) -> SafeString:
    if "html" in part:
        return compare("", part["html"]).inline()
    return compare_texts("", part["text"]).inline()


def _gone(part: Part) -> SafeString:
    if "html" in part:
        return compare(part["html"], "").inline()
    return compare_texts(part["text"], "").inline()


def last_answered(paper: Paper) -> Consultation | None:
    """The last stage of the route that has answered."""
    over = [stage for stage in paper.consultations.all() if stage.is_over]
    return over[-1] if over else None


def last_issue(paper: Paper, *, insider: bool) -> IssuedPaper | None:
    """The newest PDF of any stage that is still valid, and that the reader may know of."""
    issues = IssuedPaper.objects.all() if insider else IssuedPaper.objects.everybodys()
    valid = issues.filter(consultation__paper=paper, recall=None)
    return valid.select_related("file").defer("file__content").order_by("-file__issued_at").first()
