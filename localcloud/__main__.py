"""`python -m localcloud`, with whichever Python it is typed: the packages are those of the checkout's own environment."""

import os
import signal
import sys
from pathlib import Path

from localcloud.instance import CHECKOUT

if __name__ == "__main__":
    own = CHECKOUT / ".venv"
    if Path(sys.prefix).resolve() != own.resolve() and "LOCALCLOUD_PYTHON" not in os.environ:
        if not own.exists():
            sys.exit("localcloud: there is no .venv in the checkout yet: make setup")
        os.execv(own / "bin" / "python", [str(own / "bin" / "python"), "-m", "localcloud", *sys.argv[1:]])
    from localcloud.cli import main

    # `kill` ends it as Ctrl-C does: what it waits for is ended, what it wrote is complete.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
