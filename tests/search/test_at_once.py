"""Several people search at the same moment for what just changed.

In a file of its own: it needs several connections, so what it writes is committed and the database emptied
afterwards; pytest-django runs such tests last.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection

from concepts.models import Concept
from search.actions import moved_in, refresh_index
from search.models import Container, Entry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"],
        reason="SQLite's database in memory cannot wait for another connection; its files can",
    ),
]
SEARCHERS = 4


def refresh_at_once(town: int) -> list[int]:
    """How many entries each of them wrote."""
    ready = Barrier(SEARCHERS)

    def one() -> int:
        try:
            ready.wait(timeout=10)
            return refresh_index([town])
        finally:
            connection.close()

    with ThreadPoolExecutor(SEARCHERS) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one) for _ in range(SEARCHERS)]]


def test_the_first_indexes_and_the_others_wait(concept: Concept) -> None:
    town = concept.municipality_id
    wrote = refresh_at_once(town)
    assert sorted(wrote) == [0] * (SEARCHERS - 1) + [Entry.objects.count()]
    assert Container.objects.count() == 2  # the town and the concept
    measure = concept.measures.all()[0]
    measure.title = "Zitronenfalter"
    measure.save()
    assert sorted(refresh_at_once(town)) == [0] * (SEARCHERS - 1) + [1]
    assert Entry.objects.filter(title="A.1.1.1 Zitronenfalter").count() == 1
    assert moved_in([town]) == []
