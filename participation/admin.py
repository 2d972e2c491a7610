"""Processes, groups and events in the administration."""

from __future__ import annotations

from django.contrib import admin

from municipalities.administration import TownAdmin, TownInline
from participation.models import Event, Group, Phase, Process, Seat


class PhaseInline(TownInline):
    model = Phase


@admin.register(Process)
class ProcessAdmin(TownAdmin):
    list_display = ["title", "span", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["title"]
    autocomplete_fields = ["concept", "organiser", "moderator"]
    inlines = [PhaseInline]


@admin.register(Phase)
class PhaseAdmin(TownAdmin):
    list_display = ["title", "span", "process"]
    list_select_related = ["process"]
    search_fields = ["title"]
    autocomplete_fields = ["process"]


class SeatInline(TownInline):
    model = Seat
    autocomplete_fields = ["institution", "person"]


@admin.register(Group)
class GroupAdmin(TownAdmin):
    list_display = ["name", "kind", "municipality"]
    list_filter = ["kind"]
    list_select_related = ["municipality"]
    search_fields = ["name"]
    autocomplete_fields = ["process", "fields", "founded_at", "predecessor"]
    inlines = [SeatInline]


@admin.register(Event)
class EventAdmin(TownAdmin):
    list_display = ["title", "kind", "date", "state", "process"]
    list_filter = ["kind", "state"]
    list_select_related = ["process"]
    search_fields = ["title"]
    autocomplete_fields = ["process", "phase", "groups", "moderator"]
