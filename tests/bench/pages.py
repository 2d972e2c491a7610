"""How long pages take, as multiples of an empty page behind the same middleware."""

from __future__ import annotations

import datetime
import statistics

from django.test import Client
from django.urls import reverse

from committees.models import Committee, Consultation, Meeting, Paper, PaperType
from concepts.models import ActionField, Concept, Goal, Measure
from municipalities.models import Institution, Municipality, User
from tests.bench.measuring import Report, seconds

ROUNDS = 41
MEASURES = 600
STAGES = 22
TEXT = "<p>Was getan wird, mit wem und für wen, in zwei bis drei ganzen Sätzen beschrieben.</p>" * 3


def big_concept(
    town: Municipality, *, slug: str = "messung", code: str = "M", measures: int = MEASURES
) -> Concept:
    """12 fields with 5 goals each; the measures are shared out among the first goals, ten to each."""
    concept = Concept.objects.create(
        municipality=town, title=f"Messung {slug}", slug=slug, goal_level_names=["Leitziel"]
    )
    office = Institution.objects.get_or_create(
        municipality=town, name="Messamt", kind=Institution.Kind.DEPARTMENT
    )[0]
    left = measures
    for f in range(12):
        field = ActionField.objects.create(
            concept=concept, position=f + 1, code=f"{code}{f}", title=f"Handlungsfeld {f}"
        )
        for g in range(5):
            goal = Goal.objects.create(
                field=field, position=g + 1, code=f"{code}{f}.{g}", text=f"Leitziel {f}.{g} " * 3
            )
            rows = Measure.objects.bulk_create(
                Measure(
                    concept=concept,
                    field=field,
                    position=g * 10 + m + 1,
                    code=f"{code}{f}.{g}.{m}",
                    title=f"Maßnahme {m} zum Leitziel {f}.{g}",
                    text=TEXT,
                    responsible=office,
                )
                for m in range(min(10, left))
            )
            left -= len(rows)
            goal.measures.set(rows)
    return concept


def long_route(town: Municipality) -> Paper:
    committee = Committee.objects.filter(municipality=town).first()
    paper_type = PaperType.objects.filter(municipality=town).first()
    assert committee is not None
    assert paper_type is not None
    paper = Paper.objects.create(
        municipality=town,
        paper_type=paper_type,
        layout=paper_type.layout,
        number="2017/9999",
        subject="Messung",
    )
    for position in range(1, STAGES + 1):
        meeting = Meeting.objects.create(
            municipality=town, title=f"Messsitzung {position}", date=datetime.date(2030, 1, position)
        )
        Consultation.objects.create(
            paper=paper,
            position=position,
            committee=committee,
            meeting=meeting,
            role="Beratung",
            meaning="advise",
        )
    return paper


def times_empty(client: Client, address: str, *, status: int = 200, **headers: str) -> float:
    """A discarded empty page, an empty page, then the page, in turn; the ratio of the medians."""

    def page() -> None:
        assert client.get(address, headers=headers).status_code == status, address

    def empty() -> None:
        assert client.get("/leere-seite/").status_code == 200

    page()
    pairs = []
    for _ in range(ROUNDS):
        empty()
        pairs.append((seconds(empty), seconds(page)))
    return statistics.median(p for _, p in pairs) / statistics.median(e for e, _ in pairs)


def times_empty_after_change(client: Client, row: Concept | Paper, address: str = "") -> float:
    """As `times_empty`, but the row has changed before each page: its own, or the one at the address."""
    page = address or row.get_absolute_url()
    pairs = []
    for _ in range(ROUNDS // 2):
        row.touch()
        client.get("/leere-seite/")
        empty = seconds(lambda: client.get("/leere-seite/"))
        pairs.append((empty, seconds(lambda: client.get(page))))
    return statistics.median(p for _, p in pairs) / statistics.median(e for e, _ in pairs)


def measure_pages(report: Report) -> None:
    town = Municipality.objects.get(slug="leverkusen")
    concept = Concept.objects.filter(municipality=town, slug="messung").first() or big_concept(town)
    paper = Paper.objects.filter(municipality=town, number="2017/9999").first() or long_route(town)
    client = Client()
    client.force_login(User.objects.get(email="redaktion@leverkusen.example"))
    address = concept.get_absolute_url()
    report.add("concept tree, 600 measures, changed", times_empty_after_change(client, concept), 60)
    etag = client.get(address).headers.get("ETag", "")
    report.add(
        "concept tree, unchanged (304)",
        times_empty(client, address, status=304, **{"If-None-Match": etag}),
        3,
    )
    report.add("concept tree, unchanged, whole page", times_empty(client, address), None)
    search = "/suche/?q=leitziel"
    report.add("search over 600 measures, first page", times_empty(client, search), None)
    report.add("search over 600 measures, changed", times_empty_after_change(client, concept, search), None)
    report.add("paper page with 22 stages", times_empty(client, paper.get_absolute_url()), 20)
    report.add("paper page with 22 stages, changed", times_empty_after_change(client, paper), None)
    measure_reading(report, paper)


MANY, FEW = 2000, 20
SUBJECT = "Messung des Lesens"


def measure_reading(report: Report, paper: Paper) -> None:
    """In a town with few papers and in one with many. What a member may read takes subqueries to say, an
    editor's rights take none."""
    client, editing = Client(), Client()
    client.force_login(User.objects.get(email="ratsmitglied@leverkusen.example"))
    editing.force_login(User.objects.get(email="redaktion@leverkusen.example"))
    reading = reverse("council:paper", args=[paper.municipality.slug, paper.pk])
    overview = reverse("council:committees", args=[paper.municipality.slug])
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    for count in (FEW, MANY):
        many_papers(paper, count)
        name = f"with {count} papers"
        report.add(f"reading page with 22 stages, {name}", times_empty(editing, reading), 25)
        report.add(f"the same, a council member's, {name}", times_empty(client, reading), 36)
        report.add(f"my committees, {name}", times_empty(client, overview), 35)
        report.add(f"the start page, a council member's, {name}", times_empty(client, "/"), 200)


def many_papers(like: Paper, count: int) -> None:
    """Released ones of the same town, each with a stage; as many as are still lacking."""
    town = like.municipality
    known = Paper.objects.filter(municipality=town, subject=SUBJECT).count()
    stage = like.consultations.all()[0]
    rows = Paper.objects.bulk_create(
        Paper(
            municipality=town,
            paper_type=like.paper_type,
            layout=like.layout,
            number=f"2018/{number:05d}",
            subject=SUBJECT,
            state=Paper.State.RELEASED,
        )
        for number in range(known, count)
    )
    Consultation.objects.bulk_create(
        Consultation(paper=row, position=1, committee=stage.committee, meeting=stage.meeting) for row in rows
    )
