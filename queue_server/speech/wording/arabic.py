"""Arabic. A ticket's number is counted off in the nominative; a counter's follows "رقم" and stands in the genitive.

Said so, a number agrees with no noun, so its gender never turns round. "و" is written together with what follows.

Numbers and letters are written with their vowels: without them espeak-ng reads "خمسة" as "khmst", which nobody would
understand. What stays bare it reads well.
"""

from __future__ import annotations

from queue_server.speech.wording.language import Language, words

_ONES = words("صِفْر وَاحِد اِثْنَان ثَلَاثَة أَرْبَعَة خَمْسَة سِتَّة سَبْعَة ثَمَانِيَة تِسْعَة عَشَرَة")
_TENS = words("عِشْرُون ثَلَاثُون أَرْبَعُون خَمْسُون سِتُّون سَبْعُون ثَمَانُون تِسْعُون")
_TENS_GENITIVE = words("عِشْرِين ثَلَاثِين أَرْبَعِين خَمْسِين سِتِّين سَبْعِين ثَمَانِين تِسْعِين")
_HUNDREDS = (
    "",
    *words("مِئَة مِئَتَان ثَلَاثُمِئَة أَرْبَعُمِئَة خَمْسُمِئَة سِتُّمِئَة سَبْعُمِئَة ثَمَانُمِئَة تِسْعُمِئَة"),
)
_AND = "وَ"


def cardinal(number: int) -> str:
    return _below_hundred(number, two="اِثْنَان", twelve="اِثْنَا", tens=_TENS)


def _below_hundred(number: int, *, two: str, twelve: str, tens: tuple[str, ...]) -> str:
    round_, ones = divmod(number, 10)
    if number <= 10:
        return two if number == 2 else _ONES[number]
    if round_ == 1:
        return f"{ {1: 'أَحَدَ', 2: twelve}.get(ones, _ONES[ones] + 'َ') } عَشَر"
    return f"{two if ones == 2 else _ONES[ones]} {_AND}{tens[round_ - 2]}" if ones else tens[round_ - 2]


def hundred(count: int, rest: int) -> str:
    return _HUNDREDS[count] + (f" {_AND}" if rest else "")


def thousand(count: int, rest: int) -> str:
    said = {1: "أَلْف", 2: "أَلْفَان"}.get(count, f"{_ONES[count]}ُ آلَاف")
    return said + (f" {_AND}" if rest else "")


def counter(number: int) -> str:
    """1 to 999 in the genitive."""
    hundreds, rest = divmod(number, 100)
    said = ["مِئَتَيْن" if hundreds == 2 else _HUNDREDS[hundreds]] if hundreds else []
    if rest:
        said.append(_below_hundred(rest, two="اِثْنَيْن", twelve="اِثْنَيْ", tens=_TENS_GENITIVE))
    return f" {_AND}".join(said)


ARABIC = Language(
    code="ar",
    name="Arabic",
    letters=(
        *words("أَيْه بي سي دي إي إف جي إتش آي جَيْه كَيْه إل إم"),
        *words("إن أُو بي كِيُو آر إس تي يو في دبليو إكس وَاي زِد"),
    ),
    cardinal=cardinal,
    hundred=hundred,
    thousand=thousand,
    counter=counter,
    call="الرقم {number}، يُرجى التوجه إلى الشباك رقم {counter}.",
    coded="الرقم {number}، يُرجى التوجه إلى الشباك رقم {counter}.",
    named="الرقم {number}، يُرجى التوجه إلى {counter}.",
    again="نداء مكرر",
    moved="الآن عند شباك آخر",
    bound=_AND,
)
