"""Planning a route and changing it while it runs, as a clerk does on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client

from committees.actions.issuing import issue_stage
from committees.actions.routing import (
    delete_stage,
    move_stage,
    save_as_template,
    save_stage,
    strike_stage,
    take_back_stage,
    take_over,
)
from committees.forms.routing import StageForm
from committees.models import Consultation, IssuedPaper, RouteTemplate, RouteTemplateStage
from municipalities.models import Role
from tests.committees.factories import make_town, make_user, release
from tests.committees.routes import Planning, make_planning
from tests.reading import html_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def planning() -> Planning:
    planning = make_planning("Das Konzept wird beschlossen.")
    planning.stage("Sozialausschuss", days=20)
    planning.stage("Schulausschuss", days=30)
    planning.stage("Rat", "decide", days=40)
    return planning


@pytest.fixture
def desk(client: Client, planning: Planning) -> Client:
    client.force_login(planning.clerk)
    return client


def said(desk: Client, address: str, data: dict[str, Any], status: int = 200) -> str:
    """What the page says after sending."""
    response = desk.post(address, data, follow=True)
    assert response.status_code == status
    return html_of(response)


def positions(planning: Planning) -> list[int]:
    return [stage.position for stage in planning.stages()]


# ---- The page --------------------------------------------------------------------------------------------


def test_the_page_shows_the_stages_in_order(desk: Client, planning: Planning) -> None:
    html = html_of(desk.get(planning.base))
    places = [html.index(f">{stage.position}</div>") for stage in planning.stages()]
    assert places == sorted(places)
    for words in ("Sozialausschuss", "berät vor", "entscheidet", "Stufe hinzufügen", "Nach unten"):
        assert words in html


def test_an_empty_route_says_what_to_do(client: Client) -> None:
    planning = make_planning()
    client.force_login(planning.clerk)
    html = html_of(client.get(planning.base))
    assert "Noch keine Beratungsfolge" in html
    assert "Bitte legen Sie fest, wer sie berät" in html
    assert "Diese Beratungsfolge als Muster speichern" not in html


def test_a_stage_without_meeting_says_so(desk: Client, planning: Planning) -> None:
    planning.stage("Finanzausschuss")
    assert "Termin noch offen" in html_of(desk.get(planning.base))


@pytest.mark.parametrize("number", [1, 22])
def test_the_page_asks_a_constant_number_of_questions(
    number: int, client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    planning = make_planning("Eins.")
    client.force_login(planning.clerk)
    for days in range(1, number):
        planning.stage(f"Ausschuss {days}", days=20 + days, joint=["Sozialausschuss"])
    planning.stage("Rat", "decide", days=60)
    release(planning.paper)
    move_stage(stage=planning.stages()[0], place=number, by=planning.clerk, reason="Sitzungsplan")
    client.get(planning.base)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(planning.base)


PAGE_QUERIES = 25


# ---- Adding and changing ---------------------------------------------------------------------------------


def stage_data(planning: Planning, name: str = "", **values: Any) -> dict[str, Any]:
    committee = planning.committee(name).pk if name else ""
    return {"committee": committee, "role": "Vorberatung", "meaning": "advise", **values}


def test_a_stage_is_added_at_the_end(desk: Client, planning: Planning) -> None:
    html = said(desk, f"{planning.base}neu/", stage_data(planning, "Finanzausschuss"))
    assert "Stufe „Finanzausschuss“ ist gespeichert." in html
    assert planning.order() == ["Sozialausschuss", "Schulausschuss", "Rat", "Finanzausschuss"]


def test_or_at_a_place(desk: Client, planning: Planning) -> None:
    said(desk, f"{planning.base}neu/", stage_data(planning, "Finanzausschuss", place=2))
    assert planning.order() == ["Sozialausschuss", "Finanzausschuss", "Schulausschuss", "Rat"]
    assert positions(planning) == [1, 2, 3, 4]


def test_the_same_committee_may_come_again(desk: Client, planning: Planning) -> None:
    said(desk, f"{planning.base}neu/", stage_data(planning, "Sozialausschuss"))
    assert planning.order().count("Sozialausschuss") == 2


def test_several_committees_sit_together(desk: Client, planning: Planning) -> None:
    planning.committee("Jugendausschuss")
    meeting = planning.meeting("Finanzausschuss", "Jugendausschuss")
    joint = [planning.committee("Jugendausschuss").pk]
    data = stage_data(planning, "Finanzausschuss", joint_committees=joint, meeting=meeting.pk)
    assert "Finanzausschuss und Jugendausschuss" in said(desk, f"{planning.base}neu/", data)


def test_the_head_of_the_administration_may_release(desk: Client, planning: Planning) -> None:
    data = stage_data(planning, role="Freigabe", meaning="release")
    assert "Die Bürgermeisterin" in said(desk, f"{planning.base}neu/", data)


def test_a_word_the_town_knows_brings_its_meaning(desk: Client, planning: Planning) -> None:
    Consultation.objects.filter(paper=planning.paper, meaning="advise").update(role="Mitberatung")
    html = html_of(desk.get(f"{planning.base}neu/"))
    assert '<option value="Mitberatung"></option>' in html
    said(
        desk, f"{planning.base}neu/", stage_data(planning, "Finanzausschuss", role="Mitberatung", meaning="")
    )
    assert Consultation.objects.get(committee__name="Finanzausschuss").meaning == "advise"


def test_only_coming_meetings_are_offered(desk: Client, planning: Planning) -> None:
    planning.meeting("Rat", days=-3)
    planning.meeting("Rat", days=50, cancelled=True, reason="Zu wenige Punkte.")
    coming = planning.meeting("Rat", days=60)
    html = html_of(desk.get(f"{planning.base}neu/"))
    assert f'value="{coming.pk}"' in html
    assert "Sitzung 4 (" not in html
    assert "Sitzung 5 (" not in html


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Bitte wählen Sie ein Gremium."),
        ({"committee": "999999999999999999999"}, "Dieses Gremium gibt es in Ihrer Kommune nicht."),
        ({"committee": "x"}, "Dieses Gremium gibt es in Ihrer Kommune nicht."),
        ({"meeting": "999999"}, "Diese Sitzung steht nicht zur Wahl."),
        ({"meaning": "release", "meeting": "$rat"}, "weder weitere Gremien noch eine Sitzung"),
        ({"committee": "$social", "meeting": "$rat"}, "In dieser Sitzung tagt nicht: Sozialausschuss."),
        ({"committee": "$social", "meeting": "$foreign"}, "Diese Sitzung steht nicht zur Wahl."),
        ({"committee": "$foreign_committee"}, "Dieses Gremium gibt es in Ihrer Kommune nicht."),
        ({"committee": "$social", "joint_committees": "$social"}, "ist schon das Gremium dieser Stufe"),
        ({"committee": "$social", "joint_committees": "9" * 30}, "joint_committees"),
        ({"committee": "$social", "role": "x" * 61}, "höchstens 60 Zeichen"),
        ({"committee": "$social", "meaning": "erfunden"}, "erfunden"),
        ({"committee": "$social", "place": "0"}, "größer oder gleich 1"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(
    values: dict[str, Any], sentence: str, desk: Client, planning: Planning
) -> None:
    elsewhere = Planning(make_town("Altstadt"), planning.paper, planning.clerk)
    known = {
        "$rat": planning.meeting("Rat").pk,
        "$social": planning.committee("Sozialausschuss").pk,
        "$foreign": elsewhere.meeting("Hauptausschuss").pk,
        "$foreign_committee": elsewhere.committee("Hauptausschuss").pk,
    }
    data = {"role": "Mein Wort", "meaning": ""}
    data |= {name: known.get(value, value) for name, value in values.items()}
    html = said(desk, f"{planning.base}neu/", data, status=422)
    assert sentence in html
    assert data["role"] in html  # nothing typed is lost
    assert len(planning.stages()) == 3


def test_another_meeting_takes_the_agenda_item_away(desk: Client, planning: Planning) -> None:
    stage = planning.stages()[0]
    assert stage.meeting
    stage.agenda_item = stage.meeting.agenda.create(position=1, number="4", title="Konzept")
    stage.save()
    later = planning.meeting("Sozialausschuss", days=25)
    html = said(
        desk, f"{planning.base}{stage.pk}/", stage_data(planning, "Sozialausschuss", meeting=later.pk)
    )
    assert "Tagesordnungspunkt gehörte zur bisherigen Sitzung" in html
    stage.refresh_from_db()
    assert (stage.meeting, stage.agenda_item) == (later, None)


def test_two_who_change_the_same_stage_see_both_versions(desk: Client, planning: Planning) -> None:
    stage = planning.stages()[0]
    opened = desk.get(f"{planning.base}{stage.pk}/").context["form"]["opened_version"].value()
    stage.role = "Kenntnisnahme"
    stage.save()
    data = stage_data(planning, "Sozialausschuss", role="Beratung", opened_version=opened)
    data["meeting"] = stage.meeting_id
    html = said(desk, f"{planning.base}{stage.pk}/", data, status=422)
    assert "Zwei Fassungen" in html
    assert "Kenntnisnahme" in html
    assert "Beratung" in html


def test_who_moved_a_stage_meanwhile_is_not_undone(desk: Client, planning: Planning) -> None:
    stage = planning.stages()[0]
    opened = desk.get(f"{planning.base}{stage.pk}/").context["form"]["opened_version"].value()
    move_stage(stage=planning.stages()[1], place=1, by=planning.clerk)
    data = stage_data(planning, "Sozialausschuss", meeting=stage.meeting_id, opened_version=opened)
    said(desk, f"{planning.base}{stage.pk}/", data)
    assert planning.order() == ["Schulausschuss", "Sozialausschuss", "Rat"]


def test_a_stage_of_another_paper_is_not_found(desk: Client, planning: Planning) -> None:
    other = make_planning_of(planning)
    assert desk.get(f"{planning.base}{other.pk}/").status_code == 404


def make_planning_of(planning: Planning) -> Consultation:
    """A stage of another paper of the same town."""
    second = Planning(planning.town, planning.paper, planning.clerk, planning.committees)
    second.paper = type(planning.paper).objects.create(
        municipality=planning.town,
        paper_type=planning.paper.paper_type,
        layout=planning.paper.layout,
        subject="Andere Vorlage",
    )
    return second.stage("Rat", "decide")


# ---- Moving, striking, deleting --------------------------------------------------------------------------


def test_a_stage_moves_with_one_click(desk: Client, planning: Planning) -> None:
    stage = planning.stages()[1]
    html = said(desk, f"{planning.base}{stage.pk}/verschieben/", {"place": 1})
    assert "„Schulausschuss“ ist jetzt die 1. Stufe." in html
    assert planning.order() == ["Schulausschuss", "Sozialausschuss", "Rat"]


@pytest.mark.parametrize("place", ["0", "4", "-1", "", "oben", "99999999999999999999"])
def test_to_no_place_it_does_not_move(place: str, desk: Client, planning: Planning) -> None:
    stage = planning.stages()[0]
    said(desk, f"{planning.base}{stage.pk}/verschieben/", {"place": place}, status=422)
    assert positions(planning) == [1, 2, 3]
    assert planning.order()[0] == "Sozialausschuss"


def test_a_struck_stage_stays_with_its_reason(desk: Client, planning: Planning) -> None:
    stage = planning.stages()[0]
    html = said(desk, f"{planning.base}{stage.pk}/streichen/", {"reason": "Sitzung ist ausgefallen."})
    assert "Sitzung ist ausgefallen." in html
    html = said(desk, f"{planning.base}{stage.pk}/aufnehmen/", {})
    assert "findet statt" in html
    stage.refresh_from_db()
    assert (stage.left_out, stage.left_out_reason) == (False, "")


def test_without_a_reason_none_is_struck(desk: Client, planning: Planning) -> None:
    stage = planning.stages()[0]
    html = said(desk, f"{planning.base}{stage.pk}/streichen/", {"reason": "  "}, status=422)
    assert "Bitte nennen Sie den Grund, warum diese Beratung entfällt." in html


def test_a_deleted_stage_leaves_no_hole(desk: Client, planning: Planning) -> None:
    said(desk, f"{planning.base}{planning.stages()[0].pk}/loeschen/", {})
    assert (planning.order(), positions(planning)) == (["Schulausschuss", "Rat"], [1, 2])


# ---- While it runs ---------------------------------------------------------------------------------------


def test_after_the_release_each_change_says_why_and_stays_to_be_read(
    desk: Client, planning: Planning
) -> None:
    release(planning.paper)
    first, second, _third = planning.stages()
    address = f"{planning.base}{second.pk}/verschieben/"
    html = said(desk, address, {"place": 1}, status=422)
    assert "Bitte nennen Sie den Grund der Änderung." in html
    said(desk, address, {"place": 1, "reason": "Der Schulausschuss tagt früher."})
    later = planning.meeting("Sozialausschuss", days=35)
    data = stage_data(planning, "Sozialausschuss", role="", meeting=later.pk, reason="Sitzung verlegt")
    said(desk, f"{planning.base}{first.pk}/", data)
    said(desk, f"{planning.base}{second.pk}/streichen/", {"reason": "Beschlussunfähig."})
    html = html_of(desk.get(planning.base))
    assert "Was an der Beratungsfolge geändert wurde" in html
    for words in (
        "An die 1. Stelle gesetzt.",
        "Der Schulausschuss tagt früher.",
        f"jetzt {later.date:%d.%m.%Y}.",
        "Sitzung verlegt",
        "Gestrichen.",
        "Beschlussunfähig.",
        planning.clerk.name,
    ):
        assert words in html


def test_what_was_planned_before_is_no_change(desk: Client, planning: Planning) -> None:
    said(desk, f"{planning.base}{planning.stages()[0].pk}/verschieben/", {"place": 2})
    assert "Was an der Beratungsfolge geändert wurde" not in html_of(desk.get(planning.base))


def test_a_stage_added_later_is_one_entry_with_all_its_committees(desk: Client, planning: Planning) -> None:
    release(planning.paper)
    joint = [planning.committee("Jugendausschuss").pk]
    data = stage_data(planning, "Finanzausschuss", joint_committees=joint, place=2, reason="Neue Kosten")
    said(desk, f"{planning.base}neu/", data)
    changes = desk.get(planning.base).context["changes"]
    assert [(one.stage, one.reason) for one in changes] == [
        ("Finanzausschuss und Jugendausschuss", "Neue Kosten")
    ]
    assert changes[0].what[0].startswith("Als ")


def test_after_the_release_nothing_is_deleted(desk: Client, planning: Planning) -> None:
    release(planning.paper)
    html = said(desk, f"{planning.base}{planning.stages()[0].pk}/loeschen/", {}, status=422)
    assert "eine Stufe lässt sich nur noch streichen" in html


def test_an_issued_stage_keeps_committee_and_place(desk: Client, planning: Planning) -> None:
    release(planning.paper)
    stage = planning.stages()[1]
    issue_stage(consultation=stage, by=planning.clerk)
    before = bytes(IssuedPaper.objects.get().file.content)
    why = {"reason": "Sitzungsplan geändert"}
    assert "schon ausgefertigt" in said(
        desk, f"{planning.base}{stage.pk}/verschieben/", {"place": 1, **why}, 422
    )
    assert "schon ausgefertigt" in said(desk, f"{planning.base}{stage.pk}/streichen/", why, 422)
    data = stage_data(planning, "Finanzausschuss", **why)
    assert "schon ausgefertigt" in said(desk, f"{planning.base}{stage.pk}/", data, 422)
    later = planning.meeting("Schulausschuss", days=33)
    said(desk, f"{planning.base}{stage.pk}/", stage_data(planning, "Schulausschuss", meeting=later.pk, **why))
    said(desk, f"{planning.base}neu/", stage_data(planning, "Finanzausschuss", place=1, **why))
    assert bytes(IssuedPaper.objects.get().file.content) == before
    assert IssuedPaper.objects.get().consultation_id == stage.pk


def test_who_has_answered_stays_in_front(desk: Client, planning: Planning) -> None:
    release(planning.paper)
    first = planning.stages()[0]
    first.result = "einstimmig beschlossen"
    first.save()
    why = {"reason": "Nachtrag"}
    html = said(desk, f"{planning.base}neu/", stage_data(planning, "Finanzausschuss", place=1, **why), 422)
    assert "Bis zur 1. Stufe haben die Gremien schon beraten." in html
    last = planning.stages()[-1]
    html = said(desk, f"{planning.base}{last.pk}/verschieben/", {"place": 1, **why}, 422)
    assert "Dahinter stünde ein Gremium, das schon beraten hat." in html
    assert planning.order() == ["Sozialausschuss", "Schulausschuss", "Rat"]


# ---- Templates -------------------------------------------------------------------------------------------


def test_a_route_becomes_a_template_and_a_template_a_route(desk: Client, planning: Planning) -> None:
    planning.stage("Jugendausschuss", joint=["Kulturausschuss"])
    html = said(desk, f"{planning.base}als-muster/", {"name": "Alle Ausschüsse"})
    assert "Das Muster „Alle Ausschüsse“ ist gespeichert." in html
    template = RouteTemplate.objects.get(municipality=planning.town)
    assert list(template.paper_types.all()) == [planning.paper.paper_type]
    Consultation.objects.filter(paper=planning.paper).delete()
    assert "4 Stufen sind übernommen." in said(desk, f"{planning.base}muster/", {"template": template.pk})
    assert planning.order() == [
        *("Sozialausschuss", "Schulausschuss", "Rat", "Jugendausschuss und Kulturausschuss"),
    ]
    assert all(stage.meeting is None for stage in planning.stages())


@pytest.mark.parametrize("name", ["", "  ", "Bekannt", "x" * 101])
def test_a_template_needs_a_new_name(name: str, desk: Client, planning: Planning) -> None:
    RouteTemplate.objects.create(municipality=planning.town, name="Bekannt")
    said(desk, f"{planning.base}als-muster/", {"name": name}, status=422)
    assert RouteTemplate.objects.filter(municipality=planning.town).count() == 1


def test_a_foreign_template_is_not_taken_over(desk: Client, planning: Planning) -> None:
    foreign = RouteTemplate.objects.create(municipality=make_town("Altstadt"), name="Fremdes Muster")
    html = said(desk, f"{planning.base}muster/", {"template": foreign.pk}, status=422)
    assert "Dieses Muster gibt es nicht mehr." in html
    assert "Fremdes Muster" not in html


def test_a_template_for_another_type_is_not_offered(desk: Client, planning: Planning) -> None:
    template = RouteTemplate.objects.create(municipality=planning.town, name="Nur Mitteilungen")
    other = planning.paper.paper_type
    other.pk, other.name = None, "Mitteilung"
    other._state.adding = True
    other.save()
    template.paper_types.set([other])
    assert "Nur Mitteilungen" not in html_of(desk.get(planning.base))


def test_a_route_does_not_grow_without_end(desk: Client, planning: Planning) -> None:
    template = RouteTemplate.objects.create(municipality=planning.town, name="Sehr lang")
    for position in range(1, 60):
        RouteTemplateStage.objects.create(
            template=template, position=position, committee=planning.committee("Rat")
        )
    html = said(desk, f"{planning.base}muster/", {"template": template.pk}, status=422)
    assert "Mehr als 60 Stufen" in html
    assert len(planning.stages()) == 3


# ---- Who may ---------------------------------------------------------------------------------------------


def test_after_the_release_the_office_that_wrote_it_only_reads(client: Client, planning: Planning) -> None:
    editor = make_user(planning.town, Role.Kind.EDITING, name="Eva Redaktion")
    client.force_login(editor)
    assert client.get(planning.base).status_code == 200
    release(planning.paper)
    assert client.get(planning.base).status_code == 403
    stage = planning.stages()[0]
    for attempt in (
        lambda: move_stage(stage=stage, place=2, by=editor, reason="doch"),
        lambda: strike_stage(stage=stage, by=editor, reason="doch"),
        lambda: take_back_stage(stage=stage, by=editor, reason="doch"),
        lambda: delete_stage(stage=stage, by=editor),
        lambda: save_as_template(paper=planning.paper, name="Muster", by=editor),
        lambda: take_over(paper=planning.paper, template=RouteTemplate(), by=editor, reason="doch"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_positions_are_unique_in_the_database(planning: Planning) -> None:
    first, second, _third = planning.stages()
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=first.pk).update(position=second.position)


def test_an_action_without_reason_is_refused_after_the_release(planning: Planning) -> None:
    release(planning.paper)
    with pytest.raises(ValidationError, match="Bitte nennen Sie den Grund"):
        move_stage(stage=planning.stages()[0], place=2, by=planning.clerk, reason="  ")


def test_two_who_move_at_once_leave_a_whole_order(planning: Planning) -> None:
    """One after the other, whatever each believed the order to be."""
    first, _second, third = planning.stages()
    stale = Consultation.objects.get(pk=third.pk)
    move_stage(stage=first, place=3, by=planning.clerk)
    move_stage(stage=stale, place=1, by=planning.clerk)
    assert positions(planning) == [1, 2, 3]
    assert planning.order() == ["Rat", "Schulausschuss", "Sozialausschuss"]


def test_a_stage_is_saved_whole_or_not_at_all() -> None:
    """A place that is refused takes the new stage back with it."""
    planning: Planning = make_planning("Eins.")
    planning.stage("Sozialausschuss", result="beraten")
    release(planning.paper)
    data = QueryDict(mutable=True)
    data.update({"committee": str(planning.committee("Rat").pk), "reason": "Nachtrag", "place": "1"})
    form = StageForm(data, instance=Consultation(paper=planning.paper), paper=planning.paper)
    assert form.is_valid(), form.errors
    with pytest.raises(ValidationError, match="Davor lässt sich nichts mehr einschieben"):
        save_stage(form=form, by=planning.clerk, reason="Nachtrag", place=1)
    assert planning.order() == ["Sozialausschuss"]
