"""Questions to the administration: who reads the question, who the answer, and what a mail says of it."""

from __future__ import annotations

import pytest

from council.models import PaperQuestion
from municipalities.models import Institution, Person, Role, User
from outbox.models import OutgoingMail
from tests.committees.factories import make_committee, make_stage, make_user, release, reopen
from tests.council.preparing import Council, make_council, page, seated, text

pytestmark = pytest.mark.django_db

QUESTION, ANSWER = "Was kostet das im dritten Jahr?", "Im dritten Jahr kostet es 12.500 Euro."


@pytest.fixture
def council() -> Council:
    return make_council()


def ask(council: Council, passage: str = "") -> PaperQuestion:
    answer = page(council.member, f"{council.base}fragen/", text=QUESTION, passage=passage)
    assert answer.status_code == 302, text(answer)
    return PaperQuestion.objects.latest("pk")


def reply(council: Council, question: PaperQuestion, audience: str, **more: str) -> int:
    data = {"text": ANSWER, "audience": audience, "seen": "", **more}
    status: int = page(council.service, f"{council.base}fragen/{question.pk}/", **data).status_code
    return status


def readers(council: Council, words: str) -> set[str]:
    outsider = make_user(council.town, "moderation", name="Mona Moderation")
    people = {
        "member": council.member,
        "opponent": council.opponent,
        "service": council.service,
        "outsider": outsider,
    }
    found = {name for name, user in people.items() if words in text(page(user, f"{council.base}notizen/"))}
    outsider.delete()
    return found


def test_a_question_is_the_members_and_the_administrations(council: Council) -> None:
    ask(council, "punkt-2")
    assert readers(council, QUESTION) == {"member", "service"}
    for address in ("rat/fragen/", ""):
        assert QUESTION in text(page(council.service, f"/{council.town.slug}/{address}"))
    assert QUESTION not in text(page(council.opponent, f"/{council.town.slug}/"))
    mail = OutgoingMail.objects.get()
    assert mail.recipient == council.service.email
    assert mail.wording.subject == "Frage zu einer Vorlage: 2024/17 Integrationskonzept"
    assert QUESTION not in mail.wording.text


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("person", {"member", "service"}),
        ("committee", {"member", "opponent", "service"}),
        ("public", {"member", "opponent", "service", "outsider"}),
    ],
)
def test_the_administration_decides_who_reads_the_answer(
    council: Council, audience: str, expected: set[str]
) -> None:
    question = ask(council)
    assert reply(council, question, audience) == 302
    assert readers(council, ANSWER) == expected
    # Nobody but the house and the one who asked learns whose question it was.
    assert council.member.name not in text(page(council.opponent, f"{council.base}notizen/"))
    mail = OutgoingMail.objects.get(recipient=council.member.email)
    assert mail.wording.subject.startswith("Antwort auf Ihre Frage")
    assert ANSWER not in mail.wording.text


def test_an_answer_for_the_committees_is_not_for_one_whose_stage_is_left_out(council: Council) -> None:
    other = make_committee(council.town, "Hauptausschuss")
    member = seated(other, "Hans Haupt", None)
    stage = make_stage(council.paper, other, "advise", left_out=True, left_out_reason="Er tagt nicht mehr.")
    assert reply(council, ask(council), "committee") == 302
    assert ANSWER not in text(page(member, council.base))
    stage.left_out = False
    stage.save()
    assert ANSWER in text(page(member, council.base))


def test_who_merely_belongs_to_the_office_reads_no_questions(council: Council) -> None:
    """As an outside member of its working group does: no role in the town."""
    office = Institution.objects.create(municipality=council.town, name="Amt für Soziales", kind="department")
    reopen(council.paper)
    council.paper.department = office
    council.paper.save()
    release(council.paper)
    reply(council, ask(council), "person")
    open_one = "Und im vierten Jahr?"
    page(council.member, f"{council.base}fragen/", text=open_one, passage="")
    user = make_user(council.town, name="Gerd Gruppenmitglied")
    Person.objects.create(municipality=council.town, name=user.name, user=user, institution=office)
    shown = text(page(user, council.base))
    assert not [words for words in (QUESTION, ANSWER, open_one) if words in shown]
    Role.objects.create(municipality=council.town, user=user, kind=Role.Kind.DEPARTMENT)
    shown = text(page(User.objects.get(pk=user.pk), council.base))
    assert not [words for words in (QUESTION, ANSWER, open_one) if words not in shown]


