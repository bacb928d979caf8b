"""Whatever the mall calls things, nothing lies over anything or leaves the screen, and what is short stays large."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from queue_server.settings.fitting import BOARD, DIRECTION, LABEL, MALL, NOTICE, REASON
from queue_server.wire.boards import BoardView
from tests.browser import layout_faults
from tests.display.conftest import EVERY, OpenDisplay, ago, shows
from tests.fakes import mall
from tests.fakes.hall import FakeHall

LONG_MALL = {
    "id": "Mal Pelayanan Publik Kabupaten Administrasi Kepulauan Nusa Raya Barat",
    "en": "West Nusa Raya Islands Regency Public Service Mall",
    "ar": "مجمع الخدمات الحكومية في محافظة جزر نوسا رايا الغربية",
    "ka": "დასავლეთ ნუსა-რაიის კუნძულების მუნიციპალიტეტის იუსტიციის სახლი",
    "az": "Qərbi Nusa Raya Adaları Rayonu Dövlət Xidmətləri Mərkəzi",
}
LONG_NAME = {"id": "Layar zona barat dan selatan, lantai dua", "en": "West and south display, second floor"}
LONG_WAY = {
    "id": "Lantai 2, naik eskalator di sebelah kiri meja informasi lalu belok ke kanan sampai ujung lorong",
    "en": "Second floor, take the escalator left of the information desk, then right to the end of the corridor",
    "ar": "الطابق الثاني، اصعد بالسلم المتحرك على يسار مكتب الاستعلامات ثم اتجه يمينا حتى نهاية الممر",
    "ka": "მეორე სართული, ესკალატორით საინფორმაციო მაგიდის მარცხნივ, შემდეგ მარჯვნივ დერეფნის ბოლომდე",
    "az": "İkinci mərtəbə, məlumat masasının solundakı eskalatorla qalxın, sonra sağa, dəhlizin sonunadək",
}
LABELS = ("Quick Trans", "7", "Perpustakaan3 Pengaduan4", "12", "Pertanggungan2", "Loket 3 A", "9")
PAIRS = [("id", "en"), ("ar", "id"), ("ka", "az"), ("az", "ar"), ("jv", "ka"), ("en", "id")]
SIZES = [(1920, 1080), (1080, 1920), (1366, 768), (1280, 1024)]

# Every text that can be seen, as the rectangle of its letters; one that lies over another's, or over the edge.
OVERPRINTS = """() => {
    const faults = [], seen = [], range = document.createRange();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement;
        if (!node.textContent.trim() || !parent.checkVisibility()) continue;
        if (parent.closest('.visually-hidden, script')) continue;
        range.selectNodeContents(node);
        // capitals and figures: the line's ink without the room above and below it
        for (const {left, right, top, bottom, height} of range.getClientRects()) {
            const box = {left, right, top: top + height * 0.27, bottom: bottom - height * 0.25, node};
            const room = parent.closest('.aside, .names, #notice, h2, .counter, .instead')?.getBoundingClientRect();
            if (room && (box.bottom > room.bottom + 2 || box.right > room.right + 2 || box.left < room.left - 2))
                faults.push(`cut off: ${node.textContent.trim().slice(0, 30)}`);
            if (box.right - box.left > 1) seen.push(box);
        }
    }
    for (const box of seen) {
        const text = box.node.textContent.trim().slice(0, 30);
        if (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1)
            faults.push(`off the screen: ${text}`);
        for (const other of seen)
            if (other !== box && box.left + 2 < other.right && other.left + 2 < box.right
                && box.top + 2 < other.bottom && other.top + 2 < box.bottom)
                faults.push(`${text} lies over ${other.node.textContent.trim().slice(0, 30)}`);
    }
    return faults;
}"""

EVERYTHING_SHOWS = """() => {
    for (const box of document.querySelectorAll('.names, .strip p, .instead-title'))
        box.style.setProperty('overflow', 'visible');
}"""


def longest(texts: dict[str, str], letters: int) -> dict[str, str]:
    """The same texts, each with as many letters as the settings allow."""
    return {language: f"{text} {text}"[:letters].rstrip().ljust(letters, "x") for language, text in texts.items()}


def test_the_labels_here_are_as_long_as_settings_allow():
    """What is tried below is the worst that `antrean check` lets pass."""
    assert max(map(len, LABELS)) == LABEL.most
    assert max(len(word) for label in LABELS for word in label.split()) == LABEL.word


def crowded(calls: int, languages: tuple[str, ...] = ("id", "en"), *, seq: int = 100) -> BoardView:
    """The longest names and labels, so many calls at once, thirty counters busy."""
    counters = 30
    new = [
        mall.call(seq + 90 - n, f"AC{n:03d}", LABELS[n], ago(0), "ab"[n % 2], recall=n == calls - 1)
        for n in range(calls)
    ]
    old = [mall.call(seq + 60 - n, f"B{n:03d}", LABELS[n % len(LABELS)], ago(100)) for n in range(8)]
    serving = mall.serving({str(n): f"AC{n:03d}" for n in range(counters)})
    return mall.board(
        *new,
        *old,
        mall=longest(LONG_MALL, MALL.most),
        name=longest(LONG_NAME, BOARD.most),
        languages=languages,
        directions=dict.fromkeys("ab", longest(LONG_WAY, DIRECTION.most)),
        serving=serving,
        counters=tuple(str(n) for n in range(counters)),
        notice=longest(longest(LONG_MALL, MALL.most), NOTICE.most),
    )


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_lies_over_anything(hall: FakeHall, display: OpenDisplay, size: tuple[int, int]):
    """Long names, directions and labels get lines or smaller letters in their own place, on every panel."""
    page = await display()
    await page.set_viewport_size({"width": size[0], "height": size[1]})

    for calls in (1, 2, 3):
        await hall.push("board:hall", crowded(calls, seq=100 * calls))
        await expect(page.locator("#calls .call:visible")).to_have_count(calls)
        await drawn(page)

        assert await page.evaluate(OVERPRINTS) == [], calls
        assert await layout_faults(page) == []
        await hall.push("board:hall", mall.board())


@pytest.mark.parametrize("size", SIZES)
async def test_a_reason_stands_whole(hall: FakeHall, display: OpenDisplay, size: tuple[int, int]):
    """Why the hall is held is read in both languages, however long it is."""
    text = {"id": "Pelayanan dihentikan sementara karena gangguan listrik", "en": "Services pause because of a failure"}
    page = await display()
    await page.set_viewport_size({"width": size[0], "height": size[1]})

    await hall.push("board:hall", mall.board(held="power", held_text=longest(text, REASON.most), mall=LONG_MALL))
    await shows(page, "held")
    await drawn(page)

    assert await page.evaluate(OVERPRINTS) == []
    assert await layout_faults(page) == []


async def test_no_language_lies_over_anything(hall: FakeHall, display: OpenDisplay):
    """Every script has its room, from right to left too; the clock and the date stand whole on one line each."""
    hall.languages = EVERY
    page = await display()
    lines = """el => { const range = document.createRange(); range.selectNodeContents(el);
        return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size; }"""

    for turn, languages in enumerate(
        [("id", "en"), ("ar", "id"), ("ka", "az"), ("az", "ar"), ("jv", "ka"), ("en", "id")]
    ):
        await hall.push("board:hall", crowded(2, languages, seq=100 + 100 * turn))
        await expect(page.locator("html")).to_have_attribute("lang", languages[0])
        await drawn(page)

        assert await page.evaluate(OVERPRINTS) == [], languages
        assert await layout_faults(page) == []
        assert [await page.locator(place).evaluate(lines) for place in ("#time", "#date")] == [1, 1]
        size = await page.locator("#time").evaluate("el => parseFloat(getComputedStyle(el).fontSize)")
        assert size == pytest.approx(60, abs=1)


@pytest.mark.parametrize("languages", [("ar", "id"), ("id", "ar")])
async def test_no_letter_is_cut_where_its_line_ends(hall: FakeHall, display: OpenDisplay, languages: tuple[str, str]):
    """Letters that reach over their line, as an Arabic ع does, look as they would with nothing around them."""
    hall.languages = EVERY
    page = await display()
    text = {"id": "Panggilan berhenti sejenak", "ar": "نتوقّف عن النداء قليلًا في مجمع الحج"}
    await hall.push(
        "board:hall",
        mall.board(held="power", held_text=text, mall=text, name=text, notice=text, languages=languages),
    )
    await shows(page, "held")
    await drawn(page)
    clock = page.locator("#time")

    as_it_is = await page.screenshot(mask=[clock])
    await page.evaluate(EVERYTHING_SHOWS)
    with_all_its_ink = await page.screenshot(mask=[clock])

    assert as_it_is == with_all_its_ink


async def test_a_long_label_makes_only_itself_smaller(hall: FakeHall, display: OpenDisplay):
    """Beside "Quick Trans" the other counters' labels keep the size that they have without it."""
    plain = mall.board(*[mall.call(50 - n, f"A{n:03d}", str(n + 1), ago(100)) for n in range(7)])
    mixed = mall.board(
        *[mall.call(50 - n, f"A{n:03d}", "Quick Trans" if n == 3 else str(n + 1), ago(100)) for n in range(7)]
    )
    sizes = """() => [...document.querySelectorAll('#earlier li:not([hidden]) .counter')]
        .map(el => [el.textContent, parseFloat(getComputedStyle(el).fontSize)])"""
    hall.views["board:hall"] = plain
    page = await display("calls")
    before = dict(await page.evaluate(sizes))

    await hall.push("board:hall", mixed)
    await expect(page.locator("#earlier")).to_contain_text("Quick")
    after = dict(await page.evaluate(sizes))

    assert {label: size for label, size in after.items() if len(label) == 1} == {
        label: size for label, size in before.items() if label in after
    }
    assert after["Quick\nTrans"] >= max(before.values()) / 3


