"""The table of formats: every writer is there, and every extra is one that can be installed."""

import tomllib
from pathlib import Path

import pytest

from spbe_cli.formats.endings import Format

FORMATS = [each for kind in Format.__subclasses__() for each in kind]
PROJECT = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize("format_", FORMATS, ids=repr)
def test_a_format_has_what_its_entry_names(format_: Format) -> None:
    assert callable(format_.writer())
    assert all(format_.of(f"nilai-2023{ending.upper()}") is format_ for ending in format_.endings)
    extra = format_.how.extra
    if extra is not None:
        assert extra.is_there
        assert extra.name in PROJECT["optional-dependencies"]


def test_an_ending_tells_one_format_of_a_kind() -> None:
    for kind in Format.__subclasses__():
        endings = [ending for each in kind for ending in each.endings]
        assert len(set(endings)) == len(endings)
        assert kind.of("nilai") is kind.of("nilai.") is kind.of("nilai.exe") is None


def test_the_extra_all_is_every_extra_that_users_have() -> None:
    extras = PROJECT["optional-dependencies"]
    (named,) = extras["all"]
    found = named.removeprefix("spbe-cli[").removesuffix("]").split(",")
    assert sorted(found) == sorted(extras.keys() - {"all", "binary", "dev"})


def test_the_program_has_the_name_of_the_package_too() -> None:
    scripts = PROJECT["scripts"]
    assert scripts[PROJECT["name"]] == scripts["spbe"]
