"""What a faction prepares is the faction's alone, the administration's not either."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.blocks import BlockKind
from committees.models import Consultation, LayoutBlock, Paper, Section
from council.models import FactionNote, FactionStaff, IntendedVote, PrivateNote
from fuzzydates.value import parse
from municipalities.models import Person, User
from tests.committees.factories import make_paper, make_user, release
from tests.council.preparing import Council, make_council, page, text

pytestmark = pytest.mark.django_db

REMARK = "Wir stimmen nur zu, wenn der Bericht jährlich kommt."


@pytest.fixture
def council() -> Council:
    return make_council()


def address(council: Council) -> str:
    return f"/{council.town.slug}/rat/fraktion/{council.faction.pk}/"


def vote_address(council: Council) -> str:
    return f"{address(council)}beratung/{council.stage.pk}/"


def enter(council: Council, user: User, vote: str = "for", seen: str = "", remark: str = REMARK) -> int:
    data = {"vote": vote, "speaker": "Samira Sozial", "remark": remark, "seen": seen}
    status: int = page(user, vote_address(council), **data).status_code
    return status


def staff(council: Council) -> User:
    user = make_user(council.town, name="Gisela Geschäftsführung")
    person = Person.objects.create(municipality=council.town, name=user.name, user=user)
    answer = page(
        council.service,
        f"/{council.town.slug}/rat/fraktionen/{council.faction.pk}/mitarbeit/",
        person=person.pk,
        function="Geschäftsführung",
        span="",
    )
    assert answer.status_code == 302, text(answer)
    return user


def test_the_faction_reads_what_it_intends_and_nobody_else(council: Council) -> None:
    assert enter(council, council.member) == 302
    shown = text(page(council.colleague, address(council)))
    for words in ("Zustimmung", "Samira Sozial", REMARK, "12. Sitzung des Sozialausschusses", "Karl Kollege"):
        assert words in shown
    assert address(council) in text(page(council.member, f"/{council.town.slug}/"))
    operator = User.objects.create_superuser("betrieb@portal.example", name="Betrieb")
    for other in (council.opponent, council.service, council.administrator, operator):
        assert page(other, address(council)).status_code == 404
        assert page(other, vote_address(council)).status_code == 404
        assert enter(council, other, "against") == 404


def test_whoever_reads_the_paper_sees_what_their_faction_intends(council: Council) -> None:
    enter(council, council.member)
    for user in (council.colleague, staff(council)):
        shown = text(page(user, council.base))
        assert "Zustimmung" in shown
        assert REMARK in shown
        assert address(council) in text(page(council.colleague, council.base))
    for other in (council.opponent, council.service, council.administrator):
        assert REMARK not in text(page(other, council.base))
    assert address(council) in text(page(council.member, f"/{council.town.slug}/rat/"))


def test_its_staff_read_and_do_not_write(council: Council) -> None:
    enter(council, council.member)
    helper = staff(council)
    assert REMARK in text(page(helper, address(council)))
    assert REMARK in text(page(helper, vote_address(council)))
    assert "<textarea" not in text(page(helper, vote_address(council)))
    assert enter(council, helper, "against") == 403
    assert "Gisela Geschäftsführung" in text(page(council.colleague, address(council)))
    row = FactionStaff.objects.get()
    removing = f"/{council.town.slug}/rat/fraktionen/mitarbeit/{row.pk}/entfernen/"
    assert page(council.member, removing, x="").status_code == 403
    assert page(council.service, removing, x="").status_code == 302
    assert page(helper, address(council)).status_code == 404
    assert [entry.history_user for entry in FactionStaff.history.all()] == [council.service] * 2


def test_staff_know_nothing_of_non_public_papers() -> None:
    council = make_council(public=False, non_public_reason="Vertrag", subject="Kauf Grundstück")
    helper = staff(council)
    assert "Kauf Grundstück" in text(page(council.member, address(council)))
    assert "Kauf Grundstück" not in text(page(helper, address(council)))
    assert page(helper, vote_address(council)).status_code == 404


def test_staff_know_nothing_of_a_stage_behind_closed_doors(council: Council) -> None:
    enter(council, council.member)
    helper = staff(council)
    Consultation.objects.filter(pk=council.stage.pk).update(treatment=Consultation.Treatment.NON_PUBLIC)
    for one in (address(council), council.base, f"{council.base}notizen/"):
        assert REMARK not in text(page(helper, one))
        assert REMARK in text(page(council.colleague, one))
    assert page(helper, vote_address(council)).status_code == 404


def test_staff_know_no_number_of_an_item_behind_closed_doors(council: Council) -> None:
    """Also where its stage could be public."""
    item = council.stage.agenda_item
    item.number, item.public = "N 77", False
    item.save()
    helper = staff(council)
    for one in (address(council), vote_address(council), council.base):
        assert "N 77" in text(page(council.member, one))
        assert "N 77" not in text(page(helper, one))


def test_two_who_enter_at_once_see_each_other(council: Council) -> None:
    assert enter(council, council.member) == 302
    data = {"vote": "against", "speaker": "Karl Kollege", "remark": "", "seen": ""}
    second = page(council.colleague, vote_address(council), **data)
    assert second.status_code == 422
    assert "Samira Sozial hat inzwischen eingetragen: Zustimmung" in text(second)
    assert 'value="Karl Kollege"' in text(second)
    seen = second.context["form"]["seen"].value()
    assert page(council.colleague, vote_address(council), **data | {"seen": seen}).status_code == 302
    assert IntendedVote.objects.get().vote == "against"


def test_what_is_over_or_called_off_is_not_on_the_list(council: Council) -> None:
    meeting = council.meeting
    meeting.date -= datetime.timedelta(days=30)
    meeting.save()
    assert "Zurzeit steht nichts an" in text(page(council.member, address(council)))


def test_a_seat_that_ended_opens_nothing(council: Council) -> None:
    enter(council, council.colleague)
    council.member.persons.get().committee_seats.update(span="2009–2014")
    assert page(council.member, address(council)).status_code == 404


def test_a_faction_that_is_dissolved_opens_to_nobody(council: Council) -> None:
    """And nobody is led to it; who shared a note takes it back."""
    enter(council, council.member)
    helper = staff(council)
    page(council.member, f"{council.base}notizen/", text="Wann denn?", kind="note", passage="punkt-2")
    note = PrivateNote.objects.get()
    sharing = f"{council.base}notizen/{note.pk}/teilen/"
    page(council.member, sharing, fraktion=council.faction.pk)
    council.faction.span = parse("2014–2020")
    council.faction.save()
    for user in (council.member, helper):
        assert page(user, address(council)).status_code == 404
        assert page(user, vote_address(council)).status_code == 404
        assert enter(council, user, "against") == 404
        for shown in (council.base, f"{council.base}notizen/", f"/{council.town.slug}/rat/", "/"):
            answer = text(page(user, shown))
            assert REMARK not in answer
            assert address(council) not in answer
            assert sharing not in answer
    assert page(council.member, sharing, fraktion=council.faction.pk).status_code in (403, 404)
    assert "Wann denn?" not in text(page(council.colleague, f"{council.base}notizen/"))
    notes = text(page(council.member, f"/{council.town.slug}/rat/notizen/"))
    assert "Wann denn?" in notes.partition("Noch geteilt mit einer früheren Fraktion")[2]


def test_the_same_person_is_not_entered_twice(council: Council) -> None:
    helper = staff(council)
    where = f"/{council.town.slug}/rat/fraktionen/{council.faction.pk}/mitarbeit/"
    answer = page(council.service, where, person=helper.persons.get().pk, function="", span="")
    assert answer.status_code == 422
    assert "arbeitet schon für die Fraktion" in text(answer)


def test_the_list_asks_the_database_as_often_for_many_items_as_for_one(council: Council) -> None:
    client = Client()
    client.force_login(council.member)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(council)).status_code == 200
        return len(asked)

    enter(council, council.member)
    one = queries()
    for number in range(4):
        paper = release(make_paper(council.town, "Punkt.", number=f"2024/{number}"))
        stage = Consultation.objects.create(
            paper=paper, position=1, committee=council.committee, meeting=council.meeting
        )
        IntendedVote.objects.create(
            faction=council.faction, paper=paper, consultation=stage, changed_by=council.member
        )
    assert queries() == one
    assert one <= 16


@pytest.mark.parametrize("passage", ["punkt-2", "beschlussvorschlag"])
def test_a_shared_note_is_read_by_those_only_who_may_read_its_passage(council: Council, passage: str) -> None:
    """Also where the passage was public when the note was shared."""
    words = "Der Bericht folgt."
    data = {"text": "Wann denn?", "kind": "note", "passage": passage, "quote": words}
    page(council.member, f"{council.base}notizen/", **data)
    note = PrivateNote.objects.get()
    page(council.member, f"{council.base}notizen/{note.pk}/teilen/", fraktion=council.faction.pk)
    helper = staff(council)
    pages = (council.base, f"{council.base}notizen/", vote_address(council))
    assert all("Wann denn?" in text(page(helper, one)) for one in pages)
    assert 'data-label="Notizen">1<' in text(page(helper, address(council)))
    point = council.paper.resolution_points.get(position=2)
    point.public = False
    point.save()
    for one in pages:
        shown = text(page(helper, one))
        assert "Wann denn?" not in shown
        assert words not in shown
        assert "Wann denn?" in text(page(council.colleague, one))
    assert 'data-label="Notizen">0<' in text(page(helper, address(council)))


def test_who_has_left_takes_back_what_they_shared(council: Council) -> None:
    """And reads it as long as they may read the paper."""
    page(council.member, f"{council.base}notizen/", text="Wann denn?", kind="note", passage="punkt-2")
    note = PrivateNote.objects.get()
    page(council.member, f"{council.base}notizen/{note.pk}/teilen/", fraktion=council.faction.pk)
    shared, notes = FactionNote.objects.get(), f"/{council.town.slug}/rat/notizen/"
    heading = "Noch geteilt mit einer früheren Fraktion"
    assert heading not in text(page(council.member, notes))
    council.member.persons.get().committee_seats.update(faction=None)
    left = text(page(council.member, notes))
    assert heading in left
    assert council.faction.name in left
    assert "Wann denn?" in left.partition(heading)[2]
    assert "Wann denn?" in text(page(council.colleague, f"{council.base}notizen/"))
    council.member.persons.get().committee_seats.all().delete()
    point = council.paper.resolution_points.get(position=2)
    point.public = False
    point.save()
    assert "Wann denn?" not in text(page(council.member, notes)).partition(heading)[2]
    away = reverse("council:faction_note_delete", args=[council.town.slug, council.faction.pk, shared.pk])
    assert page(council.colleague, away, x="").status_code == 404
    assert page(council.member, away, seite="alle").status_code == 302
    assert not FactionNote.objects.exists()
    assert heading not in text(page(council.member, notes))


def test_a_note_about_a_questionnaire_goes_with_each_of_its_texts(council: Council) -> None:
    by, paper, helper = council.member, council.paper, staff(council)
    rows = [
        FactionNote.objects.create(faction=council.faction, paper=paper, passage=passage, text="x", author=by)
        for passage in ("", "auswirkungen", "auswirkungen.geld", "auswirkung", "gruende")
    ]
    LayoutBlock.objects.create(layout=paper.layout, position=90, key="gruende", kind=BlockKind.POINT_REASONS)
    assert FactionNote.objects.visible_to(helper).count() == len(rows)
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.DRAFT)
    Section.objects.create(paper_id=paper.pk, key="auswirkungen.geld", body="<p>Viel.</p>", public=False)
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    left = FactionNote.objects.visible_to(helper).values_list("passage", flat=True)
    assert set(left) == {"", "auswirkung", "gruende"}
    assert FactionNote.objects.visible_to(by).count() == len(rows)
