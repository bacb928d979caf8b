"""Javanese, in polite krama. No voice that can be had here speaks it, so it is only ever recorded.

A mall that wants ngoko lets its speaker say the clips so: their names do not change.
"""

from __future__ import annotations

from queue_server.speech.wording.language import Language, words

_ONES = ("nol", "setunggal", "kalih", "tiga", "sekawan", "gangsal", "enem", "pitu", "wolu", "sanga", "sedasa")
_TEENS = words("sewelas|kalih welas|tiga welas|sekawan welas|gangsal welas|enem welas|pitulas|wolulas|sangalas", "|")
_TWENTIES = words(
    "selikur|kalih likur|tiga likur|sekawan likur|selangkung|nemlikur|pitulikur|wolulikur|sangalikur", "|"
)
_TENS = (
    "",
    "",
    "kalih dasa",
    "tigang dasa",
    "kawan dasa",
    "seket",
    "sewidak",
    "pitung dasa",
    "wolung dasa",
    "sangang dasa",
)
_BOUND = ("", "", "kalih", "tigang", "kawan", "gangsal", "enem", "pitung", "wolung", "sangang")


def cardinal(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number <= 10:
        return _ONES[number]
    if tens == 1:
        return _TEENS[ones - 1]
    if tens == 2 and ones:
        return _TWENTIES[ones - 1]
    return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")


def hundred(count: int, rest: int) -> str:
    return "satus" if count == 1 else f"{_BOUND[count]} atus"


def thousand(count: int, rest: int) -> str:
    return "sewu" if count == 1 else f"{_BOUND[count]} ewu"


def counter(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [hundred(hundreds, rest)] if hundreds else []
    return " ".join([*words, cardinal(rest)] if rest else words)


JAVANESE = Language(
    code="jv",
    name="Javanese",
    letters=words("a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet"),
    cardinal=cardinal,
    hundred=hundred,
    thousand=thousand,
    counter=counter,
    call="Nomer antrian {number}, mangga dhateng loket {counter}.",
    coded="Nomer antrian {number}, mangga dhateng loket {counter}.",
    named="Nomer antrian {number}, mangga dhateng {counter}.",
    again="Dipuntimbali malih",
    moved="Pindhah dhateng loket sanes",
)
