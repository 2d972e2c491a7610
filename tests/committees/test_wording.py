"""The proposal is put to each committee in grammatical German."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committees.grammar import Article, Case
from committees.models import Committee, Consultation, Paper
from committees.printing.wording import Proposal, opening_for, proposal_for
from tests.committees.factories import make_committee, make_paper, make_stage, make_town

pytestmark = pytest.mark.django_db


def proposal(paper: Paper, stage: Consultation) -> Proposal:
    points = [point.text for point in paper.resolution_points.all()]
    return proposal_for(stage, list(paper.consultations.all()), paper, points)


@pytest.fixture
def paper() -> Paper:
    return make_paper(
        make_town(), "Das Konzept wird beschlossen.", resolution_opening="{gremium} beschließt:"
    )


@pytest.fixture
def council(paper: Paper) -> Committee:
    return make_committee(paper.municipality, "Stadtrat", "der", "Stadtrates")


@pytest.fixture
def district(paper: Paper) -> Committee:
    return make_committee(paper.municipality, "Bezirksvertretung", "die", "Bezirksvertretung")


@pytest.mark.parametrize(
    ("meaning", "sentence"),
    [
        (
            "advise",
            "Die Bezirksvertretung empfiehlt dem Stadtrat, folgenden Beschluss zu fassen:",
        ),
        (
            "note",
            "Die Bezirksvertretung nimmt den folgenden Beschlussvorschlag für den Stadtrat zur Kenntnis:",
        ),
        (
            "hear",
            "Die Bezirksvertretung wird zu folgendem Beschlussvorschlag für den Stadtrat angehört:",
        ),
        (
            "release",
            "Die Bezirksvertretung gibt den folgenden Beschlussvorschlag für den Stadtrat zur Beratung frei:",
        ),
        ("", ""),
    ],
)
def test_each_role_has_its_sentence_and_the_proposal_of_the_deciding_body(
    paper: Paper, council: Committee, district: Committee, meaning: str, sentence: str
) -> None:
    stage = make_stage(paper, district, meaning)
    make_stage(paper, council, "decide")
    found = proposal(paper, stage)
    assert found.sentence == sentence
    assert found.opening == "Der Stadtrat beschließt:"
    assert found.points == ("<p>Das Konzept wird beschlossen.</p>",)


def test_the_deciding_body_reads_its_own_resolution(
    paper: Paper, council: Committee, district: Committee
) -> None:
    make_stage(paper, district, "advise")
    found = proposal(paper, make_stage(paper, council, "decide"))
    assert (found.sentence, found.opening) == ("", "Der Stadtrat beschließt:")


def test_the_head_of_the_administration_releases(paper: Paper, council: Committee) -> None:
    stage = make_stage(paper, None, "release")
    make_stage(paper, council, "decide")
    assert proposal(paper, stage).sentence == (
        "Die Bürgermeisterin gibt den folgenden Beschlussvorschlag für den Stadtrat zur Beratung frei:"
    )


def test_committees_that_sit_jointly_speak_in_the_plural(
    paper: Paper, council: Committee, district: Committee
) -> None:
    social = make_committee(paper.municipality, "Sozialausschuss")
    stage = make_stage(paper, social, "advise", district)
    make_stage(paper, council, "decide")
    assert proposal(paper, stage).sentence == (
        "Der Sozialausschuss und die Bezirksvertretung empfehlen dem Stadtrat, folgenden Beschluss zu fassen:"
    )
    for meaning, verb in [("note", "nehmen"), ("hear", "werden"), ("release", "geben")]:
        stage.meaning = meaning
        assert f"Der Sozialausschuss und die Bezirksvertretung {verb} " in proposal(paper, stage).sentence


def test_an_opening_can_have_a_singular_and_a_plural(
    paper: Paper, council: Committee, district: Committee
) -> None:
    pattern = "{gremium} {beschließt|beschließen} die Maßnahmen:"
    one = make_stage(paper, council, "decide")
    both = make_stage(paper, council, "decide", district)
    assert opening_for(pattern, one) == "Der Stadtrat beschließt die Maßnahmen:"
    assert opening_for(pattern, both) == ("Der Stadtrat und die Bezirksvertretung beschließen die Maßnahmen:")


def test_a_deciding_stage_that_is_left_out_decides_nothing(
    paper: Paper, council: Committee, district: Committee
) -> None:
    main = make_committee(paper.municipality, "Hauptausschuss", "der", "Hauptausschusses")
    stage = make_stage(paper, district, "advise")
    make_stage(paper, main, "decide")
    make_stage(paper, council, "decide", left_out=True, left_out_reason="nicht zuständig")
    assert "empfiehlt dem Hauptausschuss, " in proposal(paper, stage).sentence


def test_the_last_deciding_stage_is_the_one_that_is_meant(paper: Paper, council: Committee) -> None:
    main = make_committee(paper.municipality, "Hauptausschuss", "der", "Hauptausschusses")
    stage = make_stage(paper, main, "decide")
    make_stage(paper, council, "decide")
    assert proposal(paper, stage).opening == "Der Stadtrat beschließt:"


def test_without_anybody_who_decides_the_sentence_names_nobody(paper: Paper, district: Committee) -> None:
    stage = make_stage(paper, district, "advise")
    assert (
        proposal(paper, stage).sentence == "Die Bezirksvertretung empfiehlt, folgenden Beschluss zu fassen:"
    )


def test_its_own_wording_stands_alone(paper: Paper, council: Committee, district: Committee) -> None:
    stage = make_stage(paper, district, "note", own_wording="Kenntnisnahme")
    make_stage(paper, council, "decide")
    assert proposal(paper, stage) == Proposal(own="<p>Kenntnisnahme</p>")


@pytest.mark.parametrize(
    ("meaning", "sentence"),
    [
        ("note", "Der Sozialausschuss nimmt die Vorlage zur Kenntnis."),
        ("advise", "Der Sozialausschuss berät die Vorlage vor."),
        ("hear", "Der Sozialausschuss wird zu dieser Vorlage angehört."),
        ("release", "Der Sozialausschuss gibt diese Vorlage zur Beratung frei."),
    ],
)
def test_a_paper_without_proposal_is_still_put_in_a_sentence(meaning: str, sentence: str) -> None:
    town = make_town()
    paper = make_paper(town)
    stage = make_stage(paper, make_committee(town, "Sozialausschuss"), meaning)
    assert proposal(paper, stage) == Proposal(sentence=sentence)


FEMININE = st.sampled_from(["Bezirksvertretung", "Stadtverordnetenversammlung", "Gemeindevertretung"])
MASCULINE = st.sampled_from(["Rat", "Kreistag", "Sozialausschuss", "Ortsrat"])
NEUTER = st.sampled_from(["Präsidium", "Forum"])
BODIES = st.one_of(
    st.tuples(st.just(Article.DIE), FEMININE), st.tuples(st.just(Article.DER), MASCULINE),
    st.tuples(st.just(Article.DAS), NEUTER),
)  # fmt: skip
WRONG = re.compile(
    r"\b(?:(?:dem|den|des|das) (?:Bezirksvertretung|Stadtverordnetenversammlung|Gemeindevertretung)"
    r"|die (?:Rat|Kreistag|Sozialausschuss|Ortsrat|Präsidium|Forum)\b)"
    r"|\b[Dd](?:er|ie) (?:Präsidium|Forum)\b"
)


@pytest.mark.once
@given(
    own=st.lists(BODIES, min_size=1, max_size=3),
    other=BODIES,
    meaning=st.sampled_from(Consultation.Meaning.values),
)
def test_no_committee_gets_a_wrong_article(
    own: list[tuple[Article, str]], other: tuple[Article, str], meaning: str
) -> None:
    sentence = _sentence_for(own, other, meaning)
    assert not WRONG.search(sentence), sentence
    assert sentence == "" or sentence[0].isupper()
    if meaning == "advise":
        article = {"der": "dem", "die": "der", "das": "dem"}[other[0]]
        assert f" {article} {other[1]}, " in sentence


def _sentence_for(own: list[tuple[Article, str]], other: tuple[Article, str], meaning: str) -> str:
    """Without the database: committees that only know their names."""

    def make(bodies: list[tuple[Article, str]], what: str, pk: int) -> Consultation:
        stage = Consultation(pk=pk, meaning=what)
        rows = [Committee(name=name, article=article, genitive_name=name) for article, name in bodies]
        stage.committees = lambda: rows  # type: ignore[method-assign]
        return stage

    first, last = make(own, meaning, 1), make([other], "decide", 2)
    return proposal_for(first, [first, last], Paper(), ["<p>Text</p>"]).sentence


def test_the_four_cases_of_a_committee() -> None:
    rat = Committee(name="Rat", article="der", genitive_name="Rates")
    assert [rat.in_case(case) for case in Case] == ["der Rat", "des Rates", "dem Rat", "den Rat"]
