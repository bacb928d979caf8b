"""Georgian. It counts by twenties, and a counter is an ordinal in the dative before "სარკმელთან".

Of the ordinals only "პირველი" bends there, to "პირველ"; all others end in -ე and stay. A hundred or a thousand loses
its -ი before more.
"""

from __future__ import annotations

from queue_server.speech.wording.language import Language, words

_ONES = words(
    "ნული ერთი ორი სამი ოთხი ხუთი ექვსი შვიდი რვა ცხრა ათი თერთმეტი თორმეტი ცამეტი თოთხმეტი თხუთმეტი თექვსმეტი"
    " ჩვიდმეტი თვრამეტი ცხრამეტი"
)
_TWENTIES = ("", "ოც", "ორმოც", "სამოც", "ოთხმოც")
_HUNDREDS = ("", "ას", "ორას", "სამას", "ოთხას", "ხუთას", "ექვსას", "შვიდას", "რვაას", "ცხრაას")


def cardinal(number: int) -> str:
    twenties, rest = divmod(number, 20)
    if not twenties:
        return _ONES[rest]
    return _TWENTIES[twenties] + (f"და{_ONES[rest]}" if rest else "ი")


def hundred(count: int, rest: int) -> str:
    return _HUNDREDS[count] + ("" if rest else "ი")


def thousand(count: int, rest: int) -> str:
    ending = "ათას" if rest else "ათასი"
    return ending if count == 1 else f"{_ONES[count]} {ending}"


def ordinal(number: int) -> str:
    """1 to 999, in the dative that stands before a noun."""
    if number == 1:
        return "პირველ"
    hundreds, rest = divmod(number, 100)
    before = f"{_HUNDREDS[hundreds]} " if hundreds and rest else ""
    if not rest:
        return f"მე{_HUNDREDS[hundreds]}ე"
    twenties, ones = divmod(rest, 20)
    if not twenties:
        return before + _ordinal_below_twenty(ones, alone=not hundreds)
    if not ones:
        return f"{before}მე{_TWENTIES[twenties]}ე"
    return f"{before}{_TWENTIES[twenties]}და{_ordinal_below_twenty(ones, alone=False)}"


def _ordinal_below_twenty(number: int, *, alone: bool) -> str:
    return "პირველ" if number == 1 and alone else f"მე{_ONES[number].removesuffix('ი').removesuffix('ა')}ე"


GEORGIAN = Language(
    code="ka",
    name="Georgian",
    letters=words("ა ბე ცე დე ე ეფ გე ჰაშ ი იოტ კა ელ ემ ენ ო პე კუ ერ ეს ტე უ ვე დუბლვე იქს იგრეკ ზეტ"),
    cardinal=cardinal,
    hundred=hundred,
    thousand=thousand,
    counter=ordinal,
    call="ნომერი {number}, გთხოვთ, მიბრძანდეთ {counter} სარკმელთან.",
    coded="ნომერი {number}, გთხოვთ, მიბრძანდეთ სარკმელთან ნომერი {counter}.",
    named="ნომერი {number}, გთხოვთ, მიბრძანდეთ სარკმელთან: {counter}.",
    again="განმეორებითი გამოძახება",
    moved="ახლა სხვა სარკმელთან",
)
