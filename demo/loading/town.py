"""town.yaml: the municipality, its institutions, people, logins, committees and meetings."""

from __future__ import annotations

from pathlib import Path

from allauth.account.models import EmailAddress
from django.core.files import File

from committees.models import Committee, CommitteeSeat, CouncilTerm, Faction, Meeting
from demo.loading.base import Loader
from demo.reading import Row
from municipalities.models import Institution, Municipality, Person, Role, User


def load_town_file(loader: Loader, file: Row) -> None:
    loader.municipality = load_municipality(loader, file.take_row("municipality"))
    load_people(loader, file)
    load_committees(loader, file)
    loader.load_rows(file, "council_terms", CouncilTerm, municipality=loader.municipality)
    file.done()


def load_municipality(loader: Loader, row: Row) -> Municipality:
    logo = row.take("logo", "")
    municipality: Municipality = loader.save(row, loader.build(Municipality, row))
    if logo:
        with (loader.folder / logo).open("rb") as file:
            municipality.logo.save(f"{municipality.slug}{Path(logo).suffix}", File(file))
    return municipality


def load_people(loader: Loader, town: Row) -> None:
    for row in town.take_rows("institutions"):
        key = row.take("key")
        parent = loader.find(Institution, row.take("parent", None), row.place)
        loader.save(row, loader.build(Institution, row, municipality=loader.municipality, parent=parent), key)
    for row in town.take_rows("persons"):
        key = row.take("key")
        institution = loader.find(Institution, row.take("institution", None), row.place)
        loader.save(
            row, loader.build(Person, row, municipality=loader.municipality, institution=institution), key
        )
    for office, head in town.take("heads", {}).items():
        institution = loader.find(Institution, office, "heads")
        institution.head = loader.find(Person, head, f"heads.{office}")
        institution.save()
    for row in town.take_rows("logins"):
        load_login(loader, row)


def load_login(loader: Loader, row: Row) -> None:
    person = loader.find(Person, row.take("person"), row.place)
    email, kinds = row.take("email"), row.take("roles", [])
    row.done()
    user = User.objects.create_user(email, None, name=person.name, is_demo=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    person.user = user
    person.save()
    for kind in kinds:
        loader.save(Row({}, row.place), Role(municipality=loader.municipality, user=user, kind=kind))


def load_committees(loader: Loader, town: Row) -> None:
    loader.load_rows(town, "factions", Faction, municipality=loader.municipality)
    for row in town.take_rows("committees"):
        key, seats = row.take("key"), row.take_row_list("seats")
        committee = loader.save(row, loader.build(Committee, row, municipality=loader.municipality), key)
        for seat in seats:
            person = loader.find(Person, seat.take("person"), seat.place)
            faction = loader.find(Faction, seat.take("faction", None), seat.place)
            loader.save(
                seat, loader.build(CommitteeSeat, seat, committee=committee, person=person, faction=faction)
            )
    for row in town.take_rows("meetings"):
        key, committees = row.take("key"), loader.find_all(Committee, row, "committees")
        start = row.take("start", None)
        meeting = loader.build(Meeting, row, municipality=loader.municipality, start=start)
        loader.save(row, meeting, key).committees.set(committees)
