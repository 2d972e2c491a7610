"""An indicator as HTML: what it says now, where it should go, its chart and its figures as a table."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from django.utils.translation import gettext as _

from concepts.chart_data import drawn
from concepts.figures import FigureTable, aim, figure_table, latest
from concepts.models import Indicator
from concepts.tree import IndicatorNode


def indicator_card(
    node: IndicatorNode, heading: int, address: str, text: Callable[[str], str] = escape
) -> str:
    """One card of the grid below a field; `text` escapes and may mark words.

    `address` leads to the indicators' own pages; without it the card tells what they would.
    """
    row = node.indicator
    picture = chart(node)
    title = f'<a href="{address}{row.pk}/">{text(row.title)}</a>' if address else text(row.title)
    return (
        f'<article class="c-indicator{" c-indicator--drawn" if picture else ""}" id="indikator-{row.pk}">'
        f'<div><p class="c-eyebrow">{escape(row.get_level_display())}</p>'
        f'<h{heading} class="c-indicator__title">{title}</h{heading}>'
        f"{standing(node)}</div>{picture}{folded_table(node)}{'' if address else facts(node)}</article>"
    )


def facts(node: IndicatorNode) -> str:
    """What is said of the indicator besides its figures."""
    row = node.indicator
    found = (
        (_("Einheit"), row.unit),
        (_("Gewünschte Richtung"), row.get_trend_display()),
        (_("Quelle"), row.source),
        (_("Erhebung"), row.interval),
        (_("Misst das Ziel"), str(node.goal) if node.goal else ""),
        (_("Misst die Maßnahme"), f"{node.measure.code} {node.measure.title}" if node.measure else ""),
    )
    lines = "".join(f"<dt>{term}</dt><dd>{escape(value.strip())}</dd>" for term, value in found if value)
    description = f"<p>{escape(row.description)}</p>" if row.description else ""
    return f'<div class="c-indicator__facts">{description}<dl class="p-facts">{lines}</dl></div>'


def standing(node: IndicatorNode) -> str:
    """The newest value and the target, in words."""
    now, target = latest(node), aim(node)
    trend = node.indicator.get_trend_display() if node.indicator.trend != Indicator.Trend.NONE else ""
    if not node.indicator.quantitative:
        return f'<p class="c-indicator__word">{escape(now)}</p>' if now else ""
    lines = "".join(
        (
            f'<p class="c-indicator__now">{escape(now)}</p>' if now else "",
            f'<p class="c-indicator__aim">{_("Ziel: %s") % escape(target)}</p>' if target else "",
            f'<p class="c-indicator__aim">{escape(trend)}</p>' if trend and not target else "",
        )
    )
    return f'<div class="c-indicator__standing">{lines}</div>' if lines else ""


def chart(node: IndicatorNode) -> str:
    svg = drawn(node)
    if not svg:
        return ""
    # On a phone the picture keeps its size and is pushed aside: shrunk, its words could not be read.
    name = _("Diagramm: %s") % escape(node.indicator.title)
    return (
        f'<div class="c-chart" role="region" tabindex="0" aria-label="{name}">'
        f'<figure class="p-chart">{svg}</figure></div>'
    )


def folded_table(node: IndicatorNode) -> str:
    figures = figure_table(node)
    if not figures.rows:
        return ""
    name = _("Werte als Tabelle") if figures.numeric else _("Beobachtungen")
    return f'<details class="c-figures"><summary>{name}</summary>{table(node, figures)}</details>'


def table(node: IndicatorNode, figures: FigureTable) -> str:
    """The figures for the eye and for the screen reader; numbers stand right."""
    row = node.indicator
    number = ' class="p-number"' if figures.numeric else ""
    heads = "".join(f'<th scope="col"{number}>{escape(head)}</th>' for head in figures.heads)
    lines = "".join(
        f'<tr><th scope="row">{escape(period)}</th>'
        + "".join(f"<td{number}>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for period, cells in figures.rows
    )
    unit = _(" in %s") % escape(row.unit) if row.unit else ""
    hidden = f'<span class="p-visually-hidden">: {escape(row.title)}</span>'
    return (
        f'<div class="p-scroll" role="region" tabindex="0" aria-labelledby="werte-{row.pk}">'
        f'<table class="p-table p-table--dense">'
        f'<caption id="werte-{row.pk}">{_("Werte")}{unit}{hidden}</caption>'
        f'<thead><tr><th scope="col">{_("Zeitraum")}</th>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )
