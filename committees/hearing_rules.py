"""The rules that the portal brings along; a migration loads them, the operator keeps them up to date."""

from __future__ import annotations

import datetime
from typing import Any

RULES = (
    {
        "land": "05",
        "committee_kind": "integration",
        "valid_from": datetime.date(2013, 12, 31),
        "valid_until": datetime.date(2025, 10, 31),
        "source": "§ 27 GO NRW in der bis 31.10.2025 geltenden Fassung",
        "sentence": (
            "Der Integrationsrat oder Integrationsausschuss kann sich mit allen Angelegenheiten der Gemeinde "
            "befassen. Bitte prüfen Sie, ob er vor der Entscheidung zu beteiligen ist."
        ),
    },
    {
        "land": "05",
        "committee_kind": "integration",
        "valid_from": datetime.date(2025, 11, 1),
        "valid_until": None,
        "source": "§ 27 GO NRW in der seit 01.11.2025 geltenden Fassung",
        "sentence": (
            "Seit dem 01.11.2025 tritt der Ausschuss für Chancengerechtigkeit und Integration an die Stelle "
            "des Integrationsrates. Bitte prüfen Sie, ob er vor der Entscheidung zu beteiligen ist."
        ),
    },
)


def load_rules(model: Any) -> None:
    """`model` is HearingRule, or what it is in a migration. What is there already stays as it is."""
    for rule in RULES:
        known = {name: rule[name] for name in ("land", "committee_kind", "valid_from")}
        model.objects.get_or_create(**known, defaults=rule)
