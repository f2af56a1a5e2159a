"""Every setting, with its unit and bounds. Sources, strongest first: arguments, environment, TOML file, defaults.

Environment: ``CHATBOT_INDEX=data/index``, ``CHATBOT_RETRIEVAL__CANDIDATES=200``. TOML: the file ``CHATBOT_CONFIG``
names, else ``chatbot.toml`` in the working folder if there is one. Unknown keys are refused in both.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings import SettingsError as UnreadableSettings

from chatbot.errors import SettingsError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_PREFIX = "CHATBOT_"
_CONFIG_VARIABLE = "CHATBOT_CONFIG"
_ADDRESS = r"^https?://[^/?#@\s]+(/[^?#@\s]*)?$"  # no user, no query: messages name addresses, and those hold secrets


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbeddingSettings(_Group):
    """Which model turns text into vectors, and how it is run."""

    model: str = Field(default=DEFAULT_MODEL, min_length=1, description="a sentence-transformers name or folder")
    batch_tokens: int = Field(default=2048, ge=64, le=65536, description="tokens in a batch, padding included")
    threads: int = Field(default=0, ge=0, le=256, description="0: one per core")


class PassageSettings(_Group):
    """How documents are cut. Changing any of these needs a new index."""

    max_tokens: int = Field(default=160, ge=32, le=4096, description="tokens of one passage, headings included")
    heading_tokens: int = Field(default=48, ge=0, le=512, description="tokens of title and heading put before it")


class RetrievalSettings(_Group):
    """Fusion weights and candidate counts; docs/architecture.md gives the measurements behind them."""

    candidates: int = Field(default=100, ge=1, le=10_000, description="taken from each of Chroma and Tantivy")
    dense_weight: float = Field(default=0.75, ge=0, le=1, description="weight of the cosines; the rest is BM25's")
    sentence_weight: float = Field(default=0.3, ge=0, le=1, description="share of the best sentence in the cosines")
    document_weight: float = Field(default=0.5, ge=0, le=1, description="share of the whole document in BM25")
    parts_weight: float = Field(default=0.4, ge=0, le=1, description="share of the parts of words in BM25")
    rarity: float = Field(default=0.75, ge=0, le=4, description="power of its idf by which a word's BM25 counts more")
    expansion_weight: float = Field(default=0.5, ge=0, le=1, description="weight of a word added to those typed")
    pool_passages: int = Field(default=12, ge=0, le=200, description="best passages of a kind kept for the next turn")


class AnswerSettings(_Group):
    """When to answer, and how much to quote."""

    gate_threshold: float | None = Field(
        default=None, ge=0, le=1, description="none: the one calibrated with the index"
    )
    false_refusals: float = Field(
        default=0.05, ge=0, le=0.3, description="share of the index's own known questions that may be refused"
    )
    max_claims: int = Field(default=5, ge=1, le=20, description="quotes in a section")
    max_question_characters: int = Field(default=2000, ge=50, le=100_000)


class FetchSettings(_Group):
    """How `chatbot fetch` asks for records. Keys raise what a service allows; they are sent, and never shown."""

    ncbi_api_key: SecretStr | None = Field(default=None, description="of an NCBI account: 10 requests a second, not 3")
    openfda_api_key: SecretStr | None = Field(default=None, description="120,000 requests a day, not 1,000")
    email: str | None = Field(
        default=None, pattern=r"^[^@\s]+@[^@\s]+$", description="whom NCBI may write to before it shuts a user out"
    )
    requests_per_second: float | None = Field(
        default=None, gt=0, le=1000, description="none: what the service allows, with a key where one is set"
    )
    timeout_seconds: float = Field(default=60, gt=0, le=600, description="waited for a connection, and for more bytes")
    attempts: int = Field(default=6, ge=1, le=20, description="of one request, with growing pauses between them")
    eutils_url: str = Field(default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils", pattern=_ADDRESS)
    openfda_url: str = Field(default="https://api.fda.gov", pattern=_ADDRESS)
    dailymed_url: str = Field(default="https://dailymed.nlm.nih.gov/dailymed/services/v2", pattern=_ADDRESS)


class ServeSettings(_Group):
    """Where the page listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    allow_without_login: bool = Field(
        default=False, description="lets others in, though all would be one person with every role"
    )


