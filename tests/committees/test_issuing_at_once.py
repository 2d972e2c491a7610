"""Two people issue the same stage at the same moment.

In a file of its own: it needs two connections, so what it writes is committed and the database emptied
afterwards; pytest-django runs such tests last.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from committees.actions.issuing import issue_stage
from committees.models import Consultation, IssuedPaper
from municipalities.models import User

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"],
        reason="SQLite's database in memory cannot wait for another connection; its files can",
    ),
]


def test_two_clicks_at_once_make_one_issue(stage: Consultation, clerk: User) -> None:
    """The second waits for the paper's row and then finds the first one's issue."""
    ready = Barrier(2)

    def click() -> str:
        try:
            ready.wait(timeout=10)
            return str(issue_stage(consultation=stage, by=clerk).number)
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(future.result(timeout=60) for future in [pool.submit(click) for _ in range(2)])
    assert answers == [
        "1", "Diese Beratung ist schon ausgefertigt. Bitte nennen Sie den Grund der neuen Ausfertigung."
    ]  # fmt: skip
    assert IssuedPaper.objects.filter(consultation=stage).count() == 1
