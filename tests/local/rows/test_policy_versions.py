"""The versions of an IAM policy, live: they do not run out."""

from __future__ import annotations

from typing import Any

from tests.local.probe import Probe

_POLICY = "aws:iam/policy:Policy"


def _document(number: int) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": f"s3:Get{number}", "Resource": "*"}]}


def test_policy_can_be_changed_any_number_of_times_and_keeps_the_newest(account: Probe) -> None:
    made = account.create(_POLICY, {"name": "sample", "policy": _document(0)})
    for number in range(1, 12):
        made = account.update(made, made.inputs | account.inputs(_POLICY, {"policy": _document(number)}))
    versions = account.clients.call("iam", "list_policy_versions", {"PolicyArn": made.id})["Versions"]
    assert {each["VersionId"]: each["IsDefaultVersion"] for each in versions} == {
        **dict.fromkeys(("v8", "v9", "v10", "v11"), False),
        "v12": True,
    }
    assert "s3:Get11" in made.state["policy"]
