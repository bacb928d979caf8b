"""Who can speak, and what an operator is told of what is missing."""

from pathlib import Path

import pytest

from queue_server.settings import Settings, load
from queue_server.speech.sound import write_wav
from queue_server.speech.survey import clips_folder, clips_needed, spoken_languages, survey
from queue_server.speech.wording import LANGUAGES
from tests.speech.test_sound import tone

MALL = """
[mall]
id = "mall"
name = "Mall"
languages = ["id", "{second}"]
timezone = "Asia/Jakarta"

[agencies.a]
name = "A"

[services.s]
agency = "a"
name = "S"
prefix = "A"

[zones.z]
name = "Z"

[counters.1]
zone = "z"
services = ["s"]

[counters.2]
zone = "z"
services = ["s"]
label = "Kasir"

[boards.hall]
zones = ["z"]

{more}
"""


def mall(folder: Path, more: str = "", second: str = "en") -> Settings:
    path = folder / "config.toml"
    path.write_text(MALL.format(more=more, second=second), encoding="utf-8")
    return load(path)


def record(settings: Settings, folder: Path, language: str, *, without: str = "") -> None:
    clips = clips_folder(settings, folder, language)
    clips.mkdir(parents=True)
    for name in clips_needed(settings, LANGUAGES[language]):
        if name != without:
            (clips / f"{name}.wav").write_bytes(write_wav(tone(440, 0.5)))


def kinds(settings: Settings, folder: Path, language: str = "id") -> list[str]:
    return [voice.kind for voice in survey(settings, folder)[language].voices]


def test_espeak_speaks_where_nothing_is_recorded(tmp_path: Path):
    """A mall that does nothing is spoken to by espeak-ng, in the languages of its boards, and nothing is missing."""
    settings = mall(tmp_path)

    found = survey(settings, tmp_path)

    assert list(found) == ["id", "en"]
    assert [speaker.missing for speaker in found.values()] == [(), ()]
    assert kinds(settings, tmp_path) == ["espeak"]


def test_recordings_come_first(tmp_path: Path):
    """Where there are recordings they speak, and espeak-ng stands behind them."""
    settings = mall(tmp_path)
    record(settings, tmp_path, "id")

    assert kinds(settings, tmp_path) == ["clips", "espeak"]
    assert survey(settings, tmp_path)["id"].missing == ()


def test_a_missing_recording_is_said(tmp_path: Path):
    """How many are missing, which, and who speaks instead."""
    settings = mall(tmp_path)
    record(settings, tmp_path, "id", without="digit-7")

    (said,) = survey(settings, tmp_path)["id"].missing

    count = len(clips_needed(settings, LANGUAGES["id"]))
    assert said == (
        f"Indonesian: 1 of {count} recordings are missing (digit-7.wav); a call that needs one is spoken by espeak-ng."
    )


def test_words_that_are_left_out_until_they_are_recorded_are_said(tmp_path: Path):
    """A set recorded before moved citizens were told so still speaks every call; its operator hears what it lacks."""
    settings = mall(tmp_path)
    record(settings, tmp_path, "id", without="moved")

    assert survey(settings, tmp_path)["id"].missing == (
        "Indonesian: The words of moved.wav are left out until it is recorded.",
    )


def test_a_new_recording_changes_what_is_heard(tmp_path: Path):
    """Announcements are made anew when a clip was."""
    settings = mall(tmp_path)
    record(settings, tmp_path, "id")
    before = survey(settings, tmp_path)["id"].content

    (clips_folder(settings, tmp_path, "id") / "digit-7.wav").write_bytes(write_wav(tone(440, 0.7)))

    assert survey(settings, tmp_path)["id"].content != before


def test_javanese_is_not_read_by_another_voice(tmp_path: Path):
    """No voice here speaks Javanese: it is recorded, or displays chime and it is said how to record it."""
    settings = mall(tmp_path, second="jv")

    speaker = survey(settings, tmp_path)["jv"]

    assert speaker.voices == ()
    assert speaker.missing == (
        "Calls are not spoken in Javanese: espeak-ng has no voice for it, so it must be recorded."
        " `antrean speech clips jv` lists what.",
    )
    record(settings, tmp_path, "jv")
    assert kinds(settings, tmp_path, "jv") == ["clips"]


def test_a_language_without_words_is_said(tmp_path: Path):
    """A language that Antrean has no sentences for is not spoken, whatever voices there are."""
    speaker = survey(mall(tmp_path, second="ru"), tmp_path)["ru"]

    assert speaker.voices == ()
    assert speaker.missing == ("Calls are not spoken in 'ru': Antrean has no words for it.",)


def test_without_espeak_it_is_said_that_displays_only_chime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server without any voice says so for each language."""
    settings = mall(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    found = survey(settings, tmp_path)

    assert [speaker.voices for speaker in found.values()] == [(), ()]
    assert found["id"].missing == ("Calls are not spoken in Indonesian: espeak-ng is not installed.",)


@pytest.mark.parametrize(
    ("voice", "kinds_found", "said"),
    [
        ('engine = "clips"', [], "there are no recordings in"),
        ('engine = "espeak"\nvoice = "qqq"', [], "espeak-ng has no voice 'qqq'."),
        ('engine = "espeak"\nvoice = "en"', ["espeak"], None),
        ('engine = "piper"\nvoice = "id.onnx"', ["espeak"], "the program piper is not installed."),
        ('engine = "command"\ncommand = ["no-such-program"]', ["espeak"], "the program no-such-program"),
        ('engine = "command"\ncommand = ["cat"]', ["command", "espeak"], None),
    ],
)
def test_what_a_mall_asks_for_is_taken_or_said(voice: str, kinds_found: list[str], said: str | None, tmp_path: Path):
    """A voice that the mall names is used; where it is not there, that is said, and espeak-ng stands in if it may."""
    settings = mall(tmp_path, f"[voices.id]\n{voice}")

    missing = survey(settings, tmp_path)["id"].missing

    assert kinds(settings, tmp_path) == kinds_found
    assert (len(missing) == 1 and said in missing[0]) if said else missing == ()


def test_only_what_is_heard_is_looked_after(tmp_path: Path):
    """A language that is off, and those of boards without sound, want no voice; a ticket's own may."""
    quiet = '[boards.quiet]\nzones = ["z"]\nlanguages = ["id"]\nsound = {sound}\n[voices.en]\nengine = "off"'
    settings = mall(tmp_path, quiet.format(sound="false"), second="en")

    assert spoken_languages(settings) == ("id",)

    only = MALL.replace('zones = ["z"]\n\n{more}', 'zones = ["z"]\nlanguages = ["en"]\n\n{more}')
    (tmp_path / "only.toml").write_text(only.format(second="en", more="[speech]\nticket_language = true"))
    assert spoken_languages(load(tmp_path / "only.toml")) == ("en", "id")
