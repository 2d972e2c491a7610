"""Which pages are shown: each the way one of the demo users finds it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from committees.actions.amending import decide_amendment, move_amendment
from committees.actions.attending import Befangen, Guest, record_attendance
from committees.actions.checking import overrule
from committees.actions.issuing import issue_stage
from committees.actions.minutes import agree_minutes, begin_minutes, sign_minutes
from committees.actions.routing import strike_stage, take_over
from committees.actions.signing import Planned, countersign, start_signing, text_changed
from committees.attendance import Presence
from committees.checks import findings_of
from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    Committee,
    CommitteeSeat,
    Consultation,
    Faction,
    FactionVote,
    Meeting,
    Paper,
    PaperRelation,
    ResolutionTask,
    RouteTemplate,
    Section,
    SigningRequest,
)
from committees.signatures import chain_for, proposed
from committees.signed_content import content_of, fingerprint
from concepts.actions.talk import add_comment, refuse, suggest
from concepts.kinds import workbench_url
from concepts.models import Indicator, Measure
from council.actions.asking import answer, ask
from council.actions.factions import intend
from council.actions.former_notes import token_for
from council.actions.keys import make_link
from council.actions.notes import ask_to_be_reminded, share_note, write_note
from council.actions.reading import mark_read
from council.contents import Contents
from council.models import PrivateNote, ReadMark
from municipalities.models import Municipality, Person, User
from participation.models import Decision, Event, Group, MeasureProposal, Process
from tests.committees.decided import decided_paper
from tests.council.coming import answered, coming

SHOWN = "leverkusen"
"""The town with the longest route and the fullest concept."""
BEFORE = "<p>Gefördert werden 20 Sprachpatenschaften in vier Städten des Kreises.</p>"
AFTER = "<p>Gefördert werden 25 Sprachpatenschaften in allen Städten des Kreises.</p>"
AGENDA = [
    ("1", "Eröffnung der Sitzung"),
    ("2", "Niederschriften"),
    ("2.1", "Niederschrift der 12. Sitzung"),
    ("2.2", "Niederschrift der 13. Sitzung"),
    ("3", "Integrationskonzept der Stadt Leverkusen: Stand der Umsetzung"),
    ("4", "Besuch des Sprachcafés"),
    ("5", "Mitteilungen der Verwaltung"),
    ("6", "Anfragen"),
    ("7", "Förderung einzelner Vereine"),
]
LATER = "<p>Über den Fortgang wird dem Integrationsrat halbjährlich berichtet.</p>"


@dataclass(frozen=True)
class Shot:
    """`name` is the picture's file name; without `who` nobody is logged in."""

    name: str
    address: str
    who: str = ""
    status: int = 200


def demo_user(role: str, town: str = SHOWN) -> User:
    return User.objects.get(email=f"{role}@{town}.example")


def workbench_shots(measure: Measure) -> Iterator[Shot]:
    base = workbench_url(measure.concept)
    yield Shot("workbench", base, "redaktion")
    yield Shot("workbench-measure", workbench_url(measure.concept, measure), "redaktion")
    yield Shot("workbench-measures", f"{base}massnahmen/", "redaktion")
    yield Shot("workbench-gaps", f"{base}vollstaendigkeit/", "redaktion")
    yield Shot("workbench-history", f"{base}verlauf/", "redaktion")


