"""Secret addresses: a calendar of one's own, and one meeting for somebody without an account."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from committees.actions.issuing import issue_stage
from committees.models import AgendaItem, Consultation, Meeting
from council.models import CalendarKey, LinkUse, MeetingLink
from tests.committees.factories import make_committee, make_paper, make_town, release
from tests.council.preparing import Council, make_council, page, staffed, text

pytestmark = pytest.mark.django_db

HIDDEN = "Kauf des Grundstücks Nordstraße"


@pytest.fixture
def council() -> Council:
    return make_council()


# ---- Calendar --------------------------------------------------------------------------------------------


def new_address(council: Council) -> str:
    client = Client()
    client.force_login(council.member)
    answer = client.post(f"/{council.town.slug}/rat/kalender/")
    address: str = answer.context["address"]
    assert address in answer.content.decode()
    return address.removeprefix("http://testserver")


def entries(answer: Any) -> str:
    """Without the line breaks that the format puts into long lines."""
    return str(answer.content.decode().replace("\r\n ", ""))


def test_the_calendar_has_the_meetings_of_ones_committees(council: Council) -> None:
    other = make_committee(council.town, "Schulausschuss")
    elsewhere = Meeting.objects.create(
        municipality=council.town, title="Fremde Sitzung", date=council.meeting.date
    )
    elsewhere.committees.set([other])
    feed = page(None, new_address(council))
    assert feed["Content-Type"] == "text/calendar; charset=utf-8"
    assert feed["Referrer-Policy"] == "no-referrer"
    assert "no-store" in feed["Cache-Control"]
    shown = entries(feed)
    for words in (
        "SUMMARY:12. Sitzung des Sozialausschusses",
        "LOCATION:Ratssaal",
        f"UID:sitzung-{council.meeting.pk}@",
    ):
        assert words in shown
    for words in ("Fremde Sitzung", "Integrationskonzept", council.member.name, council.member.email):
        assert words not in shown


def test_a_called_off_meeting_stays_as_such(council: Council) -> None:
    Meeting.objects.filter(pk=council.meeting.pk).update(cancelled=True, reason="Sturm", sequence=1)
    assert "STATUS:CANCELLED" in entries(page(None, new_address(council)))


def test_a_new_address_ends_the_old_one(council: Council) -> None:
    first = new_address(council)
    second = new_address(council)
    assert page(None, first).status_code == 404
    assert page(None, second).status_code == 200
    shown = text(page(council.member, f"/{council.town.slug}/rat/kalender/"))
    assert second not in shown  # told once
    assert "Zuletzt abgerufen" in shown
    page(council.member, f"/{council.town.slug}/rat/kalender/widerrufen/", x="")
    assert page(None, second).status_code == 404
    assert not CalendarKey.objects.exists()


def test_the_database_keeps_no_address(council: Council) -> None:
    token = new_address(council).rsplit("/", 1)[1].removesuffix(".ics")
    key = CalendarKey.objects.get()
    assert len(token) >= 43  # 256 bits
    assert token not in repr(vars(key))


def test_a_locked_account_or_an_ended_seat_has_no_meetings_any_more(council: Council) -> None:
    address = new_address(council)
    council.member.persons.get().committee_seats.update(span="2009–2014")
    assert "BEGIN:VEVENT" not in entries(page(None, address))
    council.member.is_active = False
    council.member.save()
    assert page(None, address).status_code == 404
    for wrong in ("x", "ä", "x" * 500):
        assert page(None, f"/kalender/{wrong}.ics").status_code == 404


# ---- One meeting -----------------------------------------------------------------------------------------


def links_page(council: Council) -> str:
    return f"{council.meeting.get_absolute_url()}leselinks/"


def new_link(council: Council, **more: Any) -> str:
    """The way to the meeting that was shown to the clerk."""
    day = timezone.localdate() + datetime.timedelta(days=11)
    answer = page(
        council.service, links_page(council), holder="Lokalredaktion", last_day=day.isoformat(), **more
    )
    assert answer.status_code == 200, text(answer)
    address: str = answer.context["address"]
    assert address in text(answer)
    return address.removeprefix("http://testserver")


def with_hidden_part(council: Council) -> Council:
    """The public paper is issued, and so is one that is not for everybody."""
    item = AgendaItem.objects.create(
        meeting=council.meeting, position=2, number="6", title=HIDDEN, public=False
    )
    paper = make_paper(
        council.town,
        "Es wird gekauft.",
        number="N 3",
        subject=HIDDEN,
        public=False,
        non_public_reason="Vertrag",
    )
    stage = Consultation.objects.create(
        paper=paper,
        position=1,
        committee=council.committee,
        meeting=council.meeting,
        agenda_item=item,
        meaning="decide",
        treatment="non_public",
    )
    release(paper)
    for one in (council.stage, stage):
        issue_stage(consultation=one, by=council.service)
    return council


def pdf_text(answer: Any) -> str:
    reader = PdfReader(BytesIO(answer.content))
    words = " ".join(part.extract_text() for part in reader.pages)
    return " ".join(f"{words} {reader.metadata} {reader.outline}".split())


def test_a_link_opens_one_meetings_public_side_to_anybody(council: Council) -> None:
    with_hidden_part(council)
    way = new_link(council)
    shown = page(None, way)
    assert shown.status_code == 200
    assert shown["Referrer-Policy"] == "no-referrer"
    assert "noindex" in shown["X-Robots-Tag"]
    assert "no-store" in shown["Cache-Control"]
    for words in (
        "12. Sitzung des Sozialausschusses",
        "Integrationskonzept 2030",
        "Vorlage 2024/17",
        "Ratssaal",
    ):
        assert words in text(shown)
    assert HIDDEN not in text(shown)
    (public,) = council.stage.issues.all()
    (hidden,) = Consultation.objects.get(paper__number="N 3").issues.all()
    file = page(None, f"{way}dateien/{public.file_id}/")
    assert file.status_code == 200
    assert "Das Konzept wird beschlossen." in pdf_text(file)
    assert page(None, f"{way}dateien/{hidden.file_id}/").status_code == 404
    pack = page(None, f"{way}mappe.pdf")
    assert "Das Konzept wird beschlossen." in pdf_text(pack)
    assert HIDDEN not in pdf_text(pack)
    assert HIDDEN not in str(pack.headers)


def test_the_complete_side_is_opened_by_a_link_that_says_so(council: Council) -> None:
    with_hidden_part(council)
    way = new_link(council, complete="on")
    shown = page(None, way)
    assert HIDDEN in text(shown)
    assert "Vertraulich" in text(shown)
    assert HIDDEN in pdf_text(page(None, f"{way}mappe.pdf"))


def test_a_complete_link_is_short_lived(council: Council) -> None:
    day = timezone.localdate() + datetime.timedelta(days=60)
    data = {"holder": "Presse", "last_day": day.isoformat()}
    refused = page(council.service, links_page(council), complete="on", **data)
    assert refused.status_code == 422
    assert "gilt höchstens 31 Tage" in text(refused)
    assert page(council.service, links_page(council), **data).status_code == 200


def test_its_use_is_on_record_without_a_name(council: Council) -> None:
    with_hidden_part(council)
    way = new_link(council)
    page(None, way)
    Client().head(way)
    page(None, f"{way}mappe.pdf")
    page(None, f"{way}dateien/{council.stage.issues.get().file_id}/")
    assert [use.what for use in LinkUse.objects.order_by("pk")] == [
        "Seite der Sitzung",
        "Sitzungsmappe",
        "TOP 5: Vorlage 2024/17",
    ]
    shown = text(page(council.service, links_page(council)))
    assert "3 Mal benutzt" in shown
    assert "TOP 5: Vorlage 2024/17" in shown


def test_a_link_ends_when_it_is_revoked_or_its_day_is_over(council: Council) -> None:
    way, other = new_link(council), new_link(council)
    link = MeetingLink.objects.earliest("pk")
    revoking = f"{links_page(council)}{link.pk}/widerrufen/"
    assert page(council.member, revoking, x="").status_code == 403
    for _twice in range(2):
        assert page(council.service, revoking, x="").status_code == 302
    with time_machine.travel(timezone.now() + datetime.timedelta(days=10, hours=23)):
        assert page(None, other).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=13)):
        expired = page(None, other)
    unknown = page(None, "/lesen/gibt-es-nicht/")
    revoked = page(None, way)
    # Nobody learns which of them it is.
    assert [answer.status_code for answer in (expired, revoked, unknown)] == [404] * 3
    assert text(expired) == text(revoked) == text(unknown)
    assert "Dieser Link gilt nicht" in text(revoked)
    for answer in (page(None, f"{way}mappe.pdf"), page(None, f"{way}dateien/1/")):
        assert answer.status_code == 404
    assert "widerrufen" in text(page(council.service, links_page(council)))


def test_only_who_leads_the_councils_business_makes_links(council: Council) -> None:
    assert page(council.member, links_page(council)).status_code == 403
    assert page(council.member, links_page(council), holder="ich", last_day="2030-01-01").status_code == 403
    missing = page(council.service, links_page(council), holder="", last_day="")
    assert missing.status_code == 422
    assert "für wen der Link ist" in text(missing)
    assert not MeetingLink.objects.exists()


def test_a_link_opens_nothing_of_another_meeting(council: Council) -> None:
    with_hidden_part(council)
    own, way = council.stage.issues.get().file_id, new_link(council)
    town = make_town("Altstadt")
    committee = make_committee(town, "Rat")
    paper = make_paper(town, "Anderswo.")
    stage = Consultation.objects.create(paper=paper, position=1, committee=committee, meaning="decide")
    release(paper)
    foreign = issue_stage(consultation=stage, by=staffed(town, "council_service", "Anja Anderswo")).file_id
    assert page(None, f"{way}dateien/{own}/").status_code == 200
    assert page(None, f"{way}dateien/{foreign}/").status_code == 404


def test_the_list_of_links_asks_the_database_as_often_for_many_as_for_one(council: Council) -> None:
    client = Client()
    client.force_login(council.service)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(links_page(council)).status_code == 200
        return len(asked)

    page(None, new_link(council))
    one = queries()
    for _more in range(3):
        page(None, new_link(council))
    assert queries() == one
    assert one <= 12
