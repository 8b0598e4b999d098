"""One environment of the ML platform: its settings in, its resources registered, its contract out."""

import pulumi

from stacks.settings import load
from tiers.assembly import assemble

for name, section in assemble(load()).items():
    pulumi.export(name, section)
