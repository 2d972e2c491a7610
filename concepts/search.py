"""What of a concept answers a question: by field, state, institution and words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from concepts.models import Chapter, Goal
from concepts.tree import ConceptTree, FieldNode, GoalNode, IndicatorNode, MeasureNode
from documents.richtext import with_alternatives

TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Question:
    """What is looked for. `states` holds phases or tracks of measures."""

    field: int | None = None
    states: frozenset[str] = frozenset()
    institution: int | None = None
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.field or self.states or self.institution or self.words)

    @property
    def about_measures(self) -> bool:
        """Only measures have a state and institutions."""
        return bool(self.states or self.institution)


@dataclass
class Answer:
    """The tree cut down to what was found and the way there; how much of each there is."""

    tree: ConceptTree
    measures: int = 0
    goals: int = 0
    indicators: int = 0
    texts: int = 0
    field_texts: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.measures or self.goals or self.indicators or self.texts)


def split_words(text: str) -> tuple[str, ...]:
    return tuple(text.casefold().split())


def ask(tree: ConceptTree, question: Question) -> Answer:
    answer = Answer(tree)
    fields = []
    for node in tree.fields:
        if question.field not in (None, node.field.pk):
            continue
        found = _in_field(node, question, answer)
        if found:
            fields.append(found)
    whole = question.field is None and not question.about_measures
    before, after = (_chapters(rows, question, answer) if whole else [] for rows in (tree.before, tree.after))
    indicators = _indicators(tree.indicators, question, answer) if whole else []
    fundings = [] if question else tree.fundings
    answer.tree = replace(
        tree, fields=fields, before=before, after=after, indicators=indicators, fundings=fundings
    )
    return answer


def _in_field(node: FieldNode, question: Question, answer: Answer) -> FieldNode | None:
    goals = [kept for goal in node.goals if (kept := _in_goal(goal, question, answer))]
    measures = _measures(node.measures, question, answer)
    indicators = [] if question.about_measures else _indicators(node.indicators, question, answer)
    row = node.field
    texts = (str(row), row.situation, row.deficits, row.potentials)
    if question.words and not question.about_measures and _has(question, texts):
        answer.texts += 1
        answer.field_texts.add(row.pk)
    elif not (goals or measures or indicators) and (question.words or question.about_measures):
        return None
    return FieldNode(row, goals=goals, measures=measures, indicators=indicators)


def _in_goal(node: GoalNode, question: Question, answer: Answer) -> GoalNode | None:
    subgoals = [kept for subgoal in node.subgoals if (kept := _in_goal(subgoal, question, answer))]
    measures = _measures(node.measures, question, answer)
    if not question.about_measures and _goal_fits(node.goal, question):
        answer.goals += 1
    elif not (subgoals or measures):
        return None
    return replace(node, subgoals=subgoals, measures=measures)


def _goal_fits(goal: Goal, question: Question) -> bool:
    return _has(question, (goal.code, goal.text, goal.description))


def _measures(nodes: Iterable[MeasureNode], question: Question, answer: Answer) -> list[MeasureNode]:
    found = [node for node in nodes if measure_fits(node, question)]
    answer.measures += len(found)
    return found


def measure_fits(node: MeasureNode, question: Question) -> bool:
    row = node.measure
    if question.states and not question.states & {row.phase, row.track}:
        return False
    if question.institution and question.institution not in {one.pk for one in node.institutions}:
        return False
    names = [one.name for one in node.institutions]
    answers = [answer for _label, answer in node.additional]
    texts = (row.code, row.title, row.text, row.target_groups, row.funding_note)
    return _has(question, (*texts, *names, *answers))


def _indicators(nodes: Iterable[IndicatorNode], question: Question, answer: Answer) -> list[IndicatorNode]:
    found = [
        node
        for node in nodes
        if _has(question, (node.indicator.title, node.indicator.description, node.indicator.source))
    ]
    answer.indicators += len(found)
    return found


def _chapters(chapters: Iterable[Chapter], question: Question, answer: Answer) -> list[Chapter]:
    found = [chapter for chapter in chapters if _has(question, (chapter.title, chapter.body))]
    answer.texts += len(found)
    return found


def _has(question: Question, texts: Iterable[str]) -> bool:
    """Whether each word occurs somewhere; in Python, as SQLite knows no small and capital umlauts."""
    if not question.words:
        return True
    text = html.unescape(TAG.sub(" ", with_alternatives(" ".join(texts)))).casefold()
    return all(word in text for word in question.words)
