"""What a stage makes of the text: its answers to the amendments, and the wording that is resolved.

Called by the recording of a result, which holds the paper.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.actions.amending import decide_amendment
from committees.carrying import CarriedPoint, points_after
from committees.models import Amendment, Consultation, Paper, ResolvedPoint
from concepts.actions.signing import sign
from municipalities.models import User

Outcome = Consultation.Outcome
# The committee has dealt with the text; every amendment that was moved there has an answer then.
DEALT_WITH = (Outcome.ACCEPTED, Outcome.AMENDED, Outcome.REJECTED, Outcome.NOTED, Outcome.WITHOUT_VOTE)
CARRIED, ORIGINAL = "carried", "original"
BESIDE = "beside"
"""Accepted as another wording beside the text."""


def decide_amendments(
    stage: Consultation, answers: Mapping[int, str], outcome: str, by: User, reason: str
) -> None:
    """`answers` are states, or `BESIDE`, by the amendment's id."""
    amendments = list(stage.amendments.order_by("number"))
    if outcome in DEALT_WITH:
        for amendment in amendments:
            if answers.get(amendment.pk, amendment.state) == Amendment.State.MOVED:
                raise ValidationError(
                    {
                        f"antrag-{amendment.pk}-state": _(
                            "Bitte tragen Sie ein, was aus dem Änderungsantrag %d wurde."
                        )
                        % amendment.number
                    }
                )
    wanted = {one.pk: _answer(one, answers.get(one.pk)) for one in amendments}
    changes_text = [one for one in amendments if wanted[one.pk] == (Amendment.State.ACCEPTED, False)]
    if outcome == Outcome.ACCEPTED and changes_text:
        raise ValidationError(
            {
                "outcome": _(
                    "Der Änderungsantrag %d ist angenommen. Das Ergebnis ist dann „geändert angenommen“."
                )
                % changes_text[0].number
            }
        )
    changed = [one for one in amendments if wanted[one.pk] != (one.state, one.beside)]
    # What is taken back goes first, so that the others find the text without it.
    changed.sort(key=lambda one: (wanted[one.pk][0] == Amendment.State.ACCEPTED, one.number))
    for amendment in changed:
        state, beside = wanted[amendment.pk]
        try:
            decide_amendment(amendment=amendment, state=state, beside=beside, by=by, reason=reason)
        except ValidationError as error:
            raise ValidationError({f"antrag-{amendment.pk}-state": error.messages}) from error


def _answer(amendment: Amendment, typed: str | None) -> tuple[str, bool]:
    """Its state, and whether it stands beside the text."""
    if typed == BESIDE:
        return (Amendment.State.ACCEPTED, True)
    if typed == Amendment.State.ACCEPTED:
        return (typed, False)
    return (typed or amendment.state, amendment.beside)


def wording_key(row: CarriedPoint) -> str:
    """Names a point of the text in the form: those that an amendment added have no row of their own."""
    if row.point is not None:
        return str(row.point.pk)
    return f"neu-{row.changes[0].pk}" if row.changes else f"neu-{row.position}"


def resolves(stage: Consultation, outcome: str) -> bool:
    """Whether the text is fast with this result."""
    return stage.meaning == Consultation.Meaning.DECIDE and outcome in (Outcome.ACCEPTED, Outcome.AMENDED)


def write_resolved(
    stage: Consultation, wordings: Mapping[str, str], rejected: Collection[int | None], by: User, reason: str
) -> None:
    """`wordings` are the choices by `wording_key`; `rejected` the points that found no majority."""
    rows = resolved_rows(stage, wordings, rejected) if resolves(stage, stage.outcome) else []
    replace_resolved(stage, rows, by, reason)


def resolved_rows(
    stage: Consultation, wordings: Mapping[str, str], rejected: Collection[int | None]
) -> list[dict[str, Any]]:
    """Each point in the wording that was chosen; one that is struck is none."""
    if stage.own_wording:
        return [{"position": 1, "point_id": None, "text": stage.own_wording}]
    rows: list[dict[str, Any]] = []
    # Read anew: what was decided a moment ago is in the database only.
    for row in points_after(Paper.objects.get(pk=stage.paper_id), stage):
        chosen = wordings.get(wording_key(row), "")
        text, origin = chosen_text(row, chosen)
        if text:
            point = row.point.pk if row.point else None
            rows.append(
                {
                    "position": len(rows) + 1,
                    "point_id": point,
                    "text": text,
                    "origin": origin,
                    "rejected": point is not None and point in rejected,
                }
            )
    return rows


def chosen_text(row: CarriedPoint, chosen: str) -> tuple[str, str]:
    name = f"wortlaut-{wording_key(row)}"
    if not chosen and row.alternatives:
        raise ValidationError(
            {name: _("Hier gibt es mehrere Wortlaute. Bitte wählen Sie den, der beschlossen ist.")}
        )
    match chosen:
        case "" | "carried":
            return row.text, ResolvedPoint.Origin.CARRIED
        case "original" if row.original:
            return row.original, ResolvedPoint.Origin.ORIGINAL
    other = next((one for one in row.alternatives if str(one.pk) == chosen), None)
    if other is None:
        raise ValidationError({name: _("Diesen Wortlaut gibt es nicht mehr. Bitte wählen Sie noch einmal.")})
    return other.after, ResolvedPoint.Origin.ALTERNATIVE


def replace_resolved(stage: Consultation, rows: list[dict[str, Any]], by: User, reason: str) -> None:
    old = list(stage.resolved_points.order_by("position"))
    defaults = {"origin": ResolvedPoint.Origin.CARRIED, "rejected": False}
    wanted = [defaults | row for row in rows]
    names = ("position", "point_id", "text", "origin", "rejected")
    if [{name: getattr(row, name) for name in names} for row in old] == [
        {name: row[name] for name in names} for row in wanted
    ]:
        return
    if old:
        check_nothing_came_of_it(stage)
    for row in old:
        sign(row, by=by, reason=reason)
        row.delete()
    for values in wanted:
        row = ResolvedPoint(consultation=stage, **values)
        sign(row, by=by, reason=reason)
        row.save()


def check_nothing_came_of_it(stage: Consultation) -> None:
    """What was made of a resolution cannot be without it."""
    follows = (
        stage.tasks.exists()
        or stage.measure_decisions.exists()
        or Consultation.objects.filter(pk=stage.pk, resolved_version__isnull=False).exists()
    )
    if follows:
        raise ValidationError(
            _(
                "Aus diesem Beschluss sind schon Aufträge, Entscheidungen über Maßnahmen oder eine "
                "beschlossene Fassung entstanden. Ergebnis und Text bleiben deshalb; Stimmen, Wortlaut des "
                "Ergebnisses und Bemerkung lassen sich berichtigen."
            )
        )
