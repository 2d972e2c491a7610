"""The five towns' Vorlagen as their readers see them, stage by stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfReader

from committees.layout_files import preset
from committees.models import Assessment, Ballot, Committee, Consultation, Paper, PaperSignature
from committees.printing import rehearsal
from committees.printing.contents import PaperContents
from committees.printing.contexts import OWN_ROW
from committees.printing.render import (
    StageLeftOut,
    file_name,
    printed,
    render_route,
    render_stage,
    route_documents,
    stage_html,
)
from documents.pdf import clear_cache, render
from tests import verapdf
from tests.committees.conftest import PrintedStage
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, reopen
from tests.committees.forms import GENITIVE, LABELS
from tests.documents.reading import Tag, bookmarks, in_reading_order, joined, letters, pages, tags

# All of it: whether a database is set up is decided by marks, and `printed_stages` alone has none.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
# The keys of a layout whose values are printed as they stand.
WORDS = {"title", "label", "number", "hint", "note", "note_hint", "text", "lead"}
STAGES = {"bergisch-gladbach": 2, "bergkamen": 2, "kreis-mettmann": 3, "leverkusen": 9, "goettingen": 1}


def printed_words(layout: Any) -> Iterator[str]:
    """What a layout says that its form prints: titles, labels and hints."""
    if isinstance(layout, list):
        for item in layout:
            yield from printed_words(item)
    elif isinstance(layout, dict):
        for key, value in layout.items():
            if not isinstance(value, str):
                yield from printed_words(value)
            elif key in WORDS and "{" not in value:
                yield value


def all_tags(tree: list[Tag]) -> list[Tag]:
    return [tag for found in tree for tag in [found, *all_tags(found[2])]]


def test_every_stage_that_takes_place_has_its_pdf(printed_stages: list[PrintedStage]) -> None:
    towns = [stage.town for stage in printed_stages]
    assert {town: towns.count(town) for town in STAGES} == STAGES
    assert "2017-1900_1_Integrationsrat.pdf" in {stage.name for stage in printed_stages}
    assert len({stage.name for stage in printed_stages}) == sum(STAGES.values())


def test_each_pdf_holds_every_label_of_its_form_in_the_forms_order(
    printed_stages: list[PrintedStage],
) -> None:
    for stage in printed_stages:
        text, position = joined(stage.in_reading_order), 0
        for label in LABELS[stage.town]:
            assert label in text[position:], (stage.name, label)
            position = text.index(label, position) + len(label)


@pytest.mark.parametrize("town", STAGES)
def test_the_list_of_labels_lacks_none_of_the_layout(town: str) -> None:
    listed = " ".join(LABELS[town])
    words = set(printed_words(yaml.safe_load(preset(town))["blocks"]))
    assert len(words) >= 8
    # Printed only where an earlier stage has a result.
    assert {word for word in words if word not in listed} == {
        "Bisherige Beratungsergebnisse",
        "Änderungen aus der bisherigen Beratung",
    }


def test_each_pdf_names_its_committee_and_date_in_the_head(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        head = joined(stage.in_reading_order).split("Inhalt der Mitteilung")[0].split("Beratungsfolge")[0]
        if stage.town == "bergisch-gladbach":
            assert head.count(f"· {stage.committee} · {stage.date} · Kenntnisnahme") == 1
        else:
            assert f"Gremium {stage.committee} " in head, stage.name
            assert head.index(stage.date) > head.index(stage.committee), stage.name


def test_each_pdf_holds_all_rows_of_the_route(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        for committee, date in stage.route:
            name = GENITIVE[committee] if stage.town == "bergisch-gladbach" else committee
            assert any(line.startswith(name) and date in line for line in stage.lines), (
                stage.name,
                name,
                date,
            )


def test_only_its_own_row_is_marked(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        assert stage.text.count(OWN_ROW) == 1, stage.name
        before = stage.lines[stage.lines.index(OWN_ROW) - 1]
        name = GENITIVE[stage.committee] if stage.town == "bergisch-gladbach" else stage.committee
        assert before.startswith(name), stage.name
        assert stage.date in before, stage.name


def test_the_proposal_is_worded_for_the_role(printed_stages: list[PrintedStage]) -> None:
    advising = "empfiehlt dem Rat der Stadt Leverkusen, folgenden Beschluss zu fassen:"
    for stage in printed_stages:
        if stage.town == "leverkusen":
            assert (advising in stage.text) == (stage.position < 9), stage.name
            assert "Der Rat der Stadt Leverkusen beschließt" in stage.text
        if stage.town == "kreis-mettmann":
            assert ("empfiehlt dem Kreistag, folgenden Beschluss zu fassen:" in stage.text) == (
                stage.position < 3
            )
        assert not re.search(r"\b(dem|den|des|[Dd]er Rat der) Bezirksvertretung", stage.text)
    district = next(stage for stage in printed_stages if "Stadtbezirk-II." in stage.name)
    assert f"Die Bezirksvertretung für den Stadtbezirk II {advising}" in district.text


def test_bergkamen_says_why_the_first_stage_is_left_out(printed_stages: list[PrintedStage]) -> None:
    stage = next(stage for stage in printed_stages if stage.town == "bergkamen" and stage.position == 3)
    assert "entfällt" in stage.text
    assert "Grund: Die Fördermittel wurden erst im Dezember 2018" in stage.text
    assert "Beschlussvorschlag: Kenntnisnahme Sachdarstellung:" in stage.text
    assert "Bisherige Beratungsergebnisse" in stage.text
    assert "für die Durchführung entschieden" in stage.text
    assert "Termin noch offen" in stage.text
    decided = next(stage for stage in printed_stages if stage.town == "bergkamen" and stage.position == 2)
    assert "Bisherige Beratungsergebnisse" not in decided.text


def test_bergisch_gladbach_has_no_proposal_but_its_agenda_item(printed_stages: list[PrintedStage]) -> None:
    first, second = (stage for stage in printed_stages if stage.town == "bergisch-gladbach")
    assert "Beschluss" not in second.text
    assert "Tagesordnungspunkt 9 · Sozialausschuss" in second.text
    assert "Tagesordnungspunkt noch offen · Ausschuss" in first.text


def test_goettingen_has_its_budget_reservation_in_the_proposal(printed_stages: list[PrintedStage]) -> None:
    stage = next(stage for stage in printed_stages if stage.town == "goettingen")
    proposal = stage.text.split("Beschlussvorschlag:")[1].split("Begründung:")[0]
    assert "Haushaltslage der Stadt Göttingen" in joined(proposal)


def test_leverkusens_timeline_has_eleven_rows_with_their_fuzzy_dates(
    printed_stages: list[PrintedStage],
) -> None:
    stage = next(stage for stage in printed_stages if stage.town == "leverkusen")
    for date in (
        "ab 01.02.2017", "02.03.2017", "10.03.–31.03.2017", "21.03.2017", "08.05.2017", "18.05.2017",
        "Juni 2017", "30.06.2017", "August 2017", "Aug./Sept. 2017", "Sept./Okt. 2017",
    ):  # fmt: skip
        assert sum(line.endswith(date) for line in stage.lines) >= 1, date


def test_mettmanns_second_page_repeats_the_head(printed_stages: list[PrintedStage]) -> None:
    stage = next(stage for stage in printed_stages if stage.town == "kreis-mettmann")
    second = " ".join(pages(stage.pdf)[1].split())
    assert second.startswith("Fachbereich: Sozialamt")
    for words in ("Bearbeiter/in:", "Datum: 02.04.2015", "Az.: CaRa", stage.subject, "Anlass der Vorlage:"):
        assert words in second


def test_the_foot_names_number_subject_and_page(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        feet = pages(stage.pdf)
        for page, text in enumerate(feet, start=1):
            end = " ".join(text.split()[-40:])
            assert f"Vorlage {stage.number}" in end, stage.name
            assert f"Seite {page} von {len(feet)}" in end, stage.name


def test_no_page_is_nearly_empty(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        assert all(len(text.split()) > 60 for text in pages(stage.pdf)), stage.name


def test_every_table_has_heads_and_the_subject_is_the_first_heading(
    printed_stages: list[PrintedStage],
) -> None:
    for stage in printed_stages:
        tree = all_tags(tags(stage.pdf))
        tables = [tag for tag in tree if tag[0] == "/Table"]
        assert tables, stage.name
        for table in tables:
            assert "/TH" in {tag[0] for tag in all_tags(table[2])}, stage.name
        assert bookmarks(stage.pdf)[0] == (1, stage.subject, 1)


def test_the_document_is_named_after_paper_and_committee(printed_stages: list[PrintedStage]) -> None:
    for stage in printed_stages:
        info = PdfReader(BytesIO(stage.pdf)).metadata
        assert info is not None
        assert info.title == f"{stage.number} {stage.subject} – {stage.committee}"


@pytest.mark.once
def test_verapdf_finds_nothing(printed_stages: list[PrintedStage], tmp_path: Path) -> None:
    paths = []
    for stage in printed_stages:
        path = tmp_path / stage.name
        path.write_bytes(stage.pdf)
        paths.append(path)
    assert verapdf.failures(paths) == []


# ---- one way to print ----


def test_a_route_printed_at_once_is_byte_for_byte_what_each_stage_gives(leverkusen: Paper) -> None:
    stages = list(leverkusen.consultations.all())
    single = []
    for stage in stages:
        clear_cache()
        single.append(render_stage(stage))
    clear_cache()
    assert [pdf for _stage, pdf in render_route(leverkusen)] == single
    clear_cache()
    assert [pdf for _stage, pdf in render_route(leverkusen, processes=2)] == single
    assert [render(document) for _stage, document in route_documents(leverkusen)] == single


def test_after_an_edit_the_bytes_are_those_of_a_full_print(leverkusen: Paper) -> None:
    stage = leverkusen.consultations.all()[8]
    render_stage(stage)
    section = reopen(leverkusen).sections.get(key="begruendung")
    section.body = section.body.replace("</p>", " Das wird nun geändert.</p>", 1)
    section.save()
    after = render_stage(stage)
    clear_cache()
    assert render_stage(stage) == after
    assert "Das wird nun geändert." in " ".join(" ".join(pages(after)).split())


def test_a_rehearsal_prints_the_words_of_every_form_and_asks_no_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server has printed each form before its first visitor comes."""
    prints: list[str] = []

    def read_printed(contents: PaperContents, consultation_id: int) -> None:
        prints.append(letters(in_reading_order(printed(contents, consultation_id))))

    monkeypatch.setattr(rehearsal, "printed", read_printed)
    with CaptureQueriesContext(connection) as queries:
        rehearsal.rehearse()
    assert len(queries) == 0
    for town, text in zip(sorted(STAGES), prints, strict=True):
        words = set(printed_words(yaml.safe_load(preset(town))["blocks"]))
        assert {word for word in words if letters(word) not in text} == set(), town


