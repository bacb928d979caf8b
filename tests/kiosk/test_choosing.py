"""Finding what one came for: pages of six, search, languages, priority, and what is closed."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.settings import read
from queue_server.wire.api import Priority, Wait
from queue_server.wire.live import KioskView
from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows, text

CONFIG = Path(__file__).parents[2] / "config.toml"


async def test_at_most_six_choices_stand_on_a_screen(kiosk: OpenKiosk):
    """Fourteen agencies are three pages, and every one of them can be reached."""
    page = await kiosk()

    seen: list[str] = []
    for _ in range(3):
        names = await page.locator("#agencies .choice:visible .choice-name").all_inner_texts()
        assert 1 <= len(names) <= 6
        seen += names
        await page.locator("#next").dispatch_event("click")

    assert len(set(seen)) == len(mall.AGENCY_NAMES)


async def test_a_place_that_is_left_empty_names_nothing(kiosk: OpenKiosk):
    """On a last page with fewer choices no leftover of the page before can be found, hidden as it is."""
    page = await kiosk()
    for _ in range(2):
        await page.locator("#next").dispatch_event("click")

    shown = await page.locator("#agencies .choice:visible").count()

    assert shown < 6
    assert await page.locator("#agencies .choice[data-id]").count() == shown


async def test_a_service_is_found_by_a_few_letters(kiosk: OpenKiosk):
    """The page's own keyboard finds services by the beginnings of their words or of their agency's."""
    page = await kiosk()
    await page.locator("#find").click()

    for letter in "ganti":
        await page.locator(".keyboard button").get_by_text(letter, exact=True).click()
    await page.locator('#results [data-id="paspor_ganti"]').wait_for(state="hidden")
    for _ in range(5):
        await page.get_by_role("button", name="Hapus").click()
    for letter in "imig":
        await page.locator(".keyboard button").get_by_text(letter, exact=True).click()

    assert await text(page, "#found") == "8 layanan ditemukan"
    await page.locator("#results .choice:visible").first.click()
    await shows(page, "confirm")


async def test_search_looks_into_every_language_and_past_accents(kiosk: OpenKiosk):
    """Whoever types English on an Indonesian screen finds the service too."""
    page = await kiosk(viewport="phone")
    await page.locator("#find").click()

    await page.locator("#query").fill("RENEWÁL")

    await expect(page.locator("#results .choice:visible .choice-name")).to_have_text(["Penggantian paspor"])


FOUND = [
    ("toʻlov qabuli", "tolov"),
    ("To'lov qabuli", "to‘lov"),
    ("Gʻazna", "g'azna"),
    ("Nikah hari Jum'at", "jumat"),
    ("Nikah hari Jum’at", "jum at"),
    ("Driver’s licence", "drivers"),
    ("Driver's licence", "driver’s lic"),
    ("L'anagrafe", "anagrafe"),
    ("KTP-el baru", "ktpel"),
    ("KTP-el baru", "ktp el"),
    ("e-KTP", "ektp"),
    ("جواز سفر", "السفر"),
    ("تجديد الجواز", "جواز"),
    ("خدمات للأسرة", "اسره"),
    ("والتسجيل المدني", "تسجيل"),
    ("إقامة", "اقامه"),
    ("تأشيرة", "تاشيرة"),
    ("شكوى", "شكوي"),
    ("بطـاقة", "بطاقة"),
    ("Ərizə qəbulu", "erize qebul"),
    ("Şəxsiyyət vəsiqəsi", "sexsiyyet"),
    ("İCAZƏ", "icazə"),
    ("Kırım", "kirim"),
    ("ᲞᲐᲡᲞᲝᲠᲢᲘ", "პასპორტ"),
    ("Renewal", "RENEWÁL"),
    ("Loket ٣", "3"),
]
"""A name, and what somebody types who means it."""


async def test_search_makes_alike_what_is_meant_alike(kiosk: OpenKiosk):
    """Apostrophes, hyphens, spaces, marks, the Arabic article and a script's own letters keep nobody from finding."""
    page = await kiosk()

    missed = await page.evaluate(
        """async (pairs) => {
            const here = document.querySelector("script[type=module]").src;
            const {indexed, matches} = await import(new URL("../js/search.js", here));
            return pairs.filter(([name, typed]) => !matches(indexed(name), typed));
        }""",
        FOUND,
    )

    assert missed == []


