"""Giving a paper its number: without gaps, and never the same twice."""

from __future__ import annotations

from committees.models import NumberSeries, Paper
from committees.numbering import checked, first_free, series_of


def next_number(paper: Paper) -> str:
    """Takes the next number of the paper's series. Inside the transaction of the release: who comes second
    waits at the series' row, and a release that fails gives nothing away."""
    series = series_of(paper)
    NumberSeries.objects.get_or_create(
        municipality=paper.municipality,
        key=series.key,
        defaults={"last": first_free(series, paper, None) - 1},
    )
    counted = NumberSeries.objects.select_for_update().get(municipality=paper.municipality, key=series.key)
    running = first_free(series, paper, counted.last)
    number = checked(series, running)
    # Not a change that somebody made to the series: the paper's history tells of it.
    NumberSeries.objects.filter(pk=counted.pk).update(last=running)
    return number
