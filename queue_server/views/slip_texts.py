"""The few words of a slip that are not the mall's own, in every language that Antrean speaks.

A language that is not here is printed in English, as pages do. Waits are worded as on the screens
(`web/texts/`), so that slip and kiosk say the same; a test holds them equal.
"""

from __future__ import annotations

from msgspec import Struct


class SlipTexts(Struct, frozen=True, kw_only=True):
    ahead: str
    wait: str
    no_wait: str
    no_counter: str
    wait_up_to: str
    wait_range: str
    wait_up_to_hours: str
    wait_range_hours: str
    then: str
    bring: str
    track: str
    copy: str


_ENGLISH = SlipTexts(
    ahead="People ahead of you",
    wait="Expected wait",
    no_wait="No wait",
    no_counter="No counter is open yet",
    wait_up_to="up to {max} min",
    wait_range="{min}–{max} min",
    wait_up_to_hours="up to {max} h",
    wait_range_hours="{min}–{max} h",
    then="After that",
    bring="Please bring",
    track="Follow your place on your phone",
    copy="COPY",
)

_TEXTS = {
    "en": _ENGLISH,
    "id": SlipTexts(
        ahead="Orang di depan Anda",
        wait="Perkiraan menunggu",
        no_wait="Tanpa menunggu",
        no_counter="Belum ada loket yang buka",
        wait_up_to="sampai {max} menit",
        wait_range="{min}–{max} menit",
        wait_up_to_hours="sampai {max} jam",
        wait_range_hours="{min}–{max} jam",
        then="Setelah itu",
        bring="Mohon siapkan",
        track="Pantau antrean lewat ponsel",
        copy="SALINAN",
    ),
    "jv": SlipTexts(
        ahead="Wong ing ngarepe panjenengan",
        wait="Kira-kira ngenteni",
        no_wait="Ora ngenteni",
        no_counter="Loket durung bukak",
        wait_up_to="nganti {max} menit",
        wait_range="{min}–{max} menit",
        wait_up_to_hours="nganti {max} jam",
        wait_range_hours="{min}–{max} jam",
        then="Sawise iku",
        bring="Mangga cawisaken",
        track="Tindakake antrian nganggo HP",
        copy="SALINAN",
    ),
    "az": SlipTexts(
        ahead="Sizdən əvvəl",
        wait="Təxmini gözləmə",
        no_wait="Gözləmə yoxdur",
        no_counter="Hələ açıq pəncərə yoxdur",
        wait_up_to="{max} dəqiqəyədək",
        wait_range="{min}–{max} dəqiqə",
        wait_up_to_hours="{max} saatadək",
        wait_range_hours="{min}–{max} saat",
        then="Sonra",
        bring="Özünüzlə gətirin",
        track="Növbənizi telefonla izləyin",
        copy="SURƏT",
    ),
    "ka": SlipTexts(
        ahead="თქვენ წინ",
        wait="სავარაუდო მოლოდინი",
        no_wait="მოლოდინის გარეშე",
        no_counter="სარკმელი ჯერ არ გახსნილა",
        wait_up_to="{max} წუთამდე",
        wait_range="{min}–{max} წუთი",
        wait_up_to_hours="{max} საათამდე",
        wait_range_hours="{min}–{max} საათი",
        then="შემდეგ",
        bring="თან იქონიეთ",
        track="ადევნეთ თვალი ტელეფონით",
        copy="ასლი",
    ),
    "ar": SlipTexts(
        ahead="عدد من أمامك",
        wait="الانتظار المتوقع",
        no_wait="بلا انتظار",
        no_counter="لم يُفتح أي شباك بعد",
        wait_up_to="حتى {max} دقيقة",
        wait_range="{min}–{max} دقيقة",
        wait_up_to_hours="حتى {max} ساعة",
        wait_range_hours="{min}–{max} ساعة",
        then="بعد ذلك",
        bring="أحضر معك",
        track="تابع مكانك على هاتفك",
        copy="نسخة",
    ),
}

LANGUAGES = tuple(_TEXTS)


def slip_texts(language: str) -> SlipTexts:
    return _TEXTS.get(language, _ENGLISH)
