"""The administration serves a town's Fachadministration: everything of its own town, nothing of another."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from committees.grammar import Article
from committees.models import AgendaItem, Committee, HearingRule, Meeting, Paper
from concepts.models import ActionField, Concept, Measure
from documents.models import IssuedFile
from municipalities.models import Institution, Municipality, Person, Role, User
from participation.models import Event, Phase, Process

OURS = [model for model in admin.site._registry if model._meta.app_label not in ("account", "outbox")]
OURS.remove(HearingRule)  # a Land's, not a town's
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
    for name in ("partners", "contacts", "themes"):
        data[name] = [row.pk for row in getattr(measure, name).all()]
    data["additional"] = "{}"
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


def test_the_second_to_save_sees_what_the_first_has_written(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    office = Institution.objects.filter(municipality=towns["leverkusen"]).first()
    assert office is not None
    address_of_form = address(Institution, "change", office.pk)
    form = administrator.get(address_of_form).context["adminform"].form
    mine = {name: value for name, value in form.initial.items() if value not in (None, "")} | {
        "name": "Mein Name"
    }
    office.name = "Ihr Name"
    office.save()
    response = administrator.post(address_of_form, mine)
    page = response.content.decode()
    assert "während Sie ihn bearbeitet haben" in page
    assert "Inzwischen steht hier: „Ihr Name“" in page
    assert 'value="Mein Name"' in page
    assert Institution.objects.get(pk=office.pk).name == "Ihr Name"
    newer = response.context["adminform"].form.data["opened_version"]
    assert administrator.post(address_of_form, mine | {"opened_version": newer}).status_code == 302
    assert Institution.objects.get(pk=office.pk).name == "Mein Name"


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


def add_form(client: Client, model: type, **values: object) -> dict[str, object]:
    """What a browser sends for an empty form of the model with these values typed in."""
    context = client.get(address(model, "add")).context
    form = context["adminform"].form
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data: dict[str, object] = {name: value for name, value in shown.items() if value not in (None, "", False)}
    for formset in context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data | values


def test_a_committee_can_be_made_together_with_its_seats(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    town = towns["leverkusen"]
    person = Person.objects.filter(municipality=town).first()
    assert person is not None
    data = add_form(
        administrator,
        Committee,
        municipality=town.pk,
        kind=Committee.Kind.COMMITTEE,
        name="Ausschuss für Neues",
        article=Article.choices[0][0],
        genitive_name="Ausschusses für Neues",
    )
    data |= {"seats-TOTAL_FORMS": 1, "seats-0-person": person.pk, "seats-0-role": "member"}
    response = administrator.post(address(Committee, "add"), data)
    assert response.status_code == 302, response.context["errors"]
    assert [seat.person for seat in Committee.objects.get(name="Ausschuss für Neues").seats.all()] == [person]


def test_a_seat_for_somebody_of_another_town_is_refused_in_a_new_committee_too(
    towns: dict[str, Municipality],
) -> None:
    committee = Committee(municipality=towns["leverkusen"], name="Ausschuss für Neues")
    stranger = Person.objects.filter(municipality=towns["bergkamen"]).first()
    with pytest.raises(ValidationError, match="gehört zu einer anderen Kommune"):
        committee.seats.model(committee=committee, person=stranger).clean()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_an_empty_form_comes_back_with_sentences(administrator: Client, model: type) -> None:
    page = administrator.get(address(model, "add"))
    if page.status_code == 403:
        pytest.skip("rows that nobody types in")
    data = {name: value for name, value in add_form(administrator, model).items() if name.endswith("_FORMS")}
    response = administrator.post(address(model, "add"), data)
    assert response.status_code == 200
    assert "Dieses Feld ist zwingend erforderlich." in response.content.decode()


def test_emptied_goal_levels_are_no_levels(towns: dict[str, Municipality], administrator: Client) -> None:
    concept = Concept.objects.filter(municipality=towns["leverkusen"]).first()
    assert concept is not None
    data = {
        "municipality": concept.municipality_id,
        "title": concept.title,
        "slug": concept.slug,
        "status": concept.status,
        "code_scheme": concept.code_scheme,
        "goal_level_names": "",
    }
    assert administrator.post(address(Concept, "change", concept.pk), data).status_code == 302
    concept.refresh_from_db()
    assert concept.goal_level_names == []


@pytest.mark.parametrize(
    ("model", "query", "status"),
    [
        (Institution, "kind__exact=school", 200),
        (Institution, "name__regex=(", 400),
        (Institution, "id__in=18446744073709551616", 400),
        (Institution, "municipality__name__startswith=S", 400),
        (Paper, "date__year=0", 400),
        (Meeting, "date__year=2017", 200),
        (Meeting, "date__year=99999999999", 302),
    ],
)
def test_a_list_answers_only_its_own_filters(
    towns: dict[str, Municipality], administrator: Client, model: type, query: str, status: int
) -> None:
    assert administrator.get(f"{address(model, 'changelist')}?{query}").status_code == status


@pytest.mark.parametrize(
    ("model", "parent", "sentence"),
    [
        (Institution, "municipality", "Ein Eintrag bleibt in seiner Kommune."),
        (AgendaItem, "meeting", "Ein TOP bleibt in seiner Sitzung."),
        (Phase, "process", "Eine Phase bleibt in ihrem Prozess."),
    ],
)
def test_a_row_that_would_move_gets_a_sentence(
    towns: dict[str, Municipality], client: Client, model: type, parent: str, sentence: str
) -> None:
    """Even for somebody who may write in both places. The database would refuse it too."""
    town = towns["leverkusen"]
    client.force_login(User.objects.create_superuser("betrieb@portal.example", name="Betrieb"))
    first, second = Meeting.objects.filter(municipality=town)[:2]
    AgendaItem.objects.create(meeting=first, position=1, number="1", title="Begrüßung")
    elsewhere = {
        "municipality": towns["bergkamen"],
        "meeting": second,
        "process": Process.objects.create(municipality=town, title="Zweiter Prozess"),
    }
    row = model.objects.filter(**{model.municipality_path: town})[0]
    before = getattr(row, parent)
    form = client.get(address(model, "change", row.pk)).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, "")}
    data |= {name: str(data[name]) for name in ("span",) if name in data}
    answer = client.post(address(model, "change", row.pk), data | {parent: elsewhere[parent].pk})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    row.refresh_from_db()
    assert getattr(row, parent) == before


def test_an_events_phase_is_one_of_its_own_process(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    event = Event.objects.filter(process__municipality=towns["leverkusen"], phase__isnull=False)[0]
    other = Process.objects.create(municipality=towns["leverkusen"], title="Zweiter Prozess")
    phase = Phase.objects.create(process=other, position=1, title="Anfang", span="2018")
    form = administrator.get(address(Event, "change", event.pk)).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, "", [])}
    data |= {"date": str(event.date), "groups": [], "phase": phase.pk}
    answer = administrator.post(address(Event, "change", event.pk), data)
    assert "Diese Phase gehört zu einem anderen Prozess." in answer.content.decode()


def test_the_history_of_what_is_gone_with_its_parents_breaks_nothing(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    concept = Concept.objects.create(municipality=towns["leverkusen"], title="Verworfen", slug="verworfen")
    field = ActionField.objects.create(concept=concept, position=1, title="Verworfenes Feld")
    gone = field.pk
    concept.delete()
    assert administrator.get(address(ActionField, "history", gone)).status_code == 403
    assert administrator.get(address(ActionField, "history", "x")).status_code == 404


def test_a_logo_that_is_gone_from_the_server_gets_a_sentence(
    towns: dict[str, Municipality], administrator: Client
) -> None:
    town = towns["leverkusen"]
    Municipality.objects.filter(pk=town.pk).update(logo="logos/verschwunden.png")
    response = administrator.post(address(Municipality, "change", town.pk), {"name": town.name})
    assert "Die Datei des Bildes fehlt auf dem Server." in response.content.decode()