def test_the_number_of_queries_does_not_grow() -> None:
    town = make_town()
    paper = make_paper(town, "Erstens.")
    committees = [make_committee(town, f"Ausschuss {number}") for number in range(8)]
    first = make_stage(paper, committees[0], "advise", committees[1], day=1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            stage_html(first)
        return len(captured)

    few = queries()
    for number, committee in enumerate(committees, start=2):
        make_stage(paper, committee, "advise", *committees[:3], day=number)
        paper.resolution_points.create(position=number, text="Weiterer Punkt.")
        PaperSignature.objects.create(paper=paper, position=number, function="Beigeordnete")
        Assessment.objects.create(paper=paper, key=f"schnelluebersicht.frage-{number}", answer="no")
    assert queries() == few
    assert few <= 12


@pytest.fixture
def small() -> tuple[Paper, Committee, Committee]:
    town = make_town()
    paper = make_paper(town, "Das Konzept wird beschlossen.", layout="kreis-mettmann")
    return paper, make_committee(town, "Sozialausschuss"), make_committee(town, "Rat", "der", "Rates")


def read(stage: Consultation) -> str:
    return " ".join(" ".join(pages(render_stage(stage))).split())


def test_earlier_results_and_votes_are_printed_and_later_ones_are_not(small: Any) -> None:
    paper, social, council = small
    first = make_stage(paper, social, "advise", day=4, result="mehrheitlich empfohlen", outcome="accepted")
    Ballot.objects.create(consultation=first, position=1, votes_for=9, votes_against=4, abstentions=1)
    second = make_stage(paper, council, "decide", day=20, result="einstimmig beschlossen", outcome="accepted")
    assert "Bisherige Beratungsergebnisse" not in read(first)
    text = read(second)
    assert "Sozialausschuss 04.03.2024 mehrheitlich empfohlen 9 Ja, 4 Nein, 1 Enthaltung" in text
    assert "einstimmig beschlossen" not in text


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        ("yes", "☒ ja ☐ nein ☐ noch nicht zu übersehen Personelle"),
        ("no", "☐ ja ☒ nein ☐ noch nicht zu übersehen Personelle"),
        ("open", "☐ ja ☐ nein ☒ noch nicht zu übersehen Personelle"),
        ("unanswered", "☐ ja ☐ nein ☐ noch nicht zu übersehen ohne Angabe Personelle"),
        (None, "☐ ja ☐ nein ☐ noch nicht zu übersehen ohne Angabe Personelle"),
    ],
)
def test_an_impact_has_three_answers_and_unanswered_is_none_of_them(
    small: Any, answer: str | None, printed: str
) -> None:
    paper, social, _council = small
    if answer:
        Assessment.objects.create(paper=paper, key="auswirkungen.finanziell", answer=answer)
    assert f"Finanzielle Auswirkung {printed}" in read(make_stage(paper, social, "advise"))


