//! The parameters of MySQL's addresses, and what its own clients, Prisma, JDBC and Node's drivers
//! call them.

use super::vocabulary::{Form, Parameter, Values, Vocabulary};
use super::{Mistake, value_of};

const VERIFY: &str =
    "write `ssl-mode=VERIFY_IDENTITY`, which asks for TLS and checks the certificate";

pub(in crate::adapter) static MYSQL: Vocabulary = Vocabulary {
    driver: "the driver of MySQL",
    schemes: &["mysql://", "mariadb://"],
    form: Form::Url,
    example: "mysql://user:password@host/database?ssl-mode=VERIFY_IDENTITY",
    parameters: &[
        Parameter {
            name: "ssl-mode",
            aliases: &["sslmode"],
            values: Values::OneOf(&[
                "DISABLED",
                "PREFERRED",
                "REQUIRED",
                "VERIFY_CA",
                "VERIFY_IDENTITY",
            ]),
            synonyms: &[
                ("verifyfull", "VERIFY_IDENTITY"),
                ("strict", "VERIFY_IDENTITY"),
                ("true", "VERIFY_IDENTITY"),
                ("on", "VERIFY_IDENTITY"),
                ("yes", "VERIFY_IDENTITY"),
                ("1", "VERIFY_IDENTITY"),
                ("require", "REQUIRED"),
                ("trust", "REQUIRED"),
                ("acceptinvalidcerts", "REQUIRED"),
                ("prefer", "PREFERRED"),
                ("allow", "PREFERRED"),
                ("disable", "DISABLED"),
                ("false", "DISABLED"),
                ("off", "DISABLED"),
                ("no", "DISABLED"),
                ("0", "DISABLED"),
            ],
        },
        Parameter::any("ssl-ca", &["sslca"]),
        Parameter::any("ssl-cert", &["sslcert"]),
        Parameter::any("ssl-key", &["sslkey"]),
        Parameter::any("charset", &[]),
        Parameter::any("collation", &[]),
        Parameter::number("statement-cache-capacity", "statement-cache-capacity=0"),
        Parameter::any("socket", &[]),
        Parameter::any("timezone", &["time-zone"]),
    ],
    foreign: &[
        (
            &[
                "ssl",
                "tls",
                "usessl",
                "requiressl",
                "sslaccept",
                "usetls",
                "tlsmode",
                "sslverifyservercert",
                "verifyservercertificate",
                "trustservercertificate",
            ],
            VERIFY,
        ),
        (
            &["sslrootcert", "serversslcert", "trustcertificatekeystoreurl"],
            "write `ssl-ca`, which names a PEM file",
        ),
        (
            &["sslidentity", "sslpassword", "clientcertificatekeystoreurl"],
            "write `ssl-cert` and `ssl-key`, which name PEM files",
        ),
        (
            &["connectionlimit", "poolsize", "max", "maxpoolsize", "maxconnections"],
            "remove it, and write `DatabaseOptions::max_connections`, or `max_connections` in the \
             configuration file",
        ),
        (
            &[
                "connecttimeout",
                "connectiontimeout",
                "pooltimeout",
                "sockettimeout",
                "querytimeout",
                "acquiretimeout",
            ],
            "remove it, and write `DatabaseOptions::deadline`",
        ),
        (
            &["servertimezone", "connectiontimezone"],
            "remove it: instants are always UTC; for tables of Drizzle in another zone write `timezone`",
        ),
        (&["characterencoding", "useunicode"], "remove it: texts are always UTF-8"),
        (
            &["allowpublickeyretrieval", "getserverpublickey"],
            "remove it: passwords are sent over TLS or a socket only",
        ),
        (&["user", "username", "password", "pwd", "pass"], "put it in front of the `@`"),
        (&["database", "db", "dbname", "schema"], "put it behind the host: `host/{value}`"),
        (
            &["host", "hostaddr", "port"],
            "put it behind the `@`, or write `socket` for the path of one",
        ),
        (&["unixsocket", "socketpath"], "write `socket`"),
        (
            &["autoreconnect", "usecursors", "rewritebatchedstatements", "multistatements"],
            "remove it: the driver has nothing like it",
        ),
    ],
    in_fragment: None,
    check: Some(authority_is_asked),
};

/// A certificate authority that nobody is held against.
fn authority_is_asked(parameters: &[(&'static str, String)]) -> Option<Mistake> {
    let is_checked =
        matches!(value_of(parameters, "ssl-mode"), Some("VERIFY_CA" | "VERIFY_IDENTITY"));
    (value_of(parameters, "ssl-ca").is_some() && !is_checked).then(|| Mistake {
        cause: "`ssl-ca` has no effect, because no certificate is checked".to_owned(),
        fix: "write `ssl-mode=VERIFY_IDENTITY` beside it".to_owned(),
    })
}
