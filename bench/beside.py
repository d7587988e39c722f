"""Deskside beside its peers: runs a black-box bench for each product and profile, and prints one table.

The bench itself is not part of this repository; `--harness` names its folder (it needs root, network
namespaces and TUN). Profile by profile the products take turns, so that neighbours in the table were
measured on the same machine in the same minutes.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kit import machine

ADAPTER = Path(__file__).with_name("deskside_product.py")
LIMIT_S = 900


def run_one(given: argparse.Namespace, product: str, profile: str) -> Path:
    """Run one product on one line and return its result file."""
    result: Path = given.results / f"{product}-{profile}.json"
    command = [
        sys.executable, str(given.harness / "run.py"), "--adapter", str(ADAPTER), "--product", product,
        "--profile", profile, "--scenarios", given.scenarios, "--seconds", str(given.seconds),
        "--json", str(result.resolve()),
    ]  # fmt: skip
    environ = {**os.environ, "PYTHONPATH": str(given.harness), "PYTHONDONTWRITEBYTECODE": "1"}
    given.results.mkdir(parents=True, exist_ok=True)
    state = machine()
    done = subprocess.run(command, env=environ, check=False, timeout=LIMIT_S)
    found = json.loads(result.read_text())
    found.update(machine_before=state, machine_after=machine(), exit_code=done.returncode)
    result.write_text(json.dumps(found, indent=1) + "\n")
    return result


def rows(results: list[Path]) -> list[str]:
    """Return a Markdown table."""
    heads = "product | line | scenario | picture p50 / p95 ms | shown | input p50 / p95 ms | kB | CPU s"
    lines = [f"| {heads} |", "|" + " --- |" * 8]
    for path in results:
        found = json.loads(path.read_text())
        for name, one in found.get("scenarios", {}).items():
            cells = [found["product"], found["profile"], name, *_figures(one)]
            lines.append("| " + " | ".join(cells) + " |")
    return lines


def _figures(one: dict[str, Any]) -> list[str]:
    frame, trip, cpu = one["frame"], one["input"]["roundtrip_ms"], one["cpu"]
    picture, shown = "–", "–"
    if frame:
        picture = f"{frame['latency_ms']['p50']} / {frame['latency_ms']['p95']}"
        shown = f"{frame['ratio']:.0%}"
    return [
        picture,
        shown,
        f"{trip['p50']} / {trip['p95']}",
        f"{one['bytes_down'] / 1000:.0f}",
        f"{cpu['server']} / {cpu['client']}",
    ]


def main() -> int:
    """Run all and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--harness", type=Path, required=True)
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results"))
    parser.add_argument("--products", default="deskside,novnc-tigervnc")
    parser.add_argument("--profiles", default="lan,wan")
    parser.add_argument("--scenarios", default="typing,scroll,idle")
    parser.add_argument("--seconds", type=float, default=6)
    given = parser.parse_args()
    results = [
        run_one(given, product, profile)
        for profile in given.profiles.split(",")
        for product in given.products.split(",")
    ]
    print("\n".join(rows(results)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
