"""The collector of problems: each once, in order, and counted beyond the most that are kept."""

from spbe_cli.core.problem import Place, Problem, Problems, Severity

HERE = Place("nilai.yaml", 3, 1)


def test_what_says_the_same_is_kept_once() -> None:
    problems = Problems([Problem("a", HERE, {"found": "1"}), Problem("b")])
    problems.add([Problem("b"), Problem("a", HERE, {"found": "1"}), Problem("c")])
    assert [problem.code for problem in problems] == ["a", "b", "c"]
    assert len(problems) == 3


def test_what_says_something_else_is_kept_too() -> None:
    different = [
        Problem("a", HERE, {"found": "1"}),
        Problem("a", HERE, {"found": "2"}),
        Problem("a", Place("nilai.yaml", 4, 1), {"found": "1"}),
        Problem("a", HERE, {"found": "1"}, Severity.NOTICE),
        Problem("b", HERE, {"found": "1"}),
    ]
    assert list(Problems(different)) == different


def test_beyond_the_most_only_new_ones_are_counted() -> None:
    problems = Problems(most=2)
    problems.add(map(Problem, "abca"))
    assert (list(problems), problems.more) == ([Problem("a"), Problem("b")], 1)