def shots() -> Iterator[Shot]:
    paper = Paper.objects.filter(municipality__slug=SHOWN).order_by("pk")[0]
    first = paper.consultations.get(position=1)
    if not first.issues.exists():
        issue_stage(consultation=first, by=demo_user("sitzungsdienst"))
    left_out = Consultation.objects.get(paper__municipality__slug="bergkamen", left_out=True)
    concept = paper.concept.get_absolute_url()
    measure = Measure.objects.filter(concept=paper.concept, track=Measure.Track.DELAYED)[0]
    indicator = Indicator.objects.filter(concept=paper.concept, targets__isnull=False)[0]
    group = Group.objects.filter(municipality__slug=SHOWN).order_by("pk")[0]
    if LATER not in measure.text:  # so that there is something to compare the frozen version with
        measure.text += LATER
        measure.save()

    yield Shot("login", reverse("account_login"))
    yield Shot("login-code", reverse("account_request_login_code"))
    yield Shot("start", reverse("desk:start"), "sitzungsdienst")
    yield Shot("start-fachamt", reverse("desk:start"), "fachamt")
    yield Shot("concepts", reverse("concepts:list", args=[SHOWN]), "redaktion")
    yield Shot("concept", concept, "redaktion")
    yield Shot("concept-search", f"{concept}?suche=sprachkurs", "redaktion")
    yield Shot("concept-measure", f"{concept}massnahmen/{measure.pk}/", "redaktion")
    yield Shot("concept-indicator", f"{concept}indikatoren/{indicator.pk}/", "redaktion")
    yield Shot("concept-version", f"{concept}fassungen/1/", "redaktion")
    yield Shot("concept-versions", f"{concept}bearbeiten/fassungen/", "redaktion")
    yield Shot("concept-synopsis", f"{concept}vergleich/", "redaktion")
    yield from workbench_shots(measure)
    yield from talk_shots(measure)
    yield Shot("search", f"{reverse('search:results')}?q=beratung", "redaktion")
    yield Shot("search-help", reverse("search:results"), "redaktion")
    yield Shot("participation", reverse("participation:overview", args=[SHOWN]), "moderation")
    yield Shot("group", reverse("participation:group", args=[SHOWN, group.pk]), "mitglied")
    yield from event_shots()
    yield Shot("group-new", reverse("participation:group_add", args=[SHOWN]), "redaktion")
    yield Shot("group-managed", reverse("participation:group", args=[SHOWN, group.pk]), "redaktion")
    yield from proposal_shots()
    yield Shot("papers", reverse("committees:paper_list", args=[SHOWN]), "sitzungsdienst")
    yield Shot("paper", paper.get_absolute_url(), "sitzungsdienst")
    yield Shot("stage", stage_address(paper.consultations.get(position=2)), "sitzungsdienst")
    yield Shot("stage-issued", stage_address(first), "sitzungsdienst")
    yield Shot("paper-left-out", left_out.paper.get_absolute_url(), "sitzungsdienst@bergkamen")
    yield Shot("issues", f"{paper.get_absolute_url()}ausfertigungen/", "sitzungsdienst")
    yield Shot("publicity", f"{paper.get_absolute_url()}oeffentlichkeit/", "sitzungsdienst")
    recall = reverse("committees:recall", args=[SHOWN, first.issues.all()[0].pk])
    yield Shot("recall", recall, "sitzungsdienst")
    yield Shot("paper-new", reverse("committees:create", args=[SHOWN]), "redaktion")
    writing = being_written(paper).get_absolute_url()
    yield Shot("writing", f"{writing}schreiben/", "redaktion")
    yield Shot("attachment-new", f"{writing}anlagen/neu/", "redaktion")
    yield Shot("verify", reverse("verifying:verify"))
    yield Shot("relations", f"{with_family(paper).get_absolute_url()}bezuege/", "sitzungsdienst")
    yield from decided_shots(decided_paper(paper))
    yield from signing_shots()
    yield from preparing_shots()
    yield from route_shots(planned(paper))
    yield from minutes_shots()
    yield from result_shots(paper)
    yield from amending_shots(paper)
    yield from meeting_shots()
    yield from council_shots(paper)
    yield Shot("not-found", "/hier-ist-nichts/", "sitzungsdienst", status=404)
    yield Shot("administration", reverse("admin:index"), "fachadministration")
    yield Shot(
        "administration-paper",
        reverse("admin:committees_paper_change", args=[paper.pk]),
        "fachadministration",
    )


def council_shots(paper: Paper) -> Iterator[Shot]:
    """What a member of the Integrationsrat and of the council reads, before and after two committees met."""
    by, stages = demo_user("ratsmitglied"), list(paper.consultations.all())
    if not ReadMark.objects.filter(user=by, paper=paper).exists():
        mark_read(paper=paper, user=by, seen=str(Paper.objects.get(pk=paper.pk).revision))
        answered(stages[0])
        Ballot.objects.create(consultation=stages[0], position=1, votes_for=12, votes_against=2)
        answered(stages[1], "mehrheitlich empfohlen")
        coming(stages[2])
        coming(stages[-1], "7", days=30)
    own = f"/{SHOWN}/rat/vorlagen/{paper.pk}/"
    yield Shot("my-committees", reverse("council:committees", args=[SHOWN]), "ratsmitglied")
    yield Shot("my-committees-offline", reverse("council:committees_offline", args=[SHOWN]), "ratsmitglied")
    yield Shot("reading", own, "ratsmitglied")
    yield Shot("reading-changes", f"{own}aenderungen/?seit=gelesen", "ratsmitglied")
    yield Shot("reading-offline", f"{own}ohne-verbindung/", "ratsmitglied")
    yield Shot("reading-changes-offline", f"{own}aenderungen/ohne-verbindung/", "ratsmitglied")


