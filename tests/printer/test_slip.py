"""Slips are drawn as people read them: right in every language, at both widths, and read back from the bytes."""

import io
import statistics
import time

import msgspec
import pytest
import zxingcpp
from PIL import Image, ImageChops

from printer.press import Press, WrongLogo, texts_of
from printer.typed import image_of
from queue_server.languages.catalogues import languages_of, say
from queue_server.wire.printing import (
    Fact,
    Listing,
    Paper,
    Part,
    Sign,
    SlipLayout,
    SlipView,
    TestView,
    Track,
)

PAPERS = {"80 mm": Paper(), "80 mm, 180 dpi": Paper(dots=512, dpi=180), "58 mm": Paper(dots=384)}


def track(caption: str) -> Track:
    return Track(
        url="https://antrean.sukamaju.go.id/t/7Hk2mQ9xR4tB",
        caption=caption,
        line="antrean.sukamaju.go.id/t/7Hk2mQ9xR4tB",
    )


SLIPS = {
    "id": SlipView(
        language="id",
        mall="Mal Pelayanan Publik Kota Sukamaju",
        agency="Dinas Kependudukan dan Pencatatan Sipil",
        number="A\u2009012",
        service="Perekaman KTP elektronik",
        sign=Sign(kind="elderly", label="Prioritas · Lanjut usia"),
        date="Selasa, 24 November 2026",
        time="09.41",
        ahead=Fact(label="Orang di depan Anda", value="4"),
        wait=Fact(label="Perkiraan tunggu", value="10–20 menit"),
        bring=Listing(title="Siapkan", lines=("Kartu Keluarga asli", "Pas foto 3 × 4, dua lembar")),
        track=track("Ikuti antrean Anda di ponsel"),
    ),
    "en": SlipView(
        language="en",
        agency="Immigration office",
        number="B\u2009007",
        service="Passport",
        then=Listing(title="Afterwards", lines=("Payment", "Biometrics")),
        date="Tuesday, 24 November 2026",
        time="09:41",
        ahead=Fact(label="People ahead", value="12"),
        wait=Fact(label="Estimated wait", value="25–40 min"),
        track=track("Follow your place on your phone"),
    ),
    "ka": SlipView(
        language="ka",
        agency="სახელმწიფო სერვისების განვითარების სააგენტო",
        number="C\u2009104",
        service="პირადობის მოწმობის გაცემა",
        date="სამშაბათი, 24 ნოემბერი, 2026",
        time="09:41",
        ahead=Fact(label="თქვენ წინ რიგშია", value="4"),
        wait=Fact(label="სავარაუდო ლოდინი", value="10–20 წთ"),
        track=track("თვალი ადევნეთ რიგს ტელეფონით"),
        copy="ასლი 1",
    ),
    "az": SlipView(
        language="az",
        mall="ASAN xidmət",
        agency="Ədliyyə Nazirliyi",
        number="D\u2009033",
        service="Şəxsiyyət vəsiqəsinin dəyişdirilməsi",
        sign=Sign(kind="infant", label="Körpəsi olan ata-ana"),
        date="24 noyabr 2026, çərşənbə axşamı",
        time="09:41",
        ahead=Fact(label="Sizdən qabaq", value="12"),
        wait=Fact(label="Təxmini gözləmə", value="1 saat 10–40 dəq"),
        track=track("Növbənizi telefonda izləyin"),
    ),
    "jv": SlipView(
        language="jv",
        agency="ꦢꦶꦤꦱ꧀ ꦏꦥꦼꦤ꧀ꦢꦸꦢꦸꦏꦤ꧀",
        number="AB\u20091024",
        service="ꦥꦼꦉꦏꦩꦤ꧀ ꦏꦠꦺꦥꦺ",
        date="24 ꦤꦺꦴꦥ꦳ꦺꦩ꧀ꦧꦼꦂ 2026",
        time="09.41",
        ahead=Fact(label="ꦮꦺꦴꦁ ꦲꦶꦁ ꦔꦂꦥ", value="4"),
        wait=Fact(label="ꦏꦶꦫ-ꦏꦶꦫ", value="10–20 ꦩꦼꦤꦶꦠ꧀"),
        track=track("ꦲꦤꦼꦩ꧀ ꦲꦤ꧀ꦠꦿꦶꦪꦤ꧀"),
    ),
    "ar": SlipView(
        language="ar",
        rtl=True,
        mall="مجمع الخدمات",
        agency="مصلحة الأحوال المدنية",
        number="E\u2009007",
        service="تجديد بطاقة الهوية (KTP)",
        sign=Sign(kind="disabled", label="أولوية · ذوو الإعاقة"),
        date="الثلاثاء، 24 نوفمبر 2026",
        time="09:41",
        ahead=Fact(label="عدد المنتظرين قبلك", value="4"),
        wait=Fact(label="الانتظار المتوقع", value="10–20 دقيقة"),
        bring=Listing(title="أحضر معك", lines=("الهوية القديمة", "صورتان شخصيتان 3 × 4")),
        track=track("تابع دورك على هاتفك"),
    ),
    "ru": SlipView(
        language="ru",
        agency="Паспортный стол",
        number="F\u2009210",
        service="Получение загранпаспорта",
        sign=Sign(kind="appointment", label="По записи, 10:00"),
        date="вторник, 24 ноября 2026 г.",
        time="09:41",
        ahead=Fact(label="Перед вами", value="3"),
        wait=Fact(label="Ожидание", value="5–15 мин"),
        track=track("Следите за очередью на телефоне"),
    ),
}

both = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
every_language = pytest.mark.parametrize("view", SLIPS.values(), ids=SLIPS.keys())


def printed(drawing: Press, view: SlipView, paper: Paper, layout: SlipLayout | None = None) -> Image.Image:
    """What lies on paper, from the bytes that the printer got."""
    data = drawing.made(view, paper, layout=layout).whole
    return image_of(data, paper)


def mm(dots: float, paper: Paper) -> float:
    return dots * 25.4 / paper.dpi


def ink_rows(image: Image.Image) -> list[int]:
    """Black dots in each row."""
    width = image.width
    data = image.convert("L").tobytes()
    return [data[row * width : (row + 1) * width].count(0) for row in range(image.height)]


@both
@every_language
def test_the_qr_code_can_be_read_back(drawing: Press, view: SlipView, paper: Paper):
    """A reader that is not ours reads the ticket's address off the printed dots, in every language and width."""
    image = printed(drawing, view, paper)

    (found,) = zxingcpp.read_barcodes(image.convert("L"))

    assert view.track is not None
    assert found.text == view.track.url


@both
@every_language
def test_the_qr_code_is_large_enough_and_has_its_quiet_zone(drawing: Press, view: SlipView, paper: Paper):
    """At least 20 mm across without its quiet zone, and four modules of white all around it."""
    image = printed(drawing, view, paper).convert("L")

    (found,) = zxingcpp.read_barcodes(image)
    place = found.position
    left, right = place.top_left.x, place.top_right.x
    top, bottom = place.top_left.y, place.bottom_left.y
    module = (right - left) / 33

    quiet = round(4 * module) - 2
    assert mm(right - left, paper) >= 19.9
    assert mm(bottom - top, paper) >= 19.9
    around = image.crop((left - quiet, top - quiet, min(image.width, right + quiet), bottom + quiet))
    inside = (quiet, quiet, quiet + right - left + 1, quiet + bottom - top + 1)
    around.paste(255, inside)
    assert around.getextrema() == (255, 255)


@both
@every_language
def test_the_number_is_read_at_arms_length(drawing: Press, view: SlipView, paper: Paper):
    """The number's digits are at least 13 mm high, whatever the width."""
    alone = SlipLayout(parts=(Part(kind="number"),))
    image = printed(drawing, view, paper, alone)

    rows = [row for row, dots in enumerate(ink_rows(image)) if 0 < dots < image.width - 40]

    assert mm(rows[-1] - rows[0] + 1, paper) >= 13


@both
@every_language
def test_nothing_reaches_over_the_edge(drawing: Press, view: SlipView, paper: Paper):
    """The outermost dots stay white: nothing is cut off at either side."""
    image = printed(drawing, view, paper).convert("L")

    for edge in ((0, 0, 8, image.height), (image.width - 4, 0, image.width, image.height)):
        assert image.crop(edge).getextrema() == (255, 255)


