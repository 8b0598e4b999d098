"""Which Jobs are carried out, with what, and what is said of them."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.database_job import STATEMENTS
from localcloud.data_plane.layout import Key
from localcloud.data_plane.servers import Server
from localcloud.instance import Instance
from localcloud.kubernetes import jobs
from localcloud.kubernetes.api import ApiError, Kind
from localcloud.kubernetes.kinds import TypeName

PROGRAM = """
import json, os, pathlib, sys
directory = pathlib.Path(sys.argv[1])
seen = {name: os.environ[name] for name in ("DATABASE_HOST", "DATABASE_CA", "AWS_REGION")}
clauses = json.loads((directory / "clauses.json").read_text())
pathlib.Path(os.environ["SEEN"]).write_text(json.dumps({**seen, "clauses": clauses}))
print("it said", file=sys.stderr)
sys.exit(int(os.environ["EXIT"]))
"""
MASTER = "arn:aws:secretsmanager:eu-west-1:1:secret:rds!db-1-abcdef"


def job(endpoint: str = "127.1.2.3", **metadata: Any) -> dict[str, Any]:
    environment = {"DATABASE_HOST": endpoint, "DATABASE_PORT": "3306", "DATABASE_CA": "/in/the/image.pem", "MASTER_SECRET": MASTER}
    container = {"env": [{"name": name, "value": value} for name, value in environment.items()]}
    return {
        "metadata": {"name": "databases", "namespace": "n", "annotations": {STATEMENTS: "sql"}, **metadata},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }


class Api:
    """An API server with the ConfigMap, whose Job controller has set the Job's start before anybody else."""

    def __init__(self, files: dict[str, str] | None) -> None:
        self.files, self.status, self.refusals = files, dict[str, Any](), 0

    def kind(self, api_version: str, kind: str) -> Kind:
        return Kind(api_version, kind, f"{kind.lower()}s", namespaced=True)

    def get(self, kind: Kind, namespace: str, name: str) -> dict[str, Any] | None:
        assert (kind.kind, namespace, name) == ("ConfigMap", "n", "sql")
        return None if self.files is None else {"data": self.files}

    def request(self, method: str, path: str, query: Any = None, body: Any = None, content_type: str = "") -> dict[str, Any]:
        if method == "GET":
            return {"status": {"startTime": "2026-01-01T00:00:00Z"} if self.refusals else {}}
        if not self.refusals:
            self.refusals += 1
            raise ApiError(422, "Invalid", "status.startTime: field is immutable once set")
        assert path == "/apis/batch/v1/namespaces/n/jobs/databases/status"
        self.status = body["status"]
        return {**job(), "status": self.status}


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    server = Server(Key("mysql", "1", "eu-west-1", "dev-registry"), "127.1.2.3:3306", answers=True)
    monkeypatch.setattr(jobs.servers, "found", lambda _: [server])
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    monkeypatch.setenv("EXIT", "0")
    return tmp_path / "seen"


def carried_out(tmp_path: Path, live: dict[str, Any], type_name: TypeName = jobs.JOB, files: dict[str, str] | None = None) -> Any:
    api: Any = Api({"run.py": PROGRAM, "clauses.json": "{}"} if files is None else files)
    return jobs.carry_out(Instance(tmp_path / "cloud"), api, type_name, live)


def test_the_jobs_own_program_runs_with_what_is_put_in_place_of_the_jobs(tmp_path: Path, seen: Path) -> None:
    carried_out(tmp_path, job())
    assert json.loads(seen.read_text()) == {
        "DATABASE_HOST": "127.1.2.3",
        "DATABASE_CA": str(tmp_path / "cloud" / "data-plane" / "ca.pem"),
        "AWS_REGION": "eu-west-1",
        "clauses": {"password": "IDENTIFIED BY {secret}", "new_password": "IDENTIFIED BY {secret}"},
    }


CREDENTIALS = """
import json, os, pathlib
of_aws = {name: value for name, value in os.environ.items() if name in ("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN")}
pathlib.Path(os.environ["SEEN"]).write_text(json.dumps(of_aws))
"""


def test_it_has_the_accounts_credentials_whoever_makes_the_job(tmp_path: Path, seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pod has those of its service account: the session of a role of CI would not do."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIA1")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of a session")
    carried_out(tmp_path, job(), files={"run.py": CREDENTIALS, "clauses.json": "{}"})
    assert json.loads(seen.read_text()) == {"AWS_ACCESS_KEY_ID": "1"}


def test_a_job_that_was_carried_out_is_complete_since_its_controller_says(tmp_path: Path, seen: Path) -> None:
    status = carried_out(tmp_path, job())["status"]
    assert [(each["type"], each["status"]) for each in status["conditions"]] == [("SuccessCriteriaMet", "True"), ("Complete", "True")]
    assert status["startTime"] == "2026-01-01T00:00:00Z"


def test_a_program_that_fails_fails_the_job_with_what_it_said(tmp_path: Path, seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXIT", "1")
    with pytest.raises(jobs.Failed, match="it said"):
        carried_out(tmp_path, job())


def test_a_job_whose_config_map_is_missing_is_refused(tmp_path: Path, seen: Path) -> None:
    api: Any = Api(None)
    with pytest.raises(jobs.Failed, match="ConfigMap sql, which the Job runs, is not there"):
        jobs.carry_out(Instance(tmp_path), api, jobs.JOB, job())


COMPLETE = {"status": {"conditions": [{"type": "Complete", "status": "True"}]}}


@pytest.mark.parametrize(
    ("live", "type_name"),
    [
        (job(annotations={}), jobs.JOB),
        ({**job(), **COMPLETE}, jobs.JOB),
        (job(), TypeName("v1", "ConfigMap")),
    ],
    ids=["without-the-annotation", "complete", "no-job"],
)
def test_what_is_not_to_be_carried_out_stays_as_it_is(tmp_path: Path, seen: Path, live: dict[str, Any], type_name: TypeName) -> None:
    assert carried_out(tmp_path, live, type_name) is live
    assert not seen.exists()


def test_where_nothing_answers_the_job_is_left_and_that_is_said(tmp_path: Path, seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(jobs, "warn", said.append)
    live = job(endpoint="registry.invented.example")
    assert carried_out(tmp_path, live) is live
    assert not seen.exists()
    assert "Job databases was not run, so there are no databases and users of it" in said[0]


def test_the_annotation_is_the_programs_and_that_of_who_lets_such_jobs_in() -> None:
    (policy, _) = yaml.safe_load_all(Path(jobs.__file__).with_name("manifests").joinpath("no_nodes.yaml").read_text(encoding="utf-8"))
    assert jobs.STATEMENTS == STATEMENTS
    assert f'"{STATEMENTS}" in object.metadata.annotations' in policy["spec"]["validations"][0]["expression"]
