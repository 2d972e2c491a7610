"""What a paper says at a moment, to one reader; and what became different between two moments.

A state is plain data (JSON), so that a reader's last one can be kept: lists of parts, each with a `key` that
stays, a `title` and what it says (`html` or `text`). What the reader may not read stands in none of them; its
keys are in `hidden`, so that what was readable once and is not any more does not come back as "removed".
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
from committees.carrying import accepted, amendments_of, carried, measures_of, with_amendments
from committees.getters import route
from committees.layout_files import blocks_of
from committees.models import Amendment, Consultation, IssuedPaper, Meeting, Paper, PaperAttachment
from committees.printing.amended import heading_of
from committees.printing.contexts import stage_role
from committees.printing.withheld import public_ballot_lines
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
        "resolution_points",
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
    for consultation in paper.consultations.all():
        consultation.paper = paper
    hidden: list[str] = []
    state: State = {
        "revision": str(getattr(paper, "revision", "0")),
        "insider": insider,
        "hidden": hidden,
        "points": _points(paper, stage, at, insider, hidden),
        "texts": _texts(paper, insider, hidden),
        "results": _results(paper, stage, at, insider, hidden),
        "route": _route(paper) if at is None else _route_at(paper, at),
        "attachments": (
            _attachments(paper, insider, hidden)
            if at is None
            else _attachments_at(paper, at, insider, hidden)
        ),
    }
    return state


def _points(
    paper: Paper,
    stage: Consultation | None,
    at: datetime.datetime | None,
    insider: bool,
    hidden: list[str],
) -> list[Part]:
    """As the committees carried them; then the measures that they want otherwise."""
    parts = []
    points = list(paper.resolution_points.all())
    amendments = [one for one in _accepted(paper, stage, at) if insider or one.consultation.has_public_result]
    rows = carried(points, amendments)
    for row in rows:
        key = f"punkt-{row.point.pk}" if row.point else f"neuer-punkt-{row.position}"
        if row.point and not (row.point.public or insider):
            hidden.append(key)
        elif not row.only_beside:
            title = heading_of(row) if len(rows) > 1 else _("Beschlussvorschlag")
            parts.append({"key": key, "title": title, "html": row.text})
    for measure in measures_of(amendments):
        key = f"massnahme-{measure.measure.pk}" if measure.measure else ""
        parts.append({"key": key, "title": heading_of(measure), "html": measure.text})
    return parts


def _accepted(paper: Paper, stage: Consultation | None, at: datetime.datetime | None) -> list[Amendment]:
    """In their order: before this stage, or until this moment."""
    amendments = amendments_of(paper)
    if at is not None:
        entries = _latest(Amendment.history.filter(paper_id=paper.pk, history_date__lte=at))
        known = {entry.id for entry in entries if entry.state == Amendment.State.ACCEPTED}
        amendments = [amendment for amendment in amendments if amendment.pk in known]
    return accepted(amendments, stage.position if stage else None)


def _texts(paper: Paper, insider: bool, hidden: list[str]) -> list[Part]:
    """In the order and under the titles of the layout; then the reasons of the points."""
    bodies = {section.key: section for section in paper.sections.all()}
    parts = []
    for key, title in _places(paper):
        section = bodies.get(key)
        if section is None or not section.body:
            continue
        if section.public or insider:
            parts.append({"key": key, "title": title, "html": section.body})
        else:
            hidden.append(key)
    for point in paper.resolution_points.all():
        key = f"zu-{point.pk}"
        if not point.reasons:
            continue
        if point.public or insider:
            parts.append({"key": key, "title": _("Zu Punkt %d") % point.position, "html": point.reasons})
        else:
            hidden.append(key)
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
    hidden: list[str],
) -> list[Part]:
    parts = []
    for consultation in paper.consultations.all():
        if not consultation.is_over or (stage is not None and consultation.position >= stage.position):
            continue
        if at is not None and (consultation.recorded_at is None or consultation.recorded_at > at):
            continue
        key = f"ergebnis-{consultation.pk}"
        if not (consultation.has_public_result or insider):
            hidden.append(key)
            continue
        parts.append(
            {
                "key": key,
                "title": consultation.committee_names(),
                "text": result_in_words(consultation, insider=insider),
            }
        )
    return parts


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
    return {"key": f"stufe-{pk}", "title": title, "text": text}


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


def _attachments(paper: Paper, insider: bool, hidden: list[str]) -> list[Part]:
    parts = []
    for attachment in paper.attachments.all():
        key = f"anlage-{attachment.pk}"
        if not (attachment.public or insider):
            hidden.append(key)
            continue
        file = attachment.issued_file
        parts.append({"key": key, "title": attachment.title, "text": "", "file": file.sha256 if file else ""})
    return parts


def _attachments_at(paper: Paper, at: datetime.datetime, insider: bool, hidden: list[str]) -> list[Part]:
    """From the history; public is what is public today."""
    today = {attachment.pk: attachment for attachment in paper.attachments.all()}
    hidden += [f"anlage-{pk}" for pk, one in today.items() if not (one.public or insider)]
    entries = PaperAttachment.history.filter(paper_id=paper.pk, history_date__lte=at)
    parts = []
    for entry in sorted(_latest(entries), key=lambda entry: entry.position):
        now = today.get(entry.id)
        if not (insider or (now.public if now else entry.public)):
            continue
        same = now is not None and (now.file_id, now.concept_version_id) == (
            entry.file_id,
            entry.concept_version_id,
        )
        file = now.issued_file if same and now else None
        sha256 = file.sha256 if file else "" if same else f"{entry.file_id}-{entry.concept_version_id}"
        parts.append({"key": f"anlage-{entry.id}", "title": entry.title, "text": "", "file": sha256})
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
    """In the order of the page. Nothing that the later state hides from its reader."""
    if before.get("insider") and not after.get("insider"):
        return []  # what was readable then is not any more: nothing can be compared without telling of it
    hidden = set(after.get("hidden", ()))
    found: list[Change] = []
    for name in LISTS:
        old = {part["key"]: part for part in before.get(name, ()) if part["key"] not in hidden}
        new = {part["key"]: part for part in after.get(name, ())}
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