def test_unanswered_differs_from_no_in_the_questionnaire() -> None:
    town = make_town()
    paper = make_paper(town, layout="leverkusen")
    stage = make_stage(paper, make_committee(town, "Rat"), "decide")
    assert read(stage).count("ohne Angabe") == 8
    Assessment.objects.create(paper=paper, key="schnelluebersicht.klimaschutz", answer="no")
    text = read(stage)
    assert text.count("ohne Angabe") == 7
    assert "[ja] ☒ [nein]" in text


def test_the_three_purposes_are_ticked_one_by_one(small: Any) -> None:
    paper, social, _council = small
    stage = make_stage(paper, social, "advise")
    assert "☐ Beschluss ☐ Wahl ☐ Kenntnisnahme" in re.sub(r" Vorlagen Nr. \S+| öffentlich", "", read(stage))
    paper.for_election = paper.for_information = True
    paper.save()
    assert "☐ Beschluss ☒ Wahl ☒ Kenntnisnahme" in re.sub(r" Vorlagen Nr. \S+| öffentlich", "", read(stage))


def test_a_stage_that_is_left_out_has_no_pdf(small: Any) -> None:
    paper, social, _council = small
    stage = make_stage(paper, social, "advise", left_out=True, left_out_reason="keine Zeit")
    with pytest.raises(StageLeftOut, match="Diese Beratung entfällt: keine Zeit"):
        render_stage(stage)
    assert list(render_route(paper)) == []


