"""concept.yaml: the concept with its fields, goals, measures, indicators, grants and versions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from simple_history.utils import bulk_create_with_history

from concepts.actions.versions import freeze_version
from concepts.models import (
    ActionField,
    AdditionalField,
    Chapter,
    Concept,
    ConceptVersion,
    Funding,
    FundingCondition,
    Goal,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from demo.loading.base import Loader
from demo.reading import LoadError, Row
from municipalities.models import Institution, Person


def load_concept_file(loader: Loader, file: Row) -> list[str]:
    """Returns the names of the versions to freeze once the town is complete."""
    loader.concept = save_concept(loader, file.take_row("concept"))
    loader.load_rows(file, "additional_fields", AdditionalField, municipality=loader.municipality)
    for row in file.take_rows("fundings"):
        key, conditions = row.take("key"), row.take_row_list("conditions")
        funding = loader.save(row, loader.build(Funding, row, concept=loader.concept), key)
        for position, condition in enumerate(conditions, start=1):
            loader.save(
                condition, loader.build(FundingCondition, condition, funding=funding, position=position)
            )
    loader.load_rows(file, "chapters", Chapter, concept=loader.concept)
    for position, row in enumerate(file.take_rows("fields"), start=1):
        load_field(loader, row, position)
    for measure, titles, place in loader.themes:  # all fields are known only now
        measure.themes.set([loader.find(ActionField, title, place) for title in titles])
    versions = [row.take("name") for row in file.take_rows("versions")]
    file.done()
    return versions


def save_concept(loader: Loader, row: Row) -> Concept:
    """The concept and, before it, the one it renews, of which a paper often tells no more than its name."""
    before = row.take("predecessor", None)
    predecessor = save_concept(loader, Row(before, f"{row.place}.predecessor")) if before else None
    new = loader.build(Concept, row, municipality=loader.municipality, predecessor=predecessor)
    concept: Concept = loader.save(row, new)
    return concept


def load_field(loader: Loader, row: Row, position: int) -> None:
    goals, measures = row.take_row_list("goals"), row.take_row_list("measures")
    indicators = row.take_row_list("indicators")
    field = loader.build(ActionField, row, concept=loader.concept, position=position)
    loader.save(row, field, field.title)
    for number, goal in enumerate(goals, start=1):
        load_goal(loader, goal, field, None, number)
    for number, measure in enumerate(measures, start=1):
        load_measure(loader, measure, field, number)
    for indicator in indicators:
        load_indicator(loader, indicator, field)


def load_goal(loader: Loader, row: Row, field: ActionField, parent: Goal | None, position: int) -> None:
    subgoals = row.take_row_list("goals")
    goal = loader.build(Goal, row, field=field, parent=parent, position=position)
    loader.save(row, goal, goal.code)
    for number, subgoal in enumerate(subgoals, start=1):
        load_goal(loader, subgoal, field, goal, number)


def load_measure(loader: Loader, row: Row, field: ActionField, position: int) -> None:
    goals = [loader.find(Goal, code, row.place) for code in row.take("goals", [])]
    partners, costs = loader.find_all(Institution, row, "partners"), row.take_row_list("costs")
    contacts, themes = loader.find_all(Person, row, "contacts"), row.take("themes", [])
    answers = {
        str(loader.find(AdditionalField, label, row.place).pk): answer
        for label, answer in row.take("additional", {}).items()
    }
    measure = loader.build(
        Measure,
        row,
        additional=answers,
        concept=loader.concept,
        field=field,
        position=position,
        responsible=loader.find(Institution, row.take("responsible", None), row.place),
        responsible_person=loader.find(Person, row.take("responsible_person", None), row.place),
    )
    loader.save(row, measure, measure.code)
    measure.goals.set(goals)
    measure.partners.set(partners)
    measure.contacts.set(contacts)
    if themes:
        loader.themes.append((measure, themes, row.place))
    for cost in costs:
        funding = loader.find(Funding, cost.take("funding", None), cost.place)
        loader.save(cost, loader.build(MeasureCost, cost, measure=measure, funding=funding))


def load_indicator(loader: Loader, row: Row, field: ActionField) -> None:
    values, targets = row.take("values", {}), row.take("targets", {})
    groups = row.take("groups", {})
    indicator = loader.build(
        Indicator,
        row,
        concept=loader.concept,
        field=field,
        goal=loader.find(Goal, row.take("goal", None), row.place),
        measure=loader.find(Measure, row.take("measure", None), row.place),
        position=loader.concept.indicators.count() + 1,
    )
    loader.save(row, indicator)
    load_figures(loader, IndicatorValue, row.place, indicator, {"": values, **groups})
    load_figures(loader, IndicatorTarget, row.place, indicator, {"": targets})


def load_figures(
    loader: Loader,
    model: type[IndicatorValue | IndicatorTarget],
    place: str,
    indicator: Indicator,
    groups: dict[str, dict[Any, Any]],
) -> None:
    figures: list[IndicatorValue | IndicatorTarget] = []
    for group, by_period in groups.items():
        for period, figure in by_period.items():
            said = {"text": figure} if isinstance(figure, str) else {"value": Decimal(str(figure))}
            figures.append(model(indicator=indicator, group=group, period=str(period), **said))
    try:
        for new in figures:
            new.clean_fields()
    except ValidationError as error:
        raise LoadError(f"{place}: {'; '.join(error.messages)}") from error
    bulk_create_with_history(figures, model)


def freeze_versions(loader: Loader, names: list[str]) -> None:
    """Last of all, for the copy is complete only then."""
    for name in names:
        version = freeze_version(concept=loader.concept, name=name, by=loader.by)
        loader.known[ConceptVersion, name] = version
