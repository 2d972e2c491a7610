"""The five towns come whole, come once, and a mistake in a file is named."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import demo.loading
from committees.models import Committee, Consultation, PageReference, Paper
from committees.voting import Vote, faults, voters_of
from concepts.models import ActionField, Concept, Measure
from demo.reading import LoadError, Row, to_html
from municipalities.models import Municipality, Role, User
from participation.balance import balance_of
from participation.models import Event, Group, Process, Seat

pytestmark = pytest.mark.django_db

STAGES = {"bergisch-gladbach": 2, "bergkamen": 3, "kreis-mettmann": 3, "leverkusen": 9, "goettingen": 1}
NUMBERS = {
    "bergisch-gladbach": "324/2008",
    "bergkamen": "11/1481",
    "kreis-mettmann": "50/020/2015",
    "leverkusen": "2017/1900",
}

BEIRAT = [
    "Dezernat B",
    "Dezernat C",
    "Integrationsrat der Stadt Göttingen",
    "Netzwerk Migration",
    "Fraktionen des Rates",
    "Universität Göttingen",
]
LEVERKUSEN_GROUPS = {
    "Steuerungsgruppe Integration": Group.Kind.STEERING,
    "Koordinierungsgruppe Integration": Group.Kind.COORDINATION,
    "Controllinggruppe Integrationskonzept": Group.Kind.CONTROLLING,
    "Fachgruppe Integration": Group.Kind.EXPERT,
}


def test_each_town_has_its_paper_with_its_route(towns: dict[str, Municipality]) -> None:
    for slug, stages in STAGES.items():
        paper = Paper.objects.get(municipality=towns[slug])
        assert paper.consultations.count() == stages, slug
        assert paper.number == NUMBERS.get(slug, paper.number)


def test_each_committee_takes_a_vote_of_its_own_size(towns: dict[str, Municipality]) -> None:
    """Only a part of the seats is entered; the number of those who vote is set."""
    for committee in Committee.objects.filter(municipality__in=towns.values()):
        seats = committee.voting_seats
        assert seats > committee.seats.count(), committee
    for stage in Consultation.objects.filter(paper__municipality__in=towns.values()):
        seats = stage.committee.voting_seats
        vote = Vote(counts={"votes_for": seats - 3, "votes_against": 2, "abstentions": 1})
        assert list(faults(vote, voters_of(stage))) == [], stage


def is_complete(measure: Measure) -> bool:
    """Who, with whom, when, out of what, where it stands and whether it is on track, else why not."""
    funded = measure.funding_note or measure.costs.exists()
    on_track = measure.track == Measure.Track.ON_TRACK or bool(measure.track and measure.track_reason)
    return bool(
        measure.responsible
        and measure.partners.exists()
        and measure.span
        and funded
        and measure.phase
        and on_track
    )


def test_each_concept_is_full(towns: dict[str, Municipality]) -> None:
    for town in towns.values():
        concept = Concept.objects.exclude(status=Concept.Status.REPLACED).get(municipality=town)
        assert "erfunden" in concept.note
        for field in concept.fields.all():
            complete = [measure for measure in field.measures.all() if is_complete(measure)]
            assert len(complete) >= 3, field
            assert field.goals.exists(), field
        # Both have a default, so that they are set shows only in their not being all the same.
        assert len(set(concept.measures.values_list("phase", flat=True))) >= 3, town
        assert len(set(concept.measures.values_list("track", flat=True))) >= 2, town
        with_series = [i for i in concept.indicators.all() if i.values.count() >= 3 and i.targets.exists()]
        assert len(with_series) >= concept.fields.filter(kind=ActionField.Kind.FIELD).count(), town


def test_one_login_for_each_role_and_for_the_seats(towns: dict[str, Municipality]) -> None:
    for town in towns.values():
        users = User.objects.filter(is_demo=True, persons__municipality=town)
        kinds = set(Role.objects.filter(municipality=town).values_list("kind", flat=True))
        assert kinds == set(Role.Kind.values)
        assert users.filter(persons__committee_seats__isnull=False, roles=None).exists()
        assert users.filter(persons__seats__isnull=False, roles=None).exists()
        assert not any(user.has_usable_password() for user in users)


def test_bergkamens_institute_has_a_login_that_sees_its_process_only(towns: dict[str, Municipality]) -> None:
    guide = User.objects.get(email="begleitung@bergkamen.example")
    assert guide.is_demo
    assert guide.access.municipality_ids == frozenset()
    assert list(Process.objects.visible_to(guide)) == [towns["bergkamen"].processes.get()]


def test_the_facts_of_the_papers_are_there(towns: dict[str, Municipality]) -> None:
    left_out = Consultation.objects.get(paper__number="11/1481", left_out=True)
    assert "Dezember 2018" in left_out.left_out_reason
    mettmann = towns["kreis-mettmann"].processes.get()
    assert (mettmann.institutions_text, mettmann.persons_text) == ("ca. 40", "über 50")
    assert (
        str(towns["kreis-mettmann"].concepts.get(slug="rahmenkonzept-2007").successor.period) == "2015–2020"
    )
    goettingen = Event.objects.filter(process__municipality=towns["goettingen"], kind=Event.Kind.SESSION)
    assert goettingen.count() == 12
    assert {event.when for event in goettingen} == {"ohne Datum"}
    process = goettingen[0].process
    balance = balance_of(process, process.events.all(), process.groups.count())
    assert (str(balance.sessions), balance.average_attendance) == ("12", "17")
    conference = Event.objects.get(
        process__municipality=towns["bergisch-gladbach"], title__icontains="Eröffnung"
    )
    assert conference.when == "19.06.2008 (geplant)"
    undated = Event.objects.filter(date=None).exclude(process__municipality=towns["goettingen"])
    assert {(event.title.split()[0], event.when) for event in undated} == {
        ("Mehrere", "ohne Datum"),
        ("Workshops", "ohne Datum"),
        ("Broschüre", "ohne Datum (geplant)"),
        ("Treffen", "ohne Datum (geplant)"),
        ("Erstellung", "ohne Datum (geplant)"),
    }
    references = PageReference.objects.filter(paper__municipality=towns["leverkusen"])
    assert {(reference.field.title, reference.pages) for reference in references} == {
        ("Gesamtstädtische Steuerung und Kommunikation", "S. 11 ff."),
        ("Interkulturelle Öffnung der Verwaltung", "S. 15 ff."),
    }
    assert Seat.objects.filter(group__municipality=towns["goettingen"], person=None).exists()
    council = Group.objects.get(municipality=towns["goettingen"], kind=Group.Kind.ADVISORY)
    assert council.continues
    assert [seat.institution.name for seat in council.seats.all() if seat.institution] == BEIRAT
    groups = Group.objects.filter(municipality=towns["leverkusen"])
    assert dict(groups.values_list("name", "kind")) == LEVERKUSEN_GROUPS
    assert Measure.objects.filter(concept__municipality=towns["leverkusen"]).count() >= 30


def test_loading_again_loses_nothing_that_was_typed(towns: dict[str, Municipality], capsys: object) -> None:
    measure = Measure.objects.filter(concept__municipality=towns["bergkamen"]).first()
    assert measure is not None
    measure.title = "Von Hand geändert"
    measure.save()
    before = Measure.objects.count()
    call_command("load_towns")
    measure.refresh_from_db()
    assert measure.title == "Von Hand geändert"
    assert Measure.objects.count() == before


def test_an_unknown_town_is_named_with_those_there_are() -> None:
    with pytest.raises(
        CommandError, match=r"„atlantis“ gibt es nicht\. Vorhanden sind: bergisch-gladbach"
    ) as error:
        call_command("load_towns", "atlantis")
    assert error.value.returncode == 2


TOWN = """
municipality:
  {name: Stadt Neu, short_name: Neu, slug: neu, kind: city, head_title: Die Bürgermeisterin,
   state_law: go_nrw}