EVERYDAY = [
    ("akta lahir", "akta_lahir"),
    ("akte", "akta_lahir"),
    ("kartu kuning", "kartu_kuning"),
    ("sertifikat tanah", "cek_sertipikat"),
    ("pajak motor", "pajak_kendaraan"),
    ("jht", "jht_klaim"),
    ("bansos", "dtks"),
    ("pasport", "paspor_baru"),
    ("buku nikah", "nikah"),
    ("domisili", "pindah_datang"),
    ("driver license", "sim_baru"),
    ("drivers licence", "sim_baru"),
    ("e-ktp", "ktp_el"),
    ("ktp hilang", "surat_kehilangan"),
    ("perpanjang sim", "sim_perpanjangan"),
    ("stnk", "pajak_kendaraan"),
    ("balik nama motor", "balik_nama_kendaraan"),
    ("bpjs", "jkn_daftar"),
    ("skck", "skck"),
    ("lapor pajak", "spt"),
    ("npwp", "npwp"),
    ("imb", "pbg"),
    ("izin usaha", "nib"),
    ("pbb", "retribusi"),
    ("cerai", "perkara_agama"),
    ("tilang", "tilang"),
    ("haji", "haji"),
    ("materai", "meterai"),
    ("ktp anak", "kia"),
    ("surat pindah", "pindah_datang"),
    ("kartu keluaga", "kartu_keluarga"),
    ("pasopr", "paspor_baru"),
    ("perpnjang paspor", "paspor_ganti"),
    ("surat untuk nikah", "nikah"),
]
"""What people type who do not know the office's word for it, and what is among the first six that they then see."""


async def test_everyday_words_find_what_is_meant(kiosk: OpenKiosk):
    """In the sample mall nobody has to know an agency's name, or to spell like one."""
    page = await kiosk()
    mall_ = read(CONFIG.read_text(encoding="utf-8")).settings
    assert mall_ is not None
    services = [
        {"id": id_, "name": one.name, "help": one.help, "words": one.words, "agency": one.agency}
        for id_, one in mall_.services.items()
    ]
    agencies = [
        {"id": id_, "name": one.name, "services": [service for service in services if service["agency"] == id_]}
        for id_, one in mall_.agencies.items()
    ]

    missed = await page.evaluate(
        """async ([agencies, everyday]) => {
            const {find} = await import(new URL("search.js", document.querySelector("script[type=module]").src));
            const first = (typed) => find(agencies, typed).slice(0, 6).map(({service}) => service.id);
            const missed = everyday.filter(([typed, meant]) => !first(typed).includes(meant));
            return missed.map(([typed]) => [typed, ...first(typed)]);
        }""",
        [agencies, EVERYDAY],
    )

    assert missed == []


async def test_one_letter_may_be_mistyped(kiosk: OpenKiosk):
    """Another, one too many, one too few, two in the other order; not two, and not in a word of three letters."""
    page = await kiosk()

    fits = await page.evaluate(
        """async () => {
            const here = document.querySelector("script[type=module]").src;
            const {closeness, indexed} = await import(new URL("../js/search.js", here));
            const index = indexed("Passport renewal", "SIM");
            const near = ["renewal", "renawal", "reneewal", "renwal", "rnewal", "renwe"];
            return [...near, "ranawal", "smi", "passport tax", "tax"].map((one) => closeness(index, one));
        }"""
    )

    assert fits == [0, 1, 1, 1, 1, 1, None, None, 2, None]


async def test_what_only_nearly_fits_is_said_to(kiosk: OpenKiosk):
    """A mistyped word finds the service, and the page does not pretend that it was typed so."""
    page = await kiosk(viewport="phone")
    await page.locator("#find").click()

    await page.locator("#query").fill("pengantian")

    await expect(page.locator("#results .choice:visible .choice-name")).to_have_text(["Penggantian paspor"])
    assert "Mungkin ini yang Anda cari" in await text(page, "#found")


async def test_search_finds_no_more_than_is_meant(kiosk: OpenKiosk):
    """On the kiosk words are found by their beginning; the staff's list also looks inside; signs alone find nothing."""
    page = await kiosk()

    found = await page.evaluate(
        """async () => {
            const here = document.querySelector("script[type=module]").src;
            const {indexed, matches} = await import(new URL("../js/search.js", here));
            const index = indexed("Passport renewal", "Immigration");
            return [
                matches(index, "port"), matches(index, "port", {anywhere: true}), matches(index, "pass immi"),
                matches(index, "pass tax"), matches(index, "'"), matches(index, "  "),
            ];
        }"""
    )

    assert found == [False, True, True, False, False, False]


