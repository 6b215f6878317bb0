//! The whole database as text, to look for what must not be there.

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, SqliteConnection,
    sqlite::SqliteConnectOptions,
};
use std::path::Path;

use crate::db::DbError;

/// Every row of every table of a file of SQLite, each with all of its columns.
pub(crate) async fn all_rows(file: &Path) -> Result<Vec<String>, DbError> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut rows = Vec::new();
    for table in sqlx::query_scalar::<_, String>(tables).fetch_all(&mut connection).await? {
        rows.extend(rows_of(&mut connection, &table).await?);
    }
    Ok(rows)
}

async fn rows_of(connection: &mut SqliteConnection, table: &str) -> Result<Vec<String>, DbError> {
    let columns = "SELECT name FROM pragma_table_info($1)";
    let columns: Vec<String> = sqlx::query_scalar(columns).bind(table).fetch_all(&mut *connection).await?;
    let cells: Vec<String> =
        columns.iter().map(|column| format!("ifnull(CAST(\"{column}\" AS TEXT), '')")).collect();
    // What is no text may be no text in UTF-8 either.
    let text = format!("SELECT CAST('{table} ' || {} AS BLOB) FROM \"{table}\"", cells.join(" || ' ' || "));
    let rows = sqlx::query_scalar::<_, Vec<u8>>(AssertSqlSafe(text)).fetch_all(connection).await?;
    Ok(rows.iter().map(|row| String::from_utf8_lossy(row).into_owned()).collect())
}

/// The same of a database of PostgreSQL.
pub(crate) async fn all_rows_of_postgres(url: &str) -> Result<Vec<String>, DbError> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query("SELECT set_config('huifang.beyond', 'backup', false)").execute(&mut connection).await?;
    let tables =
        "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
    let mut rows = Vec::new();
    for table in sqlx::query_scalar::<_, String>(tables).fetch_all(&mut connection).await? {
        let text = format!("SELECT '{table} ' || of_table::text FROM \"{table}\" AS of_table");
        rows.extend(sqlx::query_scalar::<_, String>(AssertSqlSafe(text)).fetch_all(&mut connection).await?);
    }
    Ok(rows)
}

/// What the log of a file of SQLite speaks of: as it was noted, and as the migration finds it in an older one.
pub(crate) async fn mentions(file: &Path) -> Result<[Vec<String>; 2], DbError> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    let noted = sqlx::query_scalar(MENTIONS).fetch_all(&mut connection).await?;
    sqlx::query("DELETE FROM mention").execute(&mut connection).await?;
    let filled = filling(include_str!("../../migrations/sqlite/0013_erasing.sql"));
    sqlx::query(filled).execute(&mut connection).await?;
    Ok([noted, sqlx::query_scalar(MENTIONS).fetch_all(&mut connection).await?])
}

/// The same of a database of PostgreSQL.
pub(crate) async fn mentions_of_postgres(url: &str) -> Result<[Vec<String>; 2], DbError> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query("SELECT set_config('huifang.beyond', 'migration', false)").execute(&mut connection).await?;
    let noted = sqlx::query_scalar(MENTIONS).fetch_all(&mut connection).await?;
    sqlx::query("DELETE FROM mention").execute(&mut connection).await?;
    let filled = filling(include_str!("../../migrations/postgres/0013_erasing.sql"));
    sqlx::query(filled).execute(&mut connection).await?;
    Ok([noted, sqlx::query_scalar(MENTIONS).fetch_all(&mut connection).await?])
}

const MENTIONS: &str = "SELECT e || ' ' || op_id AS pair FROM mention ORDER BY e, op_id";

/// The statement of the migration that fills the table.
fn filling(migration: &'static str) -> &'static str {
    let from = migration.find("INSERT INTO mention").unwrap_or_default();
    migration[from..].split(';').next().unwrap_or_default()
}

/// A file of SQLite with all that is in its log, as whoever steals the disk finds it.
pub(crate) async fn bytes_of_file(file: &Path) -> Result<Vec<u8>, DbError> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    std::fs::read(file).map_err(|_| DbError::Damaged("file"))
}
