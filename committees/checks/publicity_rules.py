"""What is looked at where something of a paper is not public. It can be mended after the release too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from committees.checks.facts import Facts
from committees.checks.finding import PUBLICITY, WARNING, Finding
from committees.checks.route_rules import OUR_RULE, Rule


def _source() -> str:
    return _("Gemeindeordnung: Nichtöffentlich ist die Ausnahme und braucht einen Grund")


def non_public_parts_have_a_reason(facts: Facts) -> Iterator[Finding]:
    """Their own, or the paper's."""
    if facts.paper.non_public_reason.strip():
        return
    titles = {block.key: block.title.rstrip(":") for block in facts.blocks}
    rows: list[tuple[str, Any, str]] = [
        *(
            ("abschnitt", row, _("Abschnitt „%s“") % (titles.get(row.key) or row.key))
            for row in facts.paper.sections.all()
        ),
        *(("punkt", row, _("Beschlusspunkt %d") % row.position) for row in facts.points),
        *(("anlage", row, _("Anlage „%s“") % row.title) for row in facts.attachments),
    ]
    closed = [(kind, row, title) for kind, row, title in rows if not row.public]
    closed += [
        ("ergebnis", stage, _("Das Ergebnis der Beratung „%s“") % stage)
        for stage in facts.stages
        if not stage.result_public or stage.treatment == stage.Treatment.NON_PUBLIC
    ]
    for kind, row, title in closed:
        if not row.non_public_reason.strip():
            yield Finding(
                "non_public_without_reason",
                WARNING,
                _("%s ist nicht öffentlich, aber ohne Grund. Bitte nennen Sie ihn.") % title,
                _source(),
                f"{PUBLICITY}#id_{kind}-{row.pk}-reason",
                subject=f"{kind}-{row.pk}",
            )


def public_subject_says_less(facts: Facts) -> Iterator[Finding]:
    paper = facts.paper
    told = " ".join(paper.public_subject.split()).casefold()
    if not paper.public and told and told == " ".join(paper.subject.split()).casefold():
        yield Finding(
            "public_subject_tells_all",
            WARNING,
            _(
                "Der Betreff für die Öffentlichkeit ist derselbe wie der Betreff. Die Vorlage ist nicht "
                "öffentlich; bitte prüfen Sie, ob alle ihn lesen dürfen."
            ),
            OUR_RULE,
            f"{PUBLICITY}#id_public_subject",
        )


PUBLICITY_RULES: tuple[Rule, ...] = (non_public_parts_have_a_reason, public_subject_says_less)