def meeting_shots() -> Iterator[Shot]:
    """Committees and meetings, as the council service keeps them and as a member reads them."""
    meeting = to_come()
    address, committee = meeting.get_absolute_url(), meeting.committees.all()[0].get_absolute_url()
    yield Shot("committees", reverse("committees:committee_list", args=[SHOWN]), "sitzungsdienst")
    yield Shot("committee", committee, "sitzungsdienst")
    yield Shot("seat-of-committee", f"{committee}sitze/neu/", "sitzungsdienst")
    yield Shot("meetings", reverse("committees:meeting_list", args=[SHOWN]), "sitzungsdienst")
    yield Shot("meeting-new", reverse("committees:meeting_add", args=[SHOWN]), "sitzungsdienst")
    yield Shot("meeting", address, "ratsmitglied")
    yield Shot("meeting-offline", f"{address}ohne-verbindung/", "ratsmitglied")
    yield Shot("agenda", f"{address}tagesordnung/", "sitzungsdienst")
    yield Shot("invitation", f"{address}einladung/", "sitzungsdienst")
    yield Shot("invitation-read", f"{address}einladung/", "ratsmitglied")


def to_come() -> Meeting:
    """A meeting that is being prepared: two parts, sub-items, a stage on the agenda and one that waits."""
    committee = Committee.objects.get(municipality__slug=SHOWN, kind=Committee.Kind.INTEGRATION)
    day = timezone.localdate() + datetime.timedelta(days=30)
    known = Meeting.objects.filter(committees=committee, date=day).first()
    if known is not None:
        return known
    meeting = Meeting.objects.create(
        municipality=committee.municipality,
        title="14. Sitzung des Integrationsrates",
        date=day,
        start=datetime.time(17),
        end=datetime.time(20),
        place="Rathaus, Ratssaal",
    )
    meeting.committees.add(committee)
    rows: dict[str, AgendaItem] = {}
    for position, (number, title) in enumerate(AGENDA, start=1):
        rows[number] = AgendaItem.objects.create(
            meeting=meeting,
            position=position,
            number=number,
            title=title,
            public=number != "7",
            parent=rows.get(number.partition(".")[0]),
            taken_off=number == "4",
        )
    paper = Paper.objects.filter(municipality__slug=SHOWN, state=Paper.State.RELEASED).order_by("pk")[0]
    last = paper.consultations.count()
    for number, item in enumerate((rows["3"], None), start=1):
        Consultation.objects.create(
            paper=paper,
            position=last + number,
            committee=committee,
            role="Bericht",
            meeting=meeting,
            agenda_item=item,
        )
    return meeting


def being_written(paper: Paper) -> Paper:
    """A draft about the same concept."""
    draft, new = Paper.objects.get_or_create(
        municipality=paper.municipality,
        subject="Sprachkurse in den Stadtbezirken",
        defaults={
            "paper_type": paper.paper_type,
            "layout": paper.layout,
            "department": paper.department,
            "author": paper.author,
            "contact": paper.contact,
            "concept": paper.concept,
            "process": paper.process,
            "resolution_opening": paper.resolution_opening,
        },
    )
    if new:
        text = "<p>Die Verwaltung wird beauftragt, Sprachkurse in allen Stadtbezirken anzubieten.</p>"
        reasons = "<p>Die Wege zu den bisherigen Kursen sind weit.</p>"
        draft.resolution_points.create(position=1, text=text, reasons=reasons)
        draft.sections.create(key="begruendung", body="<p>Der Rat hat das Konzept beschlossen.</p>")
    return draft


def planned(like: Paper) -> Paper:
    """A new paper of the town whose route is being planned; some of it is not right yet."""
    subject = "Bericht über die Umsetzung des Integrationskonzepts"
    known = Paper.objects.filter(municipality=like.municipality, subject=subject).first()
    if known is not None:
        return known
    paper: Paper = Paper.objects.create(
        municipality=like.municipality, paper_type=like.paper_type, layout=like.layout, subject=subject
    )
    by = demo_user("sitzungsdienst")
    template = RouteTemplate.objects.get(municipality=like.municipality)
    stages = take_over(paper=paper, template=template, by=by)
    for stage, days in zip(stages, (5, 24, 20, 30), strict=False):
        date = timezone.localdate() + datetime.timedelta(days=days)
        start = datetime.time(17)
        meeting = Meeting.objects.create(
            municipality=like.municipality, title=f"Sitzung: {stage.committee}", date=date, start=start
        )
        meeting.committees.set([stage.committee])
        stage.meeting = meeting
        stage.save()
    strike_stage(stage=stages[6], by=by, reason="Der Stadtbezirk III ist nicht betroffen.")
    short = next(finding for finding in findings_of(paper) if finding.code == "summons_short")
    reason = "Der Vorsitz hat die Ladungsfrist mit Zustimmung der Fraktionen verkürzt."
    overrule(paper=paper, code=short.code, subject=short.subject, reason=reason, by=by)
    return paper