def test_a_paper_without_a_number_is_a_draft(small: Any) -> None:
    paper, social, _council = small
    paper.number = ""
    paper.save()
    stage = make_stage(paper, social, "advise")
    assert file_name(stage) == f"Entwurf-{paper.pk}_1_Sozialausschuss.pdf"
    assert "Entwurf" in " ".join(pages(render_stage(stage))[0].split()[-20:])


def test_the_logo_is_printed_with_a_text_and_its_loss_stops_no_print(small: Any) -> None:
    paper, social, _council = small
    picture = BytesIO()
    Image.new("RGB", (60, 40), "#1f4e79").save(picture, "PNG")
    paper.municipality.logo.save("wappen.png", ContentFile(picture.getvalue()))
    stage = make_stage(paper, social, "advise")
    tree = all_tags(tags(render_stage(stage)))
    texts = [attributes["/Alt"] for name, attributes, _kids in tree if name == "/Figure"]
    assert texts == ["Logo: Stadt Neustadt"]
    assert 'src="/kommunen/neustadt/logo"' in stage_html(stage)
    Path(paper.municipality.logo.path).unlink()
    assert "/Figure" not in {name for name, _attributes, _kids in all_tags(tags(render_stage(stage)))}


def test_names_of_files_are_plain(small: Any) -> None:
    paper, _social, _council = small
    committee = make_committee(paper.municipality, "Ausschuss für Öffentlichkeit / Größe & „Maß“")
    stage = make_stage(paper, committee, "advise")
    assert file_name(stage) == "2024-17_1_Ausschuss-fuer-Oeffentlichkeit-Groesse-Mass.pdf"


def test_what_people_type_is_text_in_the_form(small: Any) -> None:
    paper, social, _council = small
    paper.subject = "<script>alert(1)</script> & <b>fett</b>"
    paper.save()
    stage = make_stage(paper, social, "advise", role="<i>Vorberatung</i>")
    assert "<script>" not in stage_html(stage)
    text = read(stage)
    assert "<script>alert(1)</script> & <b>fett</b>" in text
    assert "<i>Vorberatung</i>" in text


def test_the_preview_is_the_same_document_with_the_browsers_style_sheets(small: Any) -> None:
    paper, social, _council = small
    html = stage_html(make_stage(paper, social, "advise"))
    assert OWN_ROW in html
    assert 'href="/static/print/print.css"' in html
    assert 'href="/farben/1f4e79.css"' in html
