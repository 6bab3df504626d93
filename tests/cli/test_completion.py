"""Shells complete commands, options and values, as whoever types sees it."""

import fcntl
import os
import pty
import select
import shutil
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from conftest import Spbe

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source {script}"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -u; source {script}"),
    "fish": (["fish", "-i"], "source {script}"),
}
TYPED = [  # what is typed before the tab key, and what stands there after it
    ("spbe sco", "spbe score"),
    ("spbe score --min-pred", "--min-predicate"),
    ("spbe score --stage fin", "--stage final"),
    ("spbe score --instrument spbe-201", "--instrument spbe-2018"),
    ("spbe score --min-predicate Memu", "--min-predicate Memuaskan"),
    ("spbe score --min-predicate Sang", "--min-predicate Sangat-Baik"),
    ("spbe explain level-off-sc", "explain level-off-scale"),
    ("spbe instrument sho", "spbe instrument show"),
    ("spbe check nilai-ka", "check nilai-kami.yaml"),
]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_under_a_terminal(shell: str, tmp_path: Path, spbe: Spbe) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "completion"
    script.write_text(spbe("completion", shell).out)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "spbe"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m spbe_cli "$@"\n')
    program.chmod(0o755)
    (tmp_path / "nilai-kami.yaml").touch()
    environment = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TERM": "dumb" if shell != "fish" else "xterm",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "LC_ALL": "C.UTF-8",
    }
    arguments, source = SHELLS[shell]
    terminal = Terminal(arguments, environment, tmp_path)
    try:
        terminal.type(source.format(script=script) + "\n")
        terminal.type("echo rea''dy\n")
        terminal.wait_for("ready")
        for typed, completed in TYPED:
            if shell == "fish":  # it moves its cursor about: it is asked what it would offer
                terminal.type(f"complete -C '{typed}'\n")
                terminal.wait_for(completed.split()[-1])
                continue
            terminal.type(typed + "\t")
            terminal.wait_for(completed)
            terminal.type("\x15")  # the line is emptied
    finally:
        terminal.end()


class Terminal:
    """A shell under a pseudo-terminal, and what it has shown since a text was waited for."""

    def __init__(self, arguments: list[str], environment: dict[str, str], folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        self._shown = ""
        self._process = subprocess.Popen(
            arguments,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            cwd=folder,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  (fish asks)
        )
        os.close(theirs)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def wait_for(self, text: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while text not in self._shown:
            ready, _, _ = select.select([self._ours], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise AssertionError(f"{text!r} was not shown, but {self._shown[-400:]!r}")
            self._shown += os.read(self._ours, 4096).decode("utf-8", "replace")
        self._shown = self._shown.partition(text)[2]

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("spbe plan x --lock A1", ["A1"]),
        ("spbe plan x --instrument spbe-2018 --lock 35", ["35.1", "35.2", "35.3"]),
        ("spbe score --min D", ["D1=", "D2=", "D3=", "D4="]),
        ("spbe score --min-predicate s", ["Sangat-Baik"]),
        ("spbe schema spbe-sc", ["spbe-score/1"]),
        ("spbe instrument diff spbe-2018 pem", ["pemdi-2026"]),
        ("spbe levers --lang ", ["id", "en"]),
        ("spbe explain memu", ["Memuaskan"]),
    ],
)
def test_values_are_those_of_the_instrument(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    values: list[str],
) -> None:
    from spbe_cli.cli.run import run

    monkeypatch.setenv("_SPBE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    with pytest.raises(SystemExit):
        run([])
    assert capsys.readouterr().out.splitlines() == values


@pytest.mark.parametrize(("given", "near"), [("tcsh", ""), ("BASH", 'did you mean "bash"?')])
def test_a_shell_that_is_none_is_named(spbe: Spbe, given: str, near: str) -> None:
    ran = spbe("completion", given)
    assert ran.code == 2
    assert f'SHELL cannot be "{given}"' in ran.err
    assert near in ran.err
    assert "SHELL  The shell that completes" in spbe("completion", "--help").out
