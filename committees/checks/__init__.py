"""What is wrong with a paper, or might be: each finding explains itself, names its source, and leads to
where one mends it.

A released paper says what it says; there only its route is looked at, and who may read what.
"""

from __future__ import annotations

from dataclasses import replace

from committees.checks.facts import Facts
from committees.checks.finding import ERROR, WARNING, Finding
from committees.checks.publicity_rules import PUBLICITY_RULES
from committees.checks.route_rules import ROUTE_RULES
from committees.checks.text_rules import TEXT_RULES
from committees.models import Paper

__all__ = ["ERROR", "WARNING", "Finding", "findings_of"]


def findings_of(paper: Paper) -> list[Finding]:
    """Errors, then warnings, then what was overruled, with the reason. A constant number of queries."""
    facts = Facts.of(paper.pk)
    rules = (*ROUTE_RULES, *PUBLICITY_RULES, *(() if facts.paper.released else TEXT_RULES))
    found = [finding for rule in rules for finding in rule(facts)]
    with_reasons = [replace(finding, overruled=facts.reason_for(finding)) for finding in found]
    return sorted(with_reasons, key=lambda finding: (finding.severity != ERROR, finding.overruled != ""))
