"""The fields of a part's form, drawn once per change.

Half a hundred fields with their labels, hints and choices take ten times as long as the rest of the page.
What was typed and not saved is drawn each time, of course.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.forms import Media
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from concepts.forms.parts import PartForm
from concepts.kinds import kind_of
from concepts.models import ConceptPart
from concepts.pictures import State, key_of
from documents.keeping import shelf
from municipalities.versioned_forms import newest_entry


def fields_html(form: PartForm | None, tables: Sequence[Any]) -> SafeString:
    """Errors, fields and tables: all of the form that does not depend on who fills it in."""
    return render_to_string("concepts/workbench/_fields.html", {"form": form, "tables": tables})


def kept_fields(
    state: State,
    part: ConceptPart,
    rights: Mapping[str, bool],
    make: Callable[[], tuple[PartForm | None, Sequence[Any]]],
) -> SafeString:
    """Nothing typed yet. `rights` are those that leave fields out, `make` gives the form and its tables."""
    kind = f"form-{kind_of(part).slug}-{part.pk}-{newest_entry(part)}"
    key = key_of(state, kind, (name for name, held in rights.items() if held))
    return SafeString(shelf.get(key, lambda: fields_html(*make())))


@lru_cache(maxsize=32)
def media_of(form: type[PartForm]) -> SafeString:
    media = Media()
    for field in form.base_fields.values():
        media += field.widget.media
    return SafeString(str(media))
