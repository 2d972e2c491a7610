"""Committees, meetings, layouts and papers in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from committees.actions.signing import text_changed
from committees.blocks import BlockError, BlockKind, check_order
from committees.models import (
    AgendaItem,
    Assessment,
    CheckOverride,
    Committee,
    CommitteeSeat,
    Consultation,
    CouncilTerm,
    Deputyship,
    Faction,
    HearingRule,
    IssuedPaper,
    LayoutBlock,
    Meeting,
    NumberSeries,
    PageReference,
    Paper,
    PaperAttachment,
    PaperLayout,
    PaperRelation,
    PaperSignature,
    PaperType,
    ResolutionPoint,
    RouteTemplate,
    RouteTemplateStage,
    Section,
    SigningChain,
    SigningStep,
)
from municipalities.administration import FrozenAdmin, TownAdmin, TownInline
from municipalities.getters import signed_in
from municipalities.versioned_forms import VersionedForm


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

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Without it nothing would say that the stage was dealt with in the non-public part."""
        return super().has_delete_permission(request, obj) and not (obj and tells_closed(obj))


def tells_closed(item: AgendaItem) -> bool:
    stage = Consultation.objects.filter(agenda_item=item).first()
    return not item.public and stage is not None and (stage.is_over or stage.amendments.exists())


class LayoutBlockFormSet(BaseInlineFormSet):
    """The blocks of a layout; in an order that cannot be printed they are not saved."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return  # a block that is wrong in itself says so first
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data]
        kept = sorted((row for row in rows if not row["DELETE"]), key=lambda row: row["position"])
        try:
            check_order((BlockKind(row["kind"]), row["options"] or {}) for row in kept)
        except BlockError as error:
            raise ValidationError(str(error)) from error


class LayoutBlockInline(TownInline):
    model = LayoutBlock
    formset = LayoutBlockFormSet

    def get_extra(self, request: HttpRequest, obj: PaperLayout | None = None, **kwargs: Any) -> int:
        """A new layout cannot do without a block."""
        return 0 if obj else 1


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


@admin.register(CouncilTerm)
class CouncilTermAdmin(TownAdmin):
    list_display = ["number", "first_day", "last_day", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["number"]


@admin.register(NumberSeries)
class NumberSeriesAdmin(TownAdmin):
    list_display = ["key", "last", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["key"]


class SigningStepInline(TownInline):
    model = SigningStep
    autocomplete_fields = ["person"]

    def get_extra(self, request: HttpRequest, obj: SigningChain | None = None, **kwargs: Any) -> int:
        """A new chain cannot do without a step."""
        return 0 if obj else 1


@admin.register(SigningChain)
class SigningChainAdmin(TownAdmin):
    list_display = ["name", "default", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["name"]
    autocomplete_fields = ["paper_types"]
    inlines = [SigningStepInline]


@admin.register(Deputyship)
class DeputyshipAdmin(TownAdmin):
    list_display = ["person", "deputy", "first_day", "last_day"]
    list_select_related = ["person", "deputy"]
    search_fields = ["person__name", "deputy__name"]
    autocomplete_fields = ["person", "deputy"]


class ReadersSetElsewhere:
    """Who may read a row is shown here and set on the pages of the paper: they look at agendas, minutes and
    PDFs as well (`actions/publicity.py`, `actions/routing.py`)."""

    readers_fields: tuple[str, ...] = ("public", "non_public_reason", "non_public_by")
    readers_page = _("Das ändern Sie im Portal auf der Seite „Öffentlichkeit“ der Vorlage.")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readers_fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        names: list[str] = self.get_fields(request, obj)  # type: ignore[attr-defined]
        own = [name for name in names if name not in self.readers_fields]
        told = {"fields": self.readers_fields, "description": self.readers_page}
        return [(None, {"fields": own}), (_("Wer das liest"), told)]


class SectionInline(ReadersSetElsewhere, TownInline):
    model = Section


class ResolutionPointInline(ReadersSetElsewhere, TownInline):
    model = ResolutionPoint
    autocomplete_fields = ["measures"]


class AssessmentInline(TownInline):
    model = Assessment


class PaperSignatureInline(TownInline):
    model = PaperSignature
    autocomplete_fields = ["person"]


class PaperAttachmentInline(ReadersSetElsewhere, TownInline):
    model = PaperAttachment
    autocomplete_fields = ["concept_version", "file"]


class PageReferenceInline(TownInline):
    model = PageReference
    autocomplete_fields = ["field"]


class PaperRelationInline(TownInline):
    model = PaperRelation
    fk_name = "paper"
    autocomplete_fields = ["other"]


class StageReaders(ReadersSetElsewhere):
    readers_fields = ("treatment", "result_public", "non_public_reason", "non_public_by")
    readers_page = _(
        "Die Behandlung ändern Sie im Portal in der Beratungsfolge der Vorlage. Ob das Ergebnis öffentlich "
        "ist und warum nicht, ändern Sie auf der Seite „Öffentlichkeit“ der Vorlage."
    )


class ConsultationInline(StageReaders, TownInline):
    model = Consultation
    fields = ["position", "committee", "meeting", "role", "meaning"]
    autocomplete_fields = ["committee", "meeting"]
    show_change_link = True


@admin.register(Paper)
class PaperAdmin(ReadersSetElsewhere, TownAdmin):
    list_display = ["number", "subject", "paper_type", "date", "public"]
    list_filter = ["public"]
    list_select_related = ["paper_type"]
    search_fields = ["number", "subject"]
    autocomplete_fields = ["paper_type", "layout", "department", "author", "concept", "process"]
    readers_fields = (*ReadersSetElsewhere.readers_fields, "public_subject", "reading_offices")
    inlines = [
        ConsultationInline,
        ResolutionPointInline,
        SectionInline,
        AssessmentInline,
        PaperSignatureInline,
        PaperAttachmentInline,
        PageReferenceInline,
        PaperRelationInline,
    ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Who has signed another text is asked again, whichever way the change was made."""
        super().save_related(request, form, formsets, change)
        text_changed(paper=form.instance, by=signed_in(request))


