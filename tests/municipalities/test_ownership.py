"""Every row belongs to one municipality, and nothing ties two of them together."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from concepts.models import ActionField, Concept, Goal, Measure
from municipalities.models import Institution, Municipality, Person, Role, User

pytestmark = pytest.mark.django_db


def town(name: str) -> Municipality:
    return Municipality.objects.create(
        name=f"Stadt {name}",
        short_name=name,
        slug=name.lower(),
        kind=Municipality.Kind.CITY,
        head_title="Die Bürgermeisterin",
        state_law=Municipality.StateLaw.GO_NRW,
    )


def institution(municipality: Municipality, name: str = "Sozialamt") -> Institution:
    return Institution.objects.create(municipality=municipality, name=name, kind=Institution.Kind.DEPARTMENT)


def concept(municipality: Municipality) -> Concept:
    return Concept.objects.create(municipality=municipality, title="Konzept", slug="konzept")


def test_a_measure_cannot_name_an_institution_of_another_town() -> None:
    here, there = town("Hier"), town("Dort")
    field = ActionField.objects.create(concept=concept(here), position=1, title="Sprache")
    measure = Measure(field=field, position=1, title="Sprachpaten", responsible=institution(there))
    with pytest.raises(ValidationError, match="gehört zu einer anderen Kommune"):
        measure.save()


def test_a_measure_cannot_lie_in_a_field_of_another_concept() -> None:
    here = town("Hier")
    field = ActionField.objects.create(concept=concept(here), position=1, title="Sprache")
    other = Concept.objects.create(municipality=here, title="Zweites", slug="zweites")
    with pytest.raises(ValidationError, match="gehört zu einem anderen Konzept"):
        Measure(concept=other, field=field, position=1, title="Sprachpaten").save()


def test_a_person_is_one_account_in_one_town() -> None:
    here = town("Hier")
    user = User.objects.create_user("a@hier.example", name="A")
    Person.objects.create(municipality=here, name="A", user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(municipality=here, name="B", user=user)


def test_an_address_is_one_account_whatever_its_case() -> None:
    User.objects.create_user("a@hier.example", name="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="A@Hier.example", name="B")


def test_a_measure_off_its_track_needs_a_reason_in_the_database_too() -> None:
    field = ActionField.objects.create(concept=concept(town("Hier")), position=1, title="Sprache")
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.create(field=field, position=1, title="Sprachpaten", track=Measure.Track.DELAYED)


def test_everybody_of_a_town_sees_it_and_nobody_else() -> None:
    here, there = town("Hier"), town("Dort")
    editor = User.objects.create_user("redaktion@hier.example", name="Redaktion")
    Role.objects.create(municipality=here, user=editor, kind=Role.Kind.EDITING)
    member = User.objects.create_user("mitglied@hier.example", name="Mitglied")
    Person.objects.create(municipality=here, name="Mitglied", user=member)
    stranger = User.objects.create_user("fremd@dort.example", name="Fremd")
    Person.objects.create(municipality=there, name="Fremd", user=stranger)
    mine = concept(here)

    assert list(Concept.objects.visible_to(editor)) == [mine]
    assert list(Concept.objects.visible_to(member)) == [mine]
    assert list(Concept.objects.visible_to(stranger)) == []
    assert list(Municipality.objects.visible_to(stranger)) == [there]


def test_every_change_inside_a_concept_moves_its_counter() -> None:
    mine = concept(town("Hier"))
    field = ActionField.objects.create(concept=mine, position=1, title="Sprache")
    before = Concept.objects.get(pk=mine.pk).revision.number
    goal = Goal.objects.create(field=field, position=1, text="Alle sprechen miteinander.")
    after_adding = Concept.objects.get(pk=mine.pk).revision.number
    goal.delete()
    after_deleting = Concept.objects.get(pk=mine.pk).revision.number
    assert before < after_adding < after_deleting
