"""The page on which is set who may read what of a paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from committees.actions.agenda import place_stage
from committees.checks import findings_of
from committees.models import AgendaItem, Consultation, MeetingMinutes, Paper, PaperAttachment, Section
from municipalities.models import Institution, Role, User
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    paper = make_paper(make_town(), "<p>Eins</p>", "<p>Zwei</p>", subject="Anlaufstelle")
    key = paper.layout.blocks.filter(kind="section")[0].key
    Section.objects.create(paper=paper, key=key, body="<p>Text</p>")
    PaperAttachment.objects.create(paper=paper, position=1, title="Lageplan")
    make_stage(paper, make_committee(paper.municipality, "Rat"), "decide", day=9)
    return paper


@pytest.fixture
def clerk(paper: Paper) -> User:
    return make_user(paper.municipality, Role.Kind.COUNCIL_SERVICE)


@pytest.fixture
def office(paper: Paper) -> Institution:
    return Institution.objects.create(
        municipality=paper.municipality, name="Rechtsamt", kind=Institution.Kind.DEPARTMENT
    )


@pytest.fixture
def page(client: Client, clerk: User, paper: Paper) -> str:
    client.force_login(clerk)
    return paper.get_absolute_url() + "oeffentlichkeit/"


def as_it_stands(client: Client, page: str) -> dict[str, Any]:
    """What the browser would send without a change."""
    form = client.get(page).context["form"]
    return {
        bound.name: "on" if bound.value() is True else bound.value()
        for bound in form
        if bound.value() not in (False, None, "")
    }


def point(paper: Paper, position: int = 2) -> Any:
    return paper.resolution_points.get(position=position)


def placed(stage: Consultation, by: User) -> AgendaItem:
    stage.meeting.committees.add(stage.committee)
    return place_stage(meeting=stage.meeting, stage=stage, by=by)


def test_a_point_is_taken_out_after_the_release(
    client: Client, page: str, paper: Paper, office: Institution, clerk: User
) -> None:
    release(paper)
    name, stage = f"punkt-{point(paper).pk}", paper.consultations.get()
    typed = as_it_stands(client, page)
    del typed[f"{name}-public"], typed[f"ergebnis-{stage.pk}-public"]
    typed |= {
        f"{name}-reason": "Grundstückssache",
        f"{name}-office": office.pk,
        f"ergebnis-{stage.pk}-reason": "Verhandlung läuft",
        f"ergebnis-{stage.pk}-office": office.pk,
        "reading_offices": [office.pk],
    }
    answer = client.post(page, typed, follow=True)
    assert "Gespeichert ist, wer was lesen darf." in answer.content.decode()
    kept = point(paper)
    assert (kept.public, kept.non_public_reason, kept.non_public_by) == (False, "Grundstückssache", office)
    assert kept.history.first().history_user == clerk
    assert point(paper, 1).public
    assert point(paper, 1).history.count() == 1
    stage.refresh_from_db()
    assert (stage.result_public, stage.non_public_reason) == (False, "Verhandlung läuft")
    assert stage.non_public_by == office
    assert list(paper.reading_offices.all()) == [office]
    assert Paper.objects.get(pk=paper.pk).public


def test_a_paper_is_non_public_only_with_a_reason_and_off_the_public_agenda(
    client: Client, page: str, paper: Paper
) -> None:
    typed = as_it_stands(client, page)
    del typed["public"]
    answer = client.post(page, typed)
    assert answer.status_code == 422
    assert "Bitte nennen Sie den Grund der Nichtöffentlichkeit." in answer.content.decode()
    stage = paper.consultations.get()
    stage.agenda_item = AgendaItem.objects.create(
        meeting=stage.meeting, position=1, number="1", title=paper.subject
    )
    stage.save()
    answer = client.post(page, typed | {"non_public_reason": "Personalsache"})
    assert answer.status_code == 422
    assert "steht im öffentlichen Teil einer Tagesordnung" in answer.content.decode()
    AgendaItem.objects.filter(pk=stage.agenda_item_id).update(public=False)
    answer = client.post(page, typed | {"non_public_reason": "Personalsache", "public_subject": "Personal"})
    assert answer.status_code == 302
    stored = Paper.objects.get(pk=paper.pk)
    assert (stored.public, stored.non_public_reason, stored.public_subject) == (
        *(False, "Personalsache"),
        "Personal",
    )


def test_an_agenda_that_no_longer_has_the_paper_does_not_go_on_telling_its_subject(
    client: Client, page: str, paper: Paper, clerk: User
) -> None:
    """Taken off after the invitation, it stays to be read; and a public title may be the old subject."""
    release(paper)
    stage = paper.consultations.get()
    sent = stage.meeting
    former = placed(stage, clerk)
    below = AgendaItem.objects.create(meeting=sent, position=2, number="1.1", title="Dazu", parent=former)
    Consultation.objects.filter(pk=stage.pk).update(agenda_item=None)
    AgendaItem.objects.filter(pk=former.pk).update(taken_off=True)
    later = make_stage(paper, stage.committee, "decide", day=16)
    item = placed(later, clerk)
    AgendaItem.objects.filter(pk=item.pk).update(public=False, public_title=paper.subject)
    typed = as_it_stands(client, page)
    del typed["public"]
    typed |= {"non_public_reason": "Personalsache", "public_subject": "Personal"}
    assert client.post(page, typed).status_code == 302
    for row in (former, item):
        row.refresh_from_db()
        assert (row.public, row.public_title) == (False, "Personal")
        assert row.history.first().history_change_reason == "Die Vorlage ist nichtöffentlich."
    below.refresh_from_db()
    assert not below.public
    reader = make_user(paper.municipality, Role.Kind.DEPARTMENT, name="Frau Fachamt")
    client.force_login(reader)
    for meeting in (sent, later.meeting):
        told = client.get(meeting.get_absolute_url()).content.decode()
        assert paper.subject not in told
        assert "Personal" in told
    # Its public subject moves on: so do the agendas.
    client.force_login(clerk)
    typed = as_it_stands(client, page) | {"public_subject": "Eine Angelegenheit"}
    assert client.post(page, typed).status_code == 302
    points = AgendaItem.objects.filter(parent=None, meeting__municipality=paper.municipality)
    assert {*points.values_list("public_title", flat=True)} == {"Eine Angelegenheit"}


def test_what_was_minuted_in_public_stays_so(client: Client, page: str, paper: Paper, clerk: User) -> None:
    release(paper)
    stage = paper.consultations.get()
    placed(stage, clerk)
    MeetingMinutes.objects.create(
        meeting=stage.meeting, state="signed", agreed_on=stage.meeting.date, agreed_by=clerk
    )
    typed = as_it_stands(client, page)
    del typed["public"]
    answer = client.post(page, typed | {"non_public_reason": "Personalsache"})
    assert answer.status_code == 422
    assert "Die Vorlage ist öffentlich beraten worden" in answer.content.decode()


def test_a_stage_that_becomes_non_public_leaves_the_public_agenda(
    client: Client, paper: Paper, clerk: User
) -> None:
    release(paper)
    stage = paper.consultations.get()
    item = placed(stage, clerk)
    other = AgendaItem.objects.create(
        meeting=stage.meeting, position=2, number="1", title="Anderes", public=False
    )
    client.force_login(clerk)
    address = f"{paper.get_absolute_url()}beratungsfolge/{stage.pk}/"
    form = client.get(address).context["form"]
    typed = {bound.name: bound.value() for bound in form if bound.value() not in (False, None, "")}
    answer = client.post(address, typed | {"treatment": "non_public", "reason": "Es geht um Verträge."})
    assert answer.status_code == 302
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.public, item.public_title) == (False, "")
    assert {item.number, other.number} == {"1", "2"}
    client.force_login(make_user(paper.municipality, Role.Kind.DEPARTMENT, name="Frau Fachamt"))
    assert paper.subject not in client.get(stage.meeting.get_absolute_url()).content.decode()


def test_who_saves_second_is_told_and_saves_with_the_next_click(
    client: Client, page: str, paper: Paper
) -> None:
    typed = as_it_stands(client, page)
    del typed[f"punkt-{point(paper).pk}-public"]
    PaperAttachment.objects.filter(paper=paper).update(public=False)
    answer = client.post(page, typed)
    assert answer.status_code == 422
    assert "Inzwischen hat jemand anderes hier etwas geändert." in answer.content.decode()
    assert point(paper).public
    again = typed | {"opened": answer.context["form"]["opened"].value()}
    assert client.post(page, again).status_code == 302
    assert not point(paper).public


def test_it_says_when_something_is_out_already(client: Client, page: str, paper: Paper, clerk: User) -> None:
    assert "Öffentlich ausgefertigt" not in client.get(page).content.decode()
    release(paper)
    client.post(f"{paper.get_absolute_url()}beratung/1/ausfertigen/", {"seen": 0})
    assert "rufen Sie danach die betroffenen Ausfertigungen zurück" in client.get(page).content.decode()


def test_as_many_queries_for_many_parts(
    client: Client, page: str, paper: Paper, django_assert_max_num_queries: Any
) -> None:
    client.get(page)
    for position in range(2, 30):
        PaperAttachment.objects.create(paper=paper, position=position, title=f"Anlage {position}")
    with django_assert_max_num_queries(25):
        assert "Anlage 29" in client.get(page).content.decode()


def test_the_check_asks_for_reasons_and_for_another_subject(paper: Paper) -> None:
    def codes() -> list[str]:
        found = [one.code for one in findings_of(Paper.objects.get(pk=paper.pk))]
        return [code for code in found if code.startswith(("non_public", "public_"))]

    assert codes() == []
    paper.resolution_points.filter(position=2).update(public=False)
    paper.attachments.update(public=False)
    assert codes() == ["non_public_without_reason", "non_public_without_reason"]
    paper.attachments.update(non_public_reason="Vertragsentwurf")
    assert codes() == ["non_public_without_reason"]
    stage = paper.consultations.get()
    stage.result_public = False
    stage.save()
    assert codes() == ["non_public_without_reason", "non_public_without_reason"]
    stage.non_public_reason = "Verhandlung läuft"
    stage.save()
    release(paper)
    assert codes() == ["non_public_without_reason"]
    Paper.objects.filter(pk=paper.pk).update(
        public=False, non_public_reason="Personalsache", public_subject=paper.subject
    )
    assert codes() == ["public_subject_tells_all"]


def test_the_administration_shows_who_may_read_and_does_not_change_it(client: Client, paper: Paper) -> None:
    """It would look at no agenda and no PDF. Nor does a former state of the paper open it again."""
    administrator = make_user(paper.municipality, Role.Kind.ADMINISTRATION, name="Fritz Fachadministration")
    client.force_login(administrator)
    address = reverse("admin:committees_paper_change", args=[paper.pk])
    stage = paper.consultations.get()
    for address_of_row in (address, reverse("admin:committees_consultation_change", args=[stage.pk])):
        opened = client.get(address_of_row).content.decode()
        assert "auf der Seite „Öffentlichkeit“ der Vorlage" in opened
        for name in ("public", "non_public_reason", "reading_offices", "treatment", "result_public"):
            assert f'name="{name}"' not in opened
            assert not re.search(f'name="[a-z_]+-[0-9]+-{name}"', opened)
    context = client.get(address).context
    typed = {name: value for name, value in context["adminform"].form.initial.items() if value}
    for inline in context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        typed |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    del typed["opened_version"]
    # Without a tick at `public`.
    answer = client.post(address, typed | {"contact": "Zimmer 12", "non_public_reason": "Vertrag"})
    paper.refresh_from_db()
    assert (answer.status_code, paper.contact, paper.public) == (302, "Zimmer 12", True)
    was_public = paper.history.latest()
    paper.public, paper.non_public_reason = False, "Vertragssache"
    paper.save()
    former = reverse("admin:committees_paper_simple_history", args=[paper.pk, was_public.pk])
    assert client.post(former, typed | {"contact": "Zimmer 13"}).status_code == 302
    paper.refresh_from_db()
    assert (paper.contact, paper.public, paper.non_public_reason) == ("Zimmer 13", False, "Vertragssache")


def test_the_administration_puts_a_stage_that_is_not_public_on_no_public_agenda(
    client: Client, paper: Paper
) -> None:
    client.force_login(
        make_user(paper.municipality, Role.Kind.ADMINISTRATION, name="Fritz Fachadministration")
    )
    stage = paper.consultations.get()
    item = AgendaItem.objects.create(meeting=stage.meeting, position=1, number="1", title=paper.subject)
    stage.treatment = Consultation.Treatment.NON_PUBLIC
    stage.save()
    address = reverse("admin:committees_consultation_change", args=[stage.pk])
    form = client.get(address).context["adminform"].form
    typed = {name: value for name, value in form.initial.items() if value} | {"agenda_item": item.pk}
    answer = client.post(address, typed)
    assert "Die Beratung dieser Vorlage ist nichtöffentlich." in answer.content.decode()
    item.public = False
    item.save()
    assert client.post(address, typed).status_code == 302
    stage.refresh_from_db()
    assert stage.agenda_item == item
