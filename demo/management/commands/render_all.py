"""Renders every concept and every stage of every route into a folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.rendering import jobs, render_into
from documents.progress import Progress


class Command(BaseCommand):
    help = "Schreibt alle Konzepte und die Vorlage jeder Beratung als PDF in einen Ordner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, help="Ordner für die PDFs")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            all_jobs = list(jobs())
            rendered = 0
            progress = Progress(len(all_jobs), sys.stderr)
            for job, was_rendered in render_into(folder, all_jobs):
                rendered += was_rendered
                progress.step(str(job.path))
        except OSError as error:
            raise CommandError(
                f"In den Ordner „{folder}“ kann nicht geschrieben werden: {error.strerror}.", returncode=2
            ) from error
        for job in all_jobs:
            self.stdout.write(str(folder / job.path))
        self.stdout.write(f"{len(all_jobs)} PDFs, davon {rendered} neu gerendert.")