def route_shots(paper: Paper) -> Iterator[Shot]:
    base = f"{paper.get_absolute_url()}beratungsfolge/"
    stage = paper.consultations.all()[0]
    yield Shot("route", base, "sitzungsdienst")
    yield Shot("route-stage", f"{base}{stage.pk}/", "sitzungsdienst")
    yield Shot("route-strike", f"{base}{stage.pk}/streichen/", "sitzungsdienst")
    yield Shot("checks", f"{paper.get_absolute_url()}pruefung/", "sitzungsdienst")


def result_shots(paper: Paper) -> Iterator[Shot]:
    """The council's meeting: its item with the form of a result, and one without a Vorlage."""
    stage = paper.consultations.filter(meeting__isnull=False, left_out=False).order_by("-position")[0]
    meeting = stage.meeting
    if stage.agenda_item is None:
        stage.agenda_item, _new = meeting.agenda.get_or_create(position=90, number="90", title=paper.subject)
        stage.save()
    free, _new = meeting.agenda.get_or_create(position=91, number="91", title="Mitteilungen der Verwaltung")
    base = f"{meeting.get_absolute_url()}ergebnisse/"
    yield Shot("results", base, "sitzungsdienst")
    yield Shot("result", f"{base}{stage.agenda_item_id}/", "sitzungsdienst")
    yield Shot("result-free-item", f"{base}{free.pk}/", "sitzungsdienst")
    of_stage = f"{stage_address(paper.consultations.get(position=1))}ergebnis/"
    yield Shot("result-of-stage", of_stage, "sitzungsdienst")
    yield Shot("result-remove", f"{of_stage}entfernen/", "sitzungsdienst")


def amending_shots(paper: Paper) -> Iterator[Shot]:
    """A point is changed, another one stands in two wordings, and one is still to be decided."""
    if not paper.amendments.exists():
        amend(paper)
    base = f"{paper.get_absolute_url()}aenderungen/"
    point = paper.resolution_points.all()[0]
    yield Shot("amendments", base, "sitzungsdienst")
    yield Shot("amendment", f"{base}3/", "sitzungsdienst")
    yield Shot("amendment-target", f"{base}neu/", "sitzungsdienst")
    yield Shot("amendment-new", f"{base}neu/?beratung=4&ziel=punkt-{point.pk}", "sitzungsdienst")


def amend(paper: Paper) -> None:
    by = demo_user("sitzungsdienst")
    first, second = paper.resolution_points.all()[:2]
    group, _new = Faction.objects.get_or_create(municipality=paper.municipality, name="Fraktion der Mitte")
    longer = first.text.replace("</p>", " Über den Fortgang wird jährlich berichtet.</p>", 1)
    other = "<p>Das Konzept wird zunächst für zwei Jahre erprobt. Danach berichtet die Verwaltung.</p>"
    reason, comment = "Der Rat soll wissen, was daraus wird.", "Die Förderung setzt einen Beschluss voraus."
    for position, point, after, beside, more in (
        (1, first, longer, False, {"faction": group, "reason": reason}),
        (2, second, other, True, {"comment": comment}),
        (3, second, "", None, {"faction": group}),
    ):
        stage = paper.consultations.get(position=position)
        amendment = Amendment(
            paper=paper, consultation=stage, point=point, before=point.text, after=after, **more
        )
        move_amendment(amendment=amendment, by=by)
        if beside is not None:
            decide_amendment(amendment=amendment, state="accepted", beside=beside, by=by)


def decided_shots(stage: Consultation) -> Iterator[Shot]:
    """What comes after a decision."""
    base = f"{stage.paper.get_absolute_url()}beschluss/"
    late = ResolutionTask.objects.overdue().filter(consultation=stage)[0]
    amended = Amendment.objects.filter(consultation=stage, measure__isnull=False)[0]
    assert amended.measure is not None
    yield Shot("after", base, "sitzungsdienst")
    yield Shot("after-version", f"{base}fassung/", "redaktion")
    yield Shot("after-measures", f"{base}massnahmen/", "sitzungsdienst")
    yield Shot("after-measures-field", f"{base}massnahmen/?feld={amended.measure.field_id}", "sitzungsdienst")
    yield Shot("after-tasks", f"{base}auftraege/", "sitzungsdienst")
    yield Shot("after-task", f"{base}auftrag/", "sitzungsdienst")
    yield Shot("tasks", f"{reverse('committees:task_list', args=[SHOWN])}?stand=alle", "sitzungsdienst")
    yield Shot("task", late.get_absolute_url(), "fachamt")
    yield Shot("task-edit", f"{late.get_absolute_url()}bearbeiten/", "sitzungsdienst")


