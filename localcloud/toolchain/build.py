"""Making a tool: under a lock, in a directory beside its place, renamed when complete, so that no half-built tool is ever used."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from localcloud.toolchain import progress
from localcloud.toolchain.catalogue import GO_VERSION, PULUMI, DebianPackages, GoFiles, GoTool, PythonTool, cache

_NETWORK = "If it is the network: the package registries must be reachable the first time; what was fetched is kept, so run it again."


class CannotBuild(RuntimeError):
    """Something that a build needs is absent, or it failed; the message has the remedy."""


def ensure(tool: GoTool | PythonTool | GoFiles | DebianPackages) -> bool:
    """Makes `tool` unless it is in the cache. True when it was made now. Raises CannotBuild."""
    if tool.target.exists():
        return False
    with _locked(tool.target.name):
        if tool.target.exists():
            return False
        with _draft(tool.target) as draft:
            try:
                _make(tool, draft)
            except progress.CommandFailed as failure:
                raise CannotBuild(f"{tool.name} {tool.version} could not be made: {failure}\n{_NETWORK}") from failure
        return True


def _make(tool: GoTool | PythonTool | GoFiles | DebianPackages, draft: Path) -> None:
    if isinstance(tool, PythonTool):
        _make_environment(tool, draft)
    elif isinstance(tool, GoFiles):
        _copy_files(tool, draft)
    elif isinstance(tool, DebianPackages):
        _unpack(tool, draft)
    elif not _copy_installed(tool, draft):
        _compile(tool, draft)


def _compile(tool: GoTool, draft: Path) -> None:
    argv = [_go(), "build", "-v", "-trimpath", "-ldflags", tool.ldflags, "-o", str(draft / tool.name), tool.package]
    progress.run(
        progress.Step(f"building {tool.name} {tool.version} from its Go module", tool.usually),
        argv, cwd=tool.directory, env=_go_environment(), log=log_path(tool.name),
    )  # fmt: skip


def _copy_installed(tool: GoTool, draft: Path) -> bool:
    """Takes the pulumi that is installed when it is exactly the pinned version: copied, because it may be upgraded in place."""
    found = shutil.which(tool.name) if tool is PULUMI else None
    if found is None:
        return False
    if _version(found) != f"v{tool.version}":
        return False
    shutil.copy2(Path(found).resolve(), draft / tool.name)
    print(f"  {tool.name} {tool.version}: taken from {found}")
    return True


def _copy_files(tool: GoFiles, draft: Path) -> None:
    log = log_path(tool.name)
    # Without a version in the argument, Go takes the one of go.mod and checks it against go.sum.
    progress.run(
        progress.Step(f"fetching {tool.name} {tool.version} from its Go module", tool.usually),
        [_go(), "mod", "download", "-json", tool.module_path], cwd=tool.directory, env=_go_environment(), log=log,
    )  # fmt: skip
    text = log.read_text()
    source = Path(json.loads(text[text.index("{") :])["Dir"])
    for name in tool.files:
        shutil.copyfile(source / name, draft / Path(name).name)


def _unpack(tool: DebianPackages, draft: Path) -> None:
    lacking = [command for command in ("apt-get", "dpkg-deb") if shutil.which(command) is None]
    if lacking:
        raise CannotBuild(f"{tool.name} comes from Debian packages, and there is no {' and no '.join(lacking)} on PATH")
    progress.run(
        progress.Step(f"unpacking {', '.join(tool.packages)} of {tool.version}", tool.usually),
        ["sh", str(tool.script), str(draft), *tool.packages], cwd=draft, env=os.environ, log=log_path(tool.name),
    )  # fmt: skip


def _make_environment(tool: PythonTool, draft: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(draft)], check=True)
    # The pip of the interpreter that runs this installs into the new environment: one download of pip less, and no pip left in it.
    _pip_install(f"installing {tool.name} {tool.version} in an environment of its own", tool.usually, tool.lock, draft / "bin" / "python")
    for script in (draft / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            _point_at(script, draft, tool.target)


def install_packages(lock: Path, usually: str) -> None:
    """Installs exactly what `lock` pins, hashes checked, into the environment that runs this. Raises CannotBuild."""
    count = lock.read_text().count("==")
    try:
        _pip_install(f"installing {count} Python packages", usually, lock, Path(sys.executable))
    except progress.CommandFailed as failure:
        raise CannotBuild(f"The Python packages could not be installed: {failure}\n{_NETWORK}") from failure


def _pip_install(title: str, usually: str, lock: Path, python: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    # --no-deps: the lock file is complete, and what it does not pin is not to be had.
    argv = [*pip, "--require-hashes", "--no-deps", "-r", str(lock.resolve())]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    progress.run(progress.Step(title, usually), argv, cwd=lock.resolve().parent, env=environment, log=log_path(lock.stem))


def _point_at(script: Path, draft: Path, target: Path) -> None:
    """Scripts name their interpreter by its full path: give them the one after the rename."""
    content = script.read_bytes()
    if str(draft).encode() in content:
        script.write_bytes(content.replace(str(draft).encode(), str(target).encode()))


def _go() -> str:
    found = shutil.which("go")
    if found is None:
        raise CannotBuild(f"No `go` on PATH: install Go {GO_VERSION} or newer. {_installed_pulumi()}The rest is built with it once.")
    return found


def _installed_pulumi() -> str:
    """Why the pulumi that is installed does not do instead, as a sentence; nothing when it is not what is missing."""
    if PULUMI.target.exists():
        return ""
    installed = shutil.which(PULUMI.name)
    if installed is None:
        return f"There is no pulumi either (of version {PULUMI.version} it would be taken as it is). "
    return f"The pulumi on PATH, {installed}, is {_version(installed) or 'of an unknown version'}: only v{PULUMI.version} can be taken. "


def _version(pulumi: str) -> str:
    command, environment = [pulumi, "version"], {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment).stdout.strip()


def _go_environment() -> dict[str, str]:
    # GOFLAGS, GOWORK and GOTOOLCHAIN of the user's set-up would change what is built.
    fixed = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off", "GOTOOLCHAIN": "local"}
    return {**os.environ, **fixed}


def log_path(name: str) -> Path:
    """Where the output of what makes `name` goes."""
    directory = cache() / "log"
    directory.mkdir(parents=True, exist_ok=True)
    return directory / f"{name}.log"


@contextmanager
def _locked(name: str) -> Generator[None]:
    directory = cache() / "lock"
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / name).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"  {name}: waiting, because another checkout is making it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _draft(target: Path) -> Generator[Path]:
    """A directory that becomes `target` when the block ends well, and vanishes when it does not."""
    for abandoned in target.parent.glob(f"{target.name}.draft-*"):
        shutil.rmtree(abandoned, ignore_errors=True)  # of a build that was killed; the lock is ours now
    draft = Path(tempfile.mkdtemp(prefix=f"{target.name}.draft-", dir=target.parent))
    try:
        yield draft
        draft.chmod(0o755)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
