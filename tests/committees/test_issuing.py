"""Issuing a stage freezes its PDF. Nothing changes it afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from committees.actions import issuing
from committees.actions.issuing import issue_stage
from committees.layout_files import import_layout, preset
from committees.models import Consultation, IssuedPaper
from committees.permissions import may_issue
from committees.printing.render import render_stage
from documents.models import IssuedFile
from municipalities.models import Role, User
from tests.committees.factories import make_town, make_user

pytestmark = pytest.mark.django_db


def test_the_bytes_are_kept_with_their_hash_who_and_when(stage: Consultation, clerk: User) -> None:
    issued = issue_stage(consultation=stage, by=clerk)
    expected = render_stage(stage)
    file = IssuedFile.objects.get(pk=issued.file_id)
    assert (issued.number, issued.reason) == (1, "")
    assert bytes(file.content) == expected
    assert file.sha256 == hashlib.sha256(expected).hexdigest()
    assert (file.size, file.name, file.media_type) == (
        len(expected), "2024-17_1_Sozialausschuss.pdf", "application/pdf"
    )  # fmt: skip
    assert file.issued_by == clerk
    assert file.issued_at is not None


def test_a_correction_is_a_new_issue_with_a_reason_and_the_old_one_stays(
    stage: Consultation, clerk: User
) -> None:
    first = issue_stage(consultation=stage, by=clerk)
    before = bytes(first.file.content)
    with pytest.raises(ValidationError, match="Bitte nennen Sie den Grund der neuen Ausfertigung"):
        issue_stage(consultation=stage, by=clerk, reason="  ")
    stage.role = "Endgültiger Beschluss"
    stage.save()
    second = issue_stage(consultation=stage, by=clerk, reason="Zuständigkeit berichtigt")
    assert (second.number, second.reason) == (2, "Zuständigkeit berichtigt")
    assert bytes(second.file.content) != before
    assert bytes(IssuedFile.objects.get(pk=first.file_id).content) == before


def test_a_stage_that_is_left_out_cannot_be_issued(stage: Consultation, clerk: User) -> None:
    stage.left_out, stage.left_out_reason = True, "keine Zeit"
    stage.save()
    with pytest.raises(ValidationError, match="Diese Beratung entfällt: keine Zeit"):
        issue_stage(consultation=stage, by=clerk)
    assert not IssuedFile.objects.filter(municipality=stage.paper.municipality).exists()


@pytest.mark.parametrize("kind", Role.Kind.values)
def test_only_the_council_service_and_the_administration_issue(stage: Consultation, kind: str) -> None:
    user = make_user(stage.paper.municipality, kind)
    allowed = kind in {Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION}
    assert may_issue(user, stage.paper) is allowed
    if allowed:
        assert issue_stage(consultation=stage, by=user).number == 1
    else:
        with pytest.raises(PermissionDenied):
            issue_stage(consultation=stage, by=user)
        assert not IssuedPaper.objects.filter(consultation=stage).exists()


def test_the_council_service_of_another_town_does_not_issue(stage: Consultation) -> None:
    foreigner = make_user(make_town("Altstadt"), Role.Kind.COUNCIL_SERVICE, name="Uwe Fremd")
    with pytest.raises(PermissionDenied):
        issue_stage(consultation=stage, by=foreigner)
    assert not IssuedPaper.objects.filter(consultation=stage).exists()


def test_what_fails_leaves_nothing_behind(
    stage: Consultation, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("full")

    monkeypatch.setattr(IssuedPaper, "save", refuse)
    with pytest.raises(DatabaseError, match="full"):
        issue_stage(consultation=stage, by=clerk)
    assert not IssuedFile.objects.filter(municipality=stage.paper.municipality).exists()


def test_a_reason_that_is_too_long_is_a_sentence(stage: Consultation, clerk: User) -> None:
    issue_stage(consultation=stage, by=clerk)
    with pytest.raises(ValidationError) as error:
        issue_stage(consultation=stage, by=clerk, reason="x" * 301)
    assert "reason" in error.value.message_dict
    assert IssuedFile.objects.filter(municipality=stage.paper.municipality).count() == 1


def test_issued_rows_refuse_every_way_of_changing_them(stage: Consultation, clerk: User) -> None:
    issued = issue_stage(consultation=stage, by=clerk)
    issued.file.content = b"%PDF-falsch"
    issued.number = 7
    ways: list[Any] = [
        issued.save,
        issued.delete,
        issued.file.save,
        issued.file.delete,
        lambda: IssuedPaper.objects.update(number=7),
        lambda: IssuedPaper.objects.all().delete(),
        lambda: IssuedFile.objects.filter(pk=issued.file_id).update(content=b"%PDF-falsch"),
        lambda: IssuedFile.objects.all().delete(),
    ]
    for way in ways:
        with pytest.raises(ValidationError):
            way()
    assert_untouched(issued, stage)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents_issuedfile SET content = %s",
        "UPDATE documents_issuedfile SET name = %s",
        "UPDATE committees_issuedpaper SET reason = %s",
    ],
)
def test_the_database_itself_refuses_an_update(stage: Consultation, clerk: User, statement: str) -> None:
    issued = issue_stage(consultation=stage, by=clerk)
    value: Any = b"falsch" if "content" in statement else "falsch"
    with (
        pytest.raises(DatabaseError, match="frozen rows cannot be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [value])
    assert_untouched(issued, stage)


def assert_untouched(issued: IssuedPaper, stage: Consultation) -> None:
    found = IssuedPaper.objects.get(pk=issued.pk)
    assert (found.number, found.reason) == (1, "")
    assert bytes(found.file.content) == render_stage(stage)
    assert found.file.name == "2024-17_1_Sozialausschuss.pdf"


def test_a_new_layout_changes_the_next_pdf_and_not_the_issued_one(stage: Consultation, clerk: User) -> None:
    issued = issue_stage(consultation=stage, by=clerk)
    before = bytes(issued.file.content)
    import_layout(
        stage.paper.municipality, preset("kreis-mettmann").replace("Beschluss}", "Entschluss}"), clerk
    )
    assert render_stage(stage) != before
    assert bytes(IssuedFile.objects.get(pk=issued.file_id).content) == before


def test_the_number_is_counted_after_the_paper_is_locked(
    stage: Consultation, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody was faster between the click and the lock: their issue counts."""

    def colleague_first(user: Any, paper: Any) -> bool:
        monkeypatch.setattr(issuing, "may_issue", may_issue)
        issue_stage(consultation=stage, by=clerk)
        return may_issue(user, paper)

    monkeypatch.setattr(issuing, "may_issue", colleague_first)
    with pytest.raises(ValidationError, match="schon ausgefertigt"):
        issue_stage(consultation=stage, by=clerk)