def with_family(paper: Paper) -> Paper:
    """With a supplement, a motion to amend it, and a motion to amend that one."""
    place = paper
    for kind, ending in (("supplements", "/1"), ("amends", "-Ä1"), ("amends", "-Ä1")):
        number = f"{place.number}{ending}"
        known = Paper.objects.filter(municipality=paper.municipality, number=number).first()
        if known is None:
            known = Paper.objects.create(
                municipality=paper.municipality,
                paper_type=paper.paper_type,
                layout=paper.layout,
                subject="Umsetzung des Integrationskonzepts in den Stadtbezirken",
                number=number,
                date=paper.date,
                state=Paper.State.RELEASED if kind == "supplements" else Paper.State.DRAFT,
            )
            PaperRelation.objects.create(paper=known, kind=kind, other=place)
        place = known
    return paper


def signing_shots() -> Iterator[Shot]:
    """Mettmann's: one paper that waits for the Kreiskämmerin, signed by others before and changed since, and
    one before its start."""
    town = "kreis-mettmann"
    like = Paper.objects.filter(municipality__slug=town).order_by("pk")[0]
    waiting, draft = (
        Paper.objects.create(
            municipality=like.municipality,
            paper_type=like.paper_type,
            layout=like.layout,
            subject=subject,
            department=like.department,
            author=like.author,
            costs=Paper.Costs.SOME,
            cost_amount=12_500,
            cost_coverage="Produkt 050701, Sachkonto 531800",
            concept=like.concept,
        )
        for subject in ("Förderung der Sprachpatenschaften 2016", "Bericht zum Kreisintegrationskonzept")
    )
    block = waiting.layout.blocks.filter(kind="section").exclude(title="")[0]
    text = Section.objects.create(paper=waiting, key=block.key, body=BEFORE)
    chain = chain_for(waiting)
    assert chain is not None
    author = demo_user("redaktion", town)
    planned = [
        Planned(one.step.position, one.step.title, one.person, by_author=one.step.position == 1)
        for one in proposed(waiting, chain)
    ]
    start_signing(paper=waiting, planned=planned, by=author)
    for name, remark in (("amtsleitung", ""), ("mitzeichnung", "Die Mittel stehen im Haushalt 2016 bereit.")):
        row = SigningRequest.objects.asked().get(round__paper=waiting, person__user=demo_user(name, town))
        seen = fingerprint(content_of(waiting))
        countersign(request=row, by=demo_user(name, town), seen=seen, remark=remark)
    text.body = AFTER
    text.save()
    text_changed(paper=waiting, by=author)
    row = SigningRequest.objects.asked().get(
        round__paper=waiting, person__user=demo_user("mitzeichnung", town)
    )
    yield Shot("signing", f"{waiting.get_absolute_url()}mitzeichnung/", f"redaktion@{town}")
    yield Shot("signing-start", f"{draft.get_absolute_url()}mitzeichnung/", f"redaktion@{town}")
    yield Shot("countersign", row.get_absolute_url(), f"mitzeichnung@{town}")
    yield Shot("signing-list", reverse("committees:signing_list", args=[town]), f"mitzeichnung@{town}")
    yield Shot("release", f"{waiting.get_absolute_url()}freigabe/", f"sitzungsdienst@{town}")
    yield Shot("released", f"{like.get_absolute_url()}freigabe/", f"sitzungsdienst@{town}")
    yield Shot("deputies", reverse("committees:deputies", args=[town]), f"mitzeichnung@{town}")


