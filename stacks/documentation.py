"""stacks/README.md: every setting with what it is, its unit and limits, and what each profile supplies."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from stacks import checking
from stacks.inventory import ANY_NAME, Entry, entries

PATH = Path(__file__).with_name("README.md")

_MOST_CHOICES = 12

_HEAD = """\
# Stack files

Written by `make generate` from the models and the profiles; a test fails when it is stale.

An environment is one file here, `Pulumi.NAME.yaml`, which says what differs from its profile:

    # yaml-language-server: $schema=schema.json
    config:
      ml-platform:settings:
        profile: staging
        account: "222222222222"
        region: eu-west-1
        owner: ml-platform-team
        cost_centre: ml-2000
        data_classification: internal
        network:
          cidr: 10.30.0.0/16

These keys every environment must say; `profiles.yaml` and the models supply the rest. A mapping is merged with the profile's, key by
key; a list, or any other value, replaces the profile's. The first line makes editors with the YAML language server complete and check.

    make explain STACK=dev    # every value that is in force, and which line, profile or default it comes from

What is wrong is told all at once, before anything is made:

    stacks/Pulumi.dev.yaml:9: network.zone: got unknown key `zone`; expected one of cidr, service_cidr, …; did you mean `zones`?

- Values are read as Pulumi reads them: `no`, `on` and `1:30` are text. Write `true` or `false`, and account ids and versions in quotes.
- There are no secrets here. `pulumi config set --secret` encrypts a value beside the settings.
- What YAML would change on the way is refused: `012345678901`, `1.30`, `1_000`, `0x10`, `2027-01-31`. In quotes it is text.
- A key is written once; YAML's tags and merge keys (`<<`) are refused. Beside `ml-platform:settings`, `config` may hold `pulumi:tags` and
  encrypted values, and nothing else: every provider is explicit, so `aws:region` would change nothing.
- *Checked; nothing is built from it yet* marks a setting that is refused when it is wrong and that has no effect so far.
"""


class _Row(NamedTuple):
    """A setting, and the section it is required in where that may be absent: then not every file must say it."""

    entry: Entry
    within: str = ""


def text() -> str:
    """What stacks/README.md must hold."""
    profiles = checking.profiles()
    platform, tenant = entries(checking.KINDS["platform"], profiles), entries(checking.KINDS["tenant"], {})
    about_platform = "An environment with all its tiers: `kind: platform`, which need not be written.\n"
    about_tenant = (
        "A team's slice of a platform stack, a stack of its own: `kind: tenant`. It has no profile. docs/tenants.md has an example.\n"
    )
    parts = [_HEAD, "## A platform\n", about_platform, *_sections(platform, list(profiles))]
    return "\n".join([*parts, "## A tenant\n", about_tenant, *_sections(tenant, [])])


def _sections(found: Sequence[Entry], profiles: Sequence[str]) -> Iterator[str]:
    yield _table([_Row(entry) for entry in found if not entry.children], profiles)
    for entry in found:
        if entry.children:
            yield f"### `{entry.path[0]}`\n"
            if entry.description:
                yield f"{entry.description}\n"
            yield _table(list(_below(entry)), profiles)


def _below(entry: Entry) -> Iterator[_Row]:
    for child in entry.children:
        yield _Row(child, "" if entry.required else entry.path[-1])
        yield from _below(child)


def _table(found: Sequence[_Row], profiles: Sequence[str]) -> str:
    supplied = any(profile in row.entry.defaults for row in found for profile in profiles)
    columns = list(profiles) if supplied else ["default"]
    rows = [["setting", "what it is", "unit", "takes", *columns], ["---"] * (4 + len(columns))]
    for entry, within in found:
        said = entry.description + ("" if entry.built else " *Checked; nothing is built from it yet.*")
        key = ".".join("NAME" if part == ANY_NAME else part for part in entry.path)
        defaults = [_default(entry, within, column) for column in columns]
        rows.append([f"`{key}`", said.strip(), entry.unit, "" if entry.children else _takes(entry.schema), *defaults])
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def _default(entry: Entry, within: str, profile: str) -> str:
    if entry.required:
        return f"required in `{within}`" if within else "**required**"
    if entry.children:
        return ""
    value = entry.defaults.get(profile, entry.defaults.get(""))
    if value is None:
        return f"required in `{within}`" if within and entry.needed else "–"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _takes(schema: Mapping[str, Any]) -> str:
    """A type and its limits in words."""
    if "anyOf" in schema:
        return " or ".join(_takes(each) for each in schema["anyOf"] if each.get("type") != "null")
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        choices = [f"`{choice}`" for choice in schema["enum"]]
        return ", ".join(choices) if len(choices) <= _MOST_CHOICES else f"{', '.join(choices[:_MOST_CHOICES])}, … ({len(choices)} in all)"
    match schema.get("type"):
        case "boolean":
            return "`true`, `false`"
        case "integer":
            return f"whole number{_limits(schema, 'minimum', 'maximum', '')}"
        case "array":
            return f"list{_limits(schema, 'minItems', 'maxItems', ' of them')}: {_takes(schema['items'])}"
        case "object" if "patternProperties" in schema:
            ((name, value),) = schema["patternProperties"].items()
            return f"by name `{name}`{_limits(schema['propertyNames'], 'minLength', 'maxLength', ' characters')}: {_takes(value)}"
        case "string" if schema.get("format") == "date":
            return 'day in quotes, `"2027-01-31"`'
        case "string" if "pattern" in schema:
            return f"text `{schema['pattern']}`{_limits(schema, 'minLength', 'maxLength', ' characters')}"
        case "string":
            return f"text{_limits(schema, 'minLength', 'maxLength', ' characters')}"
        case other:
            raise TypeError(f"stacks/README.md has no words for {other!r}: {dict(schema)}")


def _limits(schema: Mapping[str, Any], least: str, most: str, of: str) -> str:
    low, high = schema.get(least), schema.get(most)
    if low is not None and high is not None:
        return f", {low} to {high}{of}"
    if low is None and high is None:
        return ""
    return f", at least {low}{of}" if high is None else f", at most {high}{of}"
