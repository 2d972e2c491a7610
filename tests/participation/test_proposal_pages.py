"""The pages of proposals, as members and staff use them."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from concepts.models import Measure
from municipalities.models import User
from outbox.models import OutgoingMail
from participation.actions import deciding
from participation.models import Decision, MeasureProposal, Phase, Process
from tests.participation.proposing import (
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
def as_member(client: Client, member: User) -> Client:
    client.force_login(member)
    return client


@pytest.fixture
def as_staff(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def of_process(process: Process, page: str = "vorschlaege/") -> str:
    return f"{process.get_absolute_url()}{page}"


def words_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return " ".join(response.content.decode().split())


def typed(process: Process, **more: Any) -> dict[str, Any]:
    return {
        "title": "Ein Sprachcafé",
        "text": "Jede Woche.",
        "field": field_of(process).pk,
        "language": "de",
        "tun": "einreichen",
        "form_key": uuid.uuid4(),
        **more,
    }


def only(process: Process) -> MeasureProposal:
    found: MeasureProposal = MeasureProposal.objects.get(process=process)
    return found


# ---- Writing ---------------------------------------------------------------------------------------------


def test_a_proposal_is_written_and_a_double_click_makes_one(
    as_member: Client, process: Process, member: User
) -> None:
    data = typed(process, carry_out="yes", group=process.groups.get().pk)
    for _number in range(2):
        answer = as_member.post(of_process(process, "vorschlaege/neu/"), data)
        assert answer["Location"] == only(process).get_absolute_url()
    proposal = only(process)
    assert (proposal.state, proposal.submitter, proposal.submitter_name) == ("submitted", member, "Mira")
    assert proposal.person is not None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "in einem Satz"),
        ({"text": " "}, "beschreiben Sie"),
        ({"field": ""}, "am besten passt"),
        ({"field": "999999"}, "gibt es nicht mehr"),
        ({"field": "eins"}, "gibt es nicht mehr"),
        ({"group": "999999"}, "gibt es nicht mehr"),
        ({"title": "x" * 201}, "Bitte sagen Sie es kürzer"),
        ({"text": "x" * 5001}, "Bitte kürzen Sie"),
        ({"text": "a\0b"}, "Nullzeichen"),
        ({"language": "klingonisch"}, "language"),
        ({"carry_out": "vielleicht"}, "carry_out"),
        ({"form_key": "nichts"}, "UUID"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    as_member: Client, process: Process, wrong: dict[str, Any], sentence: str
) -> None:
    answer = as_member.post(
        of_process(process, "vorschlaege/neu/"), typed(process, german_title="Bleibt", **wrong)
    )
    page = words_of(answer, 422)
    assert sentence in page
    assert "Bleibt" in page
    assert not MeasureProposal.objects.filter(process=process).exists()


def test_after_the_phase_a_proposal_is_kept_as_a_draft(as_member: Client, process: Process) -> None:
    Phase.objects.filter(process=process).update(span="2001–2002")
    assert "Zurzeit werden keine Vorschläge angenommen" in words_of(
        as_member.get(of_process(process, "vorschlaege/neu/"))
    )
    answer = as_member.post(of_process(process, "vorschlaege/neu/"), typed(process), follow=True)
    page = words_of(answer)
    assert "als Entwurf gespeichert" in page
    assert "Ein Sprachcafé" in page
    assert only(process).is_draft


def test_a_draft_may_lack_everything_but_a_word(as_member: Client, process: Process, member: User) -> None:
    new = of_process(process, "vorschlaege/neu/")
    empty = as_member.post(new, typed(process, title="", text="", tun="entwurf"))
    assert "bevor Sie speichern" in words_of(empty, 422)
    answer = as_member.post(new, {"title": "Nur ein Titel", "tun": "entwurf", "language": "de"})
    assert answer["Location"].endswith(f"/{only(process).pk}/bearbeiten/")
    edit = answer["Location"]
    as_member.post(edit, typed(process, title="Mit mehr"))
    assert only(process).state == "submitted"
    assert as_member.get(edit)["Location"] == only(process).get_absolute_url()
    mine = draft(process, member, "Weg damit")
    as_member.post(f"{mine.get_absolute_url()}verwerfen/")
    assert not MeasureProposal.objects.filter(pk=mine.pk).exists()


def test_the_staff_type_a_slip_of_paper(as_staff: Client, process: Process, staff: User) -> None:
    new = of_process(process, "vorschlaege/neu/")
    as_staff.post(new, typed(process, from_paper="on", submitter_name="Eine Mutter"))
    proposal = only(process)
    assert (proposal.submitter, proposal.submitter_name, proposal.entered_by) == (None, "Eine Mutter", staff)


# ---- Reading and talking ---------------------------------------------------------------------------------


def test_the_list_shows_ones_own_first_and_filters(as_member: Client, process: Process, member: User) -> None:
    colleague = make_participant(process, "Jan")
    propose(process, colleague, "Öffnung der Turnhalle", field=field_of(process, 2))
    gone = propose(process, colleague, "Ein Garten")
    deciding.decide(proposal=gone, verdict=verdict(), by=make_staff(process))
    propose(process, member, "Mein Vorschlag")
    draft(process, colleague, "Fremder Entwurf")
    page = words_of(as_member.get(of_process(process)))
    order = ["Mein Vorschlag", "Ein Garten", "Öffnung der Turnhalle"]
    assert sorted(order, key=page.index) == order
    assert "Fremder Entwurf" not in page
    assert "nicht übernommen" not in page
    assert "Turnhalle" in words_of(as_member.get(of_process(process), {"suche": "öffnung"}))
    assert "Turnhalle" not in words_of(as_member.get(of_process(process), {"feld": field_of(process).pk}))
    assert "Ein Garten" not in words_of(as_member.get(of_process(process), {"stand": "entschieden"}))
    for odd in ({"suche": "a\0b"}, {"feld": "x"}, {"stand": "?"}, {"seite": "9999"}, {"suche": "gibtsnicht"}):
        assert as_member.get(of_process(process), odd).status_code == 200


def test_the_number_of_queries_does_not_grow(
    as_member: Client, as_staff: Client, process: Process, staff: User, django_assert_num_queries: Any
) -> None:
    colleague = make_participant(process, "Jan")

    def fill(number: int) -> None:
        one = propose(process, colleague, f"Vorschlag {number}")
        deciding.decide(proposal=one, verdict=verdict(), by=staff)
        taken_over(propose(process, colleague, f"Übernommen {number}"), staff)

    expected = {
        (as_member, of_process(process)): 15,
        (as_staff, of_process(process, "vorschlaege/bearbeitung/")): 6,
        (as_staff, of_process(process, "vorschlaege/veroeffentlichen/")): 9,
        (as_staff, of_process(process, "umgang-mit-vorschlaegen/?stand=intern")): 10,
    }
    fill(1)
    for client, address in expected:
        client.get(address)
    for number in range(2, 8):
        for (client, address), queries in expected.items():
            with django_assert_num_queries(queries):
                assert client.get(address).status_code == 200
        fill(number)


def test_the_words_stand_in_their_language_and_are_escaped(as_member: Client, process: Process) -> None:
    colleague = make_participant(process, "Jan")
    arabic = propose(process, colleague, "مقهى", text="<script>x</script>", language="ar")
    page = words_of(as_member.get(arabic.get_absolute_url()))
    assert 'lang="ar" dir="rtl"' in page
    assert "&lt;script&gt;" in page


def test_how_many_support_it_puts_the_proposals_in_an_order(
    as_member: Client, process: Process, member: User
) -> None:
    colleagues = [make_participant(process, name) for name in ("Eins", "Zwei")]
    popular, newer = (propose(process, colleagues[0], title) for title in ("Beliebt", "Jünger"))
    as_member.post(f"{popular.get_absolute_url()}unterstuetzen/", {"fuer": "ja"})
    address = f"{process.get_absolute_url()}vorschlaege/"
    plain = as_member.get(address).content.decode()
    ranked = as_member.get(f"{address}?reihe=unterstuetzung").content.decode()
    assert plain.index(newer.title) < plain.index(popular.title)
    assert ranked.index(popular.title) < ranked.index(newer.title)
    assert "1 Unterstützung" in ranked
    # Closed for supporting alone, it is still discussed.
    Phase.objects.filter(process=process).update(may_rank=False)
    page = as_member.get(popular.get_absolute_url()).content.decode()
    assert "Kommentar" in page
    assert "unterstuetzen/" not in page
    assert as_member.post(f"{popular.get_absolute_url()}unterstuetzen/", {"fuer": "ja"}).status_code == 403
    process_page = as_member.get(process.get_absolute_url()).content.decode()
    assert "Vorschläge unterstützen" in process_page


def test_commenting_supporting_and_taking_it_back(as_member: Client, process: Process, member: User) -> None:
    other = propose(process, make_participant(process, "Jan"), "Ein Garten")
    address = other.get_absolute_url()
    assert "Bitte schreiben Sie Ihren Kommentar" in words_of(as_member.post(address, {"text": ""}), 422)
    as_member.post(address, {"text": "Gute Idee"})
    as_member.post(f"{address}unterstuetzen/", {"fuer": "ja"})
    page = words_of(as_member.get(address))
    assert "Gute Idee" in page
    assert "1 Mitglied unterstützt" in page
    comment = other.proposalcomments.get()
    as_member.post(f"{address}kommentare/{comment.pk}/zurueckziehen/")
    assert as_member.post(f"{address}kommentare/{comment.pk}/zurueckziehen/").status_code == 302
    as_member.post(f"{address}unterstuetzen/", {"fuer": "nein"})
    assert not other.proposalsupports.exists()
    own = propose(process, member, "Mein eigener")
    assert as_member.post(f"{own.get_absolute_url()}unterstuetzen/", {"fuer": "ja"}).status_code == 403


def test_a_closed_phase_closes_the_discussion(as_member: Client, process: Process) -> None:
    other = propose(process, make_participant(process, "Jan"), "Ein Garten")
    Phase.objects.filter(process=process).update(span="2001–2002")
    address = other.get_absolute_url()
    assert "Zurzeit lässt sich hierzu nichts sagen" in words_of(as_member.get(address))
    assert as_member.post(address, {"text": "Doch"}).status_code == 403
    assert as_member.post(f"{address}unterstuetzen/", {"fuer": "ja"}).status_code == 403


def test_withdrawing_asks_first(as_member: Client, process: Process, member: User) -> None:
    own = propose(process, member)
    address = f"{own.get_absolute_url()}zurueckziehen/"
    assert "nicht rückgängig" in words_of(as_member.get(address))
    assert fresh(own).state == "submitted"
    as_member.post(address)
    assert fresh(own).state == "withdrawn"
    assert "schon zurückgezogen" in words_of(as_member.post(address, follow=True))


def test_two_write_the_german_wording(
    as_member: Client, as_staff: Client, process: Process, member: User
) -> None:
    own = propose(process, member, "Çay saati", language="tr")
    address = f"{own.get_absolute_url()}deutsch/"
    opened = own.history.first().pk
    as_staff.post(
        address, {"german_title": "Teestunde", "german_text": "Jede Woche", "opened_version": opened}
    )
    both = {"german_title": "Stunde mit Tee", "german_text": "Jede Woche", "opened_version": opened}
    assert "Beide Fassungen" in words_of(as_member.post(address, both), 422)
    half = {"german_title": "Teestunde", "german_text": "", "opened_version": own.history.first().pk}
    assert "beide Felder" in words_of(as_member.post(address, half), 422)
    assert fresh(own).german_title == "Teestunde"
    assert fresh(own).title == "Çay saati"


# ---- Handling --------------------------------------------------------------------------------------------


def test_question_and_answer_are_for_the_two_sides(
    as_member: Client, as_staff: Client, process: Process, member: User
) -> None:
    own = propose(process, member)
    as_staff.post(f"{own.get_absolute_url()}rueckfrage/", {"text": "In welcher Schule?"})
    assert "testserver" in OutgoingMail.objects.get(recipient=member.email).text
    colleague = Client()
    colleague.force_login(make_participant(process, "Jan"))
    assert "In welcher Schule?" not in words_of(colleague.get(own.get_absolute_url()))
    question = own.proposalquestions.get()
    address = f"{own.get_absolute_url()}rueckfragen/{question.pk}/"
    assert colleague.get(address).status_code == 403
    assert "schreiben Sie Ihre Antwort" in words_of(as_member.post(address, {"text": ""}), 422)
    as_member.post(address, {"text": "In der Nordschule."})
    assert "In der Nordschule." in words_of(as_staff.get(own.get_absolute_url()))
    assert "schon beantwortet" in words_of(as_member.post(address, {"text": "Doch nicht"}, follow=True))


def test_taking_over_is_filled_in_beforehand(as_staff: Client, process: Process, member: User) -> None:
    own = propose(
        process, member, "Çay saati", language="tr", german_title="Teestunde", german_text="Jede Woche"
    )
    address = f"{own.get_absolute_url()}uebernehmen/"
    page = words_of(as_staff.get(address))
    assert 'value="Teestunde"' in page
    data = {
        "kind": "partly",
        "into": "neu",
        "title": "Teestunde",
        "text": "Jede Woche",
        "decided_on": "2026-01-15",
    }
    assert "begründen Sie" in words_of(as_staff.post(address, data | {"field": field_of(process).pk}), 422)
    data["reason"] = "Ohne Fahrdienst."
    assert "Handlungsfeld der Maßnahme" in words_of(as_staff.post(address, data), 422)
    assert "in der Zukunft" in words_of(as_staff.post(address, data | {"decided_on": "2999-01-01"}), 422)
    assert "Bitte wählen Sie die Maßnahme" in words_of(
        as_staff.post(address, data | {"into": "vorhanden"}), 422
    )
    as_staff.post(address, data | {"field": field_of(process).pk, "outcome": "als Kurs"})
    measure = Measure.objects.get(concept=process.concept, title="Teestunde")
    page = words_of(as_staff.get(f"{process.concept.get_absolute_url()}massnahmen/{measure.pk}/"))  # type: ignore[union-attr]
    assert "Aus Vorschlägen der Beteiligung" in page
    assert "noch nicht veröffentlicht" in page


def test_the_origin_is_hidden_until_it_is_published(
    as_member: Client, process: Process, member: User, staff: User
) -> None:
    tie = taken_over(propose(process, member, "Ein Garten"), staff)
    assert process.concept is not None
    address = f"{process.concept.get_absolute_url()}massnahmen/{tie.measure_id}/"
    assert "Aus Vorschlägen" not in words_of(as_member.get(address))
    seen = deciding.stamps(deciding.waiting_decisions(process))
    deciding.publish(process=process, seen=seen, by=staff)
    assert "Aus Vorschlägen" in words_of(as_member.get(address))


def test_merging_and_splitting_by_the_forms(as_staff: Client, process: Process, member: User) -> None:
    lead, other = propose(process, member), propose(process, member, "Zwei")
    merge = f"{lead.get_absolute_url()}zusammenfuehren/"
    assert "mindestens einen" in words_of(as_staff.post(merge, {}), 422)
    data = {"others": [other.pk], "reason": "Dasselbe.", "decided_on": "2026-01-15"}
    as_staff.post(merge, data)
    assert fresh(other).decision.merged_into == lead
    assert as_staff.post(merge, data | {"others": ["x", "999999"]}).status_code == 422
    split = f"{lead.get_absolute_url()}aufteilen/"
    assert "beide Felder" in words_of(
        as_staff.post(split, {"title_1": "a", "text_1": "b", "title_2": "c", "text_2": "d", "title_3": "e"}),
        422,
    )
    parts = {"title_1": "a", "text_1": "b", "title_2": "c", "text_2": "d"}
    as_staff.post(split, parts)
    assert lead.parts.count() == 2
    assert "aufgeteilt" in words_of(as_staff.post(split, parts), 422)


def test_publishing_after_a_look(as_staff: Client, as_member: Client, process: Process, member: User) -> None:
    own = propose(process, member)
    decide = f"{own.get_absolute_url()}entscheiden/"
    data = {"kind": "not_taken_over", "reason": "Kein Geld.", "decided_on": "2026-01-15"}
    as_staff.post(decide, data)
    address = of_process(process, "vorschlaege/veroeffentlichen/")
    page = words_of(as_staff.get(address))
    assert "Kein Geld." in page
    stamp = page.split('name="gesehen" value="')[1].split('"')[0]
    as_staff.post(decide, data | {"reason": "Kein Raum."})
    assert "Inzwischen" in words_of(as_staff.post(address, {"gesehen": [stamp, "x", "1-²"]}), 422)
    stamp = words_of(as_staff.get(address)).split('name="gesehen" value="')[1].split('"')[0]
    as_staff.post(address, {"gesehen": stamp})
    assert Decision.objects.get(proposal=own).is_published
    assert OutgoingMail.objects.filter(recipient=member.email).count() == 1
    assert "Kein Raum." in words_of(as_member.get(own.get_absolute_url()))


# ---- The Anlage ------------------------------------------------------------------------------------------


@pytest.fixture
def decided(process: Process, member: User, staff: User) -> Process:
    """One published in Turkish, one only inside."""
    first = propose(process, member, "=SUMME(A1)", language="tr", text="Her hafta;\n„çay“")
    taken_over(first, staff)
    deciding.publish(process=process, seen=deciding.stamps(deciding.waiting_decisions(process)), by=staff)
    deciding.decide(
        proposal=propose(process, member, "Geheimer Garten"), verdict=verdict(reason="Noch geheim."), by=staff
    )
    return process


def test_the_anlage_tells_what_is_published_and_to_the_staff_the_rest(
    as_member: Client, as_staff: Client, decided: Process
) -> None:
    address = of_process(decided, "umgang-mit-vorschlaegen/")
    page = words_of(as_member.get(address))
    assert "=SUMME(A1)" in page
    assert "Geheimer Garten" not in page
    assert "Mira" not in page.split("<main")[1]
    for inside in ("?stand=intern", "pdf?stand=intern", "csv?stand=intern"):
        assert as_member.get(address + inside).status_code == 403
        assert as_staff.get(address + inside).status_code == 200
    assert "Noch geheim." in words_of(as_staff.get(f"{address}?stand=intern"))


def test_the_pdf_says_it_too_and_marks_the_inside_state(
    as_member: Client, as_staff: Client, decided: Process
) -> None:
    def text(client: Client, query: str = "") -> str:
        answer = client.get(of_process(decided, f"umgang-mit-vorschlaegen/pdf{query}"))
        assert answer["Content-Type"] == "application/pdf"
        reader = PdfReader(io.BytesIO(answer.content))
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        return " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    public, inside = text(as_member), text(as_staff, "?stand=intern")
    for words in ("Umgang mit den Vorschlägen", "=SUMME(A1)", "Her hafta", "übernommen", "als Kurs"):
        assert words in public
    assert "geheim" not in public.casefold()
    assert "Noch geheim." in inside
    assert "Interner Stand" in inside


def test_words_that_our_typefaces_lack_are_named_on_paper_instead_of_printed_as_boxes(
    as_staff: Client, process: Process, member: User, staff: User
) -> None:
    arabic = propose(process, member, "مقهى للغات", language="ar", text="نلتقي كل أسبوع")
    worded = propose(process, member, "قهوة", language="ar", text="نلتقي")
    MeasureProposal.objects.filter(pk=worded.pk).update(german_title="Café", german_text="Wir treffen uns.")
    russian = propose(process, member, "Просто слова", language="ru", text="Встречаемся")
    for one in (arabic, worded, russian):
        deciding.decide(proposal=fresh(one), verdict=verdict(reason="Gibt es schon."), by=staff)
    answer = as_staff.get(of_process(process, "umgang-mit-vorschlaegen/pdf?stand=intern"))
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Vorschlag auf Arabisch" in text
    assert f"Er steht im Portal beim Vorschlag {arabic.code}." in text
    assert "Wir treffen uns." in text
    assert "Wortlaut: Arabisch" in text
    assert "Встречаемся" in text
    assert "□" not in text


def test_the_csv_opens_in_a_german_spreadsheet_and_hides_no_formula(
    as_member: Client, decided: Process
) -> None:
    answer = as_member.get(of_process(decided, "umgang-mit-vorschlaegen/csv"))
    text = answer.content.decode()
    assert text.startswith("\ufeffNummer;Handlungsfeld")
    heads, row = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    cells = dict(zip(heads, row, strict=True))
    assert cells["Titel"] == "'=SUMME(A1)"
    assert cells["Wortlaut"] == "'=SUMME(A1)\nHer hafta;\n„çay“"
    assert cells["Entscheidung"] == "übernommen"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
