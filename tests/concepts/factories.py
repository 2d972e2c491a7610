"""A complete concept of any size, always the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from concepts.models import (
    ActionField,
    AdditionalField,
    Chapter,
    Concept,
    Funding,
    FundingCondition,
    Goal,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from municipalities.models import Institution, Municipality, Person, Role, User

TEXT = (
    "<p>Die Stadt stimmt ihre Angebote mit den Trägern ab. Wer neu zugezogen ist, findet in einer "
    "Anlaufstelle Auskunft über Sprachkurse, Betreuungsplätze und Beratung.</p>"
    "<ul><li>feste Sprechzeiten</li>"
    "<li>Beratung in mehreren Sprachen</li></ul>"
)


def make_town(name: str = "Neustadt") -> Municipality:
    return Municipality.objects.create(
        name=f"Stadt {name}",
        short_name=name,
        slug=name.lower(),
        kind=Municipality.Kind.CITY,
        head_title="Die Oberbürgermeisterin",
        state_law=Municipality.StateLaw.GO_NRW,
        colour="#7a1f3d",
    )


def make_member(
    town: Municipality, email: str = "redaktion@example.org", role: str = Role.Kind.EDITING
) -> User:
    user = User.objects.create_user(email, "ein langes Passwort", name="Ayşe Yıldız")
    Role.objects.create(municipality=town, user=user, kind=role)
    return user


def make_concept(town: Municipality, *, fields: int = 2, measures: int = 3, **values: Any) -> Concept:
    """A concept with `fields` fields and `measures` measures in each; every kind of part occurs."""
    concept = Concept.objects.create(
        municipality=town,
        **{
            "title": "Gemeinsam in Vielfalt",
            "subtitle": "Integrationskonzept",
            "slug": "integrationskonzept",
            "period": "2017–2020",
            "goal_level_names": ["Leitziel", "Handlungsziel"],
            "note": "Zahlen und Maßnahmen sind erfunden.",
            **values,
        },
    )
    department, association = make_institutions(town)
    contact = Person.objects.get_or_create(
        municipality=town, name="Jonas Brandt", function="Sachbearbeitung", institution=department
    )[0]
    Chapter.objects.create(concept=concept, position=1, title="Vorwort", body=TEXT)
    Chapter.objects.create(
        concept=concept, position=1, title="Umsetzung", body=TEXT, place=Chapter.Place.AFTER
    )
    funding = Funding.objects.create(
        concept=concept, programme="KOMM-IN", grantor="Land", amount=Decimal(12500), granted_on="04.12.2007"
    )
    FundingCondition.objects.create(
        funding=funding, position=1, text="Bericht vorlegen", deadline="31.12.2009"
    )
    theme = ActionField.objects.create(
        concept=concept,
        position=fields + 1,
        kind=ActionField.Kind.CROSS_CUTTING,
        title="Interkulturelle Öffnung",
    )
    question = AdditionalField.objects.get_or_create(municipality=town, position=1, label="Sozialraum")[0]
    for number in range(1, fields + 1):
        add_field(concept, number, measures, department, association, contact, funding)
    rows = list(concept.measures.all())
    Measure.contacts.through.objects.bulk_create(
        [Measure.contacts.through(measure=row, person=contact) for row in rows]
    )
    Measure.themes.through.objects.bulk_create(
        [Measure.themes.through(measure=row, actionfield=theme) for row in rows if row.position == 1]
    )
    concept.measures.update(additional={str(question.pk): "Innenstadt"})
    overall = Indicator.objects.create(
        concept=concept, position=fields + 1, title="Zusammenhalt im Stadtteil", quantitative=False
    )
    IndicatorValue.objects.create(indicator=overall, period="2018", text="Die Befragten fühlen sich wohl.")
    return concept


def make_institutions(town: Municipality) -> tuple[Institution, Institution]:
    department = Institution.objects.get_or_create(
        municipality=town, name="Fachbereich Soziales", kind=Institution.Kind.DEPARTMENT, sign="50"
    )[0]
    association = Institution.objects.get_or_create(
        municipality=town, name="Verein der Nachbarn", kind=Institution.Kind.MIGRANT_ORGANISATION
    )[0]
    return department, association


def add_field(
    concept: Concept,
    number: int,
    measures: int,
    department: Institution,
    association: Institution,
    contact: Person,
    funding: Funding,
) -> ActionField:
    letter = chr(64 + number) if number <= 26 else f"Z{number}"
    field = ActionField.objects.create(
        concept=concept,
        position=number,
        code=letter,
        title=f"Sprache und Bildung {number}",
        situation=TEXT,
        deficits="<p>Es fehlen Plätze.</p>",
        potentials="<p>Viele Ehrenamtliche helfen.</p>",
    )
    top = Goal.objects.create(
        field=field,
        position=1,
        code=f"{letter}.1",
        text=f"Alle lernen Deutsch {number}.",
        rank=1,
        description=TEXT,
    )
    sub = Goal.objects.create(
        field=field, parent=top, position=1, code=f"{letter}.1.1", text="Kurse sind erreichbar."
    )
    rows = [
        Measure(
            concept=concept,
            field=field,
            position=place,
            code=f"{letter}.1.1.{place}",
            title=f"Sprachkurs {number}-{place}",
            text=TEXT,
            target_groups="Neuzugewanderte",
            responsible=department,
            responsible_person=contact,
            span="2017–2020",
            funding_note="Eigenmittel",
            budget_reservation="vorbehaltlich der Haushaltslage",
            reason="<p>Ohne Deutsch keine Ausbildung.</p>",
            permanent=place % 2 == 0,
            origin="Workshop am 08.05.2017",
            legal_basis="§ 43 AufenthG",
            priority=Measure.Priority.HIGH,
            phase=list(Measure.Phase)[place % 5],
            track=Measure.Track.DELAYED if place % 3 == 1 else Measure.Track.ON_TRACK,
            track_reason="Die Räume fehlen noch." if place % 3 == 1 else "",
            as_of="Juni 2018",
        )
        for place in range(1, measures + 1)
    ]
    Measure.objects.bulk_create(rows)
    Measure.goals.through.objects.bulk_create(
        [Measure.goals.through(measure=row, goal=sub) for row in rows if row.position % 4]
        + [Measure.goals.through(measure=row, goal=top) for row in rows if row.position % 2]
    )
    Measure.partners.through.objects.bulk_create(
        [Measure.partners.through(measure=row, institution=association) for row in rows]
    )
    MeasureCost.objects.bulk_create(
        [
            MeasureCost(measure=row, year=2018, amount=Decimal("2500.50"), funding=funding, reserved=True)
            for row in rows
        ]
    )
    indicator = Indicator.objects.create(
        concept=concept, field=field, goal=sub, position=number, title="Bestandene Prüfungen", unit="%",
        source="Volkshochschule", interval="jährlich", trend=Indicator.Trend.UP,
        measure=rows[0] if rows else None,
    )  # fmt: skip
    for year, value in ((2014, "48.2"), (2015, "50"), (2016, "54.1"), (2017, "57.5")):
        IndicatorValue.objects.create(indicator=indicator, period=str(year), value=Decimal(value))
        IndicatorValue.objects.create(
            indicator=indicator, period=str(year), value=Decimal(value) - 6, group="Frauen"
        )
    IndicatorTarget.objects.create(indicator=indicator, period="2020", value=Decimal(65))
    return field