def test_the_author_of_the_paper_is_asked_first(council: Council) -> None:
    paper = reopen(council.paper)
    paper.author = council.administrator.persons.get()
    paper.save()
    release(paper)
    ask(council)
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [council.administrator.email]


def test_two_who_answer_at_once_see_each_other(council: Council) -> None:
    question = ask(council)
    assert reply(council, question, "person") == 302
    address = f"{council.base}fragen/{question.pk}/"
    data = {"text": "Das ist noch offen.", "audience": "person", "seen": ""}
    second = page(council.administrator, address, **data)
    assert second.status_code == 422
    assert "Petra Sitzungsdienst hat die Frage inzwischen beantwortet" in text(second)
    assert "Das ist noch offen." in text(second)
    seen = second.context["form"]["seen"].value()
    assert page(council.administrator, address, **data | {"seen": seen}).status_code == 302
    question.refresh_from_db()
    assert question.answer == "Das ist noch offen."
    assert OutgoingMail.objects.filter(recipient=council.member.email).count() == 1
    assert [row.answer for row in question.history.all()] == ["Das ist noch offen.", ANSWER, ""]


def test_what_is_missing_is_said_and_kept(council: Council) -> None:
    answer = page(council.member, f"{council.base}fragen/", text="", passage="")
    assert answer.status_code == 422
    assert "Bitte schreiben Sie Ihre Frage." in text(answer)
    question = ask(council)
    again = page(council.member, f"{council.base}fragen/", text=QUESTION, passage="")
    assert again.status_code == 422
    assert "haben Sie schon gestellt" in text(again)
    assert reply(council, question, "person", text="") == 422
    assert reply(council, question, "alle") == 422


def test_who_asked_withdraws_the_question_until_there_is_an_answer(council: Council) -> None:
    question = ask(council)
    address = f"{council.base}fragen/{question.pk}/"
    assert "Frage zurückziehen" in text(page(council.member, council.base))
    assert "Frage zurückziehen" not in text(page(council.service, council.base))
    assert page(council.opponent, f"{address}zurueckziehen/", x="").status_code == 404
    assert page(council.member, f"{address}zurueckziehen/", seite="lesen").status_code == 302
    assert readers(council, QUESTION) == set()
    # The link in the mail says what became of it, and an answer that was being written is not lost.
    shown = page(council.service, address, text=ANSWER, audience="person", seen="")
    assert shown.status_code == 410
    assert "hat die Frage zurückgezogen" in text(shown)
    assert ANSWER in text(shown)
    assert page(council.opponent, address).status_code == 404
    last = PaperQuestion.history.first()
    assert (last.history_type, last.history_user, last.history_change_reason) == (
        "-",
        council.member,
        "zurückgezogen",
    )

    question = ask(council)
    assert reply(council, question, "person") == 302
    assert "Frage zurückziehen" not in text(page(council.member, council.base))
    page(council.member, f"{council.base}fragen/{question.pk}/zurueckziehen/", x="")
    assert ANSWER in text(page(council.member, council.base))


def test_only_members_ask_and_only_the_administration_answers(council: Council) -> None:
    assert page(council.service, f"{council.base}fragen/", text=QUESTION).status_code == 403
    question = ask(council)
    address = f"{council.base}fragen/{question.pk}/"
    assert page(council.member, address).status_code == 403
    assert page(council.opponent, address).status_code == 404
    assert page(council.member, f"/{council.town.slug}/rat/fragen/").status_code == 403


def test_a_non_public_passage_is_not_answered_to_everybody(council: Council) -> None:
    council.paper.resolution_points.filter(position=2).update(public=False)
    question = ask(council, "punkt-2")
    outsider = make_user(council.town, "moderation", name="Mona Moderation")
    assert "Beschlusspunkt 2" not in text(page(outsider, f"{council.base}notizen/"))
    assert reply(council, question, "public") == 422
    assert reply(council, question, "committee") == 302
    # Made non-public afterwards, the answer goes with its passage.
    PaperQuestion.objects.filter(pk=question.pk).update(audience="public")
    assert ANSWER not in text(page(outsider, f"{council.base}notizen/"))


def test_a_mail_about_a_non_public_paper_names_nothing() -> None:
    council = make_council(
        public=False, non_public_reason="Vertrag", subject="Kauf Grundstück", number="N 2024/3"
    )
    reply(council, ask(council), "committee")
    mails = OutgoingMail.objects.all()
    assert {mail.recipient for mail in mails} == {council.service.email, council.member.email}
    for mail in mails:
        for hidden in ("Grundstück", "2024/3", "Vertrag", QUESTION, ANSWER):
            assert hidden not in mail.wording.subject + mail.wording.text
