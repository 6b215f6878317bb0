//! PostgreSQL: any number of processes share one database. A writing transaction locks the counter row before anything else, so that
//! the order of revs is the order in which they become visible; a reading one is a snapshot.

mod tables;

use anyhow::{Result, anyhow, bail, ensure};
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgDatabaseError, PgPoolOptions, PgSslMode},
};
use std::time::Duration;

use super::{DbError, sql::Tx};
use crate::{config::PostgresUrl, keys::Keys};

/// The oldest version that its makers still mended when this was written.
const VERSION_MIN: i32 = 140_000;
/// Writers wait for each other; more than a few would only wait inside PostgreSQL instead of here.
const WRITERS_COUNT: u32 = 4;
const READERS_COUNT: u32 = 12;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How often and after what pause it is asked again whether another process is connected.
const ALONE_TRIES: usize = 20;
const ALONE_PAUSE: Duration = Duration::from_millis(100);
/// Kept as prepared statements; the server has fewer texts than this.
const STATEMENTS_CACHED: usize = 256;
/// A process that was frozen in mid-transaction must not hold up the others for ever.
const SESSION: [(&str, &str); 2] = [("lock_timeout", "15s"), ("idle_in_transaction_session_timeout", "60s")];
/// The key of the advisory lock that a list's writing takes; 回访 as numbers.
const IMPORT_LOCK: i64 = 0x56de_8bbf;

/// What begins a snapshot.
pub(super) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The connections to one database.
pub(crate) struct PostgresPools {
    options: Box<PgConnectOptions>,
    writers: PgPool,
    readers: PgPool,
}

/// Held as long as a list is written. The connection is its own: when it closes, by whatever cause, the lock is gone.
pub(crate) struct ImportLock {
    _connection: PgConnection,
}

impl PostgresPools {
    /// Connects, checks that work can be entrusted to this database, and makes and migrates the tables.
    ///
    /// # Errors
    /// When it cannot be reached or used; says what to do.
    pub(crate) async fn open(url: &PostgresUrl, keys: &Keys) -> Result<PostgresPools> {
        let options = options(url)?;
        let mut first = connect(&options).await?;
        check_server(&mut first).await?;
        tables::prepare(&mut first, &options, url.owner().as_ref()).await?;
        check_key(&mut first, keys).await?;
        let _ = first.close().await;
        let pool = |count| {
            let pool = PgPoolOptions::new().max_connections(count).acquire_timeout(ACQUIRE_TIMEOUT);
            pool.connect_lazy_with(options.clone())
        };
        Ok(PostgresPools {
            writers: pool(WRITERS_COUNT),
            readers: pool(READERS_COUNT),
            options: Box::new(options),
        })
    }

    /// A writing transaction: whoever else would write, in whichever process, waits for its end.
    pub(crate) async fn write(&self) -> Result<Tx, DbError> {
        const BEGIN: &str =
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT n FROM sync_head FOR UPDATE";
        Ok(Tx::Postgres(self.writers.begin_with(BEGIN).await.map_err(away)?))
    }

    /// A snapshot.
    pub(crate) async fn read(&self) -> Result<Tx, DbError> {
        Ok(Tx::Postgres(self.readers.begin_with(SNAPSHOT).await.map_err(away)?))
    }

    /// Closes every connection.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    /// Waits until no process writes a list.
    pub(crate) async fn import_turn(&self) -> Result<ImportLock, DbError> {
        let mut connection = PgConnection::connect_with(&self.options).await?;
        sqlx::query("SET lock_timeout = 0").execute(&mut connection).await?;
        sqlx::query("SELECT pg_advisory_lock($1)").bind(IMPORT_LOCK).execute(&mut connection).await?;
        Ok(ImportLock { _connection: connection })
    }
}

/// A connection is had at once unless the database is away or everybody waits for a writer.
fn away(error: sqlx::Error) -> DbError {
    match error {
        sqlx::Error::PoolTimedOut => {
            DbError::Away("no connection was free or could be made in time".to_owned())
        }
        other => other.into(),
    }
}

fn options(url: &PostgresUrl) -> Result<PgConnectOptions> {
    let options: PgConnectOptions = url.expose().parse().map_err(|error| {
        anyhow!("the database's address cannot be read: {error}; {}", PostgresUrl::EXAMPLE)
    })?;
    // An address of IPv6 stands in brackets.
    let host = options.get_host().trim_matches(['[', ']']);
    let is_here = options.get_socket().is_some()
        || ["localhost", "127.0.0.1", "::1"].contains(&host)
        || host.starts_with('/');
    // What is told everywhere else is checked, or plain because somebody said so: never plain because the other side did.
    let is_said =
        matches!(options.get_ssl_mode(), PgSslMode::Disable | PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    if !is_here && !is_said {
        bail!(
            "the connection to PostgreSQL at {} would not be checked: add ?sslmode=verify-full&sslrootcert=FILE to the address, or, in a closed network, ?sslmode=disable",
            options.get_host()
        );
    }
    Ok(options.application_name("huifang").statement_cache_capacity(STATEMENTS_CACHED).options(SESSION))
}

/// One connection to a database that is only read, and left as it is.
///
/// # Errors
/// When it cannot be reached; says what to do.
pub(super) async fn reader(url: &PostgresUrl) -> Result<PgPool> {
    // Not counted among those who are at work.
    let options = options(url)?.application_name("huifang reader");
    connect(&options).await?.close().await?;
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT);
    Ok(pool.connect_lazy_with(options))
}

