"""What is looked at in a route."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.checks.days import full_days
from committees.checks.facts import Facts, issued_on
from committees.checks.finding import ERROR, ROUTE, WARNING, Finding
from committees.grammar import Case, capitalised, enumerated
from committees.models import Committee, Consultation
from committees.models.routes import land_of

Rule = Callable[[Facts], Iterator[Finding]]

OUR_RULE = "Regel des Portals"
BEFORE_A_DECISION = (Consultation.Meaning.ADVISE, Consultation.Meaning.HEAR, Consultation.Meaning.RELEASE)


def anchor(stage: Consultation) -> str:
    return f"{ROUTE}#stufe-{stage.pk}"


def at_stage(
    stage: Consultation, code: str, severity: str, sentence: str, source: str, *about: object
) -> Finding:
    """`about` are the facts that make it this finding and no other."""
    subject = ":".join(str(part) for part in (stage.pk, *about))
    return Finding(code, severity, sentence, source, anchor(stage), subject=subject, stage=stage.pk)


def who(stage: Consultation, case: Case = Case.NOMINATIVE) -> str:
    return stage.committees_in_case(case)


def verb(stage: Consultation, one: str, several: str) -> str:
    return several if len(stage.committees()) > 1 else one


def no_route(facts: Facts) -> Iterator[Finding]:
    if not facts.route:
        sentence = _("Die Vorlage hat noch keine Beratungsfolge. Bitte legen Sie fest, wer sie berät.")
    elif not facts.stages:
        sentence = _("Alle Beratungen entfallen. Bitte nehmen Sie mindestens ein Gremium auf.")
    else:
        return
    yield Finding("no_route", ERROR, sentence, OUR_RULE, ROUTE)


def one_decision(facts: Facts) -> Iterator[Finding]:
    """Exactly one committee has the last word; none where the type of paper needs none."""
    if not facts.stages:
        return
    if not facts.deciding and facts.paper.paper_type.needs_decision:
        yield Finding(
            "no_decision",
            ERROR,
            _(
                "In der Beratungsfolge entscheidet niemand. Bitte tragen Sie bei dem Gremium, das "
                "entscheidet, die Bedeutung „entscheidet“ ein."
            ),
            _("Die Vorlagenart „%s“ braucht eine Entscheidung") % facts.paper.paper_type,
            ROUTE,
        )
    for stage in facts.deciding[:-1]:
        yield at_stage(
            stage,
            "several_decisions",
            ERROR,
            _(
                "Mehrere sollen entscheiden: %(several)s. Nur eine Entscheidung ist die letzte; "
                "bei den anderen passt „berät vor“ oder „nimmt zur Kenntnis“."
            )
            % {"several": enumerated([who(one) for one in facts.deciding])},
            OUR_RULE,
        )


def heard_before_decided(facts: Facts) -> Iterator[Finding]:
    """Who advises or is heard comes before the final decision, in the order and by the dates."""
    final = facts.final
    for stage in facts.stages:
        if final is None or stage.meaning not in BEFORE_A_DECISION or final.is_over:
            continue
        later = stage.date and final.date and stage.date > final.date
        if stage.position < final.position and not later:
            continue
        when = (
            _("am %s") % f"{stage.date:%d.%m.%Y}"
            if later and stage.date
            else _("als %d. Stufe") % stage.position
        )
        yield at_stage(
            stage,
            "decided_before_heard",
            ERROR,
            _(
                "%(decider)s %(decides)s, bevor %(heard)s an der Reihe %(is)s (%(when)s). "
                "Bitte ordnen Sie die Stufen oder Termine so, dass die Entscheidung am Ende steht."
            )
            % {
                "decider": capitalised(who(final)),
                "decides": verb(final, _("entscheidet"), _("entscheiden")),
                "heard": who(stage),
                "is": verb(stage, _("ist"), _("sind")),
                "when": when,
            },
            _("Wer vorberät oder angehört wird, kommt vor der Entscheidung (Regel des Portals)"),
        )


def dates_in_order(facts: Facts) -> Iterator[Finding]:
    before: Consultation | None = None
    for stage in facts.stages:
        if stage.date is None:
            continue
        if before is not None and before.date and stage.date < before.date:
            if stage is facts.final and before.meaning in BEFORE_A_DECISION:
                continue  # said there already
            yield at_stage(
                stage,
                "dates_out_of_order",
                ERROR,
                _(
                    "Die Sitzung am %(date)s liegt vor der Sitzung der früheren Stufe "
                    "„%(before)s“ am %(earlier)s. Bitte prüfen Sie Termine und Reihenfolge."
                )
                % {
                    "date": f"{stage.date:%d.%m.%Y}",
                    "before": before.committee_names(),
                    "earlier": f"{before.date:%d.%m.%Y}",
                },
                OUR_RULE,
            )
        else:
            before = stage


def may_decide(facts: Facts) -> Iterator[Finding]:
    for stage in facts.deciding:
        for committee in stage.committees():
            if committee.decides or committee.kind == Committee.Kind.COUNCIL:
                continue
            yield at_stage(
                stage,
                "may_not_decide",
                ERROR,
                _(
                    "%(committee)s darf nicht abschließend entscheiden. Bitte tragen Sie „berät vor“ ein und "
                    "lassen Sie das zuständige Gremium entscheiden. Stimmt das nicht, ändert die "
                    "Fachadministration die Angaben zum Gremium."
                )
                % {"committee": capitalised(committee.in_case(Case.NOMINATIVE))},
                _("Zuständigkeitsordnung Ihrer Kommune"),
                committee.pk,
            )


def summons_in_time(facts: Facts) -> Iterator[Finding]:
    land = land_of(facts.paper.municipality)
    for stage in facts.stages:
        meeting, issued = stage.meeting, issued_on(stage)
        if meeting is None or meeting.cancelled or stage.is_over:
            continue
        start = issued or facts.today
        if start > meeting.date:
            continue  # that is another matter, or long past
        for committee in stage.committees():
            days = committee.summons_days
            if not days:
                continue
            left = full_days(start, meeting.date, committee.summons_counts, land)
            if left >= days:
                continue
            yield at_stage(
                stage,
                "summons_short",
                WARNING,
                _summons(committee, stage, left, issued=issued is not None),
                _("Geschäftsordnung: Ladungsfrist %(days)s (%(counted)s)")
                % {
                    "days": ngettext("%d Tag", "%d Tage", days) % days,
                    "counted": committee.get_summons_counts_display(),
                },
                committee.pk,
                meeting.date,
            )


def _summons(committee: Committee, stage: Consultation, left: int, *, issued: bool) -> str:
    sentence = (
        _(
            "Zwischen der Ausfertigung und der Sitzung %(of)s am %(date)s %(left)s. "
            "Bitte wählen Sie eine spätere Sitzung oder klären Sie, ob die Frist verkürzt werden darf."
        )
        if issued
        else _(
            "Bis zur Sitzung %(of)s am %(date)s %(left)s. "
            "Bitte wählen Sie eine spätere Sitzung oder klären Sie, ob die Frist verkürzt werden darf."
        )
    )
    lies = ngettext("liegt nur %d voller Tag", "liegen nur %d volle Tage", left) % left
    return sentence % {
        "of": committee.in_case(Case.GENITIVE),
        "date": f"{stage.date:%d.%m.%Y}",
        "left": lies if left else _("liegt kein voller Tag"),
    }


def meeting_past(facts: Facts) -> Iterator[Finding]:
    """What is still to be sent out cannot go to a meeting that is over. What was released long ago, and
    whose issues are not known here, is measured by the day of its release."""
    day = facts.released_on if facts.paper.released else facts.today
    for stage in facts.stages:
        if day is None or stage.date is None or stage.is_over or issued_on(stage):
            continue
        if stage.date < day:
            yield at_stage(
                stage,
                "meeting_past",
                ERROR,
                _(
                    "Die Sitzung am %(date)s ist schon vorbei, und die Vorlage ist für sie nicht "
                    "ausgefertigt. Bitte wählen Sie eine kommende Sitzung."
                )
                % {"date": f"{stage.date:%d.%m.%Y}"},
                OUR_RULE,
            )


def meeting_stands(facts: Facts) -> Iterator[Finding]:
    """It is not cancelled, and it is one of the committee's own."""
    for stage in facts.stages:
        meeting = stage.meeting
        if meeting is None or stage.is_over:
            continue
        if meeting.cancelled:
            yield at_stage(
                stage,
                "meeting_cancelled",
                ERROR,
                _("Die Sitzung am %s ist abgesagt. Bitte wählen Sie eine andere.")
                % f"{meeting.date:%d.%m.%Y}",
                OUR_RULE,
            )
        sitting = {committee.pk for committee in meeting.committees.all()}
        missing = [committee for committee in stage.committees() if committee.pk not in sitting]
        if sitting and missing:
            yield at_stage(
                stage,
                "meeting_of_others",
                ERROR,
                _(
                    "„%(meeting)s“ ist keine Sitzung %(of)s. "
                    "Bitte wählen Sie eine Sitzung, in der alle Gremien dieser Stufe tagen."
                )
                % {
                    "meeting": meeting,
                    "of": enumerated([committee.in_case(Case.GENITIVE) for committee in missing]),
                },
                OUR_RULE,
            )