def preparing_shots() -> Iterator[Shot]:
    """Mettmann's, for a paper that its committees deal with soon: what a member prepares, alone and with the
    faction, and what the administration has to do with it."""
    town = "kreis-mettmann"
    paper = Paper.objects.filter(municipality__slug=town, state=Paper.State.RELEASED).order_by("pk")[0]
    member, clerk = demo_user("ratsmitglied", town), demo_user("sitzungsdienst", town)
    faction, stage = prepared(paper, member)
    base = f"/{town}/rat/vorlagen/{paper.pk}/"
    note = write_note(
        paper=paper, by=member, kind="note", passage="punkt-1", text="Was sagt der Sozialausschuss dazu?"
    )
    words = " ".join(strip_tags(paper.resolution_points.all()[0].text).split()[:6])
    write_note(paper=paper, by=member, kind="mark", passage="punkt-1", text="", quote=words)
    share_note(note=note, faction=faction, by=member)
    day = timezone.localdate() + datetime.timedelta(days=7)
    ask_to_be_reminded(paper=paper, by=member, day=day)
    text = "Was kosten die Sprachpatenschaften im dritten Jahr?"
    question = ask(paper=paper, by=member, passage="", text=text)
    answered = ask(paper=paper, by=member, passage="punkt-1", text="Wann liegt der erste Bericht vor?")
    text = "Im Herbst, rechtzeitig vor den Beratungen über den Haushalt."
    answer(question=answered, by=clerk, text=text, audience="committee", seen="")
    yield Shot("council-marked", base, f"ratsmitglied@{town}")
    yield Shot("council-notes", f"{base}notizen/", f"ratsmitglied@{town}")
    yield Shot("council-note-edit", f"{base}notizen/{note.pk}/", f"ratsmitglied@{town}")
    yield Shot("council-my-notes", f"/{town}/rat/notizen/", f"ratsmitglied@{town}")
    former = User(pk=member.pk, email="frueher@kreis-mettmann.example")
    sealed = Contents("Von einer früheren Adresse.").sealed(user=former, paper_id=paper.pk)
    PrivateNote.objects.create(user=member, paper=paper, sealed=sealed)
    taking = f"/{town}/rat/notizen/mitnehmen/"
    yield Shot("council-former-notes", taking, f"ratsmitglied@{town}")
    token = token_for(member, former.email)
    yield Shot("council-former-notes-taken", f"{taking}{token}/", f"ratsmitglied@{town}")
    yield Shot("council-former-notes-closed", f"{taking}alt/", f"ratsmitglied@{town}", status=404)
    yield Shot("council-reminders", f"/{town}/rat/erinnerungen/", f"ratsmitglied@{town}")
    yield Shot("council-calendar", f"/{town}/rat/kalender/", f"ratsmitglied@{town}")
    yield Shot("council-faction", f"/{town}/rat/fraktion/{faction.pk}/", f"ratsmitglied@{town}")
    yield Shot(
        "council-faction-item",
        f"/{town}/rat/fraktion/{faction.pk}/beratung/{stage.pk}/",
        f"ratsmitglied@{town}",
    )
    yield Shot("council-faction-staff", f"/{town}/rat/fraktionen/", f"sitzungsdienst@{town}")
    yield Shot(
        "council-faction-staff-new",
        f"/{town}/rat/fraktionen/{faction.pk}/mitarbeit/",
        f"sitzungsdienst@{town}",
    )
    yield Shot("council-questions-open", f"/{town}/rat/fragen/", f"sitzungsdienst@{town}")
    yield Shot("council-question", f"{base}fragen/{question.pk}/", f"sitzungsdienst@{town}")
    meeting = stage.meeting
    assert meeting is not None
    _link, token = make_link(meeting=meeting, by=clerk, holder="Lokalredaktion", last_day=day)
    yield Shot("council-reading-links", f"{meeting.get_absolute_url()}leselinks/", f"sitzungsdienst@{town}")
    yield Shot("council-reading-link", f"/lesen/{token}/")
    yield Shot("council-reading-link-closed", "/lesen/abgelaufen/", status=404)


def prepared(paper: Paper, member: User) -> tuple[Faction, Consultation]:
    """The member's faction, and a stage of its committees in a meeting that is still to come, with what the
    faction intends."""
    seats = CommitteeSeat.objects.open().filter(person__user=member).exclude(faction=None)
    seat = seats.filter(committee__in=paper.consultations.values("committee")).select_related("faction")[0]
    stage = paper.consultations.filter(committee=seat.committee, left_out=False)[0]
    meeting, new = Meeting.objects.get_or_create(
        municipality=paper.municipality,
        title=f"Nächste Sitzung: {seat.committee}",
        date=timezone.localdate() + datetime.timedelta(days=10),
        defaults={"start": datetime.time(17), "place": "Kreishaus, Saal 1.601"},
    )
    if new:
        meeting.committees.set([seat.committee])
        stage.meeting = meeting
        stage.agenda_item = meeting.agenda.create(position=1, number="4", title=paper.subject)
        stage.save()
    faction = seat.faction
    words = {"speaker": seat.person.name, "remark": "Nur mit jährlichem Bericht."}
    known = faction.intended_votes.filter(consultation=stage).first()
    if known is None:
        intend(stage=stage, faction=faction, by=member, vote="for", seen="", **words)
    return faction, stage


