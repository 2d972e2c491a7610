"""A town that plans a route: committees, their coming meetings, a paper and who writes it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from committees.models import Committee, Consultation, Meeting, Paper
from municipalities.models import Municipality, Role, User
from tests.committees.factories import make_committee, make_paper, make_town, make_user


@dataclass
class Planning:
    town: Municipality
    paper: Paper
    clerk: User
    committees: dict[str, Committee] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"{self.paper.get_absolute_url()}beratungsfolge/"

    @property
    def checks(self) -> str:
        return f"{self.paper.get_absolute_url()}pruefung/"

    def committee(self, name: str, article: str = "der", **values: Any) -> Committee:
        if name not in self.committees:
            self.committees[name] = make_committee(self.town, name, article)
        committee = self.committees[name]
        for attribute, value in values.items():
            setattr(committee, attribute, value)
        committee.save()
        return committee

    def meeting(self, *names: str, days: int = 30, **values: Any) -> Meeting:
        """So many days from today."""
        date = timezone.localdate() + datetime.timedelta(days=days)
        title = f"Sitzung {Meeting.objects.count() + 1} ({' und '.join(names)})"
        meeting = Meeting.objects.create(municipality=self.town, title=title, date=date, **values)
        meeting.committees.set([self.committee(name) for name in names])
        return meeting

    def stage(
        self, name: str, meaning: str = "advise", *, days: int | None = None, joint: Any = (), **values: Any
    ) -> Consultation:
        meeting = self.meeting(name, *joint, days=days) if days is not None else None
        stage = Consultation.objects.create(
            paper=self.paper,
            position=self.paper.consultations.count() + 1,
            committee=self.committee(name) if name else None,
            meaning=meaning,
            **{"meeting": meeting, **values},
        )
        stage.joint_committees.set([self.committee(one) for one in joint])
        return stage

    def order(self) -> list[str]:
        return [stage.committee_names() for stage in self.stages()]

    def stages(self) -> list[Consultation]:
        return list(self.paper.consultations.select_related("committee", "paper__municipality"))


def make_planning(*points: str, **values: Any) -> Planning:
    town = make_town()
    paper = make_paper(town, *points, **{"number": "", **values})
    planning = Planning(town, paper, make_user(town, Role.Kind.COUNCIL_SERVICE))
    planning.committee("Rat", kind=Committee.Kind.COUNCIL, decides=True)
    return planning
