"""The rules of proposals: each rule, and what is refused."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from concepts.actions.deleting import delete_part
from concepts.models import ActionField, Concept, Goal, Measure
from municipalities.models import User
from outbox.models import OutgoingMail
from participation.actions import deciding, proposals
from participation.actions.telling import tell_submitters
from participation.models import Decision, Group, MeasureProposal, Phase, Process, ProposalSupport
from participation.permissions import may_discuss, may_propose
from participation.ways import Book, standing_of
from tests.concepts.factories import make_town
from tests.participation.proposing import (
    concept_of,
    draft,
    field_of,
    fresh,
    make_participant,
    make_process,
    make_staff,
    propose,
    taken_over,
    verdict,
)

pytestmark = pytest.mark.django_db

MERGED = verdict(Decision.Kind.MERGED, "Es ist dasselbe gemeint.")


@pytest.fixture
def process() -> Process:
    return make_process()


@pytest.fixture
def member(process: Process) -> User:
    return make_participant(process)


@pytest.fixture
def staff(process: Process) -> User:
    return make_staff(process)


@pytest.fixture
def proposal(process: Process, member: User) -> MeasureProposal:
    return propose(process, member)


def publish(process: Process, by: User) -> list[MeasureProposal]:
    seen = deciding.stamps(deciding.waiting_decisions(process))
    return deciding.publish(process=process, seen=seen, by=by)


def seen_by(user: Any) -> set[int]:
    return set(MeasureProposal.objects.visible_to(user).values_list("pk", flat=True))


# ---- The original ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "Anders"),
        ("text", "Anders"),
        ("language", "tr"),
        ("submitter_name", "Jemand"),
        ("carry_out", "no"),
    ],
)
def test_what_is_submitted_stays_as_it_is(proposal: MeasureProposal, column: str, value: str) -> None:
    setattr(proposal, column, value)
    with pytest.raises(ValidationError, match="bleibt in seinem Wortlaut"):
        proposal.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureProposal.objects.filter(pk=proposal.pk).update(**{column: value})


def test_a_shell_cannot_empty_the_submitter_or_the_time(proposal: MeasureProposal) -> None:
    for column in ("submitter_id", "group_id", "submitted_at"):
        before = getattr(proposal, column)
        if before is None:
            continue
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE participation_measureproposal SET {column} = NULL WHERE id = %s",
                [proposal.pk],
            )


def test_it_is_never_deleted_nor_a_draft_again(proposal: MeasureProposal) -> None:
    for way in (proposal.delete, MeasureProposal.objects.filter(pk=proposal.pk).delete):
        with pytest.raises(ValidationError, match="nicht gelöscht"):
            way()
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureProposal.objects.filter(pk=proposal.pk).update(state="draft", submitted_at=None)
    proposal.state, proposal.submitted_at = "draft", None
    with pytest.raises(ValidationError):
        proposal.save()


def test_the_german_wording_is_edited_beside_it_and_its_history_kept(
    proposal: MeasureProposal, staff: User
) -> None:
    proposal.german_title, proposal.german_text = "Sprachcafé", "Jede Woche."
    proposals.sign(proposal, by=staff)
    proposal.save()
    assert fresh(proposal).title == "Sprachcafé am Samstag"
    assert proposal.history.first().history_user == staff
    assert str(fresh(proposal)) == "Sprachcafé"


def test_a_draft_is_written_on_and_thrown_away(process: Process, member: User) -> None:
    begun = draft(process, member, "", text="Noch ohne Titel")
    begun.title = "Mit Titel"
    proposals.save_draft(proposal=begun, by=member)
    assert fresh(begun).title == "Mit Titel"
    proposals.discard_draft(proposal=begun)
    assert not MeasureProposal.objects.filter(pk=begun.pk).exists()


@pytest.mark.parametrize("missing", ["title", "text"])
def test_nothing_is_submitted_without_words(process: Process, member: User, missing: str) -> None:
    begun = draft(process, member)
    setattr(begun, missing, "  ")
    begun.save()
    with pytest.raises(ValidationError, match="Titel"):
        proposals.submit(proposal=begun, by=member)
    with pytest.raises(ValidationError, match="schon eingereicht"):
        proposals.submit(proposal=propose(process, member), by=member)


def test_the_same_form_sent_twice_makes_one(process: Process, member: User) -> None:
    key = uuid.uuid4()
    first = draft(process, member, form_key=key)
    second = draft(process, member, "Anders", form_key=key)
    assert first.pk == second.pk
    proposals.submit(proposal=second, by=member)
    with pytest.raises(ValidationError, match="schon eingereicht"):
        draft(process, member, form_key=key)
    assert MeasureProposal.objects.filter(process=process).count() == 1


def test_places_of_another_process_or_field_are_refused(process: Process, member: User) -> None:
    town = process.municipality
    other = Process.objects.create(municipality=town, title="Ein anderer")
    group = Group.objects.create(municipality=town, process=other, kind="working", name="Fremde AG")
    concept = Concept.objects.create(municipality=town, title="Zweites", slug="zweites")
    field = ActionField.objects.create(concept=concept, position=1, title="Fremd")
    goal = Goal.objects.filter(field=field_of(process, 2))[0]
    for wrong in ({"group": group}, {"field": field}, {"goal": goal}):
        with pytest.raises(ValidationError):
            draft(process, member, **wrong)


# ---- Who sees what ---------------------------------------------------------------------------------------


def test_drafts_are_their_authors_and_submitted_ones_for_members_and_staff(
    process: Process, member: User, staff: User, proposal: MeasureProposal
) -> None:
    begun = draft(process, member)
    colleague = make_participant(process, "Jan")
    outsider = User.objects.create_user("rat@example.org", None, name="Ratsmitglied")
    elsewhere = make_process(make_town("Altstadt"))
    stranger = make_staff(elsewhere, "fremd@example.org")
    assert seen_by(member) == {proposal.pk, begun.pk}
    assert seen_by(colleague) == seen_by(staff) == {proposal.pk}
    assert seen_by(outsider) == seen_by(stranger) == seen_by(AnonymousUser()) == set()


def test_a_seat_that_is_over_shows_only_ones_own(process: Process, member: User) -> None:
    other = propose(process, make_participant(process, "Jan"))
    own = propose(process, member)
    process.groups.get().seats.filter(person__user=member).update(span="2001–2002")
    assert seen_by(member) == {own.pk}
    assert other.pk not in seen_by(member)


def test_decisions_are_for_the_staff_until_they_are_published(
    process: Process, member: User, staff: User, proposal: MeasureProposal
) -> None:
    deciding.decide(proposal=proposal, verdict=verdict(), by=staff)
    assert not Decision.objects.visible_to(member).exists()
    assert Decision.objects.visible_to(staff).exists()
    assert standing_of(fresh(proposal), inside=False).word == "in Prüfung"
    assert "intern" in standing_of(fresh(proposal), inside=True).word
    publish(process, staff)
    assert Decision.objects.visible_to(member).exists()
    assert standing_of(fresh(proposal), inside=False).word == "nicht übernommen"


def test_a_closed_phase_stops_members_and_not_the_staff(process: Process, member: User, staff: User) -> None:
    assert may_propose(member, process)
    assert may_discuss(member, process)
    Phase.objects.filter(process=process).update(span="2001–2002")
    process = Process.objects.get(pk=process.pk)
    assert not may_propose(member, process)
    assert not may_discuss(member, process)
    assert may_propose(staff, process)


# ---- Handling --------------------------------------------------------------------------------------------


def test_question_and_answer(proposal: MeasureProposal, member: User, staff: User) -> None:
    deciding.take_into_review(proposal=proposal, by=staff)
    question = deciding.ask_back(proposal=proposal, text="Wo?", by=staff)
    assert fresh(proposal).state == "question"
    with pytest.raises(ValidationError, match="schon gestellt"):
        deciding.ask_back(proposal=proposal, text="Wo?", by=staff)
    second = deciding.ask_back(proposal=proposal, text="Wann?", by=staff)
    proposals.answer(question=question, text="Im Norden.", by=member)
    assert fresh(proposal).state == "question"
    proposals.answer(question=second, text="Samstags.", by=member)
    assert fresh(proposal).state == "review"
    with pytest.raises(ValidationError, match="schon beantwortet"):
        proposals.answer(question=question, text="Im Süden.", by=member)


@pytest.mark.parametrize("kind", [kind for kind in Decision.Kind if kind != Decision.Kind.TAKEN_OVER])
def test_every_decision_but_a_full_take_over_gives_its_reason(
    process: Process, proposal: MeasureProposal, staff: User, member: User, kind: str
) -> None:
    decision = Decision(
        proposal=proposal,
        kind=kind,
        decided_on="2026-01-01",
        decided_by=staff,
        merged_into=propose(process, member) if kind == Decision.Kind.MERGED else None,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save()


def test_a_published_decision_stays(process: Process, proposal: MeasureProposal, staff: User) -> None:
    decision = deciding.decide(proposal=proposal, verdict=verdict(), by=staff)
    deciding.decide(proposal=proposal, verdict=verdict(Decision.Kind.NOTED, "Gelesen."), by=staff)
    publish(process, staff)
    for way in (
        lambda: deciding.decide(proposal=proposal, verdict=verdict(), by=staff),
        lambda: taken_over(proposal, staff),
    ):
        with pytest.raises(ValidationError, match="veröffentlicht"):
            way()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(reason="Anders")
    with pytest.raises(ValidationError):
        Decision.objects.get(pk=decision.pk).delete()


def test_taking_over_makes_a_measure_with_its_place_code_and_origin(
    process: Process, proposal: MeasureProposal, staff: User
) -> None:
    measure = taken_over(proposal, staff).measure
    assert measure.title == "Sprachcafé am Samstag"
    assert measure.text == "<p>Einmal in der Woche, mit Kinderbetreuung.</p>"
    assert measure.field == field_of(process)
    assert measure.position == 3
    assert measure.origin == f"Vorschlag {proposal.code}, Beteiligung"
    assert measure.history.first().history_user == staff


def test_taking_over_extends_a_measure_and_ties_several(
    process: Process, proposal: MeasureProposal, staff: User, member: User
) -> None:
    measure = Measure.objects.filter(concept=concept_of(process))[0]
    before = measure.text
    other = propose(process, member, "Zweiter")
    for one in (proposal, other):
        deciding.take_over(
            proposal=one,
            verdict=verdict(Decision.Kind.PARTLY, "Ohne Fahrdienst."),
            into=measure,
            addition="Mit <b>Tee</b>.",
            by=staff,
        )
    taken = Measure.objects.get(pk=measure.pk)
    assert taken.text.startswith(before)
    assert "Mit &lt;b&gt;Tee&lt;/b&gt;." in taken.text
    assert taken.proposal_ties.count() == 2
    taken_over(proposal, staff, kind=Decision.Kind.PARTLY)
    assert proposal.ties.count() == 2


def test_a_measure_with_an_origin_is_not_deleted_until_it_is_untied(
    proposal: MeasureProposal, staff: User
) -> None:
    first = taken_over(proposal, staff)
    with pytest.raises(ValidationError, match="einzige Maßnahme"):
        deciding.untie(tie=first, by=staff)
    with pytest.raises(ValidationError, match="verweist"):
        delete_part(part=first.measure, by=staff)
    taken_over(proposal, staff)
    deciding.untie(tie=first, by=staff)
    delete_part(part=Measure.objects.get(pk=first.measure_id), by=staff)
    assert proposal.ties.count() == 1


def test_deciding_anew_lets_go_of_the_measure(proposal: MeasureProposal, staff: User) -> None:
    measure = taken_over(proposal, staff).measure
    deciding.decide(proposal=proposal, verdict=verdict(), by=staff)
    assert not proposal.ties.exists()
    assert Measure.objects.filter(pk=measure.pk).exists()


def test_merging_leads_to_what_became_of_the_leading_one(
    process: Process, proposal: MeasureProposal, staff: User, member: User
) -> None:
    others = [propose(process, member, title) for title in ("Zwei", "Drei")]
    deciding.merge(proposals=others, into=proposal, verdict=MERGED, by=staff)
    tie = taken_over(proposal, staff)
    book = Book(process, inside=True)
    for one in others:
        assert [found.measure for found in book.measures(book.proposals[one.pk])] == [tie.measure]
    with pytest.raises(ValidationError, match="selbst zusammengeführt"):
        deciding.merge(proposals=[proposal], into=others[0], verdict=MERGED, by=staff)
    with pytest.raises(ValidationError, match="verschiedene"):
        deciding.merge(proposals=[proposal], into=proposal, verdict=MERGED, by=staff)


def test_merging_is_all_or_none(
    process: Process, proposal: MeasureProposal, staff: User, member: User
) -> None:
    first, gone = propose(process, member, "Zwei"), propose(process, member, "Drei")
    proposals.withdraw(proposal=gone, by=member)
    with pytest.raises(ValidationError):
        deciding.merge(proposals=[first, gone], into=proposal, verdict=MERGED, by=staff)
    assert fresh(first).state == "submitted"


def test_who_leads_others_cannot_withdraw(
    process: Process, proposal: MeasureProposal, staff: User, member: User
) -> None:
    deciding.merge(proposals=[propose(process, member)], into=proposal, verdict=MERGED, by=staff)
    with pytest.raises(ValidationError, match="zusammengeführt"):
        proposals.withdraw(proposal=proposal, by=member)
    deciding.decide(proposal=proposal, verdict=verdict(), by=staff)
    with pytest.raises(ValidationError, match="nicht mehr zurückziehen"):
        proposals.withdraw(proposal=proposal, by=member)


def test_splitting_keeps_the_original_and_its_submitter(
    process: Process, proposal: MeasureProposal, staff: User, member: User
) -> None:
    parts = deciding.split(proposal=proposal, parts=[("Café", "Samstags"), ("Kinder", "Dazu")], by=staff)
    assert fresh(proposal).text == "Einmal in der Woche, mit Kinderbetreuung."
    assert fresh(proposal).state == "split"
    assert {part.submitter for part in parts} == {member}
    taken_over(parts[0], staff)
    deciding.decide(proposal=parts[1], verdict=verdict(), by=staff)
    book = Book(process, inside=True)
    assert [end.pk for end in book.ends(book.proposals[proposal.pk])] == [part.pk for part in parts]
    with pytest.raises(ValidationError):
        deciding.split(proposal=proposal, parts=[("a", "b"), ("c", "d")], by=staff)
    with pytest.raises(ValidationError, match="mindestens zwei"):
        deciding.split(proposal=propose(process, member), parts=[("a", "b")], by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureProposal.objects.filter(pk=proposal.pk).update(state="review")


def test_publishing_only_what_was_looked_at(process: Process, staff: User, member: User) -> None:
    first, second = propose(process, member), propose(process, member, "Zwei")
    deciding.decide(proposal=first, verdict=verdict(), by=staff)
    seen = deciding.stamps(deciding.waiting_decisions(process))
    deciding.decide(proposal=first, verdict=verdict(reason="Doch anders."), by=staff)
    with pytest.raises(ValidationError, match="Inzwischen"):
        deciding.publish(process=process, seen=seen, by=staff)
    deciding.decide(proposal=second, verdict=verdict(), by=staff)
    assert {one.pk for one in publish(process, staff)} == {first.pk, second.pk}
    assert publish(process, staff) == []


# ---- Saying something ------------------------------------------------------------------------------------


def test_a_comment_sent_twice_is_one_and_support_counts_once(
    process: Process, proposal: MeasureProposal
) -> None:
    colleague = make_participant(process, "Jan")
    for _number in range(2):
        proposals.add_comment(proposal=proposal, text="Gut!", by=colleague)
        proposals.set_support(proposal=proposal, supported=True, by=colleague)
    assert proposal.proposalcomments.count() == proposal.proposalsupports.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalSupport.objects.create(proposal=proposal, author=colleague)
    proposals.set_support(proposal=proposal, supported=False, by=colleague)
    assert not proposal.proposalsupports.exists()


# ---- Mails -----------------------------------------------------------------------------------------------

PORTAL = "https://portal.example"


def mails_to(user: User) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(recipient=user.email).order_by("key"))


def test_submitters_hear_once_a_day_and_nothing_gets_lost(
    process: Process, proposal: MeasureProposal, member: User
) -> None:
    second, third = propose(process, member, "Zwei"), propose(process, member, "Drei")
    assert tell_submitters([proposal, second], portal=PORTAL) == 1
    (mail,) = mails_to(member)
    assert "Sprachcafé am Samstag" in mail.text
    assert "Zwei" in mail.text
    assert f"{PORTAL}{proposal.get_absolute_url()}" in mail.text
    tell_submitters([third], portal=PORTAL)  # the first has not left: it says that there may be more
    assert len(mails_to(member)) == 1
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=timezone.now())
    for _number in range(2):
        tell_submitters([third], portal=PORTAL)
    _first, later = mails_to(member)
    assert "Drei" in later.text
    assert timezone.localtime(later.next_attempt).date() > timezone.localdate()


def test_a_slip_of_paper_has_nobody_to_be_told(process: Process, staff: User) -> None:
    slip = propose(process, staff, submitter=None, submitter_name="Eine Mutter")
    assert tell_submitters([slip], portal=PORTAL) == 0
    assert not OutgoingMail.objects.filter(recipient=staff.email).exists()
    assert fresh(slip).submitter_name == "Eine Mutter"
