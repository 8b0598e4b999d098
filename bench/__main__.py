"""`python -m bench`: takes every figure, or those named with `--only`, and prints them beside what they are compared to."""

import argparse
import sys

from bench.figures import available
from bench.measure import PAIRS, BenchFailed, Figure, say
from localcloud.processes import ProcessFailed
from localcloud.stack_file import StackFileError
from localcloud.toolchain import ToolMissing

_HEADINGS = ("figure", "median", "compared to", "median", "ratio", "floor", "goal", "")


def main() -> int:
    """0: every floor holds; 1: one does not, or something could not be measured."""
    known = available()
    parser = argparse.ArgumentParser(prog="bench", description=f"{__doc__} Medians of {PAIRS} alternating pairs.")
    parser.add_argument("--only", action="append", choices=sorted(known), metavar="NAME", help=f"one of {', '.join(known)}; repeatable")
    wanted: list[str] = parser.parse_args().only or list(known)
    figures: list[Figure] = []
    failed: list[str] = []
    for name in wanted:
        say(f"{name}:")
        try:
            figures.append(known[name]())
            # Whoever stops it before the table has what was taken so far.
            say(f"  {'  '.join(_row(figures[-1])).rstrip()}")
        except (BenchFailed, ProcessFailed, StackFileError, ToolMissing) as problem:
            failed.append(f"{name} could not be measured: {problem}")
    _show([_HEADINGS, *(_row(figure) for figure in figures)])
    for problem in failed:
        print(f"\n{problem}", file=sys.stderr)
    return 1 if failed or any(figure.floor and figure.judged > figure.floor for figure in figures) else 0


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = ""
    if figure.floor and figure.goal:
        verdict = "goal met" if figure.judged <= figure.goal else "floor holds" if figure.judged <= figure.floor else "FLOOR BROKEN"
    median, other = (f"{value:.2f} {figure.unit}" for value in (figure.median, figure.other_median))
    unit = f" {figure.unit}" if figure.absolute else ""
    bounds = [f"{bound:g}{unit}" if bound else "–" for bound in (figure.floor, figure.goal)]
    return (figure.measured, median, figure.compared_to, other, f"{figure.ratio:.2f}", *bounds, verdict)


def _show(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
