"""What is looked at in a paper's text, as long as somebody can write in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from committees.blocks import BlockKind
from committees.checks.facts import Facts
from committees.checks.finding import ERROR, WARNING, WRITING, Finding
from committees.checks.route_rules import OUR_RULE, Rule
from committees.models import Paper
from concepts.copying import parts
from documents.richtext import plain_text

NAMES_AN_ATTACHMENT = re.compile(r"\bAnlagen?\b(?! im Bau)")


def at_block(facts: Facts, *kinds: BlockKind) -> str:
    """Where in the form a block is filled in."""
    key = next((block.key for block in facts.blocks_of_kind(*kinds)), "")
    return f"{WRITING}#baustein-{key}" if key else WRITING


def subject_is_there(facts: Facts) -> Iterator[Finding]:
    if not facts.paper.subject.strip():
        sentence = _("Der Betreff fehlt. Bitte sagen Sie in einer Zeile, worum es geht.")
        yield Finding("no_subject", ERROR, sentence, OUR_RULE, f"{WRITING}#id_subject")


def sections_are_there(facts: Facts) -> Iterator[Finding]:
    """A heading with nothing below it."""
    for block in facts.blocks_of_kind(BlockKind.SECTION):
        if block.title and block.key not in facts.texts:
            yield Finding(
                "empty_section",
                WARNING,
                _("Der Abschnitt „%s“ ist leer; unter seiner Überschrift stünde nichts.")
                % block.title.rstrip(":"),
                _("Layout „%s“") % facts.paper.layout,
                f"{WRITING}#baustein-{block.key}",
                subject=block.key,
            )


def proposal_is_there(facts: Facts) -> Iterator[Finding]:
    """Who is to decide needs something to decide on."""
    own = any(stage.own_wording for stage in facts.stages)
    if facts.paper.paper_type.needs_decision and not facts.points and not own:
        yield Finding(
            "no_proposal",
            WARNING,
            _("Es gibt noch keinen Beschlussvorschlag. Bitte schreiben Sie, was beschlossen werden soll."),
            _("Die Vorlagenart „%s“ braucht eine Entscheidung") % facts.paper.paper_type,
            at_block(facts, BlockKind.RESOLUTION),
        )


def points_have_reasons(facts: Facts) -> Iterator[Finding]:
    for block in facts.blocks_of_kind(BlockKind.POINT_REASONS):
        for point in facts.points:
            if not plain_text(point.reasons):
                yield Finding(
                    "point_without_reasons",
                    WARNING,
                    _("Beschlusspunkt %d wird in der Begründung nicht erklärt.") % point.position,
                    _("Layout „%s“: zu jedem Punkt eine Begründung") % facts.paper.layout,
                    f"{WRITING}#baustein-{block.key}",
                    subject=f"{point.pk}",
                )


def costs_are_stated(facts: Facts) -> Iterator[Finding]:
    paper = facts.paper
    source = _("Haushaltsrecht: Wer Geld ausgibt, sagt wie viel und woher es kommt")
    if paper.costs == Paper.Costs.UNSTATED:
        sentence = _("Ob die Vorlage etwas kostet, ist nicht angegeben.")
        yield Finding("costs_unstated", WARNING, sentence, source, f"{WRITING}#id_costs")
    if paper.costs != Paper.Costs.SOME:
        return
    if paper.cost_amount is None:
        sentence = _("Die Vorlage verursacht Kosten, aber der Betrag fehlt. Bitte geben Sie ihn an.")
        yield Finding("no_cost_amount", ERROR, sentence, source, f"{WRITING}#id_cost_amount")
    if not paper.cost_coverage.strip():
        sentence = _("Die Vorlage verursacht Kosten, aber die Deckung fehlt. Woraus wird bezahlt?")
        yield Finding("no_cost_coverage", ERROR, sentence, source, f"{WRITING}#id_cost_coverage")


def attachments_are_there(facts: Facts) -> Iterator[Finding]:
    where = at_block(facts, BlockKind.ATTACHMENTS)
    for attachment in facts.attachments:
        if attachment.concept_version_id is None and attachment.file_id is None:
            yield Finding(
                "empty_attachment",
                WARNING,
                _("Von der Anlage „%s“ gibt es nur den Titel, keine Datei.") % attachment.title,
                OUR_RULE,
                where,
                subject=f"{attachment.pk}",
            )
    said = [*facts.texts.values(), *(plain_text(point.text + point.reasons) for point in facts.points)]
    if not facts.attachments and any(NAMES_AN_ATTACHMENT.search(text) for text in said):
        yield Finding(
            "attachment_missing",
            WARNING,
            _("Im Text ist von einer Anlage die Rede, aber es ist keine beigefügt."),
            OUR_RULE,
            where,
        )


def concept_is_of_today(facts: Facts) -> Iterator[Finding]:
    """The attached version against the newest one, and against what has been written since."""
    for attachment in facts.attachments:
        version = attachment.concept_version
        if version is None or version.concept_id != facts.paper.concept_id:
            continue
        if attachment.has_newer:
            sentence = _(
                "Die Anlage „%s“ ist eine ältere Fassung des Konzepts; inzwischen gibt es eine neuere. "
                "Bitte prüfen Sie, welche beraten werden soll."
            )
        elif _was_written_since(version):
            sentence = _(
                "Am Konzept wurde nach der Fassung in der Anlage „%s“ weitergeschrieben. "
                "Bitte prüfen Sie, ob eine neue Fassung beizufügen ist."
            )
        else:
            continue
        yield Finding(
            "older_concept",
            WARNING,
            sentence % attachment.title,
            OUR_RULE,
            at_block(facts, BlockKind.ATTACHMENTS),
            subject=f"{attachment.pk}:{version.pk}",
        )


def _was_written_since(version: object) -> bool:
    """One question to the histories of all that a concept is made of."""
    concept, at = version.concept_id, version.pdf.issued_at  # type: ignore[attr-defined]
    first, *others = [
        model.history.filter(of_concept=concept, history_date__gt=at)  # type: ignore[attr-defined]
        .order_by()
        .values_list("history_id")
        for model in parts()
    ]
    return bool(first.union(*others, all=True).exists())


TEXT_RULES: tuple[Rule, ...] = (
    subject_is_there,
    sections_are_there,
    proposal_is_there,
    points_have_reasons,
    costs_are_stated,
    attachments_are_there,
    concept_is_of_today,
)
