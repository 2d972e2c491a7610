"""Which number a paper gets: by its type's pattern or the town's, its date, its department, and the paper
that it belongs to."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import CouncilTerm, NumberSeries, Paper
from municipalities.number_patterns import OF_ANOTHER, Series, filled, names_in

LONGEST = Paper._meta.get_field("number").max_length or 40


def series_of(paper: Paper) -> Series:
    """Raises ValidationError with a sentence that says what is missing."""
    pattern = paper.number_pattern
    if not pattern:
        raise ValidationError(
            _(
                "Für Vorlagen der Art „%s“ ist noch nicht festgelegt, wie ihre Nummer lautet. "
                "Die Fachadministration trägt das Muster in der Verwaltung bei der Vorlagenart "
                "oder bei der Kommune ein."
            )
            % paper.paper_type
        )
    day = paper.date or timezone.localdate()
    needed = names_in(pattern)
    values = {"jahr": f"{day.year:04d}", "jahr2": f"{day.year % 100:02d}"}
    if "amt" in needed:
        values["amt"] = _department_sign(paper)
    if "wahlperiode" in needed:
        values["wahlperiode"] = _term(paper, day)
    if OF_ANOTHER in needed:
        values[OF_ANOTHER] = _number_of_the_other(paper)
    series = filled(pattern, values)
    checked(series, 1)
    return series


def _department_sign(paper: Paper) -> str:
    if paper.department is None:
        raise ValidationError(
            _(
                "Die Nummer enthält das Kurzzeichen des Fachbereichs. "
                "Bitte wählen Sie in der Vorlage den federführenden Fachbereich."
            )
        )
    if not paper.department.sign:
        raise ValidationError(
            _(
                "Die Nummer enthält das Kurzzeichen des Fachbereichs, aber „%s“ hat keines. "
                "Die Fachadministration trägt es in der Verwaltung unter „Einrichtungen“ ein."
            )
            % paper.department
        )
    return paper.department.sign


def _term(paper: Paper, day: datetime.date) -> str:
    term = CouncilTerm.objects.in_town(paper.municipality).on(day).first()
    if term is None:
        raise ValidationError(
            _(
                "Der %(day)s liegt in keiner eingetragenen Wahlperiode. Die Fachadministration trägt sie in "
                "der Verwaltung unter „Wahlperioden“ ein; oder berichtigen Sie das Datum der Vorlage."
            )
            % {"day": f"{day:%d.%m.%Y}"}
        )
    return str(term.number)


def _number_of_the_other(paper: Paper) -> str:
    relations = paper.relations.filter(kind=paper.paper_type.relation).select_related("other")
    relation = relations.order_by("pk").first()
    if relation is None:
        raise ValidationError(
            _(
                "Die Nummer beginnt mit der Nummer der Vorlage, zu der diese gehört. "
                "Bitte tragen Sie bei den Bezügen ein, welche das ist."
            )
        )
    number = relation.other.number if relation.other else relation.other_number
    if not number:
        raise ValidationError(
            _("Die Vorlage „%s“, zu der diese gehört, hat noch keine Nummer. Geben Sie zuerst jene frei.")
            % relation.other
        )
    return str(number)


def first_free(series: Series, paper: Paper, last: int | None) -> int:
    """The running number after `last`, or, where none was counted, after the highest that there is. What
    somebody gave by hand is passed over."""
    numbers = (
        Paper.objects.in_town(paper.municipality)
        .filter(number__startswith=series.before, number__endswith=series.after)
        .exclude(pk=paper.pk)
        .values_list("number", flat=True)
    )
    taken = {running for number in numbers if (running := series.running(number)) is not None}
    running = (max(taken, default=0) if last is None else last) + 1
    while running in taken:
        running += 1
    return running


def expected_number(paper: Paper) -> str:
    """What the paper would be called, were it released now. Raises ValidationError like `series_of`."""
    series = series_of(paper)
    counted = NumberSeries.objects.in_town(paper.municipality).filter(key=series.key).first()
    return checked(series, first_free(series, paper, counted.last if counted else None))


def checked(series: Series, running: int) -> str:
    number = series.number(running)
    if len(number) > LONGEST:
        raise ValidationError(
            _("Die Nummer „%(number)s“ wäre länger als %(most)d Zeichen. Bitte kürzen Sie das Muster.")
            % {"number": number, "most": LONGEST}
        )
    return number
