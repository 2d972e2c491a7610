"""Who may open what of that which is not public: the lines of test_permissions.py once more, for every
address below a paper; what is kept back of a public one; and what a link shows to who has no account.

Which addresses stand below a paper, they say themselves: a new one is asked for here without being named.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from committees.actions.issuing import issue_stage
from committees.models import (
    AgendaItem,
    Amendment,
    Committee,
    Consultation,
    Excerpt,
    IssuedPaper,
    Meeting,
    MeetingFile,
    MeetingMinutes,
    Paper,
    PaperAttachment,
    ResolutionPoint,
    ResolvedPoint,
    Section,
)
from concepts.models import Concept, Measure
from council.actions.keys import make_link, revoke_link
from council.models import MeetingLink
from municipalities.models import Municipality
from tests import test_permissions as matrix
from tests.committees.decided import decide, give_task
from tests.committees.meeting_rows import some_file
from tests.documents.factories import make_picture
from tests.reading import text_of
from tests.test_permissions import (
    ACTIONS,
    CONFIDENTIAL,
    FORMS,
    INSIDE,
    LINKED,
    NOBODY,
    OUTSIDERS,
    OWN,
    PAGES,
    Answers,
    address_of,
    answer_to,
    demo_user,
    make_confidential,
)

# Its fixtures.
own, paper, visitors = matrix.own, matrix.paper, matrix.visitors

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Where a row of a paper has its address; and what a faction keeps about one.
BELOW_PAPERS = (
    *("/vorlagen/<int:pk>/", "/ausfertigungen/<int:pk>/", "/beschlusskontrolle/<int:pk>/"),
    "/fraktion/<int:pk>/beratung/<int:stage>/",
    "/fraktion/<int:pk>/notizen/<int:note>/",
)
# Issuing changes what is there, and is tried by itself in test_permissions.py.
TRIED_ELSEWHERE = {"committees:issue"}


def routes(resolver: URLResolver, name: str = "", route: str = "/") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = f"{route}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{entry.namespace}:" if entry.namespace else "", path)
        elif isinstance(entry, URLPattern):
            yield f"{name}{entry.name}", path


ABOUT_PAPERS = sorted(
    name
    for name, route in routes(get_resolver())
    if any(part in route for part in BELOW_PAPERS) and not name.startswith("admin:")
)


def kept_from_outsiders(line: Answers) -> Answers:
    """Who may not know of a paper is not even refused."""
    return {who: "404" if who in OUTSIDERS else answer for who, answer in line.items()}


def test_papers_have_addresses() -> None:
    """Otherwise the test below would ask for nothing."""
    assert len(ABOUT_PAPERS) > 60


@pytest.mark.parametrize("name", [name for name in ABOUT_PAPERS if name not in TRIED_ELSEWHERE])
def test_who_may_open_and_send_what_is_about_a_non_public_paper(
    name: str, own: Municipality, paper: Paper, visitors: dict[str, Any]
) -> None:
    opening, sending = FORMS.get(name, (PAGES.get(name), ACTIONS.get(name)))
    for method, line in (("get", opening), ("post", sending)):
        if line is None:
            continue
        expected = kept_from_outsiders(line)
        if name in (
            "council:paper_offline",
            "council:paper_changes_offline",
        ):  # for nobody: it would be kept on the device
            expected = {who: "login" if who in (NOBODY, LINKED) else "404" for who in visitors}
        said = {}
        for who, visitor in visitors.items():
            address = address_of(name, own)  # each finds it as it was
            Paper.objects.filter(municipality=own).update(public=False, non_public_reason="Vertragssache")
            said[who] = answer_to(visitor, method, address)
        assert said == expected, method


LISTS = ("committees:paper_list", "council:committees", "desk:start")


def test_non_public_papers_are_not_listed_to_those_who_may_not_read_them(
    own: Municipality, paper: Paper, visitors: dict[str, Any]
) -> None:
    make_confidential(paper)
    shown = {}
    for who in INSIDE:
        client = Client()
        client.force_login(visitors[who])
        pages = [client.get(address_of(name, own)) for name in LISTS]
        shown[who] = any(str(paper.number) in page.content.decode() for page in pages)
    assert shown == {who: CONFIDENTIAL[who] == "200" for who in shown}


# ---- Parts of what is public -----------------------------------------------------------------------------


@pytest.fixture
def meeting(own: Municipality) -> Meeting:
    """Of all committees that deal with the paper; its minutes are signed."""
    found = Meeting.objects.create(municipality=own, title="9. Sitzung", date=datetime.date(2019, 3, 4))
    found.committees.set(Committee.objects.filter(consultations__paper__municipality=own))
    return found


def non_public_attachment(paper: Paper, meeting: Meeting) -> str:
    row = PaperAttachment.objects.filter(paper=paper)[0]
    PaperAttachment.objects.filter(pk=row.pk).update(public=False)
    return f"{paper.get_absolute_url()}anlagen/{row.pk}/"


def complete_issue(paper: Paper, meeting: Meeting) -> str:
    for section in Section.objects.filter(paper=paper):
        section.public = False
        section.save()
    stage = paper.consultations.get(position=2)
    by = demo_user("sitzungsdienst", OWN)
    issued = issue_stage(consultation=stage, by=by)
    assert not issued.public
    return reverse("committees:issued", args=[OWN, issued.pk])


def issue_of_a_non_public_stage(paper: Paper, meeting: Meeting) -> str:
    stage = paper.consultations.get(position=2)
    type(stage).objects.filter(pk=stage.pk).update(treatment="non_public")
    issued = issue_stage(consultation=stage, by=demo_user("sitzungsdienst", OWN))
    return reverse("committees:issued", args=[OWN, issued.pk])


def amendment_to_a_non_public_point(paper: Paper, meeting: Meeting) -> str:
    point = paper.resolution_points.all()[0]
    ResolutionPoint.objects.filter(pk=point.pk).update(public=False)
    stage = paper.consultations.get(position=1)
    Amendment.objects.create(
        paper=paper, consultation=stage, number=1, point=point, before=point.text, after="<p>Neu</p>"
    )
    return reverse("committees:amendment", args=[OWN, paper.pk, 1])


def task_from_a_non_public_point(paper: Paper, meeting: Meeting) -> str:
    stage = decide(paper)
    resolved = ResolvedPoint.objects.filter(consultation=stage).exclude(point=None)[0]
    ResolutionPoint.objects.filter(pk=resolved.point_id).update(public=False)
    return reverse("committees:task", args=[OWN, give_task(stage, resolved_point=resolved).pk])


def picture_in_a_section(like: Paper, **values: Any) -> str:
    """Of another paper, which goes to the same committees."""
    picture = make_picture(like.municipality)
    paper = Paper.objects.create(
        municipality=like.municipality, paper_type=like.paper_type, layout=like.layout, number="2019/0300"
    )
    body = f'<p>Der Plan</p><img src="{picture.get_absolute_url()}" alt="Plan">'
    Section.objects.create(paper=paper, key="plan", body=body, public=values.pop("section_public", True))
    for stage in like.consultations.filter(left_out=False):
        Consultation.objects.create(
            paper=paper, position=stage.position, committee=stage.committee, meaning=stage.meaning
        )
    Paper.objects.filter(pk=paper.pk).update(state="released", **values)
    return str(picture.get_absolute_url())


def picture_in_a_non_public_section(paper: Paper, meeting: Meeting) -> str:
    return picture_in_a_section(paper, section_public=False)


def picture_in_a_non_public_paper(paper: Paper, meeting: Meeting) -> str:
    return picture_in_a_section(paper, public=False, non_public_reason="Vertragssache")


def picture_in_the_wording_of_a_non_public_stage(paper: Paper, meeting: Meeting) -> str:
    picture = make_picture(paper.municipality)
    stage = paper.consultations.get(position=2)
    stage.treatment, stage.own_wording = "non_public", f'<img src="{picture.get_absolute_url()}" alt="Plan">'
    stage.save()
    return str(picture.get_absolute_url())


def picture_in_a_non_public_item(paper: Paper, meeting: Meeting) -> str:
    picture = make_picture(paper.municipality)
    AgendaItem.objects.create(
        meeting=meeting,
        position=1,
        number="1",
        title="Grundstück",
        public=False,
        discussion=f'<img src="{picture.get_absolute_url()}" alt="Plan">',
    )
    sign_minutes(meeting)
    return str(picture.get_absolute_url())


def excerpt_of_a_non_public_item(paper: Paper, meeting: Meeting) -> str:
    item = AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Grund", public=False)
    file = some_file(meeting.municipality, "auszug.pdf", demo_user("sitzungsdienst", OWN))
    sign_minutes(meeting)
    Excerpt.objects.create(agenda_item=item, file=file)
    return reverse("committees:excerpt", args=[OWN, meeting.pk, item.pk])


def complete_minutes(paper: Paper, meeting: Meeting) -> str:
    sign_minutes(meeting)
    file = meeting_file(meeting, "minutes")
    return reverse("committees:minutes_file", args=[OWN, meeting.pk, file.pk])


def complete_invitation(paper: Paper, meeting: Meeting) -> str:
    return reverse("committees:meeting_document", args=[OWN, meeting_file(meeting, "invitation").pk])


def complete_pack(paper: Paper, meeting: Meeting) -> str:
    return reverse("committees:pack_complete", args=[OWN, meeting.pk])


def meeting_file(meeting: Meeting, kind: str) -> MeetingFile:
    file = some_file(meeting.municipality, f"{kind}.pdf", demo_user("sitzungsdienst", OWN))
    return MeetingFile.objects.create(meeting=meeting, kind=kind, number=1, public=False, file=file)


def sign_minutes(meeting: Meeting) -> None:
    by = demo_user("sitzungsdienst", OWN)
    MeetingMinutes.objects.create(meeting=meeting, state="signed", agreed_on=meeting.date, agreed_by=by)


@pytest.mark.parametrize(
    "kept_back",
    [
        non_public_attachment,
        complete_issue,
        issue_of_a_non_public_stage,
        amendment_to_a_non_public_point,
        task_from_a_non_public_point,
        picture_in_a_non_public_section,
        picture_in_a_non_public_paper,
        picture_in_the_wording_of_a_non_public_stage,
        picture_in_a_non_public_item,
        excerpt_of_a_non_public_item,
        complete_minutes,
        complete_invitation,
        complete_pack,
    ],
)
def test_who_may_open_what_is_kept_back_of_something_public(
    kept_back: Callable[[Paper, Meeting], str], paper: Paper, meeting: Meeting, visitors: dict[str, Any]
) -> None:
    address = kept_back(paper, meeting)
    assert {who: answer_to(visitor, "get", address) for who, visitor in visitors.items()} == CONFIDENTIAL


def test_nobody_writes_the_number_of_a_picture_that_they_may_not_see(
    own: Municipality, paper: Paper, meeting: Meeting
) -> None:
    """Who may read a text sees its pictures; so an own text must not open another one's."""
    secret = picture_in_a_non_public_section(paper, meeting)
    editor, outsider = demo_user("redaktion", OWN), demo_user("fachamt", OWN)
    concept = Concept.objects.filter(municipality=own, versions__isnull=False)[0]
    measure = Measure.objects.filter(concept=concept)[0]
    place = [own.slug, concept.slug, "massnahmen", measure.pk, "beschreibung"]
    address = reverse("concepts:suggest", args=place)
    for user, status in ((outsider, 422), (editor, 302)):
        client = Client()
        client.force_login(user)
        seen = client.get(address).context["form"]["seen"].value()
        wording = f'<p>Neu</p><img src="{secret}" alt="Plan">'
        answer = client.post(address, {"seen": seen, "wording": wording, "reason": "Besser"})
        assert (user.email, answer.status_code) == (user.email, status)
        if status == 422:
            assert "den Sie nicht lesen dürfen" in answer.content.decode()
            assert client.get(secret).status_code == 404


