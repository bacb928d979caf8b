"""Charts: what is drawn stands where its numbers say, and can be read without seeing it."""

from __future__ import annotations

from xml.etree import ElementTree

from queue_server.charts.bars import Mark, Part, divided, spread
from queue_server.charts.course import Line, course, spark
from queue_server.charts.heat import Cell, heat_map
from queue_server.charts.paper import axis, values
from queue_server.charts.waits import Slot, Words, waits_through_the_day

WORDS = Words(
    title="Waits rose <at nine>",
    desc="By half-hour",
    half="Half",
    most="Nine in ten",
    target="Target",
    waiting="Waiting",
    counters="Open",
    waits=lambda seconds: f"{seconds / 60:.0f} min",
    count=lambda number: f"{number:.0f}",
)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def of_class(svg: str, class_: str) -> list[ElementTree.Element]:
    return [one for one in parsed(svg).iter() if class_ in (one.get("class") or "").split()]


def day(*slots: Slot, target: float | None = 600) -> str:
    return waits_through_the_day("day", slots, target, WORDS)


def test_every_chart_says_what_it_shows_to_whoever_cannot_see_it():
    """A title and a description, tied to the picture; what is said is escaped."""
    found = parsed(day(Slot(label="9", half=300, most=600, said=("09:00",))))

    title, desc = found[0], found[1]
    assert (title.text, desc.text) == ("Waits rose <at nine>", "By half-hour")
    assert found.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert found.get("role") == "img"


def test_a_line_breaks_where_nothing_is_known():
    """Two known half-hours on each side of an unknown one are two lines, and no line joins them."""
    known = Slot(label="", half=300, most=600)
    svg = day(known, known, Slot(label=""), known, known)

    assert len([one for one in of_class(svg, "half") if one.tag == "polyline"]) == 2


def test_heights_follow_values():
    """Twice the people stand twice as high."""
    svg = day(Slot(label="", waiting=10), Slot(label="", waiting=20), target=None)

    low, high = [float(one.get("height") or 0) for one in of_class(svg, "bar") if one.get("x") != "62"]
    assert abs(high - 2 * low) < 0.2


def test_what_is_not_known_of_people_has_no_panel():
    """Without a count of people or counters there is no second axis to read."""
    with_people = day(Slot(label="", half=1, most=2, waiting=3))
    without = day(Slot(label="", half=1, most=2))

    assert len(of_class(without, "grid")) < len(of_class(with_people, "grid"))
    assert of_class(without, "counters") == []


def test_counters_have_an_axis_of_their_own():
    """Two of five stand far above the ground, however many people wait above them."""
    svg = day(Slot(label="", waiting=200, counters=5), Slot(label="", waiting=200, counters=2), target=None)

    (stairs,) = [one for one in of_class(svg, "counters") if one.tag == "polyline"]
    heights = sorted({float(point.split(",")[1]) for point in (stairs.get("points") or "").split()})
    assert heights[1] - heights[0] > 15
    assert (
        heights[0] > max(float(one.get("y") or 0) + float(one.get("height") or 0) for one in of_class(svg, "bar")) - 1
    )


def test_a_target_that_there_is_not_stands_nowhere():
    """Neither as a line nor in the legend."""
    assert of_class(day(Slot(label="", half=1, most=2), target=None), "target") == []


def test_an_axis_reaches_over_its_values_in_round_steps():
    """Times go by minutes that people count in, counts by whole numbers."""
    times, people = axis(1700, str, seconds=True), axis(37, str)

    assert (times.top, times.steps[1]) == (1800, 600)
    assert (people.top, people.steps[1]) == (40, 10)
    assert axis(0, str).top >= 1
    assert all(step == round(step) for most in range(1, 60) for step in axis(most, str, steps=2).steps)


