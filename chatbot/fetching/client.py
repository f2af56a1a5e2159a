"""Requests that keep to a service's limits, are tried again when that may help, and never show a key.

Tried again: no connection, no answer in time, 408, 429, 5xx, and a reply that is cut short, empty, or an error in the
shape of a success. Everything else ends in FetchError at once.
"""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote_plus

import httpx
import tenacity
from pydantic import SecretStr

from chatbot.errors import FetchError
from chatbot.fetching.pace import Clock, Pace
from chatbot.settings import FetchSettings

TOOL = "medical-follow-up-chatbot"

_MOST_BYTES = 256 * 2**20  # of one reply: as much as a reader takes of one file
_MOST_WAITED = 300.0  # seconds a service may ask us to wait; longer is a daily limit, and for the user to decide on
_LONGEST_PAUSE = 60.0
_ENOUGH_SAID = 300  # characters of what a service said

_KEPT = "what has been fetched is kept, and the same command goes on from there"

Result = TypeVar("Result")
Parameters = Mapping[str, str | int]


@dataclass(frozen=True)
class Service:
    """Where records come from: its name in messages, its address, its limit, and the user's key if there is one.

    ``key_variable`` names the setting of the key. ``key_as_user``: the key goes in place of a user's name (basic
    authentication); otherwise whoever makes the request puts it among the parameters of a POST. It is never in an
    address.
    """

    name: str
    address: str
    per_second: float
    key: SecretStr | None = None
    key_variable: str = ""
    key_as_user: bool = False


@dataclass(frozen=True)
class Reply:
    """A whole reply: its status (200, 400, 404 or another below 500) and its bytes."""

    status: int
    body: bytes


