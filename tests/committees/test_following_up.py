"""After the decision: what was resolved, the concept as resolved, and what was decided about each measure."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from committees.actions import following_up
from committees.actions.following_up import KEEP, TAKE, decide_measures, resolve_concept
from committees.actions.tasks import report
from committees.models import Ballot, Consultation, MeasureDecision, Paper, ResolvedVersion
from concepts.models import Concept, ConceptVersion, Measure
from concepts.pictures import state_of
from municipalities.models import Municipality, Person, Role, User
from tests.committees.decided import Outcome, amend_measure, decide, give_task
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release
from tests.concepts.factories import make_concept

pytestmark = pytest.mark.django_db

BEFORE = "<p>Die Beratung ist montags. Sie findet im Rathaus statt.</p>"
AFTER = "<p>Die Beratung ist montags und donnerstags. Sie findet im Rathaus statt.</p>"


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def paper(town: Municipality) -> Paper:
    """About a concept of six measures; one committee advises, the council decides."""
    concept = make_concept(town, fields=2, measures=3, status=Concept.Status.IN_CONSULTATION)
    paper = make_paper(
        town, "<p>Das Konzept wird beschlossen.</p>", "<p>Jährlich wird berichtet.</p>", concept=concept
    )
    make_stage(paper, make_committee(town, "Sozialausschuss"), "advise", day=4)
    make_stage(paper, make_committee(town, "Rat"), "decide", day=18)
    return release(paper)


@pytest.fixture
def clerk(town: Municipality) -> User:
    return make_user(town, Role.Kind.COUNCIL_SERVICE)


@pytest.fixture
def editor(town: Municipality) -> User:
    return make_user(town, Role.Kind.EDITING, name="Rita Redaktion")


@pytest.fixture
def measure(paper: Paper) -> Measure:
    assert paper.concept
    measure: Measure = paper.concept.measures.order_by("field__position", "position")[0]
    measure.text = BEFORE
    measure.save()
    return measure


def opened(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def resolve(paper: Paper, by: User, **more: Any) -> ConceptVersion:
    assert paper.concept
    values = {"name": "Vom Rat beschlossen", "seen": state_of(paper.concept).content, **more}
    return resolve_concept(paper=paper, by=by, **values)


def test_before_the_decision_the_page_says_who_decides(client: Client, paper: Paper, clerk: User) -> None:
    page = opened(client, clerk, f"{paper.get_absolute_url()}beschluss/")
    assert "Es entscheidet: Rat. Die Sitzung ist am 18.03.2024." in page
    assert client.get(f"{paper.get_absolute_url()}beschluss/massnahmen/").status_code == 404
    with pytest.raises(ValidationError, match="noch nicht abschließend entschieden"):
        decide_measures(paper=paper, values={}, by=clerk)


def test_the_page_shows_what_was_resolved_and_what_was_rejected(
    client: Client, paper: Paper, clerk: User
) -> None:
    decide(paper, rejected=(2,))
    page = opened(client, clerk, f"{paper.get_absolute_url()}beschluss/")
    assert "Beschluss: Rat, 18.03.2024" in page
    assert "mehrheitlich beschlossen" in page
    assert "30 Ja, 8 Nein" in page
    assert page.index("Das Konzept wird beschlossen.") < page.index("abgelehnt") < page.index("Jährlich wird")
    assert "Auftrag aus 1 Punkt vergeben" in page  # the other was rejected
    assert "Das macht, wer das Konzept bearbeitet." in page


def test_as_long_as_one_committee_has_to_decide_nothing_is_frozen(
    client: Client, paper: Paper, clerk: User, editor: User
) -> None:
    decide(paper)
    make_stage(paper, make_committee(paper.municipality, "Hauptausschuss"), "decide", day=20)
    page = opened(client, clerk, f"{paper.get_absolute_url()}beschluss/")
    assert "Es fehlt noch die Entscheidung: Hauptausschuss (20.03.2024)." in page
    with pytest.raises(ValidationError, match="noch nicht abschließend entschieden"):
        resolve(paper, editor)


class TestTheConceptAsResolved:
    def test_accepted_amendments_are_written_and_the_version_is_frozen(
        self, client: Client, paper: Paper, editor: User, measure: Measure
    ) -> None:
        decision = decide(paper, Outcome.AMENDED)
        first, second = paper.consultations.order_by("position")
        amend_measure(measure, first, AFTER)
        moved = BEFORE.replace("im Rathaus", "im Haus der Vielfalt")
        amend_measure(measure, second, moved, 2)
        amend_measure(measure, second, "<p>Ganz anders.</p>", 3, beside=True)
        amend_measure(measure, second, "<p>Nie.</p>", 4, state="rejected", decided_order=None)
        address = f"{paper.get_absolute_url()}beschluss/fassung/"
        page = opened(client, editor, address)
        assert "Die Gremien haben 1 Maßnahme geändert." in page
        assert "donnerstags" in page
        assert "Haus der Vielfalt" in page
        assert "Sie werden nicht übernommen" in page
        assert paper.concept
        seen = state_of(paper.concept).content
        answer = client.post(address, {"name": "Beschlossen: Rat 18.03.2024", "seen": seen}, follow=True)
        assert "ist als beschlossene Fassung festgehalten" in answer.content.decode()
        measure.refresh_from_db()
        carried = "<p>Die Beratung ist montags und donnerstags. Sie findet im Haus der Vielfalt statt.</p>"
        assert measure.text == carried
        entry = measure.history.first()
        assert entry is not None
        assert entry.history_user == editor
        assert entry.history_change_reason == "Fassung „Beschlossen: Rat 18.03.2024“"
        version = ResolvedVersion.objects.get(consultation=decision).version
        assert "Haus der Vielfalt" in version.content
        paper.concept.refresh_from_db()
        assert paper.concept.status == Concept.Status.ADOPTED
        page = opened(client, editor, f"{paper.get_absolute_url()}beschluss/")
        assert "Fassung 1: Beschlossen: Rat 18.03.2024" in page
        assert client.get(address).status_code == 302  # a second time there is nothing to do
        with pytest.raises(ValidationError, match="schon festgehalten"):
            resolve(paper, editor, name="Noch eine")

    @pytest.mark.parametrize("closed", ["before", "after"])
    def test_the_concepts_history_does_not_tell_a_decision_that_is_not_public(
        self, client: Client, paper: Paper, editor: User, measure: Measure, closed: str
    ) -> None:
        """Closed before the version is kept, or after: all read the new text, and not where it is from."""
        decision = decide(paper, Outcome.AMENDED)
        amend_measure(measure, decision, AFTER)
        stage = Consultation.objects.filter(pk=decision.pk)
        stage.update(result_public=closed == "after")
        page = opened(client, editor, f"{paper.get_absolute_url()}beschluss/fassung/")
        name = "Beschlossen: Rat 18.03.2024" if closed == "after" else "Beschlossene Fassung"
        assert f'value="{name}"' in page
        resolve(paper, editor, name="Beschlossene Fassung")
        stage.update(result_public=False)
        assert paper.concept
        base = f"{paper.concept.get_absolute_url()}bearbeiten/"
        reader = make_user(paper.municipality, name="Lea Leserin")
        Person.objects.create(municipality=paper.municipality, name=reader.name, user=reader)
        for address in (f"{base}verlauf/", f"{base}massnahmen/{measure.pk}/verlauf/"):
            page = opened(client, reader, address)
            assert "donnerstags" in page
            assert "Fassung „Beschlossene Fassung“" in page
            assert paper.number not in page
            assert "18.03.2024" not in page

    def test_the_other_wording_that_the_council_took_is_written(
        self, paper: Paper, measure: Measure, editor: User
    ) -> None:
        first, decision = paper.consultations.order_by("position")[0], decide(paper)
        amend_measure(measure, first, AFTER)
        other = amend_measure(measure, first, "<p>Beraten wird täglich.</p>", 2, beside=True)
        amend_measure(measure, first, "<p>Ganz anders.</p>", 3, beside=True)
        Ballot.objects.create(
            consultation=decision, position=2, kind="alternative", amendment=other, outcome="accepted"
        )
        resolve(paper, editor)
        measure.refresh_from_db()
        assert measure.text == "<p>Beraten wird täglich.</p>"

    def test_nobody_is_overwritten_where_the_concept_was_changed_since(
        self, client: Client, paper: Paper, editor: User, measure: Measure
    ) -> None:
        decision = decide(paper, Outcome.AMENDED)
        amend_measure(measure, decision, AFTER)
        measure.text = BEFORE.replace("montags", "dienstags")
        measure.save()
        address = f"{paper.get_absolute_url()}beschluss/fassung/"
        assert "Im Konzept wurde derselbe Satz inzwischen geändert." in opened(client, editor, address)
        assert paper.concept
        seen = state_of(paper.concept).content
        answer = client.post(address, {"name": "Beschluss", "seen": seen})
        assert answer.status_code == 422
        assert "Bitte wählen Sie, welcher Text gelten soll." in answer.content.decode()
        with pytest.raises(ValidationError, match="welcher Text"):
            resolve(paper, editor)
        assert not ConceptVersion.objects.filter(concept=paper.concept).exists()
        resolve(paper, editor, choices={measure.pk: KEEP})
        measure.refresh_from_db()
        assert "dienstags" in measure.text

    def test_the_resolutions_text_can_be_chosen_and_other_sentences_stay(
        self, paper: Paper, editor: User, measure: Measure
    ) -> None:
        decision = decide(paper, Outcome.AMENDED)
        amend_measure(measure, decision, AFTER)
        other = Measure.objects.filter(concept=paper.concept).exclude(pk=measure.pk)[0]
        other.text = BEFORE
        other.save()
        amend_measure(other, decision, AFTER, 2)
        measure.text = BEFORE.replace("montags", "dienstags")
        measure.save()
        other.text = BEFORE.replace("im Rathaus", "im Museum")  # another sentence: no conflict
        other.save()
        resolve(paper, editor, choices={measure.pk: TAKE})
        measure.refresh_from_db()
        other.refresh_from_db()
        assert measure.text == AFTER
        assert "donnerstags" in other.text
        assert "im Museum" in other.text

    def test_what_was_changed_behind_the_page_is_looked_at_again(
        self, client: Client, paper: Paper, editor: User, measure: Measure
    ) -> None:
        decide(paper)
        address = f"{paper.get_absolute_url()}beschluss/fassung/"
        client.force_login(editor)
        answer = client.post(address, {"name": "Beschluss", "seen": "alt"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Das Konzept wurde geändert, während Sie diese Seite offen hatten." in page
        assert 'value="Beschluss"' in page
        assert state_of(measure.concept).content in page  # the next click is for what is shown now

    def test_a_second_click_at_the_same_moment_leaves_one_version(
        self, paper: Paper, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        decide(paper)
        resolve(paper, editor)
        monkeypatch.setattr(following_up, "check_not_resolved", lambda decision: None)
        with pytest.raises(ValidationError, match="schon festgehalten"):
            resolve(paper, editor, name="Noch eine")
        assert ConceptVersion.objects.filter(concept=paper.concept).count() == 1

    def test_a_rejected_paper_has_no_version_and_a_taken_name_changes_nothing(
        self, paper: Paper, editor: User, clerk: User, measure: Measure
    ) -> None:
        decision = decide(paper, Outcome.AMENDED)
        amend_measure(measure, decision, AFTER)
        resolve(paper, editor)
        other = make_paper(paper.municipality, "<p>Nachtrag.</p>", number="2024/18", concept=paper.concept)
        make_stage(other, decision.committee, "decide", day=20)
        rejected = decide(release(other), Outcome.REJECTED)
        with pytest.raises(ValidationError, match="abgelehnt"):
            resolve(other, editor, name="Zweite")
        rejected.outcome = Outcome.ACCEPTED
        rejected.save()
        with pytest.raises(ValidationError, match="gibt es schon"):
            resolve(other, editor)
        with pytest.raises(PermissionDenied):
            resolve(other, clerk, name="Zweite")
        assert ResolvedVersion.objects.count() == 1


class TestTheMeasuresDecisions:
    def test_what_follows_from_the_resolution_is_taken_over_with_one_click(
        self, client: Client, paper: Paper, clerk: User, measure: Measure
    ) -> None:
        decision = decide(paper, Outcome.AMENDED)
        _first, second, third, *_others = Measure.objects.filter(concept=paper.concept).order_by(
            "field__position", "position"
        )
        Measure.objects.filter(concept=paper.concept).update(budget_reservation="")
        measure.concept.measures.all()
        for cost in third.costs.all():
            cost.delete()
        second.budget_reservation = "vorbehaltlich der Haushaltslage"
        second.save()
        amend_measure(measure, decision, AFTER)
        amend_measure(third, decision, "", 2)
        address = f"{paper.get_absolute_url()}beschluss/massnahmen/"
        page = opened(client, clerk, address)
        assert "für 6 Maßnahmen, die noch keine Entscheidung haben" in page
        answer = client.post(address, follow=True)
        assert "6 Entscheidungen sind gespeichert." in answer.content.decode()
        found = dict(MeasureDecision.objects.filter(consultation=decision).values_list("measure", "kind"))
        assert len(found) == 6
        assert (found[measure.pk], found[second.pk], found[third.pk]) == ("amended", "budget", "rejected")
        row = MeasureDecision.objects.get(measure=second)
        assert row.note == "vorbehaltlich der Haushaltslage"
        page = opened(client, clerk, f"{paper.get_absolute_url()}beschluss/")
        assert "6 von 6 Maßnahmen des Konzepts." in page

    def test_it_stands_on_the_measures_page_with_paper_and_date(
        self, client: Client, paper: Paper, clerk: User, measure: Measure
    ) -> None:
        decision = decide(paper)
        decide_measures(paper=paper, values={measure: ("budget", "ab 2025")}, by=clerk)
        member = make_user(paper.municipality, Role.Kind.MODERATION, name="Mara Moderation")
        assert paper.concept
        address = f"{paper.concept.get_absolute_url()}massnahmen/{measure.pk}/"
        page = opened(client, member, address)
        assert "beschlossen vorbehaltlich der Haushaltslage" in page
        assert "Rat, 18.03.2024" in page
        assert "Vorlage 2024/17" in page
        assert "ab 2025" in page
        Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Personalsache")
        assert "2024/17" not in opened(client, member, address)
        assert decision.measure_decisions.count() == 1

    def test_points_that_name_measures_are_about_these_alone(
        self, client: Client, paper: Paper, clerk: User, measure: Measure
    ) -> None:
        Paper.objects.filter(pk=paper.pk).update(state=Paper.State.DRAFT)
        second = paper.resolution_points.get(position=2)
        second.measures.add(measure)
        release(paper)
        decide(paper, rejected=(2,))
        address = f"{paper.get_absolute_url()}beschluss/massnahmen/"
        page = opened(client, clerk, f"{address}?feld={measure.field_id}")
        assert "Der Beschlussvorschlag wurde abgelehnt." in page
        assert page.count("Der Beschluss nennt sie nicht.") == 2
        client.post(address)
        assert list(MeasureDecision.objects.values_list("measure", "kind")) == [(measure.pk, "rejected")]

    def test_one_field_is_saved_and_the_next_comes(
        self, client: Client, paper: Paper, clerk: User, measure: Measure
    ) -> None:
        decide(paper)
        client.force_login(clerk)
        address = f"{paper.get_absolute_url()}beschluss/massnahmen/"
        own = Measure.objects.filter(field=measure.field_id)
        sent: dict[str, Any] = {f"kind-{one.pk}": "adopted" for one in own} | {"seen": 0}
        sent |= {f"kind-{measure.pk}": "rejected", f"note-{measure.pk}": "Kein Bedarf."}
        answer = client.post(f"{address}?feld={measure.field_id}", sent)
        assert answer.status_code == 302
        following = Measure.objects.filter(concept=paper.concept).exclude(field=measure.field_id)[0].field_id
        assert answer["Location"].endswith(f"?feld={following}")
        assert MeasureDecision.objects.get(measure=measure).note == "Kein Bedarf."
        # A second clerk had the form open all the while.
        sent |= {f"kind-{measure.pk}": "amended"}
        answer = client.post(f"{address}?feld={measure.field_id}", sent)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Jemand hat inzwischen Entscheidungen zu diesem Beschluss gespeichert." in page
        assert "Inzwischen steht hier: „abgelehnt“" in page
        assert MeasureDecision.objects.get(measure=measure).kind == "rejected"
        newest = MeasureDecision.history.order_by("-history_id")[0].pk
        assert f'name="seen" value="{newest}"' in page
        # Whoever sends it again has seen that; an empty one takes a decision back.
        sent |= {"seen": newest, f"kind-{measure.pk}": ""}
        assert client.post(f"{address}?feld={measure.field_id}", sent).status_code == 302
        assert not MeasureDecision.objects.filter(measure=measure).exists()

    @pytest.mark.parametrize("sent", [{"kind": "vielleicht"}, {"note": "x" * 301}, {"seen": "-1"}])
    def test_what_cannot_be_saved_comes_back(
        self, client: Client, paper: Paper, clerk: User, measure: Measure, sent: dict[str, str]
    ) -> None:
        decide(paper)
        client.force_login(clerk)
        data = {name if name == "seen" else f"{name}-{measure.pk}": value for name, value in sent.items()}
        address = f"{paper.get_absolute_url()}beschluss/massnahmen/?feld={measure.field_id}"
        assert client.post(address, {"seen": 0, **data}).status_code == 422
        assert not MeasureDecision.objects.exists()

    def test_only_who_leads_the_councils_business_records_them(
        self, client: Client, paper: Paper, editor: User, measure: Measure
    ) -> None:
        decide(paper)
        client.force_login(editor)
        assert client.post(f"{paper.get_absolute_url()}beschluss/massnahmen/").status_code == 403
        with pytest.raises(PermissionDenied):
            decide_measures(paper=paper, values={measure: ("adopted", "")}, by=editor)


def test_resolved_versions_stay(paper: Paper, editor: User) -> None:
    decide(paper)
    resolve(paper, editor)
    sql = "UPDATE committees_resolvedversion SET consultation_id = 0"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_number_of_queries_does_not_grow(
    client: Client, paper: Paper, clerk: User, measure: Measure, django_assert_num_queries: Callable[..., Any]
) -> None:
    decision = decide(paper)
    base = f"{paper.get_absolute_url()}beschluss/"
    pages = {base: 17, f"{base}massnahmen/": 18, f"{base}massnahmen/?feld={measure.field_id}": 19}
    client.force_login(clerk)

    def one_more(number: int) -> None:
        one = Measure.objects.create(
            concept=measure.concept, field=measure.field, position=50 + number, title=f"Neu {number}"
        )
        amend_measure(one, decision, "<p>Neu.</p>", 10 + number)
        decide_measures(paper=paper, values={one: ("adopted", "")}, by=clerk)
        task = give_task(decision, f"Auftrag {number}")
        report(task=task, state="running", text="<p>Begonnen.</p>", by=clerk)

    one_more(1)
    for grown in (False, True):
        for number in range(2, 7) if grown else ():
            one_more(number)
        for address, number in pages.items():
            client.get(address)
            with django_assert_num_queries(number):
                assert client.get(address).status_code == 200


def test_what_was_decided_lately_waits_on_the_start_page(
    client: Client, paper: Paper, clerk: User, editor: User
) -> None:
    stage = decide(paper)
    for user, what in ((clerk, "Aufträge vergeben"), (editor, "Fassung festhalten")):
        page = opened(client, user, "/")
        assert f"{paper.get_absolute_url()}beschluss/" in page
        assert what in page
    give_task(stage)
    resolve(paper, editor)
    for user in (clerk, editor):
        assert f"{paper.get_absolute_url()}beschluss/" not in opened(client, user, "/")


def test_an_old_decision_without_points_is_shown_as_it_is(client: Client, paper: Paper, clerk: User) -> None:
    """As imported: the result is known, the text was not kept point by point."""
    stage = Consultation.objects.get(paper=paper, meaning="decide")
    stage.outcome, stage.result = Outcome.ACCEPTED, "einstimmig"
    stage.save()
    page = opened(client, clerk, f"{paper.get_absolute_url()}beschluss/")
    assert "nicht Punkt für Punkt festgehalten" in page
    assert "Weiterer Auftrag" in page
    answer = client.get(f"{paper.get_absolute_url()}beschluss/auftraege/", follow=True)
    assert "Der Beschluss hat keine einzelnen Punkte." in answer.content.decode()
