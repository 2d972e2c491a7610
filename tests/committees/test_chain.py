"""What belongs to a paper, and which text counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from committees.chain import chain_of
from committees.models import Paper, PaperRelation, PaperType
from committees.models.layouts import RelationKind
from municipalities.models import Person, Role, User
from tests.committees.factories import make_paper, make_town, make_user, release
from tests.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def main() -> Paper:
    return release(make_paper(make_town(), "Das Konzept wird beschlossen.", number="2024/17"))


@pytest.fixture
def clerk(main: Paper) -> User:
    return make_user(main.municipality, Role.Kind.COUNCIL_SERVICE)


def belonging(to: Paper, kind: RelationKind, number: str, *, released: bool = True) -> Paper:
    paper = Paper.objects.create(
        municipality=to.municipality,
        paper_type=to.paper_type,
        layout=to.layout,
        subject=f"Vorlage {number}",
        number=number,
    )
    PaperRelation.objects.create(paper=paper, kind=kind, other=to)
    return release(paper) if released else paper


def page_of(paper: Paper, user: User) -> str:
    client = Client()
    client.force_login(user)
    return text_of(client.get(f"{paper.get_absolute_url()}bezuege/"))


def test_a_paper_alone_has_no_chain(main: Paper, clerk: User) -> None:
    assert not chain_of(main, clerk)
    assert "gehört keine andere" in page_of(main, clerk)


def test_amendments_of_amendments_stand_below_one_another(main: Paper, clerk: User) -> None:
    amendment = belonging(main, RelationKind.AMENDS, "2024/17-Ä1")
    second = belonging(amendment, RelationKind.AMENDS, "2024/17-Ä1-Ä1")
    for paper in (main, amendment, second):
        chain = chain_of(paper, clerk)
        assert [(link.paper.number, link.depth) for link in chain.links] == [
            ("2024/17", 0), ("2024/17-Ä1", 1), ("2024/17-Ä1-Ä1", 2)
        ]  # fmt: skip
        assert chain.valid == main  # a motion changes nothing before it is carried
    page = page_of(second, clerk).partition("Was zusammengehört")[2]
    assert page.index("2024/17 Integrationskonzept") < page.index("Vorlage 2024/17-Ä1")
    page = page_of(second, clerk)
    assert "Es gilt der Text dieser Vorlage: 2024/17" in page


def test_the_newest_text_counts_once_it_is_released(main: Paper, clerk: User) -> None:
    new = belonging(main, RelationKind.REPLACES, "2024/17-N1", released=False)
    assert chain_of(main, clerk).valid == main
    assert "Entwurf" in page_of(main, clerk)
    release(new)
    newest = belonging(new, RelationKind.REPLACES, "2024/17-N2")
    supplement = belonging(newest, RelationKind.SUPPLEMENTS, "2024/17-N2-1")
    for paper in (main, new, newest, supplement):
        chain = chain_of(paper, clerk)
        assert chain.valid == newest
        assert chain.along == [supplement]
    assert "ersetzt durch 2024/17-N1" in page_of(main, clerk)
    client = Client()
    client.force_login(clerk)
    reading = text_of(client.get(main.get_absolute_url()))
    assert "Es gilt der Text dieser Vorlage: 2024/17-N2" in reading


def test_what_one_may_not_see_is_not_in_the_picture(main: Paper, clerk: User) -> None:
    draft = belonging(main, RelationKind.SUPPLEMENTS, "2024/17-1", released=False)
    member = make_user(main.municipality, name="Rosa Ratsmitglied")
    Person.objects.create(municipality=main.municipality, name=member.name, user=member)
    assert draft.number in page_of(main, clerk)
    assert draft.number not in page_of(main, member)
    assert not chain_of(main, member)


def test_an_earlier_paper_is_named_to_those_who_may_read_it(main: Paper, clerk: User) -> None:
    """A draft, or what is not public, by its number at most."""
    member = make_user(main.municipality, name="Rosa Ratsmitglied")
    Person.objects.create(municipality=main.municipality, name=member.name, user=member)
    earlier = Paper.objects.create(
        municipality=main.municipality,
        paper_type=main.paper_type,
        layout=main.layout,
        subject="Grundstückskauf am Weiher",
    )
    PaperRelation.objects.create(paper=main, kind=RelationKind.FOLLOWS, other=earlier)
    reader = Client()
    reader.force_login(member)
    assert "folgt auf Grundstückskauf" in page_of(main, clerk)
    for page in (page_of(main, member), text_of(reader.get(main.get_absolute_url()))):
        assert "folgt auf Vorlage, die nicht für alle zu lesen ist" in page
        assert "Grundstückskauf" not in page
    release(earlier)
    main.save()  # the page is kept until something changes
    for page in (page_of(main, member), text_of(reader.get(main.get_absolute_url()))):
        assert "folgt auf Grundstückskauf" in page


def test_a_paper_belongs_to_one_other_and_never_to_itself(main: Paper) -> None:
    supplement = belonging(main, RelationKind.SUPPLEMENTS, "2024/17-1")
    back = PaperRelation(paper=main, kind=RelationKind.SUPPLEMENTS, other=supplement)
    with pytest.raises(ValidationError, match="So entstünde ein Kreis"):
        back.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperRelation.objects.create(paper=supplement, kind=RelationKind.AMENDS, other=main)


def test_the_types_that_belong_to_another_paper_are_offered(main: Paper, clerk: User) -> None:
    PaperType.objects.create(
        municipality=main.municipality,
        name="Ergänzungsvorlage",
        layout=main.layout,
        relation=RelationKind.SUPPLEMENTS,
    )
    assert "Ergänzungsvorlage" in page_of(main, clerk)


def test_a_long_chain_takes_no_more_queries(main: Paper, clerk: User, django_assert_num_queries: Any) -> None:
    assert clerk.access.roles  # read once per request
    with django_assert_num_queries(1):  # it stands alone
        chain_of(main, clerk)
    place = main
    for number in range(5):
        place = belonging(place, RelationKind.AMENDS, f"2024/17-{number}")
    user = User.objects.get(pk=clerk.pk)
    assert user.access.roles
    with django_assert_num_queries(2):
        assert len(chain_of(main, user).links) == 6
