"""Indonesian. Counters are counted off like tickets, so nothing bends."""

from __future__ import annotations

from queue_server.speech.wording.language import Language, words

_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def cardinal(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    if tens == 1:
        return f"{_ONES[ones]} belas"
    return f"{_ONES[tens]} puluh" + (f" {_ONES[ones]}" if ones else "")


def hundred(count: int, rest: int) -> str:
    return "seratus" if count == 1 else f"{_ONES[count]} ratus"


def thousand(count: int, rest: int) -> str:
    return "seribu" if count == 1 else f"{_ONES[count]} ribu"


def counter(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [hundred(hundreds, rest)] if hundreds else []
    return " ".join([*words, cardinal(rest)] if rest else words)


INDONESIAN = Language(
    code="id",
    name="Indonesian",
    letters=words("a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet"),
    cardinal=cardinal,
    hundred=hundred,
    thousand=thousand,
    counter=counter,
    call="Nomor antrean {number}, silakan menuju loket {counter}.",
    coded="Nomor antrean {number}, silakan menuju loket {counter}.",
    named="Nomor antrean {number}, silakan menuju {counter}.",
    again="Panggilan ulang",
    moved="Pindah ke loket lain",
)
