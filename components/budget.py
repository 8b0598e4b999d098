"""What may be spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

# (of what was, or at this pace will be spent by the end of the month; percent of the limit)
ALERTS: tuple[tuple[Literal["ACTUAL", "FORECASTED"], int], ...] = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    account: str
    budget: str
    usd_per_month: int
    tag: tuple[str, str]
    """Name and value of the tag on what is counted. Billing knows it once it is activated there as a cost allocation tag:
    https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html."""
    topic_arn: pulumi.Input[str]
    """Budgets must be allowed to publish to it before."""
    emails: Sequence[str]


class Budget(pulumi.ComponentResource):
    """A monthly budget of what carries a tag, which tells the topic and the e-mail addresses when it is nearly, or will be, spent."""

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Budget", name, None, opts)
        tag, value = args.tag
        aws.budgets.Budget(
            name,
            account_id=args.account,
            name=args.budget,
            budget_type="COST",
            limit_amount=str(args.usd_per_month),
            limit_unit="USD",
            time_unit="MONTHLY",
            # https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
            cost_filters=[aws.budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[f"user:{tag}${value}"])],
            notifications=[
                aws.budgets.BudgetNotificationArgs(
                    comparison_operator="GREATER_THAN",
                    notification_type=of,
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                    subscriber_sns_topic_arns=[args.topic_arn],
                    subscriber_email_addresses=list(args.emails) or None,
                )
                for of, percent in ALERTS
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
