//! Tables for a desk that span more than its replica: always within the caller's scope, page by page.

use domain::access::Role;
use serde_json::{Value, json};

use super::{
    SqlDatabase, audit_list, head, scope,
    sql::{self, Row, Tx},
};
use crate::db::{Caller, DbError, ListPage, ListQuery};

const ROWS_START: u64 = 50;
const ROWS_MAX: u64 = 500;

pub(crate) async fn list(db: &SqlDatabase, who: &Caller, query: &ListQuery) -> Result<ListPage, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let areas = sql::keys(at.who.scope.areas().map(|area| area.0));
    let Table { cols, rows, total } = match query.name.as_str() {
        "recipients" if at.who.role.is_office() => recipients(&mut tx, areas, query).await?,
        "audit" if at.who.role == Role::Auditor => audit_list::page(&mut tx, areas, query).await?,
        "recipients" | "audit" => return Err(DbError::Forbidden),
        _ => return Err(DbError::NotFound),
    };
    let head = head::read(&mut tx).await?.to_string();
    Ok(ListPage { head, page: query.page, pages: total.div_ceil(size(query)), total, cols, rows })
}

/// What is asked for of all rows.
pub(super) struct Cut {
    pub(super) skip: i64,
    pub(super) take: i64,
}

impl Cut {
    pub(super) fn of(query: &ListQuery) -> Cut {
        let size = size(query);
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Cut { skip: number(query.page.saturating_mul(size)), take: number(size) }
    }
}

fn size(query: &ListQuery) -> u64 {
    query.size.unwrap_or(ROWS_START).clamp(1, ROWS_MAX)
}

/// A page of a table, and how many rows there are on all.
pub(super) struct Table {
    pub(super) cols: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) total: u64,
}

/// Families by village: plain columns only.
async fn recipients(tx: &mut Tx, areas: sql::Value, query: &ListQuery) -> Result<Table, DbError> {
    let Cut { skip, take } = Cut::of(query);
    let rows = sql::query(
        "SELECT area.name AS village, count(*) AS n, count(*) OVER () AS total FROM record JOIN area ON area.id = record.area
         WHERE record.kind = 'recipient' AND record.del = 0 AND record.area IN (SELECT key FROM json_each($1))
         GROUP BY area.id, area.name, area.code ORDER BY area.code, area.name
         LIMIT $2 OFFSET $3",
    )
    .bind(areas)
    .bind(take)
    .bind(skip)
    .fetch_all(tx)
    .await?;
    let row = |row: &Row| -> Result<Vec<Value>, DbError> {
        Ok(vec![json!(row.try_get::<String>("village")?), json!(row.try_get::<i64>("n")?)])
    };
    let total = rows.first().map(|row| row.try_get::<i64>("total")).transpose()?.unwrap_or_default();
    let rows = rows.iter().map(row).collect::<Result<_, _>>()?;
    Ok(Table { cols: vec!["village", "families"], rows, total: total.unsigned_abs() })
}
