"""How long the images of a repository are kept."""

import json

UNTAGGED_DAYS = 7
NEWEST = 200
"""Images that stay in a repository: more than anybody rolls back, so that none that runs is among those that go."""


def lifecycle() -> str:
    """A lifecycle policy for ECR: untagged images expire after a week, and of all only the newest stay.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
    """
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": UNTAGGED_DAYS}
    older = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": NEWEST}
    rules = [
        {"rulePriority": 1, "description": f"untagged: {UNTAGGED_DAYS} days", "selection": untagged, "action": {"type": "expire"}},
        {"rulePriority": 2, "description": f"the newest {NEWEST} stay", "selection": older, "action": {"type": "expire"}},
    ]
    return json.dumps({"rules": rules})
