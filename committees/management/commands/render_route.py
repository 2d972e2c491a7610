"""manage.py render_route 2017/1900 --out DIR: the Vorlage of each stage of a paper, as PDF files."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from committees.models import Paper
from committees.printing.contents import PaperContents
from committees.printing.render import file_name, render_route
from documents.progress import Progress
from municipalities.models import Municipality

WRONG_INPUT = 2


class WrongInput(Exception):
    """The message is one German sentence for who typed the command."""


class Command(BaseCommand):
    help = "Schreibt die Vorlage jeder Beratung einer Beratungsfolge als PDF in einen Ordner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", metavar="NUMMER", help="Nummer der Vorlage, zum Beispiel 2017/1900")
        parser.add_argument(
            "--out", required=True, metavar="ORDNER", type=Path, help="wird angelegt, wenn er fehlt"
        )
        parser.add_argument(
            "--town", metavar="KOMMUNE", default="", help="Adresse der Kommune, zum Beispiel leverkusen"
        )
        parser.add_argument(
            "--processes", metavar="ANZAHL", type=int, default=1, help="Druckprozesse nebeneinander"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            paper = find_paper(options["number"], options["town"])
            self.write_route(paper, options["out"], options["processes"])
        except WrongInput as error:
            self.stderr.write(str(error))
            sys.exit(WRONG_INPUT)

    def write_route(self, paper: Paper, folder: Path, processes: int) -> None:
        total = len(PaperContents.of(paper.pk).stages_to_print)
        if total == 0:
            raise WrongInput(f"Die Vorlage {paper.number} hat keine Beratung, die stattfindet.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Asked before the printing, which takes its time: an unwritable folder is said at once.
            probe = folder / f".{paper.pk}.probe"
            probe.write_bytes(b"")
            probe.unlink()
            progress = Progress(total, sys.stderr)
            written = []
            for consultation, pdf in render_route(paper, processes):
                path = folder / file_name(consultation)
                path.write_bytes(pdf)
                written.append(path)
                progress.step(path.name)
        except OSError as error:
            raise WrongInput(
                f"In den Ordner „{folder}“ kann nicht geschrieben werden{cause(error)}."
            ) from error
        for path in written:
            self.stdout.write(str(path))


def cause(error: OSError) -> str:
    match error:
        case PermissionError():
            return ": Die Berechtigung fehlt"
        case FileExistsError() | NotADirectoryError():
            return ": Dort liegt eine Datei"
        case OSError(errno=errno.ENOSPC):
            return ": Der Datenträger ist voll"
        case _:
            return ""


def find_paper(number: str, town: str) -> Paper:
    papers = Paper.objects.select_related("municipality").filter(number=number)
    if town:
        if not Municipality.objects.filter(slug=town).exists():
            known = ", ".join(Municipality.objects.order_by("slug").values_list("slug", flat=True))
            raise WrongInput(f"Eine Kommune „{town}“ gibt es hier nicht. Vorhanden: {known or 'keine'}.")
        papers = papers.filter(municipality__slug=town)
    found = list(papers)
    if not found:
        where = f" in „{town}“" if town else ""
        raise WrongInput(f"Eine Vorlage mit der Nummer „{number}“ gibt es{where} nicht.")
    if len(found) > 1:
        slugs = ", ".join(sorted(paper.municipality.slug for paper in found))
        raise WrongInput(
            f"Die Nummer „{number}“ gibt es in mehreren Kommunen ({slugs}): bitte eine mit --town angeben."
        )
    return found[0]
