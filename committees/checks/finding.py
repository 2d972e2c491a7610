"""One finding about a paper."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"

ROUTE, WRITING, PUBLICITY = "beratungsfolge/", "schreiben/", "oeffentlichkeit/"


@dataclass(frozen=True)
class Finding:
    """`where` is the address below the paper. `subject` says what the finding is about, so that it is
    another one once that changes; `stage` is the id of the stage it belongs to."""

    code: str
    severity: str
    sentence: str
    source: str
    where: str
    overruled: str = ""
    subject: str = ""
    stage: int | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR

    @property
    def key(self) -> tuple[str, str]:
        return self.code, self.subject
