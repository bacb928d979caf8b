"""Azerbaijani. The counter's number is an attribute ("üç nömrəli"), the window stands in the dative ("pəncərəyə")."""

from __future__ import annotations

from queue_server.speech.wording.language import Language, words

_ONES = ("sıfır", "bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz")
_TENS = ("on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan")


def cardinal(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _ONES[ones]
    return _TENS[tens - 1] + (f" {_ONES[ones]}" if ones else "")


def hundred(count: int, rest: int) -> str:
    return "yüz" if count == 1 else f"{_ONES[count]} yüz"


def thousand(count: int, rest: int) -> str:
    return "min" if count == 1 else f"{_ONES[count]} min"


def counter(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [hundred(hundreds, rest)] if hundreds else []
    return " ".join([*words, cardinal(rest)] if rest else words)


AZERBAIJANI = Language(
    code="az",
    name="Azerbaijani",
    letters=words("a be ce de e ef ge haş i je ka el em en o pe qu er es te u ve dubl-ve iks iqrek zet"),
    cardinal=cardinal,
    hundred=hundred,
    thousand=thousand,
    counter=counter,
    call="Növbə nömrəsi {number}, zəhmət olmasa, {counter} nömrəli pəncərəyə yaxınlaşın.",
    coded="Növbə nömrəsi {number}, zəhmət olmasa, {counter} nömrəli pəncərəyə yaxınlaşın.",
    named="Növbə nömrəsi {number}, zəhmət olmasa, {counter} adlı pəncərəyə yaxınlaşın.",
    again="Təkrar çağırış",
    moved="İndi başqa pəncərədə",
)
