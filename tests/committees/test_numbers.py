"""The numbers of papers, by the patterns of the towns."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from committees.actions import releasing
from committees.actions.releasing import release_paper
from committees.models import CouncilTerm, NumberSeries, Paper, PaperRelation, PaperType
from committees.numbering import expected_number
from municipalities.models import Institution, Municipality, Role, User
from municipalities.number_patterns import fits_pattern, validate_number_pattern
from tests.committees.factories import make_paper, make_town, make_user
from tests.committees.signers import make_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_to_find(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks have tests of their own; here papers have nothing but what their number is made of."""
    monkeypatch.setattr(releasing, "findings_of", lambda paper: [])


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def office(town: Municipality) -> Institution:
    return make_office(town, "Sozialamt", "50")


@pytest.fixture
def clerk(town: Municipality) -> User:
    return make_user(town, Role.Kind.COUNCIL_SERVICE)


def numbered_by(town: Municipality, pattern: str) -> None:
    town.number_pattern = pattern
    town.full_clean()
    town.save()


def draft(town: Municipality, **values: Any) -> Paper:
    day = values.pop("date", datetime.date(2017, 10, 27))
    return make_paper(town, "Punkt.", **{"number": "", "date": day, **values})


def released(paper: Paper, clerk: User) -> str:
    return release_paper(paper=Paper.objects.get(pk=paper.pk), by=clerk).number


def belongs_to(town: Municipality, kind: str, name: str, pattern: str) -> Callable[..., Paper]:
    """Makes papers of a type that belongs to another."""

    def make(other: Paper) -> Paper:
        paper = draft(town)
        new_type, _created = PaperType.objects.get_or_create(
            municipality=town,
            name=name,
            defaults={"layout": paper.layout, "relation": kind, "number_pattern": pattern},
        )
        paper.paper_type = new_type
        paper.save()
        PaperRelation.objects.create(paper=paper, kind=kind, other=other)
        return paper

    return make


@pytest.mark.parametrize(
    ("pattern", "taken", "expected"),
    [
        ("{jahr}/{laufend}", "2017/1899", "2017/1900"),
        ("{wahlperiode}/{laufend}", "11/1480", "11/1481"),
        ("{amt}/{laufend:3}/{jahr}", "50/019/2017", "50/020/2017"),
        ("{laufend}/{jahr}", "323/2017", "324/2017"),
        ("FB{amt}/{laufend:4}/{jahr}", "FB50/0122/2017", "FB50/0123/2017"),
        ("BV/{jahr}/{laufend:4}", "BV/2017/0011", "BV/2017/0012"),
        ("{laufend}/{jahr2}", "9/17", "10/17"),
    ],
)
def test_the_patterns_of_the_towns(
    town: Municipality, office: Institution, clerk: User, pattern: str, taken: str, expected: str
) -> None:
    CouncilTerm.objects.create(municipality=town, number=11, first_day="2014-06-01", last_day="2020-10-31")
    numbered_by(town, pattern)
    draft(town, number=taken)
    assert released(draft(town, department=office), clerk) == expected
    assert fits_pattern(expected, pattern)


def test_a_series_begins_with_one_and_each_year_has_its_own(town: Municipality, clerk: User) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    day = datetime.date(2018, 1, 8)
    numbers = [released(draft(town), clerk), released(draft(town, date=day), clerk)]
    numbers += [released(draft(town), clerk), released(draft(town, date=day), clerk)]
    assert numbers == ["2017/1", "2018/1", "2017/2", "2018/2"]


def test_a_number_that_somebody_gave_by_hand_is_passed_over(town: Municipality, clerk: User) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    assert released(draft(town), clerk) == "2017/1"
    draft(town, number="2017/2")
    draft(town, number="2017/004")  # the same number, written otherwise
    assert [released(draft(town), clerk) for _ in range(2)] == ["2017/3", "2017/5"]


def test_a_paper_keeps_the_number_that_it_has(town: Municipality, clerk: User) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    assert released(draft(town, number="2017/77"), clerk) == "2017/77"