async def test_a_name_with_an_apostrophe_is_found_on_the_page(hall: FakeHall, kiosk: OpenKiosk):
    """What the page's keyboard, which has no apostrophe, types finds it."""
    hall.views["kiosk:K1"] = with_service(name={"id": "Nikah hari Jum’at", "en": "Friday wedding"})
    page = await kiosk()
    await page.locator("#find").click()

    for letter in "jumat":
        await page.locator(".keyboard button").get_by_text(letter, exact=True).click()

    await expect(page.locator("#results .choice:visible .choice-name")).to_have_text(["Nikah hari Jum’at"])


async def test_nothing_found_says_what_to_do(kiosk: OpenKiosk):
    """An empty result is an answer, not an empty page."""
    page = await kiosk(viewport="phone")
    await page.locator("#find").click()

    await page.locator("#query").fill("xyz")

    await expect(page.locator("#found")).to_contain_text("tidak ditemukan")


async def test_the_language_changes_everything_at_once(hall: FakeHall, kiosk: OpenKiosk):
    """All languages stand on every screen under their own names; one touch changes texts, names and direction."""
    hall.views["kiosk:K1"] = mall.kiosk(languages=("id", "en", "ka", "ar"))
    page = await kiosk()

    assert await page.locator("#languages button").all_inner_texts() == [
        "Bahasa Indonesia",
        "English",
        "ქართული",
        "العربية",
    ]
    await page.locator('[data-language="ar"]').click()

    assert await page.locator("html").get_attribute("dir") == "rtl"
    assert await page.locator("html").get_attribute("lang") == "ar"
    name = page.locator("#agencies .choice-name").first
    assert await name.get_attribute("lang") == "id"
    assert await name.evaluate("name => getComputedStyle(name).direction") == "ltr"


async def test_a_name_is_read_in_its_own_direction(hall: FakeHall, kiosk: OpenKiosk):
    """One name for all languages keeps its signs where they belong on an Arabic page, and an Arabic one on another."""
    latin, arabic = "Kartu Keluarga (KK), baru!", "جواز (سفر)!"
    view = with_service(name={"id": latin, "ar": latin}, documents={"id": (arabic,), "ar": ("KTP-el (asli)",)})
    hall.views["kiosk:K1"] = replace(view, languages=("id", "ar"))
    page = await kiosk()
    direction = "element => getComputedStyle(element).direction"
    documents = page.locator("#documents li span")

    await page.locator('[data-language="ar"]').click()
    await choose(page)
    on_arabic = [
        await page.locator(one).evaluate(direction) for one in ("#confirm-service", "#confirm-people", "#take")
    ]
    latin_document = await documents.first.evaluate(direction)
    await page.locator('[data-language="id"]').click()

    assert on_arabic == ["ltr", "rtl", "rtl"]
    assert latin_document == "ltr"
    assert await documents.first.evaluate(direction) == "rtl"
    assert await page.locator("#confirm-service").evaluate(direction) == "ltr"


async def test_a_closed_service_says_why_and_gives_no_number(kiosk: OpenKiosk):
    """It can still be read about, with its hours, but there is nothing to press."""
    page = await kiosk()
    await page.locator('#agencies [data-id="imigrasi"]').click()

    await expect(page.locator('#services [data-id="bap"]')).to_contain_text("Tutup hari ini")
    await page.locator('#services [data-id="bap"]').click()

    await expect(page.locator("#confirm-closed")).to_contain_text("Tutup hari ini")
    await expect(page.locator("#take")).to_be_hidden()


async def test_what_to_bring_is_said_before_the_number_is_taken(kiosk: OpenKiosk):
    """Documents, people waiting, the range of the wait and the hours stand above the button."""
    page = await kiosk()

    await choose(page)

    assert await page.locator("#documents li:visible").all_inner_texts() == [
        "KTP-el asli dan fotokopi",
        "Kartu keluarga",
        "Akta kelahiran atau ijazah",
    ]
    assert await text(page, "#confirm-waiting") == "12 orang"
    assert await text(page, "#confirm-wait") == "20–35 menit"
    assert (await text(page, "#confirm-hours")).replace("\u2060", "") == "08.00–12.00, 13.00–15.00"