class StageForm(VersionedForm):
    def clean_agenda_item(self) -> AgendaItem | None:
        """One of the public part only for what is public; what was dealt with in the other stays there."""
        item: AgendaItem | None = self.cleaned_data["agenda_item"]
        stored = AgendaItem.objects.filter(consultation=self.instance.pk).first()
        if stored and item != stored and tells_closed(stored):
            raise ValidationError(
                _("Darüber ist im nichtöffentlichen Teil beraten worden. Der Tagesordnungspunkt bleibt.")
            )
        if item and item.public and "agenda_item" in self.changed_data:
            item.consultation = self.instance  # in memory; it is another's or none's
            if why := item.why_not_public():
                raise ValidationError(why)
        return item


@admin.register(Consultation)
class ConsultationAdmin(StageReaders, TownAdmin):
    form = StageForm
    list_display = ["paper", "position", "committee", "role", "outcome"]
    list_select_related = ["paper", "committee"]
    search_fields = ["paper__number", "committee__name"]
    autocomplete_fields = ["paper", "committee", "joint_committees", "meeting", "agenda_item"]


@admin.register(IssuedPaper)
class IssuedPaperAdmin(FrozenAdmin):
    list_display = ["consultation", "number", "public", "file"]
    list_select_related = ["consultation__paper__municipality", "consultation__committee", "file"]
    fields = ["consultation", "number", "public", "file", "reason"]
    search_fields = ["consultation__paper__number"]


class RouteTemplateStageInline(TownInline):
    model = RouteTemplateStage
    autocomplete_fields = ["committee", "joint_committees"]


@admin.register(RouteTemplate)
class RouteTemplateAdmin(TownAdmin):
    list_display = ["name", "municipality"]
    list_select_related = ["municipality"]
    search_fields = ["name"]
    autocomplete_fields = ["paper_types"]
    inlines = [RouteTemplateStageInline]


@admin.register(CheckOverride)
class CheckOverrideAdmin(FrozenAdmin):
    list_display = ["paper", "code", "withdraws", "reason", "by", "at"]
    list_select_related = ["paper", "by"]
    fields = ["paper", "code", "sentence", "withdraws", "reason", "by", "at"]
    search_fields = ["paper__number", "reason"]


@admin.register(HearingRule)
class HearingRuleAdmin(SimpleHistoryAdmin):
    """Laws are no town's own: whoever runs the installation keeps them."""

    form = VersionedForm
    list_display = ["land", "committee_kind", "valid_from", "valid_until", "source"]
    list_filter = ["land"]
