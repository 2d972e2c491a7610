"""Dates as exactly as they are known: reading, printing, sorting."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzzydates.value import FuzzyDate, FuzzyDateError, Precision, day, months, parse

WRITTEN = [
    ("19.06.2008", "19.06.2008"),
    ("5.6.2008", "05.06.2008"),
    ("10.03. – 31.03.2017", "10.03.–31.03.2017"),
    ("10.–31.03.2017", "10.03.–31.03.2017"),
    ("28.12.2016 bis 03.01.2017", "28.12.2016–03.01.2017"),
    ("ab 01.02.2017", "ab 01.02.2017"),
    ("Juni 2017", "Juni 2017"),
    ("Aug. 2017", "August 2017"),
    ("Aug./Sept. 2017", "Aug./Sept. 2017"),
    ("Sept./Okt 2017", "Sept./Okt. 2017"),
    ("Januar – Oktober 2019", "Januar – Oktober 2019"),
    ("Oktober 2013 – März 2014", "Oktober 2013 – März 2014"),
    ("1. Jahreshälfte 2008", "1. Halbjahr 2008"),
    ("3. Quartal 2020", "3. Quartal 2020"),
    ("Anfang 2014", "Anfang 2014"),
    ("2015", "2015"),
    ("2017-2020", "2017–2020"),
    ("19.06.2008 (geplant)", "19.06.2008 (geplant)"),
    ("geplant: 2. Halbjahr 2008", "2. Halbjahr 2008 (geplant)"),
]


@pytest.mark.parametrize(("written", "printed"), WRITTEN)
def test_reads_what_the_papers_write_and_prints_it_in_german(written: str, printed: str) -> None:
    assert str(parse(written)) == printed


@pytest.mark.parametrize(
    "text",
    ["31.02.2017", "Foo 2017", "bald", "31.03.2017–10.03.2017", "13/2017", "Okt./Sept. 2017", "01.13.2017"],
)
def test_what_nobody_can_read_gets_a_sentence(text: str) -> None:
    with pytest.raises(FuzzyDateError, match=r"[.]$"):
        parse(text)


def test_stored_text_sorts_by_time_whatever_the_precision() -> None:
    written = "2007|1. Halbjahr 2008|05.06.2008|Juni 2008|2. Halbjahr 2008|Dezember 2008|Anfang 2009"
    dates = [parse(text) for text in written.split("|")]
    by_text = sorted(dates, key=lambda d: d.encode())
    assert by_text == sorted(dates)
    in_order = "2007|1. Halbjahr 2008|Juni 2008|05.06.2008|2. Halbjahr 2008|Dezember 2008|Anfang 2009"
    assert "|".join(map(str, by_text)) == in_order


fuzzy_dates = st.one_of(
    st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 1, 1)).map(day),
    st.builds(
        lambda y, m: months(y, m, m, Precision.MONTH), st.integers(1950, 2100), st.integers(1, 12)
    ),
    st.builds(
        lambda y, m, n: months(y, m, min(12, m + n), Precision.MONTHS),
        st.integers(1950, 2100), st.integers(1, 11), st.integers(1, 6),
    ),
    st.builds(
        lambda d, n: FuzzyDate(d, d + datetime.timedelta(days=n), Precision.DAYS),
        st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 1, 1)), st.integers(1, 900),
    ),
)  # fmt: skip


@given(fuzzy_dates, st.booleans())
def test_printed_dates_read_back_as_the_same_date(date: FuzzyDate, planned: bool) -> None:
    date = date.as_planned(planned)
    assert parse(str(date)) == date
    assert FuzzyDate.decode(date.encode()) == date