class Unusable(Exception):
    """A reply that may be better the next time: cut short, empty, an error within a success."""

    def __init__(self, problem: str, advice: str = "try again later", wait: float = 0.0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice
        self.wait = wait


class Refused(Exception):
    """A reply that will be the same the next time."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice


class Client:
    """Asks one service. ``on_wait`` is told, in a sentence, when a request is going to be tried again."""

    def __init__(
        self,
        service: Service,
        settings: FetchSettings,
        clock: Clock | None = None,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        self.service = service
        self._attempts = settings.attempts
        self._timeout = settings.timeout_seconds
        self._clock = clock or Clock()
        self._pace = Pace(settings.requests_per_second or service.per_second, self._clock)
        self._on_wait = on_wait or (lambda said: None)
        key = service.key.get_secret_value() if service.key else ""
        self._secrets = {key, quote_plus(key)} - {""}
        auth = (key, "") if key and service.key_as_user else None
        try:
            self._address = httpx.URL(service.address.rstrip("/"))
        except httpx.InvalidURL as error:
            raise FetchError(f"{service.address} is not an address ({error}); correct it in the settings") from error
        try:
            self._http = httpx.Client(timeout=self._timeout, headers={"User-Agent": TOOL}, auth=auth)
        except (ValueError, ImportError, httpx.InvalidURL) as error:  # not quoted: it may hold the proxy's password
            raise FetchError("the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY cannot be used; correct it") from error

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, parameters: Parameters, read: Callable[[Reply], Result]) -> Result:
        """What ``read`` makes of the reply; it raises Unusable or Refused of one that is not what was asked for.

        Raises FetchError where nothing usable came, however often it was asked.
        """
        return self._ask("GET", path, lambda url: self._http.build_request("GET", url, params=dict(parameters)), read)

    def post(self, path: str, parameters: Parameters, read: Callable[[Reply], Result]) -> Result:
        """As ``get``, with the parameters in the body: they may be long, and do not show in logs on the way."""
        form = {name: str(value) for name, value in parameters.items()}
        return self._ask("POST", path, lambda url: self._http.build_request("POST", url, data=form), read)

    def _ask(
        self, method: str, path: str, build: Callable[[str], httpx.Request], read: Callable[[Reply], Result]
    ) -> Result:
        address = f"{self._address}/{path}"
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Unusable),
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=_pause,
            sleep=self._clock.sleep,
            before_sleep=self._say,
            reraise=True,
        )
        try:
            return retrying(lambda: read(self._send(build(address))))
        except Unusable as error:
            tried = f" ({self._attempts} attempts)" if self._attempts > 1 else ""
            raise self._failure(error.problem + tried, method, address, f"{error.advice}; {_KEPT}") from None
        except Refused as error:
            raise self._failure(error.problem, method, address, error.advice) from None

    def _send(self, request: httpx.Request) -> Reply:
        self._pace.wait()
        host = request.url.host
        try:
            response = self._http.send(request, stream=True, follow_redirects=request.method == "GET")
            try:
                reply = Reply(response.status_code, self._body(response))
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise Unusable(
                f"no connection to {host} ({_reason(error)})", "check the connection, or the proxy in HTTPS_PROXY"
            ) from error
        except httpx.TimeoutException as error:
            raise Unusable(f"{host} did not answer within {self._timeout:g} s") from error
        except httpx.RemoteProtocolError as error:
            raise Unusable("the reply was cut short") from error
        except httpx.RequestError as error:
            raise Unusable(f"the reply could not be received ({_reason(error)})") from error
        self._judge(response, reply)
        return reply

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _MOST_BYTES:
                raise Refused(f"the reply is larger than {_MOST_BYTES // 2**20} MB", "ask for less with --limit")
        return bytes(body)

    def _judge(self, response: httpx.Response, reply: Reply) -> None:
        """Raises Unusable or Refused of a status that means the same of every service."""
        status = reply.status
        if status in (408, 429) or status >= 500:
            wait = _asked_to_wait(response)
            said = f"{response.url.host} " + (
                "asks for fewer requests (429)" if status == 429 else f"answered {status}"
            )
            if wait > _MOST_WAITED:
                raise Refused(f"{said}, and to wait for {wait / 3600:.1f} h", f"run the command again then; {_KEPT}")
            raise Unusable(said, wait=wait)
        if status in (401, 403):
            raise self._bad_key(f"{response.url.host} refuses ({status})")
        if 300 <= status < 400:
            raise Refused(f"{response.url.host} sends elsewhere ({status})", "correct the address in the settings")
        if status == 200 and not reply.body.strip():
            raise Unusable("the reply is empty")

    def _bad_key(self, problem: str) -> Refused:
        if self.service.key is None:
            return Refused(problem, "look at the service's page whether it is open to you")
        return Refused(problem, f"correct the key in {self.service.key_variable}, or unset it")

    def _say(self, state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        seconds = state.next_action.sleep if state.next_action else 0.0
        self._on_wait(self._without_secrets(f"{self.service.name}: {error}; trying again in {seconds:.0f} s"))

    def _failure(self, problem: str, method: str, address: str, advice: str) -> FetchError:
        said = f"{self.service.name}: {problem}, asked by {method} {address}; {advice}"
        return FetchError(self._without_secrets(said))

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text


def brief(text: str) -> str:
    """What a service said, on one line, without the end of a long one."""
    line = " ".join(text.split())
    return line if len(line) <= _ENOUGH_SAID else line[:_ENOUGH_SAID] + "…"


def _pause(state: tenacity.RetryCallState) -> float:
    """Seconds: 1, 2, 4 … 60, up to a second more at random so that many users do not come back together.

    At least as long as the service asked for.
    """
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, Unusable) else 0.0
    return max(asked, tenacity.wait_exponential_jitter(initial=1, max=_LONGEST_PAUSE, jitter=1)(state))


def _asked_to_wait(response: httpx.Response) -> float:
    """Seconds of the header Retry-After, which is a number of them or a date (RFC 9110, 10.2.3); 0 without one."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        then = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _reason(error: Exception) -> str:
    return brief(str(error)) or type(error).__name__
