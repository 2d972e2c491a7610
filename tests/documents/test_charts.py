"""What a chart of an indicator shows, and to whom."""

from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from documents.charts import Chart, ChartSeries, ChartTarget, chart_svg, chart_table, german_number, summary

pytestmark = pytest.mark.once
SVG = "{http://www.w3.org/2000/svg}"
CITY = ChartSeries(
    "Stadt", (("2015", Decimal("31.5")), ("2016", None), ("2017", Decimal(38)), ("2018", Decimal(44)))
)
STATE = ChartSeries("Land NRW", (("2015", Decimal(35)), ("2018", Decimal(40))))


def make(**values: object) -> Chart:
    settings: dict[str, object] = {"title": "Kinder in Kitas", "unit": "%", "series": (CITY,)}
    return Chart(**{**settings, **values})  # type: ignore[arg-type]


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(chart))


def words(svg: ElementTree.Element) -> list[str]:
    return [" ".join(text.itertext()).replace("\xa0", " ") for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("number", "text"),
    [("1234.50", "1.234,5"), ("-3", "−3"), ("0.125", "0,12"), ("1000000", "1.000.000"), ("40.0", "40")],
)
def test_numbers_are_written_the_german_way(number: str, text: str) -> None:
    assert german_number(Decimal(number)) == text


def test_the_last_value_is_written_at_the_end_of_its_line() -> None:
    assert {"44,0 %", "Stadt", "2015", "2018"} <= set(words(drawn(make())))


def test_a_missing_value_is_a_gap_in_the_line() -> None:
    svg = drawn(make())
    lines = [line.attrib["points"].split() for line in svg.iter(f"{SVG}polyline")]
    assert [len(line) for line in lines] == [2]  # 2017 to 2018; 2015 stands alone
    assert len(list(svg.iter(f"{SVG}circle"))) == 3


def test_groups_differ_by_dashes_and_name_not_by_colour_alone() -> None:
    svg = drawn(make(series=(CITY, STATE)))
    dashes = [line.attrib.get("stroke-dasharray") for line in svg.iter(f"{SVG}polyline")]
    assert sorted(dash or "" for dash in dashes) == ["", "6 4"]
    assert "Land NRW" in words(svg)


def test_a_target_is_a_diamond_with_words() -> None:
    svg = drawn(make(targets=(ChartTarget("2020", Decimal(50)),)))
    assert len(list(svg.iter(f"{SVG}polygon"))) == 1
    assert {"Ziel 50,0 %", "2020"} <= set(words(svg))


def test_bars_begin_at_zero() -> None:
    svg = drawn(make(bars=True))
    heights = [Decimal(bar.attrib["height"]) for bar in svg.iter(f"{SVG}rect")]
    assert len(heights) == 3
    assert abs(heights[0] / heights[2] - Decimal("31.5") / 44) < Decimal("0.01")


def test_years_without_values_take_their_room() -> None:
    series = ChartSeries("Stadt", (("2010", Decimal(1)), ("2011", Decimal(2)), ("2020", Decimal(3))))
    places = [Decimal(mark.attrib["cx"]) for mark in drawn(make(series=(series,))).iter(f"{SVG}circle")]
    assert places[2] - places[1] == pytest.approx(9 * (places[1] - places[0]), abs=Decimal("0.5"))


def test_labels_of_lines_that_end_together_do_not_lie_upon_each_other() -> None:
    groups = tuple(
        ChartSeries(f"Gruppe {name}", (("2015", Decimal(30)), ("2018", Decimal(44)))) for name in "ABC"
    )
    svg = drawn(make(series=(CITY, *groups)))
    places = sorted(Decimal(text.attrib["y"]) for text in svg.iter(f"{SVG}text") if text.attrib["x"] == "500")
    assert len(places) == 8
    assert all(after - before >= 14 for before, after in pairwise(places))


