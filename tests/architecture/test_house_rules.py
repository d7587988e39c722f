"""Rules that reviewers should not have to remember."""

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskside import api, hookspecs

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for path in ROOT.glob("*/**/src/**/*.py") if ".venv" not in path.parts)
CORE = sorted((ROOT / "core/src/deskside").glob("**/*.py"))
CORE_LIBRARIES = {"anyio", "attrs", "cryptography", "deskside", "msgpack", "pluggy", "spake2"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
TABLES = {"core/src/deskside/link.py"}


def own_files() -> Iterator[Path]:
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().split()} | {".git"}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in ignored]
        yield from (Path(folder, name) for name in names if name not in ignored)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_core_imports_only_its_few_libraries(path: Path) -> None:
    foreign = {name.partition(".")[0] for name in imports_of(path)} - CORE_LIBRARIES - sys.stdlib_module_names

    assert not foreign


def test_what_plugins_may_import_is_exactly_what_is_published() -> None:
    public = {
        name for name, value in vars(api).items() if not name.startswith("_") and not inspect.ismodule(value)
    }

    assert len(api.__all__) == len(set(api.__all__))
    assert public == set(api.__all__)


def test_every_hook_says_when_what_where_how_and_what_on_error() -> None:
    hooks = [
        value
        for name, value in vars(hookspecs).items()
        if name.startswith("deskside_") and inspect.isfunction(value)
    ]

    assert hooks
    for hook in hooks:
        text = inspect.getdoc(hook) or ""
        for fact in ("Called ", "Return ", "Implemented in: ", "Combined: ", "On error: "):
            assert fact in text, f"{hook.__name__} does not say '{fact}'"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_files_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE or named(path) in TABLES
    for function in functions_of(path):
        assert (function.end_lineno or 0) - function.lineno < LONGEST_FUNCTION, function.name


@pytest.mark.slow
def test_every_module_of_the_core_imports_alone_without_a_warning() -> None:
    for path in CORE:
        parts = path.relative_to(ROOT / "core/src").with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", f"import {name}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"


def test_both_lists_of_pins_are_the_same_and_hold_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for_pip = (ROOT / "constraints.txt").read_text().splitlines()

    assert project["tool"]["uv"]["constraint-dependencies"] == for_pip
    assert all("==" in pin and "://" not in pin for pin in for_pip)


def test_no_file_names_a_registry_or_the_machine_it_was_made_on() -> None:
    address = re.compile(
        r"https?://[^\s/]*(?:pyp" + r"i|pythonhosted|npmj" + r"s|registry)[^\s]*|/(?:wor" + "k|farm)/"
    )
    found = []
    for path in own_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{named(path)}: {hit[0]}" for hit in address.finditer(text)]

    assert not found


def test_the_list_of_features_is_true_today() -> None:
    done = subprocess.run(
        [sys.executable, "script/features.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_every_dependency_has_its_line_of_reason() -> None:
    page = (ROOT / "docs/explanation/dependencies.md").read_text()
    wanted = set()
    for path in [ROOT / "pyproject.toml", *ROOT.glob("*/pyproject.toml"), *ROOT.glob("*/*/pyproject.toml")]:
        project = tomllib.loads(path.read_text())
        groups = project.get("dependency-groups", {}).values()
        wanted |= {one for group in (project["project"]["dependencies"], *groups) for one in group}
    names = {re.split(r"[ ;<>=\[]", one)[0] for one in wanted}

    missing = {name for name in names if not name.startswith("deskside-") and f"`{name}`" not in page}
    assert not missing


def test_code_in_the_manual_parses() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("**/*.md")]
    for page in pages:
        for language, code in re.findall(
            r"^```(\w+)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S
        ):
            if language == "python":
                ast.parse(code)
            elif language == "sh":
                done = subprocess.run(["bash", "-n"], input=code, text=True, capture_output=True, check=False)
                assert done.returncode == 0, f"{named(page)}: {done.stderr}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{named(page)}: {target}"


def test_every_news_fragment_is_named_and_one_sentence() -> None:
    pattern = re.compile(r"\d+\.(feature|fix|hook|wire|deprecation|removal|security)\.md")
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]

    assert fragments
    for path in fragments:
        assert pattern.fullmatch(path.name), path.name
        assert path.read_text(encoding="utf-8").strip().count("\n") == 0, path.name


def test_every_package_with_words_declares_the_languages_of_the_product() -> None:
    texts = importlib.import_module("deskside.texts")
    folders = sorted(path for path in ROOT.glob("*/**/src/*/texts") if ".venv" not in path.parts)

    assert folders
    for folder in folders:
        assert {path.stem for path in folder.glob("*.toml")} == set(texts.LANGUAGES), named(folder)