def test_no_two_steps_of_times_are_said_alike():
    """Seconds up to a minute, and minutes from then on, since they are said so."""
    for most in (61, 75, 119, 130, 200):
        said = axis(
            most, lambda seconds: f"{round(seconds / 60)} min" if seconds >= 60 else f"{seconds} s", seconds=True
        )
        words = [said.say(step) for step in said.steps]
        assert len(set(words)) == len(words), words
    assert axis(59, str, seconds=True).steps == (0, 15, 30, 45, 60)


def test_values_under_the_pointer_stay_within_the_picture():
    """At the right edge they stand to the left of the place."""
    slots = [Slot(label="", half=60, most=90, said=("09:00", "a rather long line of words here"))] * 20
    boxes = of_class(day(*slots), "tip-box")

    assert all(0 <= float(box.get("x") or 0) <= 1180 - float(box.get("width") or 0) for box in boxes)
    assert values is not None


def test_a_heat_map_writes_its_values_and_is_darkest_where_they_are_highest():
    """Nobody needs the colours; an empty cell is none of them."""
    svg = heat_map(
        "week", "t", "d", ["Mon"], ["9", "10", "11"], [[Cell(value=60, short="1"), Cell(), Cell(value=600, short="10")]]
    )

    assert [one.text for one in of_class(svg, "in-5")] == ["10"]
    assert [one.text for one in of_class(svg, "in-0")] == ["1"]
    assert len(of_class(svg, "none")) == 1


def test_cells_that_lead_somewhere_are_one_stop_of_the_tab_key():
    """At the darkest; each link says what its cell does, and a map with links is no mere picture."""
    row = [Cell(value=60, said="1 min", link="/?a=1&b=2"), Cell(), Cell(value=600, said="10 min", link="/ten")]
    found = parsed(heat_map("week", "t", "d", ["Mon"], ["9", "10", "11"], [row]))
    links = [one for one in found.iter() if one.tag == "a"]

    assert [(one.get("href"), one[0].text, one.get("tabindex")) for one in links] == [
        ("/?a=1&b=2", "1 min", "-1"),
        ("/ten", "10 min", "0"),
    ]
    assert [(one.get("data-row"), one.get("data-column")) for one in links] == [("0", "0"), ("0", "2")]
    assert found.get("role") == "group"


def test_parts_of_a_bar_are_as_long_as_their_shares():
    """And differ without colour: each kind has its own pattern or fill."""
    svg = divided(
        "c",
        "t",
        "d",
        [("1", [Part(class_="part-serving", value=3, said="a"), Part(class_="part-waiting", value=1, said="b")])],
        [],
    )

    first, second = (float(one.get("width") or 0) for one in of_class(svg, "part"))
    assert abs(first - 3 * second) < 0.2
    assert len([one for one in parsed(svg).iter() if one.tag == "pattern"]) == 3


def test_a_spread_marks_the_middle_where_it_is():
    """A mark at two and a half bars stands in the middle of the third."""
    svg = spread("s", "t", "d", ["0", "1", "2", "3"], [1, 2, 3, 4], [()] * 4, str, [Mark(at=2.5, said="half")])

    bars, mark = of_class(svg, "bar"), of_class(svg, "half")[0]
    third = float(bars[2].get("x") or 0) + float(bars[2].get("width") or 0) / 2
    assert abs(float(mark.get("x1") or 0) - third) < 0.2


def test_a_share_is_drawn_from_nothing_to_all_and_notes_are_marked():
    """However near together the values are; a week with a note has its mark."""
    line = Line(name="x", class_="half", values=(0.9, 0.91))
    svg = course(
        "c", "t", "d", ["a", "b"], [line], [("a",), ("b",)], lambda s: f"{s:.0%}", share=True, marks=[None, "power cut"]
    )

    ticks = [one.text for one in of_class(svg, "tick")]
    assert ticks[:5] == ["0%", "25%", "50%", "75%", "100%"]
    assert len(of_class(svg, "note-mark")) == 1
    assert parsed(spark("x", "t", [1, None, 3])).get("role") == "img"
