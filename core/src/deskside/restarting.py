"""A program that cannot go on because a plugin holds its loop: it begins anew, without that plugin."""

import logging
import os
import sys

from deskside.loader import Plugins

WITHOUT = "DESKSIDE_WITHOUT"

log = logging.getLogger(__name__)


def restart_without(plugin: str) -> None:
    """Replace this process by a new one that leaves a plugin out; does not return."""
    names = {*filter(None, os.environ.get(WITHOUT, "").split(",")), plugin}
    os.environ[WITHOUT] = ",".join(sorted(names))
    log.critical("plugin %s does not let go: starting again without it", plugin)
    logging.shutdown()
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very program, with its own arguments


def left_out() -> frozenset[str]:
    """Return the plugins that an earlier process of this program had to leave out."""
    return frozenset(filter(None, os.environ.get(WITHOUT, "").split(",")))


def packages_of(plugins: Plugins) -> dict[str, str]:
    """Return which plugin a top-level package belongs to."""
    return {one.points["deskside.plugin"].value.partition(".")[0]: one.name for one in plugins.loaded}