@both
@every_language
def test_every_part_leaves_ink(drawing: Press, view: SlipView, paper: Paper):
    """Each part of the layout that has something to say is on the paper."""
    whole = printed(drawing, view, paper)

    for name in ("agency", "service", "date", "ahead", "wait", "track", "sign", "bring", "then", "copy"):
        if getattr(view, name):
            empty = "" if name in ("agency", "service", "date") else None
            without = printed(drawing, msgspec.structs.replace(view, **{name: empty}), paper)
            assert whole.height >= without.height, name
            assert whole.tobytes() != without.tobytes(), name


@both
def test_slips_are_short(drawing: Press, paper: Paper):
    """What people wait for is the printer: a full slip stays under twelve and a half centimetres, a plain one
    under eight."""
    plain = SlipView(
        language="en",
        agency="Immigration office",
        number="B\u2009007",
        service="Passport",
        date="24 November 2026",
        time="09:41",
        ahead=Fact(label="People ahead", value="12"),
        wait=Fact(label="Estimated wait", value="25–40 min"),
        track=track("Follow your place"),
    )

    assert mm(printed(drawing, plain, paper).height, paper) < (80 if paper.dots > 400 else 100)
    assert mm(printed(drawing, SLIPS["id"], paper).height, paper) < (125 if paper.dots > 400 else 150)


def test_a_slip_read_from_the_right_is_mirrored(drawing: Press):
    """In Arabic everything hangs on the right side and the code stands on the left."""
    image = printed(drawing, SLIPS["ar"], Paper()).convert("L")

    (found,) = zxingcpp.read_barcodes(image)

    assert found.position.top_left.x < image.width / 2


@pytest.mark.parametrize("text", ["Kartu Keluarga (KK), baru!", "جواز السفر (جديد)!"])
def test_a_text_is_read_as_its_first_letter_on_every_slip(drawing: Press, text: str):
    """A name in another script keeps its signs where they belong; only the side where it begins is the slip's."""
    layout = SlipLayout(parts=(Part(kind="service"),))
    left, right = (
        printed(drawing, msgspec.structs.replace(SLIPS["en"], rtl=rtl, service=text), Paper(), layout)
        for rtl in (False, True)
    )
    inks = ink_of(left), ink_of(right)

    assert left.crop(inks[0]).tobytes() == right.crop(inks[1]).tobytes()
    assert inks[0][0] < 30
    assert inks[1][2] > Paper().dots - 30


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize("language", languages_of("slip"))
def test_words_instead_of_a_wait_are_as_large_as_other_words(drawing: Press, paper: Paper, language: str):
    """That no counter is open yet takes more lines rather than being made too small to read."""
    view = SlipView(language=language, rtl=language == "ar", number="A 1", service=say("slip", language, "no_counter"))
    told = msgspec.structs.replace(view, wait=Fact(label=" ", value=view.service))
    service = printed(drawing, view, paper, SlipLayout(parts=(Part(kind="service", size="small"),)))

    ahead = printed(drawing, told, paper, SlipLayout(parts=(Part(kind="ahead"),)))

    assert black(ahead) > 0.6 * black(service)
    assert 0 < ink_of(ahead)[0] < ink_of(ahead)[2] < ahead.width


def black(image: Image.Image) -> int:
    return image.convert("L").histogram()[0]


