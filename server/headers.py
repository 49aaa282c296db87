"""What every answer carries: a strict content policy, no framing, no sniffing, no leaking addresses."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server.settings import Settings


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


def every(settings: Settings) -> dict[str, str]:
    """The headers of every answer."""
    told = {
        "content-security-policy": policy(settings),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
    if settings.secure_cookies:
        told["strict-transport-security"] = "max-age=31536000"
    return told


class Headers(ASGIMiddleware):
    """Puts the headers on every HTTP answer; pages are never kept by caches unless they say so themselves."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, settings: Settings) -> None:
        self._every = every(settings)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on and dress its answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in self._every.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await next_app(scope, receive, dressed)
