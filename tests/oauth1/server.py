"""An OAuth 1.0a provider whose requests are verified by oauthlib.

Prints the port it listens on, and ends when its standard input is closed. Any client is known: its
secret follows from its key, so that a test may use whatever characters it likes.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from oauthlib.common import generate_token
from oauthlib.oauth1 import RequestValidator, WebApplicationServer

VERIFIER = "verifier &%+é"


def client_secret(key):
    return key[::-1] + " &%+é"


class Validator(RequestValidator):
    """Keeps tokens and nonces in memory."""

    allowed_signature_methods = ("HMAC-SHA1", "PLAINTEXT")
    enforce_ssl = False
    dummy_client = dummy_request_token = dummy_access_token = "nobody"

    def __init__(self):
        self.request_tokens = {}
        self.access_tokens = {}
        self.nonces = set()

    def check_client_key(self, client_key):
        return True

    check_request_token = check_access_token = check_verifier = check_client_key

    def check_nonce(self, nonce):
        # 128 bits, in letters and digits.
        return len(nonce) >= 32 and nonce.isalnum()

    def check_realms(self, realms):
        return True

    def validate_client_key(self, client_key, request):
        return client_key != "nobody"

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request,
                                     request_token=None, access_token=None):
        used = (client_key, timestamp, nonce, request_token, access_token)
        is_new = used not in self.nonces
        self.nonces.add(used)
        return is_new

    def get_client_secret(self, client_key, request):
        return client_secret(client_key)

    def get_default_realms(self, client_key, request):
        return []

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def get_realms(self, token, request):
        return []

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "https://app.example.com/api/auth/callback/trails"

    def save_request_token(self, token, request):
        self.request_tokens[token["oauth_token"]] = (token["oauth_token_secret"], request.client_key)

    def validate_request_token(self, client_key, token, request):
        return self.request_tokens.get(token, ("", None))[1] == client_key

    def get_request_token_secret(self, client_key, token, request):
        return self.request_tokens.get(token, ("", None))[0]

    def validate_verifier(self, client_key, token, verifier, request):
        return verifier == VERIFIER

    def invalidate_request_token(self, client_key, request_token, request):
        del self.request_tokens[request_token]

    def save_access_token(self, token, request):
        self.access_tokens[token["oauth_token"]] = (token["oauth_token_secret"], request.client_key)

    def validate_access_token(self, client_key, token, request):
        return self.access_tokens.get(token, ("", None))[1] == client_key

    def get_access_token_secret(self, client_key, token, request):
        return self.access_tokens.get(token, ("", None))[0]


def generate():
    """Tokens with characters that must be encoded."""
    return generate_token(20) + " &=%+é~'()*!"


ENDPOINT = WebApplicationServer(Validator())
ENDPOINT.token_generator = generate


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one write: else every answer waits for an acknowledgement.
    wbufsize = -1

    def do_GET(self):
        self.serve()

    do_POST = do_GET

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        address = f"http://{self.headers['Host']}{self.path}"
        request = (address, self.command, body, dict(self.headers))
        path = self.path.split("?")[0]
        if path == "/request_token":
            headers, answer, status = ENDPOINT.create_request_token_response(*request)
        elif path == "/access_token":
            headers, answer, status = ENDPOINT.create_access_token_response(*request)
        elif path == "/1.1/me.json":
            is_valid, signed = ENDPOINT.validate_protected_resource_request(*request, realms=[])
            headers = {"Content-Type": "application/json"}
            answer = json.dumps({"id_str": signed.client_key if signed else "", "name": "Ada"})
            status = 200 if is_valid else 401
        else:
            headers, answer, status = {}, "", 404
        content = (answer or "").encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
