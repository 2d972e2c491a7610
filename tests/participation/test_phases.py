"""What is open now: phases, and what the staff open or close out of turn."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from fuzzydates.value import FuzzyDate, Precision, day, parse
from participation.models import Phase, PhaseOverride, Right
from participation.phases import is_open, openings
from tests.participation.conftest import House

pytestmark = pytest.mark.django_db

Login = Callable[..., Client]
TODAY = timezone.localdate()


def phase(house: House, number: int = 1, **more: Any) -> Phase:
    span = FuzzyDate(TODAY - timedelta(5), TODAY + timedelta(5), Precision.DAYS)
    return Phase.objects.create(
        **{"process": house.process, "position": number, "title": f"Phase {number}", "span": span} | more
    )


def override(house: House, *, opens: bool, right: str = "propose", **more: Any) -> PhaseOverride:
    made: PhaseOverride = PhaseOverride.objects.create(
        **{
            "process": house.process,
            "right": right,
            "opens": opens,
            "first_day": TODAY,
            "reason": "Wunsch der Gruppe",
            "decided_by": house.editor,
        }
        | more
    )
    return made


def opening(house: House, right: Right = Right.PROPOSE) -> Any:
    return next(one for one in openings(house.process) if one.right == right)


def test_a_phase_opens_and_closes_what_it_says(house: House) -> None:
    assert not is_open(house.process, Right.PROPOSE)
    phase(house, may_propose=True)
    assert is_open(house.process, Right.PROPOSE)
    assert not is_open(house.process, Right.COMMENT)
    assert opening(house).until == TODAY + timedelta(5)
    assert opening(house).sentence == f"Vorschläge einbringen, bis {TODAY + timedelta(5):%d.%m.%Y}"


def test_a_planned_phase_opens_on_its_day_and_one_without_end_says_so(house: House) -> None:
    phase(house, may_propose=True, span=day(TODAY).as_planned())
    assert is_open(house.process, Right.PROPOSE)
    phase(house, 2, may_propose=True, span=parse("ab 01.01.2020"))
    assert opening(house).until is None
    assert "ein Ende steht noch nicht fest" in opening(house).sentence


def test_an_override_opens_what_is_closed_and_closes_what_is_open(house: House) -> None:
    first = phase(house, may_propose=True)
    override(house, opens=True, right="rank", last_day=TODAY + timedelta(2))
    assert is_open(house.process, Right.RANK)
    assert opening(house, Right.RANK).until == TODAY + timedelta(2)
    override(house, opens=False)
    assert not is_open(house.process, Right.PROPOSE)
    assert opening(house).override is not None
    override(house, opens=True, phase=first)
    assert not is_open(house.process, Right.PROPOSE), "what holds for the whole process outweighs a phase's"


def test_an_override_of_a_phase_leaves_the_others(house: House) -> None:
    first = phase(house, may_propose=True)
    override(house, opens=False, phase=first)
    assert not is_open(house.process, Right.PROPOSE)
    phase(house, 2, may_propose=True)
    assert is_open(house.process, Right.PROPOSE)


def test_the_newest_counts_and_what_is_withdrawn_or_over_does_not(house: House) -> None:
    override(house, opens=True)
    newest = override(house, opens=False)
    assert not is_open(house.process, Right.PROPOSE)
    newest.withdrawn_at = timezone.now()
    newest.save()
    assert is_open(house.process, Right.PROPOSE)
    PhaseOverride.objects.all().delete()
    override(house, opens=True, first_day=TODAY - timedelta(9), last_day=TODAY - timedelta(1))
    override(house, opens=True, first_day=TODAY + timedelta(1))
    assert not is_open(house.process, Right.PROPOSE)


@pytest.mark.parametrize("wrong", [{"last_day": date(2000, 1, 1)}, {"reason": ""}, {"right": "paint"}])
def test_the_database_refuses_it_too(house: House, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        override(house, opens=True, **wrong)


def test_staff_open_out_of_turn_and_members_read_why(house: House, as_user: Login) -> None:
    client, url = as_user(house.editor), house.process_url
    sent = {"right": "propose", "opens": "True", "first_day": str(TODAY), "reason": "Später Wunsch"}
    assert client.post(f"{url}freigaben/", sent).status_code == 302
    made = PhaseOverride.objects.get()
    assert (made.decided_by, made.opens) == (house.editor, True)
    page = as_user(house.member).get(url).content.decode()
    assert "Später Wunsch" in page
    box = page[page.index('id="jetzt"') :]
    words = " ".join(re.sub("<[^>]*>", " ", box[: box.index("</section>")]).split())
    assert "offen Vorschläge einbringen; ein Ende steht noch nicht fest Außer der Reihe: Später" in words
    assert "geschlossen Vorschläge kommentieren geschlossen Vorschläge unterstützen" in words
    end = f"/dort/beteiligung/freigaben/{made.pk}/beenden/"
    assert as_user(house.member).post(end).status_code == 403
    client.post(end)
    made.refresh_from_db()
    assert made.withdrawn_by == house.editor
    assert "schon beendet" in client.post(end, follow=True).content.decode()
    record = client.get(f"{url}freigaben/").content.decode()
    assert "Beendet am" in record
    assert "Später Wunsch" in record


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": ""}, "Bitte nennen Sie den Grund."),
        ({"last_day": "2000-01-01"}, "Das Ende liegt vor dem Anfang."),
        ({"phase": "99999999999999999999"}, "Bitte wählen Sie aus der Liste."),
        ({"right": "paint\x00"}, "p-errors"),
        ({"opens": "vielleicht"}, "p-errors"),
        ({"opens": ""}, "Bitte wählen Sie, ob Sie öffnen oder schließen."),
        ({"right": ""}, "Bitte wählen Sie, was Sie öffnen oder schließen."),
        ({"first_day": ""}, "Bitte geben Sie den ersten Tag an."),
        ({"first_day": "irgendwann"}, "p-errors"),
    ],
)
def test_bad_input_gets_a_sentence(
    house: House, as_user: Login, wrong: dict[str, str], sentence: str
) -> None:
    sent = {"right": "propose", "opens": "True", "first_day": str(TODAY), "reason": "Grund"} | wrong
    response = as_user(house.editor).post(f"{house.process_url}freigaben/", sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not PhaseOverride.objects.exists()