async def test_no_figure_stands_where_no_counter_is_open(hall: FakeHall, kiosk: OpenKiosk):
    """The choice and its page say that no counter is open yet, and count those who wait."""
    hall.views["kiosk:K1"] = with_service(estimated_wait=None, wait_reason="no_counter", waiting=2)
    page = await kiosk()

    await page.locator('#agencies [data-id="imigrasi"]').click()
    await expect(page.locator('#services [data-id="paspor_baru"]')).to_contain_text("Belum ada loket yang buka")
    await expect(page.locator('#services [data-id="paspor_baru"]')).to_contain_text("2 orang menunggu")
    await page.locator('#services [data-id="paspor_baru"]').click()

    assert await text(page, "#confirm-wait") == "Belum ada loket yang buka"
    assert await text(page, "#confirm-waiting") == "2 orang"


async def test_a_wait_is_told_with_the_people_it_is_made_of(hall: FakeHall, kiosk: OpenKiosk):
    """Nobody waits for this service, nine stand before at its counters: nine are told; or that counters are busy."""
    hall.views["kiosk:K1"] = with_service(waiting=0, wait_behind=9)
    page = await kiosk()
    await choose(page)

    assert await text(page, "#confirm-people") == "Di depan Anda"
    assert await text(page, "#confirm-waiting") == "9 orang"
    await hall.push("kiosk:K1", with_service(waiting=0, wait_behind=0))
    await expect(page.locator("#confirm-waiting")).to_have_text("Tidak ada, loket sedang melayani")
    await hall.push("kiosk:K1", with_service(waiting=0, wait_behind=0, estimated_wait=Wait(p50_s=0, p90_s=0)))
    await expect(page.locator("#confirm-waiting")).to_have_text("Tidak ada")


async def test_priority_shows_its_effect(hall: FakeHall, kiosk: OpenKiosk):
    """Choosing a category changes wait and people to what it gives; taking it back shows the usual ones."""
    sooner = Priority(estimated_wait=Wait(p50_s=120, p90_s=480), wait_behind=1)
    hall.views["kiosk:K1"] = with_service(wait_behind=12, priority={"elderly": sooner})
    page = await kiosk()
    await choose(page)
    usual = await text(page, "#confirm-waiting"), await text(page, "#confirm-wait")
    await settled(page)

    await page.locator("#priority-open").click()
    await settled(page)
    await page.locator('[data-category="elderly"]').click()
    await expect(page.locator("#confirm-usual")).to_have_text("tanpa prioritas 20–35 menit")
    await expect(page.locator("#priority-open")).to_have_text("Lansia, 60 tahun ke atas")
    await settled(page)
    chosen = await text(page, "#confirm-waiting"), await text(page, "#confirm-wait")
    await page.locator("#back").click()
    await expect(page.locator('#services [data-id="paspor_baru"]')).to_contain_text("2–8 menit")

    assert (usual, chosen) == (("12 orang", "20–35 menit"), ("1 orang", "2–8 menit"))


def with_service(**changes: object) -> KioskView:
    """The mall with its first service for passports as told."""
    view = mall.kiosk()
    services = (replace(view.agencies[1].services[0], **changes), *view.agencies[1].services[1:])
    return replace(view, agencies=(view.agencies[0], replace(view.agencies[1], services=services), *view.agencies[2:]))


async def test_priority_stands_at_the_same_place_on_every_screen(kiosk: OpenKiosk):
    """Whoever needs priority finds it without looking for it."""
    page = await kiosk()
    places = [await top(page, "#priority")]
    await page.locator('#agencies [data-id="imigrasi"]').click()
    places.append(await top(page, "#priority"))
    await page.locator('#services [data-id="paspor_baru"]').click()
    places.append(await top(page, "#priority"))

    assert len(set(places)) == 1


async def test_the_view_changes_under_the_finger_without_moving_anything(hall: FakeHall, kiosk: OpenKiosk):
    """A pushed view changes figures in place; buttons stay the same elements, and the page does not grow."""
    page = await kiosk()
    view = mall.kiosk()
    button = await page.locator('#agencies [data-id="imigrasi"]').element_handle()
    count = "() => document.querySelectorAll('*').length"
    before = await page.evaluate(count)

    for waiting in range(40):
        services = tuple(replace(service, waiting=waiting) for service in view.agencies[1].services)
        agencies = (view.agencies[0], replace(view.agencies[1], services=services), *view.agencies[2:])
        await hall.push("kiosk:K1", replace(view, agencies=agencies))
    await expect(page.locator('#agencies [data-id="imigrasi"]')).to_contain_text("312 orang menunggu")

    assert button is not None
    assert await button.evaluate("(button) => button.isConnected && button.dataset.id === 'imigrasi'")
    assert await page.evaluate(count) == before


