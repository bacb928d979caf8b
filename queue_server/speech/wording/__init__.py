"""What is said aloud when a ticket is called, as pieces: a recording plays them one by one, a voice reads their text.

    said = sentence(LANGUAGES["id"], "A012", "3")
    text(said)                      # "Nomor antrean a nol satu dua, silakan menuju loket tiga."
    [piece.name for piece in said]  # "call-1", "letter-a", "digit-0"…: the clips, one file each

Here, and nowhere else, stands which words a number, a letter and a counter have, and in which case they come. Each
language is a file of its own. None of them reads a figure: given "A012", voices say "A zero twelve".
"""

from __future__ import annotations

from queue_server.speech.wording.arabic import ARABIC
from queue_server.speech.wording.azerbaijani import AZERBAIJANI
from queue_server.speech.wording.english import ENGLISH
from queue_server.speech.wording.georgian import GEORGIAN
from queue_server.speech.wording.indonesian import INDONESIAN
from queue_server.speech.wording.javanese import JAVANESE
from queue_server.speech.wording.language import Language, Piece
from queue_server.speech.wording.sentences import pieces_of, sentence, sheet, text

__all__ = ["LANGUAGES", "Language", "Piece", "pieces_of", "sentence", "sheet", "text"]

LANGUAGES: dict[str, Language] = {
    language.code: language for language in (INDONESIAN, ENGLISH, AZERBAIJANI, GEORGIAN, ARABIC, JAVANESE)
}