/// The first connection, which says why there is none.
async fn connect(options: &PgConnectOptions) -> Result<PgConnection> {
    let place = match options.get_socket() {
        Some(socket) => format!("in {}", socket.display()),
        None => format!("at {}:{}", options.get_host(), options.get_port()),
    };
    let user = options.get_username();
    match tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Err(_) => bail!("PostgreSQL {place} does not answer; is the address right, and the port open?"),
        Ok(Err(sqlx::Error::Database(said))) => {
            let advice = match said.code().as_deref() {
                Some("28P01" | "28000") => "check user and password of the address, and pg_hba.conf",
                Some("3D000") => "make it with `createdb --owner USER NAME`, or name another one",
                Some("53300") => "raise max_connections: a process of huifang takes up to 17",
                Some("57P03") => "try again when it has started",
                _ => "see its log",
            };
            bail!("PostgreSQL {place} refuses {user}: {}; {advice}", said.message())
        }
        Ok(Err(error)) => {
            bail!("cannot reach PostgreSQL {place}: {error}; is it running, and is the address right?")
        }
    }
}

/// What a database must be before work is entrusted to it.
async fn check_server(connection: &mut PgConnection) -> Result<()> {
    let setting = "SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                          current_setting('server_encoding'), pg_is_in_recovery(),
                          current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off'";
    let (number, version, encoding, is_standby, is_durable): (i32, String, String, bool, bool) =
        sqlx::query_as(setting).fetch_one(connection).await?;
    check_version(number, &version)?;
    ensure!(
        encoding == "UTF8",
        "the database's encoding is {encoding}; make one with `createdb --encoding UTF8`"
    );
    ensure!(!is_standby, "this PostgreSQL is a standby and takes no writes; give the address of the primary");
    ensure!(
        is_durable,
        "this PostgreSQL answers before a commit is on the disk, so that a power cut would lose what phones take for \
         saved; set fsync and synchronous_commit to on"
    );
    Ok(())
}

fn check_version(number: i32, version: &str) -> Result<()> {
    ensure!(
        number >= VERSION_MIN,
        "PostgreSQL {version} is too old; {} or later is needed",
        VERSION_MIN / 10_000
    );
    Ok(())
}

/// The first process leaves the name of its key; one that brings another could not read what the others sealed.
async fn check_key(connection: &mut PgConnection, keys: &Keys) -> Result<()> {
    let kid = keys.kid();
    sqlx::query("INSERT INTO server_key (id, kid) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(kid)
        .execute(&mut *connection)
        .await?;
    let (known,): (String,) =
        sqlx::query_as("SELECT kid FROM server_key").fetch_one(&mut *connection).await?;
    if keys.earlier_kids().any(|earlier| earlier == known) {
        return check_alone(connection, &known, kid).await;
    }
    ensure!(
        known == kid,
        "this database was begun with the server key {known}, and the key file holds {kid}: give every process a copy of the \
         same key file (--key-file)"
    );
    Ok(())
}

/// Everything is about to be sealed to another key. A process that has the earlier one in memory would go on with it.
async fn check_alone(connection: &mut PgConnection, known: &str, kid: &str) -> Result<()> {
    let asked = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'huifang' AND pid <> pg_backend_pid()";
    let mut others: i64 = sqlx::query_scalar(asked).fetch_one(&mut *connection).await?;
    for _ in 0..ALONE_TRIES {
        if others == 0 {
            break;
        }
        // A process that has just ended is listed a moment longer.
        tokio::time::sleep(ALONE_PAUSE).await;
        others = sqlx::query_scalar(asked).fetch_one(&mut *connection).await?;
    }
    ensure!(
        others == 0,
        "the server key {known} is being exchanged for {kid}, and other processes still work with the former: stop them all, start this one, \
         then give the others a copy of the key file"
    );
    Ok(())
}

/// What a code of PostgreSQL means for the one who asked.
pub(super) fn meaning(error: &PgDatabaseError) -> Option<DbError> {
    let away = || Some(DbError::Away(error.message().to_owned()));
    match error.code() {
        // A text with a zero byte, which PostgreSQL does not store.
        "22021" => Some(DbError::BadRequest("text")),
        // Disk full.
        "53100" => Some(DbError::Full),
        // Serialisation, deadlock, a lock or a statement that took too long.
        "40001" | "40P01" | "55P03" | "57014" => Some(DbError::Busy),
        // Became a standby, too many connections, an idle transaction ended.
        "25006" | "53300" | "25P03" => away(),
        // The connection broke, or PostgreSQL stops or starts.
        code if code.starts_with("08") || code.starts_with("57P") => away(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{check_version, options};
    use crate::config::PostgresUrl;

    #[test]
    fn an_old_postgresql_is_refused_by_its_version() {
        let refused = check_version(130_020, "13.20").unwrap_err().to_string();
        assert_eq!(refused, "PostgreSQL 13.20 is too old; 14 or later is needed");
        assert!(check_version(140_000, "14.0").is_ok());
        assert!(check_version(180_001, "18.1").is_ok());
    }

    #[test]
    fn another_machine_is_checked_or_plainly_meant_without() {
        let taken = |place: &str| {
            let url = PostgresUrl::new(format!("postgres://huifang:word@{place}").into()).unwrap();
            options(&url).is_ok()
        };
        for place in ["db/x", "db/x?sslmode=prefer", "db/x?sslmode=require", "127.0.0.2/x"] {
            assert!(!taken(place), "{place}");
        }
        for place in [
            "db/x?sslmode=verify-full",
            "db/x?sslmode=verify-ca",
            "db/x?sslmode=disable",
            "localhost/x",
            "127.0.0.1/x",
            "[::1]/x",
            "localhost/x?host=/run/postgresql",
        ] {
            assert!(taken(place), "{place}");
        }
    }
}
