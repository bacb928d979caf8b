"""Arabic. A ticket's number is counted off in the nominative; a counter's follows "رقم" and stands in the genitive.

Said so, a number agrees with no noun, so its gender never turns round. "و" is written together with what follows.
"""

from __future__ import annotations

from queue_server.speech.wording.language import Language, words

_ONES = words("صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة")
_TENS = words("عشر ثلاث أربع خمس ست سبع ثمان تسع")
_HUNDREDS = (
    "",
    "مئة",
    "مئتان",
    "ثلاثمئة",
    "أربعمئة",
    "خمسمئة",
    "ستمئة",
    "سبعمئة",
    "ثمانمئة",
    "تسعمئة",
)


def cardinal(number: int) -> str:
    return _below_hundred(number, two="اثنان", twelve="اثنا", ending="ون")


def _below_hundred(number: int, *, two: str, twelve: str, ending: str) -> str:
    tens, ones = divmod(number, 10)
    if number <= 10:
        return two if number == 2 else _ONES[number]
    if tens == 1:
        return f"{ {1: 'أحد', 2: twelve}.get(ones, _ONES[ones]) } عشر"
    round_ = _TENS[tens - 2] + ending
    return f"{two if ones == 2 else _ONES[ones]} و{round_}" if ones else round_


def hundred(count: int, rest: int) -> str:
    return _HUNDREDS[count] + (" و" if rest else "")


def thousand(count: int, rest: int) -> str:
    words = {1: "ألف", 2: "ألفان"}.get(count, f"{_ONES[count]} آلاف")
    return words + (" و" if rest else "")


def counter(number: int) -> str:
    """1 to 999 in the genitive."""
    hundreds, rest = divmod(number, 100)
    words = ["مئتين" if hundreds == 2 else _HUNDREDS[hundreds]] if hundreds else []
    if rest:
        words.append(_below_hundred(rest, two="اثنين", twelve="اثني", ending="ين"))
    return " و".join(words)


ARABIC = Language(
    code="ar",
    name="Arabic",
    letters=(
        *("إيه", "بي", "سي", "دي", "إي", "إف", "جي", "إتش", "آي", "جيه", "كيه", "إل", "إم"),
        *("إن", "أو", "بي", "كيو", "آر", "إس", "تي", "يو", "في", "دبليو", "إكس", "واي", "زد"),
    ),
    cardinal=cardinal,
    hundred=hundred,
    thousand=thousand,
    counter=counter,
    call="الرقم {number}، يُرجى التوجه إلى الشباك رقم {counter}.",
    coded="الرقم {number}، يُرجى التوجه إلى الشباك رقم {counter}.",
    named="الرقم {number}، يُرجى التوجه إلى {counter}.",
    again="نداء مكرر",
    bound="و",
)
