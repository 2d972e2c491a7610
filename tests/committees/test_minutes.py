"""The Niederschrift: drafted from what was recorded, agreed, signed; then everything stands fast."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from committees.actions import minutes as actions
from committees.actions.minutes import (
    agree_minutes,
    back_to_draft,
    begin_minutes,
    missing_before_agreement,
    planned_signers,
    sign_minutes,
)
from committees.models import (
    Amendment,
    Ballot,
    Consultation,
    Excerpt,
    Exclusion,
    MeetingAttendance,
    MeetingFile,
    MeetingMinutes,
    MinutesSignature,
    ResolvedPoint,
)
from committees.printing.minutes import render_excerpt, render_minutes
from committees.printing.minutes_contents import MinutesContents
from municipalities.models import Person
from tests import verapdf
from tests.committees.factories import make_committee, make_user
from tests.committees.sittings import DAY, Sitting
from tests.documents.reading import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting() -> Sitting:
    """Everything is recorded: nothing stands between it and its minutes."""
    return Sitting().with_people().with_result()


@pytest.fixture
def clerk(sitting: Sitting) -> Client:
    return logged_in(sitting.clerk)


@pytest.fixture
def draft(sitting: Sitting) -> MeetingMinutes:
    return begin_minutes(meeting=sitting.meeting, by=sitting.clerk)


@pytest.fixture
def agreed(sitting: Sitting, draft: MeetingMinutes) -> MeetingMinutes:
    """Lisa Vogt and Sven Schreiber are to sign."""
    writer = Person.objects.create(municipality=sitting.town, name="Sven Schreiber")
    draft.signatures.filter(position=2).update(person=writer)
    return agree_minutes(meeting=sitting.meeting, by=sitting.clerk)


@pytest.fixture
def signed(sitting: Sitting, agreed: MeetingMinutes) -> MeetingMinutes:
    for line in agreed.signatures.all():
        done = sign_minutes(line=line, by=sitting.clerk, on=datetime.date(2024, 3, 18))
    return done


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(pages(pdf)).split())


def page_of(client: Client, address: str, **values: Any) -> str:
    response = client.get(address, values, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def post(client: Client, address: str, **values: Any) -> str:
    response = client.post(address, values, follow=True)
    return " ".join(response.content.decode().split())


def version(client: Client, address: str) -> str:
    """What the form says it was opened with."""
    return str(client.get(address).context["form"].initial["opened_version"])


# ---- The draft -------------------------------------------------------------------------------------------


def test_a_meeting_does_not_end_before_it_began(
    sitting: Sitting, clerk: Client, draft: MeetingMinutes
) -> None:
    address = sitting.url("niederschrift/schreiben/")
    sent = {"opened_at": "20:00", "closed_at": "17:00", "opened_version": version(clerk, address)}
    response = clerk.post(address, sent)
    assert response.status_code == 422
    assert "Das Ende liegt nicht nach der Eröffnung." in response.content.decode()
    assert 'value="17:00"' in response.content.decode(), "what was typed stays"
    post(clerk, address, **{**sent, "closed_at": "00:30"})
    draft.refresh_from_db()
    assert draft.closed_at == datetime.time(0, 30), "after midnight"


def test_as_long_as_nobody_is_entered_nobody_is_counted() -> None:
    sitting = Sitting()
    begin_minutes(meeting=sitting.meeting, by=sitting.clerk)
    said = page_of(logged_in(sitting.clerk), sitting.url("niederschrift/vorschau/"))
    assert "Noch nicht eingetragen." in said
    assert "Anwesend" not in said.replace("Anwesenheit", "")


def test_the_draft_is_written_from_agenda_attendance_and_results(sitting: Sitting, clerk: Client) -> None:
    page = page_of(clerk, sitting.url("niederschrift/"))
    assert "Noch keine Niederschrift" in page
    page = post(clerk, sitting.url("niederschrift/schritt/"), schritt="beginnen")
    assert "stehen schon darin" in page
    assert "Alles eingetragen" in page
    assert "mehrheitlich beschlossen" in page
    address = sitting.url(f"niederschrift/top/{sitting.item_of_paper.pk}/")
    text = "<p>Frau Demir fragt nach den Kosten.</p>"
    post(clerk, address, discussion=text, opened_version=version(clerk, address))
    address = sitting.url("niederschrift/schreiben/")
    opened = {"opened_at": "17:05", "closed_at": "19:40", "opening": "<p>Die Vorsitzende begrüßt alle.</p>"}
    post(clerk, address, **opened, opened_version=version(clerk, address))
    row = MeetingAttendance.objects.get(meeting=sitting.meeting, name="Bernd Kamp")
    row.until_time = datetime.time(18, 30)
    row.save()
    Exclusion.objects.create(agenda_item=sitting.item_of_paper, attendance=row)
    said = page_of(clerk, sitting.url("niederschrift/vorschau/"))
    for words in (
        "Entwurf – noch nicht unterschrieben",
        "Beginn</th><td>17:05 Uhr",
        "Ende</th><td>19:40 Uhr",
        "Die Vorsitzende begrüßt alle.",
        "Lisa Vogt",
        "bis 18:30 Uhr",
        "Anwesend sind 3 von 3 Stimmberechtigten.",
        "TOP 2: Integrationskonzept",
        "Vorlage 2024/17",
        "Frau Demir fragt nach den Kosten.",
        "Das Integrationskonzept wird beschlossen.",
        "Ergebnis: mehrheitlich beschlossen",
        "2 Ja, 1 Nein, 0 Enthaltungen",
        "Rote Fraktion",
        "An Beratung und Abstimmung nicht beteiligt (befangen): Bernd Kamp.",
        "Nichtöffentlicher Teil",
        "Grundstück an der Mühle",
    ):
        assert words in said, words
    assert "Grundstück" not in page_of(clerk, sitting.url("niederschrift/vorschau/"), teil="oeffentlich")


def test_amendments_points_and_the_text_as_resolved(sitting: Sitting, draft: MeetingMinutes) -> None:
    point = sitting.paper.resolution_points.get()
    amendment = Amendment.objects.create(
        paper=sitting.paper,
        consultation=sitting.stage,
        number=1,
        faction=sitting.blue,
        point=point,
        before=point.text,
        after="<p>Das Integrationskonzept wird für zwei Jahre beschlossen.</p>",
        state="accepted",
        decided_order=1,
    )
    Ballot.objects.create(
        consultation=sitting.stage,
        position=2,
        kind="amendment",
        amendment=amendment,
        votes_for=3,
        unanimous=True,
    )
    Ballot.objects.create(
        consultation=sitting.stage, position=3, kind="point", point=point, result="angenommen", votes_for=3
    )
    ResolvedPoint.objects.create(consultation=sitting.stage, position=1, point=point, text=amendment.after)
    said = text_of(render_minutes(MinutesContents.of(sitting.meeting, complete=False)))
    for words in (
        "Änderungsantrag 1: zu Punkt 1 (Blaue Fraktion)",
        "angenommen: einstimmig, 3 Ja",
        "Beschluss",
        "Einzelne Abstimmungen",
        "Punkt 1 angenommen",
    ):
        assert words in said, words
    assert said.count("für zwei Jahre") == 2, "as it was moved, and as it was resolved"
    assert "Konzept wird beschlossen" not in said, "the proposal is not what was resolved"


def test_a_paper_that_is_not_public_says_only_its_title_in_the_public_part(
    sitting: Sitting, draft: MeetingMinutes
) -> None:
    sitting.paper.public, sitting.paper.non_public_reason = False, "Vertrag"
    sitting.paper.save()
    said = text_of(render_minutes(MinutesContents.of(sitting.meeting, complete=False)))
    assert "Integrationskonzept" in said
    assert "mehrheitlich" not in said
    assert "mehrheitlich" in text_of(render_minutes(MinutesContents.of(sitting.meeting, complete=True)))
    agree_minutes(meeting=sitting.meeting, by=sitting.clerk)
    for line in draft.signatures.all():
        line.person = line.person or sitting.chair.person
        line.save()
        sign_minutes(line=line, by=sitting.clerk)
    reader = logged_in(make_user(sitting.town, "department", name="Frida Fachamt"))
    assert "mehrheitlich" not in page_of(reader, sitting.url("niederschrift/"))
    excerpt = sitting.url(f"niederschrift/auszug/{sitting.item_of_paper.pk}/")
    assert "mehrheitlich" not in text_of(reader.get(excerpt).content)


def test_what_a_non_public_result_changed_is_not_in_the_public_part(
    sitting: Sitting, draft: MeetingMinutes
) -> None:
    """The committee before had its say behind closed doors; this one adopts the text in public."""
    point, stage = sitting.paper.resolution_points.get(), sitting.stage
    stage.position, stage.meaning = 2, "advise"
    stage.save()
    first = Consultation.objects.create(
        paper=sitting.paper,
        position=1,
        committee=make_committee(sitting.town, "Schulausschuss"),
        meaning="advise",
        outcome="amended",
        result_public=False,
    )
    Amendment.objects.create(
        paper=sitting.paper,
        consultation=first,
        number=1,
        point=point,
        before=point.text,
        after="<p>Das Integrationskonzept wird für zwei Jahre beschlossen.</p>",
        state="accepted",
        decided_order=1,
    )
    said = text_of(render_minutes(MinutesContents.of(sitting.meeting, complete=False)))
    assert "An dieser Stelle ist etwas nicht öffentlich." in said
    assert "Das Integrationskonzept wird" not in said
    said = text_of(render_minutes(MinutesContents.of(sitting.meeting, complete=True)))
    assert "für zwei Jahre" in said


def test_who_signs_follows_from_the_committees(sitting: Sitting) -> None:
    assert planned_signers(sitting.meeting) == [("Vorsitz", sitting.chair.person), ("Schriftführung", None)]
    sitting.meeting.attendance.filter(seat=sitting.chair).update(state="excused")
    vice = sitting.seat("Vera Stell", "vice_chair", sitting.blue)
    assert planned_signers(sitting.meeting)[0] == ("Vorsitz", vice.person)
    sitting.meeting.committees.add(make_committee(sitting.town, "Schulausschuss"))
    assert [function for function, _person in planned_signers(sitting.meeting)] == [
        "Vorsitz (Schulausschuss)",
        "Schriftführung",
        "Vorsitz (Sozialausschuss)",
    ]


def test_the_clerk_says_who_signs(sitting: Sitting, clerk: Client, draft: MeetingMinutes) -> None:
    address = sitting.url("niederschrift/unterschriften/")
    sent = {
        "function_0": "Vorsitz",
        "person_0": str(sitting.chair.person.pk),
        "function_1": "",
        "function_2": "",
    }
    page = post(clerk, address, **sent, person_2=str(sitting.member.person.pk))
    assert "In welcher Funktion unterschreibt sie oder er?" in page
    post(clerk, address, **sent | {"function_2": "Ratsmitglied"}, person_2=str(sitting.member.person.pk))
    lines = draft.signatures.values_list("function", "person__name")
    assert list(lines) == [("Vorsitz", "Lisa Vogt"), ("Ratsmitglied", "Bernd Kamp")]


def test_two_write_the_same_text(sitting: Sitting, clerk: Client, draft: MeetingMinutes) -> None:
    address = sitting.url(f"niederschrift/top/{sitting.opening.pk}/")
    opened = version(clerk, address)
    post(clerk, address, discussion="<p>Eins.</p>", opened_version=opened)
    page = post(clerk, address, discussion="<p>Zwei.</p>", opened_version=opened)
    assert "welche soll gelten" in page
    assert "Zwei." in page


# ---- Agreed ----------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_with_the_place(
    draft: MeetingMinutes, sitting: Sitting, clerk: Client
) -> None:
    sitting.meeting.attendance.all().delete()
    Ballot.objects.filter(consultation=sitting.stage).delete()
    Consultation.objects.filter(pk=sitting.stage.pk).update(result="", outcome="")
    Amendment.objects.create(
        paper=sitting.paper, consultation=sitting.stage, number=1, before="<p>alt</p>", after="<p>neu</p>"
    )
    sentences = [one.sentence for one in missing_before_agreement(sitting.meeting)]
    assert sentences == [
        "Es ist noch nicht eingetragen, wer da war.",
        "TOP 2: Das Ergebnis fehlt noch (Integrationskonzept).",
        "Änderungsantrag 1 zur Vorlage „Integrationskonzept“ ist noch nicht entschieden.",
    ]
    page = page_of(clerk, sitting.url("niederschrift/"))
    assert "Das fehlt noch" in page
    assert "Als abgestimmt eintragen" not in page
    assert sentences[1] in post(clerk, sitting.url("niederschrift/schritt/"), schritt="abstimmen")
    Consultation.objects.filter(pk=sitting.stage.pk).update(agenda_item=None)
    sentences = [one.sentence for one in missing_before_agreement(sitting.meeting)]
    assert "steht aber nicht auf der Tagesordnung" in sentences[1]
    sitting.item_of_paper.taken_off = True
    sitting.item_of_paper.save()
    Consultation.objects.filter(pk=sitting.stage.pk).update(agenda_item=sitting.item_of_paper)
    assert len(missing_before_agreement(sitting.meeting)) == 2, "nobody dealt with an item that was taken off"


def test_agreed_minutes_stay_as_they_are_until_they_go_back(
    sitting: Sitting, clerk: Client, agreed: MeetingMinutes
) -> None:
    page = page_of(clerk, sitting.url("niederschrift/"))
    assert "abgestimmt" in page
    address = sitting.url(f"niederschrift/top/{sitting.opening.pk}/")
    assert "ist abgestimmt" in post(
        clerk, address, discussion="<p>Neu.</p>", opened_version=version(clerk, address)
    )
    sign_minutes(line=agreed.signatures.get(position=1), by=sitting.clerk)
    page = post(clerk, sitting.url("niederschrift/schritt/"), schritt="zurueck")
    assert "Bitte nennen Sie den Grund der Berichtigung." in page
    page = post(clerk, sitting.url("niederschrift/schritt/"), schritt="zurueck", reason="TOP 1 fehlte")
    assert "wieder ein Entwurf" in page
    line = agreed.signatures.get(position=1)
    assert line.signed_at is None
    assert line.history.first().history_change_reason == "zurück auf den Entwurf: TOP 1 fehlte"


def test_a_change_after_the_agreement_stops_the_signatures(
    sitting: Sitting, clerk: Client, agreed: MeetingMinutes
) -> None:
    """A result was corrected meanwhile: nobody signs what nobody has agreed to."""
    sitting.stage.position = 2  # the route moves, and the minutes do not care
    sitting.stage.save()
    line = agreed.signatures.get(position=1)
    sign_minutes(line=line, by=sitting.clerk)
    sitting.stage.result = "einstimmig beschlossen"
    sitting.stage.save()
    assert "Seitdem hat sich etwas geändert" in page_of(clerk, sitting.url("niederschrift/"))
    with pytest.raises(ValidationError, match="hat sich etwas geändert: Ergebnisse"):
        sign_minutes(line=agreed.signatures.get(position=2), by=sitting.clerk)
    back_to_draft(meeting=sitting.meeting, by=sitting.clerk, reason="Ergebnis berichtigt")
    agree_minutes(meeting=sitting.meeting, by=sitting.clerk)
    sign_minutes(line=agreed.signatures.get(position=1), by=sitting.clerk)


# ---- Signed ----------------------------------------------------------------------------------------------


def test_nobody_signs_a_draft_or_for_nobody(sitting: Sitting, draft: MeetingMinutes) -> None:
    line = draft.signatures.get(position=2)
    with pytest.raises(ValidationError, match="noch ein Entwurf"):
        sign_minutes(line=line, by=sitting.clerk)
    agree_minutes(meeting=sitting.meeting, by=sitting.clerk)
    with pytest.raises(ValidationError, match="Für „Schriftführung“ ist niemand benannt"):
        sign_minutes(line=line, by=sitting.clerk)
    line = draft.signatures.get(position=1)
    with pytest.raises(ValidationError, match="Vor der Sitzung"):
        sign_minutes(line=line, by=sitting.clerk, on=DAY - datetime.timedelta(days=1))
    sign_minutes(line=line, by=sitting.clerk)
    with pytest.raises(ValidationError, match="schon eingetragen"):
        sign_minutes(line=line, by=sitting.clerk)


def test_whoever_is_named_signs_their_own_line_and_no_other(sitting: Sitting, agreed: MeetingMinutes) -> None:
    chair = sitting.login_of(sitting.chair)
    own, other = agreed.signatures.order_by("position")
    client = logged_in(chair)
    assert "Niederschriften zu unterschreiben" in page_of(client, "/")
    page = page_of(client, sitting.url("niederschrift/"))
    assert "Unterschreiben" in page
    assert "Unterschrift eintragen" not in page
    page = page_of(client, sitting.url(f"niederschrift/unterschriften/{own.pk}/"))
    assert "Sie bestätigen, dass die Niederschrift so stimmt" in page
    assert "Unterschrift ist eingetragen" in post(
        client, sitting.url(f"niederschrift/unterschriften/{own.pk}/")
    )
    own.refresh_from_db()
    assert own.signed_by == chair
    assert "Niederschriften zu unterschreiben" not in page_of(client, "/")
    with pytest.raises(PermissionDenied):
        sign_minutes(line=other, by=chair)


def test_with_the_last_signature_everything_is_there(
    sitting: Sitting, clerk: Client, agreed: MeetingMinutes
) -> None:
    first, last = agreed.signatures.order_by("position")
    address = sitting.url("niederschrift/unterschriften/")
    page = post(clerk, f"{address}{first.pk}/", on="2024-03-01")
    assert "Vor der Sitzung kann die Niederschrift nicht unterschrieben sein." in page
    post(clerk, f"{address}{first.pk}/", on="2024-03-18")
    assert not MeetingFile.objects.filter(meeting=sitting.meeting).exists()
    assert "Das ist die letzte Unterschrift" in page_of(clerk, f"{address}{last.pk}/")
    page = post(clerk, f"{address}{last.pk}/", on="2024-03-19")
    assert "Sie steht jetzt fest, und die Auszüge sind fertig." in page
    assert "Niederschrift mit nichtöffentlichem Teil (PDF)" in page
    assert "Niederschrift (PDF)" in page_of(clerk, sitting.url())
    public, complete = MeetingFile.objects.filter(meeting=sitting.meeting).order_by("-public")
    said = text_of(bytes(public.file.content))
    assert "gez. Lisa Vogt" in said
    assert "18.03.2024" in said
    assert "gez. Sven Schreiber" in said
    assert "19.03.2024" in said
    assert "Entwurf" not in said
    assert "Grundstück" not in said
    assert "Grundstück an der Mühle" in text_of(bytes(complete.file.content))
    answer = clerk.get(sitting.url(f"niederschrift/{public.pk}.pdf"))
    assert answer.content == bytes(public.file.content)
    extract = clerk.get(sitting.url(f"niederschrift/auszug/{sitting.item_of_paper.pk}/")).content
    said = text_of(extract)
    for words in (
        "Auszug aus der Niederschrift",
        "12. Sitzung des Sozialausschusses",
        "TOP 2: Integrationskonzept",
        "Ergebnis: mehrheitlich beschlossen",
        "Anwesend sind 3 von 3 Stimmberechtigten.",
        "gez. Lisa Vogt",
    ):
        assert words in said, words
    assert "Eröffnung" not in said


def test_nothing_is_half_done_when_a_pdf_fails(
    sitting: Sitting, agreed: MeetingMinutes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> bytes:
        raise RuntimeError("Papierstau")

    first, last = agreed.signatures.order_by("position")
    sign_minutes(line=first, by=sitting.clerk)
    monkeypatch.setattr(actions, "render_excerpt", broken)
    with pytest.raises(RuntimeError, match="Papierstau"):
        sign_minutes(line=last, by=sitting.clerk)
    last.refresh_from_db()
    assert last.signed_at is None
    assert not MeetingFile.objects.filter(meeting=sitting.meeting).exists()
    assert MeetingMinutes.objects.get(meeting=sitting.meeting).state == "agreed"


def test_without_a_non_public_part_there_is_one_file(sitting: Sitting, agreed: MeetingMinutes) -> None:
    back_to_draft(meeting=sitting.meeting, by=sitting.clerk)
    sitting.hidden.delete()
    agree_minutes(meeting=sitting.meeting, by=sitting.clerk)
    for line in agreed.signatures.all():
        sign_minutes(line=line, by=sitting.clerk)
    assert MeetingFile.objects.get(meeting=sitting.meeting).public
    assert Excerpt.objects.filter(agenda_item__meeting=sitting.meeting).count() == 2


def test_a_non_public_result_of_a_public_item_stands_in_the_complete_files_only(
    sitting: Sitting, clerk: Client, draft: MeetingMinutes
) -> None:
    """And all that tell it say that they are not for everybody."""
    sitting.hidden.delete()
    sitting.stage.result_public = False
    sitting.stage.save()
    said = text_of(clerk.get(sitting.url("niederschrift/entwurf.pdf")).content)
    assert "mehrheitlich" in said
    assert "Nichtöffentlich" in said
    agree_minutes(meeting=sitting.meeting, by=sitting.clerk)
    for line in draft.signatures.all():
        line.person = line.person or sitting.chair.person
        line.save()
        sign_minutes(line=line, by=sitting.clerk)
    member = logged_in(sitting.login_of(sitting.member))
    reader = logged_in(make_user(sitting.town, "department", name="Frida Fachamt"))
    address = sitting.url("niederschrift/")
    excerpt = f"{address}auszug/{sitting.item_of_paper.pk}/"
    public, complete = (
        f"{address}{MeetingFile.objects.get(meeting=sitting.meeting, public=public).pk}.pdf"
        for public in (True, False)
    )
    for told in (complete, excerpt):
        said = text_of(member.get(told).content)
        assert "mehrheitlich" in said
        assert "Nichtöffentlich" in said
    assert "öffentlicher Teil, mit nichtöffentlichen Angaben" in said
    for kept in (public, f"{excerpt}?teil=oeffentlich"):
        for client in (member, reader):
            said = text_of(client.get(kept).content)
            assert "mehrheitlich" not in said
            assert "Nichtöffentlich" not in said
    assert reader.get(complete).status_code == 404
    assert reader.get(excerpt).content == reader.get(f"{excerpt}?teil=oeffentlich").content
    assert "Auszug, nichtöffentlich (PDF)" in page_of(member, address)
    assert "Auszug, nichtöffentlich (PDF)" not in page_of(reader, address)
    assert "Auszug (PDF)" in page_of(reader, address)
    opening = Excerpt.objects.get(agenda_item=sitting.opening)
    assert opening.public, "nothing of it is kept from anybody"


def test_who_reads_what(sitting: Sitting, draft: MeetingMinutes) -> None:
    writer = Person.objects.create(municipality=sitting.town, name="Sven Schreiber")
    draft.signatures.filter(position=2).update(person=writer)
    member = logged_in(sitting.login_of(sitting.member))
    reader = logged_in(make_user(sitting.town, "department", name="Frida Fachamt"))
    address = sitting.url("niederschrift/")
    for client in (member, reader):
        assert "Sobald sie vorliegt" in page_of(client, address), "a draft is the house's own affair"
        assert client.get(f"{address}vorschau/").status_code == 404
    agree_minutes(meeting=sitting.meeting, by=sitting.clerk)
    assert "Grundstück an der Mühle" in page_of(member, f"{address}vorschau/")
    assert reader.get(f"{address}vorschau/").status_code == 404
    for line in draft.signatures.all():
        sign_minutes(line=line, by=sitting.clerk)
    page = page_of(reader, address)
    assert "Niederschrift (PDF)" in page
    assert "nichtöffentlichem Teil" not in page
    assert "Grundstück" not in page
    assert "Grundstück" not in page_of(reader, f"{address}vorschau/")
    complete = MeetingFile.objects.get(meeting=sitting.meeting, public=False)
    assert reader.get(f"{address}{complete.pk}.pdf").status_code == 404
    assert reader.get(f"{address}auszug/{sitting.hidden.pk}/").status_code == 404
    assert member.get(f"{address}{complete.pk}.pdf").status_code == 200
    assert member.get(f"{address}auszug/{sitting.hidden.pk}/").status_code == 200


def test_an_excerpt_of_a_draft_is_a_sentence(sitting: Sitting, clerk: Client, draft: MeetingMinutes) -> None:
    address = sitting.url(f"niederschrift/auszug/{sitting.item_of_paper.pk}/")
    assert "Einen Auszug gibt es erst aus der unterschriebenen Niederschrift." in page_of(clerk, address)


def test_signed_means_that_nothing_moves_any_more(
    sitting: Sitting, clerk: Client, signed: MeetingMinutes
) -> None:
    """First in a sentence, then by the database itself."""
    for rest in ("schreiben/", f"top/{sitting.opening.pk}/"):
        address = sitting.url(f"niederschrift/{rest}")
        page = post(clerk, address, opened_version=version(clerk, address), discussion="<p>X</p>")
        assert "ist unterschrieben" in page, rest
    assert "ist unterschrieben" in post(clerk, sitting.url("niederschrift/schritt/"), schritt="zurueck")
    person = MeetingAttendance.objects.filter(meeting=sitting.meeting).first()
    rows: list[tuple[Any, dict[str, Any]]] = [
        (MeetingMinutes, {"closed_at": "20:00"}),
        (MinutesSignature.objects.filter(minutes=signed), {"signed_at": None}),
        (sitting.meeting.attendance, {"state": "absent"}),
        (sitting.meeting.agenda, {"discussion": "<p>X</p>"}),
        (Consultation.objects.filter(meeting=sitting.meeting), {"result": "abgelehnt"}),
        (Ballot.objects.filter(consultation=sitting.stage), {"votes_for": 9}),
    ]
    for queryset, change in rows:
        found = queryset.objects.filter(pk=signed.pk) if queryset is MeetingMinutes else queryset.all()
        with pytest.raises(DatabaseError, match="signed"), transaction.atomic():
            found.update(**change)
    with pytest.raises(DatabaseError, match="signed"), transaction.atomic():
        Exclusion.objects.create(agenda_item=sitting.opening, attendance=person)


@pytest.mark.once
def test_the_pdfs_are_accessible_and_fit_for_the_archive(
    sitting: Sitting, signed: MeetingMinutes, tmp_path: Any
) -> None:
    files = [
        *MeetingFile.objects.filter(meeting=sitting.meeting),
        Excerpt.objects.get(agenda_item=sitting.item_of_paper),
    ]
    for number, one in enumerate(files):
        (tmp_path / f"{number}.pdf").write_bytes(bytes(one.file.content))
    assert verapdf.failures(sorted(tmp_path.glob("*.pdf"))) == []
    again = MinutesContents.of(sitting.meeting, complete=True)
    assert render_minutes(again) == bytes(files[1].file.content), "the same rows, the same bytes"
    assert render_excerpt(again.as_public(), sitting.item_of_paper) == bytes(files[2].file.content)


@pytest.mark.once
def test_the_page_asks_no_more_for_more_items(
    sitting: Sitting, clerk: Client, draft: MeetingMinutes, django_assert_max_num_queries: Any
) -> None:
    def queries(rest: str) -> int:
        with django_assert_max_num_queries(80) as captured:
            clerk.get(sitting.url(rest))
        return len(captured)

    pages_asked = ("niederschrift/", "niederschrift/vorschau/")
    few = [queries(rest) for rest in pages_asked]
    for number in range(4, 9):
        item = sitting.item(number, str(number), f"Bericht {number}")
        stage = Consultation.objects.create(
            paper=sitting.paper,
            position=number,
            committee=sitting.committee,
            meeting=sitting.meeting,
            agenda_item=item,
            result="zur Kenntnis genommen",
        )
        Ballot.objects.create(consultation=stage, position=1, votes_for=number)
    assert [queries(rest) for rest in pages_asked] == few
    assert re.search("Bericht 8", page_of(clerk, sitting.url("niederschrift/")))
