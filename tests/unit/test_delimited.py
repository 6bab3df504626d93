"""Text with delimiters to rows: delimiters, line ends, quotes, exact places, hostile input."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spbe_cli.core.problem import Place, Problem
from spbe_cli.read.delimited import DELIMITERS, read_delimited
from spbe_cli.read.grid import Grid
from spbe_cli.read.tables import looks_like_table, read_table
from spbe_cli.read.text import File, Text, decode, encoding_of, file_of


def grid_of(content: str) -> tuple[Grid, list[Problem]]:
    return read_delimited(Text("nilai.csv", content, "utf-8"))


def rows_of(content: str) -> list[list[str]]:
    grid, problems = grid_of(content)
    assert problems == []
    return [list(row) for row in grid.rows]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_delimiter_with_each_line_end(delimiter: str, end: str) -> None:
    content = end.join(delimiter.join(row) for row in (["no", "nilai"], ["1", "3"], ["2", "4"]))
    assert rows_of(content) == [["no", "nilai"], ["1", "3"], ["2", "4"]]


def test_the_header_decides_the_delimiter_and_not_the_number_of_characters() -> None:
    content = "no;nama, alamat, kota, provinsi;nilai\n1;a, b, c, d;3,0\n"
    assert rows_of(content)[1] == ["1", "a, b, c, d", "3,0"]


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "sep=; "])
def test_a_sep_line_is_obeyed_and_left_out(line: str) -> None:
    grid, problems = grid_of(f"{line}\r\nno;nilai\r\n1;3\r\n")
    assert (problems, list(grid.rows)) == ([], [["no", "nilai"], ["1", "3"]])
    assert grid.place_of(1, 1) == Place("nilai.csv", 3, 3, excerpt="1;3")


def test_a_sep_line_may_name_an_unusual_delimiter() -> None:
    assert rows_of("sep=^\nno^nilai\n1^3\n") == [["no", "nilai"], ["1", "3"]]


def test_blank_rows_are_left_out_and_blank_cells_are_kept() -> None:
    assert rows_of("no;nilai;;\n\n1;3;;\n;;;\n2;;\n\n") == [
        ["no", "nilai", "", ""],
        ["1", "3", "", ""],
        ["2", "", ""],
    ]


def test_places_count_characters_and_name_the_field_as_written() -> None:
    line = '1;"né ""x""";3'
    grid, _ = grid_of(f"no;nama;nilai\n{line}\n")
    assert grid.place_of(1, 0) == Place("nilai.csv", 2, 1, excerpt=line, width=1)
    assert grid.place_of(1, 1) == Place("nilai.csv", 2, 4, excerpt=line, width=8)
    assert grid.place_of(1, 2) == Place("nilai.csv", 2, 14, excerpt=line, width=1)
    assert grid.place_of(1, 3) == Place("nilai.csv", 2, 15, excerpt=line, width=1)


def test_the_end_of_a_short_row_is_in_its_own_line_whatever_blank_rows_follow() -> None:
    for blank in (";", ";;;", '""', ";\n\n;;"):
        grid, _ = grid_of(f"no;nama;nilai\n1;a\n{blank}\n2;b;3\n")
        assert grid.place_of(1, 2) == Place("nilai.csv", 2, 4, excerpt="1;a", width=1)


def test_a_field_after_a_quoted_line_break_has_the_place_of_its_own_line() -> None:
    grid, problems = grid_of('no;nama;nilai\r\n1;"a\r\nb";3\r\n2;c;4\r\n')
    assert problems == []
    assert grid.rows[1] == ["1", "a\r\nb", "3"]
    assert grid.place_of(1, 1) == Place("nilai.csv", 2, 4, excerpt='1;"a', width=1)
    assert grid.place_of(1, 2) == Place("nilai.csv", 3, 4, excerpt='b";3', width=1)
    assert grid.place_of(2, 2) == Place("nilai.csv", 4, 5, excerpt="2;c;4", width=1)


def test_the_end_of_a_row_that_ends_in_quotes_is_after_them() -> None:
    grid, _ = grid_of('no;nilai\n1;"3"\n')
    assert grid.place_of(1, 2) == Place("nilai.csv", 2, 6, excerpt='1;"3"')


def test_an_unclosed_quote_is_told_where_it_opened_and_the_rest_is_read() -> None:
    grid, problems = grid_of('no;nama;nilai\n1;"a;3\n2;b;4\n3;c;5\n')
    place = Place("nilai.csv", 2, 3, excerpt='1;"a;3')
    assert problems == [Problem("quote-unclosed", place)]
    assert grid.rows[1:] == [["1", '"a', "3"], ["2", "b", "4"], ["3", "c", "5"]]
    assert grid.place_of(1, 2) == Place("nilai.csv", 2, 6, excerpt='1;"a;3')


def test_a_quote_that_swallows_lines_up_to_the_next_one_is_told_where_it_opened() -> None:
    grid, problems = grid_of('no;nama;nilai\n1;"a;3\n2;"b";4\n3;"c;5\n')
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [
        ("quote-unclosed", 2, 3),
        ("quote-unclosed", 4, 3),
    ]
    assert grid.rows[2] == ["2", "b", "4"]


def test_text_after_a_closing_quote_is_told_and_the_row_is_read() -> None:
    grid, problems = grid_of('no;nama;nilai\n1;"a"b;3\n2;"c" ;4\n')
    assert problems == [
        Problem("quote-stray", Place("nilai.csv", 2, 6, excerpt='1;"a"b;3'), {"found": "b"}),
        Problem("quote-stray", Place("nilai.csv", 3, 6, excerpt='2;"c" ;4'), {"found": " "}),
    ]
    assert [row[2] for row in grid.rows] == ["nilai", "3", "4"]


