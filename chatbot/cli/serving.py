"""``chatbot serve``: an index that is up to date, then the page."""

from __future__ import annotations

import os
import socket
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from chatbot.cli.options import IndexOption
from chatbot.errors import ServeError
from chatbot.listening import refuse_strangers
from chatbot.settings import ServeSettings, Settings, load_settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port; default 8501.")] = None,
    index: IndexOption = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Brings the index up to date with the corpus and opens the chat."""
    settings = load_settings(index=index)
    place = settings.serve.model_copy(update={"host": host or settings.serve.host, "port": port or settings.serve.port})
    if not place.allow_without_login and not _may_have_login():
        refuse_strangers(place.host)
    _check_port(place)
    _bring_up_to_date(settings)
    url = f"http://{place.host}:{place.port}"
    print(f"The chat is at {url} (stop it with Ctrl-C)", flush=True)
    os.environ["CHATBOT_INDEX"] = str(settings.index.absolute())
    os.environ["CHATBOT_CORPUS"] = str(settings.corpus.absolute())
    os.environ["CHATBOT_DATA"] = str(settings.data.absolute())
    _run_streamlit(place, opens_browser=browser and _has_screen())


def _may_have_login() -> bool:
    """Whether Streamlit's secrets may ask for a login; the page itself looks again, where Streamlit has read them."""
    if os.environ.get("STREAMLIT_SECRETS_FILES"):
        return True
    for folder in (Path.home(), Path.cwd()):
        try:
            if "auth" in tomllib.loads((folder / ".streamlit" / "secrets.toml").read_text("utf-8")):
                return True
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ServeError(
                f"{folder / '.streamlit' / 'secrets.toml'} cannot be read ({error}), so nobody could log in; correct it"
            ) from error
    return False


def _check_port(place: ServeSettings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in place.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            raise ServeError(
                f"cannot listen on {place.host}:{place.port} ({error.strerror}); stop what is listening there, or "
                f"choose another port: chatbot serve --port {place.port + 1}"
            ) from error


def _bring_up_to_date(settings: Settings) -> None:
    """Indexes where the corpus has changed since the last complete run; milliseconds where it has not."""
    from chatbot.index.sources import is_current

    if is_current(settings, [settings.corpus]):
        return
    from chatbot.cli.indexing import build

    build(settings, [settings.corpus])


def _has_screen() -> bool:
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _run_streamlit(place: ServeSettings, *, opens_browser: bool) -> None:
    """Replaces this process by the page's server, which opens the browser itself: no thread of ours outlives this."""
    app = Path(str(files("chatbot.ui") / "app.py"))
    options = {
        "server.address": place.host,
        "server.port": str(place.port),
        "server.headless": str(not opens_browser).lower(),
        "server.showEmailPrompt": "false",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "logger.level": "warning",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "streamlit", "run", str(app), *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell
