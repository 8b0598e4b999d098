"""The image that the databases Job runs in: which files it is built from, and how it is tagged."""

import hashlib
from pathlib import Path

IMAGE = "database-admin"

DIRECTORY = Path(__file__).parents[1] / "examples" / IMAGE

CA_BUNDLE = "/etc/ssl/rds/global-bundle.pem"
"""Where the image has the certificates of RDS's authorities: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html."""

_BUILT_FROM = ("Dockerfile", "requirements.txt")


def script() -> str:
    """What the Job runs. It is not in the image, so that the image changes with its packages only."""
    return (DIRECTORY / "run.py").read_text(encoding="utf-8")


def tag(directory: Path = DIRECTORY) -> str:
    """The tag of the image built from these files: others have another, and tags are never moved."""
    digest = hashlib.sha256()
    for name in _BUILT_FROM:
        digest.update(f"{name}\n".encode())
        digest.update((directory / name).read_bytes())
    return digest.hexdigest()[:16]


def uri(account: str, region: str, repository: str, tag: str) -> str:
    """https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""
    return f"{account}.dkr.ecr.{region}.amazonaws.com/{repository}:{tag}"