def test_a_field_beyond_the_limit_is_told_and_the_rest_is_read() -> None:
    grid, problems = grid_of(f"no;nilai\n1;{'x' * 131_073}\n2;4\n")
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [("field-too-long", 2, 3)]
    assert problems[0].values == {"limit": "131072"}
    assert grid.rows[1] == ["2", "4"]


def test_a_quote_in_the_middle_of_a_field_is_text() -> None:
    assert rows_of('no;nama;nilai\n1;a "b" c;3\n')[1] == ["1", 'a "b" c', "3"]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"a" * 2_000_000, ["field-too-long"]),
        (b"," * 2_000_000, ["table-too-large"]),
        (b"no,nilai" + b",x" * 100_000, ["table-too-large"]),
        (b'"' * 200_000, ["no-header"]),
        (b'"' * 200_001, ["quote-unclosed", "no-header"]),
        (b'""\n""\n"', ["quote-unclosed", "no-header"]),
        (b"\n" * 2_100_000, ["table-too-large"]),
        (b"no;nilai\n" + b";" * 40 + b"\n", ["table-empty"]),
        ((b"x" + b";" * 999 + b"\n") * 2100, ["table-too-large", "no-header"]),
        (b"sep=;", ["table-empty"]),
        (b"", ["table-empty"]),
    ],
)
def test_hostile_input_gives_problems(content: bytes, codes: list[str]) -> None:
    parsed = read_table(File("x.csv", content))
    assert ([p.code for p in parsed.problems], parsed.sheets) == (codes, ())


def test_reading_stops_after_a_hundred_wrong_quotes() -> None:
    _, problems = grid_of("no;nilai\n" + '1;"a"b\n' * 1000)
    assert [problem.code for problem in problems] == ["quote-stray"] * 100


@pytest.mark.parametrize("content", ["no,nilai\n1,3", "LKE\n\nkode;level\n", "instansi|1|2|3\n"])
def test_a_text_with_a_header_looks_like_a_table(content: str) -> None:
    assert looks_like_table(content)


@pytest.mark.parametrize(
    "content",
    [
        "levels: {1: 3, 2: 4}\n",
        "# kode, nilai\nlevels:\n  1: 3\n",
        '{"institution": "A, B", "levels": {"1": 3}}',
        "",
        "no\n",
    ],
)
def test_other_text_does_not(content: str) -> None:
    assert not looks_like_table(content)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    delimiter=st.sampled_from(DELIMITERS),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    table=st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8)
    ),
)
def test_any_rectangle_survives_the_way_through_csv(
    delimiter: str, end: str, table: list[list[str]]
) -> None:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    header = ["no", "nilai", *"abc"[: max((len(row) - 2 for row in table), default=0)]]
    writer.writerows([header, *table])
    expected = [row for row in [header, *table] if any(row)]
    assert rows_of(target.getvalue()) == expected


@given(
    delimiter=st.sampled_from(DELIMITERS),
    table=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
)
def test_every_place_names_the_text_of_its_field(delimiter: str, table: list[list[str]]) -> None:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerows([["no", "nilai", "x"], *table])
    grid, _ = grid_of(target.getvalue())
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            place = grid.place_of(row, column)
            assert place.line is not None
            assert place.column is not None
            assert place.excerpt is not None
            written = place.excerpt[place.column - 1 :][: place.width]
            first_line = cell.splitlines()[0] if cell.splitlines() else ""
            if cell and "\n" not in cell and "\r" not in cell:
                assert written == cell.replace('"', '""') or written == cell
            elif first_line and not cell.startswith(("\n", "\r")):
                assert written.replace('""', '"').startswith(first_line.split("\x0b")[0][:1])


ASCII = "no;nilai\n1;3\n2;4\n" * 5
WITH_OTHER_LETTERS = "no;nilai;nama\n1;3;مدينة\n2;4;مدينة\n"


@pytest.mark.parametrize("text", [ASCII, WITH_OTHER_LETTERS, ASCII * 10])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(text: str, encoding: str) -> None:
    assert encoding_of(text.encode(encoding)) == encoding


@pytest.mark.parametrize("first", [0, 1])
def test_more_than_a_third_of_the_bytes_tell_utf_16(first: int) -> None:
    """Of 90 bytes 31 on one side are zero; 30, or one on the other side, are none of UTF-16."""
    content = bytearray(b"x" * 90)
    content[first : first + 60 : 2] = bytes(30)
    assert encoding_of(bytes(content)) == "utf-8"
    content[first + 60] = 0
    assert encoding_of(bytes(content)) == ("utf-16-le" if first else "utf-16-be")
    content[89 - first] = 0
    assert encoding_of(bytes(content)) == "utf-8"


@pytest.mark.parametrize(("length", "code"), [(99, "file-binary"), (100, "control-character")])
def test_one_control_character_in_a_hundred_is_no_text(length: int, code: str) -> None:
    text, problems = decode(File("nilai.csv", b"\x01" + b"x" * (length - 1)))
    assert text is None
    assert [problem.code for problem in problems] == [code]


def test_a_file_may_be_as_large_as_the_largest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spbe_cli.read.text.LARGEST", 10)
    assert file_of("nilai.csv", b"x" * 10) == File("nilai.csv", b"x" * 10)
    refused = file_of("nilai.csv", b"x" * 11)
    assert isinstance(refused, Problem)
    assert refused.code == "file-too-large"
