"""A small OpenID provider on loopback: discovery, a page that asks for consent, codes with PKCE, signed tokens.

It follows OpenID Connect Core 1.0 (authorization code flow) as far as signing in goes; `Mood` lets it break its word.
The published doubles bring a web framework and twenty packages more; this needs what is here already (PyJWT).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, KEY_ID = "duikou", "a-secret-for-the-tests", "one"


@dataclass
class Mood:
    """How the provider behaves; `token` overrides claims of the id token, `userinfo` those of the userinfo."""

    token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    is_broken: bool = False


class Provider:
    """A running provider; `people` maps what may be typed on its page to the claims of that person."""

    def __init__(self, people: dict[str, dict[str, Any]], port: int = 0) -> None:
        self.people, self.mood, self.asked = people, Mood(), []
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"provider": self}))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    asked: list[dict[str, str]]
    """Every request for authorization, as its parameters."""

    def stop(self) -> None:
        """Be down from now on."""
        self.server.shutdown()
        self.server.server_close()

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        """The public half of the signing key."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}

    def answered(self, asked: dict[str, str], person: str) -> dict[str, str]:
        """What goes back to the site: a code for whoever is known, else that access was denied."""
        if person not in self.people:
            return {"error": "access_denied", "state": asked["state"]}
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "person": person}
        return {"code": code, "state": asked["state"]}

    def exchanged(self, form: dict[str, str], credentials: str) -> dict[str, Any] | None:
        """Tokens for a code that is used once, by the client that asked, with the verifier of its challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        given = base64.b64decode(credentials).decode() if credentials else ""
        client = given or f"{form.get('client_id')}:{form.get('client_secret')}"
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or client != f"{CLIENT}:{SECRET}" or challenge != asked.get("code_challenge"):
            return None
        access = secrets.token_urlsafe(16)
        self.tokens[access] = asked["person"]
        moment = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": f"id-{asked['person']}",
            "iat": moment,
            "exp": moment + 300,
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
            **self.mood.token,
        }
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID})
        return {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def told(self, access: str) -> dict[str, Any] | None:
        """The userinfo of whoever the access token is for."""
        person = self.tokens.get(access)
        return None if person is None else {"sub": f"id-{person}", **self.people[person], **self.mood.userinfo}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        """Discovery, keys, the page of consent, and who somebody is."""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        provider = self.provider
        if provider.mood.is_broken:
            self._say(500, "text/plain", "broken")
        elif parts.path == "/.well-known/openid-configuration":
            self._json(200, provider.configuration())
        elif parts.path == "/keys":
            self._json(200, provider.keys())
        elif parts.path == "/userinfo":
            found = provider.told(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self._json(200 if found else 401, found or {"error": "invalid_token"})
        elif parts.path == "/authorize" and asked.get("client_id") == CLIENT:
            provider.asked.append(asked)
            self._say(200, "text/html", _PAGE % html.escape(json.dumps(asked)))
        else:
            self._say(404, "text/plain", "nothing here")

    def do_POST(self) -> None:
        """The answer given on the page of consent, and the exchange of its code."""
        length = int(self.headers.get("Content-Length") or 0)
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        if self.path == "/consent":
            asked = json.loads(form["asked"])
            person = form.get("person", "") if form.get("answer") == "yes" else ""
            self.send_response(303)
            self.send_header("Location", asked["redirect_uri"] + "?" + urlencode(self.provider.answered(asked, person)))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/token":
            credentials = self.headers.get("Authorization", "").removeprefix("Basic ")
            found = self.provider.exchanged(form, credentials)
            self._json(200 if found else 400, found or {"error": "invalid_grant"})
        else:
            self._say(404, "text/plain", "nothing here")

    def _json(self, status: int, value: object) -> None:
        self._say(status, "application/json", json.dumps(value))

    def _say(self, status: int, kind: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


_PAGE = """<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,">
<form method="post" action="/consent"><input type="hidden" name="asked" value="%s">
<input name="person" aria-label="person"><button name="answer" value="yes">Yes</button>
<button name="answer" value="no">No</button></form></html>"""
