import pytest

from components.flow_log import FlowLog, FlowLogArgs
from tests.unit.registrations import Registration, record


@pytest.fixture(scope="module")
def flow_log() -> Registration:
    args = FlowLogArgs(name="dev-flows", vpc_id="vpc-1", bucket_arn="arn:aws:s3:::audit")
    return record(lambda: FlowLog("main", args)).one("aws:ec2/flowLog:FlowLog")


def test_it_records_what_is_let_through_and_what_is_not(flow_log: Registration) -> None:
    assert flow_log.inputs["trafficType"] == "ALL"


def test_it_is_about_the_vpc_and_nothing_narrower(flow_log: Registration) -> None:
    assert flow_log.inputs["vpcId"] == "vpc-1"
    assert not {"subnetId", "eniId"} & set(flow_log.inputs)


def test_it_goes_to_the_bucket(flow_log: Registration) -> None:
    assert (flow_log.inputs["logDestinationType"], flow_log.inputs["logDestination"]) == ("s3", "arn:aws:s3:::audit")
