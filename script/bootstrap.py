"""Stand-alone set-up with the standard library only: uv, the environment, system packages.

`script/run` and `script/test` are thin and stand on this. Every step prints one line; a step that
fails names itself in one line and ends the program.
"""

from __future__ import annotations  # an older Python must get as far as saying so

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOT = ROOT / ".boot"
ENV = ROOT / ".venv"
STAMP = ENV / "deskside-stamp"
WINDOWS = os.name == "nt"
PROGRAMS = "Scripts" if WINDOWS else "bin"
SUFFIX = ".exe" if WINDOWS else ""
UV = "uv==0.13.8"
OLDEST_PYTHON = (3, 11)
# Where the system has certificates, they count: an own authority of a company is among them.
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class StepFailed(Exception):
    """Raised when a set-up step cannot be done; its text says what to do."""


def say(text: str) -> None:
    """Print one line of progress."""
    print(text, flush=True)


def step(name: str, work: Callable[[], None]) -> None:
    """Run one step with its name and duration."""
    begun = time.monotonic()
    say(f"· {name} …")
    work()
    say(f"✓ {name} ({time.monotonic() - begun:.1f} s)")


def guarded(main: Callable[[], int]) -> int:
    """Run a script; a failing step becomes one line and exit code 1."""
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise StepFailed("Python 3.11 or newer is needed; this is " + sys.version.split()[0])
        return main()
    except StepFailed as error:
        say(f"✗ {error}")
    except KeyboardInterrupt:
        say("✗ interrupted")
    return 1


def call(
    arguments: Sequence[str | Path], *, what: str, quiet: bool = True, env: dict[str, str] | None = None
) -> None:
    """Run a program; if it fails, show the end of what it printed and raise StepFailed."""
    stream = subprocess.PIPE if quiet else None
    environment = {**os.environ, **(env or {})}
    try:
        done = subprocess.run(
            [str(one) for one in arguments],
            cwd=ROOT,
            stdout=stream,
            stderr=subprocess.STDOUT if quiet else None,
            stdin=subprocess.DEVNULL,
            env=environment,
            check=False,
        )
    except OSError as error:
        raise StepFailed(f"{what}: {error}") from None
    if done.returncode:
        for line in (done.stdout or b"").decode(errors="replace").splitlines()[-25:]:
            say(f"  {line}")
        raise StepFailed(f"{what} failed with exit code {done.returncode}")


def become(arguments: Sequence[str | Path]) -> int:
    """Turn this process into another program, where the system can; else run it and pass its result on."""
    command = [str(one) for one in arguments]
    if not WINDOWS:
        os.execv(command[0], command)  # noqa: S606
    return subprocess.call(command)


def program(name: str) -> Path:
    """Return the path of a program in the environment."""
    return ENV / PROGRAMS / f"{name}{SUFFIX}"


def uv() -> Path:
    """Return uv: the one on PATH, else a private one, made on first use."""
    on_path = shutil.which("uv")
    if on_path:
        return Path(on_path)
    candidates = [BOOT / PROGRAMS / f"uv{SUFFIX}", BOOT / "target" / "bin" / f"uv{SUFFIX}"]
    for one in candidates:
        if one.exists():
            return one
    step("fetch uv", _fetch_uv)
    for one in candidates:
        if one.exists():
            return one
    raise StepFailed("uv was installed but cannot be found; remove .boot and try again")


def _fetch_uv() -> None:
    """Try a private environment, then pip's --target; install python3-venv if the system has neither."""
    for attempt in (_uv_in_private_env, _uv_in_target, _uv_after_system_package):
        try:
            attempt()
        except (subprocess.CalledProcessError, OSError, StepFailed):
            shutil.rmtree(BOOT, ignore_errors=True)
            continue
        return
    raise StepFailed("uv cannot be installed: install 'uv' or 'python3-venv', or check the network")


def _pip(python: Path | str, *arguments: str | Path) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *map(str, arguments), UV], check=True, capture_output=True)


def _uv_in_private_env() -> None:
    # Debian's python3 without python3-venv fails here and leaves a broken folder.
    subprocess.run([sys.executable, "-m", "venv", str(BOOT)], check=True, capture_output=True)
    _pip(BOOT / PROGRAMS / f"python{SUFFIX}")


def _uv_in_target() -> None:
    _pip(sys.executable, "--target", BOOT / "target")


def _uv_after_system_package() -> None:
    install_system_packages(["python3-venv"])
    call([sys.executable, "-m", "venv", BOOT], what="make a private environment")
    _pip(BOOT / PROGRAMS / f"python{SUFFIX}")


def fingerprint() -> str:
    """Return what the environment depends on: every pyproject with its pins, this file, the Python."""
    sum_ = hashlib.sha256(repr((sys.version, str(ROOT))).encode() + Path(__file__).read_bytes())
    for folder in (".", "core", "hosts/*", "admin_web", "plugins/*"):
        for path in sorted(ROOT.glob(f"{folder}/pyproject.toml")):
            sum_.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return sum_.hexdigest()


def environment(asked: Sequence[str] = ()) -> None:
    """Make the environment hold everything of these dependency groups; without change, do nothing.

    What an earlier call installed stays.
    """
    mark, *present = STAMP.read_text().split() if STAMP.exists() else [""]
    if mark == fingerprint() and set(asked) <= set(present):
        return
    groups = sorted({*asked, *present})
    arguments = [uv(), "sync", "--quiet", "--python", sys.executable, *(f"--group={one}" for one in groups)]
    trust = {"UV_SYSTEM_CERTS": "1"} if SYSTEM_CERTIFICATES.exists() else {}
    step("install Deskside and what it needs", lambda: call(arguments, what="install", env=trust))
    (ENV / "deskside.toml").write_text(f"plugins = {','.join(own_plugins())!r}\n")
    STAMP.write_text(" ".join([fingerprint(), *groups]))


def own_plugins() -> list[str]:
    """Return the distributions of this checkout's plugins: what is here may be loaded."""
    names = (
        re.search(r'^name = "(.+)"$', path.read_text(), re.M)
        for path in ROOT.glob("plugins/*/pyproject.toml")
    )
    return sorted(found[1] for found in names if found)


def install_system_packages(names: Sequence[str]) -> None:
    """Install missing Debian or Ubuntu packages, as root or through sudo."""
    missing = [name for name in names if not _installed(name)]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise StepFailed(f"install these yourself, this system has no apt-get: {' '.join(missing)}")
    rights = [] if os.geteuid() == 0 else ["sudo"]
    if rights and shutil.which("sudo") is None:
        raise StepFailed(f"run as root, or install these first: {' '.join(missing)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    keep = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    call([*rights, "apt-get", "update", "-qq"], what="apt-get update", env=quiet)
    call(
        [*rights, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *keep, *missing],
        what=f"apt-get install {' '.join(missing)}",
        env=quiet,
    )


def _installed(name: str) -> bool:
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", name], capture_output=True, text=True, check=False
    )
    return found.stdout == "installed"
