"""Which AWS resource types take tags, from the sources of the SDK that is installed: importing it would cost a second."""

import importlib.util
import keyword
import re
from functools import cache
from pathlib import Path


@cache
def takes_tags(type: str) -> bool | None:
    """Whether a type such as `aws:s3/bucket:Bucket` has an input `tags`; None for one that the SDK does not have."""
    module, _, file = type.split(":")[1].partition("/")
    package = module.lower() + ("_" if keyword.iskeyword(module.lower()) else "")
    source = _sdk() / package / f"{_snake(file)}.py"
    if type.startswith("aws:") and source.is_file():
        return 'pulumi.set(__self__, "tags", tags)' in source.read_text(encoding="utf-8")
    return None


@cache
def _sdk() -> Path:
    found = importlib.util.find_spec("pulumi_aws")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pulumi_aws is not installed: run `make setup`.")
    return Path(found.origin).parent


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
