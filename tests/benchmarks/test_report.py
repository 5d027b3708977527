"""The figures in the documents are from the last published run, and support the verdicts."""

import json
from xml.etree import ElementTree

import pytest

from tests.benchmarks import chart, report
from tests.benchmarks.measuring import Series, rotated
from tests.benchmarks.targets import Target


def test_the_documents_show_the_published_figures() -> None:
    published = json.loads(report.FIGURES.read_text())

    assert published.keys() == report.DOCUMENTS.keys()
    for name, content in published.items():
        document = report.DOCUMENTS[name].read_text()
        assert report.TABLES[name](content) in document, (
            f"publish the figures of {name} with BENCH_PUBLISH=1"
        )


def test_the_chart_shows_the_published_figures() -> None:
    content = json.loads(report.FIGURES.read_text())["bench"]

    assert chart.draw(content) == report.CHART.read_text()
    ElementTree.fromstring(chart.draw(content))


@pytest.mark.parametrize(
    ("figure", "at_most", "verdict"),
    [
        (2.1, True, "missed"),
        (1.9, True, "met"),
        (1.4, True, "aim met"),
        (1.4, False, "missed"),
        (2.1, False, "aim met"),
    ],
)
def test_a_target_says_whether_it_is_met(figure: float, at_most: bool, verdict: str) -> None:
    assert (
        Target("a figure", figure, 2.0, 1.5 if at_most else 2.1, at_most=at_most).verdict == verdict
    )


def test_ratios_are_those_of_the_same_round() -> None:
    quick, slow = Series(cpu=[100, 300, 200]), Series(cpu=[200, 450, 400])

    ratios = slow.ratios(quick)

    assert (ratios.median, ratios.least, ratios.most) == (2.0, 1.5, 2.0)


def test_a_later_round_begins_with_another() -> None:
    assert [rotated([1, 2, 3], number) for number in range(4)] == [
        [1, 2, 3],
        [2, 3, 1],
        [3, 1, 2],
        [1, 2, 3],
    ]
