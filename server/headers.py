"""What every answer carries: a strict content policy, no framing, no sniffing, no leaking addresses."""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server.settings import Settings, at_console

NO_STORE = (b"cache-control", b"no-store")


def policy(settings: Settings) -> str:
    """The content policy: everything from here, nothing inline, no frames; the socket of this very origin."""
    socket = "ws" + settings.origin.removeprefix("http")
    return "; ".join(
        (
            "default-src 'self'",
            f"connect-src 'self' {socket}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


CONSOLE = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""The content policy of the officers' console: what it needs and nothing else, and no text ever becomes a script."""


def every(settings: Settings, host: str = "") -> dict[str, str]:
    """The headers of every answer; `host` is the one that was asked."""
    told = {
        "content-security-policy": CONSOLE if at_console(settings, host) else policy(settings),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
    if settings.secure_cookies:
        told["strict-transport-security"] = "max-age=31536000"
    return told


def _raw(told: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode(), value.encode()) for name, value in told.items())


class Headers(ASGIMiddleware):
    """Puts the headers on every HTTP answer; pages are never kept by caches unless they say so themselves."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._every = _raw(every(settings))
        self._console = _raw(every(settings, settings.officers.partition("://")[2]))
        self._names = frozenset(name for name, _ in (*self._every, *self._console))

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on and dress its answer."""
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
        told = self._console if at_console(self._settings, host) else self._every

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [each for each in message["headers"] if each[0].lower() not in self._names]
                kept = any(name.lower() == b"cache-control" for name, _ in own)
                message["headers"] = [*own, *told, *(() if kept else (NO_STORE,))]
            await send(message)

        await next_app(scope, receive, dressed)
