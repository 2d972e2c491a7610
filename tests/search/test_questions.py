"""What is understood of what somebody types."""

import pytest

from search.questions import question_of

pytestmark = pytest.mark.once


def understood(typed: str) -> tuple[list[str], list[str]]:
    question = question_of(typed)
    return (
        [" ".join(word.folded for word in term.words) for term in question.terms],
        [" ".join(word.folded for word in term.words) for term in question.without],
    )


@pytest.mark.parametrize(
    ("typed", "terms", "without"),
    [
        ("Konzept", ["konzept"], []),
        ("  Konzept   Schule ", ["konzept", "schule"], []),
        ("Konzept Schule Konzept Schule Rat", ["konzept", "schule", "rat"], []),
        ("Konzept für die Schule", ["konzept", "schule"], []),
        ('"Rat der Stadt" Haushalt', ["rat der stadt", "haushalt"], []),
        ("„Rat der Stadt“", ["rat der stadt"], []),
        ('"offen gelassen', ["offen gelassen"], []),
        ("Konferenz -Workshop", ["konferenz"], ["workshop"]),
        ('Konferenz -"runder Tisch"', ["konferenz"], ["runder tisch"]),
        ("Schul-AG", ["schul ag"], []),
        ("2017 - 2020", ["n2017", "n2020"], []),
        ("Integrations- und Teilhabekonzept", ["integrations", "teilhabekonzept"], []),
        ("NEAR(a b) OR c*", ["near a", "b", "or", "c"], []),
        ("der die das", [], []),
        ("-Workshop", [], ["workshop"]),
        ("\" * ( ) - ^ : '", [], []),
        ("", [], []),
    ],
)
def test_understood(typed: str, terms: list[str], without: list[str]) -> None:
    assert understood(typed) == (terms, without)


def test_only_the_last_word_may_be_unfinished() -> None:
    first, last = question_of("Sp Ko").terms
    assert not first.open
    assert last.open
    (quoted,) = question_of('"Ko"').terms
    assert not quoted.open
