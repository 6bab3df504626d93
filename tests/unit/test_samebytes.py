"""The comparison of two checkouts sees what differs, and excuses nothing but what is explained."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest
import samebytes
import yaml
from conftest import ROOT
from samebytes import Explained, Told, alternatives, differences, explanations, steps
from samebytes_run import Line, Ran, Step

LINE = Line("score x -o x.docx", [])


def ran(code: int = 0, **parts: bytes) -> Ran:
    return Ran([code], parts)


def archive(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        for name, text in parts.items():
            opened.writestr(name, text)
    return content.getvalue()


def test_a_line_is_every_alternative_with_its_environment_and_streams() -> None:
    assert list(alternatives("a {b,c --d} {{ e }} {1} {,f}")) == [
        "a b {{ e }} b ",
        "a b {{ e }} b f",
        "a c --d {{ e }} c --d ",
        "a c --d {{ e }} c --d f",
    ]
    assert steps("NO_COLOR=1 score - --set A=1 < in ; check 'a b' > tty") == [
        Step({"NO_COLOR": "1"}, ["score", "-", "--set", "A=1"], "in", ""),
        Step({}, ["check", "a b"], "/dev/null", "tty"),
    ]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (ran(1, stdout=b"a\nb\n"), "exit code [0] -> [1]"),
        (ran(stdout=b"a\nc\n"), "+c"),
        (ran(stdout=b"a\nb"), "only the ends of lines differ"),
        (ran(stdout=b"a\nb\n", x=b""), "x: not in both"),
        (ran(stdout=b"a\xff"), "4 -> 2 bytes; first at 1"),
    ],
)
def test_what_differs_is_shown(now: Ran, said: str) -> None:
    assert said in "\n".join(differences(ran(stdout=b"a\nb\n"), now))


def test_explanations_cover_their_own_exchanges_and_nothing_else() -> None:
    one = Explained("^score", "why", "test", was="old words", now="new words")
    two = Explained("score", "why", "test", was="<b>", now="<i>")
    before = ran(stdout=b"old words", x=archive(part="<b>old words", other="o"))
    after = ran(stdout=b"new words", x=archive(part="<i>new words", other="o"))
    assert explanations(LINE, before, after, [one, two]) == [one, two]
    assert explanations(LINE, before, after, [one]) == []
    assert explanations(Line("rank score", []), before, after, [one, two]) == []
    for other in (
        after._replace(codes=[1]),
        ran(stdout=b"new words", x=archive(part="<i>new words", other="O")),
        ran(stdout=b"new words!", x=archive(part="<i>new words", other="o")),
        Ran([0], after.parts | {"y": b""}),
    ):
        assert explanations(LINE, before, other, [one, two]) == []


def test_an_explanation_without_its_test_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    real = "tests/unit/test_samebytes.py::test_what_differs_is_shown"
    for test, faults in ((real, 0), (real + "_", 1), ("tests/none.py::test_x", 1)):
        told = Told([Explained("^score", "why", test, apart="words?")])
        told.take(LINE, ran(stdout=b"a word"), ran(stdout=b"a "))
        told.end(ROOT, whole=True)
        assert len(told.faults) == faults
    assert "explained 1: ^score: why" in capsys.readouterr().out


PROGRAM = """
import os, pathlib, sys
print(*sys.argv[1:], os.getcwd())
if sys.argv[1] == "write":
    pathlib.Path("a").mkdir()
    pathlib.Path("a/x.txt").write_text("bold")
sys.exit(3)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project of few files, whose program says what it is told."""
    for path, text in {
        "old/README.md": "",
        "old/docs/problems.md": "## a-problem",
        "old/examples/x.csv": "",
        "old/indicators.yaml": "",
        "old/instruments/x.yaml": "",
        "old/spbe_cli/__init__.py": "",
        "old/spbe_cli/__main__.py": PROGRAM,
        "old/tests/broken/expected.yaml": "requests: {say broken: []}",
        "old/tests/broken/recipes.py": "RECIPES = {}",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path / "old"


def test_what_two_checkouts_write_is_compared(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = checkout.with_name("new")
    shutil.copytree(checkout, new)
    (new / "spbe_cli" / "__main__.py").write_text(PROGRAM.replace("bold", "light"))
    touch = """python 'print("x", file=open("README.md", "a"))'"""
    plan = {
        "names": {"X": "{one,two}"},
        "files": {},
        "broken": {"requests": "CASE"},
        "lines": ["{say,write} @X", touch, "not asked for"],
        "explained": [],
        "unreached": [],
    }
    (new / "samebytes.yaml").write_text(yaml.safe_dump(plan))
    monkeypatch.setattr(samebytes, "HERE", new)
    known = ["--known", str(new / "known.json")]
    assert samebytes.main([str(checkout), str(new), "say", *known]) == 0
    assert "3 lines, 0 differ, 0 other faults" in capsys.readouterr().out
    assert samebytes.main([str(checkout), str(new), "say", "write", "python", *known]) == 1
    said = capsys.readouterr().out
    assert "DIFFERS write one\n  a/x.txt 644: differs\n    -bold\n    +light\n" in said
    assert "an input was changed\n6 lines, 2 differ, 1 other faults" in said
