"""What the tests of comments and suggestions share."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from concepts.actions.talk import suggest
from concepts.models import Concept, ConceptPart, Measure, Suggestion
from municipalities.models import User

TEXT = "<p>Kurse am Abend und am Wochenende.</p>"


def page_of(part: ConceptPart, rest: str = "") -> str:
    slugs = {"chapter": "kapitel", "actionfield": "felder", "goal": "ziele", "measure": "massnahmen"}
    slugs |= {"funding": "foerderungen"}
    slug = slugs.get(str(part._meta.model_name), "indikatoren")
    return f"{part.own_concept().get_absolute_url()}bearbeiten/{slug}/{part.pk}/kommentare/{rest}"


def parts_of(concept: Concept) -> list[ConceptPart]:
    field = concept.fields.get(position=1)
    rows = concept.chapters.first(), field, field.goals.first(), concept.measures.first()
    return [row for row in (*rows, *concept.indicators.order_by("position")[:2]) if row is not None]


def propose(measure: Measure, by: User, wording: str = TEXT, text_name: str = "text") -> Suggestion:
    return suggest(part=measure, text_name=text_name, wording=wording, reason="Klarer.", by=by)


def seen(client: Client, address: str) -> str:
    """What the form says it shows."""
    value: str = client.get(address).context["form"].initial["seen"]
    return value


def be(page: Page, portal: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": portal}])
