"""Concepts in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

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
from municipalities.administration import FrozenAdmin, TownAdmin, TownInline


@admin.register(Concept)
class ConceptAdmin(TownAdmin):
    list_display = ["title", "status", "period", "municipality"]
    list_filter = ["status"]
    list_select_related = ["municipality"]
    search_fields = ["title"]
    autocomplete_fields = ["predecessor"]
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Chapter)
class ChapterAdmin(TownAdmin):
    list_display = ["title", "place", "position", "concept"]
    list_select_related = ["concept"]
    search_fields = ["title"]
    autocomplete_fields = ["concept"]


@admin.register(ActionField)
class ActionFieldAdmin(TownAdmin):
    list_display = ["title", "code", "kind", "concept"]
    list_filter = ["kind"]
    list_select_related = ["concept"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["concept"]


@admin.register(Goal)
class GoalAdmin(TownAdmin):
    list_display = ["text", "code", "field", "rank"]
    list_select_related = ["field"]
    search_fields = ["code", "text"]
    autocomplete_fields = ["field", "parent"]


@admin.register(AdditionalField)
class AdditionalFieldAdmin(TownAdmin):
    list_display = ["label", "kind", "position", "active", "municipality"]
    list_filter = ["kind", "active"]
    list_select_related = ["municipality"]
    search_fields = ["label"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As on the town's own page: what was answered stays readable."""
        answered = isinstance(obj, AdditionalField) and obj.answers().total() > 0
        return not answered and super().has_delete_permission(request, obj)


class MeasureCostInline(TownInline):
    model = MeasureCost
    autocomplete_fields = ["funding"]


@admin.register(Measure)
class MeasureAdmin(TownAdmin):
    list_display = ["title", "code", "field", "responsible", "phase", "track"]
    list_filter = ["phase", "track", "kind"]
    list_select_related = ["field", "responsible"]
    search_fields = ["code", "title"]
    autocomplete_fields = [
        "concept",
        "field",
        "goals",
        "themes",
        "responsible",
        "responsible_person",
        "partners",
        "contacts",
    ]
    inlines = [MeasureCostInline]


class IndicatorValueInline(TownInline):
    model = IndicatorValue


class IndicatorTargetInline(TownInline):
    model = IndicatorTarget


@admin.register(Indicator)
class IndicatorAdmin(TownAdmin):
    list_display = ["title", "level", "field", "unit"]
    list_filter = ["level", "quantitative"]
    list_select_related = ["field"]
    search_fields = ["title"]
    autocomplete_fields = ["concept", "field", "goal", "measure"]
    inlines = [IndicatorValueInline, IndicatorTargetInline]


class FundingConditionInline(TownInline):
    model = FundingCondition


@admin.register(Funding)
class FundingAdmin(TownAdmin):
    list_display = ["programme", "grantor", "amount", "concept"]
    list_select_related = ["concept"]
    search_fields = ["programme", "grantor"]
    autocomplete_fields = ["concept"]
    inlines = [FundingConditionInline]


@admin.register(ConceptVersion)
class ConceptVersionAdmin(FrozenAdmin):
    list_display = ["name", "concept", "number"]
    list_select_related = ["concept"]
    fields = ["concept", "number", "name", "sha256", "pdf"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")
