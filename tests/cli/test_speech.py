"""`antrean speech`: what to record, whether it was recorded well, what a call sounds like."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.speech.loudness import loudness
from queue_server.speech.sound import joined, read_wav, silence, write_wav
from queue_server.speech.survey import clips_needed
from queue_server.speech.wording import LANGUAGES
from tests.speech.test_sound import tone
from tests.speech.test_survey import mall


@pytest.fixture
def speech(tmp_path: Path):
    mall(tmp_path, second="jv")

    def run(*args: str) -> Result:
        sub, *rest = args
        config = () if sub == "sheet" else ("--config", str(tmp_path / "config.toml"))
        return CliRunner().invoke(antrean, ["speech", sub, *rest, *config])

    return run


def good() -> bytes:
    return write_wav(joined([silence(0.1), tone(440, 0.5, peak=0.15), silence(0.1)]))


def recordings(tmp_path: Path) -> Path:
    """A whole set for Javanese, all of it good."""
    folder = tmp_path / "delivered"
    folder.mkdir()
    for name in clips_needed(mall(tmp_path, second="jv"), LANGUAGES["jv"]):
        (folder / f"{name}.wav").write_bytes(good())
    return folder


def test_the_list_to_record_is_this_malls(speech):
    """A speaker gets each file's name and words: this mall's letters and counters, and nothing that it never says."""
    ran = speech("clips", "jv")

    lines = dict(line.split("\t") for line in ran.output.splitlines())
    assert ran.exit_code == 0
    assert lines["digit-1.wav"] == "setunggal"
    assert lines["letter-a.wav"] == "a"
    assert lines["counter-kasir.wav"] == "Kasir"
    assert lines["again.wav"] == "Dipuntimbali malih"
    assert "letter-b.wav" not in lines
    assert "counter-2.wav" not in lines


def test_a_good_set_is_said_to_be_good(speech, tmp_path: Path):
    """A set with every file, at one level, uncut, passes."""
    ran = speech("clips", "jv", "--check", str(recordings(tmp_path)))

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "are good" in ran.output


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "digit-7.wav is missing."),
        (b"none", "digit-7.wav cannot be used: it is no WAV file"),
        (write_wav(silence(0.6)), "digit-7.wav is silent."),
        (write_wav(tone(440, 0.5, peak=0.15)), "digit-7.wav begins or ends in the middle of a sound"),
        (write_wav(joined([silence(0.9), tone(440, 0.5, peak=0.15), silence(0.1)])), "seconds of silence at an end"),
        (write_wav(joined([silence(0.1), tone(440, 0.5, peak=0.6), silence(0.1)])), "12 LU louder than the others"),
        (write_wav(joined([silence(0.1), tone(440, 0.5, peak=0.07), silence(0.1)])), "7 LU quieter than the others"),
        (write_wav(joined([silence(0.1), tone(440, 0.5, peak=1.0), silence(0.1)])), "digit-7.wav is distorted"),
        (write_wav(joined([silence(0.1), tone(440, 7.0, peak=0.15), silence(0.1)])), "digit-7.wav is 7.0 seconds long"),
        (write_wav(joined([silence(0.1), tone(440, 0.5), silence(0.1)]).at(8_000)), "has 8000 samples a second"),
        (
            write_wav(joined([silence(0.1), tone(440, 0.5), silence(0.1)]).at(44_100)),
            "different sample rates: 22050, 44100",
        ),
    ],
)
def test_what_is_wrong_with_a_recording_is_said(speech, tmp_path: Path, data: bytes | None, said: str):
    """Whatever would be heard in every call is found before, with the file's name and what is wrong."""
    folder = recordings(tmp_path)
    if data is None:
        (folder / "digit-7.wav").unlink()
    else:
        (folder / "digit-7.wav").write_bytes(data)

    ran = speech("clips", "jv", "--check", str(folder))

    assert ran.exit_code == 1
    assert said in ran.stderr


def test_a_file_too_many_is_said(speech, tmp_path: Path):
    """A wrong name shows as one file missing and another that nobody asked for."""
    folder = recordings(tmp_path)
    (folder / "digit-7.wav").rename(folder / "seven.wav")

    ran = speech("clips", "jv", "--check", str(folder))

    assert "digit-7.wav is missing." in ran.stderr
    assert "seven.wav is none of the recordings." in ran.stderr


def test_a_call_is_spoken_into_a_file(speech, tmp_path: Path):
    """Whoever sets up a mall hears a call as its displays will speak it."""
    out = tmp_path / "heard.wav"

    ran = speech("say", "id", "A012", "Kasir", "--again", "--out", str(out))

    assert ran.exit_code == 0, ran.stderr
    assert "Panggilan ulang. Nomor antrean a nol satu dua, silakan menuju Kasir." in ran.output
    assert loudness(read_wav(out.read_bytes())) == pytest.approx(-18.0, abs=0.5)


def test_a_call_that_nobody_can_speak_says_what_to_do(speech, tmp_path: Path):
    """Without recordings Javanese is not spoken, and the way to record it is told."""
    ran = speech("say", "jv", "A012", "1", "--out", str(tmp_path / "heard.wav"))

    assert ran.exit_code == 1
    assert "antrean speech clips jv" in ran.stderr
    assert not (tmp_path / "heard.wav").exists()


@pytest.mark.parametrize("args", [("clips", "xx"), ("sheet", "xx"), ("say", "xx", "A001", "1")])
def test_a_language_without_words_is_refused(speech, args: tuple[str, ...]):
    """The languages that can be spoken are named."""
    ran = speech(*args)

    assert ran.exit_code == 1
    assert "There are for: id, en, az, ka, ar, jv." in ran.stderr


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_sheet_has_what_a_reviewer_must_read(speech, language: str):
    """A reviewer gets every row of the table that the tests hold."""
    ran = speech("sheet", language)

    table = (Path(__file__).parent.parent / "speech" / "tables" / f"{language}.tsv").read_text(encoding="utf-8")
    rows = [row.rsplit("\t", 1)[0] for row in table.splitlines()[1:] if "D001" not in row]
    assert set(rows) <= {line.rsplit("\t", 1)[0] for line in ran.output.splitlines()}
