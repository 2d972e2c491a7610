"""Who sees a picture: who may read a text in which it stands.

No table says where pictures stand: the texts do, and each row of theirs knows who may read it. Asked are all
models with rich text, also those that later apps add; nobody has to register anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan

from municipalities.ownership import OwnedModel


class Texts(NamedTuple):
    """The columns of a model with rich text: by their kind, or because the model names them."""

    model: type[OwnedModel]
    columns: tuple[str, ...]
    named: tuple[str, ...]


@lru_cache(maxsize=1)
def all_texts() -> tuple[Texts, ...]:
    return tuple(_texts())


def _texts() -> Iterator[Texts]:
    for model in apps.get_models():
        if not issubclass(model, OwnedModel):
            continue
        fields = model._meta.concrete_fields
        columns = tuple(field.name for field in fields if getattr(field, "holds_pictures", False))
        if columns or model.texts_with_pictures:
            yield Texts(model, columns, model.texts_with_pictures)


def stands_before(user: Any, picture: int, town: int) -> bool:
    """Whether the picture stands in a text of the town that the user may read. One query to find the texts,
    and one for each kind of text until one is found."""
    found: dict[int, list[int]] = {}
    for number, pk in _places(picture, town):
        found.setdefault(number, []).append(pk)
    for number, ids in sorted(found.items()):
        model = all_texts()[number].model
        if model._default_manager.texts_visible_to(user).filter(pk__in=ids).exists():
            return True
    return False


def _places(picture: int, town: int) -> Any:
    """The rows that show it, or once did: the number of their kind in `all_texts`, and their id. What a row
    said before is for those who may read it now."""
    queries = []
    for number, (model, columns, named) in enumerate(all_texts()):
        of_town = {model.municipality_path: town}
        shows = Q()
        for name in columns:
            shows |= _has(F(name), f'<img src="/bilder/{picture}"')
        for name in named:
            text = Cast(name, TextField())
            for address in (f'<img src="/bilder/{picture}"', f'<img src=\\"/bilder/{picture}\\"'):
                shows |= _has(text, address)
        tables = [(model._default_manager, "pk")]
        if columns and hasattr(model, "history"):
            tables.append((model.history.model._default_manager, "id"))
        for rows, key in tables:
            queries.append(rows.filter(shows, **of_town).order_by().values_list(Value(number), key))
    return queries[0].union(*queries[1:])


def _has(text: Any, words: str) -> Q:
    return Q(GreaterThan(StrIndex(text, Value(words)), 0))
