//! What keeps a database from doing what it was asked, and what whoever runs it can do about it.
//! Which codes mean what, each driver knows.

/// The kind of a failure, as far as it matters what to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::adapter) enum Trouble {
    /// There is no way to the server.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Unreachable,
    /// The certificate of the server is not one that is believed, or it has no TLS.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Certificate,
    /// The server does not know this user or this password.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Password,
    /// The server has no database of this name.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    UnknownDatabase,
    /// The account may not do it.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Rights,
    /// The server takes no writes.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    ReadOnly,
    /// It is starting or stopping.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Starting,
    /// It has as many connections as it allows.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Connections,
    /// A prepared statement is for tables that were changed since.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Stale,
    /// A column cannot keep these characters.
    #[cfg(feature = "mysql")]
    Characters,
    /// The file is not there and cannot be made, or cannot be read.
    #[cfg(feature = "sqlite")]
    NoFile,
    /// The file may only be read.
    #[cfg(feature = "sqlite")]
    FileReadOnly,
    /// What is in the file is no database.
    #[cfg(feature = "sqlite")]
    Damaged,
    /// Somebody else holds the lock for longer than one waits.
    #[cfg(feature = "sqlite")]
    Locked,
    /// A disk or a memory has no room left.
    Full,
    /// A table is not there.
    MissingTable,
    /// A table has other columns than the statement names.
    OtherColumns,
    /// A table that is to be made is there already.
    TableExists,
    /// The table asks for more than what is written, or for something else.
    Row,
    /// It took longer than it may.
    Slow,
    /// All connections are in use here.
    Exhausted,
}

impl Trouble {
    pub(in crate::adapter) fn advice(self) -> &'static str {
        match self {
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Unreachable => "start the server, or mend host and port of the address",
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Certificate => {
                "name the authority of the server's certificate in the address (`sslrootcert`, or \
                 `ssl-ca` for MySQL) and the host that it is for, and see that the server has TLS \
                 turned on"
            }
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Password => {
                "mend user and password of the address, in which `%40` is a `@` and `%2F` a `/`; the \
                 server may also let this user in from other hosts only"
            }
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::UnknownDatabase => {
                "make the database, or mend its name, which stands behind the host in the address"
            }
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Rights => {
                "grant the user of the address SELECT, INSERT, UPDATE and DELETE on the tables; only \
                 `migrate` needs an account that may also make tables"
            }
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::ReadOnly => {
                "this is a replica, or set to be read only: write the address of the server that \
                 takes writes"
            }
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Starting => "the server is starting or stopping: wait for it",
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Connections => {
                "`max_connections` is best no more than the server leaves to this program"
            }
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Stale => "the tables are being changed: it works again once that is over",
            #[cfg(feature = "mysql")]
            Self::Characters => {
                "give the table the character set of all characters: `ALTER TABLE … CONVERT TO \
                 CHARACTER SET utf8mb4`; `check_schema` names the columns"
            }
            #[cfg(feature = "sqlite")]
            Self::NoFile => {
                "mend the path, which begins in the working directory unless it begins with `/`, or \
                 make its folder and let this process write there"
            }
            #[cfg(feature = "sqlite")]
            Self::FileReadOnly => {
                "let this process write to the file and to its folder, and leave `mode=ro` and \
                 `immutable` out of the address"
            }
            #[cfg(feature = "sqlite")]
            Self::Damaged => "the address leads to another kind of file, or to a damaged one",
            #[cfg(feature = "sqlite")]
            Self::Locked => {
                "another program holds the lock on the file for too long: find out which"
            }
            Self::Full => "make room: its disk, its memory or its quota is full",
            Self::MissingTable => {
                "make the tables by `adapter.migrate().await?` at the start, which a configuration \
                 file does unless it says `migrate = false`; for tables of another adapter name its \
                 profile, `DatabaseOptions::schema` or `schema` in a file"
            }
            Self::OtherColumns => {
                "these are tables of an earlier release, which `migrate` brings up to date, or of \
                 another adapter, whose profile is to be named: `check_schema` says what differs"
            }
            Self::TableExists => {
                "something else made tables of these names: name its profile, \
                 `DatabaseOptions::schema` or `schema` in a file, or give typegate a database of its \
                 own"
            }
            Self::Row => "`check_schema` says where the tables ask for more than is written",
            Self::Slow => {
                "find out what the database is busy with and who holds locks; \
                 `DatabaseOptions::deadline` is how long it is waited for"
            }
            Self::Exhausted => {
                "find out what makes statements slow, or raise `max_connections`, if the server has \
                 more to give"
            }
        }
    }
}
