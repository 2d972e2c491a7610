"""How long the pages of the workbench take, as multiples of an empty page behind the same middleware."""

from __future__ import annotations

from django.test import Client

from concepts.kinds import workbench_url
from concepts.models import Concept, Goal, Indicator, IndicatorValue, Measure
from municipalities.models import Municipality, User
from tests.bench.measuring import Report, ratio
from tests.bench.pages import big_concept, times_empty, times_empty_after_change

INDICATORS, VALUES = 200, 25


def full_concept(town: Municipality) -> Concept:
    """12 fields, 60 goals, 600 measures, 200 indicators, 5,000 values."""
    concept = big_concept(town, slug="werkstatt", code="W")
    goals = list(Goal.objects.filter(field__concept=concept))
    for number in range(INDICATORS):
        goal = goals[number % len(goals)]
        indicator = Indicator.objects.create(
            concept=concept, field=goal.field, goal=goal, position=number + 1, title=f"Indikator {number}"
        )
        IndicatorValue.objects.bulk_create(
            IndicatorValue(indicator=indicator, period=str(1995 + year), value=year) for year in range(VALUES)
        )
    return concept


def measure_workbench(report: Report) -> None:
    town = Municipality.objects.get(slug="leverkusen")
    concept = Concept.objects.filter(municipality=town, slug="werkstatt").first() or full_concept(town)
    client = Client()
    client.force_login(User.objects.get(email="redaktion@leverkusen.example"))
    base = workbench_url(concept)
    report.add("workbench, changed", times_empty_after_change(client, concept, base), 40)
    etag = client.get(base).headers.get("ETag", "")
    unchanged = times_empty(client, base, status=304, **{"If-None-Match": etag})
    report.add("workbench, unchanged (304)", unchanged, 3)
    report.add("a list of 100 measures", times_empty(client, f"{base}massnahmen/"), 25)

    measure = Measure.objects.filter(concept=concept)[0]
    form = workbench_url(concept, measure)
    report.add("a measure's form", times_empty(client, form), 25)
    small = Concept.objects.filter(municipality=town, slug="klein").first() or big_concept(
        town, slug="klein", code="K", measures=6
    )
    other = workbench_url(small, Measure.objects.filter(concept=small)[0])
    value = ratio(lambda: client.get(form), lambda: client.get(other), 21)
    report.add("a measure's form, 600 measures / 6", value, 1.3)
