"""English, as it is said outside America: "one hundred and twelve", "zed".

Letters are written out: before a number a voice would read "A" as the article.
"""

from __future__ import annotations

from queue_server.speech.wording.language import Language, words

_ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")


def cardinal(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")


def hundred(count: int, rest: int) -> str:
    return f"{_ONES[count]} hundred" + (" and" if rest else "")


def thousand(count: int, rest: int) -> str:
    return f"{_ONES[count]} thousand" + (" and" if 0 < rest < 100 else "")


def counter(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [hundred(hundreds, rest)] if hundreds else []
    return " ".join([*words, cardinal(rest)] if rest else words)


ENGLISH = Language(
    code="en",
    name="English",
    letters=words(
        "eigh bee see dee ee ef gee aitch eye jay kay ell em en oh pea cue ar ess tee you vee double-you ex why zed"
    ),
    cardinal=cardinal,
    hundred=hundred,
    thousand=thousand,
    counter=counter,
    call="Number {number}, please go to counter {counter}.",
    coded="Number {number}, please go to counter {counter}.",
    named="Number {number}, please go to {counter}.",
    again="Called again",
    moved="Now at another counter",
)
