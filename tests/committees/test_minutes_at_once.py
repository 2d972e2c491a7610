"""The last signatures come at the same moment.

In a file of its own: it needs several connections, so what it writes is committed and the database emptied
afterwards; pytest-django runs such tests last.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from committees.actions.minutes import agree_minutes, begin_minutes, sign_minutes
from committees.models import Excerpt, MeetingFile, MinutesSignature
from tests.committees.sittings import Sitting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"],
        reason="SQLite's database in memory cannot wait for another connection; its files can",
    ),
]


def test_each_line_is_signed_once_and_the_files_are_made_once() -> None:
    sitting = Sitting().with_people().with_result()
    minutes = begin_minutes(meeting=sitting.meeting, by=sitting.clerk)
    MinutesSignature.objects.filter(minutes=minutes).update(person=sitting.chair.person)
    agree_minutes(meeting=sitting.meeting, by=sitting.clerk)
    lines = list(minutes.signatures.order_by("position"))
    clicks = [lines[0], lines[1], lines[1]]
    ready = Barrier(len(clicks))

    def click(line: MinutesSignature) -> str:
        try:
            ready.wait(timeout=10)
            return str(sign_minutes(line=line, by=sitting.clerk).state)
        except ValidationError as error:
            return error.messages[0].split(".")[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clicks)) as pool:
        answers = [future.result(timeout=120) for future in [pool.submit(click, line) for line in clicks]]
    # The one who came third finds the line signed, or the minutes signed as a whole.
    assert sorted(answers)[1:] == ["agreed", "signed"]
    assert sorted(answers)[0].startswith("Die")
    assert MeetingFile.objects.filter(meeting=sitting.meeting).count() == 2
    assert Excerpt.objects.filter(agenda_item__meeting=sitting.meeting).count() == 3
