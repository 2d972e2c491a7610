"""What came of a stage, in the town's words and in ours: the words on offer, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from committees.models import Consultation
from municipalities.models import Municipality

Meaning, Outcome = Consultation.Meaning, Consultation.Outcome

UNANIMOUS = "einstimmig"
# What the deciding, the advising … committee does when it accepts.
ACCEPTED = {
    Meaning.DECIDE: "beschlossen",
    Meaning.ADVISE: "empfohlen",
    Meaning.NOTE: "zur Kenntnis genommen",
    Meaning.HEAR: "zugestimmt",
    Meaning.RELEASE: "freigegeben",
}
AMENDED = {Meaning.DECIDE: "geändert beschlossen", Meaning.ADVISE: "mit Änderungen empfohlen"}
OTHERS = {
    Outcome.REJECTED: "abgelehnt",
    Outcome.DEFERRED: "vertagt",
    Outcome.REFERRED: "verwiesen",
    Outcome.NOTED: "zur Kenntnis genommen",
    Outcome.WITHOUT_VOTE: "ohne Abstimmung",
    Outcome.WITHDRAWN: "zurückgezogen",
}
# A vote was taken: "einstimmig" says something.
VOTED = (Outcome.ACCEPTED, Outcome.AMENDED, Outcome.REJECTED)


@dataclass(frozen=True)
class Word:
    """A result as the town writes it, and what it means there; empty where nobody has said."""

    text: str
    outcome: str
    meaning: str


def known_words(town: Municipality) -> list[Word]:
    """The town's own words for results, the usual ones first. A word that once got a meaning has it."""
    used = (
        Consultation.objects.filter(paper__municipality=town)
        .exclude(result="")
        .values_list("result", "outcome", "meaning")
        .annotate(times=Count("pk"))
        .order_by("-times", "result", "-outcome")
    )
    return [Word(text, outcome, meaning) for text, outcome, meaning, _times in used]


def meaning_of(text: str, words: Sequence[Word]) -> str:
    """The outcome that the town, or else the portal, knows the word for; empty for an unknown one."""
    wanted = text.casefold()
    for word in words:
        if word.outcome and word.text.casefold() == wanted:
            return word.outcome
    return next((outcome for outcome, known in usual_words() if known.casefold() == wanted), "")


def usual_words() -> list[tuple[str, str]]:
    """Outcome and word, for towns that have recorded nothing yet."""
    found: list[tuple[str, str]] = []
    for meaning in (Meaning.DECIDE, Meaning.ADVISE):
        for outcome in (Outcome.ACCEPTED, Outcome.AMENDED):
            found += [
                (outcome, usual_word(outcome, meaning, unanimous=unanimous)) for unanimous in (True, False)
            ]
    return [*found, *OTHERS.items()]


def usual_word(outcome: str, meaning: str, *, unanimous: bool = False) -> str:
    if outcome == Outcome.ACCEPTED:
        word = ACCEPTED.get(Meaning(meaning), "angenommen") if meaning else "angenommen"
    elif outcome == Outcome.AMENDED:
        word = AMENDED.get(Meaning(meaning), "geändert angenommen") if meaning else "geändert angenommen"
    else:
        word = OTHERS[Outcome(outcome)]
    return f"{UNANIMOUS} {word}" if unanimous and outcome in VOTED else word


def word_for(outcome: str, meaning: str, words: Sequence[Word], *, unanimous: bool = False) -> str:
    """How the town says it most often in a committee of this meaning; our word where it never did."""
    for word in words:
        says_so = UNANIMOUS in word.text.casefold()
        fits = word.outcome == outcome and word.meaning == meaning
        if fits and (outcome not in VOTED or says_so == unanimous) and not _counts(word.text):
            return word.text
    return usual_word(outcome, meaning, unanimous=unanimous)


def _counts(text: str) -> bool:
    """A word with figures in it belongs to the one meeting in which they were counted."""
    return any(character.isdigit() for character in text)
