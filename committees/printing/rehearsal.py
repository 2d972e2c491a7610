"""A made-up Vorlage in each form that comes along, printed when a server starts and thrown away.

After it the first visitor's print finds everything ready that does not depend on the paper: the templates,
the styles, the words of the forms. No database is asked: it need not be there yet.
"""

from __future__ import annotations

from base64 import b64decode

from django.db.models import Prefetch, prefetch_related_objects

from committees.layout_files import PRESET_FOLDER, BlockData, read_layout
from committees.models import (
    Amendment,
    Ballot,
    Consultation,
    Paper,
    PaperAttachment,
    PaperSignature,
    PaperType,
    ResolutionPoint,
)
from committees.printing.contents import PaperContents
from committees.printing.render import printed
from fuzzydates.value import parse
from municipalities.models import Municipality
from participation.models import Event

TEXT = (
    "<h3>Anlass</h3><p>Ein <strong>Absatz</strong> mit <em>Betonung</em> und genügend Wörtern, dass er auf "
    "mehr als einer Zeile steht und an ihrem Ende auch ein langes Wort geteilt werden muss: "
    "Integrationskonzeptfortschreibung.</p><h4>Einzelnes</h4>"
    "<ul><li>ein Punkt</li><li><p>noch einer</p></li></ul>"
    "<ol><li>erstens</li></ol><blockquote><p>ein Zitat</p></blockquote>"
    "<table><tbody><tr><th>Jahr</th><td>2017</td></tr></tbody></table>"
)
# A PNG of one transparent dot.
LOGO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def rehearse() -> None:
    for path in sorted(PRESET_FOLDER.glob("*.yaml")):
        printed(_made_up(read_layout(path.read_text(encoding="utf-8")).blocks), 2)


def _made_up(blocks: tuple[BlockData, ...]) -> PaperContents:
    town = Municipality(name="Musterstadt", head_title="Der Bürgermeister")
    paper = Paper(
        municipality=town,
        paper_type=PaperType(municipality=town, name="Vorlage"),
        number="1",
        subject="Integrationskonzept",
        resolution_opening="{gremium} {beschließt|beschließen}:",
    )
    keys = [block.key for block in blocks]
    keys += [f"{block.key}.{entry['key']}" for block in blocks for entry in block.options.get("entries", ())]
    route = [
        Consultation(pk=1, paper=paper, position=1, meaning=Consultation.Meaning.ADVISE, result="empfohlen"),
        Consultation(pk=2, paper=paper, position=2, meaning=Consultation.Meaning.DECIDE),
    ]
    prefetch_related_objects(route, Prefetch("ballots", Ballot.objects.none()))
    points = [
        ResolutionPoint(pk=number, paper=paper, position=number, text=TEXT, reasons=TEXT) for number in (1, 2)
    ]
    return PaperContents(
        paper=paper,
        blocks=blocks,
        route=route,
        points=points,
        amendments=[
            Amendment(
                paper=paper,
                consultation=route[0],
                number=number,
                point=points[number - 1],
                before=TEXT,
                after="<p>Ein anderer Absatz.</p>",
                state=Amendment.State.ACCEPTED,
                decided_order=number,
                beside=number == 1,
                comment="Dazu ist zu sagen",
            )
            for number in (1, 2)
        ],
        texts=dict.fromkeys(keys, TEXT),
        answers={},
        logo=LOGO,
        signatures=[PaperSignature(paper=paper, position=1, function="Dezernentin")],
        attachments=[PaperAttachment(paper=paper, position=1, title="Konzept")],
        events=[Event(title="Auftakt", date=parse("2017"))],
    )