class PeopleSettings(_Group):
    """What a login's token says about a person. Without a login there is one person, who may do everything."""

    id_claim: str = Field(default="sub", min_length=1, description="claim that tells people apart and never changes")
    roles_claim: str = Field(default="roles", min_length=1, description="claim that holds a role, or a list of them")
    reviewer_role: str = Field(default="reviewer", min_length=1, description="its value for those who review")
    admin_role: str = Field(default="admin", min_length=1, description="its value for those who index")
    login_hours: int = Field(
        default=24, ge=1, le=720, description="after which one logs in again: a role taken away lasts no longer"
    )


class Settings(BaseSettings):
    """The whole tree. Frozen: a change of settings is a new object."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    corpus: Path = Field(default=Path("corpus"), description="folder indexed when no path is given")
    index: Path = Field(default=Path(".chatbot/index"), description="folder of the index")
    data: Path = Field(
        default=Path(".chatbot/data"), description="folder of what people leave: conversations, drafts, reviews"
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("medical-follow-up-chatbot", appauthor=False)),
        description="folder of what is made once and can be made again (the exported embedding model)",
    )
    embedding: EmbeddingSettings = EmbeddingSettings()
    passages: PassageSettings = PassageSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    serve: ServeSettings = ServeSettings()
    fetch: FetchSettings = FetchSettings()
    people: PeopleSettings = PeopleSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the names are the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        path = config_file()
        if path is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=path)

    @model_validator(mode="after")
    def _heading_leaves_room(self) -> Settings:
        if self.passages.heading_tokens * 3 > self.passages.max_tokens:  # as many again: a table's header
            raise ValueError(
                f"passages.heading_tokens ({self.passages.heading_tokens}) may be at most a third of "
                f"passages.max_tokens ({self.passages.max_tokens})"
            )
        return self


def config_file() -> Path | None:
    """The TOML file in force, or None. Raises SettingsError where ``CHATBOT_CONFIG`` names no file."""
    named = os.environ.get(_CONFIG_VARIABLE)
    if named:
        path = Path(named)
        if not path.is_file():
            raise SettingsError(f"{_CONFIG_VARIABLE} names {named}, which is not a file; correct it or unset it")
        return path
    default = Path("chatbot.toml")
    return default if default.is_file() else None


def load_settings(**overrides: Any) -> Settings:
    """The settings in force, ``overrides`` (without the None among them) on top.

    Raises SettingsError that names the setting, the value and the bound.
    """
    _refuse_unknown_variables()
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        value = "" if _may_hold_a_secret(name, first["type"]) else f" (given: {first['input']!r})"
        raise SettingsError(
            f"setting {name}: {first['msg']}{value}; correct it in the environment "
            f"({_PREFIX}{name.replace('.', '__').upper()}) or in {config_file() or 'chatbot.toml'}"
        ) from (None if not value else error)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{config_file()}: not valid TOML in UTF-8: {error}; correct the file") from error
    except UnreadableSettings as error:
        raise SettingsError(
            f"{error}; a group of settings is set part by part, as in {_PREFIX}RETRIEVAL__CANDIDATES=100"
        ) from error


def _may_hold_a_secret(name: str, problem: str) -> bool:
    """Keys, misspelt or misplaced ones too; addresses, into which people paste passwords; all settings together."""
    return problem == "extra_forbidden" or name in {"settings", "fetch"} or name.endswith(("_key", "_url"))


def _refuse_unknown_variables() -> None:
    """A misspelt variable must not be ignored: pydantic-settings only sees the names it knows."""
    known = set(Settings.model_fields)
    for variable in os.environ:
        if not variable.startswith(_PREFIX) or variable == _CONFIG_VARIABLE:
            continue
        name, _, part = variable.removeprefix(_PREFIX).lower().partition("__")
        if name in known and part and not isinstance(Settings.model_fields[name].default, _Group):
            raise SettingsError(f"{variable} is set, but {name} has no parts; set {_PREFIX}{name.upper()}")
        if name not in known:
            raise SettingsError(
                f"{variable} is set, but there is no such setting; known are "
                + ", ".join(f"{_PREFIX}{field.upper()}" for field in sorted(known))
            )