def ink_of(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(image.convert("L")).getbbox()
    assert box is not None
    return box


def test_a_copy_says_so(drawing: Press):
    """A reprint is marked white on black across its head, whatever the layout, and only a reprint."""
    layout = SlipLayout(parts=(Part(kind="number"),))
    first = msgspec.structs.replace(SLIPS["en"], copy=None)
    reprint = msgspec.structs.replace(SLIPS["en"], copy="COPY 1")

    bar = max(ink_rows(printed(drawing, reprint, Paper(), layout))[:40])
    none = max(ink_rows(printed(drawing, first, Paper(), layout))[8:40])

    assert bar > 500
    assert none < 500


def test_a_layout_says_which_parts_in_which_order(drawing: Press):
    """A mall's own layout leaves parts out, orders them and makes them larger."""
    number_first = SlipLayout(parts=(Part(kind="number"), Part(kind="service")))
    service_first = SlipLayout(parts=(Part(kind="service"), Part(kind="number")))
    larger = SlipLayout(parts=(Part(kind="number"), Part(kind="service", size="large")))
    images = [printed(drawing, SLIPS["en"], Paper(), layout) for layout in (number_first, service_first, larger)]

    assert images[0].height < printed(drawing, SLIPS["en"], Paper()).height
    assert images[0].tobytes() != images[1].tobytes()
    assert images[2].height > images[0].height


def test_a_footer_is_in_the_readers_language(drawing: Press):
    """A footer is the reader's, or the one for all."""
    parts = (Part(kind="number"), Part(kind="footer"))
    layout = SlipLayout(parts=parts, footer={"id": "Terima kasih", "": "Thank you"})
    only_id = SlipLayout(parts=parts, footer={"": "Terima kasih"})
    only_en = SlipLayout(parts=parts, footer={"": "Thank you"})

    for view, alone in ((SLIPS["id"], only_id), (SLIPS["en"], only_en)):
        assert printed(drawing, view, Paper(), layout).tobytes() == printed(drawing, view, Paper(), alone).tobytes()


@pytest.mark.parametrize("wrong", ['{"number_mm": 8}', '{"qr_mm": 12}', '{"parts": [{"kind": "drawer"}]}'])
def test_a_layout_cannot_make_a_slip_unreadable(wrong: str):
    """A number under 13 mm, a code under 20 mm or an unknown part is no layout."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(wrong, type=SlipLayout)


def test_a_long_number_keeps_its_height(drawing: Press):
    """A long number is narrowed before it is lowered."""
    layout = SlipLayout(parts=(Part(kind="number"),))
    paper = Paper(dots=384)

    short, long = (
        printed(drawing, msgspec.structs.replace(SLIPS["en"], number=number), paper, layout)
        for number in ("A\u2009012", "AB\u20091024")
    )

    assert abs(short.height - long.height) <= 0.14 * short.height


def test_a_logo_is_drawn_by_threshold(drawing: Press):
    """A logo with greys and see-through parts becomes plain black and white, never a dither."""
    logo = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    logo.paste((90, 90, 90, 255), (0, 0, 100, 100))
    logo.paste((200, 200, 200, 255), (100, 0, 150, 100))
    held = io.BytesIO()
    logo.save(held, "PNG")
    view = msgspec.structs.replace(SLIPS["en"], mall="", agency="", logo="x")
    layout = SlipLayout(parts=(Part(kind="head"),))

    image = drawing.draw(view, Paper(), layout=layout, logo=held.getvalue()).convert("L")
    box = Image.eval(image, lambda value: 255 - value).getbbox()

    assert box is not None
    assert image.crop(box).getextrema() == (0, 0)


def test_what_is_no_logo_is_refused(drawing: Press):
    """Whoever uploads a logo that cannot be read is told so."""
    with pytest.raises(WrongLogo):
        drawing.draw(SLIPS["en"], Paper(), logo=b"GIF89a")


def test_a_preview_shows_the_exact_dots(drawing: Press):
    """The picture in the browser is drawn from the bytes that a printer would get."""
    png = drawing.preview(SLIPS["en"], Paper())

    with Image.open(io.BytesIO(png)) as shown:
        assert shown.convert("1").tobytes() == drawing.draw(SLIPS["en"], Paper()).tobytes()


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_a_test_slip_fits_the_paper(drawing: Press, paper: Paper):
    """The technician's ruler is as wide as the paper, and its frame touches both sides."""
    image = drawing.draw(TestView(title="Kiosk 1", lines=("tcp://10.0.0.9:9100",)), paper)

    assert image.width == paper.dots
    assert image.crop((0, 0, 1, image.height)).convert("L").getextrema() == (0, 0)
    assert image.crop((paper.dots - 1, 0, paper.dots, image.height)).convert("L").getextrema() == (0, 0)


def test_all_texts_of_a_slip_are_looked_at():
    """The check for letters without a font sees every text that is printed, and not the code's content."""
    texts = set(texts_of(SLIPS["id"]))

    assert {"Siapkan", "Kartu Keluarga asli", "A\u2009012", "Ikuti antrean Anda di ponsel"} <= texts
    assert SLIPS["id"].track is not None
    assert SLIPS["id"].track.url not in texts


def test_a_slip_is_built_in_time(drawing: Press):
    """Warm, a slip is built in a small part of the time that printing takes; bench/ has the figure."""
    took = []
    for place in range(12):
        view = msgspec.structs.replace(SLIPS["id"], number=f"A\u2009{place:03}", time=f"09.{place:02}")
        began = time.thread_time()  # of a processor: others may be busy
        drawing.made(view, Paper())
        took.append(time.thread_time() - began)

    assert statistics.median(took) < 0.05