def test_the_next_number_is_set_in_the_administration(town: Municipality, clerk: User) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    NumberSeries.objects.create(municipality=town, key="2017/{laufend}", last=1899)
    assert released(draft(town), clerk) == "2017/1900"


def test_types_with_the_same_numbers_share_them_others_do_not(town: Municipality, clerk: User) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    assert released(draft(town), clerk) == "2017/1"
    for name, pattern in (("Mitteilung", "{jahr}/{laufend:1}"), ("Antrag", "A/{jahr}/{laufend}")):
        paper = draft(town)
        paper.paper_type = PaperType.objects.create(
            municipality=town, name=name, layout=paper.layout, number_pattern=pattern
        )
        paper.save()
        assert released(paper, clerk) == {"Mitteilung": "2017/2", "Antrag": "A/2017/1"}[name]


def test_papers_that_belong_to_another_carry_its_number(town: Municipality, clerk: User) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    first = draft(town, number="2017/1900")
    supplement = belongs_to(town, "supplements", "Ergänzung", "{nummer}-{folge}")
    amendment = belongs_to(town, "amends", "Änderungsantrag", "{nummer}-Ä{folge}")
    assert [released(supplement(first), clerk) for _ in range(2)] == ["2017/1900-1", "2017/1900-2"]
    change = amendment(first)
    assert released(change, clerk) == "2017/1900-Ä1"
    assert released(amendment(first), clerk) == "2017/1900-Ä2"
    change.refresh_from_db()
    assert released(amendment(change), clerk) == "2017/1900-Ä1-Ä1"


def test_the_other_may_be_known_by_its_number_only(town: Municipality, clerk: User) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    paper = belongs_to(town, "supplements", "Ergänzung", "{nummer}-{folge}")(draft(town))
    paper.relations.update(other=None, other_number="2014/0111")
    assert released(paper, clerk) == "2014/0111-1"


# ---- What is missing gets a sentence ---------------------------------------------------------------------


def sentence_for(paper: Paper) -> str:
    with pytest.raises(ValidationError) as caught:
        expected_number(Paper.objects.get(pk=paper.pk))
    (sentence,) = caught.value.messages
    return sentence


def test_what_a_number_lacks_is_said(town: Municipality, office: Institution, clerk: User) -> None:
    assert "noch nicht festgelegt, wie ihre Nummer lautet" in sentence_for(draft(town))
    numbered_by(town, "{amt}/{laufend}")
    assert "wählen Sie in der Vorlage den federführenden Fachbereich" in sentence_for(draft(town))
    without = make_office(town, "Neues Amt")
    assert "„Neues Amt“ hat keines" in sentence_for(draft(town, department=without))
    numbered_by(town, "{wahlperiode}/{laufend}")
    CouncilTerm.objects.create(municipality=town, number=11, first_day="2014-06-01", last_day="2017-10-26")
    assert "Der 27.10.2017 liegt in keiner eingetragenen Wahlperiode" in sentence_for(draft(town))
    supplement = belongs_to(town, "supplements", "Ergänzung", "{nummer}-{folge}")
    other = draft(town, subject="Noch ohne Nummer")
    assert "„Noch ohne Nummer“, zu der diese gehört, hat noch keine Nummer" in sentence_for(supplement(other))
    alone = supplement(other)
    alone.relations.all().delete()
    assert "tragen Sie bei den Bezügen ein" in sentence_for(alone)
    numbered_by(town, "Vorlage der Stadt Neustadt Nr. {laufend} aus {jahr}")
    assert "wäre länger als 40 Zeichen" in sentence_for(draft(town))
    assert not NumberSeries.objects.exists()


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{jahr}", "Es fehlt die laufende Nummer"),
        ("{jahr}/{nr}", "Den Baustein „{nr}“ gibt es nicht"),
        ("{laufend}/{folge}", "nur einmal"),
        ("{nummer}-{folge}", "zu einer früheren Vorlage gehört"),
        ("{jahr/{laufend}", "nicht geschlossen"),
        ("{laufend:0}", "eine Zahl von 1 bis 9"),
        ("{laufend:drei}", "eine Zahl von 1 bis 9"),
        ("{jahr:2}/{laufend}", "eine Zahl von 1 bis 9"),
        ("{}/{laufend}", "Den Baustein „{}“ gibt es nicht"),
    ],
)
def test_a_pattern_that_is_none_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_number_pattern(pattern)
    assert said in caught.value.messages[0]


