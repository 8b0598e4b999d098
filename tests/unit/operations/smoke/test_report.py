"""How results are told."""

import json

from operations.smoke import report
from operations.smoke.check import Check, Result, Verdict


def result(name: str, verdict: Verdict, seen: str) -> Result:
    check = Check(name=name, expected="TLS", remedy="run `pulumi up`", waits_for="S3", look=lambda: "")
    return Result(check=check, verdict=verdict, seen=seen, seconds=1.23456)


RESULTS = [result("key", "passed", "Enabled"), result("bucket", "failed", "plaintext"), result("alarms", "not checked", "there are none")]


def test_a_row_for_each_and_below_a_failure_what_is_expected_and_what_to_do() -> None:
    assert report.as_text("dev", RESULTS).splitlines() == [
        "verdict      check   seen",
        "passed       key     Enabled",
        "failed       bucket  plaintext",
        "             expected: TLS",
        "             remedy: run `pulumi up`",
        "not checked  alarms  there are none",
        "",
        "dev: 1 passed, 1 failed, 1 not checked (there are none).",
    ]


def test_what_is_not_checked_is_counted_with_each_reason_once() -> None:
    twice = [*RESULTS, result("pool", "not checked", "--without nodes"), result("gpu", "not checked", "--without nodes")]
    assert report.summary("dev", twice) == "dev: 1 passed, 1 failed, 3 not checked (there are none; --without nodes)."


def test_a_program_reads_the_same_with_what_is_expected_of_all() -> None:
    document = json.loads(json.dumps(report.as_document("dev", RESULTS)))
    assert document["summary"] == report.summary("dev", RESULTS)
    assert document["checks"][1] == {
        "check": "bucket",
        "verdict": "failed",
        "seen": "plaintext",
        "expected": "TLS",
        "remedy": "run `pulumi up`",
        "excused": False,
        "seconds": 1.235,
    }
