"""Budgets: what may be spent, and who is told when it is."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row

_WHICH = "AccountId: accountId || account, BudgetName: name"
_BUDGET = """{BudgetName: name, BudgetType: budgetType, TimeUnit: timeUnit, CostFilters: costFilters,
    BudgetLimit: {Amount: limitAmount, Unit: limitUnit}}"""
_NOTIFICATION = """{NotificationType: notificationType, ComparisonOperator: comparisonOperator, Threshold: threshold,
    ThresholdType: thresholdType}"""
_SUBSCRIBERS = """[subscriberEmailAddresses[*].{SubscriptionType: 'EMAIL', Address: @},
    subscriberSnsTopicArns[*].{SubscriptionType: 'SNS', Address: @}][]"""

_NOTIFICATIONS = Read(
    "describe_notifications_for_budget",
    f"{{{_WHICH}}}",
    # AWS leaves the type out where it is this one.
    """Notifications[*].{NotificationType: NotificationType, ComparisonOperator: ComparisonOperator, Threshold: Threshold,
        ThresholdType: ThresholdType || 'PERCENTAGE'}""",
)

ROWS = (
    Row(
        "aws:budgets/budget:Budget",
        service="budgets",
        id="join(':', [accountId || account, name])",
        id_pattern=r"(?P<accountId>\d+):(?P<name>.+)",
        create=(
            Call(
                "create_budget",
                f"""{{AccountId: accountId || account, Budget: {_BUDGET}, ResourceTags: tagsAll,
                    NotificationsWithSubscribers: notifications[*].{{Notification: {_NOTIFICATION}, Subscribers: {_SUBSCRIBERS}}}}}""",
            ),
        ),
        read=(
            Read(
                "describe_budget",
                f"{{{_WHICH}}}",
                """Budget.{accountId: '$accountId', name: BudgetName, budgetType: BudgetType, timeUnit: TimeUnit, costFilters: CostFilters,
                    limitAmount: BudgetLimit.Amount, limitUnit: BudgetLimit.Unit}""",
            ),
            Read(
                "describe_subscribers_for_notification",
                f"{{{_WHICH}, Notification: each}}",
                """{notifications: all[*].{notificationType: each.NotificationType, comparisonOperator: each.ComparisonOperator,
                    threshold: each.Threshold, thresholdType: each.ThresholdType,
                    subscriberEmailAddresses: Subscribers[?SubscriptionType=='EMAIL'].Address,
                    subscriberSnsTopicArns: Subscribers[?SubscriptionType=='SNS'].Address}}""",
                each=_NOTIFICATIONS,
            ),
        ),
        update=(
            Call("update_budget", f"{{AccountId: accountId || account, NewBudget: {_BUDGET}}}"),
            # The list makes this a call that carries `notifications`; its second element decides.
            Call(
                "delete_notification",
                f"{{{_WHICH}, Notification: each}}",
                when="[notifications, `true`][1]",
                each=_NOTIFICATIONS,
            ),
            Call(
                "create_notification",
                f"{{{_WHICH}, Notification: each.{_NOTIFICATION}, Subscribers: each.{_SUBSCRIBERS}}}",
                when="notifications",
                each="notifications",
            ),
        ),
        delete=(Call("delete_budget", f"{{{_WHICH}}}"),),
        gone=("NotFoundException",),
        tags="budgets",
        same={"limitAmount": "number"},
        unread={"accountId": "an argument of every call; the emulator answers for the caller's account whatever it is"},
    ),
)
