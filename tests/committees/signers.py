"""A house that countersigns: its offices and their heads, a chain, and a paper on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from committees.actions.signing import Planned, countersign, start_signing
from committees.models import (
    CouncilTerm,
    Deputyship,
    NumberSeries,
    Paper,
    Section,
    SigningChain,
    SigningRequest,
    SigningRound,
    SigningStep,
)
from committees.signatures import current_round, proposed
from committees.signed_content import content_of, fingerprint
from municipalities.models import Institution, Municipality, Person, Role, User
from tests.committees.factories import make_paper, make_town, make_user

Who = SigningStep.Who


def make_person(town: Municipality, name: str, function: str = "", **values: Any) -> Person:
    """With an account, and no role: signing needs none."""
    user = User.objects.create_user(f"{name.rsplit(maxsplit=1)[-1].lower()}@{town.slug}.example", name=name)
    return Person.objects.create(municipality=town, name=name, function=function, user=user, **values)


def make_office(town: Municipality, name: str, sign: str = "", **values: Any) -> Institution:
    return Institution.objects.create(municipality=town, name=name, kind="department", sign=sign, **values)


@dataclass
class House:
    """Eva Amt writes, Horst Leitner leads her office, Kira Kasse keeps the money, Dora Dezernat is above."""

    town: Municipality
    office: Institution
    author: Person
    head: Person
    treasurer: Person
    above: Person
    clerk: User
    chain: SigningChain

    def paper(self, *points: str, **values: Any) -> Paper:
        facts = {"number": "", "department": self.office, "author": self.author, **values}
        paper = make_paper(self.town, *(points or ("Das Konzept wird beschlossen.",)), **facts)
        Section.objects.create(paper=paper, key="begruendung", body="<p>Es ist nötig.</p>")
        return paper

    def start(self, paper: Paper, by: User | None = None) -> SigningRound:
        """As the form proposes it; by the one who writes the paper."""
        steps = proposed(paper, self.chain)
        planned = [
            Planned(
                step.step.position,
                step.step.title,
                step.person,
                by_author=step.step.who == Who.AUTHOR,
                concerns=step.step.concerns,
                days=step.step.days,
                reason=str(step.not_needed),
                for_free=bool(step.not_needed) and step.step.only_if_costs,
            )
            for step in steps
        ]
        return start_signing(paper=paper, planned=planned, by=by or user_of(self.author))

    def sign_all(self, paper: Paper) -> None:
        while rows := asked(paper):
            for row in rows:
                assert row.person
                sign(row, user_of(row.person))


def make_house(name: str = "Neustadt", *, pattern: str = "{jahr}/{laufend}") -> House:
    town = make_town(name)
    town.number_pattern = pattern
    town.save()
    above = make_person(town, "Dora Dezernat", "Dezernentin")
    department = make_office(town, "Dezernat III", "III", head=above)
    head = make_person(town, "Horst Leitner", "Amtsleiter")
    office = make_office(town, "Amt für Soziales", "50", head=head, parent=department)
    author = make_person(town, "Eva Amt", "Sachbearbeiterin", institution=office)
    assert author.user
    Role.objects.create(municipality=town, user=author.user, kind=Role.Kind.DEPARTMENT)
    treasurer = make_person(town, "Kira Kasse", "Kämmerin")
    clerk = make_user(town, Role.Kind.COUNCIL_SERVICE)
    chain = SigningChain.objects.create(municipality=town, name="Vorlagen", default=True)
    money = {"only_if_costs": True, "concerns": "costs"}
    for position, title, who, person, more in (
        (1, "Sachbearbeitung", Who.AUTHOR, None, {}),
        (2, "Amtsleitung", Who.HEAD, None, {}),
        (3, "Kämmerei", Who.PERSON, treasurer, money),
        (3, "Dezernat", Who.HEAD_ABOVE, None, {}),
    ):
        SigningStep.objects.create(
            chain=chain, position=position, title=title, who=who, person=person, **more
        )
    return House(town, office, author, head, treasurer, above, clerk, chain)


def user_of(person: Person) -> User:
    """Fresh: roles and towns are read once per user."""
    assert person.user_id
    return User.objects.get(pk=person.user_id)


def seen(paper: Paper) -> str:
    return fingerprint(content_of(paper))


def sign(row: SigningRequest, by: User, remark: str = "") -> SigningRequest:
    return countersign(request=row, by=by, seen=seen(row.round.paper), remark=remark)


def asked(paper: Paper) -> list[SigningRequest]:
    return list(
        SigningRequest.objects.asked()
        .filter(round__paper=paper)
        .select_related("person", "round__paper")
        .order_by("position", "pk")
    )


def request_of(paper: Paper, person: Person) -> SigningRequest:
    """The newest of the current round."""
    running = current_round(paper)
    assert running
    found = running.requests.filter(person=person).select_related("round__paper").order_by("-pk").first()
    assert found
    return found


def states(paper: Paper) -> list[tuple[str, str]]:
    """Title and state of the newest round, in order."""
    newest = paper.signing_rounds.order_by("-number")[0]
    return [(row.title, row.state) for row in newest.requests.order_by("position", "pk")]


def on_its_way(town: Municipality, *, asked: str = "Jemand Anderes") -> SigningRequest:
    """A further paper of one of the five towns, that waits for somebody's signature."""
    known = SigningRequest.objects.asked().filter(round__paper__municipality=town)
    if found := known.filter(person__name=asked).first():
        return found
    like = Paper.objects.filter(municipality=town).order_by("pk")[0]
    paper = Paper.objects.create(
        municipality=town,
        paper_type=like.paper_type,
        layout=like.layout,
        subject="Bericht über die Umsetzung des Integrationskonzeptes",
        department=like.department,
        author=like.author,
        costs=Paper.Costs.SOME,
        cost_amount=12_500,
        cost_coverage="Produkt 0507 Integration",
        concept=like.concept,
    )
    Section.objects.create(paper=paper, key="begruendung", body="<p>Der Bericht liegt vor.</p>")
    person = Person.objects.filter(municipality=town, name=asked).first() or make_person(town, asked)
    editor = User.objects.get(email=f"redaktion@{town.slug}.example")
    start_signing(paper=paper, planned=[Planned(1, "Amtsleitung", person)], by=editor)
    return SigningRequest.objects.get(round__paper=paper)


def countersigning_rows(town: Municipality) -> None:
    """A row of each model about numbers and countersigning that the five towns' files do not hold."""
    on_its_way(town)
    CouncilTerm.objects.create(municipality=town, number=99, first_day="1990-01-01", last_day="1990-12-31")
    NumberSeries.objects.create(municipality=town, key="1990/{laufend}")
    person, deputy = Person.objects.filter(municipality=town, user=None)[:2]
    Deputyship.objects.create(person=person, deputy=deputy)
