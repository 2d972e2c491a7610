"""The sentence that announces the timeline stands on the page on which its table begins."""

import pytest
from django.template.loader import render_to_string

from documents.pdf import PrintDocument, Section, render
from tests.documents.reading import pages

SENTENCE = "Die wichtigsten Abschnitte zeigt die folgende Übersicht:"
ROWS = [{"event": f"Schritt {number}", "date": f"{number}. Mai 2017"} for number in range(1, 9)]


@pytest.mark.parametrize("paragraphs", range(28, 36))
def test_the_sentence_before_the_timeline_stays_with_it(paragraphs: int) -> None:
    body = "".join(f"<p>Absatz {number}</p>" for number in range(paragraphs)) + f"<p>{SENTENCE}</p>"
    html = render_to_string("print/paper/blocks/section.html", {"title": "Begründung:", "body": body})
    html += render_to_string(
        "print/paper/blocks/timeline.html", {"event_label": "Abschnitt", "date_label": "Zeit", "rows": ROWS}
    )
    printed = pages(render(PrintDocument(title="Vorlage", sections=[Section(html)])))
    page = next(page for page in printed if SENTENCE in page)
    assert "Schritt 1 " in page
