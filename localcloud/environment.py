"""The environment in which plain `pulumi`, `aws`, `kubectl` and boto3 reach the local cloud, as a stack's own account."""

import importlib.metadata
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from localcloud import emulator, kubeconfig, toolchain
from localcloud.instance import CHECKOUT, Instance, write_atomically
from localcloud.stack_file import StackFile

_BIN = CHECKOUT / "localcloud" / "bin"

# Kind and name of a plugin, and the package whose version it stands for: the engine asks for that version.
_PLUGINS = (("language", "python", "pulumi"), ("resource", "aws", "pulumi-aws"), ("resource", "kubernetes", "pulumi-kubernetes"))

# They would lead the tools away from the local cloud, or to another identity.
UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
         "AWS_CA_BUNDLE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE")  # fmt: skip


def variables(instance: Instance, stack: str, settings: StackFile, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What is to be set; `base` is the environment that it is added to. Makes the instance's `bin`.

    Raises toolchain.ToolMissing.
    """
    commands = _commands(instance, _install_plugins(instance))
    ours = [str(commands), str(Path(sys.executable).parent)]
    inherited = [part for part in base.get("PATH", "").split(os.pathsep) if part and part not in ours]
    # An HTTP proxy of the user's must not be asked for what is on this machine.
    direct = ",".join(dict.fromkeys(["127.0.0.1", "localhost", *filter(None, base.get("NO_PROXY", "").split(","))]))
    state = instance.path("state")
    state.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.pathsep.join([*ours, *inherited]),
        "LOCALCLOUD_DIR": str(instance.directory),
        "LOCALCLOUD_PYTHON": sys.executable,
        # A key id of twelve digits is the root of that account to ministack.
        "AWS_ACCESS_KEY_ID": settings.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ENDPOINT_URL": emulator.endpoint(instance),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_HOME": str(instance.path("pulumi")),
        # Providers and language host are always ours: whatever is on PATH is left aside.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_STACK": stack,
        # It protects nothing: the state of a local cloud is as throw-away as the cloud.
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "LOCALCLOUD_ACCOUNT": settings.account,
        "KUBECONFIG": str(kubeconfig.path(instance, settings.account)),
        "NO_PROXY": direct,
        "no_proxy": direct,
    }


def exports(values: Mapping[str, str]) -> str:
    """Lines for `eval` in a POSIX shell."""
    return "\n".join([f"unset {' '.join(UNSET)}", *(f"export {name}={shlex.quote(value)}" for name, value in values.items())])


def applied(values: Mapping[str, str], base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`base` with `values`, as a whole environment for a process."""
    return {**{name: value for name, value in base.items() if name not in UNSET}, **values}


def _commands(instance: Instance, plugins: Sequence[Path]) -> Path:
    """The instance's `bin`: the pinned tools under their plain names."""
    directory = instance.path("bin", "_").parent
    # Without this look the engine notices only when it has begun, and has no remedy to offer.
    files = " ".join(shlex.quote(str(each)) for each in plugins)
    remedy = shlex.quote('run eval "$(python -m localcloud env STACK)" again, in the checkout; nothing was begun.')
    look = f'for file in {files}; do\n  [ -x "$file" ] || {{ echo "localcloud: the plugin $file is missing:" {remedy} >&2; exit 1; }}\ndone'
    _script(directory / "pulumi", f'{look}\nexec {shlex.quote(str(toolchain.binary("pulumi")))} "$@"')
    _script(directory / "aws", f'exec {shlex.quote(str(toolchain.binary("aws")))} "$@"')
    # Clusters come and go between two evals: kubectl looks at each start whether the kubeconfig is still right.
    refresh = shlex.join([str(_BIN / "run-module"), "localcloud", "kubeconfig"])
    _script(directory / "kubectl", f'{refresh} || exit 1\nexec {shlex.quote(str(toolchain.binary("kubectl")))} "$@"')
    return directory


def _install_plugins(instance: Instance) -> list[Path]:
    installed: list[Path] = []
    for kind, name, package in _PLUGINS:
        version = importlib.metadata.version(package)
        plugin = f"pulumi-{kind}-{name}"
        path = instance.path("pulumi", "plugins", f"{kind}-{name}-v{version}", plugin)
        _script(path, f'exec {shlex.quote(str(_BIN / plugin))} "$@"')
        installed.append(path)
    return installed


def _script(path: Path, body: str) -> None:
    text = f"#!/bin/sh\n{body}\n"
    # An instance of before has links to the tools there, which are no text.
    if path.is_symlink() or not path.exists() or path.read_text() != text:
        write_atomically(path, text, mode=0o700)
