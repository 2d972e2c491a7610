"""The other types of papers with their numbers, and who signs a paper before it is released."""

from __future__ import annotations

from committees.models import PaperLayout, PaperType, SigningChain, SigningStep
from demo.loading.base import Loader
from demo.reading import Row
from municipalities.models import Person


def load_paper_types(loader: Loader, file: Row, layout: PaperLayout) -> None:
    """Those that belong to another paper; they look like it."""
    for row in file.take_rows("paper_types"):
        new = loader.build(PaperType, row, municipality=loader.municipality, layout=layout)
        loader.save(row, new, new.name)


def load_signing_chain(loader: Loader, row: Row) -> None:
    """The town's, for all its papers."""
    if not row.data:
        return
    steps = row.take_row_list("steps")
    chain = loader.build(SigningChain, row, municipality=loader.municipality, default=True)
    loader.save(row, chain)
    for step in steps:
        person = loader.find(Person, step.take("person", None), step.place)
        loader.save(step, loader.build(SigningStep, step, chain=chain, person=person))