def who_must_be_heard(facts: Facts) -> Iterator[Finding]:
    """What the law of the Land says on the day of the decision; the sentence is the rule's own."""
    if not facts.stages:
        return
    for rule in facts.rules:
        if not rule.applies_to(facts.paper.municipality, facts.day_of_law):
            continue
        known = [one for one in facts.committees if one.kind == rule.committee_kind]
        if any(_is_heard(stage, rule.committee_kind, facts) for stage in facts.stages):
            continue
        names = enumerated([str(one) for one in known])
        found = _("In Ihrer Kommune ist das: %s.") % names if known else _("Angelegt ist hier keines.")
        yield Finding(
            "not_heard",
            WARNING,
            _(
                "%(sentence)s In der Beratungsfolge kommt vor der Entscheidung kein solches Gremium vor. "
                "%(found)s"
            )
            % {"sentence": rule.sentence, "found": found},
            rule.source,
            ROUTE,
            subject=f"{rule.pk}",
        )


def _is_heard(stage: Consultation, kind: str, facts: Facts) -> bool:
    final = facts.final
    in_time = final is None or stage.position <= final.position
    return in_time and any(committee.kind == kind for committee in stage.committees())


def non_public_stays_inside(facts: Facts) -> Iterator[Finding]:
    """A public stage shows what lies before it to everybody."""
    paper = facts.paper
    public = [stage for stage in facts.stages if stage.treatment == Consultation.Treatment.PUBLIC]
    if not paper.public:
        for stage in public:
            yield at_stage(
                stage,
                "public_stage_of_non_public_paper",
                ERROR,
                _(
                    "Die Vorlage ist nichtöffentlich (%(reason)s), hier soll sie öffentlich beraten werden. "
                    "Bitte stellen Sie die Behandlung auf „nichtöffentlich“."
                )
                % {"reason": paper.non_public_reason},
                _("Öffentlichkeit der Sitzungen nach der Kommunalverfassung (%s)")
                % paper.municipality.get_state_law_display(),
            )
        return
    hidden = [attachment for attachment in facts.attachments if not attachment.public]
    for attachment in hidden if public else ():
        names = enumerated([stage.committee_names() for stage in public])
        yield Finding(
            "non_public_attachment",
            WARNING,
            _(
                "Die Anlage „%(title)s“ ist nichtöffentlich, die Vorlage wird öffentlich beraten "
                "(%(names)s). Bitte prüfen Sie, ob sie ohne diese Anlage verständlich ist."
            )
            % {"title": attachment.title, "names": names},
            _("Öffentlichkeit der Sitzungen nach der Kommunalverfassung (%s)")
            % paper.municipality.get_state_law_display(),
            ROUTE,
            subject=f"{attachment.pk}:{'-'.join(str(stage.pk) for stage in public)}"[:200],
        )


ROUTE_RULES: tuple[Rule, ...] = (
    no_route,
    heard_before_decided,
    dates_in_order,
    one_decision,
    may_decide,
    meeting_stands,
    meeting_past,
    non_public_stays_inside,
    summons_in_time,
    who_must_be_heard,
)
