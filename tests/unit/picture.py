"""`python -m tests.unit.picture`: draws the README's picture again, from what the program registers for the development stack."""

from pathlib import Path
from typing import Any

from scripts.mermaid import flowchart
from tests.unit.registrations import Recorded, Registration, record

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- written by `make generate` -->\n", "<!-- end -->\n"


def drawn(recorded: Recorded) -> str:
    """The picture as the README has it."""
    return f"```mermaid\n{flowchart(in_state(each) for each in recorded.registrations)}```\n"


def in_state(registration: Registration) -> dict[str, Any]:
    """A registration as a state has it."""
    return {
        "urn": registration.urn,
        "type": registration.type,
        "parent": registration.parent,
        "inputs": dict(registration.inputs),
        "propertyDependencies": {name: sorted(urns) for name, urns in registration.property_dependencies.items()},
    }


def parts(text: str) -> tuple[str, str, str]:
    """What stands before the picture, the picture, and what stands after it."""
    before, begin, rest = text.partition(BEGIN)
    picture, end, after = rest.partition(END)
    assert begin, f"{README.name} has no line {BEGIN!r}: the picture stands between it and {END!r}"
    assert end, f"{README.name} has no line {END!r} after the picture: put it back"
    return before + begin, picture, end + after


def main() -> None:
    from tests.unit.conftest import platform
    from tiers.assembly import assemble

    before, _, after = parts(README.read_text(encoding="utf-8"))
    picture = drawn(record(lambda: assemble(platform("dev"))))
    README.write_text(before + picture + after, encoding="utf-8")
    print(f"wrote the picture in {README.name}")


if __name__ == "__main__":
    main()
