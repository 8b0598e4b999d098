"""The least that a program with so many registrations can cost: flat, of one trivial type, with no SDK but Pulumi's own.

BENCH_IMPORTS names packages that are imported besides, and not used.
"""

import gc
import importlib
import os

import pulumi

if wanted := os.environ.get("BENCH_IMPORTS", ""):
    gc.disable()  # as the platform does
    for package in wanted.split():
        # Asked for a name, because the SDK loads a package when something in it is first used.
        getattr(importlib.import_module(package), "__all__", None)

_AS_OTHERS = {"name": "thing", "tags": {"environment": "bench", "owner": "team"}, "enabled": True, "size": 20}

for number in range(int(os.environ["BENCH_REGISTRATIONS"])):
    pulumi.CustomResource("echo:index:Thing", f"thing-{number}", dict(_AS_OTHERS), pulumi.ResourceOptions(version="1.0.0"))