# ---- By a link, without an account -----------------------------------------------------------------------


@pytest.fixture
def linked(paper: Paper, meeting: Meeting) -> Meeting:
    """The meeting with a public item and a non-public one; both papers are issued."""
    by = demo_user("sitzungsdienst", OWN)
    for section in Section.objects.filter(paper=paper):
        section.public = False
        section.save()
    stage = paper.consultations.get(position=2)
    item = AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Konzept")
    Consultation.objects.filter(pk=stage.pk).update(meeting=meeting, agenda_item=item)
    stage.refresh_from_db()
    issue_stage(consultation=stage, by=by)
    return meeting


def link_to(meeting: Meeting, *, complete: bool = False) -> tuple[MeetingLink, str]:
    by, today = demo_user("sitzungsdienst", OWN), timezone.localdate()
    return make_link(meeting=meeting, by=by, holder="Presse", last_day=today, complete=complete)


def by_link(token: str, *files: int) -> list[str]:
    """The answers: the page, the pack, and these files."""
    base = reverse("council:link", args=[token])
    addresses = [base, f"{base}mappe.pdf", *(f"{base}dateien/{file}/" for file in files)]
    return [answer_to(AnonymousUser(), "get", address) for address in addresses]


def test_a_link_opens_its_own_meeting_and_no_file_that_is_not_in_it(paper: Paper, linked: Meeting) -> None:
    issued = IssuedPaper.objects.filter(consultation__agenda_item__meeting=linked)
    public, complete = issued.get(public=True).file_id, issued.get(public=False).file_id
    other = IssuedPaper.objects.get(consultation__paper=paper, consultation__position=1).file_id
    assert by_link(link_to(linked)[1], public, complete, other) == ["200", "200", "200", "404", "404"]
    token = link_to(linked, complete=True)[1]
    assert by_link(token, public, complete, other) == ["200", "200", "404", "200", "404"]
    elsewhere = Meeting.objects.create(municipality=linked.municipality, title="Andere", date=linked.date)
    assert by_link(link_to(elsewhere, complete=True)[1], public, complete) == ["200", "200", "404", "404"]


@pytest.mark.parametrize("how", ["revoked", "expired", "unknown", "another's hash"])
def test_a_link_that_does_not_hold_opens_nothing_and_does_not_say_why(how: str, linked: Meeting) -> None:
    link, token = link_to(linked, complete=True)
    file = IssuedPaper.objects.get(consultation__agenda_item__meeting=linked, public=False).file_id
    assert by_link(token, file) == ["200", "200", "200"]
    if how == "revoked":
        revoke_link(link=link, by=demo_user("sitzungsdienst", OWN))
    elif how == "expired":
        MeetingLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    else:
        token = link.token_hash if how == "another's hash" else "x" * 43
    assert by_link(token, file) == ["404", "404", "404"]
    closed, nothing = (Client().get(reverse("council:link", args=[one])) for one in (token, "y" * 43))
    assert text_of(closed) == text_of(nothing)
    assert linked.title not in closed.content.decode()
