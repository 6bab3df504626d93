"""How the command behaves when things go wrong, or when it is only a part of something."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Spbe
from support.sheets import AMBANG, BANDAR_LAMPUNG, JAMBI_2022, JAMBI_2023
from syrupy.assertion import SnapshotAssertion
from typer import TyperException

from spbe_cli import InvalidInputError, __version__, read_assessment
from spbe_cli.answers.problems import problem_text
from spbe_cli.cli.app import COMMANDS, usage_problem
from spbe_cli.core.problem import Place, Problem
from spbe_cli.words import Words

Process = Callable[..., subprocess.CompletedProcess[bytes]]


def test_version(spbe: Spbe, spbe_process: Process) -> None:
    assert spbe_process("--version").stdout.decode() == f"spbe {__version__}\n"
    assert spbe("--lang", "id", "--version").out == f"spbe {__version__}\n"


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m spbe_cli score {BANDAR_LAMPUNG} --detail indicator | head -1"
    found = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False, cwd=ROOT
    )
    assert found.stderr == b""
    assert found.stdout.count(b"\n") == 1
    assert found.returncode == 0


def test_a_reader_that_is_not_there_is_no_error() -> None:
    command = f"{sys.executable} -m spbe_cli score nowhere.yaml 2>&-"
    found = subprocess.run(["bash", "-c", command], capture_output=True, check=False, cwd=ROOT)
    assert (found.returncode, found.stdout, found.stderr) == (4, b"", b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_stream_that_lacks_characters_loses_nothing(spbe_process: Process, encoding: str) -> None:
    sheet = "institution: Kota Café ✓\nyear: 2023\nlevels: {1: 3}".encode()
    found = spbe_process(
        "score", "-", "--missing", "bounds", stdin=sheet, PYTHONIOENCODING=encoding
    )
    assert found.returncode == 0
    assert b"Traceback" not in found.stderr
    assert b"\\u2713" in found.stdout


def test_standard_input_is_a_file_like_any_other(spbe: Spbe) -> None:
    for path in (BANDAR_LAMPUNG, "examples/lembar-nilai.csv", "examples/denpasar-2018.xlsx"):
        content = (ROOT / path).read_bytes()
        piped, named = spbe("score", "-", stdin=content), spbe("score", path)
        assert piped.code == 0
        assert piped.out == named.out


def test_every_problem_of_every_file_at_once(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe(
        "score",
        "tests/broken/level-off-scale.yaml",
        BANDAR_LAMPUNG,
        "tests/broken/unknown-key.yaml",
        "nowhere.yaml",
    )
    assert found.out == ""
    assert found.code == 4
    assert found.err == text


def test_problems_in_indonesian_and_in_colour(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("check", "tests/broken/level-off-scale.yaml", "--lang", "id", "--color", "always")
    assert found.code == 3
    assert found.err == text


def test_problems_become_annotations_in_github_actions(spbe: Spbe) -> None:
    found = spbe("check", "tests/broken/level-off-scale.yaml", GITHUB_ACTIONS="true")
    assert "::error file=tests/broken/level-off-scale.yaml,line=" in found.err
    gate = spbe("score", BANDAR_LAMPUNG, "--min-index", "3", GITHUB_ACTIONS="true")
    assert f"::error file={BANDAR_LAMPUNG},title=gate::gate not met" in gate.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["scor"], "command-unknown", "score"),
        (["score", BANDAR_LAMPUNG, "--formt", "json"], "option-unknown", "--format"),
        (["score", BANDAR_LAMPUNG, "--format", "jsn"], "option-wrong-value", "json"),
        (["score", BANDAR_LAMPUNG, "--format"], "option-needs-value", "--format"),
        (["score"], "argument-missing", "..."),
        (["score", BANDAR_LAMPUNG, "--year", "dua"], "option-wrong-value", "2000-2999"),
        (["score", BANDAR_LAMPUNG, "--year", "1999"], "option-wrong-value", '"1999"'),
        (["score", BANDAR_LAMPUNG, "--year=3000"], "option-wrong-value", '"3000"'),
        (["score", BANDAR_LAMPUNG, "-fjsn"], "option-wrong-value", '"jsn"'),
        (["score", BANDAR_LAMPUNG, "-f", "xls", "--format=jsn"], "option-wrong-value", '"jsn"'),
        (["score", BANDAR_LAMPUNG, "--format=jsn", "-f", "o'ds"], "option-wrong-value", "o'ds"),
        (["--lang", "fr", "score", BANDAR_LAMPUNG, "--lang", "id"], "option-wrong-value", '"fr"'),
        (["levers", BANDAR_LAMPUNG, "--top", "0"], "option-wrong-value", "1-999"),
        (["score", BANDAR_LAMPUNG, "--exit-zero=1"], "option-takes-no-value", "--exit-zero"),
        (["explain", "1", "o(n)e"], "argument-unexpected", '"o(n)e"'),
        (["scor e"], "command-unknown", '"scor e"'),
        (["instrument", "sh'ow"], "command-unknown", '"sh\'ow"'),
        (["explain", "level-of-scale"], "explain-unknown", "level-off-scale"),
        (["instrument", "show", "spbe2020"], "instrument-unknown", "spbe-2020"),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_wrong_usage(
    spbe: Spbe, arguments: list[str], code: str, words: str, language: str
) -> None:
    found = spbe(*arguments, SPBE_LANG=language)
    assert found.code == 2
    assert found.out == ""
    assert f"[{code}]" in found.err
    assert words in found.err
    assert "{" not in found.err


def test_no_arguments_show_the_help(spbe: Spbe) -> None:
    found = spbe()
    assert (found.code, found.err) == (0, "")
    assert "spbe score examples/bandar-lampung-2023.yaml" in found.out
    assert "spbe instrument list" in spbe("instrument").out


@pytest.mark.parametrize(
    "name",
    ["Unheard", "BadParameter", "MissingParameter", "NoSuchOption", "BadOptionUsage", "UsageError"],
)
@pytest.mark.parametrize("carried", [{}, {"param": object(), "ctx": object(), "option_name": ""}])
@pytest.mark.parametrize("sentence", ["Something new.", "No such command 'x'."])
def test_a_complaint_of_the_parser_that_is_not_known_is_passed_on(
    name: str, carried: dict[str, object], sentence: str
) -> None:
    error = type(name, (TyperException,), carried)(sentence)
    problem = usage_problem(error, ["score", "x", "--format", "jsn"])
    assert (problem.code, problem.values) == ("usage-wrong", {"reason": sentence.rstrip(".")})


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_help_leads_with_examples(spbe: Spbe, command: str, language: str) -> None:
    found = spbe(command, "--help", "--lang", language)
    assert found.code == 0
    heading, options = {"id": ("Contoh:", "Opsi:"), "en": ("Examples:", "Options:")}[language]
    assert found.out.index(heading) < found.out.index(options)
    assert f"spbe {command}" in found.out


def test_an_unforeseen_error_is_one_sentence(spbe: Spbe, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nothing is sacred")

    monkeypatch.setattr("spbe_cli.core.score.score", broken)
    found = spbe("score", BANDAR_LAMPUNG)
    assert found.code == 70
    assert "bug of ours" in found.err
    assert "Traceback" not in found.err


def test_an_interruption_is_130(spbe: Spbe, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("spbe_cli.core.score.score", interrupted)
    assert spbe("score", BANDAR_LAMPUNG).code == 130


def test_check_counts(spbe: Spbe) -> None:
    found = spbe("check", BANDAR_LAMPUNG, "examples/denpasar-2018.yaml")
    assert found.code == 0
    assert found.out == "valid (files: 2, score sheets: 2, levels: 84)\n"


def test_explain_an_indicator(spbe: Spbe, text: SnapshotAssertion) -> None:
    found = spbe("explain", "12", "--lang", "id")
    assert found.code == 0
    assert found.out == text


@pytest.mark.parametrize(
    ("what", "instrument", "nearest"),
    [
        ("35", "spbe-2018", "35.1, 35.2, 35.3"),
        ("36", "spbe-2018", "35.3"),
        ("D9", "spbe-2020", "D4"),
        ("A33", "spbe-2020", "A8"),
        ("48", "spbe-2020", "47"),
        ("Peta Rencana", "spbe-2020", "2, 12"),
        ("memuaskn", "spbe-2020", "Memuaskan"),
        ("level-of-scale", "spbe-2020", "level-off-scale"),
    ],
)
def test_what_may_have_been_meant_is_there(
    spbe: Spbe, what: str, instrument: str, nearest: str
) -> None:
    found = spbe("explain", what, "--instrument", instrument)
    assert found.code == 2
    assert f'did you mean "{nearest}"?' in found.err
    for each in nearest.split(", "):
        assert spbe("explain", each, "--instrument", instrument).code == 0


@pytest.mark.parametrize(
    "name", ["unggul", "Memuaskan", "memuaskan/unggul", "Memuaskan (Unggul)", "MEMUASKAN"]
)
def test_a_predicate_is_found_by_either_of_its_names(spbe: Spbe, name: str) -> None:
    found = spbe("explain", name, "--instrument", "pemdi-2026")
    assert found.out.startswith("Memuaskan (Unggul)")
    gate = spbe("score", "examples/kab-aceh-tengah-2026.yaml", "--min-predicate", name)
    assert (gate.code, "gate not met" in gate.err) == (1, True)


def test_explain_a_problem(spbe: Spbe, text: SnapshotAssertion) -> None:
    assert spbe("explain", "level-off-scale").out == text


def test_explain_an_aspect(spbe: Spbe) -> None:
    found = spbe("explain", "a4")
    assert "Kolaborasi Penerapan SPBE" in found.out
    assert "5.00" in found.out


def test_instrument_commands(spbe: Spbe, text: SnapshotAssertion) -> None:
    commands = (
        ["list"], ["show", "pemdi-2026"], ["check", "indicators.yaml"],
        ["diff", "spbe-2018", "spbe-2020"], ["diff", "spbe-2020", "indicators.yaml"],
    )  # fmt: skip
    outcomes = [spbe("instrument", *command, "--lang", "id") for command in commands]
    assert [outcome.code for outcome in outcomes] == [0] * len(commands)
    assert "\n".join(outcome.out for outcome in outcomes) == text


@pytest.mark.parametrize("arguments", ["--version", f"score {BANDAR_LAMPUNG}", "--help"])
def test_a_full_disk_is_said(arguments: str) -> None:
    command = f"{sys.executable} -m spbe_cli {arguments} >/dev/full"
    found = subprocess.run(["bash", "-c", command], capture_output=True, check=False, cwd=ROOT)
    assert found.returncode == 4
    assert b"No space left on device" in found.stderr
    assert b"Traceback" not in found.stderr
    assert b"bug" not in found.stderr


def test_more_problems_than_anyone_reads_are_counted(spbe: Spbe) -> None:
    rows = "".join(f"{number % 47 + 1};3\n" for number in range(1000))
    found = spbe("check", "-", "--year", "2023", stdin=f"No;Nilai\n{rows}".encode())
    assert found.code == 3
    assert "\n... and 753 more\n" in found.err
    assert found.err.count("[duplicate-indicator]") == 200


@pytest.mark.parametrize("command", ["score", "check", "levers", "plan", "outlook", "whatif"])
def test_a_notice_of_many_sheets_is_said_once(spbe: Spbe, command: str) -> None:
    head = ";".join(map(str, range(1, 48)))
    rows = "".join(f"Kota {number}{';3' * 47}\n" for number in range(20))
    options = {"outlook": ["--agreement", "0.9"], "whatif": ["--set", "1=4"]}.get(command, [])
    found = spbe(command, "-", *options, stdin=f"Instansi;{head}\n{rows}".encode())
    assert found.code == 0
    assert found.err.count("[year-absent]") == 1


def test_a_problem_found_twice_is_shown_and_counted_once(spbe: Spbe) -> None:
    sheet = "tests/broken/level-missing.yaml"
    ran = spbe("check", sheet, sheet)
    assert ran.code == 3
    assert ran.err.count("[level-missing]") == 1
    assert "Problems: 1." in ran.err


@pytest.mark.parametrize(
    "arguments", [("show", "{}"), ("check", "{}"), ("diff", "{}", "spbe-2018"), ("explain", "{}")]
)
def test_what_must_be_known_of_an_instrument_is_said_with_it(
    spbe: Spbe, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    instrument = tmp_path / "my.yaml"
    text = (ROOT / "tests" / "broken" / "small-instrument.yaml").read_text("utf-8")
    instrument.write_bytes(f"# caf\u00e9\n{text}".encode("cp1252"))
    explain = ["explain", "1", "--instrument", str(instrument)]
    named = ["instrument", *(argument.format(instrument) for argument in arguments)]
    ran = spbe(*(explain if arguments[0] == "explain" else named))
    assert ran.code == 0
    assert "[encoding-guessed]" in ran.err


def test_wrong_usage_is_told_without_loading_the_method() -> None:
    program = (
        "import sys; from spbe_cli.cli.run import run; run(['score', '--frmat', 'x']); "
        "print([m for m in ('pydantic', 'spbe_cli.core.score', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_in_python_the_problems_of_a_file_are_raised_all_at_once() -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_assessment("examples/lembar-salah.yaml")
    codes = ["unknown-key", "level-off-scale", "level-not-number", "indicator-unknown"]
    assert [problem.code for problem in raised.value.problems] == codes


def test_quiet_says_errors_and_unmet_gates_only(spbe: Spbe) -> None:
    sheet = b"No,Nilai,Usul Kami\n" + b"".join(b"%d,3,4\n" % n for n in range(1, 48))
    asked = ["score", "-", "--year", "2023"]
    assert "notice" in spbe(*asked, stdin=sheet).err
    quiet = spbe(*asked, "-q", stdin=sheet)
    assert quiet.err == ""
    assert quiet.out == spbe(*asked, stdin=sheet).out
    unmet = spbe(*asked, "--quiet", "--min-index", "3.5", stdin=sheet)
    assert (unmet.code, "gate not met" in unmet.err) == (1, True)
    assert "[level-not-number]" in spbe("check", "examples/lembar-salah.yaml", "-q").err


@pytest.mark.parametrize("asked", [["-q", "-v"], ["-qv"], ["--verbose", "--quiet"]])
def test_quiet_and_verbose_exclude_each_other(spbe: Spbe, asked: list[str]) -> None:
    for command in (
        ["score", "examples/lembar-nilai.csv"],
        ["batch", "x.csv", "-o", "-"],
        ["schema"],
    ):
        found = spbe(*command, *asked, "--lang", "id")
        assert (found.code, found.out) == (2, "")
        said = "galat: --quiet dan --verbose tidak dapat dipakai bersama [options-exclude]\n"
        assert found.err == f"{said}  saran: sisakan satu\n"


def test_verbose_says_what_was_read_and_answers_the_same(spbe: Spbe) -> None:
    sheet = "examples/lembar-nilai.csv"
    told = spbe("score", sheet, "-v", "--lang", "id")
    assert (
        f"{sheet}: Pemerintah Kota Bandar Lampung, 2023, instrumen spbe-2020, 47 nilai" in told.err
    )
    assert "C  Nilai: nilai" in told.err
    assert told.out == spbe("score", sheet, "--lang", "id").out


def test_verbose_says_once_what_an_answer_shows(spbe: Spbe) -> None:
    sheet, columns = "examples/lembar-nilai.csv", "Nilai: level"
    whose = f"{sheet}: Pemerintah Kota Bandar Lampung, 2023, instrument spbe-2020, 47 levels\n"
    for form in ("table", "markdown"):
        told = spbe("check", sheet, "-v", "-f", form)
        assert (told.err, columns in told.out) == (whose, True)
    told = spbe("check", sheet, "-v", "-f", "json")
    assert told.err.startswith(whose)
    assert told.err.count(columns) == 1
    refused = spbe("check", sheet, "examples/lembar-salah.yaml", "-v")
    assert (refused.code, refused.out, refused.err.count(columns)) == (3, "", 1)


@pytest.mark.parametrize("command", ["rank", "profile", "audit"])
def test_verbose_says_what_was_read_of_published_tables(spbe: Spbe, command: str) -> None:
    table = "examples/national-2023.csv"
    told = spbe(command, table, "-v")
    assert told.out == spbe(command, table).out
    lines = told.err.splitlines()
    begin = lines.index(f"{table}: a row an institution, headings in row 1")
    assert lines[begin + 1 : begin + 3] == [
        "    A  institution: institution",
        "    B  category: category",
    ]
    assert "    E  domain_1: index of D1" in lines
    assert "    I  index: index" in lines
    assert "    J  predicate: predicate" in lines


@pytest.mark.parametrize("colour", [False, True])
def test_a_terminal_breaks_problems_between_words(colour: bool) -> None:  # noqa: FBT001
    """What is said is the same; no line is wider than it can be, no word is broken."""
    place = Place("examples/sheet.yaml", 5, 6)
    problem = Problem("level-off-scale", place, {"indicator": "1", "found": "0", "scale": "1-5"})
    for language in ("id", "en"):
        whole = problem_text(problem, Words(language), colour=colour)
        broken = problem_text(problem, Words(language), colour=colour, width=40)
        assert broken.split() == whole.split()
        plain = re.sub(r"\x1b\[\d+m", "", broken).splitlines()
        assert len(plain) > len(whole.splitlines())
        assert all(len(line) <= 40 or " " not in line.strip() for line in plain)


def test_several_sheets_are_a_row_each(spbe: Spbe) -> None:
    """With the change from the year before; pages are asked for, or the indicators."""
    found = spbe("score", JAMBI_2023, JAMBI_2022, BANDAR_LAMPUNG, columns=120)
    rows = [line for line in found.out.splitlines() if re.search(r"\d\.\d\d", line)]
    assert [row.split("  ")[0].rstrip() for row in rows] == [
        "Pemerintah Kota Jambi, 2023, stage final",
        "Pemerintah Kota Jambi, 2022, stage final",
        "Pemerintah Kota Bandar Lampung, 2023, stage final",
    ]
    assert [re.findall(r"[+-]?\d\.\d+", row) for row in rows] == [
        ["4.27", "+1.48"],
        ["2.79", "0.71"],
        ["2.15", "0.4405"],
    ]
    pages = spbe("score", JAMBI_2023, JAMBI_2022, "--pages").out
    assert pages == "\n".join(spbe("score", each).out for each in (JAMBI_2023, JAMBI_2022))
    asked = ("--detail", "indicator")
    detailed = spbe("score", JAMBI_2023, JAMBI_2022, *asked).out
    assert detailed == "\n".join(
        spbe("score", each, *asked).out for each in (JAMBI_2023, JAMBI_2022)
    )


def test_at_a_glance_says_what_must_be_known_of_each(spbe: Spbe, tmp_path: Path) -> None:
    lacking = tmp_path / "kurang.yaml"
    lacking.write_text("institution: Kota X\nyear: 2023\nlevels: {1: 3}\n", encoding="utf-8")
    sheets = (AMBANG, "examples/kab-aceh-tengah-2026.yaml", str(lacking))
    found = spbe("score", *sheets, "--missing", "bounds", columns=120)
    assert found.code == 0
    assert "Kota Ambang, 2023: The exact index 2.595 gives Cukup" in found.out
    assert "pemdi-2026: PROVISIONAL" in found.out
    assert "Kota X, 2023: levels missing: 46" in found.out
    assert re.search(r"Kota X, 2023 +1\.\d\d\.\.4\.\d\d +Kurang\.\.Memuaskan", found.out)


@pytest.mark.parametrize("command", ["score", "report", "plan", "levers", "compare"])
def test_what_is_said_of_missing_levels_is_said_of_a_command_that_takes_them(
    spbe: Spbe, tmp_path: Path, command: str
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("year: 2023\nlevels:\n  1: 3\n", encoding="utf-8")
    ran = spbe(command, str(sheet), *([BANDAR_LAMPUNG] if command == "compare" else []))
    assert ran.code == 3
    assert "spbe score --missing bounds" in ran.err


@pytest.mark.parametrize("option", ["--date", "--signatory"])
def test_an_empty_value_is_seen_where_it_is_refused(
    spbe: Spbe, tmp_path: Path, option: str
) -> None:
    ran = spbe("report", BANDAR_LAMPUNG, "-o", str(tmp_path / "x.html"), option, "")
    assert ran.code == 2
    assert f'{option}: error: "" ' in ran.err
