#!/usr/bin/env python3
"""Write docs/reference/features.md: every feature, and the tests that prove it or "not yet".

A test proves a feature if it carries `@pytest.mark.feature("DRW-07")`. `--check` writes nothing and
fails if the page is stale or a marker names no feature.
"""

import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs/reference/features.toml"
PAGE = ROOT / "docs/reference/features.md"
HEAD = """# Features

Made by `script/features.py` from `features.toml` and the markers of tests: do not edit.
A feature counts as proven only by a test that looks at the side where it shows.

**{proven} of {all} proven.**

| feature | in one line | proven by |
| --- | --- | --- |
"""


def test_files() -> list[Path]:
    """Return every file that may hold tests."""
    found = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/tests/**/test_*.py")]
    return sorted(found)


def markers_in(path: Path) -> Iterator[tuple[str, str]]:
    """Yield feature and test name for each marker in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from ((feature, node.name) for feature in _named(decorator))


def _named(decorator: ast.expr) -> Iterator[str]:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.feature":
        for argument in decorator.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def proofs(files: Iterable[Path]) -> dict[str, list[str]]:
    """Return the tests that prove each feature."""
    found: dict[str, list[str]] = {}
    for path in files:
        for feature, test in markers_in(path):
            found.setdefault(feature, []).append(f"`{path.relative_to(ROOT)}::{test}`")
    return found


def page(features: dict[str, str], proven: dict[str, list[str]]) -> str:
    """Return the page."""
    head = HEAD.format(proven=sum(1 for one in features if one in proven), all=len(features))
    rows = [
        f"| {one} | {line.replace('|', chr(92) + '|')} | {'<br>'.join(proven.get(one, ['not yet']))} |"
        for one, line in features.items()
    ]
    return head + "\n".join(rows) + "\n"


def main(arguments: list[str]) -> int:
    features = tomllib.loads(LIST.read_text(encoding="utf-8"))
    proven = proofs(test_files())
    if unknown := sorted(set(proven) - set(features)):
        print(f"no such feature: {', '.join(unknown)} (named by {proven[unknown[0]][0]})")
        return 1
    text = page(features, proven)
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/reference/features.md is stale: run script/features.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
