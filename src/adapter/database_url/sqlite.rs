//! The parameters of SQLite's addresses.

use super::vocabulary::{Form, Parameter, Values, Vocabulary};

pub(in crate::adapter) static SQLITE: Vocabulary = Vocabulary {
    driver: "the driver of SQLite",
    schemes: &["sqlite:"],
    form: Form::File,
    example: "sqlite://auth.db",
    parameters: &[
        Parameter {
            name: "mode",
            aliases: &[],
            values: Values::OneOf(&["ro", "rw", "rwc", "memory"]),
            synonyms: &[
                ("readonly", "ro"),
                ("read", "ro"),
                ("readwrite", "rw"),
                ("create", "rwc"),
                ("readwritecreate", "rwc"),
            ],
        },
        Parameter {
            name: "cache",
            aliases: &[],
            values: Values::OneOf(&["private", "shared"]),
            synonyms: &[],
        },
        Parameter {
            name: "immutable",
            aliases: &[],
            values: Values::OneOf(&["true", "false", "1", "0"]),
            synonyms: &[("yes", "true"), ("on", "true"), ("no", "false"), ("off", "false")],
        },
        Parameter::any("vfs", &[]),
    ],
    foreign: &[
        (&["journalmode", "journal", "wal"], "remove it: a write-ahead log is always kept"),
        (&["foreignkeys", "fk"], "remove it: foreign keys always hold"),
        (
            &["busytimeout", "timeout", "sockettimeout", "connecttimeout", "pooltimeout"],
            "remove it, and write `DatabaseOptions::deadline`",
        ),
        (
            &["connectionlimit", "poolsize", "max", "maxconnections"],
            "remove it, and write `DatabaseOptions::max_connections`, or `max_connections` in the \
             configuration file",
        ),
        (
            &["key", "cipher", "hexkey", "password", "encryptionkey"],
            "remove it: the file is not encrypted; keep it on a volume that is",
        ),
        (
            &["authtoken", "tls", "syncurl"],
            "remove it: the address names a file of this machine, not a server",
        ),
        (
            &["synchronous", "pragma", "txlock", "nolock", "psow"],
            "remove it: the driver has nothing like it",
        ),
    ],
    in_fragment: None,
    check: None,
};
