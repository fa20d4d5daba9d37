"""An OpenID provider whose requests are verified by Authlib.

Prints the port it listens on, and ends when its standard input is closed. Argument: its clients, as
a JSON list of client metadata.
"""

import json
import logging
import secrets
import sys
import threading
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify
from joserfc.jwk import KeySet, OctKey, RSAKey
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)
KEY = RSAKey.generate_key(2048, {"kid": "authlib", "use": "sig", "alg": "RS256"})
METHODS = ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt",
           "none"]
ISSUER = None


class Mary:
    id = "mary"


class Client(ClientMixin):
    def __init__(self, metadata):
        self.metadata = metadata
        self.method = metadata["token_endpoint_auth_method"]

    def get_client_id(self):
        return self.metadata["client_id"]

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri in self.metadata["redirect_uris"]

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(client_secret, self.metadata["client_secret"])

    def check_endpoint_auth_method(self, method, endpoint):
        return self.method == method or (
            method == "client_assertion_jwt" and self.method.endswith("_jwt"))

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in ("authorization_code", "refresh_token")


class Code(AuthorizationCodeMixin):
    def __init__(self, code, request):
        data = request.payload.data
        self.code, self.client_id = code, request.client.get_client_id()
        self.redirect_uri, self.scope = data.get("redirect_uri"), data.get("scope")
        self.nonce, self.auth_time = data.get("nonce"), int(time.time())
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time

    def get_acr(self):
        return None

    def get_amr(self):
        return None


class Token(TokenMixin):
    def __init__(self, token, client_id):
        self.token, self.client_id = token, client_id
        self.until = time.time() + 600

    def check_client(self, client):
        return self.client_id == client.get_client_id()

    def get_scope(self):
        return self.token["scope"]

    def get_expires_in(self):
        return 600

    def is_expired(self):
        return time.time() > self.until

    def is_revoked(self):
        return False

    def get_user(self):
        return Mary()

    def get_client(self):
        return CLIENTS[self.client_id]


CLIENTS = {metadata["client_id"]: Client(metadata) for metadata in json.loads(sys.argv[1])}
CODES, ACCESS_TOKENS, REFRESH_TOKENS, STATEMENTS = {}, {}, {}, set()


def save_token(token, request):
    stored = Token(token, request.client.get_client_id())
    ACCESS_TOKENS[token["access_token"]] = stored
    if "refresh_token" in token:
        REFRESH_TOKENS[token["refresh_token"]] = stored


class CodeGrant(grants.AuthorizationCodeGrant):
    # It has one name for both kinds of statement.
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none",
                                   "client_assertion_jwt"]

    def save_authorization_code(self, code, request):
        CODES[code] = Code(code, request)

    def query_authorization_code(self, code, client):
        found = CODES.get(code)
        return found if found and found.client_id == client.get_client_id() else None

    def delete_authorization_code(self, authorization_code):
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return Mary()


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = CodeGrant.TOKEN_ENDPOINT_AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        return REFRESH_TOKENS.get(refresh_token)

    def authenticate_user(self, refresh_token):
        return Mary()

    def revoke_old_credential(self, refresh_token):
        REFRESH_TOKENS.pop(refresh_token.token["refresh_token"], None)


class OpenId(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return any(code.nonce == nonce for code in CODES.values())

    def resolve_client_private_key(self, client):
        return KEY

    def get_client_algorithm(self, client):
        return "RS256"

    def get_encode_header(self, client):
        return {"alg": "RS256", "kid": "authlib"}

    def get_client_claims(self, client):
        return {"iss": ISSUER, "aud": [client.get_client_id()]}

    def generate_user_info(self, user, scope):
        return UserInfo(sub=user.id)


class Statement(JWTBearerClientAssertion):
    def get_audiences(self):
        return [ISSUER]

    def validate_jti(self, claims, jti):
        is_new = jti not in STATEMENTS
        STATEMENTS.add(jti)
        return is_new

    def resolve_client_public_key(self, client):
        if client.method == "client_secret_jwt":
            return OctKey.import_key(client.metadata["client_secret"])
        return KeySet.import_key_set(client.metadata["jwks"])


class Bearer(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return ACCESS_TOKENS.get(token_string)


app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=save_token)
server.register_grant(CodeGrant, [OpenId(require_nonce=True), CodeChallenge(required=True)])
server.register_grant(RefreshGrant)
server.register_client_auth_method("client_assertion_jwt", Statement())
require_oauth = ResourceProtector()
require_oauth.register_token_validator(Bearer())


@app.get("/.well-known/openid-configuration")
def discovery():
    return jsonify(
        issuer=ISSUER,
        authorization_endpoint=f"{ISSUER}/authorize",
        token_endpoint=f"{ISSUER}/token",
        userinfo_endpoint=f"{ISSUER}/userinfo",
        jwks_uri=f"{ISSUER}/keys",
        token_endpoint_auth_methods_supported=METHODS,
        code_challenge_methods_supported=["S256"],
    )


@app.get("/keys")
def keys():
    return jsonify(keys=[KEY.as_dict(private=False)])


@app.get("/authorize")
def authorize():
    # Signing in is consent enough here, and whoever comes is Mary.
    grant = server.get_consent_grant(end_user=Mary())
    return server.create_authorization_response(grant=grant, grant_user=Mary())


@app.post("/token")
def token():
    return server.create_token_response()


@app.get("/userinfo")
@require_oauth("openid")
def userinfo():
    user = current_token.get_user()
    return jsonify(sub=user.id, name="Mary Somerville", email="mary@example.org")


def main():
    global ISSUER
    http = make_server("127.0.0.1", 0, app, threaded=True)
    ISSUER = f"http://127.0.0.1:{http.server_port}"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    print(http.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
