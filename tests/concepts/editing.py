"""Somebody who changes a concept at random, the same way each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from concepts.models import (
    ActionField,
    AdditionalField,
    Chapter,
    Concept,
    Funding,
    Goal,
    Indicator,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from municipalities.models import Institution, Person


class Editing:
    """Changes the concept, what it mentions and the town in every way there is."""

    def __init__(self, concept: Concept, seed: int) -> None:
        self.concept = concept
        self.town = concept.municipality
        self.random = random.Random(seed)
        self.number = 0
        self.ways: list[Callable[[], Any]] = [
            self.rename, self.rewrite, self.delete, self.move, self.link, self.rename_outside,
            self.rename_town, self.ask_differently, self.add, self.measure_again,
        ]  # fmt: skip

    def edit(self) -> str:
        way = self.random.choice(self.ways)
        way()
        return way.__name__

    def any(self, *models: Any) -> Any:
        """A row of the concept; None if there is none left."""
        model = self.random.choice(models)
        rows = list(model.objects.filter(**{model.concept_path: self.concept}))
        return self.random.choice(rows) if rows else None

    def new(self) -> str:
        self.number += 1
        return f"Neu {self.number}"

    def change(self, row: Any, **values: Any) -> None:
        if row is not None:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()

    def rename(self) -> None:
        self.change(self.any(ActionField, Measure, Indicator, Chapter), title=self.new())
        self.change(self.any(Goal), text=self.new(), code=self.new(), rank=self.number)

    def rewrite(self) -> None:
        self.change(
            self.any(Measure), text=f"<p>{self.new()}</p>", phase="completed", span="Anfang 2031",
            track="abandoned", track_reason=self.new(), permanent=True, responsible=None,
        )  # fmt: skip
        self.change(self.concept, title=self.new(), subtitle=self.new(), status="replaced", period="2040")
        self.change(self.concept, goal_level_names=[self.new()], note=self.new())

    def delete(self) -> None:
        row = self.any(ActionField, Goal, Measure, Indicator, Chapter, MeasureCost, IndicatorValue)
        if row is not None:
            row.delete()

    def move(self) -> None:
        target = self.any(ActionField)
        place = {"field": target, "position": 100 + self.number, "code": self.new()}
        if target is not None:
            self.change(self.any(Measure), **place)
            self.change(self.any(Goal), **place, parent=None)

    def link(self) -> None:
        measure, goal = self.any(Measure), self.any(Goal)
        if measure is not None and goal is not None:
            measure.goals.set([goal])
            measure.themes.clear()
            measure.partners.clear()
            measure.contacts.clear()

    def rename_outside(self) -> None:
        one = self.random.choice(Institution.objects.filter(municipality=self.town))
        self.change(one, name=self.new(), kind="church", sign=self.new())
        self.change(
            Person.objects.filter(contact_measures__isnull=False).first(), name=self.new(), function=""
        )

    def rename_town(self) -> None:
        colour = f"#{self.random.randrange(0xFFFFFF):06x}"
        self.change(self.town, name=self.new(), short_name=self.new(), colour=colour)

    def ask_differently(self) -> None:
        question = AdditionalField.objects.filter(municipality=self.town).first()
        self.change(question, label=self.new(), kind="choice", choices=[self.new()], active=False)
        if question is not None and self.random.random() < 0.3:
            question.delete()

    def add(self) -> None:
        field = ActionField.objects.create(
            concept=self.concept, position=100 + self.number, title=self.new(), code=self.new()
        )
        Measure.objects.create(field=field, position=1, title=self.new(), code=self.new())
        Funding.objects.create(concept=self.concept, programme=self.new(), grantor="Bund")

    def measure_again(self) -> None:
        self.change(
            self.any(IndicatorValue),
            value=Decimal(self.random.randrange(100)),
            period=str(2050 + self.number),
        )
        self.change(self.any(MeasureCost), amount=Decimal(self.random.randrange(10**6)), funding=None)
        self.change(self.any(Funding), programme=self.new(), amount=Decimal(1))
