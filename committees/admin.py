"""Committees, meetings, layouts and papers in the administration."""

from __future__ import annotations

from django.contrib import admin

from committees.models import (
    AgendaItem,
    Assessment,
    Committee,
    CommitteeSeat,
    Consultation,
    Faction,
    IssuedPaper,
    LayoutBlock,
    Meeting,
    Paper,
    PaperAttachment,
    PaperLayout,
    PaperRelation,
    PaperSignature,
    PaperType,
    ResolutionPoint,
    Section,
)
from municipalities.administration import FrozenAdmin, TownAdmin, TownInline


class CommitteeSeatInline(TownInline):
    model = CommitteeSeat
    autocomplete_fields = ["person", "faction"]


@admin.register(Committee)
class CommitteeAdmin(TownAdmin):
    list_display = ["name", "kind", "decides", "municipality"]
    list_filter = ["kind"]
    list_select_related = ["municipality"]
    search_fields = ["name"]
    inlines = [CommitteeSeatInline]


@admin.register(Faction)
class FactionAdmin(TownAdmin):
    list_display = ["name", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["name"]


class AgendaItemInline(TownInline):
    model = AgendaItem


@admin.register(Meeting)
class MeetingAdmin(TownAdmin):
    list_display = ["title", "date", "cancelled", "municipality"]
    list_select_related = ["municipality"]
    date_hierarchy = "date"
    search_fields = ["title"]
    autocomplete_fields = ["committees"]
    inlines = [AgendaItemInline]


@admin.register(AgendaItem)
class AgendaItemAdmin(TownAdmin):
    list_display = ["number", "title", "meeting"]
    list_select_related = ["meeting"]
    search_fields = ["number", "title"]
    autocomplete_fields = ["meeting"]


class LayoutBlockInline(TownInline):
    model = LayoutBlock


@admin.register(PaperLayout)
class PaperLayoutAdmin(TownAdmin):
    list_display = ["name", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["name"]
    inlines = [LayoutBlockInline]


@admin.register(PaperType)
class PaperTypeAdmin(TownAdmin):
    list_display = ["name", "layout", "municipality"]
    list_select_related = ["layout", "municipality"]
    search_fields = ["name"]
    autocomplete_fields = ["layout"]


class SectionInline(TownInline):
    model = Section


class ResolutionPointInline(TownInline):
    model = ResolutionPoint
    autocomplete_fields = ["measures"]


class AssessmentInline(TownInline):
    model = Assessment


class PaperSignatureInline(TownInline):
    model = PaperSignature
    autocomplete_fields = ["person"]


class PaperAttachmentInline(TownInline):
    model = PaperAttachment
    autocomplete_fields = ["concept_version", "file"]


class PaperRelationInline(TownInline):
    model = PaperRelation
    fk_name = "paper"
    autocomplete_fields = ["other"]


class ConsultationInline(TownInline):
    model = Consultation
    fields = ["position", "committee", "meeting", "role", "meaning", "treatment"]
    autocomplete_fields = ["committee", "meeting"]
    show_change_link = True


@admin.register(Paper)
class PaperAdmin(TownAdmin):
    list_display = ["number", "subject", "paper_type", "date", "public"]
    list_filter = ["public"]
    list_select_related = ["paper_type"]
    search_fields = ["number", "subject"]
    autocomplete_fields = ["paper_type", "layout", "department", "author", "concept", "process"]
    inlines = [
        ConsultationInline,
        ResolutionPointInline,
        SectionInline,
        AssessmentInline,
        PaperSignatureInline,
        PaperAttachmentInline,
        PaperRelationInline,
    ]


@admin.register(Consultation)
class ConsultationAdmin(TownAdmin):
    list_display = ["paper", "position", "committee", "role", "outcome"]
    list_select_related = ["paper", "committee"]
    search_fields = ["paper__number", "committee__name"]
    autocomplete_fields = ["paper", "committee", "joint_committees", "meeting", "agenda_item"]


@admin.register(IssuedPaper)
class IssuedPaperAdmin(FrozenAdmin):
    list_display = ["consultation", "number", "file"]
    list_select_related = ["consultation__paper__municipality", "consultation__committee", "file"]
    fields = ["consultation", "number", "file", "reason"]
    search_fields = ["consultation__paper__number"]
