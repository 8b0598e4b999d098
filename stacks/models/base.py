"""What every model of a stack file has in common."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Closed and frozen: an unknown key, a wrong type or a missing value is refused, never guessed. Docstrings of the fields are
    what editors and stacks/README.md show; a unit is the last part of a field's name."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True)
class NotBuilt:
    """Marks a setting that is checked although nothing is built from it yet: whoever sets it is warned."""


NOT_BUILT = NotBuilt()
