//! The audit chain as an auditor reads it: who did what, when, and to whom. Values are never in it.

use domain::day::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    lists::{Cut, Table},
    names::Names,
    rows::id,
    sql::{self, Row, Tx},
};
use crate::db::{DbError, ListQuery, What};

/// Lists that came in, were read, went out or were published.
const LISTS: &[&str] = &[
    "import_preview",
    "import_commit",
    "import_undo",
    "list",
    "list_print",
    "list_copy",
    "export",
    "export_asked",
    "export_approved",
    "export_refused",
    "export_used",
    "publication",
    "publication_read",
    "publication_withdrawn",
];

/// What an entry tells of. Whoever adds an action gives it a sort, else no filter finds it.
impl What {
    fn actions(self) -> &'static [&'static str] {
        match self {
            What::Logins => &[
                "login",
                "login_wrong",
                "logout",
                "logout_elsewhere",
                "enrol",
                "enrol_wrong",
                "grant_again",
                "password_change",
                "password_given",
                "factor_begin",
                "factor_set",
                "factor_recovery",
                "factor_forget",
            ],
            What::Files => &["op", "view", "view_paper", "history", "purged"],
            What::Numbers => &["unmask", "person_report"],
            What::Lists => LISTS,
            What::Devices => &[
                "device_code",
                "device_kind",
                "device_set",
                "incident",
                "incident_settled",
                "diverged",
                "witness_differs",
                "rescue_import",
            ],
            What::People => &[
                "set_up",
                "account_add",
                "account_change",
                "account_end",
                "account_resume",
                "deputy_add",
                "deputy_begins",
                "deputy_end",
                "deputy_ends",
                "area_add",
                "area_rename",
                "area_merge",
                "handover",
            ],
            What::Rules => &[
                "settings",
                "keeping",
                "notice_written",
                "notice_approved",
                "standard_entered",
                "standard_published",
                "standard_discarded",
                "checklist_publish",
                "retention",
                "erased",
                "restore",
                "key_exchange",
                "key_forgotten",
            ],
        }
    }
}

/// A page of the chain, newest first. Whoever works only in other areas is another auditor's; who works in none is everybody's.
pub(super) async fn page(tx: &mut Tx, areas: sql::Value, query: &ListQuery) -> Result<Table, DbError> {
    let names = Names::read(tx).await?;
    let actions = query.what.map(What::actions).unwrap_or_default();
    let wanted = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let people = wanted.map(|text| names.holding(text)).unwrap_or_default();
    let from = query.from.map_or(i64::MIN, |day| Timestamp::start_of(day).ms());
    let to = query.to.and_then(|day| day.plus_days(1)).map_or(i64::MAX, |day| Timestamp::start_of(day).ms());
    let Cut { skip, take } = Cut::of(query);
    let rows = sql::query(
        "SELECT n, body, hash, count(*) OVER () AS total FROM audit
         WHERE (account IS NULL OR account NOT IN (SELECT account FROM assignment)
             OR account IN (SELECT account FROM assignment WHERE area IN (SELECT key FROM json_each($1))))
         AND ($2 = 0 OR action IN (SELECT key FROM json_each($3)))
         AND ($4 = 0 OR account IN (SELECT key FROM json_each($5)))
         AND at >= $6 AND at < $7
         ORDER BY n DESC LIMIT $8 OFFSET $9",
    )
    .bind(areas)
    .bind(i64::from(query.what.is_some()))
    .bind(sql::keys(actions))
    .bind(i64::from(wanted.is_some()))
    .bind(sql::keys(people.into_iter().map(id)))
    .bind(from)
    .bind(to)
    .bind(take)
    .bind(skip)
    .fetch_all(tx)
    .await?;
    let total = rows.first().map(|row| row.try_get::<i64>("total")).transpose()?.unwrap_or_default();
    let rows = rows.iter().map(|row| line(row, &names)).collect::<Result<_, _>>()?;
    Ok(Table { cols: vec!["n", "entry", "hash", "who", "named"], rows, total: total.unsigned_abs() })
}

/// The entry as it is hashed, with the names of today for the ids in it.
fn line(row: &Row, names: &Names) -> Result<Vec<Value>, DbError> {
    let body: Value = serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
    let who = named(&body["account"], names).into_iter().next().unwrap_or_default();
    let named = named(&body["detail"], names);
    let (n, hash) = (row.try_get::<i64>("n")?, row.try_get::<String>("hash")?);
    Ok(vec![json!(n), body, json!(hash), json!(who), json!(named)])
}

/// The names of the accounts and areas whose ids stand in it, in their order.
fn named(value: &Value, names: &Names) -> Vec<String> {
    match value {
        Value::String(text) => {
            let name = text.parse::<Uuid>().map(|id| names.of(id)).unwrap_or_default();
            if name.is_empty() { Vec::new() } else { vec![name] }
        }
        Value::Array(items) => items.iter().flat_map(|item| named(item, names)).collect(),
        Value::Object(members) => members.values().flat_map(|member| named(member, names)).collect(),
        _ => Vec::new(),
    }
}