async def test_a_service_that_goes_away_is_explained(hall: FakeHall, kiosk: OpenKiosk):
    """If the mall drops the service that somebody looks at, the page says so."""
    page = await kiosk()
    await choose(page)
    view = mall.kiosk()

    await hall.push("kiosk:K1", replace(view, agencies=view.agencies[2:]))

    await shows(page, "problem")
    assert await text(page, "#problem-title") == "Layanan ini tidak tersedia lagi"


async def top(page: Page, selector: str) -> float:
    box = await page.locator(selector).bounding_box()
    assert box is not None
    return round(box["y"])


async def test_no_word_of_a_priority_breaks_in_two(kiosk: OpenKiosk):
    """Names of categories wrap between words on the panel."""
    page = await kiosk()
    await page.locator("#priority-open").click()

    broken: list[
        str
    ] = await page.evaluate("""() => [...document.querySelectorAll('#categories span')].flatMap(name => {
        const node = name.firstChild, words = [...node.data.matchAll(/\\S+/g)];
        return words.filter(word => {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            return range.getClientRects().length > 1;
        }).map(word => word[0]);
    })""")

    assert broken == []


async def test_what_is_closed_says_when_it_opens_or_why_it_is_paused(hall: FakeHall, kiosk: OpenKiosk):
    """On its button and on its page; whoever meets a pause is told what to do."""
    view = mall.kiosk()
    agency = view.agencies[1]
    closed = replace(agency.services[0], open=False, reason="closed_now", opens_at="2099-06-01T01:00:00.000Z")
    paused = replace(agency.services[1], open=False, reason="paused", paused_for={"id": "Listrik padam"})
    services = (closed, paused, *agency.services[2:])
    hall.views["kiosk:K1"] = replace(view, agencies=(replace(agency, services=services),))
    page = await kiosk()
    await page.locator("#agencies li").first.locator(".choice").click()

    opens = page.locator("#services .choice").nth(0).locator(".choice-closed")
    await expect(opens).to_have_text("Buka Senin, 01 Juni 2099 pukul 08.00")
    await page.locator("#services .choice").nth(1).click()

    warning = "Berhenti sementara · Listrik padam. Silakan kembali nanti, atau pilih layanan lain."
    await expect(page.locator("#confirm-closed")).to_have_text(warning)


async def test_no_key_is_wider_than_another_letter(kiosk: OpenKiosk):
    """A row of two letters is no pair of giants."""
    page = await kiosk()
    await page.locator("#find").click()

    widths = await page.evaluate(
        """() => {
            const letters = document.querySelectorAll(".keyboard .button:not(.wide)");
            return [...letters].map((key) => Math.round(key.clientWidth));
        }"""
    )

    assert max(widths) - min(widths) <= 1


async def test_what_many_come_for_takes_one_touch(hall: FakeHall, kiosk: OpenKiosk):
    """Its button leads to the ticket at once, and back leads to the first page; the other pages are the agencies'."""
    hall.views["kiosk:K1"] = mall.kiosk(common=("paspor_baru", "paspor_ganti"))
    page = await kiosk()

    await expect(page.locator("#common .choice:visible")).to_have_text(["Paspor baru", "Penggantian paspor"])
    await page.locator('#common [data-id="paspor_ganti"]').click()
    await shows(page, "confirm")
    chosen = await text(page, "#confirm-service")
    await page.locator("#back").click()
    await shows(page, "agencies")
    await page.locator("#next").dispatch_event("click")

    assert chosen == "Penggantian paspor"
    await expect(page.locator("#common-box")).to_be_hidden()


async def test_what_many_come_for_stays_under_the_finger(hall: FakeHall, kiosk: OpenKiosk):
    """While somebody chooses nothing else comes to its place; the next person sees the day as it is now."""
    hall.views["kiosk:K1"] = mall.kiosk(common=("paspor_baru",))
    page = await kiosk()
    await page.locator("#languages button").nth(1).click()

    await hall.push("kiosk:K1", mall.kiosk(common=("paspor_ganti",)))
    await settled(page)
    kept = await page.locator("#common .choice:visible").get_attribute("data-id")
    await page.locator("#again").click()
    await hall.push("kiosk:K1", mall.kiosk(common=("paspor_ganti",)))

    assert kept == "paspor_baru"
    await expect(page.locator('#common [data-id="paspor_ganti"]')).to_be_visible()
