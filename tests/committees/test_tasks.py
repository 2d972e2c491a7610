"""The Beschlusskontrolle: tasks given, reported on, reminded of, listed for the council."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from committees.actions.task_mails import remind
from committees.actions.tasks import add_tasks, report
from committees.models import AgendaItem, Consultation, Deputyship, Paper, ResolutionTask, TaskReport
from municipalities.models import Institution, Municipality, Person, Role, User
from outbox.models import OutgoingMail
from tests import verapdf
from tests.committees.decided import decide, give_task
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release
from tests.documents.reading import bookmarks, in_reading_order, pages, tables_without_heads

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def paper(town: Municipality) -> Paper:
    points = ("<p>Sprachkurse werden ausgeschrieben.</p>", "<p>Jährlich wird berichtet.</p>")
    paper = make_paper(town, *points, subject="Geheimer Vertrag")
    make_stage(paper, make_committee(town, "Sozialausschuss"), "advise", day=4)
    make_stage(paper, make_committee(town, "Rat"), "decide", day=18)
    return release(paper)


@pytest.fixture
def stage(paper: Paper) -> Consultation:
    return decide(paper)


@pytest.fixture
def clerk(town: Municipality) -> User:
    return make_user(town, Role.Kind.COUNCIL_SERVICE)


@pytest.fixture
def office(town: Municipality) -> Institution:
    return Institution.objects.create(municipality=town, name="Amt für Soziales", kind="department")


@pytest.fixture
def worker(town: Municipality, office: Institution) -> User:
    user = make_user(town, Role.Kind.DEPARTMENT, name="Wim Fachamt")
    Person.objects.create(municipality=town, name=user.name, institution=office, user=user)
    return user


@pytest.fixture
def outsider(town: Municipality) -> User:
    return make_user(town, Role.Kind.DEPARTMENT, name="Ole Woanders")


def opened(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def in_days(days: int) -> str:
    return f"{timezone.localdate() + datetime.timedelta(days=days):%Y-%m-%d}"


class TestGiving:
    def test_points_become_tasks_and_the_responsible_office_is_told(
        self,
        client: Client,
        paper: Paper,
        stage: Consultation,
        clerk: User,
        office: Institution,
        worker: User,
    ) -> None:
        first, second = stage.resolved_points.order_by("position")
        address = f"{paper.get_absolute_url()}beschluss/auftraege/"
        page = opened(client, clerk, address)
        assert "Aus Punkt 1 wird ein Auftrag" in page
        assert 'value="Sprachkurse werden ausgeschrieben."' in page
        sent = {
            f"punkt-{first.pk}-wanted": "on",
            f"punkt-{first.pk}-title": "Sprachkurse ausschreiben",
            f"punkt-{first.pk}-institution": office.pk,
            f"punkt-{first.pk}-due": in_days(60),
            f"punkt-{second.pk}-title": "",
        }
        answer = client.post(address, sent, follow=True)
        page = answer.content.decode()
        assert "1 Auftrag ist vergeben." in page
        assert "Sprachkurse ausschreiben" in page
        assert "Auftrag aus 1 Punkt vergeben" in " ".join(page.split())
        mail = OutgoingMail.objects.get()
        assert mail.recipient == worker.email
        assert mail.wording.subject == "Neuer Auftrag: Sprachkurse ausschreiben"
        assert ResolutionTask.objects.get().get_absolute_url() in mail.wording.text
        # Somebody sends the same form once more.
        answer = client.post(address, sent)
        assert ResolutionTask.objects.count() == 1
        page = opened(client, worker, "/")
        assert "Ihre Aufträge" in page
        assert "Sprachkurse ausschreiben" in page

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"institution": ""}, "Bitte wählen Sie, wer zuständig ist: eine Stelle oder eine Person."),
            ({"title": ""}, "Bitte schreiben Sie, was zu tun ist."),
            ({"due": "2024-03-01"}, "Die Frist liegt vor dem Beschluss vom 18.03.2024."),
            ({"due": "bald"}, "Bitte geben Sie ein Datum ein"),
            ({"institution": "999999"}, "Diese Stelle gibt es nicht."),
            ({"person": "x"}, "Diese Person"),
            ({"wanted": ""}, "Bitte wählen Sie mindestens einen Punkt, aus dem ein Auftrag wird."),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_typed_is_lost(
        self,
        client: Client,
        paper: Paper,
        stage: Consultation,
        clerk: User,
        office: Institution,
        change: dict[str, str],
        sentence: str,
    ) -> None:
        point = stage.resolved_points.get(position=1)
        fine = {"wanted": "on", "title": "Kurse", "institution": str(office.pk), "person": "", "due": ""}
        sent = {f"punkt-{point.pk}-{name}": value for name, value in (fine | change).items()}
        client.force_login(clerk)
        answer = client.post(f"{paper.get_absolute_url()}beschluss/auftraege/", sent)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page
        if "title" not in change:
            assert 'value="Kurse"' in page
        assert not ResolutionTask.objects.exists()

    def test_a_task_can_follow_from_what_a_committee_said_on_the_way(
        self, client: Client, paper: Paper, clerk: User, office: Institution
    ) -> None:
        address = f"{paper.get_absolute_url()}beschluss/auftrag/"
        client.force_login(clerk)
        answer = client.get(address, follow=True)
        assert "noch kein Ergebnis, aus dem ein Auftrag folgt" in answer.content.decode()
        first = paper.consultations.get(position=1)
        first.result = "mit einer Bitte empfohlen"
        first.save()
        sent = {"consultation": first.pk, "title": "Zahlen nachreichen", "institution": office.pk}
        assert "Sozialausschuss, 04.03.2024" in opened(client, clerk, address)
        assert client.post(address, {**sent, "title": " "}).status_code == 422
        assert "ist vergeben" in client.post(address, sent, follow=True).content.decode()
        page = opened(client, clerk, f"/{paper.municipality.slug}/beschlusskontrolle/")
        assert "Zahlen nachreichen" in page
        assert "Sozialausschuss, 04.03.2024" in page

    def test_only_who_leads_gives_tasks(self, paper: Paper, stage: Consultation, worker: User) -> None:
        with pytest.raises(PermissionDenied):
            add_tasks(paper=paper, tasks=[ResolutionTask(consultation=stage, title="Kurse")], by=worker)


class TestReporting:
    def test_the_responsible_office_reports_until_it_is_done(
        self, client: Client, stage: Consultation, office: Institution, worker: User
    ) -> None:
        task = give_task(stage, institution=office, resolved_point=stage.resolved_points.get(position=1))
        page = opened(client, worker, task.get_absolute_url())
        assert "Sprachkurse werden ausgeschrieben." in page
        assert "Noch hat niemand berichtet." in page
        assert "entfallen" not in page  # that is not the office's to say
        sent = {"seen": 0, "state": "running", "text": "<p>Zwei Träger haben ein Angebot abgegeben.</p>"}
        answer = client.post(task.get_absolute_url(), sent, follow=True)
        page = answer.content.decode()
        assert "Ihr Bericht ist gespeichert." in page
        assert "Zwei Träger haben ein Angebot abgegeben." in page
        newest = TaskReport.objects.get().pk
        answer = client.post(task.get_absolute_url(), {"seen": newest, "state": "done", "text": ""})
        assert answer.status_code == 422
        assert "was getan wurde" in answer.content.decode()
        client.post(task.get_absolute_url(), {"seen": newest, "state": "done", "text": "<p>Vergeben.</p>"})
        task.refresh_from_db()
        assert task.state == "done"
        entry = task.history.first()
        assert entry is not None
        assert entry.history_user == worker
        with pytest.raises(ValidationError, match="Sitzungsdienst"):
            report(task=task, state="open", text="<p>Doch nicht.</p>", by=worker)

    def test_the_second_who_reports_reads_the_first_report(
        self, client: Client, stage: Consultation, office: Institution, worker: User, clerk: User
    ) -> None:
        task = give_task(stage, institution=office)
        report(task=task, state="running", text="<p>Begonnen.</p>", by=clerk, seen=0)
        client.force_login(worker)
        sent = {"seen": 0, "state": "open", "text": "<p>Noch nicht begonnen.</p>"}
        answer = client.post(task.get_absolute_url(), sent)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Inzwischen hat Petra Sitzungsdienst berichtet (Stand: in Arbeit)." in page
        assert "Noch nicht begonnen." in page
        assert f'name="seen" value="{TaskReport.objects.get().pk}"' in page

    def test_others_read_and_do_not_report(
        self, client: Client, stage: Consultation, office: Institution, worker: User, outsider: User
    ) -> None:
        task = give_task(stage, institution=office)
        assert "Berichten" not in opened(client, outsider, task.get_absolute_url())
        assert client.post(task.get_absolute_url(), {"state": "done"}).status_code == 403
        person = Person.objects.create(municipality=stage.paper.municipality, name="Ole", user=outsider)
        task.person = person
        task.save()
        assert "Berichten" in opened(client, outsider, task.get_absolute_url())

    @pytest.mark.parametrize(
        "sent", [{}, {"state": "x", "text": "Ja"}, {"state": "dropped", "text": "Ja"}, {"state": "open"}]
    )
    def test_a_mangled_report_changes_nothing(
        self, client: Client, stage: Consultation, office: Institution, worker: User, sent: dict[str, str]
    ) -> None:
        task = give_task(stage, institution=office)
        client.force_login(worker)
        assert client.post(task.get_absolute_url(), sent).status_code == 422
        assert not TaskReport.objects.exists()

    def test_who_is_responsible_knows_of_a_task_from_a_non_public_paper(
        self,
        client: Client,
        paper: Paper,
        stage: Consultation,
        office: Institution,
        worker: User,
        outsider: User,
    ) -> None:
        task = give_task(stage, "Vertrag kündigen", institution=office)
        Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Vertragssache")
        page = opened(client, worker, task.get_absolute_url())
        assert "Vertrag kündigen" in page
        assert "Geheimer Vertrag" not in page
        client.force_login(outsider)
        assert client.get(task.get_absolute_url()).status_code == 404
        address = f"/{paper.municipality.slug}/beschlusskontrolle/"
        assert "Vertrag kündigen" not in opened(client, outsider, address)
        assert "Geheimer Vertrag" not in opened(client, worker, f"{address}liste.csv")
        assert "Kein Auftrag gefunden" in opened(client, worker, f"{address}?text=geheimer")


class TestEditing:
    def test_a_deadline_is_put_off_with_a_reason_that_everybody_reads(
        self, client: Client, stage: Consultation, office: Institution, clerk: User, worker: User
    ) -> None:
        task = give_task(stage, institution=office)
        address = f"{task.get_absolute_url()}bearbeiten/"
        assert "Grund der Änderung" in opened(client, clerk, address)
        opened_version = task.history.latest().history_id
        sent = {
            "title": task.title,
            "institution": office.pk,
            "due": in_days(90),
            "opened_version": opened_version,
        }
        answer = client.post(address, sent)
        assert answer.status_code == 422
        assert (
            "Grund nennen" in answer.content.decode()
            or "Bitte nennen Sie den Grund" in answer.content.decode()
        )
        client.post(address, {**sent, "reason": "Die Ausschreibung musste wiederholt werden."})
        task.refresh_from_db()
        assert f"{task.due}" == in_days(90)
        page = opened(client, worker, task.get_absolute_url())
        assert "Geänderte Frist" in page
        assert "Die Ausschreibung musste wiederholt werden." in page
        client.force_login(worker)
        assert client.get(address).status_code == 403

    def test_a_new_responsible_one_is_told(
        self, client: Client, stage: Consultation, office: Institution, clerk: User, worker: User
    ) -> None:
        other = Institution.objects.create(
            municipality=office.municipality, name="Schulamt", kind="department"
        )
        task = give_task(stage, institution=other, days=None)
        client.force_login(clerk)
        sent = {
            "title": task.title,
            "institution": office.pk,
            "opened_version": task.history.latest().history_id,
        }
        client.post(f"{task.get_absolute_url()}bearbeiten/", sent)
        assert OutgoingMail.objects.get().recipient == worker.email


class TestReminding:
    def test_before_the_deadline_after_it_and_every_four_weeks(
        self, stage: Consultation, office: Institution, worker: User
    ) -> None:
        today = timezone.localdate()
        give_task(stage, institution=office, days=20)
        told = [days for days in range(82) if remind(today + datetime.timedelta(days=days))]
        assert told == [6, 21, 49, 77]
        subjects = [mail.wording.subject for mail in OutgoingMail.objects.order_by("pk")]
        assert subjects[0] == "Bald fällig: Sprachkurse ausschreiben"
        assert set(subjects[1:]) == {"Überfälliger Auftrag: Sprachkurse ausschreiben"}
        assert {mail.recipient for mail in OutgoingMail.objects.all()} == {worker.email}

    def test_one_mail_for_all_and_none_twice(
        self, stage: Consultation, office: Institution, worker: User, capsys: Any
    ) -> None:
        late = give_task(stage, institution=office, days=-3)
        give_task(stage, "Bericht vorlegen", institution=office, days=5)
        give_task(stage, "Erledigt", institution=office, days=-5, state="done")
        give_task(stage, "Ohne Frist", institution=office, days=None)
        call_command("remind_tasks")
        call_command("remind_tasks")
        assert capsys.readouterr().out == "1 erinnert\n0 erinnert\n"
        mail = OutgoingMail.objects.get()
        assert "bei diesem Auftrag ist die Frist überschritten" in mail.wording.text
        assert "dieser Auftrag ist bald fällig" in mail.wording.text
        assert late.get_absolute_url() in mail.wording.text
        assert "Erledigt" not in mail.wording.text
        late.refresh_from_db()
        assert late.reminded_at is not None
        assert late.history.count() == 1  # nothing has changed about it

    def test_the_person_goes_before_the_office_and_a_deputy_before_the_absent(
        self, stage: Consultation, office: Institution, worker: User, outsider: User
    ) -> None:
        town = stage.paper.municipality
        person = Person.objects.create(municipality=town, name="Ole", user=outsider)
        give_task(stage, institution=office, person=person, days=-1)
        remind()
        assert OutgoingMail.objects.get().recipient == outsider.email
        today = timezone.localdate()
        deputy = Person.objects.get(user=worker)
        Deputyship.objects.create(person=person, deputy=deputy, first_day=today, last_day=today)
        remind(today + datetime.timedelta(days=30))
        assert OutgoingMail.objects.latest("pk").recipient == worker.email

    def test_where_nobody_has_a_login_the_council_service_hears_of_it(
        self, stage: Consultation, clerk: User
    ) -> None:
        association = Institution.objects.create(
            municipality=stage.paper.municipality, name="Verein", kind="association"
        )
        give_task(stage, institution=association, days=-1)
        remind()
        mail = OutgoingMail.objects.get()
        assert mail.recipient == clerk.email
        assert "Bitte geben Sie es weiter." in mail.wording.text


class TestTheList:
    @pytest.fixture
    def tasks(self, stage: Consultation, office: Institution, clerk: User) -> list[ResolutionTask]:
        first = stage.paper.consultations.get(position=1)
        late = give_task(stage, "Bericht vorlegen", institution=office, days=-9)
        report(task=late, state="running", text="<p>Die Zahlen fehlen.</p>", by=clerk)
        school = Institution.objects.create(
            municipality=office.municipality, name="Schulamt", kind="department"
        )
        return [
            late,
            give_task(stage, "=Kurse ausschreiben", institution=school, days=9),
            give_task(first, "Zahlen nachreichen", institution=office, days=None),
            give_task(stage, "Träger anschreiben", institution=school, days=None, state="done"),
        ]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", [0, 1, 2]),
            ("?stand=alle", [0, 1, 2, 3]),
            ("?stand=ueberfaellig", [0]),
            ("?stand=done", [3]),
            ("?gremium={committee}", [2]),
            ("?stelle={office}", [0, 2]),
            ("?text=2024/17&stand=running", [0]),
            ("?text=kurse", [1]),
            ("?gliederung=stelle&stand=alle", [0, 2, 1, 3]),
            ("?gliederung=gremium", [0, 1, 2]),
            ("?vorlagen=oeffentlich", [0, 2]),
            ("?stand=quatsch&gremium=x", [0, 1, 2]),
        ],
    )
    def test_it_is_narrowed_and_put_in_order(
        self,
        client: Client,
        clerk: User,
        tasks: list[ResolutionTask],
        office: Institution,
        query: str,
        expected: list[int],
    ) -> None:
        hidden = AgendaItem.objects.create(
            meeting=tasks[1].consultation.meeting, position=1, number="1", title="Kurse", public=False
        )
        other = make_paper(office.municipality, number="2024/18")
        closed = make_stage(other, tasks[1].consultation.committee, "decide", outcome="accepted")
        Consultation.objects.filter(pk=closed.pk).update(
            meeting=tasks[1].consultation.meeting, agenda_item=hidden
        )
        ResolutionTask.objects.filter(pk=tasks[1].pk)
        tasks[1] = give_task(closed, "=Kurse ausschreiben", days=9, institution=tasks[1].institution)
        ResolutionTask.objects.filter(title="=Kurse ausschreiben").exclude(pk=tasks[1].pk).delete()
        committee = tasks[2].consultation.committee_id
        address = f"/{office.municipality.slug}/beschlusskontrolle/{query}"
        page = opened(client, clerk, address.format(committee=committee, office=office.pk))
        places = [page.find(f'href="{task.get_absolute_url()}"') for task in tasks]
        assert [number for number in range(4) if places[number] >= 0] == sorted(expected)
        assert sorted(expected, key=lambda number: places[number]) == expected

    def test_the_pdf_for_the_council(
        self, client: Client, clerk: User, tasks: list[ResolutionTask], office: Institution
    ) -> None:
        address = f"/{office.municipality.slug}/beschlusskontrolle/liste.pdf"
        client.force_login(clerk)
        response = client.get(f"{address}?gliederung=stelle")
        assert response["Content-Type"] == "application/pdf"
        text = " ".join(" ".join(pages(response.content)).split())
        assert "Beschlusskontrolle" in text
        assert "3 Aufträge, davon 1 überfällig" in text
        assert "Rat, 18.03.2024" in text
        assert "2024/17" in text
        assert "Die Zahlen fehlen." in text
        assert "nicht zur Weitergabe" not in text
        read = in_reading_order(response.content)
        assert read.index("Amt für Soziales") < read.index("Bericht vorlegen") < read.index("Schulamt")
        Paper.objects.update(public=False, non_public_reason="Vertragssache")
        text = " ".join(pages(client.get(address).content))
        assert "nicht zur Weitergabe" in text
        text = " ".join(pages(client.get(f"{address}?vorlagen=oeffentlich").content))
        assert "Bericht vorlegen" not in text
        assert "keinen Auftrag dieser Art" in text

    @pytest.mark.parametrize("hidden", ["point", "result", "treatment"])
    def test_the_public_list_has_nothing_of_what_is_not_public_in_a_public_paper(
        self, client: Client, clerk: User, tasks: list[ResolutionTask], hidden: str
    ) -> None:
        stage = tasks[0].consultation
        resolved = stage.resolved_points.get(position=1)
        ResolutionTask.objects.filter(pk=tasks[0].pk).update(resolved_point=resolved)
        match hidden:
            case "point":
                stage.paper.resolution_points.filter(position=1).update(public=False)
            case "result":
                Consultation.objects.filter(pk=stage.pk).update(result_public=False)
            case _:
                Consultation.objects.filter(pk=stage.pk).update(treatment="non_public")
        address = f"/{stage.paper.municipality.slug}/beschlusskontrolle/"
        client.force_login(clerk)
        for page in ("", "liste.csv"):
            assert "Bericht vorlegen" in client.get(address + page).content.decode()
            narrowed = client.get(f"{address}{page}?vorlagen=oeffentlich").content.decode()
            assert "Bericht vorlegen" not in narrowed
            assert "Zahlen nachreichen" in narrowed
        text = " ".join(pages(client.get(f"{address}liste.pdf?vorlagen=oeffentlich").content))
        assert "Zahlen nachreichen" in text
        assert "Bericht vorlegen" not in text
        assert "nicht zur Weitergabe" not in text

    @pytest.mark.once
    def test_the_pdf_can_be_read_by_everybody(
        self, client: Client, clerk: User, tasks: list[ResolutionTask], office: Institution, tmp_path: Path
    ) -> None:
        client.force_login(clerk)
        pdf = client.get(
            f"/{office.municipality.slug}/beschlusskontrolle/liste.pdf?gliederung=gremium"
        ).content
        assert tables_without_heads(pdf) == 0
        assert [title for _level, title, _page in bookmarks(pdf)] == [
            "Beschlusskontrolle",
            "Rat",
            "Sozialausschuss",
        ]
        path = tmp_path / "liste.pdf"
        path.write_bytes(pdf)
        assert verapdf.failures([path]) == []

    def test_the_table_opens_in_a_spreadsheet(
        self, client: Client, clerk: User, tasks: list[ResolutionTask], office: Institution
    ) -> None:
        client.force_login(clerk)
        response = client.get(f"/{office.municipality.slug}/beschlusskontrolle/liste.csv?stand=alle")
        head, *rows = response.content.decode("utf-8-sig").splitlines()
        assert head.startswith("Auftrag;Beschlusstext;Vorlage;")
        assert len(rows) == 4
        assert rows[0].startswith("Bericht vorlegen;")
        assert ";in Arbeit;ja;" in rows[0]
        assert "Die Zahlen fehlen." in rows[0]
        assert any(row.startswith("'=Kurse") for row in rows)  # no formula

    def test_the_number_of_queries_does_not_grow(
        self,
        client: Client,
        clerk: User,
        tasks: list[ResolutionTask],
        office: Institution,
        django_assert_num_queries: Callable[..., Any],
    ) -> None:
        address = f"/{office.municipality.slug}/beschlusskontrolle/"
        expected = {address: 11, f"{address}liste.csv": 9, tasks[0].get_absolute_url(): 10}
        client.force_login(clerk)
        for grown in (False, True):
            for number in range(30) if grown else ():
                task = give_task(tasks[0].consultation, f"Auftrag {number}", institution=office)
                report(task=task, state="running", text="<p>Läuft.</p>", by=clerk)
                report(task=tasks[0], state="running", text="<p>Weiter.</p>", by=clerk)
            for page, queries in expected.items():
                client.get(page)
                with django_assert_num_queries(queries):
                    assert client.get(page).status_code == 200
        assert "Weiter" in client.get(address).content.decode()  # a second page

    def test_an_empty_list_says_where_tasks_come_from(self, client: Client, clerk: User) -> None:
        town = Municipality.objects.get(roles__user=clerk)
        page = opened(client, clerk, f"/{town.slug}/beschlusskontrolle/")
        assert "Kein offener Auftrag" in page
        assert "Nach dem Beschluss" in page
        assert "Kein Auftrag gefunden" in opened(
            client, clerk, f"/{town.slug}/beschlusskontrolle/?text=nichts"
        )


def test_what_is_overdue_waits_on_the_start_page(
    client: Client, stage: Consultation, office: Institution, worker: User, clerk: User, outsider: User
) -> None:
    task = give_task(stage, institution=office, days=-2)
    for user, heading in ((worker, "Ihre Aufträge"), (clerk, "Überfällige Aufträge")):
        page = opened(client, user, "/")
        assert heading in page
        assert task.get_absolute_url() in page
        assert "überfällig" in page
    assert "Aufträge" not in opened(client, outsider, "/").replace("Aufträge und Fristen", "")
