"""Static files as they are served: names with a hash, also where scripts import each other."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

pytestmark = pytest.mark.once

IMPORT = re.compile(r'from "([^"]+)"')


def test_the_editors_scripts_import_each_other_by_names_with_a_hash(
    root: Path, tmp_path: Path, settings: Any
) -> None:
    settings.STATIC_ROOT = tmp_path
    # Only the scripts: to compress all that there is takes a while.
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    names = ("js", "vendor/prosemirror")
    settings.STATICFILES_DIRS = [(name, root / "static" / name) for name in names]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "integration_portal.static_files.PortalStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    waiting, seen = [tmp_path / staticfiles_storage.stored_name("js/editor/editor.js")], set()
    while waiting:
        script = waiting.pop()
        assert re.search(r"\.[0-9a-f]{12}\.js$", script.name)
        if script not in seen:
            seen.add(script)
            waiting += [
                (script.parent / name).resolve() for name in IMPORT.findall(script.read_text("utf-8"))
            ]
    assert {path.name.partition(".")[0] for path in seen} == {
        *("editor", "commands", "dialogs", "schema", "server", "toolbar", "prosemirror")
    }


def test_what_others_made_is_what_its_manifest_names(root: Path) -> None:
    for path in (root / "static" / "vendor").glob("*/vendor.json"):
        manifest = json.loads(path.read_text("utf-8"))
        assert all(package["integrity"].startswith("sha512-") for package in manifest["packages"].values())
        for name in manifest.get("files", {}).values():
            assert (path.parent / name).is_file()
        if "bundle" in manifest:
            bundle = path.parent / manifest["bundle"]["file"]
            assert hashlib.sha256(bundle.read_bytes()).hexdigest() == manifest["bundle"]["sha256"]
            licences = (path.parent / "LICENSES.txt").read_text("utf-8")
            assert all(name in licences for name in manifest["packages"])
