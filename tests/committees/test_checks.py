"""Each check: shown where something is wrong, silent where nothing is; and overruled with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from committees.actions.checking import overrule, withdraw_override
from committees.actions.issuing import issue_stage
from committees.checks import Finding, findings_of
from committees.checks.days import full_days
from committees.hearing_rules import load_rules
from committees.models import (
    CheckOverride,
    Committee,
    HearingRule,
    IssuedPaper,
    Land,
    Paper,
    PaperAttachment,
    PaperRevision,
    ResolutionPoint,
    Section,
)
from concepts.actions.versions import freeze_version
from documents.models import IssuedFile
from municipalities.models import Municipality, Role
from tests.committees.factories import make_user, release
from tests.committees.routes import Planning, make_planning
from tests.concepts.factories import make_concept

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def planning() -> Planning:
    """A paper with which nothing is wrong."""
    HearingRule.objects.all().delete()
    planning = make_planning(costs="none")
    ResolutionPoint.objects.create(
        paper=planning.paper, position=1, text="Das Konzept wird beschlossen.", reasons="Es ist fertig."
    )
    Section.objects.create(paper=planning.paper, key="begruendung", body="Der Rat hat es gewünscht.")
    planning.stage("Sozialausschuss", days=20, treatment="public")
    planning.stage("Rat", "decide", days=40, treatment="public")
    return planning


def codes(planning: Planning) -> list[str]:
    return [finding.code for finding in findings_of(planning.paper)]


def the(planning: Planning, code: str) -> Finding:
    found = [finding for finding in findings_of(planning.paper) if finding.code == code]
    assert found, codes(planning)
    return found[0]


def shown(client: Client, planning: Planning, user: Any = None) -> str:
    client.force_login(user or planning.clerk)
    response = client.get(planning.checks)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_nothing_is_wrong(client: Client, planning: Planning) -> None:
    assert codes(planning) == []
    assert "Keine Fehler und keine Hinweise." in shown(client, planning)


# ---- The route -------------------------------------------------------------------------------------------

Breaking = Callable[[Planning], Any]


def set_last(**values: Any) -> Breaking:
    def change(planning: Planning) -> None:
        stage = planning.stages()[-1]
        for name, value in values.items():
            setattr(stage, name, value)
        stage.save()

    return change


def no_stage(planning: Planning) -> None:
    planning.paper.consultations.all().delete()


def all_struck(planning: Planning) -> None:
    planning.paper.consultations.update(left_out=True, left_out_reason="Eilt.")


def advised_too_late(planning: Planning) -> None:
    planning.stage("Schulausschuss", days=50)


def advised_later_by_date(planning: Planning) -> None:
    first = planning.stages()[0]
    first.meeting = planning.meeting("Sozialausschuss", days=60)
    first.save()


def dates_swapped(planning: Planning) -> None:
    planning.stage("Integrationsrat", "note", days=30)


def second_decision(planning: Planning) -> None:
    planning.committee("Hauptausschuss", decides=True)
    planning.stage("Hauptausschuss", "decide", days=50)


def committee_may_not(planning: Planning) -> None:
    planning.committee("Rat", kind=Committee.Kind.COMMITTEE, decides=False)


def meeting_cancelled(planning: Planning) -> None:
    meeting = planning.stages()[0].meeting
    assert meeting
    meeting.cancelled, meeting.reason = True, "Es gab zu wenige Punkte."
    meeting.save()


def meeting_over(planning: Planning) -> None:
    first = planning.stages()[0]
    first.meeting = planning.meeting("Sozialausschuss", days=-1)
    first.save()


def meeting_of_others(planning: Planning) -> None:
    first = planning.stages()[0]
    first.meeting = planning.meeting("Schulausschuss", days=20)
    first.save()


def paper_closed(planning: Planning) -> None:
    Paper.objects.filter(pk=planning.paper.pk).update(public=False, non_public_reason="Personalsache")


def attachment_closed(planning: Planning) -> None:
    attach(planning, public=False)


def attach(planning: Planning, **values: Any) -> PaperAttachment:
    file = IssuedFile.freeze(municipality=planning.town, name="a.pdf", content=b"a", by=None)
    attachment: PaperAttachment = PaperAttachment.objects.create(
        paper=planning.paper, **{"position": 1, "title": "Stellenplan", "file": file, **values}
    )
    return attachment


def summons_short(planning: Planning) -> None:
    planning.committee("Sozialausschuss", summons_days=21)


def integration_forgotten(planning: Planning) -> None:
    load_rules(HearingRule)
    planning.committee("Ausschuss für Chancengerechtigkeit", kind=Committee.Kind.INTEGRATION)


def drop_points(planning: Planning) -> None:
    planning.paper.resolution_points.all().delete()


def set_paper(**values: Any) -> Breaking:
    return lambda planning: Paper.objects.filter(pk=planning.paper.pk).update(**values)


def drop_reasons(planning: Planning) -> None:
    planning.paper.resolution_points.update(reasons="<p> </p>")


def drop_section(planning: Planning) -> None:
    planning.paper.sections.all().delete()


def empty_attachment(planning: Planning) -> None:
    attach(planning, file=None)


def mention_attachment(planning: Planning) -> None:
    planning.paper.sections.update(body="<p>Einzelheiten enthält die Anlage.</p>")


CASES: list[tuple[Breaking, str, str, str, str]] = [
    (no_stage, "no_route", "error", "noch keine Beratungsfolge", "beratungsfolge/"),
    (all_struck, "no_route", "error", "Alle Beratungen entfallen", "beratungsfolge/"),
    (set_last(meaning="note"), "no_decision", "error", "entscheidet niemand", "beratungsfolge/"),
    (second_decision, "several_decisions", "error", "der Rat und der Hauptausschuss", "#stufe-"),
    (advised_too_late, "decided_before_heard", "error", "bevor der Schulausschuss", "#stufe-"),
    (advised_later_by_date, "decided_before_heard", "error", "bevor der Sozialausschuss", "#stufe-"),
    (dates_swapped, "dates_out_of_order", "error", "liegt vor der Sitzung der früheren Stufe", "#stufe-"),
    (committee_may_not, "may_not_decide", "error", "Der Rat darf nicht abschließend", "#stufe-"),
    (meeting_cancelled, "meeting_cancelled", "error", "ist abgesagt", "#stufe-"),
    (meeting_over, "meeting_past", "error", "ist schon vorbei", "#stufe-"),
    (meeting_of_others, "meeting_of_others", "error", "keine Sitzung des Sozialausschusss", "#stufe-"),
    (paper_closed, "public_stage_of_non_public_paper", "error", "Personalsache", "#stufe-"),
    (attachment_closed, "non_public_attachment", "warning", "„Stellenplan“ ist nichtöffentlich", ""),
    (summons_short, "summons_short", "warning", "liegen nur 19 volle Tage", "#stufe-"),
    (integration_forgotten, "not_heard", "warning", "Ausschuss für Chancengerechtigkeit", ""),
    (set_paper(subject="  "), "no_subject", "error", "Betreff fehlt", "#id_subject"),
    (drop_section, "empty_section", "warning", "„Begründung“ ist leer", "#baustein-begruendung"),
    (drop_points, "no_proposal", "warning", "keinen Beschlussvorschlag", "#baustein-beschlussentwurf"),
    (drop_reasons, "point_without_reasons", "warning", "Beschlusspunkt 1", "#baustein-zu-den-punkten"),
    (set_paper(costs=""), "costs_unstated", "warning", "nicht angegeben", "#id_costs"),
    (
        set_paper(costs="some", cost_coverage="Produkt 0505"),
        *("no_cost_amount", "error", "der Betrag fehlt", "#id_cost_amount"),
    ),
    (
        set_paper(costs="some", cost_amount=100),
        *("no_cost_coverage", "error", "die Deckung fehlt", "#id_cost_coverage"),
    ),
    (empty_attachment, "empty_attachment", "warning", "nur den Titel", "#baustein-anlagen"),
    (mention_attachment, "attachment_missing", "warning", "von einer Anlage die Rede", "#baustein-anlagen"),
]


@pytest.mark.parametrize(
    ("break_it", "code", "severity", "sentence", "where"), CASES, ids=[case[1] for case in CASES]
)
def test_what_is_wrong_is_said_with_its_source_and_its_place(
    break_it: Breaking,
    code: str,
    severity: str,
    sentence: str,
    where: str,
    client: Client,
    planning: Planning,
) -> None:
    assert code not in codes(planning)
    break_it(planning)
    found = the(planning, code)
    assert (found.severity, found.overruled) == (severity, "")
    assert sentence in found.sentence
    assert where in found.where
    html = shown(client, planning)
    assert sentence in html
    assert found.source in html
    assert f'href="{planning.paper.get_absolute_url()}{found.where}"' in html
    assert ("Mit Grund hinnehmen" in html) == (severity == "warning")


def test_errors_come_first(planning: Planning) -> None:
    summons_short(planning)
    meeting_cancelled(planning)
    second_decision(planning)
    kinds = [finding.severity for finding in findings_of(planning.paper)]
    assert kinds == sorted(kinds)


# ---- What is no mistake ----------------------------------------------------------------------------------


def test_what_is_only_told_needs_no_decision(planning: Planning) -> None:
    kind = planning.paper.paper_type
    kind.needs_decision = False
    kind.save()
    set_last(meaning="note")(planning)
    drop_points(planning)
    assert codes(planning) == []


def test_a_decision_put_off_is_taken_later(planning: Planning) -> None:
    set_last(outcome="deferred", result="vertagt")(planning)
    planning.stage("Rat", "decide", days=60)
    assert codes(planning) == []


def test_two_meetings_on_one_day_are_in_order(planning: Planning) -> None:
    first = planning.stages()[0]
    first.meeting = planning.meeting("Sozialausschuss", days=40)
    first.save()
    assert codes(planning) == []


def test_a_struck_stage_is_not_looked_at(planning: Planning) -> None:
    planning.stage("Schulausschuss", days=-5, left_out=True, left_out_reason="Eilt.")
    assert codes(planning) == []


def test_who_takes_note_may_come_after_the_decision(planning: Planning) -> None:
    planning.stage("Integrationsrat", "note", days=50)
    assert codes(planning) == []


def test_a_stage_without_a_meeting_is_no_mistake(planning: Planning) -> None:
    first = planning.stages()[0]
    first.meeting = None
    first.save()
    assert codes(planning) == []


def test_closed_stages_suit_a_closed_paper(planning: Planning) -> None:
    paper_closed(planning)
    planning.paper.consultations.update(treatment="non_public")
    attach(planning, public=False)
    assert codes(planning) == []


@pytest.mark.parametrize("words", ["Wir danken für Anlagen im Bau.", "Die Geldanlage trägt.", "veranlagen"])
def test_not_every_word_names_an_attachment(words: str, planning: Planning) -> None:
    planning.paper.sections.update(body=f"<p>{words}</p>")
    assert codes(planning) == []


# ---- Ladungsfrist ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "days"),
    # From Thursday before Easter 2026 to the Monday eleven days later: Karfreitag and Ostermontag are free.
    [("all", 10), ("werktage", 6), ("workdays", 4)],
)
def test_neither_the_first_nor_the_last_day_counts(counted: str, days: int) -> None:
    assert full_days(datetime.date(2026, 4, 2), datetime.date(2026, 4, 13), counted, Land.NW) == days


def test_the_holidays_are_those_of_the_land() -> None:
    """Fronleichnam is free in Nordrhein-Westfalen and not in Niedersachsen; Reformationstag the other way."""
    corpus_christi = datetime.date(2026, 6, 3), datetime.date(2026, 6, 5)
    reformation = datetime.date(2025, 10, 30), datetime.date(2025, 11, 1)
    assert [full_days(*corpus_christi, "werktage", land) for land in (Land.NW, Land.NI, None)] == [0, 1, 1]
    assert [full_days(*reformation, "werktage", land) for land in (Land.NW, Land.NI)] == [1, 0]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 1), (5, 0)])
def test_there_is_no_full_day_between(first: int, last: int) -> None:
    start = datetime.date(2026, 3, 2)
    days = [start + datetime.timedelta(days=number) for number in (first, last)]
    assert full_days(days[0], days[1], "all", None) == 0


def test_exactly_in_time_is_in_time(planning: Planning) -> None:
    planning.committee("Sozialausschuss", summons_days=19)
    assert codes(planning) == []


def test_once_issued_the_issue_is_the_summons(planning: Planning, time_machine: Any) -> None:
    planning.committee("Sozialausschuss", summons_days=14)
    release(planning.paper)
    issue_stage(consultation=planning.stages()[0], by=planning.clerk)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=15))
    assert codes(planning) == []


# ---- Who must be heard -----------------------------------------------------------------------------------


def test_the_rule_of_the_day_of_the_decision_holds(planning: Planning) -> None:
    load_rules(HearingRule)
    assert "seit 01.11.2025" in the(planning, "not_heard").source
    for stage in planning.stages():
        assert stage.meeting
        stage.meeting.date = datetime.date(2024, 5, 2)
        stage.meeting.save()
    assert "bis 31.10.2025" in the(planning, "not_heard").source


def test_who_was_heard_in_time_is_not_missed(planning: Planning) -> None:
    integration_forgotten(planning)
    late = planning.stage("Ausschuss für Chancengerechtigkeit", "note", days=60)
    assert "not_heard" in codes(planning)
    late.delete()
    planning.stages()[-1].delete()
    planning.stage("Ausschuss für Chancengerechtigkeit", days=30)
    planning.stage("Rat", "decide", days=40)
    assert codes(planning) == []


@pytest.mark.parametrize(
    "town",
    [
        {"kind": Municipality.Kind.COUNTY, "state_law": Municipality.StateLaw.KRO_NRW},
        {"state_law": Municipality.StateLaw.NKOMVG},
        {"ags": "03999001"},
        {"state_law": Municipality.StateLaw.OTHER},
    ],
)
def test_for_others_the_rule_does_not_hold(town: dict[str, Any], planning: Planning) -> None:
    load_rules(HearingRule)
    Municipality.objects.filter(pk=planning.town.pk).update(**town)
    assert codes(planning) == []


# ---- The attached concept --------------------------------------------------------------------------------


def test_an_older_version_of_the_concept_is_noticed(planning: Planning) -> None:
    concept = make_concept(planning.town)
    version = freeze_version(concept=concept, name="Entwurf", by=planning.clerk)
    Paper.objects.filter(pk=planning.paper.pk).update(concept=concept)
    attach(planning, file=None, concept_version=version, title="Konzept")
    assert codes(planning) == []
    measure = concept.measures.all()[0]
    measure.title += " in allen Stadtteilen"
    measure.save()
    assert "weitergeschrieben" in the(planning, "older_concept").sentence
    freeze_version(concept=concept, name="Zweiter Entwurf", by=planning.clerk)
    assert "inzwischen gibt es eine neuere" in the(planning, "older_concept").sentence


# ---- After the release -----------------------------------------------------------------------------------


def test_a_released_text_is_no_longer_looked_at(client: Client, planning: Planning) -> None:
    drop_reasons(planning)
    assert codes(planning) == ["point_without_reasons"]
    release(planning.paper)
    assert codes(planning) == []
    assert "Geprüft wird nur noch die Beratungsfolge" in shown(client, planning)


def test_the_five_towns_papers_say_little(towns: dict[str, Municipality]) -> None:
    """They were decided years ago: what is said of them is what was odd about them."""
    load_rules(HearingRule)
    found = {
        paper.municipality.slug: [one.code for one in findings_of(paper)] for paper in Paper.objects.all()
    }
    assert found == {
        "bergisch-gladbach": [],
        "bergkamen": ["not_heard"],
        "goettingen": [],
        "kreis-mettmann": [],
        "leverkusen": [],
    }


# ---- Overruling ------------------------------------------------------------------------------------------


@pytest.fixture
def warned(planning: Planning) -> Planning:
    summons_short(planning)
    return planning


def answer(planning: Planning, where: str, client: Client, **values: str) -> Any:
    client.force_login(planning.clerk)
    found = the(planning, "summons_short")
    data = {"code": found.code, "subject": found.subject, **values}
    return client.post(f"{planning.checks}{where}/", data, follow=True)


def test_a_warning_is_overruled_with_a_reason_and_taken_back(client: Client, warned: Planning) -> None:
    response = answer(warned, "hinnehmen", client, reason="Der Vorsitz hat die Frist verkürzt.")
    html = " ".join(response.content.decode().split())
    assert "Alle Hinweise sind mit einem Grund hingenommen." in html
    assert "Der Vorsitz hat die Frist verkürzt." in html
    assert the(warned, "summons_short").overruled == "Der Vorsitz hat die Frist verkürzt."
    response = answer(warned, "zuruecknehmen", client, reason="Doch nicht.")
    html = " ".join(response.content.decode().split())
    assert the(warned, "summons_short").overruled == ""
    for words in ("Der Hinweis gilt wieder.", "Der Vorsitz hat die Frist verkürzt.", "Doch nicht."):
        assert words in html  # what was said stays readable


@pytest.mark.parametrize("where", ["hinnehmen", "zuruecknehmen"])
def test_without_a_reason_nothing_happens(where: str, client: Client, warned: Planning) -> None:
    response = answer(warned, where, client, reason=" ")
    assert response.status_code == 422
    assert not CheckOverride.objects.exists()


def test_the_typed_reason_is_not_lost(client: Client, warned: Planning) -> None:
    response = answer(warned, "hinnehmen", client, reason="Eilt.", subject="999:1:2020-01-01")
    html = response.content.decode()
    assert response.status_code == 422
    assert "Diesen Hinweis gibt es nicht mehr" in html


def test_when_the_facts_change_the_warning_is_another_one(warned: Planning) -> None:
    found = the(warned, "summons_short")
    overrule(paper=warned.paper, code=found.code, subject=found.subject, reason="Eilt.", by=warned.clerk)
    assert the(warned, "summons_short").overruled
    first = warned.stages()[0]
    first.meeting = warned.meeting("Sozialausschuss", days=10)
    first.save()
    assert the(warned, "summons_short").overruled == ""


def test_an_error_is_never_overruled(planning: Planning) -> None:
    meeting_cancelled(planning)
    found = the(planning, "meeting_cancelled")
    with pytest.raises(ValidationError, match="Ein Fehler lässt sich nicht hinnehmen"):
        overrule(
            paper=planning.paper, code=found.code, subject=found.subject, reason="Egal.", by=planning.clerk
        )
    # Not even by a row that somebody wrote by hand.
    CheckOverride.objects.create(
        paper=planning.paper,
        code=found.code,
        subject=found.subject,
        sentence=found.sentence,
        reason="Egal.",
        by=planning.clerk,
    )
    assert the(planning, "meeting_cancelled").overruled == ""


def test_twice_is_once(warned: Planning) -> None:
    found = the(warned, "summons_short")
    known = {"paper": warned.paper, "code": found.code, "subject": found.subject, "by": warned.clerk}
    with pytest.raises(ValidationError, match="nicht hingenommen"):
        withdraw_override(reason="Doch.", **known)
    overrule(reason="Eilt.", **known)
    with pytest.raises(ValidationError, match="schon hingenommen"):
        overrule(reason="Eilt.", **known)


def test_what_was_overruled_stays_as_it_was_written(warned: Planning) -> None:
    found = the(warned, "summons_short")
    row = overrule(
        paper=warned.paper, code=found.code, subject=found.subject, reason="Eilt.", by=warned.clerk
    )
    row.reason = "Anders"
    with pytest.raises(ValidationError):
        row.save()
    with pytest.raises(ValidationError):
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE committees_checkoverride SET reason = 'x'")


def test_the_reason_is_printed_nowhere(warned: Planning) -> None:
    before = str(PaperRevision.objects.get(paper=warned.paper))
    found = the(warned, "summons_short")
    overrule(
        paper=warned.paper, code=found.code, subject=found.subject, reason="Geheimer Grund", by=warned.clerk
    )
    assert str(PaperRevision.objects.get(paper=warned.paper)) != before
    release(warned.paper)
    issue_stage(consultation=warned.stages()[0], by=warned.clerk)
    assert b"Geheimer Grund" not in bytes(IssuedPaper.objects.get().file.content)


def test_who_only_signs_sees_and_does_not_overrule(client: Client, warned: Planning) -> None:
    signer = make_user(warned.town, Role.Kind.COUNTERSIGNING, name="Max Mitzeichnung")
    html = shown(client, warned, signer)
    assert "volle Tage" in html
    assert "Mit Grund hinnehmen" not in html
    found = the(warned, "summons_short")
    data = {"code": found.code, "subject": found.subject, "reason": "Eilt."}
    assert client.post(f"{warned.checks}hinnehmen/", data).status_code == 403
    with pytest.raises(PermissionDenied):
        overrule(paper=warned.paper, code=found.code, subject=found.subject, reason="Eilt.", by=signer)


def test_a_deleted_draft_takes_its_overrides_along(warned: Planning) -> None:
    found = the(warned, "summons_short")
    overrule(paper=warned.paper, code=found.code, subject=found.subject, reason="Eilt.", by=warned.clerk)
    warned.paper.delete()
    assert not CheckOverride.objects.exists()


# ---- Queries ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 22])
def test_the_checks_ask_a_constant_number_of_questions(
    number: int, planning: Planning, django_assert_num_queries: Callable[..., Any]
) -> None:
    for days in range(number):
        planning.stage(f"Ausschuss {days}", days=50 + days, joint=["Schulausschuss"], treatment="public")
        ResolutionPoint.objects.create(paper=planning.paper, position=days + 2, text="Und weiter.")
        attach(planning, position=days + 1, public=False)
    with django_assert_num_queries(CHECK_QUERIES):
        assert len(findings_of(planning.paper)) > number


CHECK_QUERIES = 12
