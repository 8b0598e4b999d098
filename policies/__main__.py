"""The pack as the engine starts it: by this directory's path, so that the checkout has to be put on the path of imports."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from pulumi_policy import PolicyPack  # noqa: E402

from policies.pack import POLICIES  # noqa: E402

# It serves until the engine ends it, and never returns.
PolicyPack("ml-platform", POLICIES)
