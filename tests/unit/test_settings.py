"""Where settings come from, which of two wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from chatbot.errors import SettingsError
from chatbot.settings import DEFAULT_MODEL, config_file, load_settings


@pytest.fixture(autouse=True)
def _empty_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file that is in force."""
    path = tmp_path / "mine.toml"
    monkeypatch.setenv("CHATBOT_CONFIG", str(path))
    path.write_text("[retrieval]\ncandidates = 30\npool_passages = 3\n", "utf-8")
    return path


def test_the_defaults_are_in_force_where_nothing_is_set() -> None:
    settings = load_settings()
    assert (settings.corpus, settings.index) == (Path("corpus"), Path(".chatbot/index"))
    assert settings.embedding.model == DEFAULT_MODEL
    assert (settings.serve.host, settings.serve.port) == ("127.0.0.1", 8501)


def test_the_environment_sets_a_setting_and_one_inside_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_INDEX", "elsewhere")
    monkeypatch.setenv("CHATBOT_RETRIEVAL__CANDIDATES", "7")
    settings = load_settings()
    assert (settings.index, settings.retrieval.candidates) == (Path("elsewhere"), 7)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_INDEX", "")
    assert load_settings().index == Path(".chatbot/index")


@pytest.mark.usefixtures("toml")
def test_the_file_that_chatbot_config_names_is_read() -> None:
    assert load_settings().retrieval.candidates == 30
    assert config_file() is not None


def test_chatbot_toml_of_the_working_folder_is_read_without_being_named(tmp_path: Path) -> None:
    assert config_file() is None
    (tmp_path / "chatbot.toml").write_text('index = "mine"\n', "utf-8")
    assert load_settings().index == Path("mine")


@pytest.mark.usefixtures("toml")
def test_an_argument_beats_the_environment_and_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_RETRIEVAL__CANDIDATES", "40")
    settings = load_settings()
    assert (settings.retrieval.candidates, settings.retrieval.pool_passages) == (40, 3)
    assert load_settings(retrieval={"candidates": 50}).retrieval.candidates == 50


def test_an_argument_of_none_leaves_the_setting_alone() -> None:
    assert load_settings(index=None).index == Path(".chatbot/index")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings().index = Path("other")  # type: ignore[misc]


@pytest.mark.parametrize("variable", ["CHATBOT_INDX", "CHATBOT_RETREIVAL__CANDIDATES"])
def test_an_unknown_variable_is_refused_by_its_name(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingsError, match=f"{variable}.*no such setting.*CHATBOT_INDEX"):
        load_settings()


def test_an_unknown_variable_inside_a_group_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_RETRIEVAL__CANDIDATEZ", "5")
    with pytest.raises(SettingsError, match=r"CHATBOT_RETRIEVAL__CANDIDATEZ"):
        load_settings()


def test_a_variable_below_a_setting_that_is_no_group_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_INDEX__FOLDER", "elsewhere")
    with pytest.raises(SettingsError, match="CHATBOT_INDEX__FOLDER"):
        load_settings()


@pytest.mark.parametrize(("text", "name"), [("indx = 'a'", "indx"), ("[serve]\nprt = 1", "serve.prt")])
def test_an_unknown_key_of_the_file_is_refused_by_its_name(text: str, name: str, toml: Path) -> None:
    toml.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=rf"setting {name}: .*mine\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "bound"),
    [
        ("EMBEDDING__BATCH_TOKENS", "63", "64"),
        ("PASSAGES__MAX_TOKENS", "31", "32"),
        ("RETRIEVAL__CANDIDATES", "0", "1"),
        ("RETRIEVAL__DENSE_WEIGHT", "1.5", "1"),
        ("ANSWER__GATE_THRESHOLD", "-0.1", "0"),
        ("ANSWER__MAX_CLAIMS", "21", "20"),
        ("SERVE__PORT", "65536", "65535"),
    ],
)
def test_a_number_out_of_bounds_names_setting_bound_and_value(
    name: str, value: str, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CHATBOT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert name.lower().replace("__", ".") in str(caught.value)
    assert f"equal to {bound} " in str(caught.value)
    assert f"given: '{value}'" in str(caught.value)
    assert f"CHATBOT_{name}" in str(caught.value)


def test_headings_may_take_at_most_a_third_of_a_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_PASSAGES__MAX_TOKENS", "143")
    with pytest.raises(SettingsError, match=r"passages\.heading_tokens \(48\).*passages\.max_tokens \(143\)"):
        load_settings()


def test_a_broken_file_is_named(toml: Path) -> None:
    toml.write_text("index = \n", "utf-8")
    with pytest.raises(SettingsError, match=r"mine\.toml: not valid TOML"):
        load_settings()


def test_a_file_that_is_not_utf_8_is_named(toml: Path) -> None:
    toml.write_bytes("corpus = 'Médecine'\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"mine\.toml"):
        load_settings()


@pytest.mark.parametrize("place", ["nowhere.toml", "."])
def test_a_configuration_file_that_is_missing_is_named(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_CONFIG", place)
    with pytest.raises(SettingsError, match=f"CHATBOT_CONFIG names {place}, which is not a file"):
        load_settings()


@pytest.mark.parametrize(
    "value",
    [
        "5",
        "many",
    ],
)
def test_a_group_that_is_given_a_single_value_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_RETRIEVAL", value)
    with pytest.raises(SettingsError, match="CHATBOT_RETRIEVAL"):
        load_settings()
