"""A heat map: rows by columns, each cell as dark as its value is high, with the value written in it.

Cells may be links. A hundred of them are one stop of the Tab key, at the darkest; a page's script lets arrows go on
from there, and the table beside the map has every link for whoever has no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from msgspec import Struct

from queue_server.charts.paper import LETTER, WIDE, drawing, element, text

SHADES = 6
ROW, TOP, LEFT = 30.0, 26.0, 92.0


class Cell(Struct, frozen=True, kw_only=True):
    """`value` from 0, None where nothing happened; `short` stands in the cell, `said` is read under the pointer; `link`
    is where a press leads."""

    value: float | None = None
    short: str = ""
    said: str = ""
    link: str = ""


def heat_map(
    id_: str, title: str, desc: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]
) -> str:
    """`cells` by row; the darkest is the highest of all."""
    every_cell = [cell for row in cells for cell in row if cell.value is not None]
    darkest = max(every_cell, key=lambda cell: cell.value or 0, default=None)
    most = (darkest.value if darkest is not None else 0) or 1
    step = (WIDE - LEFT - 4) / max(1, len(columns))
    every = max(1, -(-int(max(map(len, columns), default=1) * LETTER + 8) // max(1, int(step))))
    drawn = "".join(
        text(said, class_="tick", x=LEFT + step * index, y=16)
        for index, said in enumerate(columns)
        if index % every == 0
    )
    for row, name in enumerate(rows):
        y = TOP + ROW * row
        drawn += text(name, class_="tick", x=LEFT - 8, y=y + ROW / 2 + 4, text_anchor="end")
        for column, cell in enumerate(cells[row]):
            drawn += _linked(_cell(cell, most, LEFT + step * column, y, step), cell, row, column, first=cell is darkest)
    role = "group" if any(cell.link for cell in every_cell) else "img"
    return drawing(id_, title, desc, WIDE, TOP + ROW * len(rows) + 4, drawn, class_="chart heat", role=role)


def _linked(drawn: str, cell: Cell, row: int, column: int, *, first: bool) -> str:
    """A link says where it is, for whoever moves on with arrows."""
    if not cell.link:
        return drawn
    return element(
        "a",
        element("title", escape(cell.said)),
        drawn,
        href=cell.link,
        tabindex="0" if first else "-1",
        data_row=row,
        data_column=column,
    )


def _cell(cell: Cell, most: float, x: float, y: float, step: float) -> str:
    if cell.value is None:
        return element("rect", class_="none", x=x + 1, y=y + 1, width=step - 2, height=ROW - 2)
    shade = min(SHADES - 1, int(cell.value / most * SHADES))
    inside = element("title", escape(cell.said)) if cell.said and not cell.link else ""
    inside += element("rect", class_=f"shade-{shade}", x=x + 1, y=y + 1, width=step - 2, height=ROW - 2, rx=2)
    if len(cell.short) * LETTER < step:
        inside += text(cell.short, class_=f"in-{shade}", x=x + step / 2, y=y + ROW / 2 + 4, text_anchor="middle")
    return element("g", inside, class_="cell", aria_hidden="true" if cell.link else None)
