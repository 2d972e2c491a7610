"""paper.yaml: the paper with its texts, answers, proposal, attachments and route."""

from __future__ import annotations

from committees.actions.routing import TAKEN_OVER
from committees.layout_files import import_layout, preset
from committees.models import (
    AgendaItem,
    Assessment,
    Committee,
    Consultation,
    Meeting,
    PageReference,
    Paper,
    PaperAttachment,
    PaperRelation,
    PaperSignature,
    PaperType,
    ResolutionPoint,
    RouteTemplate,
    RouteTemplateStage,
    Section,
)
from concepts.models import ActionField, ConceptVersion, Measure
from demo.loading.base import Loader
from demo.loading.signing import load_paper_types, load_signing_chain
from demo.reading import LoadError, Row, to_html
from municipalities.models import Institution, Person


def load_paper_file(loader: Loader, file: Row) -> None:
    if not file.data:
        return
    row = file.take_row("paper")
    layout = import_layout(loader.municipality, preset(row.take("layout")), loader.by)
    paper_type = PaperType.objects.create(
        municipality=loader.municipality,
        name=row.take("type"),
        layout=layout,
        needs_decision=row.take("needs_decision", True),
    )
    load_paper_types(loader, file, layout)
    load_signing_chain(loader, file.take_row("signing_chain"))
    template_name = row.take("route_template")
    paper: Paper = loader.save(
        row,
        loader.build(
            Paper,
            row,
            municipality=loader.municipality,
            paper_type=paper_type,
            layout=layout,
            department=loader.find(Institution, row.take("department", None), row.place),
            author=loader.find(Person, row.take("author", None), row.place),
            concept=loader.concept,
            process=loader.process,
        ),
    )
    for key, text in file.take("sections", {}).items():
        loader.save(Row({}, f"sections.{key}"), Section(paper=paper, key=key, body=to_html(str(text))))
    for key, answer in file.take("assessments", {}).items():
        loader.save(Row({}, f"assessments.{key}"), Assessment(paper=paper, key=key, answer=answer))
    for position, point in enumerate(file.take_rows("resolution_points"), start=1):
        measures = loader.find_all(Measure, point, "measures")
        new = loader.build(ResolutionPoint, point, paper=paper, position=position)
        loader.save(point, new).measures.set(measures)
    for position, signature in enumerate(file.take_rows("signatures"), start=1):
        person = loader.find(Person, signature.take("person", None), signature.place)
        loader.save(
            signature, loader.build(PaperSignature, signature, paper=paper, position=position, person=person)
        )
    for position, attachment in enumerate(file.take_rows("attachments"), start=1):
        version = loader.find(ConceptVersion, attachment.take("version", None), attachment.place)
        loader.save(
            attachment,
            loader.build(
                PaperAttachment, attachment, paper=paper, position=position, concept_version=version
            ),
        )
    for reference in file.take_rows("page_references"):
        field = loader.find(ActionField, reference.take("field"), reference.place)
        loader.save(reference, loader.build(PageReference, reference, paper=paper, field=field))
    loader.load_rows(file, "relations", PaperRelation, paper=paper)
    for position, consultation in enumerate(file.take_rows("consultations"), start=1):
        load_consultation(loader, consultation, paper, position)
    load_route_template(loader, template_name, paper)
    file.done()
    paper.state = Paper.State.RELEASED  # at the end: nothing can be written into a released paper
    loader.save(row, paper)


def load_consultation(loader: Loader, row: Row, paper: Paper, position: int) -> None:
    meeting = loader.find(Meeting, row.take("meeting", None), row.place)
    joint = loader.find_all(Committee, row, "joint")
    consultation = loader.build(
        Consultation,
        row,
        paper=paper,
        position=position,
        committee=loader.find(Committee, row.take("committee", None), row.place),
        meeting=meeting,
        agenda_item=agenda_item(loader, row, meeting, paper),
    )
    consultation.left_out = bool(consultation.left_out_reason)
    loader.save(row, consultation).joint_committees.set(joint)


def load_route_template(loader: Loader, name: str, paper: Paper) -> None:
    """The route that the town really took, for its next papers."""
    place = Row({}, "route_template")
    template = RouteTemplate(municipality=loader.municipality, name=name)
    loader.save(place, template).paper_types.set([paper.paper_type])
    for stage in paper.consultations.prefetch_related("joint_committees"):
        kept = {name: getattr(stage, name) for name in (*TAKEN_OVER, "position")}
        row = loader.save(place, RouteTemplateStage(template=template, **kept))
        row.joint_committees.set(stage.joint_committees.all())


def agenda_item(loader: Loader, row: Row, meeting: Meeting | None, paper: Paper) -> AgendaItem | None:
    number = row.take("top", None)
    if number is None:
        return None
    if meeting is None:
        raise LoadError(f"{row.place}: ein TOP ohne Sitzung.")
    position = meeting.agenda.count() + 1
    if not meeting.own_numbers:  # the town's number stays: of its agenda we know this point only
        meeting.own_numbers = True
        meeting.save()
    return AgendaItem.objects.create(
        meeting=meeting, position=position, number=str(number), title=paper.subject, public=paper.public
    )
