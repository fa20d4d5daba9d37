//! The parameters of PostgreSQL's addresses, and what libpq, Prisma, JDBC and Node's `pg` call
//! them.

use super::vocabulary::{Form, Parameter, Values, Vocabulary};
use super::{Mistake, UrlRefused, value_of};

const VERIFY: &str = "write `sslmode=verify-full`, which asks for TLS and checks the certificate";

pub(in crate::adapter) static POSTGRES: Vocabulary = Vocabulary {
    driver: "the driver of PostgreSQL",
    schemes: &["postgres://", "postgresql://"],
    form: Form::Url,
    example: "postgres://user:password@host/database?sslmode=verify-full",
    parameters: &[
        SSL_MODE,
        Parameter::any("sslrootcert", &["ssl-root-cert", "ssl-ca"]),
        Parameter::any("sslcert", &["ssl-cert"]),
        Parameter::any("sslkey", &["ssl-key"]),
        Parameter::number("statement-cache-capacity", "statement-cache-capacity=0"),
        // Both name the one server that the driver connects to.
        Parameter::any("host", &["hostaddr"]),
        Parameter::number("port", "port=5432"),
        Parameter::any("dbname", &[]),
        Parameter::any("user", &[]),
        Parameter::any("password", &[]),
        Parameter::any("application_name", &[]),
        Parameter { name: "options", aliases: &[], values: Values::Several, synonyms: &[] },
    ],
    foreign: &[
        (&["ssl", "tls", "usessl", "requiressl", "sslaccept", "usetls", "tlsmode"], VERIFY),
        (
            &["sslidentity", "sslpassword", "sslpfx"],
            "write `sslcert` and `sslkey`, which name PEM files",
        ),
        (&["sslcrl", "sslcrldir"], "remove it: no list of revoked certificates is read"),
        (&["channelbinding"], "remove it, and write `sslmode=verify-full`"),
        (&["schema", "searchpath", "currentschema"], "write `options[search_path]={value}`"),
        (
            &[
                "connectionlimit",
                "poolsize",
                "max",
                "maxpoolsize",
                "maxconnections",
                "poolmaxconns",
            ],
            "remove it, and write `DatabaseOptions::max_connections`, or `max_connections` in the \
             configuration file",
        ),
        (
            &[
                "connecttimeout",
                "connectiontimeout",
                "connectiontimeoutmillis",
                "logintimeout",
                "pooltimeout",
                "sockettimeout",
                "statementtimeout",
                "querytimeout",
            ],
            "remove it, and write `DatabaseOptions::deadline`",
        ),
        (
            &[
                "pgbouncer",
                "preparethreshold",
                "preparestatements",
                "statementcachesize",
                "maxpreparedstatements",
            ],
            "write `statement-cache-capacity=0`, which keeps no prepared statements",
        ),
        (&["username"], "write `user`, or put it in front of the `@`"),
        (&["pwd", "pass"], "write `password`, or put it in front of the `@`"),
        (&["database", "db"], "write `dbname`, or put it behind the host"),
        (
            &["targetsessionattrs", "targetservertype", "loadbalancehosts"],
            "remove it: the driver connects to the one server that the address names",
        ),
        (&["clientencoding", "charset"], "remove it: texts are always UTF-8"),
        (&["timezone"], "remove it: instants are always UTC"),
        (
            &[
                "passfile",
                "service",
                "servicefile",
                "gssencmode",
                "krbsrvname",
                "sslnegotiation",
                "sslminprotocolversion",
                "sslmaxprotocolversion",
                "sslsni",
                "uselibpqcompat",
                "keepalives",
                "keepalivesidle",
                "keepalivesinterval",
                "keepalivescount",
            ],
            "remove it: the driver has nothing like it",
        ),
    ],
    in_fragment: None,
    check: Some(authority_is_asked),
};

const SSL_MODE: Parameter = Parameter {
    name: "sslmode",
    aliases: &["ssl-mode"],
    values: Values::OneOf(&["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
    synonyms: &[
        ("verifyidentity", "verify-full"),
        ("strict", "verify-full"),
        ("true", "verify-full"),
        ("on", "verify-full"),
        ("yes", "verify-full"),
        ("1", "verify-full"),
        ("required", "require"),
        ("noverify", "require"),
        ("acceptinvalidcerts", "require"),
        ("preferred", "prefer"),
        ("disabled", "disable"),
        ("false", "disable"),
        ("off", "disable"),
        ("no", "disable"),
        ("0", "disable"),
    ],
};

/// A certificate authority that nobody is held against. libpq checks by it with `require`, too;
/// the driver does not.
fn authority_is_asked(parameters: &[(&'static str, String)]) -> Option<Mistake> {
    let is_checked = matches!(value_of(parameters, "sslmode"), Some("verify-ca" | "verify-full"));
    (value_of(parameters, "sslrootcert").is_some() && !is_checked).then(|| Mistake {
        cause: "`sslrootcert` has no effect, because no certificate is checked".to_owned(),
        fix: "write `sslmode=verify-full` beside it".to_owned(),
    })
}

/// Judges `PGSSLMODE`, which counts where the address has no `sslmode`, and which the driver
/// ignores if it does not know it.
pub(in crate::adapter) fn check_environment(
    in_address: Option<&str>,
    in_environment: Option<&str>,
) -> Result<(), UrlRefused> {
    let (None, Some(given)) = (in_address, in_environment) else { return Ok(()) };
    let Values::OneOf(known) = &SSL_MODE.values else { return Ok(()) };
    if known.contains(&given.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    let fix = match SSL_MODE.value_meant(given) {
        Some(value) => format!("did you mean `PGSSLMODE={value}`?"),
        None => "write `PGSSLMODE=verify-full`".to_owned(),
    };
    let given = given.escape_debug();
    Err(UrlRefused::new(format!("the variable PGSSLMODE of the environment is `{given}`"), fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r195_a_variable_that_the_driver_would_ignore_is_refused() {
        let refused = check_environment(None, Some("verify_full")).unwrap_err().to_string();
        assert!(refused.contains("`PGSSLMODE=verify-full`"), "{refused}");
        assert!(check_environment(Some("require"), Some("verify_full")).is_ok());
        assert!(check_environment(None, Some("Verify-Full")).is_ok());
        assert!(check_environment(None, None).is_ok());
    }
}
