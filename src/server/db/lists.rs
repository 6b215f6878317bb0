//! Tables for a desk that span more than its replica: always within the caller's scope, page by page.

use domain::access::Role;
use serde_json::{Value, json};

use super::{
    SqlDatabase, head, scope,
    sql::{self, Row, Tx},
};
use crate::db::{Caller, DbError, ListPage, ListQuery};

const ROWS_START: u64 = 50;
const ROWS_MAX: u64 = 500;

pub(crate) async fn list(db: &SqlDatabase, who: &Caller, query: &ListQuery) -> Result<ListPage, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let areas = sql::keys(at.who.scope.areas().map(|area| area.0));
    let (cols, rows) = match query.name.as_str() {
        "recipients" if at.who.role.is_office() => recipients(&mut tx, areas).await?,
        "audit" if at.who.role == Role::Auditor => audit(&mut tx, areas).await?,
        "recipients" | "audit" => return Err(DbError::Forbidden),
        _ => return Err(DbError::NotFound),
    };
    let head = head::read(&mut tx).await?.to_string();
    Ok(cut(head, cols, rows, query))
}

fn cut(head: String, cols: Vec<&'static str>, rows: Vec<Vec<Value>>, query: &ListQuery) -> ListPage {
    let size = query.size.unwrap_or(ROWS_START).clamp(1, ROWS_MAX);
    let total = rows.len() as u64;
    let skip = usize::try_from(query.page.saturating_mul(size)).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(usize::MAX);
    let rows = rows.into_iter().skip(skip).take(take).collect();
    ListPage { head, page: query.page, pages: total.div_ceil(size), total, cols, rows }
}

type Table = (Vec<&'static str>, Vec<Vec<Value>>);

/// Families by village: plain columns only.
async fn recipients(tx: &mut Tx, areas: sql::Value) -> Result<Table, DbError> {
    let rows = sql::query(
        "SELECT area.name AS village, count(*) AS n FROM record JOIN area ON area.id = record.area
         WHERE record.kind = 'recipient' AND record.del = 0 AND record.area IN (SELECT key FROM json_each($1))
         GROUP BY area.id, area.name, area.code ORDER BY area.code, area.name",
    )
    .bind(areas)
    .fetch_all(tx)
    .await?;
    let row = |row: &Row| -> Result<Vec<Value>, DbError> {
        Ok(vec![json!(row.try_get::<String>("village")?), json!(row.try_get::<i64>("n")?)])
    };
    Ok((vec!["village", "families"], rows.iter().map(row).collect::<Result<_, _>>()?))
}

/// The audit chain, newest first; values are never in it. Whoever works only in other areas is another auditor's; who works in none is everybody's.
async fn audit(tx: &mut Tx, areas: sql::Value) -> Result<Table, DbError> {
    let rows = sql::query(
        "SELECT n, body, hash FROM audit
         WHERE account IS NULL OR account NOT IN (SELECT account FROM assignment)
            OR account IN (SELECT account FROM assignment WHERE area IN (SELECT key FROM json_each($1)))
         ORDER BY n DESC LIMIT 5000",
    )
    .bind(areas)
    .fetch_all(tx)
    .await?;
    let row = |row: &Row| -> Result<Vec<Value>, DbError> {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        Ok(vec![json!(row.try_get::<i64>("n")?), body, json!(row.try_get::<String>("hash")?)])
    };
    Ok((vec!["n", "entry", "hash"], rows.iter().map(row).collect::<Result<_, _>>()?))
}