def test_a_type_may_name_the_other_only_if_it_belongs_to_one(town: Municipality) -> None:
    layout = draft(town).layout
    alone = PaperType(municipality=town, name="Bericht", layout=layout, number_pattern="{nummer}-{folge}")
    with pytest.raises(ValidationError, match="zu einer früheren Vorlage gehört"):
        alone.full_clean()
    alone.relation = "supplements"
    alone.full_clean()


@pytest.mark.parametrize(
    ("number", "pattern", "fits"),
    [
        ("2017/1900", "{jahr}/{laufend}", True),
        ("17/1900", "{jahr}/{laufend}", False),
        ("50-4/020/2015", "{amt}/{laufend:3}/{jahr}", True),
        ("2017/1900-Ä1-Ä1", "{nummer}-Ä{folge}", True),
        ("irgendwas", "{nummer}-Ä{folge}", False),
    ],
)
def test_which_numbers_fit(number: str, pattern: str, fits: bool) -> None:
    assert fits_pattern(number, pattern) is fits


def test_a_number_by_hand_that_does_not_fit_is_refused_with_a_sentence(town: Municipality) -> None:
    numbered_by(town, "{jahr}/{laufend}")
    paper = draft(town)
    paper.number = "17-1900"
    with pytest.raises(ValidationError, match=r"passt nicht zum Muster „\{jahr\}/\{laufend\}“"):
        paper.full_clean()


# ---- In the administration -------------------------------------------------------------------------------


def test_the_fachadministration_sets_terms_and_series(town: Municipality, client: Client) -> None:
    client.force_login(make_user(town, Role.Kind.ADMINISTRATION, name="Fach Verwalterin"))
    term = {"municipality": town.pk, "number": 11, "first_day": "01.06.2014", "last_day": "31.10.2020"}
    client.post("/verwaltung/committees/councilterm/add/", term)
    overlapping = term | {"number": 12, "first_day": "01.01.2020", "last_day": ""}
    page = client.post("/verwaltung/committees/councilterm/add/", overlapping).content.decode()
    assert "In diese Zeit fällt schon: 11. Wahlperiode" in page
    client.post("/verwaltung/committees/councilterm/add/", overlapping | {"first_day": "01.11.2020"})
    assert [term.number for term in CouncilTerm.objects.filter(municipality=town)] == [11, 12]
    address = "/verwaltung/committees/numberseries/add/"
    page = client.post(address, {"municipality": town.pk, "key": "2017/", "last": 5}).content.decode()
    assert "mit einmal {laufend}" in page
    client.post(address, {"municipality": town.pk, "key": "2017/{laufend}", "last": 1899})
    assert NumberSeries.objects.get().last == 1899
    page = client.post(
        f"/verwaltung/municipalities/municipality/{town.pk}/change/", {"number_pattern": "{jahr}"}
    ).content.decode()
    assert "Es fehlt die laufende Nummer" in page


def test_the_five_towns_go_on_counting(towns: dict[str, Municipality]) -> None:
    """After the papers that they have."""
    found = {}
    for slug, year in (
        ("leverkusen", 2017),
        ("kreis-mettmann", 2015),
        ("bergisch-gladbach", 2008),
        ("bergkamen", 2018),
    ):
        known = Paper.objects.get(municipality=towns[slug])
        new = Paper(municipality=known.municipality, paper_type=known.paper_type, layout=known.layout)
        new.department, new.date, new.subject = known.department, datetime.date(year, 12, 1), "Neu"
        new.save()
        found[slug] = expected_number(new)
    assert found == {
        "leverkusen": "2017/1901",
        "kreis-mettmann": "50/021/2015",
        "bergisch-gladbach": "325/2008",
        "bergkamen": "11/1482",
    }
