//! Tasks of the work plan (domain.md §8.1): an office gives them to the contacts of units, who say how far they are.
//!
//! A contact has no right to records at all (`domain::kinds`), so that no device of his pulls or writes one. What he says of his own task is
//! written here, in his name, into the fields that are his to fill.

use domain::{
    access::Role,
    day::Timestamp,
    plan_task::PlanTaskState::{self, Done, NotStarted},
};
use serde_json::{Map, Value, json};
use sync::{
    id::{AreaId, Inc},
    record::Record,
    rev::Rev,
    scope::Principal,
    wire::{Base, Op},
};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts,
    names::Names,
    own,
    rows::id,
    scope::{self, Standpoint},
    sql::{self, Tx},
    store,
};
use crate::{
    db::{Caller, DbError, NewPlanTask, PlanContact, PlanTask, PlanTaskChanges, PlanTaskWord, PlanTasks},
    tokens,
};

const KIND: &str = "plan_task";

/// The caller's standpoint; an administrator, an auditor and a village have no plan.
async fn planner(db: &SqlDatabase, tx: &mut Tx, who: &Caller) -> Result<Standpoint, DbError> {
    let at = scope::caller(db, tx, who).await?;
    let plans = at.who.role.is_office() || at.who.role == Role::UnitContact;
    if plans { Ok(at) } else { Err(DbError::Forbidden) }
}

/// Whether a task is the caller's to see: an office's in its areas, a contact's if it is his as well.
fn is_his(at: &Standpoint, task: &Record) -> bool {
    let is_given_to_him = task.id_in("responsible") == Some(at.who.user);
    at.who.scope.holds(task.area) && (at.who.role.is_office() || is_given_to_him)
}

pub(crate) async fn list(db: &SqlDatabase, who: &Caller, now: i64) -> Result<PlanTasks, DbError> {
    let mut tx = db.read().await?;
    let at = planner(db, &mut tx, who).await?;
    let rows = sql::query(
        "SELECT body FROM record WHERE del = 0 AND kind = $1
         AND area IN (SELECT key FROM json_each($2)) ORDER BY e DESC",
    )
    .bind(KIND)
    .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
    .fetch_all(&mut tx)
    .await?;
    let names = Names::read(&mut tx).await?;
    let mut tasks = PlanTasks::default();
    for row in &rows {
        let task = store::record(row)?;
        if is_his(&at, &task) {
            tasks.rows.push(shown(&task, &names, now));
        }
    }
    if at.who.role.is_office() {
        tasks.contacts = contacts(&mut tx, &at).await?;
    }
    Ok(tasks)
}

async fn contacts(tx: &mut Tx, at: &Standpoint) -> Result<Vec<PlanContact>, DbError> {
    let accounts = accounts::all_in(tx).await?.into_iter();
    let contacts = accounts.filter(|account| {
        let is_inside = account.areas.iter().any(|area| at.who.scope.holds(AreaId(*area)));
        account.role == Role::UnitContact && account.ended_at.is_none() && is_inside
    });
    Ok(contacts.map(|account| PlanContact { id: account.id, name: account.name }).collect())
}

/// Gives a contact a task; it lies in the first of his areas that the office has.
pub(crate) async fn give(
    db: &SqlDatabase,
    who: &Caller,
    new: &NewPlanTask,
    now: i64,
) -> Result<PlanTask, DbError> {
    let mut tx = db.write().await?;
    let at = planner(db, &mut tx, who).await?;
    if !at.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    let contact = accounts::by_id(&mut tx, new.responsible).await?;
    let mut areas = contact.areas.iter().copied().map(AreaId);
    let area = areas.find(|area| at.who.scope.holds(*area)).ok_or(DbError::NotFound)?;
    if contact.role != Role::UnitContact || contact.ended_at.is_some() {
        return Err(DbError::Refused("not_a_contact"));
    }
    let fields = json!({
        "title": new.title, "unit": new.unit, "responsible": new.responsible, "due_on": new.due_on,
        "state": NotStarted.word(),
    });
    let op = Op::Create { e: new.id, kind: KIND.to_owned(), area, parent: None, f: object(fields) };
    write(db, &mut tx, who, &at, vec![op], now).await?;
    let given = by_id(&mut tx, new.id).await?;
    let shown = shown(&given, &Names::read(&mut tx).await?, now);
    tx.commit().await?;
    Ok(shown)
}

/// Writes down how far a task is.
pub(crate) async fn report(db: &SqlDatabase, who: &Caller, said: &PlanTaskWord) -> Result<PlanTask, DbError> {
    let mut tx = db.write().await?;
    let at = planner(db, &mut tx, who).await?;
    let task = by_id(&mut tx, said.task).await?;
    if !is_his(&at, &task) {
        return Err(DbError::NotFound);
    }
    let evidence_count = items(&task, "evidence").len() + usize::from(said.evidence.is_some());
    if !said.state.stands_on(evidence_count) {
        return Err(DbError::Refused("evidence_missing"));
    }
    write(db, &mut tx, who, &at, ops(who, &task, said), said.now).await?;
    let written = by_id(&mut tx, said.task).await?;
    let shown = shown(&written, &Names::read(&mut tx).await?, said.now);
    tx.commit().await?;
    Ok(shown)
}

