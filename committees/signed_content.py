"""What a paper says, part by part, as it is signed; and what became of it since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from committees.models import Paper, PaperAttachment
from committees.models.papers import FROZEN_WITH_RELEASE
from committees.models.signing import Concern
from documents.differences import Difference, compare, compare_texts

Content = dict[str, dict[str, Any]]
"""Key of a part → `label`, `text`, and `rich` where the text is HTML. In the order of the paper; JSON."""

GIVEN_AT_RELEASE = ("number",)
# What the costs are read from. A questionnaire's answers have a key with a dot: „block.frage“.
COSTS = ("cost", "point:", "assessment:", "resolution_opening")


@dataclass(frozen=True)
class Change:
    label: str
    difference: Difference

    @property
    def short(self) -> str:
        """What changed, with its neighbours."""
        return self.difference.inline(whole=False)


def content_of(paper: Paper) -> Content:
    """In a handful of queries, whatever the paper holds."""
    paper = _complete(paper)
    return {
        key: {"label": str(label), "text": text, "rich": rich} for key, label, text, rich in _parts(paper)
    }


def _complete(paper: Paper) -> Paper:
    attachments = PaperAttachment.objects.select_related("concept_version__pdf", "file").defer(
        "concept_version__content", "concept_version__pdf__content", "file__content"
    )
    found: Paper = (
        Paper.objects.select_related(
            *("paper_type", "layout", "department", "author", "concept", "process", "municipality")
        )
        .prefetch_related(
            *("layout__blocks", "sections", "resolution_points__measures", "assessments"),
            *("signatures__person", "page_references__field"),
            Prefetch("attachments", attachments),
        )
        .get(pk=paper.pk)
    )
    return found


def _parts(paper: Paper) -> Iterator[tuple[str, Any, str, bool]]:
    for name in FROZEN_WITH_RELEASE:
        if name not in GIVEN_AT_RELEASE:
            field: Any = Paper._meta.get_field(name)
            yield name, field.verbose_name, _shown(paper, field), False
    titles = {block.key: block.title or block.get_kind_display() for block in paper.layout.blocks.all()}
    for point in paper.resolution_points.all():
        place = _("Beschlusspunkt %d") % point.position
        yield f"point:{point.position}", place, point.text, True
        yield f"point:{point.position}:reasons", _("Begründung zu %s") % place, point.reasons, True
        measures = "\n".join(str(measure) for measure in point.measures.all())
        yield f"point:{point.position}:measures", _("Maßnahmen zu %s") % place, measures, False
    for section in paper.sections.all():
        yield f"section:{section.key}", _title(section.key, titles), section.body, True
    for answer in paper.assessments.all():
        yield f"assessment:{answer.key}", _title(answer.key, titles), str(answer.get_answer_display()), False
    for signature in paper.signatures.all():
        words = (signature.line_above, str(signature.person or ""), signature.function)
        label = _("Unterschrift %d") % signature.position
        yield f"signature:{signature.position}", label, "\n".join(filter(None, words)), False
    for attachment in paper.attachments.all():
        label = _("Anlage %d") % attachment.position
        yield f"attachment:{attachment.position}", label, _attached(attachment), False
    for reference in paper.page_references.all():
        yield f"pages:{reference.field_id}", _("Fundstelle „%s“") % reference.field, reference.pages, False


def _title(key: str, titles: dict[str, str]) -> str:
    """`auswirkungen.finanziell`: the block's title, and what of it."""
    block, _dot, rest = key.partition(".")
    title = (titles.get(block) or block).rstrip(":")
    return f"{title} – {rest.replace('.', ' ')}" if rest else title


def _shown(paper: Paper, field: models.Field[Any, Any]) -> str:
    value = getattr(paper, field.name)
    if isinstance(field, models.BooleanField):
        return _("ja") if value else _("nein")
    if field.choices:
        return str(dict(field.flatchoices).get(value, ""))
    if value is None:
        return ""
    if isinstance(field, models.DecimalField):
        return f"{number_format(value, 2, force_grouping=True)} €"
    return f"{value:%d.%m.%Y}" if isinstance(field, models.DateField) else str(value)


def _attached(attachment: PaperAttachment) -> str:
    file = attachment.issued_file
    lines = [
        attachment.title,
        str(attachment.concept_version or (file.name if file else "")),
        "" if attachment.public else _("nichtöffentlich"),
        _("Prüfsumme %s") % file.sha256 if file else "",
    ]
    return "\n".join(filter(None, lines))


# ---- Comparing -------------------------------------------------------------------------------------------


def concerning(content: Content, concerns: str) -> dict[str, str]:
    """Key and text of the parts that a signature is about. Empty parts are as good as none."""
    texts = {key: part["text"] for key, part in content.items() if part["text"]}
    if concerns == Concern.EVERYTHING:
        return texts
    return {
        key: text
        for key, text in texts.items()
        if key.startswith(COSTS) or (key.startswith("section:") and "." in key)
    }


def same(before: Content, now: Content, concerns: str = Concern.EVERYTHING) -> bool:
    return concerning(before, concerns) == concerning(now, concerns)


def changes(before: Content, now: Content) -> list[Change]:
    """Part by part, what is there now instead of what was signed; of unchanged parts nothing."""
    empty = {"label": "", "text": "", "rich": False}
    found = []
    for key in [*now, *(key for key in before if key not in now)]:
        old, new = before.get(key, empty), now.get(key, empty)
        if old["text"] != new["text"]:
            either = new if key in now else old
            difference = (compare if either["rich"] else compare_texts)(old["text"], new["text"])
            found.append(Change(either["label"], difference))
    return found


def fingerprint(content: Content) -> str:
    """By which a form knows the text that it was opened with."""
    texts = json.dumps(concerning(content, Concern.EVERYTHING), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(texts.encode()).hexdigest()