def proposal_shots() -> Iterator[Shot]:
    """Göttingen's, which have all ends."""
    town = "goettingen"
    process = Process.objects.get(municipality__slug=town)
    partly = MeasureProposal.objects.get(process=process, decision__kind=Decision.Kind.PARTLY)
    waiting = MeasureProposal.objects.get(process=process, state=MeasureProposal.State.REVIEW)

    def of(name: str, pk: int) -> str:
        return reverse(f"participation:{name}", args=[town, pk])

    yield Shot("proposals", of("proposals", process.pk), f"mitglied@{town}")
    yield Shot("proposal-new", of("proposal_new", process.pk), f"mitglied@{town}")
    yield Shot("proposal", of("proposal", partly.pk), f"mitglied@{town}")
    yield Shot("proposal-work", of("proposal_work", process.pk), f"redaktion@{town}")
    yield Shot("proposal-take-over", of("proposal_take_over", waiting.pk), f"redaktion@{town}")
    yield Shot("proposal-publish", of("proposal_publish", process.pk), f"redaktion@{town}")
    yield Shot("proposal-annex", of("annex", process.pk), f"redaktion@{town}")


def talk_shots(measure: Measure) -> Iterator[Shot]:
    """What is said about a measure, and what the town asks about each."""
    by = demo_user("ratsmitglied")
    add_comment(part=measure, text="Reichen die Plätze auch für den Stadtbezirk III?", by=by)
    title, text = f"{measure.title} in allen Stadtbezirken", f"{measure.text}<p>Auch am Wochenende.</p>"
    reason = "Berufstätige können nur am Wochenende."
    refused = suggest(part=measure, text_name="title", wording=title, reason="", by=by)
    refuse(suggestion=refused, reason="Dafür fehlen die Mittel.", by=demo_user("redaktion"))
    suggestion = suggest(part=measure, text_name="text", wording=text, reason=reason, by=by)
    talk = workbench_url(measure.concept, measure, "kommentare/")
    yield Shot("comments", talk, "redaktion")
    yield Shot("suggestion", f"{talk}vorschlaege/{suggestion.pk}/", "redaktion")
    yield Shot("comments-of-concept", f"{workbench_url(measure.concept)}kommentare/", "redaktion")
    yield Shot("additional-fields", reverse("concepts:additional_fields", args=[SHOWN]), "fachadministration")


def held_and_planned() -> tuple[Event, Event]:
    """The town's own events: one with published minutes, one that is still to come."""
    events = Event.objects.filter(process__municipality__slug=SHOWN).order_by("pk")
    return events.filter(minutes__state="published")[0], events.filter(state=Event.State.PLANNED)[0]


def event_shots() -> Iterator[Shot]:
    """An event with agreed minutes, one that is still planned, and the sheet for the room."""
    held, planned = held_and_planned()
    yield Shot("event", held.get_absolute_url(), "mitglied")
    yield Shot("event-planned", planned.get_absolute_url(), "redaktion")
    yield Shot("event-form", f"{planned.get_absolute_url()}bearbeiten/", "redaktion")
    yield Shot("event-invite", f"{planned.get_absolute_url()}einladung/", "redaktion")
    yield Shot("event-replies", f"{planned.get_absolute_url()}rueckmeldungen/", "redaktion")
    yield Shot("sheet", f"{planned.get_absolute_url()}bogen/", "redaktion")
    yield Shot("overrides", f"{planned.process.get_absolute_url()}freigaben/", "redaktion")


def stage_address(stage: Consultation) -> str:
    return reverse("committees:stage", args=[stage.paper.municipality.slug, stage.paper_id, stage.position])


def first_stages() -> Iterator[tuple[str, Consultation]]:
    """Of each town's paper the first stage that has a PDF."""
    for paper in Paper.objects.select_related("municipality").order_by("municipality__slug"):
        stage = paper.consultations.filter(left_out=False).first()
        if stage is not None:
            yield paper.municipality.slug, stage


def minutes_shots() -> Iterator[Shot]:
    """Mettmann's: a meeting while it is minuted, one whose minutes wait for signatures, and a signed one."""
    town = Municipality.objects.get(slug="kreis-mettmann")
    clerk = f"sitzungsdienst@{town.slug}"
    drafted, agreed, signed = (minuted_meeting(town, step) for step in ("draft", "agreed", "signed"))
    base = f"{drafted.get_absolute_url()}niederschrift/"
    line = agreed.minutes.signatures.get(position=2)
    yield Shot("attendance", f"{drafted.get_absolute_url()}anwesenheit/", clerk)
    yield Shot("minutes", base, clerk)
    yield Shot("minutes-item", f"{base}top/{drafted.agenda.get(position=2).pk}/", clerk)
    yield Shot("minutes-write", f"{base}schreiben/", clerk)
    yield Shot("minutes-signers", f"{base}unterschriften/", clerk)
    yield Shot("minutes-agreed", f"{agreed.get_absolute_url()}niederschrift/", clerk)
    yield Shot("minutes-sign", f"{agreed.get_absolute_url()}niederschrift/unterschriften/{line.pk}/", clerk)
    yield Shot("minutes-signed", f"{signed.get_absolute_url()}niederschrift/", clerk)
    yield Shot("minutes-preview", f"{base}vorschau/", clerk)


