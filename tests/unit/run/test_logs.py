"""Logs are kept whole; the person sees the warnings."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from assistant.run.logs import (
    LARGEST_LOG,
    LINES_AT_ONCE,
    WarningReader,
    last_lines,
    set_aside_when_large,
)

LINES = st.lists(
    st.sampled_from(["INFO started", "WARNING full", "2026 ERROR é", "\x1b[33mwarning\x1b[0m", ""])
)


@given(lines=LINES, cuts=st.lists(st.integers(min_value=0, max_value=300)))
def test_no_warning_is_lost_or_told_twice_however_the_log_grows(
    lines: list[str], cuts: list[int]
) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()
    shown: list[str] = []
    with TemporaryDirectory() as folder:
        log = Path(folder) / "service.log"
        reader = WarningReader(log)
        position = 0
        for cut in [*sorted(cuts), len(content)]:
            with log.open("ab") as file:
                file.write(content[position : max(cut, position)])
            position = max(cut, position)
            shown += reader.read()
    expected = sum(line != "" and "INFO" not in line for line in lines)
    whole = [line for line in shown if not line.startswith("…")]
    left_out = sum(int(line.split()[2]) for line in shown if line.startswith("…"))
    assert len(whole) + left_out == expected
    assert not any("\x1b" in line for line in shown)


def test_a_flood_is_cut_short(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    reader = WarningReader(log)
    log.write_text("ERROR again\n" * 100, encoding="utf-8")
    assert len(reader.read()) == LINES_AT_ONCE + 1


def test_what_was_there_before_is_not_told_again(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    log.write_text("ERROR of yesterday\n", encoding="utf-8")
    assert WarningReader(log).read() == []


def test_a_large_log_is_set_aside_and_a_small_one_goes_on(tmp_path: Path) -> None:
    large, small = tmp_path / "large.log", tmp_path / "small.log"
    large.write_bytes(b"x" * (LARGEST_LOG + 1))
    small.write_bytes(b"x")
    set_aside_when_large(large)
    set_aside_when_large(small)
    assert not large.exists()
    assert (tmp_path / "large.1.log").exists()
    assert small.exists()


def test_the_end_of_a_log_is_readable_whatever_its_bytes(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    assert last_lines(log, 3) == []
    log.write_bytes(b"one\n\xff\xfe\n\x1b[31mthree\x1b[0m\n")
    assert last_lines(log, 1) == ["three"]
    assert len(last_lines(log, 9)) == 3