"""
MISTAKES = [
    ("unbekannt", TOWN + "\ninstitutionen: []", "neu/town.yaml: unbekannt: institutionen"),
    ("Wert", TOWN.replace("go_nrw", "goo"), "neu/town.yaml.municipality:"),
    (
        "Verweis",
        TOWN + "\npersons: [{key: a, name: A, institution: gibtsnicht}]",
        r"neu/town.yaml.persons\[1\]: „gibtsnicht“ gibt es nicht \(Einrichtung\)",
    ),
    ("fehlt", TOWN + "\npersons: [{name: A}]", r"neu/town.yaml.persons\[1\]: „key“ fehlt"),
    ("YAML", "municipality: [", "kein lesbares YAML"),
]


@pytest.mark.parametrize(("_name", "text", "sentence"), MISTAKES)
def test_a_mistake_is_named_and_nothing_of_the_town_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _name: str, text: str, sentence: str
) -> None:
    folder = tmp_path / "neu"
    folder.mkdir()
    (folder / "town.yaml").write_text(text)
    monkeypatch.setattr(demo.loading, "TOWNS", tmp_path)
    with pytest.raises(LoadError, match=sentence):
        demo.loading.load_town("neu")
    assert not Municipality.objects.filter(slug="neu").exists()


def test_plain_text_becomes_paragraphs_lists_and_headings() -> None:
    assert to_html("Eins\nzwei\n\n- a\n- b\n\n1. x\n2. y") == (
        "<p>Eins zwei</p><ul><li>a</li><li>b</li></ul><ol><li>x</li><li>y</li></ol>"
    )
    assert to_html("## Kopf\nText <3") == "<h3>Kopf</h3><p>Text &lt;3</p>"


def test_what_no_field_takes_is_complained_about() -> None:
    with pytest.raises(LoadError, match="stelle: unbekannt: zuviel"):
        Row({"zuviel": 1}, "stelle").done()


def test_goettingen_has_its_four_groups_and_twelve_sessions(towns: dict[str, Municipality]) -> None:
    groups = Group.objects.filter(municipality=towns["goettingen"], kind=Group.Kind.WORKING)
    sessions = {
        group.name: group.events.filter(kind=Event.Kind.SESSION, state=Event.State.HELD).count()
        for group in groups
    }
    assert len(sessions) == 4
    assert set(sessions.values()) == {3}
    held = Event.objects.filter(groups__in=groups, kind=Event.Kind.SESSION)
    assert sum(event.attendance for event in held) / held.count() == 17
    assert {event.attendance_basis for event in held} == {"list"}


def test_leverkusen_has_the_eleven_entries_of_its_timeline(towns: dict[str, Municipality]) -> None:
    events = Event.objects.filter(process__municipality=towns["leverkusen"], in_paper=True).in_order()
    assert [event.date_text for event in events] == [
        "ab 01.02.2017", "02.03.2017", "10.03.–31.03.2017", "21.03.2017", "08.05.2017", "18.05.2017",
        "Juni 2017", "30.06.2017", "August 2017", "Aug./Sept. 2017", "Sept./Okt. 2017",
    ]  # fmt: skip
    presented = events.get(date="02.03.2017")
    assert presented.agenda.count() == 4
    assert presented.minutes.get().is_published


def test_bergisch_gladbachs_plan_says_why_it_is_still_one(towns: dict[str, Municipality]) -> None:
    events = Event.objects.filter(process__municipality=towns["bergisch-gladbach"])
    held = events.get(state=Event.State.HELD)
    assert str(held.date) == "28.05.2008"
    planned = events.filter(state=Event.State.PLANNED)
    assert planned.count() == 6
    assert all(event.reason for event in planned)
    assert str(planned.get(title__contains="Eröffnung").date) == "19.06.2008"


def test_mettmann_began_anfang_2014(towns: dict[str, Municipality]) -> None:
    events = Event.objects.filter(process__municipality=towns["kreis-mettmann"])
    began = events.get(title__contains="nimmt seine Arbeit auf")
    assert str(began.date) == "Anfang 2014"
    process = began.process
    assert (process.institutions_text, process.persons_text) == ("ca. 40", "über 50")
    assert events.get(title__contains="Workshops der vier").groups.count() == 4


def test_bergkamens_institute_leads_through_the_process(towns: dict[str, Municipality]) -> None:
    events = Event.objects.filter(process__municipality=towns["bergkamen"])
    institute = events.first().process.moderator
    assert "Institut für soziale Innovation" in institute.name
    kinds = set(events.filter(moderator=institute).values_list("kind", flat=True))
    assert {"interviews", "workshop", "agreement", "information"} <= kinds