def minuted_meeting(town: Municipality, step: str) -> Meeting:
    """A meeting in which the Vorlage was dealt with; `step` is how far it has come."""
    number = {"draft": 14, "agreed": 13, "signed": 12}[step]
    title = f"{number}. Sitzung des Ausschusses für Soziales"
    if known := Meeting.objects.filter(municipality=town, title=title).first():
        return known
    clerk = demo_user("sitzungsdienst", town.slug)
    committee, _new = Committee.objects.get_or_create(
        municipality=town,
        name="Ausschuss für Soziales",
        defaults={"kind": "committee", "article": "der", "genitive_name": "Ausschusses für Soziales"},
    )
    factions = [
        Faction.objects.get_or_create(municipality=town, name=name)[0]
        for name in ("Fraktion der Mitte", "Bürgerfraktion")
    ]
    people = {"Lisa Vogt": "chair", "Bernd Kamp": "member", "Ayse Demir": "member", "Karin Ersatz": "deputy"}
    seats = [
        CommitteeSeat.objects.get_or_create(
            committee=committee,
            person=Person.objects.get_or_create(municipality=town, name=name)[0],
            defaults={"role": role, "faction": factions[place % 2]},
        )[0]
        for place, (name, role) in enumerate(people.items())
    ]
    meeting = Meeting.objects.create(
        municipality=town,
        title=title,
        date=timezone.localdate() - datetime.timedelta(days=14 + 28 * (14 - number)),
        start=datetime.time(17),
        place="Großer Sitzungssaal",
    )
    meeting.committees.set([committee])
    agenda = (("Eröffnung", True), ("Bericht zum Konzept", True), ("Mietvertrag", False))
    items = [
        meeting.agenda.create(position=place, number=str(place), title=text, public=public)
        for place, (text, public) in enumerate(agenda, start=1)
    ]
    like = Paper.objects.filter(municipality=town).order_by("pk")[0]
    paper = Paper.objects.create(
        municipality=town,
        paper_type=like.paper_type,
        layout=like.layout,
        subject=items[1].title,
        number=f"50/{meeting.pk}/2026",
        resolution_opening=like.resolution_opening,
    )
    for place in (1, 2):
        text = ("<p>Der Bericht wird zur Kenntnis genommen.</p>", "<p>Die Förderung wird fortgesetzt.</p>")
        paper.resolution_points.create(position=place, text=text[place - 1])
    stage = Consultation.objects.create(
        paper=paper,
        position=1,
        committee=committee,
        meeting=meeting,
        agenda_item=items[1],
        role="Vorberatung",
        meaning="advise",
        result="mehrheitlich empfohlen",
        outcome="accepted",
    )
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    ballot = Ballot.objects.create(
        consultation=stage, position=1, votes_for=2, votes_against=1, abstentions=0, excluded=0
    )
    FactionVote.objects.create(ballot=ballot, faction=factions[0], votes_for=2, votes_against=0)
    FactionVote.objects.create(ballot=ballot, faction=factions[1], votes_for=0, votes_against=1)
    record_attendance(
        meeting=meeting,
        seats=[
            Presence(seats[0], "present"),
            Presence(seats[1], "excused"),
            Presence(seats[2], "present", datetime.time(17, 20)),
            Presence(seats[3], "present", stands_in_for=seats[1]),
        ],
        guests=[Guest("administration", "Eva Amt", "Leitung Amt 50")],
        excluded=[Befangen(items[2], seats[2])],
        by=clerk,
    )
    items[1].discussion = "<p>Frau Demir fragt nach den Sprachkursen. Frau Amt sagt Zahlen zu.</p>"
    items[1].save()
    minutes = begin_minutes(meeting=meeting, by=clerk)
    minutes.opened_at, minutes.closed_at = datetime.time(17, 3), datetime.time(19, 40)
    minutes.opening = "<p>Die Vorsitzende eröffnet die Sitzung.</p>"
    minutes.save()
    minutes.signatures.filter(position=2).update(person=seats[1].person)
    if step != "draft":
        agree_minutes(meeting=meeting, by=clerk)
        lines = list(minutes.signatures.order_by("position"))
        for line in lines if step == "signed" else lines[:1]:
            sign_minutes(line=line, by=clerk)
    return meeting
