"""An installation without a single plugin: all that this Python has, except what a plugin brings."""

import sys
import sysconfig
from importlib.metadata import Distribution, distributions
from pathlib import Path

from deskside.loader import PLUGIN_GROUP

PYTHON = (sys.executable, "-S", "-P")
"""Started like this, Python finds nothing but what PYTHONPATH names."""
DESKSIDE = (*PYTHON, "-c", "import sys; from deskside.cli import main; sys.exit(main())")


def bare_path(folder: Path) -> str:
    """Make the installation and return what PYTHONPATH must hold."""
    folder.mkdir()
    installed = Path(sysconfig.get_path("purelib"))
    plugins = [one for one in distributions() if _brings_plugin(one)]
    left_out = {file.parts[0] for one in plugins for file in one.files or ()}
    assert left_out, "no plugin is installed here at all: nothing to leave out"
    sources: list[str] = []
    for item in installed.iterdir():
        if item.name in left_out:
            continue
        (folder / item.name).symlink_to(item)
        if item.suffix == ".pth":
            sources += [line for line in item.read_text().splitlines() if Path(line).is_dir()]
    return ":".join([str(folder), *sources])


def _brings_plugin(one: Distribution) -> bool:
    return any(point.group == PLUGIN_GROUP for point in one.entry_points)
