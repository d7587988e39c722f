"""Who imports what: `$GREETER_LOG` gets a line per part and process."""

import os
from pathlib import Path


def note(name):
    """Note that this process has imported a part."""
    if path := os.environ.get("GREETER_LOG"):
        with Path(path).open("a") as log:
            log.write(f"{os.getpid()} {name.rpartition('.')[2]}\n")
