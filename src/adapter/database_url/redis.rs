//! The parameters of Redis's addresses. TLS has a scheme of its own there; the driver ignores every
//! other way of asking for it.

use super::vocabulary::{Form, Parameter, Values, Vocabulary};

const TLS: &str = "write `rediss://` in front, which asks for TLS and checks the certificate";

/// The words of an address: a socket has others.
pub(in crate::adapter) fn of_redis(text: &str) -> &'static Vocabulary {
    if SOCKET.has_scheme(text) { &SOCKET } else { &REDIS }
}

pub(super) static REDIS: Vocabulary = Vocabulary {
    driver: "the driver of Redis",
    schemes: &["redis://", "rediss://", "valkey://", "valkeys://"],
    form: Form::Url,
    example: "rediss://user:password@host:6379/0",
    parameters: &[Parameter {
        name: "protocol",
        aliases: &[],
        values: Values::OneOf(&["2", "3", "resp2", "resp3"]),
        synonyms: &[],
    }],
    foreign: &[
        (
            &[
                "ssl",
                "tls",
                "usessl",
                "usetls",
                "sslmode",
                "sslcertreqs",
                "sslcheckhostname",
                "tlsmode",
                "rejectunauthorized",
                "insecure",
            ],
            TLS,
        ),
        (
            &[
                "sslcacerts",
                "sslca",
                "sslcert",
                "sslcertfile",
                "sslkey",
                "sslkeyfile",
                "sslrootcert",
                "cacert",
                "tlscacertfile",
            ],
            "remove it, and write `RedisOptions::certificate_authority` or `client_certificate`",
        ),
        (&["db", "database", "dbnumber"], "write the number behind the host: `host/{value}`"),
        (&["user", "username", "pass", "password", "pwd", "auth"], "put it in front of the `@`"),
        (
            &["timeout", "sockettimeout", "connecttimeout", "commandtimeout"],
            "remove it, and write `RedisOptions::deadline`",
        ),
        (&["keyprefix", "prefix", "namespace"], "remove it, and write `RedisOptions::key_prefix`"),
        (
            &["family", "maxconnections", "poolsize", "retryontimeout", "clientname", "libname"],
            "remove it: the driver has nothing like it",
        ),
    ],
    in_fragment: Some("remove it: certificates are always checked"),
    check: None,
};

/// A socket of this machine has no authority, so the driver reads more of the query.
static SOCKET: Vocabulary = Vocabulary {
    driver: "the driver of Redis",
    schemes: &["redis+unix://", "valkey+unix://", "unix://"],
    form: Form::Url,
    example: "unix:///run/redis.sock?db=0",
    parameters: &[
        Parameter {
            name: "protocol",
            aliases: &[],
            values: Values::OneOf(&["2", "3", "resp2", "resp3"]),
            synonyms: &[],
        },
        Parameter::number("db", "db=0"),
        Parameter::any("user", &[]),
        Parameter::any("pass", &[]),
    ],
    foreign: &[
        (&["username"], "write `user`"),
        (&["password", "pwd", "auth"], "write `pass`"),
        (&["database", "dbnumber"], "write `db={value}`"),
        (&["ssl", "tls"], "remove it: a socket does not leave the machine"),
    ],
    in_fragment: None,
    check: None,
};
