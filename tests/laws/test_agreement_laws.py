"""Every number in every sentence of every command, recomputed: no two of them disagree.

Sheets lie on, just below and just above a threshold, of instruments on either basis. The
numbers are computed here anew, from levels and weights alone. There are 200
of them with WHOLE_SUITE, or as many as SPBE_SHEETS says.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import Spbe
from support.agreement import KINDS, SHEETS, Answers, Sheet, hold_bases, hold_nothing_else, made
from support.said import Text, is_enough, is_half_up, is_spared, number

from spbe_cli.core.instrument import Basis


def drawn() -> Iterator[tuple[tuple[str, int], int]]:
    for seed in range(SHEETS):
        yield KINDS[seed % len(KINDS)], seed


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("kind", "seed"), list(drawn()))
def test_no_two_numbers_disagree(
    spbe: Spbe, tmp_path: Path, kind: tuple[str, int], seed: int, language: str
) -> None:
    before, sheet = made(kind, seed + 10_000, tmp_path), made(kind, seed, tmp_path)
    answers = Answers(spbe, sheet, language)
    hold_score(answers, sheet)
    hold_gates(answers, sheet)
    hold_levers(answers, sheet)
    hold_plan(answers, sheet)
    hold_whatif(answers, sheet)
    hold_compare(answers, before, sheet)
    hold_outlook(answers, sheet)
    hold_report(answers, before, sheet)


def hold_deciders(listed: str, sheet: Sheet, least: Fraction, *, wins: bool) -> None:
    """Those who alone reach an index, or alone fall below it: just that, by their own weight."""
    whole = Fraction(sum(each.weight for each in sheet.instrument.indicators))
    by_code = sheet.instrument.indicator_by_code
    for code, before, after in re.findall(r"(\S+) \((?:dari )?(\S+) (?:to|ke) (\S+)\)", listed):
        assert number(before) == sheet.levels[code]
        change = (number(after) - number(before)) * by_code[code].weight / whole
        assert (sheet.index + change >= least) == wins


def hold_next(text: Text, sheet: Sheet) -> None:
    """The way to the next predicate, wherever it is said."""
    if sheet.need is None:
        found = text.one("{predicate} is the highest predicate")
        assert found["predicate"].endswith(sheet.predicate)
        return
    above = sheet.instrument.predicates[sheet.place - 1]
    found = text.one("{points} points to {predicate} ({least})")
    assert found["predicate"] == above.name
    assert is_enough(found["points"], sheet.need)
    hold_least(found["least"], sheet, above.threshold)


def hold_least(text: str, sheet: Sheet, threshold: Fraction | None) -> None:
    """The least index of a predicate: `2.60`, or `2.595, shown as 2.60`."""
    exact, *shown = text.replace(" ditampilkan ", " shown as ").split(", shown as ")
    assert number(exact) == sheet.least(threshold)
    assert bool(shown) == (sheet.basis is Basis.ROUNDED and threshold is not None)
    assert all(is_half_up(each, sheet.least(threshold)) for each in shown)


def hold_score(answers: Answers, sheet: Sheet) -> None:
    text = answers.text("score", sheet.path, "--detail", "indicator")
    hold_next(text, sheet)
    hold_bases(text, sheet)
    whole = Fraction(sum(each.weight for each in sheet.instrument.indicators))
    points: dict[str, Fraction] = {}
    for group, _, below in sheet.instrument.nodes:
        (cells,) = text.rows(group.code)
        assert is_half_up(cells[3], sheet.mean(below))
        points[group.code] = number(cells[4])
        exact = sheet.mean(below) * group.weight / whole
        assert abs(points[group.code] - exact) < Fraction(1, 100)
        for each in group.indicators:
            (row,) = [c for c in text.rows(each.code) if len(c) > 4]
            points[f"indicator {each.code}"] = number(row[4])
            assert abs(number(row[4]) - sheet.levels[each.code] * each.weight / whole) <= Fraction(
                1, 10 ** len(row[4].replace(",", ".").partition(".")[2])
            )
    for group, _, _ in sheet.instrument.nodes:
        inner = [points[each.code] for each in group.groups]
        own = [points[f"indicator {each.code}"] for each in group.indicators]
        assert points[group.code] == sum([*inner, *own])
    (total,) = text.rows(sheet.instrument.index_name)
    assert is_half_up(total[2], sheet.index)
    assert is_half_up(total[3], sheet.index)
    assert number(total[3]) == sum(points[group.code] for group in sheet.instrument.groups)
    assert total[4] == sheet.predicate
    hold_nothing_else(text)


def hold_gates(answers: Answers, sheet: Sheet) -> None:
    node, _, below = sheet.instrument.nodes[0]
    top = sheet.instrument.predicates[0]
    for more in ("0.0001", "0.37"):
        gate = sheet.index + Fraction(more)
        given = f"{float(gate):.7f}".rstrip("0")
        wanted = Fraction(given)
        if not sheet.index < wanted <= sheet.instrument.scale.highest:
            continue
        text = answers.text("score", sheet.path, "--min-index", given)
        found = text.one(
            "gate not met: {what}: expected at least {expected}, found {found}, short by {short_by}"
        )
        assert number(found["expected"]) == wanted
        assert is_half_up(found["found"], sheet.index)
        assert number(found["found"]) != wanted
        assert is_enough(found["short_by"], wanted - sheet.index)
        hold_next(text, sheet)
        hold_bases(text, sheet)
        hold_nothing_else(text)
    highest = sheet.instrument.scale.highest
    if sheet.mean(below) < highest:
        text = answers.text("score", sheet.path, "--min", f"{node.code}={highest}")
        found = text.one(
            "gate not met: {what}: expected at least {expected}, found {found}, short by {short_by}"
        )
        assert is_half_up(found["found"], sheet.mean(below))
        assert is_enough(found["short_by"], highest - sheet.mean(below))
    if sheet.need is not None:
        text = answers.text("score", sheet.path, "--min-predicate", top.name)
        found = text.one(
            "gate not met: {what}: expected at least {expected} ({least}), found {found} "
            "({index}), short by {short_by} points"
        )
        hold_least(found["least"], sheet, top.threshold)
        assert is_half_up(found["index"], sheet.index)
        assert found["found"] == sheet.predicate
        assert is_enough(found["short_by"], sheet.least(top.threshold) - sheet.index)


def one_of(text: Text, begun: str) -> dict[str, str]:
    """Return the values of the one line that names the deciders, or says that there are none."""
    none = [{**found, "indicators": ""} for found in text.find(f"{begun}none")]
    return none[0] if none else text.one(begun + "{indicators}")


def hold_levers(answers: Answers, sheet: Sheet) -> None:
    text = answers.text("levers", sheet.path)
    found = text.one("Index {index}, {predicate}")
    assert is_half_up(found["index"], sheet.index)
    assert found["predicate"] == sheet.predicate
    hold_bases(text, sheet)
    if sheet.need is not None:
        found = one_of(text, "{predicate} takes {points} points more; alone enough: ")
        assert is_enough(found["points"], sheet.need)
        least = sheet.index + sheet.need
        hold_deciders(found["indicators"], sheet, least, wins=True)
    threshold = sheet.instrument.predicates[sheet.place].threshold
    if threshold is not None:
        found = one_of(text, "{predicate} lasts up to a loss of {points} points; alone enough: ")
        assert is_spared(found["points"], sheet.index - sheet.least(threshold))
        hold_deciders(found["indicators"], sheet, sheet.least(threshold), wins=False)
    hold_nothing_else(text)


def hold_plan(answers: Answers, sheet: Sheet) -> None:
    if sheet.need is None:
        return
    above = sheet.instrument.predicates[sheet.place - 1]
    text = answers.text("plan", sheet.path, "--brief")
    found = text.one("Target: {predicate}, index {index}")
    assert number(found["index"]) == sheet.least(above.threshold)
    document = answers.run("plan", sheet.path, "--format", "json").out
    reached = Fraction(_after(document)[0])
    found = text.one("{before} {was} becomes {after} {now}; indicators that rise: {count}")
    assert is_half_up(found["before"], sheet.index)
    assert is_half_up(found["after"], reached)
    label = "Jumlah" if answers.language == "id" else "Sum"
    (cells,) = text.rows(label)
    assert is_half_up(cells[-1], reached - sheet.index)
    assert reached - sheet.index >= sheet.need
    names = [each.name for each in sheet.instrument.indicators]
    gains = [number(c[-1]) for c in _cells(text) if len(c) >= 4 and c[1] in names]
    assert sum(gains) == number(cells[-1])
    assert len(gains) == int(found["count"])
    for proof in text.find("Proof: whatever costs less than {cost} reaches {best} at most"):
        assert number(proof["best"]) < sheet.least(above.threshold)
    reaching = [replace(sheet, levels=_raised(document, sheet))]
    assert reaching[0].index == reached
    hold_bases(text, *reaching)
    hold_nothing_else(text)


def _raised(document: str, sheet: Sheet) -> dict[str, Fraction]:
    (result,) = json.loads(document)["results"]
    return {**sheet.levels, **{s["indicator"]: Fraction(s["to"]) for s in result["steps"]}}


def _after(document: str) -> list[str]:
    return [each["after"]["index"]["exact"] for each in json.loads(document)["results"]]


def _cells(text: Text) -> Iterator[list[str]]:
    for line in text.lines:
        yield [cell.strip() for cell in line.strip("| ").split("|")]


def hold_whatif(answers: Answers, sheet: Sheet) -> None:
    first = sheet.instrument.indicators[-1].code
    level = sheet.instrument.scale.highest
    after = replace(sheet, levels={**sheet.levels, first: level})
    text = answers.text("whatif", sheet.path, "--set", f"{first}={level}")
    (total,) = text.rows(sheet.instrument.index_name)
    assert is_half_up(total[2], sheet.index)
    assert is_half_up(total[3], after.index)
    assert is_half_up(total[4], after.index - sheet.index)
    hold_next(text, after)
    hold_bases(text, sheet, after)
    hold_nothing_else(text)


def hold_compare(answers: Answers, before: Sheet, after: Sheet) -> None:
    target = after.instrument.predicates[0]
    asked = (before.path, after.path, "--target", target.name, "--detail", "indicator")
    text = answers.text("compare", *asked, "--fail-on-drop")
    delta = after.index - before.index
    (total,) = text.rows(after.instrument.index_name)
    assert is_half_up(total[1], before.index)
    assert is_half_up(total[2], after.index)
    assert is_half_up(total[3], delta)
    assert is_half_up(total[4], delta)
    points = {}
    for group, _, below in after.instrument.nodes:
        (cells,) = text.rows(group.code)
        assert is_half_up(cells[2], before.mean(below))
        assert is_half_up(cells[3], after.mean(below))
        assert is_half_up(cells[4], after.mean(below) - before.mean(below))
        points[group.code] = number(cells[5])
    assert sum(points[group.code] for group in after.instrument.groups) == number(total[4])
    hold_bases(text, before, after)
    by = after.index - after.least(target.threshold)
    hold_target(text, after, target.threshold, by)
    if delta < 0:
        found = text.one(
            "gate not met: {what}: expected a fall of at most {expected}, found {fall} "
            "({before} to {after}), {over_by} too much"
        )
        assert number(found["expected"]) == 0
        assert is_half_up(found["fall"], -delta)
        assert is_half_up(found["before"], before.index)
        assert is_half_up(found["after"], after.index)
        assert is_enough(found["over_by"], -delta)
    hold_lists(text, before, after, answers.language)
    hold_nothing_else(text)


def hold_target(text: Text, sheet: Sheet, threshold: Fraction | None, by: Fraction) -> None:
    sentences = {
        0: "Target {target}: met exactly",
        1: "Target {target}: exceeded by {points}",
        -1: "Target {target}: missed by {points}",
    }
    found = text.one(sentences[(by > 0) - (by < 0)])
    hold_least(found["target"].rpartition(" (")[2].rstrip(")"), sheet, threshold)
    if by > 0:
        assert is_half_up(found["points"], by)
    elif by < 0:
        assert is_enough(found["points"], -by)


def hold_lists(text: Text, before: Sheet, after: Sheet, language: str) -> None:
    """What rose and what fell: how many, and the sum that the heading says."""
    for heading, sign in (("Indicators that rose", 1), ("Indicators that fell", -1)):
        moved = [
            (each.weight / sum(i.weight for i in after.instrument.indicators))
            * (after.levels[each.code] - before.levels[each.code])
            for each in after.instrument.indicators
            if (after.levels[each.code] - before.levels[each.code]) * sign > 0
        ]
        headings = {"en": heading, "id": _indonesian(heading)}
        said = [
            each
            for each in text.find("{heading}: {count}, {points} points")
            if each["heading"] == headings[language]
        ]
        assert len(said) == (1 if moved else 0)
        for each in said:
            assert int(each["count"]) == len(moved)
            assert is_half_up(each["points"], sum(moved, Fraction(0)))


def _indonesian(sentence: str) -> str:
    from support.said import _SENTENCES

    return _SENTENCES[sentence]


def hold_outlook(answers: Answers, sheet: Sheet) -> None:
    text = answers.text("outlook", sheet.path, "--agreement", "1")
    found = text.one("Claimed: index {index}, {predicate}")
    assert is_half_up(found["index"], sheet.index)
    assert found["predicate"] == sheet.predicate
    found = text.one(
        "Assumption: each level is confirmed with a probability of {share}, else it falls by one"
    )
    assert found["share"] == {"en": "100 %", "id": "100%"}[answers.language]
    found = text.one(
        "Index: mean {mean}, median {median}; at least 90 % likely between {low} and {high}"
    )
    assert all(is_half_up(found[key], sheet.index) for key in ("mean", "median", "low", "high"))
    found = text.one("Possible at all: from {low} to {high}")
    assert all(is_half_up(found[key], sheet.index) for key in ("low", "high"))
    found = text.one("Chance to keep at least {predicate}: {percent}")
    assert (found["predicate"], found["percent"]) == (
        sheet.predicate,
        {"en": "100 %", "id": "100%"}[answers.language],
    )
    chances = (
        "The exact index decides in this year; by the rounded one at least: {chances}",
        "The rounded index decides in this year; by the exact one at least: {chances}",
    )
    for sentence in chances:
        for found in text.find(sentence):
            assert found["chances"].endswith((" 0 %", " 100 %", " 0%", " 100%"))
    hold_nothing_else(text)


def hold_report(answers: Answers, before: Sheet, sheet: Sheet) -> None:
    text = answers.text("report", sheet.path, "--previous", before.path)
    hold_next(text, sheet)
    hold_bases(text, before, sheet)
    beginning = f"{sheet.instrument.index_name} "
    said = [line.removeprefix(beginning) for line in text.lines if line.startswith(beginning)]
    index, _, predicate = said[0].partition(", ")
    assert is_half_up(index, sheet.index)
    assert predicate == sheet.predicate
    found = text.one("Before: {before}; change {change}. {predicate}.")
    assert is_half_up(found["before"], before.index)
    assert is_half_up(found["change"], sheet.index - before.index)
    target = sheet.instrument.scale.target
    if target is not None:
        below = [code for code, level in sheet.levels.items() if level < target]
        found = text.one("Indicators below the target of level {target}: {count} of {of}")
        assert (int(found["count"]), int(found["of"])) == (len(below), len(sheet.levels))
    hold_parts_of_report(text, sheet)
    hold_recommendations(text, sheet)
    hold_peers(answers, sheet)


def hold_recommendations(text: Text, sheet: Sheet) -> None:
    """The levels of each recommendation and what it adds, in the order of what there is to gain."""
    whole = Fraction(sum(each.weight for each in sheet.instrument.indicators))
    seen = 0
    step = r"\((?:level|tingkat) (?:dari )?(\S+) (?:to|ke) (\S+), \+(\S+) (?:points|poin)\)"
    for each in sheet.instrument.indicators:
        heading = re.compile(f"{re.escape(f'{each.code} {each.name}')} {step}")
        for found in filter(None, map(heading.fullmatch, text.lines)):
            before, after = number(found[1]), number(found[2])
            assert before == sheet.levels[each.code] < after
            assert is_half_up(found[3], (after - before) * each.weight / whole)
            seen += 1
    below = sum(level < sheet.instrument.scale.highest for level in sheet.levels.values())
    assert seen == min(below, 5)
    more = re.findall(r"(\d+) (?:more indicators? ha|indikator lain masih)", " ".join(text.lines))
    assert more == ([str(below - seen)] if below > seen else [])


def hold_peers(answers: Answers, sheet: Sheet) -> None:
    """Place, percentile, mean and range in each group, and the means of domains and aspects."""
    chance, folder = random.Random(sheet.path), Path(sheet.path).parent
    codes, own = list(sheet.levels), folder / "sendiri.yaml"
    where = ("kota", "Jambi")
    head = f"category: {where[0]}\nprovince: {where[1]}\n"
    own.write_text(head + Path(sheet.path).read_text("utf-8"), encoding="utf-8")
    others = [
        replace(sheet, levels=dict(zip(codes, chance.sample(levels, len(levels)), strict=True)))
        for levels in [list(sheet.levels.values())] * 4
    ]
    kinds = [where, ("kota", "Bali"), ("kabupaten", "Jambi"), ("kabupaten", "Bali")]
    lines = [f"institution,category,province,year,{','.join(codes)}"]
    for at, (other, kind) in enumerate(zip(others, kinds, strict=True)):
        levels = ",".join(f"{float(other.levels[code]):g}" for code in codes)
        lines.append(f"Lain {at},{kind[0]},{kind[1]},{sheet.year},{levels}")
    table = folder / "lain.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    text = answers.text("report", str(own), "--peers", str(table))
    sayings = (
        ("Place {place} of {of}, all institutions", ("all institutions", "semua instansi"), others),
        ("Place {place} of {of}, category {name}", ("category kota", "kategori kota"), others[:2]),
        ("Place {place} of {of}, province {name}", ("province Jambi", "provinsi Jambi"),
         others[::2]),
    )  # fmt: skip
    for sentence, names, group in sayings:
        place = 1 + sum(each.index > sheet.index for each in group)
        count = len(group) + 1
        found = [(int(each["place"]), int(each["of"])) for each in text.find(sentence)]
        assert (place, count) in found  # in Indonesian one sentence is found in the others
        (cells,) = (row for name in names for row in text.rows(name))
        assert re.findall(r"\d+", cells[1]) == [str(place), str(count)]
        behind = Fraction(100 * (1 + sum(each.index <= sheet.index for each in group)), count)
        assert is_half_up(cells[2], behind)
        indices = [each.index for each in group]
        assert is_half_up(cells[3], sum(indices, Fraction(0)) / len(indices))
        low, high = cells[4].split(" - ")
        assert is_half_up(low, min(indices))
        assert is_half_up(high, max(indices))
    for node, _, _ in sheet.instrument.nodes:
        below = sheet.instrument.node_by_code[node.code]
        rows = [row[2:] for row in text.rows(node.code) if len(row) == 6]
        shown = [row for row in rows if all(re.fullmatch(r"[\d.,]+", each) for each in row)]
        values = [
            [sheet.mean(below)],
            *([each.mean(below) for each in group] for *_, group in sayings),
        ]
        means = [sum(each, Fraction(0)) / len(each) for each in values]
        assert any(all(map(is_half_up, row, means)) for row in shown), (node.code, shown)


def hold_parts_of_report(text: Text, sheet: Sheet) -> None:
    """The index of every aspect, the thresholds, and what the next level of each indicator adds."""
    for group, _, _ in sheet.instrument.nodes:
        index = sheet.mean(sheet.instrument.node_by_code[group.code])
        said = [cells for cells in text.rows(group.code) if cells[1] == group.name and cells[2:]]
        assert is_half_up(said[0][3], index)  # code, name, weight, index
        beginning = f"{group.code} {group.name} ("
        for line in text.lines:
            if line.startswith(beginning):
                assert is_half_up(line.rstrip(")").rpartition(" ")[2], index)
    found = text.one("{index} of {highest}: {predicate}. Thresholds: {thresholds}")
    assert is_half_up(found["index"], sheet.index)
    assert found["predicate"] == sheet.predicate
    whole = Fraction(sum(each.weight for each in sheet.instrument.indicators))
    for each in sheet.instrument.indicators:
        for cells in text.rows(each.code):
            rise = re.findall(r"[\d.,/]+", cells[2]) if cells[-1].startswith("+") else []
            if len(rise) == 2:  # what brings most: from, to, who does it, what it adds
                before, after = map(number, rise)
                assert before == sheet.levels[each.code]
                assert is_half_up(cells[-1], (after - before) * each.weight / whole)
                assert after > before


def test_places_and_shares_of_a_table(spbe: Spbe, tmp_path: Path) -> None:
    sheets = [made(("spbe-2020", 2024), seed, tmp_path) for seed in range(7)]
    codes = list(sheets[0].levels)
    lines = [
        f"Instansi {at},2024,{','.join(str(sheet.levels[code]) for code in codes)}"
        for at, sheet in enumerate(sheets)
    ]
    table = tmp_path / "semua.csv"
    table.write_text("\n".join([f"institution,year,{','.join(codes)}", *lines]), encoding="utf-8")
    order = sorted(sheets, key=lambda sheet: -sheet.index)
    for language in ("id", "en"):
        text = Text(spbe("rank", str(table), "--lang", language, columns=200).out, language)
        said = [
            cells
            for at in range(1, 8)
            for cells in text.rows(str(at))
            if cells[1].startswith("Instansi")
        ]
        assert len(said) == 7
        assert all(
            is_half_up(cells[2], sheet.index) and cells[3] == sheet.predicate
            for cells, sheet in zip(said, order, strict=True)
        )
        assert all(one.index >= other.index for one, other in pairwise(order))
        text = Text(spbe("profile", str(table), "--lang", language, columns=200).out, language)
        found = text.one("Index of {number} {number:institution|institutions}")
        assert found["number"] == "7"
        every = "Semua" if language == "id" else "All"
        cells = next(iter(text.rows(every)))
        mean = sum((sheet.index for sheet in sheets), Fraction(0)) / 7
        assert is_half_up(cells[2], mean)
        assert is_half_up(cells[3], order[3].index)
        assert is_half_up(cells[4], order[-1].index)
        assert is_half_up(cells[5], order[0].index)
