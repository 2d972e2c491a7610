"""Nobody finds what isn't theirs: no hit, no number, no word of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from committees.models import (
    AgendaItem,
    Committee,
    CommitteeSeat,
    Meeting,
    Paper,
    PaperAttachment,
    Section,
)
from concepts.models import Concept
from municipalities.models import Municipality, Person, Role, User
from search.actions import refresh_index
from search.models import KINDS, MODELS, Entry, Kind
from tests.committees.factories import make_committee, make_stage, release
from tests.concepts.factories import make_concept
from tests.participation import proposing
from tests.search.reading import Page

Ask = Callable[..., Page]
SECRET = "Grundstückskauf"


@pytest.fixture
def secret(paper: Paper) -> Paper:
    """A non-public paper; the word stands in each of its parts."""
    paper.subject, paper.public, paper.non_public_reason = f"{SECRET} am Weiher", False, "Grundstück"
    paper.save()
    Section.objects.create(paper=paper, key="begruendung", body=f"<p>Der {SECRET} ist eilig.</p>")
    PaperAttachment.objects.create(paper=paper, position=1, title=f"{SECRET}, Lageplan")
    point, stage = paper.resolution_points.get(), paper.consultations.get()
    point.text = f"<p>Der {SECRET} wird beschlossen.</p>"
    point.save()
    stage.result = f"{SECRET} vertagt"
    stage.save()
    return release(paper)


def member(town: Municipality, name: str, *roles: str) -> User:
    user = User.objects.create_user(f"{name}@neustadt.example", name=name)
    Person.objects.create(municipality=town, name=name, user=user)
    for role in roles:
        Role.objects.create(municipality=town, user=user, kind=role)
    return user


def councillor(committee: Committee, name: str) -> User:
    user = member(committee.municipality, name)
    CommitteeSeat.objects.create(committee=committee, person=user.persons.get())
    return user


def test_a_non_public_paper_is_found_by_those_who_may_read_it(
    search: Ask, secret: Paper, town: Municipality
) -> None:
    insiders = [
        councillor(secret.consultations.get().committee, "ratsmitglied"),
        *(
            member(town, role, role)
            for role in (Role.Kind.EDITING, Role.Kind.COUNCIL_SERVICE, Role.Kind.COUNTERSIGNING)
        ),
    ]
    for user in insiders:
        page = search(SECRET, by=user)
        assert sorted(hit.label for hit in page.hits) == [
            "Anlage", "Beratung", "Beschlusspunkt", "Textabschnitt", "Vorlage"
        ]  # fmt: skip
        assert page.number == 5
        assert page.narrowing == ["Alles", "Vorlagen 5"]


def test_nobody_else_learns_that_there_is_something(
    search: Ask, secret: Paper, town: Municipality, stranger: User, other_town: Municipality
) -> None:
    elsewhere = Committee.objects.create(
        municipality=town, name="Betriebsausschuss", article="der", kind=Committee.Kind.COMMITTEE
    )
    refresh_index([town.pk])
    assert Entry.objects.filter(body__contains=SECRET).exists()  # it is in the index
    outsiders = [
        member(town, "fachamt", Role.Kind.DEPARTMENT),
        member(town, "moderation", Role.Kind.MODERATION),
        member(town, "gruppenmitglied"),
        councillor(elsewhere, "anderes-gremium"),
        stranger,
        User.objects.create_superuser("betrieb@portal.example", name="Betrieb"),
    ]
    for user in outsiders:
        for typed in (SECRET, f'"{SECRET}"', "Grund", f"{SECRET} eilig", "Lageplan", "Weiher"):
            page = search(typed, by=user)
            assert (page.number, page.hits, page.narrowing) == (0, [], []), (user, typed)
            assert "Nichts gefunden" in page.text
            assert "eilig" not in page.text.replace(typed, "")


def test_a_non_public_attachment_of_a_public_paper(search: Ask, paper: Paper, town: Municipality) -> None:
    PaperAttachment.objects.create(paper=paper, position=1, title="Lageplan offen")
    PaperAttachment.objects.create(paper=paper, position=2, title="Lageplan geheim", public=False)
    outsider = member(town, "fachamt", Role.Kind.DEPARTMENT)
    assert search("Lageplan").titles == ["Lageplan offen", "Lageplan geheim"]
    page = search("Lageplan", by=outsider)
    assert page.titles == ["Lageplan offen"]
    assert page.number == 1
    assert page.narrowing == ["Alles", "Vorlagen 1"]
    assert "geheim" not in page.text
    assert search("geheim", by=outsider).number == 0


def test_why_something_is_not_public_is_found_by_nobody(
    search: Ask, paper: Paper, town: Municipality
) -> None:
    """Reasons and the other subject are kept when a paper or a part is public again."""
    kept: dict[str, Any] = {"public": True, "non_public_reason": "Zwetschgenvertrag"}
    Section.objects.create(paper=paper, key="begruendung", body="<p>Weiher.</p>", **kept)
    PaperAttachment.objects.create(paper=paper, position=1, title="Lageplan", **kept)
    paper.resolution_points.update(**kept)
    Paper.objects.filter(pk=paper.pk).update(public_subject="Zwetschgenkauf", **kept)
    paper.touch()
    for user in (member(town, "gruppenmitglied"), member(town, "redaktion", Role.Kind.EDITING)):
        for typed in ("Zwetschgenvertrag", "Zwetschgenkauf"):
            assert search(typed, by=user).number == 0
    Paper.objects.filter(pk=paper.pk).update(public=False)
    paper.touch()
    assert search("Zwetschgenkauf", by=user).number == 1  # as it stands on the agenda


@pytest.mark.parametrize("hidden", ["result", "stage", "item"])
def test_a_non_public_result_is_found_by_those_who_may_know_it(
    hidden: str, search: Ask, paper: Paper, town: Municipality
) -> None:
    release(paper)
    stage = paper.consultations.get()
    stage.result, stage.result_note = "Weihergrund vertagt", "Weihergrund, weil der Preis fehlt"
    stage.result_public = hidden != "result"
    stage.treatment = "non_public" if hidden == "stage" else stage.treatment
    if hidden == "item":
        meeting = Meeting.objects.create(
            municipality=town, title="4. Sitzung", date=datetime.date(2024, 5, 6)
        )
        stage.meeting = meeting
        stage.agenda_item = AgendaItem.objects.create(
            meeting=meeting, position=1, number="1", title="Weiher", public=False
        )
    stage.save()
    insider = councillor(stage.committee, "ratsmitglied")
    for user in (insider, member(town, "redaktion", Role.Kind.EDITING)):
        page = search("Weihergrund", by=user)
        assert [(hit.label, hit.title) for hit in page.hits] == [
            ("Beratung, nichtöffentlich", "Nichtöffentliches Ergebnis")
        ]
        assert page.narrowing == ["Alles", "Vorlagen 1"]
    for user in (
        member(town, "fachamt", Role.Kind.DEPARTMENT),
        member(town, "gruppenmitglied"),
        member(town, "moderation", Role.Kind.MODERATION),
    ):
        for typed in ("Weihergrund", "Preis", "Nichtöffentliches"):
            assert (search(typed, by=user).number, search(typed, by=user).hits) == (0, [])
    CommitteeSeat.objects.get(person__user=insider).delete()
    assert search("Weihergrund", by=insider).number == 0


def test_why_a_later_stage_is_left_out_is_found_by_those_who_may_know_the_result(
    search: Ask, paper: Paper, town: Municipality
) -> None:
    release(paper)
    ended = paper.consultations.get()
    make_stage(
        paper,
        make_committee(town, "Rat"),
        left_out=True,
        left_out_reason="Zurückgezogen.",
        left_out_after=ended,
    )
    inside, outside = (
        councillor(ended.committee, "ratsmitglied"),
        member(town, "fachamt", Role.Kind.DEPARTMENT),
    )
    assert [hit.label for hit in search("zurückgezogen", by=outside).hits] == ["Beratung"]
    ended.result_public = False
    ended.save()
    [hit] = search("zurückgezogen", by=inside).hits
    assert (hit.label, hit.title) == ("Beratung, nichtöffentlich", "Nichtöffentlicher Grund")
    assert search("zurückgezogen", by=outside).number == 0


def test_a_draft_is_found_by_who_writes_it_and_not_by_its_committee(
    search: Ask, paper: Paper, town: Municipality
) -> None:
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.DRAFT, subject="Neubau am Weiher")
    refresh_index([town.pk])
    assert search("Weiher", by=member(town, "fachamt", Role.Kind.DEPARTMENT)).number > 0
    assert search("Weiher", by=councillor(paper.consultations.get().committee, "ratsmitglied")).number == 0


def test_a_lost_seat_ends_it_at_once(search: Ask, secret: Paper) -> None:
    user = councillor(secret.consultations.get().committee, "ratsmitglied")
    assert search(SECRET, by=user).number == 5
    CommitteeSeat.objects.get(person__user=user).delete()
    assert search(SECRET, by=user).number == 0


def test_another_town_finds_nothing_of_this_one(
    search: Ask, concept: Concept, paper: Paper, stranger: User, other_town: Municipality
) -> None:
    make_concept(other_town, measures=1)
    assert search("Neuzugewanderte").number == 6
    page = search("Neuzugewanderte", by=stranger)
    assert page.number == 2
    assert all(hit.address.startswith("/altstadt/") for hit in page.hits)
    assert search("Spielplatz", by=stranger).number == 0
    narrowed = search("Neuzugewanderte", by=stranger, kommune="neustadt")
    assert "Diese Kommune gehört nicht zu Ihren Kommunen." in narrowed.text
    assert narrowed.number == 2


def test_somebody_in_two_towns_finds_both_and_chooses(
    search: Ask, concept: Concept, other_town: Municipality, editor: User
) -> None:
    make_concept(other_town, measures=1)
    Role.objects.create(municipality=other_town, user=editor, kind=Role.Kind.EDITING)
    page = search("Neuzugewanderte")
    assert page.number == 8
    assert page.narrowing == ["Alle Kommunen", "Altstadt 2", "Neustadt 6", "Alles", "Maßnahmen 8"]
    assert {hit.place.split(" › ")[0] for hit in page.hits} == {"Altstadt", "Neustadt"}
    narrowed = search("Neuzugewanderte", kommune="altstadt")
    assert narrowed.number == 2
    assert narrowed.narrowing == ["Alle Kommunen", "Altstadt 2", "Neustadt 6", "Alles", "Maßnahmen 2"]


def test_whoever_is_not_logged_in_finds_nothing(concept: Concept) -> None:
    refresh_index([concept.municipality_id])
    assert Entry.objects.exists()
    assert not Entry.objects.visible_to(AnonymousUser()).exists()


def test_every_kind_asks_its_own_rows(
    monkeypatch: pytest.MonkeyPatch, search: Ask, concept: Concept, paper: Paper, editor: User
) -> None:
    """Whatever a model hides one day is hidden here: tried on each by letting it hide everything."""
    Section.objects.create(paper=paper, key="begruendung", body="<p>Weil es nötig ist.</p>")
    refresh_index([concept.municipality_id])
    shown = Entry.objects.visible_to(editor)
    present = set(shown.values_list("kind", flat=True))
    assert len(present) >= 12
    for kind in present:
        rows = MODELS[kind]._default_manager.all()  # type: ignore[attr-defined]

        def nothing(self: Any, user: Any, model: Any = rows.model) -> Any:
            return self.none() if self.model is model else self.in_towns_of(user)

        with monkeypatch.context() as patch:
            patch.setattr(type(rows), "visible_to", nothing)
            left = set(Entry.objects.visible_to(editor).values_list("kind", flat=True))
        assert kind not in left
        assert present - left <= dependants(kind)


def dependants(kind: str) -> set[str]:
    """The kind itself, and the parts of a paper, which are visible where the paper is."""
    return {kind} | (set(map(str, KINDS["vorlagen"])) if kind == Kind.PAPER else set())


def test_a_member_without_a_town_finds_nothing(search: Ask, concept: Concept) -> None:
    nobody = User.objects.create_user("niemand@portal.example", name="Niemand")
    assert search("Neuzugewanderte", by=nobody).number == 0
    assert search("Neuzugewanderte").number == 6


def test_a_proposal_is_found_by_those_who_take_part_and_a_draft_by_nobody(
    search: Ask, town: Municipality
) -> None:
    process = proposing.make_process(town)
    author = proposing.make_participant(process)
    proposing.propose(process, author, title="Lesepaten im Stadtteil")
    proposing.draft(process, author, title="Lesepaten, noch einmal anders")
    for user in (author, proposing.make_staff(process)):
        page = search("Lesepaten", by=user)
        assert [(hit.label, hit.title) for hit in page.hits] == [("Vorschlag", "Lesepaten im Stadtteil")]
    assert search("Lesepaten", by=member(town, "ratsmitglied")).hits == []
