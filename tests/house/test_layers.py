"""What import-linter cannot see: an app that reaches up by name, in a foreign key, an address or a template.

The order of the layers is read from pyproject.toml, where import-linter has it from as well.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.backends.django import get_installed_libraries

pytestmark = pytest.mark.once

Ranks = dict[str, int]

TEMPLATE_TAG = re.compile(
    r"""{%\s*(?:
        url\s+["'](?P<namespace>\w+):
      | (?:include|extends)\s+["'](?P<folder>\w+)/
      | load\s+(?P<libraries>[\w\s]+?)\s*(?:from\s+(?P<library>\w+)\s*)?%}
    )""",
    re.VERBOSE,
)
# An address as in concepts:list, a model as in concepts.Concept, a template as in concepts/list.html.
NAME_OF_ANOTHER_APP = re.compile(r"^(?P<app>[a-z_]+)(?::[a-z_]+|\.[A-Z]\w+|/[\w/]+\.(?:html|txt|svg))$")


def is_below_or_beside(app: str, other: str, ranks: Ranks) -> bool:
    """Whether `app` may name `other`. What is not ours is nobody's upper floor."""
    return other not in ranks or app == other or ranks[other] < ranks[app]


def models_reaching_up(ranks: Ranks) -> list[str]:
    return [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for app in ranks
        if apps.is_installed(app)
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.is_relation
        and field.related_model
        and not is_below_or_beside(app, field.related_model._meta.app_label, ranks)
    ]


def templates_of(app: str, root: Path) -> Iterator[Path]:
    for folder in (root / "templates" / app, root / app / "templates"):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def apps_named_in_template(text: str) -> Iterator[str]:
    app_of_library = {name: path.split(".")[0] for name, path in get_installed_libraries().items()}
    for tag in TEMPLATE_TAG.finditer(text):
        if name := tag["namespace"] or tag["folder"]:
            yield name
        elif tag["library"]:
            yield app_of_library.get(tag["library"], "")
        else:
            yield from (app_of_library.get(library, "") for library in tag["libraries"].split())


def templates_reaching_up(ranks: Ranks, root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {named}"
        for app in ranks
        for path in templates_of(app, root)
        for named in apps_named_in_template(path.read_text("utf-8"))
        if not is_below_or_beside(app, named, ranks)
    ]


def strings_reaching_up(app: str, code: str, ranks: Ranks) -> list[str]:
    return [
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (name := NAME_OF_ANOTHER_APP.match(node.value)) and not is_below_or_beside(app, name["app"], ranks)
    ]


def test_every_app_has_its_layer(ranks: Ranks, pyproject: dict, root: Path) -> None:
    packages = {path.parent.name for path in root.glob("*/__init__.py")} - {"tests"}
    assert packages == set(ranks) == set(pyproject["tool"]["importlinter"]["root_packages"])
    assert {app for app in settings.INSTALLED_APPS if (root / app).is_dir()} <= packages
    assert set(pyproject["tool"]["mypy"]["packages"]) == packages


def test_no_relation_reaches_up(ranks: Ranks) -> None:
    assert models_reaching_up(ranks) == []


def test_no_template_reaches_up(ranks: Ranks, root: Path) -> None:
    assert templates_reaching_up(ranks, root) == []


def test_no_name_in_the_code_reaches_up(ranks: Ranks, root: Path) -> None:
    found = {
        str(path.relative_to(root)): strings
        for app in ranks
        for path in sorted((root / app).rglob("*.py"))
        if "migrations" not in path.parts
        if (strings := strings_reaching_up(app, path.read_text("utf-8"), ranks))
    }
    assert found == {}


def test_upside_down_the_relations_are_found(ranks: Ranks) -> None:
    """The check above is not blind: with the order turned round it finds what points down today."""
    upside_down = {app: -rank for app, rank in ranks.items()}
    assert "concepts.Concept.municipality → municipalities.Municipality" in models_reaching_up(upside_down)


@pytest.mark.parametrize(
    "text",
    [
        "{% url 'committees:paper_list' town.slug %}",
        '<a href="{% url "committees:paper" paper.pk as address %}">',
        '{% include "committees/partials/route.html" with paper=paper %}',
        "{% extends 'committees/base.html' %}",
    ],
)
def test_a_template_that_reaches_up_is_found(text: str, ranks: Ranks, tmp_path: Path) -> None:
    page = tmp_path / "templates" / "concepts" / "parts" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<p>{{{{ concept }}}}</p>\n{text}\n{{% url 'concepts:list' %}}", "utf-8")
    assert templates_reaching_up(ranks, tmp_path) == ["templates/concepts/parts/page.html: committees"]
    page.rename(page.with_name("moved.html"))
    (tmp_path / "templates" / "concepts").rename(tmp_path / "templates" / "desk")
    assert templates_reaching_up(ranks, tmp_path) == []


def test_a_name_in_the_code_that_reaches_up_is_found(ranks: Ranks) -> None:
    code = """
paper = models.ForeignKey("committees.Paper", on_delete=models.PROTECT)
field = models.ForeignKey("concepts.ActionField", on_delete=models.PROTECT)
address = reverse("committees:paper", args=[1])
page = render(request, "desk/start.html")
words = "siehe desk: dort steht es"
"""
    assert strings_reaching_up("concepts", code, ranks) == [
        "committees.Paper",
        "committees:paper",
        "desk/start.html",
    ]
