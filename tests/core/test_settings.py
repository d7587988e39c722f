"""Settings: the strongest source wins and says so; what does not fit is refused by name."""

import pytest

from deskside.settings import BadSetting, Setting, read

DECLARED = (
    Setting(name="port", default=8400, help="", minimum=1, maximum=65535),
    Setting(name="demo", default=False, help=""),
    Setting(name="data", default="var", help=""),
)


def test_command_line_beats_environment_beats_file_beats_default() -> None:
    file, environ = b"port = 1\ndata = 'from file'\n", {"DESKSIDE_PORT": "2", "PATH": "/bin"}

    first = read(DECLARED, file=file, environ=environ, given={"port": 3})
    second = read(DECLARED, file=file, environ=environ, given={"port": None})

    assert (first.number("port"), first.values["port"].origin) == (3, "--port")
    assert (second.number("port"), second.values["port"].origin) == (2, "DESKSIDE_PORT")
    assert (second.text("data"), second.values["data"].origin) == ("from file", "settings file")
    assert (second.flag("demo"), second.values["demo"].origin) == (False, "default")


def test_what_the_installation_says_counts_before_any_file_and_is_for_several_programs() -> None:
    installed = b"data = 'beside the programs'\nport = 5\nonly_another_program_knows = 1\n"

    settings = read(DECLARED, installed=installed, file=b"port = 6", environ={}, given={})

    assert (settings.text("data"), settings.values["data"].origin) == ("beside the programs", "installation")
    assert settings.number("port") == 6


@pytest.mark.parametrize(
    ("file", "environ", "named"),
    [
        (b"prot = 1", {}, "prot"),
        (b"port = 'x'", {}, "settings file: port"),
        (b"port = true", {}, "settings file: port"),
        (b"data = 7", {}, "settings file: data"),
        (b"not toml", {}, "cannot be read"),
        (b"\xff", {}, "cannot be read"),
        (b"", {"DESKSIDE_PORT": "70000"}, "DESKSIDE_PORT: port"),
        (b"", {"DESKSIDE_DEMO": "perhaps"}, "DESKSIDE_DEMO: demo"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(file: bytes, environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        read(DECLARED, file=file, environ=environ, given={})
