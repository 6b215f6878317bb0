//! One SQL for SQLite and PostgreSQL: texts with `$1`, values of few types, rows read by column name.
//!
//! What keeps one text right on both: a set of ids or a map of cursors is bound as one JSON object, since `json_each` of both takes that
//! apart into `key` and `value`; `"offset"` is quoted; `DESC` says where nulls come; nothing relies on what a column would turn a type into.

use sqlx::{
    Decode, Encode, Postgres, Row as _, Sqlite, Transaction, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, types::Oid},
    sqlite::SqliteRow,
};
use std::{collections::BTreeMap, fmt::Display};

use crate::db::DbError;

/// A writing transaction, or a snapshot.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Ends the transaction; what it wrote is on the disk after that.
    pub(crate) async fn commit(self) -> Result<(), DbError> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// A row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What can be read from a column of either database: whole numbers, text, and each of them or null.
pub(crate) trait Column<'r>:
    Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

impl<'r, T> Column<'r> for T where T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// When there is no such column, or it holds something else.
    pub(crate) fn try_get<'r, T: Column<'r>>(&'r self, column: &str) -> Result<T, DbError> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }
}

/// A value that goes in.
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Json(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Value {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(Some(text.to_owned()))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(Some(text.clone()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Value {
        Value::Text(text)
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Value {
        Value::Text(text.clone())
    }
}

/// A set, which a statement takes apart by `SELECT key FROM json_each($1)`.
pub(crate) fn keys(items: impl IntoIterator<Item = impl Display>) -> Value {
    map(items.into_iter().map(|item| (item.to_string(), 0)))
}

/// A map, which a statement joins with as `json_each($1)`, reading `CAST(CAST(value AS TEXT) AS BIGINT)`.
pub(crate) fn map(entries: impl IntoIterator<Item = (String, i64)>) -> Value {
    let map: BTreeMap<String, i64> = entries.into_iter().collect();
    Value::Json(serde_json::to_string(&map).unwrap_or_default())
}

/// JSON as PostgreSQL's type `json`, whose binary form is its text.
struct JsonText(String);

impl Type<Postgres> for JsonText {
    fn type_info() -> PgTypeInfo {
        /// The same in every PostgreSQL.
        const JSON: Oid = Oid(114);
        PgTypeInfo::with_oid(JSON)
    }
}

impl Encode<'_, Postgres> for JsonText {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <&str as Encode<Postgres>>::encode(self.0.as_str(), buffer)
    }
}

/// A statement with its values.
pub(crate) struct Query {
    text: &'static str,
    values: Vec<Value>,
}

/// A statement that both databases understand.
pub(crate) fn query(text: &'static str) -> Query {
    Query { text, values: Vec::new() }
}

/// The statement for the driver of a transaction.
macro_rules! prepared {
    ($query:expr, $json:path) => {{
        let Query { text, values } = $query;
        let mut prepared = sqlx::query(text);
        for value in values {
            prepared = match value {
                Value::Text(text) => prepared.bind(text),
                Value::Number(number) => prepared.bind(number),
                Value::Json(json) => prepared.bind($json(json)),
            };
        }
        prepared
    }};
}

impl Query {
    /// Binds the next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Query {
        self.values.push(value.into());
        self
    }

    /// Runs the statement and returns how many rows it touched.
    pub(crate) async fn execute(self, tx: &mut Tx) -> Result<u64, DbError> {
        Ok(match tx {
            Tx::Sqlite(tx) => prepared!(self, String::from).execute(&mut **tx).await?.rows_affected(),
            Tx::Postgres(tx) => prepared!(self, JsonText).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// All rows.
    pub(crate) async fn fetch_all(self, tx: &mut Tx) -> Result<Vec<Row>, DbError> {
        Ok(match tx {
            Tx::Sqlite(tx) => {
                let rows = prepared!(self, String::from).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Tx::Postgres(tx) => {
                let rows = prepared!(self, JsonText).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row, if there is one.
    pub(crate) async fn fetch_optional(self, tx: &mut Tx) -> Result<Option<Row>, DbError> {
        Ok(match tx {
            Tx::Sqlite(tx) => prepared!(self, String::from).fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Tx::Postgres(tx) => prepared!(self, JsonText).fetch_optional(&mut **tx).await?.map(Row::Postgres),
        })
    }

    /// The first row.
    pub(crate) async fn fetch_one(self, tx: &mut Tx) -> Result<Row, DbError> {
        self.fetch_optional(tx).await?.ok_or(DbError::Damaged("no row"))
    }
}
