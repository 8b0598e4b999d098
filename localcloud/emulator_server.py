"""Runs ministack in its own environment. It adds an address, which lists all that it (or `?ACCOUNT`) holds, and a mark: that is saved.

A script, not a module of ours: the emulator's interpreter runs it by path, and there `localcloud` is not importable.
"""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

DUMP_PATH = "/_localcloud/dump"

# Beside the state: there while what was saved is all that the emulator held.
SAVED = "saved"


def _plain(value: Any) -> Any:
    """Anything that a service keeps, as JSON: what has no JSON form is shown as text rather than left out."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in list(value.items())}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return value if value is None or isinstance(value, (str, int, float, bool)) else repr(value)


def _holdings(of: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Account → service → `STORE REGION KEY` → object, from every scoped store of every service that was used; `of` one account, if named.

    ministack keeps all that belongs to an account in such stores; what its own persistence writes is a subset of them.
    """
    from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict  # pyright: ignore[reportMissingImports]

    found: dict[str, dict[str, dict[str, Any]]] = {}
    for module_name, module in sorted(sys.modules.items()):
        service = module_name.removeprefix("ministack.services.")
        if service == module_name:
            continue
        for store_name, store in list(vars(module).items()):
            if not isinstance(store, (AccountScopedDict, AccountRegionScopedDict)):
                continue
            for (account, *region, key), value in list(store._data.items()):
                if of not in {"", account}:
                    continue
                name = " ".join([store_name.strip("_"), *(region or ["global"]), str(key)])
                found.setdefault(account, {}).setdefault(service, {})[name] = _plain(value)
    return found


def main() -> None:
    import ministack.app as emulator  # pyright: ignore[reportMissingImports]

    answer_aws = emulator.app
    saved = Path(os.environ["STATE_DIR"]).with_name(SAVED)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            saved.unlink(missing_ok=True)
        if scope["type"] != "http" or scope["path"] != DUMP_PATH:
            await answer_aws(scope, receive, send)
            return
        body = json.dumps(_holdings(scope["query_string"].decode())).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": body})

    emulator.app = app
    # It saves on SIGTERM, and then returns.
    emulator.main()
    saved.touch()


if __name__ == "__main__":
    main()
