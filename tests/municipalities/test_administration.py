"""The administration serves a town's Fachadministration: everything of its own town, nothing of another."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from committees.models import Paper
from concepts.models import Measure
from documents.models import IssuedFile
from municipalities.models import Institution, Municipality, Role, User

OURS = [model for model in admin.site._registry if model._meta.app_label != "account"]
MODELS = sorted(OURS, key=lambda model: model._meta.label)


def address(model: type, action: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


@pytest.fixture
def administrator(towns: dict[str, Municipality], login_as: Callable[..., Client]) -> Client:
    return login_as("fachadministration", towns["leverkusen"])


def test_every_model_that_people_edit_is_served(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    page = administrator.get(reverse("admin:index")).content.decode()
    for name in (
        "Konzepte",
        "Maßnahmen",
        "Gruppen",
        "Veranstaltungen",
        "Gremien",
        "Vorlagen",
        "Layouts",
        "Rollen",
    ):
        assert f">{name}</a>" in page


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_a_list_shows_only_the_own_town(administrator: Client, model: type) -> None:
    response = administrator.get(address(model, "changelist"))
    assert response.status_code == 200
    rows = response.context["cl"].result_list
    for row in rows:
        towns = (
            row.access.municipality_ids
            if isinstance(row, User)
            else {getattr(row, "owner_id", lambda r=row: r.pk)()}
        )
        assert towns == {Municipality.objects.get(slug="leverkusen").pk}, row


def test_a_row_of_another_town_cannot_be_opened(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    foreign = Institution.objects.filter(municipality=towns["bergkamen"]).first()
    assert foreign is not None
    response = administrator.get(address(Institution, "change", foreign.pk))
    assert response.status_code == 302
    assert response["Location"] == reverse("admin:index")


def test_another_town_is_not_offered_as_a_choice(administrator: Client) -> None:
    page = administrator.get(address(Institution, "add")).content.decode()
    assert "Stadt Leverkusen" in page
    assert "Stadt Bergkamen" not in page


def test_autocomplete_does_not_tell_of_another_town(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    foreign = Institution.objects.filter(municipality=towns["bergkamen"]).first()
    assert foreign is not None
    query = {
        "app_label": "municipalities",
        "model_name": "person",
        "field_name": "institution",
        "term": foreign.name,
    }
    results = administrator.get(reverse("admin:autocomplete"), query).json()["results"]
    assert str(foreign.pk) not in {row["id"] for row in results}


def test_changing_a_measure_is_kept_in_its_history(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    town = towns["leverkusen"]
    measure = Measure.objects.filter(concept__municipality=town, costs=None).first()
    assert measure is not None
    form = administrator.get(address(Measure, "change", measure.pk)).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, "")}
    data |= {"title": "Neuer Titel", "span": str(measure.span or ""), "as_of": str(measure.as_of or "")}
    data["goals"] = [goal.pk for goal in measure.goals.all()]
    data["partners"] = [partner.pk for partner in measure.partners.all()]
    data |= {"costs-TOTAL_FORMS": 0, "costs-INITIAL_FORMS": 0}
    response = administrator.post(address(Measure, "change", measure.pk), data)
    assert response.status_code == 302, response.context["errors"]
    newest = measure.history.first()
    assert (newest.title, newest.history_user.email) == (
        "Neuer Titel",
        "fachadministration@leverkusen.example",
    )
    page = administrator.get(address(Measure, "history", measure.pk)).content.decode()
    assert "fachadministration" in page or "Neuer Titel" in page


def test_a_mistake_in_a_date_gets_a_sentence_at_the_field(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    measure = Measure.objects.filter(concept__municipality=towns["leverkusen"]).first()
    assert measure is not None
    data = {"title": measure.title, "span": "irgendwann", "costs-TOTAL_FORMS": 0, "costs-INITIAL_FORMS": 0}
    page = administrator.post(address(Measure, "change", measure.pk), data).content.decode()
    assert "„irgendwann“ ist kein Zeitpunkt, den wir lesen können" in page
    assert 'value="irgendwann"' in page


def test_issued_files_can_be_read_but_not_changed(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    file = IssuedFile.objects.filter(municipality=towns["leverkusen"]).first()
    assert file is not None
    page = administrator.get(address(IssuedFile, "change", file.pk)).content.decode()
    assert file.sha256 in page
    assert 'name="_save"' not in page
    assert administrator.post(address(IssuedFile, "change", file.pk), {"name": "x"}).status_code == 403
    assert administrator.post(address(IssuedFile, "delete", file.pk), {"post": "yes"}).status_code == 403


def test_the_number_of_queries_of_a_list_does_not_grow(
    towns: dict[str, Municipality],
    administrator: Client,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for model in (Measure, Institution, Paper, Role):
        administrator.get(address(model, "changelist"))
        with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
            administrator.get(address(model, "changelist"))


@pytest.mark.parametrize("name", ["redaktion", "sitzungsdienst", "ratsmitglied", "mitglied"])
def test_others_do_not_get_in(
    towns: dict[str, Municipality], login_as: Callable[..., Client], name: str
) -> None:
    client = login_as(name, towns["leverkusen"])
    assert client.get(address(Measure, "changelist")).status_code in {302, 403}


def test_an_account_that_belongs_to_two_towns_is_not_one_towns_to_change(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    shared = User.objects.get(email="moderation@leverkusen.example")
    Role.objects.create(municipality=towns["bergkamen"], user=shared, kind=Role.Kind.MODERATION)
    assert administrator.get(address(User, "change", shared.pk)).status_code == 403
