"""Long German words are divided where a reader expects it."""

import re

import pyphen
import pytest

from documents.engine import press
from documents.pdf import PrintDocument, Section, render
from tests.documents import reading

LIMIT = 4  # letters before and behind a break, as print.css says
DIVIDED = [
    "Inte-gra-ti-ons-ar-beit",
    "Fach-ar-beits-gruppen",
    "Kreis-in-te-gra-ti-ons-zen-trum",
    "Kinder-ta-ges-stätte",
    "Migran-ten-selbst-or-ga-ni-sa-tion",
    "Bezirks-ver-tre-tung",
    "Haus-halts-aus-wir-kungen",
    # our own corrections
    "Konzept-er-stel-lung",
    "Konzept-er-ar-bei-tung",
    "Frei-wil-li-gen-agen-turen",
    "Impf-lü-cken",
    "Dolmetsch-liste",
    "Dolmet-scher-pool",
    "Zeit-zeu-ginnen",
    "Fach-abende",
    "Auslän-der-an-ge-le-gen-heiten",
    "Ausländer-amtes",
    "Sozial-amts-lei-terin",
]
WRONG = re.compile(r"\w*(?:a-rbeit|[Kk]rei-s|gess-t|konzep-t|fach-a-)\w*")


@pytest.mark.parametrize("divided", DIVIDED)
def test_words_are_divided_between_their_parts(divided: str) -> None:
    german = pyphen.Pyphen(lang="de", left=LIMIT, right=LIMIT)
    assert german.inserted(divided.replace("-", "")) == divided


@pytest.mark.parametrize("name", ["de", "de-DE", "de-AT", "de-CH"])
def test_each_german_uses_our_patterns(name: str) -> None:
    assert pyphen.LANGUAGES[pyphen.language_fallback(name)] == press.GERMAN


def test_a_print_divides_words_at_our_points_only() -> None:
    """Each word stands in columns of many widths, so that every permitted break is used somewhere."""
    columns = "".join(
        f'<div style="width: {width}mm">'
        + "".join(f"<p>{word.replace('-', '')}</p>" for word in DIVIDED)
        + "</div>"
        for width in range(18, 48, 3)  # narrower, and a syllable itself is cut
    )
    text = "\n".join(reading.pages(render(PrintDocument(title="Wörter", sections=[Section(columns)]))))
    joined = re.sub(r"-\s+", "-", text)
    found = re.findall(r"\w+(?:-\w+)+", joined)
    assert len(set(found)) > len(DIVIDED)
    assert not WRONG.search(joined)
    for word in found:
        whole = next(divided for divided in DIVIDED if divided.replace("-", "") == word.replace("-", ""))
        assert _breaks(word) <= _breaks(whole), word


def _breaks(divided: str) -> set[int]:
    """How many letters stand before each hyphen."""
    return {match.start() - number for number, match in enumerate(re.finditer("-", divided))}
