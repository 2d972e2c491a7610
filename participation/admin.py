"""Processes, groups and events in the administration."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from municipalities.administration import TownAdmin, TownInline
from participation.models import Event, Group, Invitation, Phase, Process, ProcessModeration, Seat


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


@admin.register(ProcessModeration)
class ProcessModerationAdmin(TownAdmin):
    """Taken away here; given by an invitation."""

    list_display = ["user", "process"]
    list_select_related = ["user", "process"]
    autocomplete_fields = ["process", "user"]
    search_fields = ["user__name", "process__title"]


@admin.register(Invitation)
class InvitationAdmin(TownAdmin):
    """What was asked and answered. Sent, repeated and withdrawn on the group's page."""

    frozen = True
    list_display = ["email", "name", "group", "process", "state_in_words", "sent_at", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["group", "process"]
    search_fields = ["email", "name"]
    exclude = ["token_hash"]

    @admin.display(description=_("Stand"))
    def state_in_words(self, invitation: Invitation) -> str:
        return invitation.state_in_words
