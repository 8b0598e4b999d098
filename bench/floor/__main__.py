"""The least that a program with so many registrations can cost: flat, of one trivial type, with no SDK but Pulumi's own."""

import os

import pulumi

_AS_OTHERS = {"name": "thing", "tags": {"environment": "bench", "owner": "team"}, "enabled": True, "size": 20}

for number in range(int(os.environ["BENCH_REGISTRATIONS"])):
    pulumi.CustomResource("echo:index:Thing", f"thing-{number}", dict(_AS_OTHERS), pulumi.ResourceOptions(version="1.0.0"))