/// Gives tasks another day or another contact, all of them or none. What is done stays as it was.
pub(crate) async fn change(db: &SqlDatabase, who: &Caller, asked: PlanTaskChanges) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let at = planner(db, &mut tx, who).await?;
    if !at.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    for change in asked.changes {
        let task = by_id(&mut tx, change.task).await?;
        if !at.who.scope.holds(task.area) {
            return Err(DbError::NotFound);
        }
        if task.text("state") == Some(Done.word()) {
            return Err(DbError::Refused("task_done"));
        }
        if let Some(responsible) = change.responsible {
            check_contact(&mut tx, responsible, task.area).await?;
        }
        let named = [
            ("due_on", change.due_on.as_ref().map(|day| json!(day))),
            ("responsible", change.responsible.map(|one| json!(one))),
        ];
        let ops: Vec<Op> = named.into_iter().filter_map(|(f, v)| Some(set(&task, f, v?))).collect();
        if !ops.is_empty() {
            write(db, &mut tx, who, &at, ops, asked.now).await?;
        }
    }
    tx.commit().await
}

/// A contact who works where the task lies, and is there.
async fn check_contact(tx: &mut Tx, account: Uuid, area: AreaId) -> Result<(), DbError> {
    let contact = accounts::by_id(tx, account).await?;
    let works_there = contact.role == Role::UnitContact && contact.areas.contains(&area.0);
    if works_there && contact.ended_at.is_none() { Ok(()) } else { Err(DbError::Refused("not_a_contact")) }
}

/// Writes a field over what stands in it now.
fn set(task: &Record, field: &str, v: Value) -> Op {
    let base = Base::Fv(task.fields.get(field).map_or(Rev::ZERO, |field| field.fv));
    Op::Set { e: task.id, f: field.to_owned(), v, base }
}

fn ops(who: &Caller, task: &Record, said: &PlanTaskWord) -> Vec<Op> {
    let (e, state) = (task.id, said.state.word());
    let v = json!({ "state": state, "word": said.word });
    let mut ops = vec![Op::Append { e, f: "progress".to_owned(), v }];
    if task.text("state") != Some(state) {
        ops.push(set(task, "state", json!(state)));
    }
    if let Some(word) = &said.evidence {
        let on = Timestamp::from_ms(said.now).day();
        let item = json!({ "word": word, "by": who.account, "on": on });
        ops.push(Op::Add { e, f: "evidence".to_owned(), item });
    }
    ops
}

/// Writes as an office would, in the caller's name and within his areas.
async fn write(
    db: &SqlDatabase,
    tx: &mut Tx,
    who: &Caller,
    at: &Standpoint,
    ops: Vec<Op>,
    now: i64,
) -> Result<(), DbError> {
    let author = Principal {
        user: who.account,
        role: Role::TownshipClerk,
        scope: at.who.scope.clone(),
        home: at.who.home,
    };
    let changesets = [own::changeset(who.account, ops, now)];
    let written = own::Written { who: &author, device: who.device, inc: Inc(tokens::random()) };
    let verdicts = own::write(db, tx, &written, &at.tree, &changesets, now).await?;
    match verdicts.iter().find(|verdict| !verdict.st.is_written()) {
        None => Ok(()),
        Some(refused) => {
            tracing::warn!(why = ?refused.why, state = ?refused.st, "a task of the plan was not written");
            Err(DbError::Damaged("plan_task"))
        }
    }
}

async fn by_id(tx: &mut Tx, task: Uuid) -> Result<Record, DbError> {
    let row = sql::query("SELECT body FROM record WHERE e = $1 AND kind = $2 AND del = 0")
        .bind(id(task))
        .bind(KIND)
        .fetch_optional(tx)
        .await?;
    store::record(&row.ok_or(DbError::NotFound)?)
}

fn shown(task: &Record, names: &Names, now: i64) -> PlanTask {
    let text = |name: &str| task.text(name).unwrap_or_default().to_owned();
    let state = task.text("state").and_then(PlanTaskState::from_word).unwrap_or(NotStarted);
    let due_on = text("due_on");
    PlanTask {
        id: task.id,
        title: text("title"),
        unit: text("unit"),
        responsible: task.id_in("responsible"),
        responsible_name: task.id_in("responsible").map(|one| names.of(one)).unwrap_or_default(),
        state: state.word(),
        overdue: state.is_overdue(due_on.parse().ok(), Timestamp::from_ms(now).day()),
        due_on,
        progress: items(task, "progress"),
        evidence: items(task, "evidence"),
    }
}

fn items(task: &Record, field: &str) -> Vec<Value> {
    task.plain(field).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn object(fields: Value) -> sync::wire::Fields {
    serde_json::from_value::<Map<_, _>>(fields).unwrap_or_default().into_iter().collect()
}
