"""What a slip looks like: which part stands where, how large, how far apart. Pure: fonts and logos come in.

One idea: the number, then how long it takes, then the way to follow it. Everything hangs on the start side
(the right one for scripts that are read from the right: the whole slip is mirrored), in two weights and a
scale of five sizes. Lengths are millimetres on paper, so a slip reads the same at 180 and at 203 dots to the
inch; it is as short as it can be without being crowded, since the printer's speed is what people wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PIL import Image

from printer.bidi import read_from_right
from printer.qr import code
from printer.raster import NARROWEST, Typesetter, clean
from printer.signs import sign
from queue_server.wire.printing import Fact, Listing, Paper, Part, PartKind, Size, SlipLayout, SlipView, Track

# Sizes of type: the em in millimetres.
CAPTION = 2.9
TEXT = 3.4
STRONG = 4.0
SERVICE = 4.9
VALUE = 5.6

#: Height of a capital or digit, as a share of the em, in the fonts that numbers are set in.
CAPITAL = 0.714
SCALE: dict[Size, float] = {"small": 0.87, "normal": 1.0, "large": 1.25}

MARGIN = 2.0
#: From one baseline to the next, in ems.
LEADING = 1.2
RULE = 0.25
#: From a rule to what stands under it, and from what stands above to the rule.
UNDER_RULE, ABOVE_RULE = 1.5, 1.5
LOGO_HIGH = 9.0
#: On paper narrower than this type and logo are a little smaller; number and QR code never are.
NARROW_PAPER, NARROW_SCALE = 60.0, 0.9
#: A column narrower than this is not worth having beside the QR code.
NARROW_COLUMN = 17.0


class Mark(NamedTuple):
    """Dots at a place: `x` from the start side, `y` from the top of the block."""

    x: int
    y: int
    ink: Image.Image


class Block(NamedTuple):
    """A part, drawn: its height and marks in dots, and how far it keeps from what stands above."""

    height: int
    marks: list[Mark]
    gap: int = 0


class Sheet(NamedTuple):
    """What all parts need to know."""

    type: Typesetter
    paper: Paper
    rtl: bool
    logo: Image.Image | None

    def dots(self, mm: float) -> int:
        return max(1, round(mm * self.paper.dpi / 25.4))

    @property
    def scale(self) -> float:
        return NARROW_SCALE if self.paper.dots * 25.4 / self.paper.dpi < NARROW_PAPER else 1.0

    @property
    def width(self) -> int:
        return self.paper.dots - 2 * self.dots(MARGIN)


def draw_slip(
    view: SlipView,
    *,
    layout: SlipLayout,
    paper: Paper,
    typesetter: Typesetter,
    logo: Image.Image | None = None,
) -> Image.Image:
    """The slip, black on white (mode 1), exactly as wide as the paper's dots."""
    sheet = Sheet(typesetter, paper, view.rtl, logo)
    blocks = [_copy(sheet, view)]
    parts = list(layout.parts)
    while parts:
        part = parts.pop(0)
        joined = _beside(sheet, view, layout, part, parts[0] if parts else None)
        if joined is not None:
            parts.pop(0)
        blocks.append(joined or PARTS[part.kind](sheet, view, layout, part.size))
    return compose(sheet, [block for block in blocks if block is not None])


def compose(sheet: Sheet, blocks: list[Block]) -> Image.Image:
    """The blocks under one another, mirrored if the slip is read from the right."""
    margin, top = sheet.dots(MARGIN), sheet.dots(0.5)
    height = top + sum(block.height for block in blocks) + sum(block.gap for block in blocks[1:])
    image = Image.new("1", (sheet.paper.dots, height + sheet.dots(1.0)), 1)
    y = top
    for index, block in enumerate(blocks):
        y += block.gap if index else 0
        for mark in block.marks:
            x = margin + mark.x
            if sheet.rtl:
                x = sheet.paper.dots - x - mark.ink.width
            image.paste(0, (x, y + mark.y, x + mark.ink.width, y + mark.y + mark.ink.height), mark.ink)
        y += block.height
    return image


# ------------------------------------------------------------------------------------------- the parts


def _copy(sheet: Sheet, view: SlipView) -> Block | None:
    """A reprint says so in white on black, from edge to edge: nobody takes it for the first."""
    if not view.copy:
        return None
    px = sheet.dots(STRONG)
    line = sheet.type.fitted(clean(view.copy), px, sheet.width - px, bold=True, rtl=_reads(sheet, view.copy))
    bar = Image.new("1", (sheet.width, round(1.7 * px)), 1)
    x, y = (bar.width - line.ink.width) // 2, (bar.height - line.ink.height) // 2
    bar.paste(0, (x, y, x + line.ink.width, y + line.ink.height), line.ink)
    return Block(bar.height, [Mark(0, 0, bar)])


