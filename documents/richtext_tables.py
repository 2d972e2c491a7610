"""Puts the cells of a table on a grid: whatever was pasted, each row has as many columns, and heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

# A table that is wider could not be printed; what it says is kept as paragraphs.
MOST_COLUMNS = 40
# Rows that share a cell stay on one printed page; where that cannot be, only the first of them says it.
MOST_JOINED_ROWS, MOST_JOINED_CHARACTERS = 16, 1600
# Where more rows than these hang together at the top, the heads are not there but at the side.
MOST_HEADS = 3


@dataclass(eq=False)
class Cell:
    """`content` is finished HTML; `columns` and `rows` say how many it covers. `fills` a short row."""

    tag: str
    content: str = ""
    columns: int = 1
    rows: int = 1
    fills: bool = False


Grid = list[list[Cell]]


def write_table(rows: list[list[Cell]]) -> str:
    """The table's HTML; nothing if it is too wide or no more than one row says something."""
    grid = _without_doubles(_grid(rows))
    if len(grid) < 2 or len(grid[0]) > MOST_COLUMNS:
        return ""
    heads = _heads(grid)
    head, body = grid[:heads], grid[heads:]
    if head:
        # What reaches down from the heads into the last row ends with the heads.
        from_above = set(head[-1])
        body = [[Cell("td") if cell in from_above else cell for cell in row] for row in body]
    html = f"<thead>{_write(head, 'col')}</thead>" if head else ""
    return f"<table>{html}{''.join(_write_body(body))}</table>"


def _grid(rows: list[list[Cell]]) -> Grid:
    """Each place of the table with the cell that covers it: rectangular, and so is each cell's share.
    Empty if it's too wide."""
    places: list[dict[int, Cell]] = [{} for _row in rows]
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in places[index]:
                column += 1
            if column >= MOST_COLUMNS:
                return []
            end = column + 1
            while end < column + cell.columns and end not in places[index]:
                end += 1
            for covered in places[index : index + cell.rows]:
                covered.update(dict.fromkeys(range(column, end), cell))
            column = end
    width = max((max(row, default=-1) + 1 for row in places), default=0)
    return [
        [row[column] if column in row else Cell("td", fills=True) for column in range(width)]
        for row in places
    ]


def _without_doubles(grid: Grid) -> Grid:
    """Without rows that say nothing of their own, and columns that only widen the one before them."""
    above: set[Cell] = set()
    rows = []
    for row in grid:
        if any(cell.content and cell not in above for cell in row):
            rows.append(row)
        above = set(row)
    columns = [
        column
        for column in range(len(grid[0]) if grid else 0)
        if column == 0 or any(row[column] is not row[column - 1] and not row[column].fills for row in rows)
    ]
    return [[row[column] for column in columns] for row in rows]


def _heads(grid: Grid) -> int:
    """How many rows are heads. A table without any gets its first row as heads, else its first column
    that says something."""
    if not any(cell.tag == "th" and cell.content for row in grid for cell in row):
        for cell in grid[0]:
            cell.tag = "th"
        if _head_rows(grid) > MOST_HEADS:
            for cell in grid[0]:
                cell.tag = "td"
            first = next(column for column in zip(*grid, strict=True) if any(cell.content for cell in column))
            for cell in first:
                cell.tag = "th"
    heads = _head_rows(grid)
    for row in grid[:heads]:
        for cell in row:
            cell.tag = "th"
    return heads


def _head_rows(grid: Grid) -> int:
    count = 0
    while count < len(grid) - 1 and (
        all(cell.tag == "th" for cell in grid[count] if cell.content)
        or (count and not set(grid[count - 1]).isdisjoint(grid[count]))
    ):
        count += 1
    return count


def _write_body(body: Grid) -> Iterator[str]:
    parts: list[Grid] = []
    for row in body:
        if parts and not set(parts[-1][-1]).isdisjoint(row):
            parts[-1].append(row)
        else:
            parts.append([row])
    for joined, group in groupby(parts, key=lambda part: len(part) > 1 and _fits_on_a_page(part)):
        if joined:
            yield from (f'<tbody class="keep">{_write(part, "row")}</tbody>' for part in group)
        else:
            rows = [row for part in group for row in _not_joined(part)]
            yield f"<tbody>{_write(rows, 'row')}</tbody>"


def _fits_on_a_page(part: Grid) -> bool:
    contents = [cell.content for row in part for cell in dict.fromkeys(row)]
    return (
        len(part) <= MOST_JOINED_ROWS
        and sum(map(len, contents)) <= MOST_JOINED_CHARACTERS
        and not any("<img " in content for content in contents)
    )


def _not_joined(part: Grid) -> Grid:
    above: set[Cell] = set()
    rows = []
    for row in part:
        rows.append([Cell("td") if cell in above else cell for cell in row])
        above.update(row)
    return rows


def _write(part: Grid, scope: str) -> str:
    corners: dict[Cell, tuple[int, int]] = {}
    ends: dict[Cell, tuple[int, int]] = {}
    for index, row in enumerate(part):
        for column, cell in enumerate(row):
            corners.setdefault(cell, (index, column))
            ends[cell] = (index + 1, column + 1)
    html = [""] * len(part)
    for cell, (index, column) in corners.items():
        rows, columns = ends[cell][0] - index, ends[cell][1] - column
        spans = f' colspan="{columns}"' if columns > 1 else ""
        spans += f' rowspan="{rows}"' if rows > 1 else ""
        if cell.tag == "th" and cell.content:  # an empty corner is the head of nothing
            html[index] += f'<th scope="{scope}"{spans}>{cell.content}</th>'
        else:
            html[index] += f"<td{spans}>{cell.content}</td>"
    return "".join(f"<tr>{row}</tr>" for row in html)
