"""What the concept's page is put together from: the tree rendered once per change, the filter, the tag."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concepts.forms.filter import FilterForm, controls
from concepts.models import Concept, ConceptVersion
from concepts.permissions import may_edit, rights
from concepts.pictures import State, key_of
from concepts.rows import ConceptRows
from concepts.search import Answer, ask
from concepts.summary import summary_of
from concepts.tree import ConceptTree, read_tree
from concepts.tree_html import TreeWriter, contents_of
from documents.keeping import release, shelf
from municipalities.models import User

MARK = "<!-- Konzept -->"
VERSIONS = ConceptRows(
    lambda concept: (
        ConceptVersion.objects.filter(concept=concept).order_by("-number").values_list("number", "name")
    )
)
CONCEPT_TONES = {
    Concept.Status.DRAFT: "draft",
    Concept.Status.IN_CONSULTATION: "info",
    Concept.Status.ADOPTED: "success",
    Concept.Status.REPLACED: "planned",
}


def head_of(concept: Concept) -> dict[str, Any]:
    return {
        "municipality": concept.municipality,
        "concept": concept,
        "tone": CONCEPT_TONES[Concept.Status(concept.status)],
        "address": concept.get_absolute_url(),
    }


def page_tag(request: HttpRequest, state: State, *besides: object) -> str:
    """The frame around the tree depends on who reads; a form in it on the secret of the session.

    `besides` is what else the page shows that the state does not know.
    """
    user = request.user
    assert isinstance(user, User)
    frame = (*state, *besides, user.pk, user.email, user.name, request.META.get("CSRF_COOKIE"), release())
    return f'"{hashlib.sha256(repr(frame).encode()).hexdigest()}"'


def unless_known(
    request: HttpRequest, state: State | None, make: Callable[[], HttpResponse], *besides: object
) -> HttpResponse:
    """The page, or 304 for whoever brings its tag: they were shown this very page, with the same roles.

    A message waits for exactly this page, though: the browser's copy would not show it.
    """
    tag = page_tag(request, state, *besides) if state else None
    response: HttpResponse
    if tag and brought_tag(request) == tag and not len(get_messages(request)):
        response = HttpResponseNotModified()
    else:
        response = make()
    if tag:
        response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def brought_tag(request: HttpRequest) -> str:
    """What the browser's copy is called. No wildcard: „*“ would tell strangers which concepts there are."""
    return request.headers.get("If-None-Match", "").removeprefix("W/")


def whole_page(request: HttpRequest, concept: Concept, state: State) -> HttpResponse:
    """The frame is rendered for this reader, around a mark; the kept picture is put in its place.

    A template would copy the half megabyte of a large concept six times on its way up.
    """

    def make() -> bytes:
        tree = read_tree(concept)
        return body_html(concept, tree).encode()

    context = {
        **head_of(concept),
        "may_edit": may_edit(request.user, concept),
        "body": SafeString(MARK),
    }
    frame = render_to_string("concepts/detail.html", context, request)
    before, _mark, after = frame.encode().partition(MARK.encode())
    body = shelf.get(key_of(state, "tree", rights(request.user, concept)), make)
    return HttpResponse(b"".join((before, body, after)))


def filtered_body(request: HttpRequest, concept: Concept) -> SafeString:
    tree = read_tree(concept)
    form = FilterForm(request.GET, tree=tree)
    question = form.question()
    return body_html(concept, tree, form, ask(tree, question) if question else None)


def body_html(
    concept: Concept, tree: ConceptTree, form: FilterForm | None = None, answer: Answer | None = None
) -> SafeString:
    """Filter, contents and tree: everything below the page's head that does not depend on the reader."""
    address = concept.get_absolute_url()
    shown = tree if answer is None else answer.tree
    words = form.question().words if form and answer is not None else ()
    anchors = contents_of(shown)
    unfolded = frozenset(answer.field_texts) if answer is not None else frozenset()
    context = {
        "address": address,
        "controls": controls(tree, form),
        "answer": answer,
        "found_something": bool(answer),
        "found": found_text(answer) if answer else _("Nichts gefunden"),
        "note": concept.note,
        # Stands there twice, for wide screens and for narrow ones.
        "contents": render_to_string("concepts/partials/contents.html", {"contents": anchors})
        if anchors
        else "",
        "summary": summary_of(tree, address) if answer is None and any(tree.all_measures()) else None,
        "tree": SafeString(MARK),
        "versions": VERSIONS.rows(concept.pk),
    }
    around = render_to_string("concepts/partials/body.html", context)
    return SafeString(around.replace(MARK, TreeWriter(address, words, unfolded).write(shown), 1))


def found_text(answer: Answer) -> str:
    """„Gefunden: 12 Maßnahmen, 2 Ziele und 1 Indikator“."""
    parts = [
        words % number
        for number, words in (
            (answer.measures, ngettext("%d Maßnahme", "%d Maßnahmen", answer.measures)),
            (answer.goals, ngettext("%d Ziel", "%d Ziele", answer.goals)),
            (answer.indicators, ngettext("%d Indikator", "%d Indikatoren", answer.indicators)),
            (answer.texts, ngettext("%d Textabschnitt", "%d Textabschnitte", answer.texts)),
        )
        if number
    ]
    listed = parts[0] if len(parts) == 1 else _("%s und %s") % (", ".join(parts[:-1]), parts[-1])
    return _("Gefunden: %s") % listed
