"""The Vorlage as a PDF, one for each stage of its route."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from committees.blocks import STAGE_KINDS, BlockKind
from committees.layout_files import BlockData
from committees.models import Consultation, Paper
from committees.printing.contents import PaperContents
from committees.printing.contexts import context_of
from committees.printing.withheld import NON_PUBLIC_MARK, NOT_PUBLIC, is_public
from documents.file_names import plain
from documents.pdf import PrintDocument, Section, as_html, render, render_many
from documents.print_pictures import with_pictures

LOGO = "logo"
MARKED = '<paper-block data-block="{}">{}</paper-block>'


class StageLeftOut(ValueError):
    """A stage that does not take place has no Vorlage. The message is a German sentence."""


@dataclass(frozen=True)
class Variant:
    """A file of a stage. `public` may be given to everybody; with `excerpt` something is left out in it that
    stands in the other one."""

    public: bool
    content: bytes
    excerpt: bool = False


def render_stage(consultation: Consultation, public_only: bool = False) -> bytes:
    """The PDF of one stage as the rows are now."""
    return printed(PaperContents.of(consultation.paper_id, public_only), consultation.pk)


def render_variants(consultation: Consultation) -> list[Variant]:
    """What leaves the house for one stage: the complete PDF, and the public one where it says less."""
    complete = PaperContents.of(consultation.paper_id)
    stage = complete.stage(consultation.pk)
    return _printed(_documents(complete, complete.in_public(), stage, {}, {}), complete)


def printed(contents: PaperContents, consultation_id: int) -> bytes:
    """The PDF of one stage of this paper."""
    return printed_stage(contents, contents.stage(consultation_id))


def printed_stage(contents: PaperContents, stage: Consultation) -> bytes:
    document = _whole(contents, stage, {}, {})
    return render(with_pictures([document], contents.paper.municipality)[0])


def render_route(
    paper: Paper, processes: int = 1, only: Collection[int] | None = None, public_only: bool = False
) -> Iterator[tuple[Consultation, bytes]]:
    """The PDFs of all stages that take place, in order; each is the same as `render_stage` gives.

    `only` names the stages (ids) that are wanted.
    """
    routed = [
        (stage, document)
        for stage, document in route_documents(paper, public_only)
        if only is None or stage.pk in only
    ]
    pdfs = render_many([document for _stage, document in routed], processes=processes)
    for (stage, _printed), pdf in zip(routed, pdfs, strict=True):
        yield stage, pdf


def render_route_variants(
    paper: Paper, processes: int = 1, only: Collection[int] | None = None
) -> Iterator[tuple[Consultation, list[Variant]]]:
    """For each stage that takes place what `render_variants` gives; nothing is printed twice."""
    complete = PaperContents.of(paper.pk)
    public = complete.in_public()
    shared: dict[str, str] = {}
    shared_public: dict[str, str] = {}
    planned = [
        (stage, kind, document)
        for stage in complete.stages_to_print
        if only is None or stage.pk in only
        for kind, document in _documents(complete, public, stage, shared, shared_public)
    ]
    documents = with_pictures([document for _stage, _kind, document in planned], paper.municipality)
    pdfs = render_many(documents, processes=processes)
    variants: list[Variant] = []
    for place, ((stage, kind, _document), pdf) in enumerate(zip(planned, pdfs, strict=True), start=1):
        variants.append(replace(kind, content=pdf))
        if place == len(planned) or planned[place][0] is not stage:
            yield stage, variants
            variants = []


Planned = list[tuple[Variant, PrintDocument]]


def _documents(
    complete: PaperContents,
    public: PaperContents,
    stage: Consultation,
    shared: dict[str, str],
    shared_public: dict[str, str],
) -> Planned:
    """The documents of a stage with the variant that each will be."""
    whole = _document(complete, stage, shared)
    if not is_public(stage):
        return [(Variant(False, b""), _marked(whole, _("%s (nichtöffentlich)")))]
    if not complete.partly_non_public:
        return [(Variant(True, b""), whole)]
    excerpt = _document(public, public.stage(stage.pk), shared_public)
    if excerpt == whole:
        return [(Variant(True, b""), whole)]
    marked = _marked(whole, _("%s (nichtöffentliche Fassung)"))
    return [(Variant(False, b""), marked), (Variant(True, b"", excerpt=True), excerpt)]


def _marked(document: PrintDocument, title: str) -> PrintDocument:
    """Says on each page and in its metadata that it is not for everybody."""
    return replace(document, title=title % document.title, mark=str(NON_PUBLIC_MARK))


def _whole(
    contents: PaperContents, stage: Consultation, shared: dict[str, str], shared_public: dict[str, str]
) -> PrintDocument:
    """What these contents print for the stage: of complete ones what `_documents` names first."""
    if contents.public_only:
        return _document(contents, stage, shared)
    public = contents.in_public() if contents.partly_non_public else contents
    return _documents(contents, public, stage, shared, shared_public)[0][1]


def _printed(planned: Planned, contents: PaperContents) -> list[Variant]:
    documents = with_pictures([document for _kind, document in planned], contents.paper.municipality)
    return [
        replace(kind, content=render(document))
        for (kind, _document), document in zip(planned, documents, strict=True)
    ]


def route_documents(paper: Paper, public_only: bool = False) -> list[tuple[Consultation, PrintDocument]]:
    """The documents that `render_route` prints: for measurements, and for other printers of the same HTML."""
    contents = PaperContents.of(paper.pk, public_only)
    shared: dict[str, str] = {}
    shared_public: dict[str, str] = {}
    stages = contents.stages_to_print
    documents = [_whole(contents, stage, shared, shared_public) for stage in stages]
    return list(zip(stages, with_pictures(documents, contents.paper.municipality), strict=True))


def stage_html(consultation: Consultation, stylesheets: Sequence[str] | None = None) -> str:
    """The same document as one HTML page; without `stylesheets` with those of the preview in the browser."""
    contents = PaperContents.of(consultation.paper_id)
    return page_of(contents, contents.stage(consultation.pk), stylesheets)


def page_of(
    contents: PaperContents,
    stage: Consultation,
    stylesheets: Sequence[str] | None = None,
    *,
    marked: bool = False,
) -> str:
    """The stage as a web page. `marked` puts each block into an element that says which one it is: for the
    preview beside the form, never for what is printed."""
    document = _document(contents, stage, {}, marked=marked)
    if stylesheets is None:
        colours = reverse("municipalities:colours", args=[document.accent.removeprefix("#")])
        stylesheets = [
            static("print/print.css"),
            static("print/paper.css"),
            static("css/print-preview.css"),
            colours,
        ]
    logo = reverse("municipalities:logo", args=[contents.paper.municipality.slug])
    return as_html(document, stylesheets).replace(f'src="app:{LOGO}"', f'src="{logo}"')


def file_name(consultation: Consultation, *, excerpt: bool = False) -> str:
    """`2017-1900_1_Integrationsrat.pdf`; `2017-1900_1_Integrationsrat_oeffentlich.pdf` for a public variant
    that says less."""
    paper = consultation.paper
    parts = [
        paper.number or _("Entwurf-%d") % paper.pk,
        str(consultation.position),
        consultation.committee_names(),
    ]
    ending = "_oeffentlich.pdf" if excerpt else ".pdf"
    return "_".join(plain(part) for part in parts)[:120] + ending


def _document(
    contents: PaperContents, stage: Consultation, shared: dict[str, str], *, marked: bool = False
) -> PrintDocument:
    """`shared` keeps the HTML of blocks that are the same for all stages of the paper."""
    if stage.left_out:
        raise StageLeftOut(_("Diese Beratung entfällt: %s") % stage.left_out_reason)
    paper = contents.paper
    title = f"{paper.number} {paper.subject} – {stage.committee_names()}".strip()
    sections = [
        Section(_html(blocks, contents, stage, shared, marked)) for blocks in _sheets(contents.blocks)
    ]
    if contents.public_only and contents.partly_non_public and _says_less(sections):
        title = _("%s (öffentliche Fassung)") % title
    return PrintDocument(
        title=title,
        number=_("Vorlage %s") % paper.number if paper.number else _("Entwurf"),
        running_title=paper.subject,
        author=paper.municipality.name,
        subject=paper.paper_type.name,
        accent=paper.municipality.colour,
        images={LOGO: contents.logo} if contents.logo else {},
        sections=sections,
    )


def _says_less(sections: Sequence[Section]) -> bool:
    return any(str(NOT_PUBLIC) in section.html for section in sections)


def _sheets(blocks: Sequence[BlockData]) -> list[Sequence[BlockData]]:
    """What stands before and after the page break."""
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.BODY_START:
            return [part for part in (blocks[:index], blocks[index + 1 :]) if part] or [blocks]
    return [blocks]


def _html(
    blocks: Sequence[BlockData],
    contents: PaperContents,
    stage: Consultation,
    shared: dict[str, str],
    marked: bool,
) -> str:
    parts = [(block.key, _block_html(block, contents, stage, shared)) for block in blocks]
    if marked:
        return "".join(MARKED.format(key, html) if html else "" for key, html in parts)
    return "".join(html for _key, html in parts)


def _block_html(
    block: BlockData, contents: PaperContents, stage: Consultation, shared: dict[str, str]
) -> str:
    if block.key in shared:
        return shared[block.key]
    context = context_of(block, contents, stage)
    html = "" if context is None else render_to_string(f"print/paper/blocks/{block.kind}.html", context)
    if block.kind not in STAGE_KINDS:
        shared[block.key] = html
    return html
