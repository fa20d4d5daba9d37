"""An application in Python with typegate beside it, and a sign-in page of its own.

    export NEXTAUTH_URL=http://localhost:3000 NEXTAUTH_SECRET=$(openssl rand -base64 32)
    export TYPEGATE_ADDRESS=127.0.0.1:3001 TYPEGATE_URL=http://127.0.0.1:3001
    export AUTHORIZE_ENDPOINT=http://localhost:3000/authorize AUTHORIZE_SECRET=$(openssl rand -base64 32)
    export OIDC_ISSUER=http://localhost:3100 OIDC_CLIENT_SECRET=s3cr3t
    typegate serve --config auth.toml &
    python3 app.py

Sign in as ada with the password 1815.
"""

import hmac
import json
import os
from html import escape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SITE = os.environ["NEXTAUTH_URL"]
TYPEGATE = urlsplit(os.environ["TYPEGATE_URL"]).netloc
AUTHORIZE = "Bearer " + os.environ["AUTHORIZE_SECRET"]
ERRORS = {"CredentialsSignin": "That is not the right password."}


class Application(BaseHTTPRequestHandler):
    """Three pages, a check of passwords, and what belongs to typegate."""

    def do_GET(self):
        path = urlsplit(self.path).path
        if path.startswith("/api/auth/"):
            self.pass_on()
        elif path == "/":
            self.home()
        elif path == "/login":
            self.login()
        elif path == "/members":
            self.members()
        else:
            self.send_error(404)

    def do_POST(self):
        if self.path.startswith("/api/auth/"):
            self.pass_on()
        elif self.path == "/authorize":
            self.authorize()
        else:
            self.send_error(404)

    def ask(self, path):
        """What typegate answers to this visitor, and the cookies that it sets for them."""
        connection = HTTPConnection(TYPEGATE, timeout=10)
        try:
            connection.request("GET", path, headers={"cookie": self.headers.get("cookie", "")})
            answer = connection.getresponse()
            if answer.status != 200:
                raise RuntimeError(f"{path}: status {answer.status}")
            return json.load(answer), answer.headers.get_all("set-cookie", [])
        finally:
            connection.close()

    def home(self):
        session, cookies = self.ask("/api/auth/session")
        user = session.get("user")
        if not user:
            return self.page("Not signed in", '<a href="/login">Sign in</a>', cookies)
        name = f"<p id=name>{escape(user['name'])}</p>"
        self.page("Signed in", name + '<a href="/api/auth/signout?callbackUrl=/">Sign out</a>', cookies)

    def members(self):
        session, cookies = self.ask("/api/auth/session")
        if not session.get("user"):
            return self.redirect("/login?callbackUrl=/members")
        self.page("Members", f"<p id=name>{escape(session['user']['name'])}</p>", cookies)

    def login(self):
        """A form for each way in. The token stands in the form and in a cookie: both have to be sent."""
        query = parse_qs(urlsplit(self.path).query)
        token, cookies = self.ask("/api/auth/csrf")
        providers, _ = self.ask("/api/auth/providers")
        target = query.get("callbackUrl", ["/"])[0]
        hidden = (
            f'<input type=hidden name=csrfToken value="{escape(token["csrfToken"])}">'
            f'<input type=hidden name=callbackUrl value="{escape(target)}">'
        )
        forms = ""
        if error := query.get("error"):
            forms += f"<p role=alert>{ERRORS.get(error[0], 'That did not work. Try again.')}</p>"
        for provider in providers.values():
            if provider["type"] == "credentials":
                address, fields = provider["callbackUrl"], (
                    "<label>User name <input name=username autocomplete=username></label>"
                    "<label>Password <input name=password type=password></label>"
                )
            else:
                address, fields = provider["signinUrl"], ""
            button = f"<button>Sign in with {escape(provider['name'])}</button>"
            forms += f'<form method=post action="{escape(address)}">{hidden}{fields}{button}</form>'
        self.page("Who are you?", forms, cookies)

    def authorize(self):
        """Asked by typegate. A real application compares a password hash."""
        body = self.rfile.read(int(self.headers["content-length"]))
        given = self.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), AUTHORIZE.encode()):
            return self.send_error(401)
        if json.loads(body) != {"username": "ada", "password": "1815"}:
            return self.send_error(401)
        user = {"id": "ada", "name": "Ada Lovelace", "email": "ada@example.com"}
        self.answer(200, [("content-type", "application/json")], json.dumps(user).encode())

    def pass_on(self):
        """What a reverse proxy does in production."""
        connection = HTTPConnection(TYPEGATE, timeout=60)
        try:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            ours = ("connection", "content-length", "date", "server", "transfer-encoding")
            headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in ours]
            self.answer(answer.status, headers, answer.read())
        finally:
            connection.close()

    def page(self, heading, content, cookies=()):
        headers = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
        headers += [("set-cookie", cookie) for cookie in cookies]
        html = (
            f'<!doctype html><html lang=en><title>{heading}</title><link rel=icon href="data:,">'
            f"<main><h1>{heading}</h1>{content}</main>"
        )
        self.answer(200, headers, html.encode())

    def redirect(self, location):
        self.answer(302, [("location", location)], b"")

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = urlsplit(SITE).port or 80
    server = ThreadingHTTPServer(("127.0.0.1", port), Application)
    print(f"listening on port {port}", flush=True)
    server.serve_forever()