def test_words_below_and_in_the_picture_do_not_lie_upon_each_other() -> None:
    """Half-years have long names; a target's words give way to the next target's diamond."""
    names = [f"{half}. Halbjahr {year}" for year in (2015, 2016, 2017) for half in (1, 2)]
    series = ChartSeries("Stadt", [(name, Decimal(place)) for place, name in enumerate(names)])
    targets = (ChartTarget("2018", Decimal(100)), ChartTarget("2019", Decimal(120)))
    svg = drawn(make(series=(series,), unit="Mietverträge", targets=targets))
    below = [text for text in svg.iter(f"{SVG}text") if text.text in (*names, "2018", "2019")]
    assert [below[0].text, below[-1].text] == ["1. Halbjahr 2015", "2019"]
    for before, after in pairwise(Decimal(text.attrib["x"]) for text in below):
        assert after - before >= 100
    first = next(text for text in svg.iter(f"{SVG}text") if "Ziel 100" in (text.text or ""))
    assert first.attrib["text-anchor"] == "end"


def test_a_picture_has_title_and_description_of_its_own() -> None:
    svg, other = drawn(make()), drawn(make(title="Anderes"))
    ids = [
        element.attrib["id"] for chart in (svg, other) for element in chart.iter() if "id" in element.attrib
    ]
    assert len(set(ids)) == 4
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"].split() == ids[:2]
    description = svg.find(f"{SVG}desc")
    assert description is not None
    assert description.text == "Stadt: 2015 31,5\xa0%, 2017 38,0\xa0%, 2018 44,0\xa0%."


def test_the_alternative_text_says_course_and_target() -> None:
    chart = make(targets=(ChartTarget("2020", Decimal(50)),))
    assert summary(chart).replace("\xa0", " ") == (
        "Liniendiagramm: Kinder in Kitas; 2015: 31,5 %, 2018: 44,0 %; Ziel 2020: 50,0 %."
    )


def test_a_picture_needs_neither_style_nor_script() -> None:
    """A strict Content-Security-Policy would ignore them."""
    svg = drawn(make(series=(CITY, STATE), targets=(ChartTarget("2020", Decimal(50)),)))
    for element in svg.iter():
        assert element.tag.removeprefix(SVG) not in ("style", "script")
        assert "style" not in element.attrib


def test_words_from_the_data_are_no_markup() -> None:
    chart = make(title="<b>&", series=(ChartSeries("<script>", CITY.points),))
    assert "<script>" not in chart_svg(chart) + chart_table(chart)
    assert "<script>" in words(drawn(chart))


def test_the_table_beside_has_every_number() -> None:
    html = chart_table(make(series=(CITY, STATE), targets=(ChartTarget("2020", Decimal(50)),)))
    assert html.count("<tr>") == 6
    for cell in ("31,5", "38,0", "44,0", "35,0", "40,0", "50,0"):
        assert f'<td class="number">{cell}</td>' in html
    assert html.count('scope="row"') == 5


@pytest.mark.parametrize(
    "series",
    [
        (ChartSeries("Ein Wert", (("2015", Decimal(5)),)),),
        (ChartSeries("Null", (("2015", Decimal(0)), ("2016", Decimal(0)))),),
        (ChartSeries("Gleich", (("2015", Decimal(7)), ("2016", Decimal(7)))),),
        (ChartSeries("Negativ", (("2015", Decimal(-5)), ("2016", Decimal("-2.5")))),),
        (ChartSeries("Groß", (("2015", Decimal(10**9)), ("2016", Decimal(3)))),),
        (ChartSeries("Klein", (("2015", Decimal("0.001")), ("2016", Decimal("0.004")))),),
        (ChartSeries("Halbjahre", (("1. Hj. 2015", Decimal(5)), ("2. Hj. 2015", Decimal(6)))),),
    ],
    ids=lambda series: series[0].label,
)
@pytest.mark.parametrize("bars", [True, False], ids=["bars", "line"])
def test_unusual_values_stay_inside_the_picture(series: tuple[ChartSeries, ...], bars: bool) -> None:
    svg = drawn(make(series=series, bars=bars))
    _, _, width, height = map(Decimal, svg.attrib["viewBox"].split())
    for element in svg.iter():
        for name, limit in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= Decimal(element.attrib.get(name, "0")) <= limit


def test_nothing_to_draw_is_no_picture() -> None:
    assert chart_svg(make(series=())) == ""
    assert chart_svg(make(series=(ChartSeries("leer", (("2015", None),)),))) == ""