def _head(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    """Whose slip it is: the agency, with its logo, under the mall's name."""
    logo = _logo(sheet, size)
    indent = logo.width + sheet.dots(2.5) if logo else 0
    width = sheet.width - indent
    texts = _pile(
        sheet,
        [
            _paragraph(sheet, view.mall, CAPTION * SCALE[size], width=width),
            _paragraph(sheet, view.agency, STRONG * SCALE[size], bold=True, width=width),
        ],
        1.1,
    )
    height = max(texts.height, logo.height if logo else 0)
    marks = [Mark(mark.x + indent, mark.y + (height - texts.height) // 2, mark.ink) for mark in texts.marks]
    if logo:
        marks.append(Mark(0, (height - logo.height) // 2, logo))
    return Block(height, marks, sheet.dots(2)) if marks else None


def _logo(sheet: Sheet, size: Size) -> Image.Image | None:
    """The logo at its height, no wider than two fifths of the slip; ink where it is dark."""
    if sheet.logo is None:
        return None
    high, wide = sheet.dots(LOGO_HIGH * SCALE[size] * sheet.scale), 2 * sheet.width // 5
    share = min(high / sheet.logo.height, wide / sheet.logo.width)
    return scaled_logo(sheet.logo, max(1, round(sheet.logo.width * share)), max(1, round(sheet.logo.height * share)))


def _number(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    """The largest thing on the slip, in its own rules; always from the left, as it is on every screen."""
    high = sheet.dots(layout.number_mm * SCALE[size]) if size == "large" else sheet.dots(layout.number_mm)
    line = sheet.type.fitted(clean(view.number), round(high / CAPITAL), sheet.width, bold=True)
    rule, space = _rule(sheet), sheet.dots(2.0)
    ink = Mark(0, rule.height + space, line.ink)
    bottom = rule.height + space + line.ink.height + space
    return Block(bottom, [Mark(0, 0, rule), ink], sheet.dots(1.6))


def _service(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    return _paragraph(sheet, view.service, SERVICE * SCALE[size], bold=True, gap=0)


def _category(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    """The sign and its name on one line."""
    if view.sign is None:
        return None
    side = sheet.dots(6.5 * SCALE[size])
    picture = sign(view.sign.kind, side)
    indent = side + sheet.dots(2)
    label = _paragraph(sheet, view.sign.label, TEXT * SCALE[size], bold=True, width=sheet.width - indent)
    height = max(side, label.height if label else 0)
    marks = [Mark(0, (height - side) // 2, picture)]
    if label:
        marks += [Mark(mark.x + indent, mark.y + (height - label.height) // 2, mark.ink) for mark in label.marks]
    return Block(height, marks, sheet.dots(2))


def _when(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    """Date at the start, time at the end of one line; the time alone if the date takes all of it."""
    px = sheet.dots(TEXT * SCALE[size] * sheet.scale)
    time = sheet.type.line(clean(view.time), px, True, False) if view.time else None
    taken = time.ink.width + px if time else 0
    date = _paragraph(sheet, view.date, TEXT * SCALE[size], width=sheet.width - taken)
    baseline = round(px * CAPITAL)
    marks = list(date.marks) if date else []
    if time:
        marks.append(Mark(sheet.width - time.ink.width, baseline - time.above, time.ink))
    if not marks:
        return None
    return Block(max(date.height if date else 0, baseline), marks, sheet.dots(2))


def _ahead(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    """People ahead and the range of the wait, side by side."""
    facts = [fact for fact in (view.ahead, view.wait) if fact is not None]
    if not facts:
        return None
    if len(facts) == 1:
        return _ruled(sheet, _fact(sheet, facts[0], size, sheet.width))
    space = sheet.dots(3)
    first = 2 * (sheet.width - space) // 5  # a count is shorter than a range
    second = sheet.width - space - first
    deep = max(_label(sheet, facts[0], size, first).height, _label(sheet, facts[1], size, second).height)
    drawn = [_fact(sheet, facts[0], size, first, deep), _fact(sheet, facts[1], size, second, deep)]
    marks = [*drawn[0].marks, *(Mark(mark.x + first + space, mark.y, mark.ink) for mark in drawn[1].marks)]
    return _ruled(sheet, Block(max(block.height for block in drawn), marks))


def _then(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    return _listing(sheet, view.then, size, numbered=True)


def _bring(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    return _listing(sheet, view.bring, size, numbered=False)


def _track(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    """The QR code at the end side, what it is good for beside it, its address in letters below."""
    if view.track is None:
        return None
    return _with_code(sheet, view.track, layout, size, None)


def _footer(sheet: Sheet, view: SlipView, layout: SlipLayout, size: Size) -> Block | None:
    text = layout.footer.get(view.language, layout.footer.get("", ""))
    block = _paragraph(sheet, text, CAPTION * SCALE[size])
    return _ruled(sheet, block) if block else None


PARTS: dict[PartKind, Callable[[Sheet, SlipView, SlipLayout, Size], Block | None]] = {
    "head": _head,
    "number": _number,
    "service": _service,
    "category": _category,
    "when": _when,
    "ahead": _ahead,
    "then": _then,
    "bring": _bring,
    "track": _track,
    "footer": _footer,
}


def _beside(sheet: Sheet, view: SlipView, layout: SlipLayout, part: Part, following: Part | None) -> Block | None:
    """Facts and QR code in one row when the layout has them in a row and both fit: centimetres are saved."""
    if following is None or (part.kind, following.kind) != ("ahead", "track"):
        return None
    facts = [fact for fact in (view.ahead, view.wait) if fact is not None]
    if view.track is None or not facts or sheet.scale < 1:
        return None
    room = _room_beside(sheet, _code(sheet, view.track, layout))
    drawn = [_fact(sheet, fact, part.size, room) for fact in facts]
    return _with_code(sheet, view.track, layout, following.size, _pile(sheet, drawn, 2.2))


def _with_code(sheet: Sheet, track: Track, layout: SlipLayout, size: Size, column: Block | None) -> Block:
    """A ruled row: `column`, or else the caption, beside the QR code; whatever words are left below it.

    The code's quiet zone serves as the space that any part keeps to its neighbours and to the edge.
    """
    picture = _code(sheet, track, layout)
    room = _room_beside(sheet, picture)
    em = TEXT * SCALE[size]
    caption = _paragraph(sheet, track.caption, em, bold=True, width=room)
    beside = column or caption or Block(0, [])
    if room < sheet.dots(NARROW_COLUMN) or (column is None and not _words_fit(sheet, track.caption, em, room)):
        beside = Block(0, [])
    if beside is not caption:
        caption = _paragraph(sheet, track.caption, em, bold=True)
    # An address is read from the left in every language.
    line = _paragraph(sheet, track.line, CAPTION * SCALE[size], rtl=False)
    below = _pile(sheet, [caption if beside is not caption else None, line], 1.1)
    high = max(beside.height + 2 * sheet.dots(UNDER_RULE), picture.height)
    marks = [Mark(mark.x, mark.y + (high - beside.height) // 2, mark.ink) for mark in beside.marks]
    end = sheet.width - picture.width + min(_quiet(picture), sheet.dots(MARGIN))
    marks.append(Mark(end, (high - picture.height) // 2, picture))
    marks += [Mark(mark.x, mark.y + high, mark.ink) for mark in below.marks]
    return _ruled(sheet, Block(high + below.height, marks), under=0)


def _words_fit(sheet: Sheet, text: str, em: float, width: int) -> bool:
    """Whether no word of a bold text has to be broken."""
    px = sheet.dots(em * sheet.scale)
    return all(sheet.type.width(word, px, True, sheet.rtl) <= width for word in clean(text).split(" "))


def _room_beside(sheet: Sheet, picture: Image.Image) -> int:
    return sheet.width + sheet.dots(MARGIN) - picture.width


# -------------------------------------------------------------------------------------- what they share


def _pile(sheet: Sheet, blocks: Sequence[Block | None], between: float) -> Block:
    """Blocks under each other, `between` millimetres apart; the empty ones take no room."""
    height, marks = 0, list[Mark]()
    for block in blocks:
        if block is None:
            continue
        height += sheet.dots(between) if height else 0
        marks += [Mark(mark.x, mark.y + height, mark.ink) for mark in block.marks]
        height += block.height
    return Block(height, marks)


def _paragraph(
    sheet: Sheet,
    text: str,
    em: float,
    *,
    bold: bool = False,
    width: int | None = None,
    gap: float = 1.4,
    rtl: bool | None = None,
) -> Block | None:
    """Text in as many lines as it takes. Its height runs from the first line's capitals to the last
    baseline or what reaches below it."""
    px = sheet.dots(em * sheet.scale)
    reads = _reads(sheet, text) if rtl is None else rtl
    lines = [
        sheet.type.line(line, px, bold, reads)
        for line in sheet.type.wrapped(clean(text), px, width or sheet.width, bold, reads)
    ]
    if not lines:
        return None
    marks: list[Mark] = []
    baseline = max(round(px * CAPITAL), lines[0].above)
    for index, line in enumerate(lines):
        if index:
            before = lines[index - 1]
            baseline += max(round(px * LEADING), before.below + line.above + sheet.dots(0.3))
        marks.append(Mark(0, baseline - line.above, line.ink))
    bottom = baseline + max(0, lines[-1].below - round(px * 0.1))
    return Block(bottom, marks, sheet.dots(gap))


def _reads(sheet: Sheet, text: str) -> bool:
    """Whether a text is read from the right: as its first letter is, else as the slip."""
    own = read_from_right(text)
    return sheet.rtl if own is None else own


def _label(sheet: Sheet, fact: Fact, size: Size, width: int) -> Block:
    return _paragraph(sheet, fact.label, CAPTION * SCALE[size], width=width) or Block(0, [])


def _fact(sheet: Sheet, fact: Fact, size: Size, width: int, deep: int = 0) -> Block:
    """The figure, large and on one line, under its name; the name takes at least `deep` dots, so that two figures
    side by side stand on one line. What is too long for that, in words, is set smaller and takes more lines."""
    label = _label(sheet, fact, size, width)
    px = sheet.dots(VALUE * SCALE[size] * sheet.scale)
    text = clean(fact.value)
    below = max(label.height, deep) + sheet.dots(1.4)
    if sheet.type.width(text, px, True, sheet.rtl) * NARROWEST > width:  # words, no figure: they take lines instead
        words = _paragraph(sheet, text, STRONG * SCALE[size], bold=True, width=width) or Block(0, [])
        return Block(below + words.height, [*label.marks, *(Mark(m.x, m.y + below, m.ink) for m in words.marks)])
    value = sheet.type.fitted(text, px, width, bold=True, rtl=_reads(sheet, text))
    baseline = below + max(round(px * CAPITAL), value.above)
    marks = [*label.marks, Mark(0, baseline - value.above, value.ink)]
    return Block(baseline + value.below, marks)


def _listing(sheet: Sheet, listing: Listing | None, size: Size, *, numbered: bool) -> Block | None:
    """Lines under a bold title; what comes in an order is numbered, what does not has a small square."""
    if listing is None or not listing.lines:
        return None
    em = TEXT * SCALE[size]
    px = sheet.dots(em * sheet.scale)
    title = _paragraph(sheet, listing.title, em, bold=True)
    marks = list(title.marks) if title else []
    height = title.height if title else 0
    indent = sheet.dots(4)
    for index, text in enumerate(listing.lines, 1):
        block = _paragraph(sheet, text, em, width=sheet.width - indent)
        if block is None:
            continue
        height += sheet.dots(1.2)
        if numbered:
            digit = sheet.type.line(f"{index}", px, True, False)
            marks.append(Mark(0, height + round(px * CAPITAL) - digit.above, digit.ink))
        else:
            side = sheet.dots(1.1)
            marks.append(Mark(0, height + (round(px * CAPITAL) - side) // 2, _filled(side, side)))
        marks += [Mark(mark.x + indent, mark.y + height, mark.ink) for mark in block.marks]
        height += block.height
    return _ruled(sheet, Block(height, marks))


def _code(sheet: Sheet, track: Track, layout: SlipLayout) -> Image.Image:
    return code(track.url, sheet.dots(layout.qr_mm))


def _quiet(picture: Image.Image) -> int:
    """How many dots of white the code keeps around itself."""
    box = picture.getbbox()
    return box[0] if box else 0


def _ruled(sheet: Sheet, block: Block, *, under: float = UNDER_RULE) -> Block:
    """A hair line above, from edge to edge: a new thought begins."""
    rule, space = _rule(sheet), round(under * sheet.paper.dpi / 25.4)
    below = rule.height + space
    marks = [Mark(0, 0, rule), *(Mark(mark.x, mark.y + below, mark.ink) for mark in block.marks)]
    return Block(block.height + below, marks, sheet.dots(ABOVE_RULE))


def _rule(sheet: Sheet) -> Image.Image:
    return _filled(sheet.width, sheet.dots(RULE))


def _filled(width: int, height: int) -> Image.Image:
    return Image.new("1", (width, height), 1)


def scaled_logo(logo: Image.Image, width: int, height: int) -> Image.Image:
    """Ink where the logo is dark and not see-through, by a threshold of our own: a dithered logo is mud."""
    grey = Image.new("L", logo.size, 255)
    grey.paste(logo.convert("L"), mask=logo.convert("RGBA").getchannel("A"))
    small = grey.resize((width, height), Image.Resampling.LANCZOS)
    return small.point([255] * 140 + [0] * 116, "1")
