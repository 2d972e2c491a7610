"""A small town with a paper, for what the five towns do not show."""

from __future__ import annotations

import datetime
from typing import Any

from committees.layout_files import import_layout, preset
from committees.models import Committee, Consultation, Meeting, Paper, PaperType, ResolutionPoint
from municipalities.models import Municipality, Role, User


def make_town(name: str = "Neustadt") -> Municipality:
    return Municipality.objects.create(
        name=f"Stadt {name}",
        short_name=name,
        slug=name.lower(),
        kind=Municipality.Kind.CITY,
        head_title="Die Bürgermeisterin",
        state_law=Municipality.StateLaw.GO_NRW,
        colour="#1f4e79",
    )


def make_user(town: Municipality, *roles: str, name: str = "Petra Sitzungsdienst") -> User:
    user = User.objects.create_user(f"{name.rsplit(maxsplit=1)[-1].lower()}@{town.slug}.example", name=name)
    for role in roles:
        Role.objects.create(municipality=town, user=user, kind=role)
    return user


def make_committee(town: Municipality, name: str, article: str = "der", genitive: str = "") -> Committee:
    return Committee.objects.create(
        municipality=town,
        name=name,
        article=article,
        genitive_name=genitive or f"{name}s",
        kind=Committee.Kind.COMMITTEE,
    )


def make_paper(town: Municipality, *points: str, layout: str = "leverkusen", **values: Any) -> Paper:
    form = import_layout(town, preset(layout), None)
    paper_type, _created = PaperType.objects.get_or_create(
        municipality=town, name="Vorlage", defaults={"layout": form}
    )
    facts = {"number": "2024/17", "subject": "Integrationskonzept", **values}
    paper = Paper.objects.create(municipality=town, paper_type=paper_type, layout=form, **facts)
    for position, text in enumerate(points, start=1):
        ResolutionPoint.objects.create(paper=paper, position=position, text=text)
    return paper


def release(paper: Paper) -> Paper:
    """Without number and signatures: for tests of what comes after."""
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    paper.refresh_from_db()
    return paper


def reopen(paper: Paper) -> Paper:
    """A paper of the five towns, to be written in again."""
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.DRAFT)
    paper.refresh_from_db()
    return paper


def make_stage(
    paper: Paper,
    committee: Committee | None,
    meaning: str = "",
    *joint: Committee,
    day: int = 0,
    **values: Any,
) -> Consultation:
    """A further stage; with `day` it has a meeting in March 2024."""
    meeting = None
    if day:
        meeting = Meeting.objects.create(
            municipality=paper.municipality,
            title=f"Sitzung am {day}. März",
            date=datetime.date(2024, 3, day),
        )
    stage = Consultation.objects.create(
        paper=paper,
        position=paper.consultations.count() + 1,
        committee=committee,
        meaning=meaning,
        meeting=meeting,
        **values,
    )
    stage.joint_committees.set(joint)
    return stage
