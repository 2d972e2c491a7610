"""The crispy template pack: every kind of field, with and without errors."""

from collections.abc import Callable
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from playwright.sync_api import Page, expect

FORM = "/probe/formular/"


class Address(forms.Form):
    street = forms.CharField(label="Straße")
    town = forms.CharField(label="Ort", required=False)


@pytest.fixture
def form_page(page: Page, portal: str, sample_pages: None, db: None) -> Page:
    page.goto(portal + FORM)
    return page


@pytest.fixture
def failed_form(form_page: Page) -> Page:
    form_page.get_by_role("button", name="Speichern").click()
    return form_page


def test_form_is_accessible_with_and_without_errors(
    form_page: Page, accessible: Callable[[Page], None]
) -> None:
    accessible(form_page)
    form_page.get_by_role("button", name="Speichern").click()
    accessible(form_page)


def test_only_optional_fields_say_so(form_page: Page) -> None:
    expect(form_page.locator("label", has_text="Beschreibung")).to_contain_text("– optional")
    expect(form_page.locator("legend", has_text="Zielgruppen")).to_contain_text("– optional")
    expect(form_page.locator("label", has_text="Titel")).not_to_contain_text("optional")
    expect(form_page.locator("legend", has_text="Priorität")).not_to_contain_text("optional")


def test_hint_is_read_with_its_field(form_page: Page) -> None:
    expect(form_page.get_by_label("Titel")).to_have_accessible_description("Höchstens 120 Zeichen.")
    expect(form_page.get_by_role("group", name="Zielgruppen")).to_have_accessible_description(
        "Mehrere sind möglich."
    )
    expect(form_page.get_by_label("Anlage")).to_have_accessible_description("PDF, höchstens 10 MB.")


def test_choices_are_a_group_with_a_name(form_page: Page) -> None:
    group = form_page.get_by_role("group", name="Priorität")
    expect(group.get_by_role("radio")).to_have_count(2)
    group.get_by_label("niedrig").check()
    expect(group.get_by_label("niedrig")).to_be_checked()


def test_summary_comes_first_takes_the_focus_and_leads_to_each_field(failed_form: Page) -> None:
    summary = failed_form.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Beginn und Handlungsfeld passen nicht zusammen.")
    expect(summary.get_by_role("link")).to_have_count(5)
    summary.get_by_role("link", name="Titel: Dieses Feld ist zwingend erforderlich.").click()
    expect(failed_form.get_by_label("Titel")).to_be_focused()
    summary.get_by_role("link", name="Priorität").click()
    expect(failed_form.get_by_role("group", name="Priorität")).to_be_focused()


def test_error_stands_at_its_field(failed_form: Page) -> None:
    field = failed_form.get_by_label("Titel")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Höchstens 120 Zeichen. Dieses Feld ist zwingend erforderlich."
    )
    expect(failed_form.get_by_label("Beschreibung")).not_to_have_attribute("aria-invalid", "true")
    expect(failed_form.locator(".kern-form-input--error")).to_have_count(3)
    expect(failed_form.locator(".kern-fieldset--error")).to_have_count(1)


def test_what_was_typed_is_kept(form_page: Page) -> None:
    form_page.get_by_label("Titel").fill("Sprachpatinnen <und> -paten")
    form_page.get_by_label("Kinder").check()
    form_page.get_by_label("Partner").select_option("Volkshochschule")
    form_page.get_by_role("button", name="Speichern").click()
    expect(form_page.get_by_label("Titel")).to_have_value("Sprachpatinnen <und> -paten")
    expect(form_page.get_by_label("Kinder")).to_be_checked()
    expect(form_page.get_by_label("Partner")).to_have_values(["v"])


def test_crispy_tag_with_layout() -> None:
    form: Any = Address({"town": "Opladen"})
    form.helper = FormHelper()
    form.helper.layout = Layout(Fieldset("Anschrift", Row("street", "town")), Submit("save", "Speichern"))
    html = " ".join(render_crispy_form(form, form.helper).split())
    assert "<legend>Anschrift</legend>" in html
    assert '<a href="#id_street">Straße: Dieses Feld ist zwingend erforderlich.</a>' in html
    assert 'value="Opladen"' in html
    assert '<button type="submit" name="save"' in html
    assert html.count("<form") == 1
    assert "csrfmiddlewaretoken" not in html  # there was no request it could belong to


def test_formset_shows_each_form_and_the_count() -> None:
    formset: Any = forms.formset_factory(Address, extra=2)()
    html = render_crispy_form(formset, FormHelper())
    assert 'name="form-TOTAL_FORMS"' in html
    assert html.count("Straße") == 2


def test_hostile_values_are_escaped() -> None:
    form = Address({"street": '"><script>alert(1)</script>', "town": "x"})
    form.fields["street"].label = "<b>Straße</b>"
    assert "<script>" not in render_crispy_form(form, FormHelper())
    assert "<b>" not in render_crispy_form(form, FormHelper())