async def test_a_called_counter_with_a_long_label_stays_large(hall: FakeHall, display: OpenDisplay):
    """ "Quick Trans" stands in two lines of its frame, in capitals of a twelfth of the panel's height."""
    hall.views["board:hall"] = mall.board(mall.call(9, "A001", "Quick Trans", ago(0)))

    page = await display("calls")

    counter = page.locator("#calls .counter:visible")
    await expect(counter).to_have_text("Quick Trans")
    assert await counter.evaluate("el => parseFloat(getComputedStyle(el).fontSize) * 0.714") >= 1080 / 12


@pytest.mark.parametrize(("languages", "turned"), [(("id", "ar"), False), (("ar", "id"), True)])
async def test_a_number_stands_before_its_counter_and_only_directions_point(
    hall: FakeHall, display: OpenDisplay, languages: tuple[str, ...], *, turned: bool
):
    """A counter stands in its frame after the number, as the page is read; no sign between them looks like a way."""
    hall.views["board:hall"] = crowded(1, languages)
    page = await display("calls")

    for row in (page.locator("#calls .call").first, page.locator("#earlier li").first):
        number = await row.locator(".number").first.bounding_box()
        counter = await row.locator(".counter").bounding_box()
        assert number is not None
        assert counter is not None
        assert (counter["x"] < number["x"]) == turned
    pointing = """() => [...document.querySelectorAll('use')]
        .filter((one) => /#arrow-(left|right|up|down)/.test(one.getAttribute('href')))
        .filter((one) => one.parentElement.checkVisibility({visibilityProperty: true})).length"""
    assert await page.evaluate(pointing) == 0


async def drawn(page: Page) -> None:
    """The fonts are there and the page has been laid out with them."""
    await page.evaluate("""() => document.fonts.ready.then(() => new Promise((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => done()))))""")
