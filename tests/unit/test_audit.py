"""What an audit says of a table: what cannot be, what was judged, and what was not."""

import json
from pathlib import Path

import pytest
from conftest import Spbe

from spbe_cli.core.audit import MOST_UNITS

FINE = """id: fine
title: Fine
scale: {{lowest: 1, highest: 5, step: 0.01}}
predicates: [{{name: B, from: 2}}, {{name: C}}]
groups:
  - {{code: G1, name: a, weight: 50, indicators: [{{code: "1", name: x, weight: 50}}]}}
  - {{code: G2, name: b, weight: 50, indicators: [{{code: "2", name: x, weight: {weight}}},
     {{code: "3", name: y, weight: {rest}}}]}}
"""


def write(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("extra", ["", ",x", ",0"])
def test_what_was_judged_and_what_was_not_is_said(spbe: Spbe, tmp_path: Path, extra: str) -> None:
    head = "Instansi,Tahun,D1,Indeks" + (",Lain-lain" if extra else "")
    table = write(tmp_path / "a.csv", f"{head}\nA,2023,3.40,3.01{extra}\nB,2023,,2.50{extra}\n")
    done = spbe("audit", table)
    assert done.code == 0
    lines = " ".join(done.out.split())
    assert "Judged, with the number of rows: D1 1, Indeks SPBE 2" in lines
    assert "Not judged, as no row has a published value: A1, D2, A2, A3, A4, D3" in lines
    document = json.loads(spbe("audit", table, "--format", "json").out)
    judged = {each["node"]: each["rows"] for each in document["coverage"]}
    assert {node: rows for node, rows in judged.items() if rows} == {"D1": 1, "index": 2}
    assert [row["judged"] for row in document["results"]] == [["D1", "index"], ["index"]]


def test_nothing_published_is_no_passed_audit(spbe: Spbe, tmp_path: Path) -> None:
    sheet = "Instansi,Tahun,Indikator,Nilai\n" + "".join(f"A,2023,{n},3\n" for n in range(1, 48))
    done = spbe("audit", write(tmp_path / "a.csv", sheet))
    assert (done.code, done.out) == (3, "")
    assert "[nothing-published]" in done.err


@pytest.mark.parametrize("language", ["en", "id"])
def test_an_instrument_may_be_too_fine_for_sets(spbe: Spbe, tmp_path: Path, language: str) -> None:
    fine = write(tmp_path / "fine.yaml", FINE.format(weight="12.34567", rest="37.65433"))
    table = write(tmp_path / "a.csv", "Instansi,Indeks\nA,3.01\n")
    done = spbe("audit", table, "--instrument", fine, "--lang", language)
    assert (done.code, done.out) == (3, "")
    assert "[audit-too-fine]" in done.err
    assert str(MOST_UNITS) in done.err
    coarse = write(tmp_path / "coarse.yaml", FINE.format(weight="12.345", rest="37.655"))
    assert spbe("audit", table, "--instrument", coarse).code == 0
