import pytest

from components.priority_classes import PriorityClasses, PriorityClassesArgs
from planning.priorities import BATCH, PRIORITIES, REAL_TIME
from tests.unit.registrations import Recorded, record

CLASS = "kubernetes:scheduling.k8s.io/v1:PriorityClass"


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return record(lambda: PriorityClasses("main", PriorityClassesArgs(priorities=PRIORITIES)))


def test_real_time_work_takes_the_place_of_batch_work(recorded: Recorded) -> None:
    real_time, batch = (recorded.one(CLASS, f"main-{name}").inputs for name in (REAL_TIME, BATCH))
    assert real_time["value"] > batch["value"] > 0
    assert real_time["preemptionPolicy"] == "PreemptLowerPriority"


def test_batch_work_takes_nobodys_place(recorded: Recorded) -> None:
    assert recorded.one(CLASS, f"main-{BATCH}").inputs["preemptionPolicy"] == "Never"


def test_no_class_is_every_pods(recorded: Recorded) -> None:
    assert {each.inputs["globalDefault"] for each in recorded.all(CLASS)} == {False}
