"""A Fachadministration makes accounts: each belongs to its town from the first moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from municipalities.models import Municipality, Person, Role, User

pytestmark = pytest.mark.django_db

ADD = reverse("admin:municipalities_user_add")
LIST = reverse("admin:municipalities_user_changelist")
EMAIL = "neu@leverkusen.example"


@pytest.fixture
def own(towns: dict[str, Municipality]) -> Municipality:
    return towns["leverkusen"]


@pytest.fixture
def administration(own: Municipality, login_as: Callable[..., Client]) -> Client:
    return login_as("fachadministration", own)


def form(own: Municipality, **values: Any) -> dict[str, Any]:
    return {
        "email": EMAIL,
        "name": "Nora Neu",
        "municipality": own.pk,
        "usable_password": "false",
        "role": "",
        "person": "",
    } | values


def person_without_account(town: Municipality) -> Person:
    person: Person = Person.objects.filter(municipality=town, user=None)[0]
    return person


def test_an_account_needs_a_role_or_a_person(administration: Client, own: Municipality) -> None:
    answer = administration.post(ADD, form(own))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Bitte wählen Sie eine Rolle oder eine Person, der das Konto gehört." in page
    assert f'value="{EMAIL}"' in page
    assert not User.objects.filter(email=EMAIL).exists()


def test_with_a_role_it_is_in_the_list_at_once(administration: Client, own: Municipality) -> None:
    answer = administration.post(ADD, form(own, role=Role.Kind.EDITING), follow=True)
    assert answer.status_code == 200
    assert EMAIL in administration.get(LIST).content.decode()
    account = User.objects.get(email=EMAIL)
    assert [(role.municipality, role.kind) for role in account.roles.all()] == [(own, Role.Kind.EDITING)]
    assert account.roles.get().history.get().history_user.email == "fachadministration@leverkusen.example"
    assert not account.has_usable_password()


def test_somebody_who_sits_in_a_committee_gets_an_account(administration: Client, own: Municipality) -> None:
    person = person_without_account(own)
    assert administration.post(ADD, form(own, person=person.pk)).status_code == 302
    person.refresh_from_db()
    assert person.user is not None
    assert person.user.email == EMAIL
    assert not person.user.roles.exists()
    assert EMAIL in administration.get(LIST).content.decode()


def test_neither_another_town_nor_its_people_are_offered_or_taken(
    administration: Client, own: Municipality, towns: dict[str, Municipality]
) -> None:
    other = towns["bergkamen"]
    stranger = person_without_account(other)
    page = administration.get(ADD).content.decode()
    assert own.name in page
    assert other.name not in page
    assert f">{stranger.name}, {stranger.function}<" not in page
    for values in ({"municipality": other.pk, "role": "editing"}, {"person": stranger.pk}):
        assert administration.post(ADD, form(own, **values)).status_code == 200
    assert not User.objects.filter(email=EMAIL).exists()


def test_who_has_an_account_already_is_not_offered(administration: Client, own: Municipality) -> None:
    taken = Person.objects.filter(municipality=own, user__isnull=False)[0]
    assert administration.post(ADD, form(own, person=taken.pk)).status_code == 200
    assert not User.objects.filter(email=EMAIL).exists()


def test_of_two_administered_towns_the_persons_own_is_to_be_chosen(
    own: Municipality, towns: dict[str, Municipality], client: Client
) -> None:
    both = User.objects.create_user("beide@portal.example", name="Beide")
    for town in (own, towns["bergkamen"]):
        Role.objects.create(municipality=town, user=both, kind=Role.Kind.ADMINISTRATION)
    client.force_login(both)
    answer = client.post(ADD, form(own, person=person_without_account(towns["bergkamen"]).pk))
    assert "Diese Person gehört zu einer anderen Kommune." in answer.content.decode()
    assert not User.objects.filter(email=EMAIL).exists()


def test_an_address_that_is_taken_gets_a_sentence_whatever_its_case(
    administration: Client, own: Municipality
) -> None:
    taken = form(own, role="editing", email="Redaktion@Leverkusen.example")
    answer = administration.post(ADD, taken)
    assert "gibt es schon ein Konto" in answer.content.decode()
