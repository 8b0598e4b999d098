"""One environment of the ML platform, or one tenant of it: its settings in, its resources registered, its contract out."""

import gc

# A program that only builds up: with collection on, importing the SDKs and registering take twice as long (`make bench`).
gc.disable()

import pulumi  # noqa: E402

from stacks.settings import load  # noqa: E402
from tiers.assembly import assemble  # noqa: E402

for name, section in assemble(load()).items():
    pulumi.export(name, section)
