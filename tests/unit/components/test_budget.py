import pytest

from components.budget import Budget, BudgetArgs
from tests.unit.registrations import ACCOUNT, Recorded, record

TOPIC = "arn:aws:sns:eu-west-1:111111111111:dev-alarms"
BUDGET = "aws:budgets/budget:Budget"


def budget(*emails: str) -> Recorded:
    args = BudgetArgs(
        account=ACCOUNT, budget="dev-monthly", usd_per_month=1500, tag=("deployment", "ml-platform/dev"), topic_arn=TOPIC, emails=emails
    )
    return record(lambda: Budget("monthly", args))


def test_the_limit_is_of_a_month_in_dollars() -> None:
    inputs = budget().one(BUDGET).inputs
    assert (inputs["limitAmount"], inputs["limitUnit"], inputs["timeUnit"], inputs["budgetType"]) == ("1500", "USD", "MONTHLY", "COST")


def test_only_what_carries_the_tag_is_counted() -> None:
    assert budget().one(BUDGET).inputs["costFilters"] == [{"name": "TagKeyValue", "values": ["user:deployment$ml-platform/dev"]}]


@pytest.mark.parametrize("alert", [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)])
def test_it_tells_before_and_when_it_is_spent_and_when_it_will_be(alert: tuple[str, int]) -> None:
    alerts = {(each["notificationType"], each["threshold"]): each for each in budget("a@example.com").one(BUDGET).inputs["notifications"]}
    assert len(alerts) == 3
    assert alerts[alert]["subscriberSnsTopicArns"] == [TOPIC]
    assert alerts[alert]["subscriberEmailAddresses"] == ["a@example.com"]
    assert (alerts[alert]["thresholdType"], alerts[alert]["comparisonOperator"]) == ("PERCENTAGE", "GREATER_THAN")


def test_without_addresses_the_topic_alone_is_told() -> None:
    assert all("subscriberEmailAddresses" not in each for each in budget().one(BUDGET).inputs["notifications"])
