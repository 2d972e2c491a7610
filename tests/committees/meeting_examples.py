"""Rows that the pages of committees and meetings are about, made when they are asked for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from committees.models import AgendaItem, Committee, CommitteeSeat, Faction, Meeting, MeetingFile
from municipalities.models import Municipality, Person, User
from tests.committees.meeting_rows import some_file

DAY = datetime.date(2034, 7, 3)
OF_MEETING = ("meeting", "meeting_edit", "meeting_move", "meeting_cancel", "meeting_revive",
              "meeting_continue", "meeting_delete", "agenda", "item_add", "stages_place",
              "items_take_over", "invitation", "invitation_draft", "pack", "pack_complete",
              "meeting_calendar")  # fmt: skip
OF_ITEM = ("item_edit", "item_move", "item_take_off", "item_delete")
OF_COMMITTEE = ("committee", "committee_edit", "committee_calendar", "seat_add")
OF_SEAT = ("seat_edit", "seat_end", "seat_delete")
OF_FACTION = ("faction_edit", "faction_delete")


def addresses_of_meetings(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    """A meeting that nothing hangs on yet, new each time."""

    def meeting() -> Meeting:
        number = Meeting.objects.filter(municipality=town).count()
        made = Meeting.objects.create(municipality=town, title=f"Sitzung {number}", date=DAY)
        made.committees.add(committee())
        return made

    def item() -> list[Any]:
        of = meeting()
        return [of.pk, AgendaItem.objects.create(meeting=of, position=1, number="1", title="Anfragen").pk]

    def committee() -> Committee:
        return Committee.objects.filter(municipality=town, meetings__isnull=False).order_by("pk")[0]

    def empty_committee() -> list[Any]:
        number = Committee.objects.filter(municipality=town).count()
        facts = {"article": "der", "genitive_name": "Beirats", "kind": "committee"}
        return [Committee.objects.create(municipality=town, name=f"Beirat {number}", **facts).pk]

    def seat() -> list[Any]:
        number = Person.objects.filter(municipality=town).count()
        person = Person.objects.create(municipality=town, name=f"Neues Mitglied {number}")
        made = CommitteeSeat.objects.create(committee=committee(), person=person, span="ab 01.11.2020")
        return [made.committee_id, made.pk]

    def faction() -> list[Any]:
        number = Faction.objects.filter(municipality=town).count()
        return [Faction.objects.create(municipality=town, name=f"Fraktion {number}").pk]

    def document() -> list[Any]:
        of, by = meeting(), User.objects.get(email=f"sitzungsdienst@{town.slug}.example")
        file = some_file(town, "einladung.pdf", by)
        return [
            MeetingFile.objects.create(meeting=of, kind="invitation", number=1, public=True, file=file).pk
        ]

    return {
        **{f"committees:{page}": lambda: [meeting().pk] for page in OF_MEETING},
        **{f"committees:{page}": item for page in OF_ITEM},
        **{f"committees:{page}": lambda: [committee().pk] for page in OF_COMMITTEE},
        **{f"committees:{page}": seat for page in OF_SEAT},
        **{f"committees:{page}": faction for page in OF_FACTION},
        "committees:committee_delete": empty_committee,
        "committees:meeting_document": document,
    }
