//! Two files of one person become one: what was chosen of the other is written, and all that hangs below it comes along.

use super::{
    Data, OfficeError, OfficeRequest, SaveError, TakeBack,
    fields::set,
    file::{area_of, text, view_of},
    households::{household_of, member},
    new_file::task_op,
    turns::tasks_done,
};
use crate::{
    driver::Driver,
    platform::{clock, entropy},
};
use domain::{need::TaskKind, order::Gather};
use serde::Deserialize;
use serde_json::{Value, json};
use sync::wire::Op;
use uuid::Uuid;

/// A value that the file that stays takes over from the other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taking {
    /// The record that takes it, of which kind, and its field.
    pub(crate) into: Uuid,
    pub(crate) kind: &'static str,
    pub(crate) field: String,
    /// Where it stands now.
    pub(crate) from: Uuid,
    pub(crate) what: Taken,
}

/// What is taken over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Taken {
    Value(Value),
    /// Entries of a set that the other has and this one lacks.
    Items(Vec<Value>),
    /// A number of which only the end is here: the office is asked for all of it.
    Sealed,
}

/// How two files become one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MergePlan {
    pub(crate) keep: Uuid,
    pub(crate) gone: Uuid,
    pub(crate) takes: Vec<Taking>,
    /// Entitlements of one category, each with the one of the file that stays.
    pub(crate) doubled: Vec<(Uuid, Uuid)>,
}

/// The office's answer to who asks for all of a number.
#[derive(Deserialize)]
struct Unmasked {
    text: String,
}

/// Why two files are two still.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MergeError {
    #[error(transparent)]
    Save(#[from] SaveError),
    /// A number could not be read.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl Data {
    /// Makes one file of two, in one save; what takes it back.
    pub(crate) async fn merge_files(self, plan: MergePlan, reason: &str) -> Result<TakeBack, MergeError> {
        let driver = self.writer()?;
        let mut ops = Vec::new();
        for taking in &plan.takes {
            ops.extend(self.taking(&driver, taking, reason).await?);
        }
        ops.extend(moved_household(&driver, &plan).await?);
        let pairs = [(plan.gone, plan.keep)].into_iter().chain(plan.doubled.iter().copied()).gather();
        let back = TakeBack::of(&driver, pairs, &ops).await;
        for file in [plan.keep, plan.gone] {
            ops.extend(tasks_done(&driver, file, TaskKind::Merge).await?);
        }
        let merge = |from: Uuid, into: Uuid| Op::Merge { from, into, reason: reason.to_owned() };
        ops.extend(plan.doubled.iter().map(|(from, into)| merge(*from, *into)));
        ops.push(merge(plan.gone, plan.keep));
        self.save(ops).await?;
        self.sync_now();
        Ok(back)
    }

    /// Asks the office to make one file of two.
    pub(crate) async fn ask_to_merge(self, file: Uuid, other: Uuid) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let area = area_of(&driver, file)?;
        let e = entropy::uuid(clock::now_ms());
        self.save(vec![task_op(e, file, area, TaskKind::Merge, &other.to_string())]).await
    }

    /// The file that this one became a part of.
    pub(crate) async fn became(self, file: Uuid) -> Option<Uuid> {
        let driver = self.open_driver()?;
        driver.store.record(file).await.ok().flatten()?.view().into
    }

    async fn taking(self, driver: &Driver, taking: &Taking, reason: &str) -> Result<Vec<Op>, MergeError> {
        let Taking { into: e, kind, field, from, what } = taking;
        let value = match what {
            Taken::Items(items) => {
                let add = |item: &Value| Op::Add { e: *e, f: field.clone(), item: item.clone() };
                return Ok(items.iter().map(add).collect());
            }
            Taken::Value(value) => value.clone(),
            Taken::Sealed => {
                let asked = json!({ "e": from, "f": field, "reason": reason });
                let answer = self.office(OfficeRequest::post("unmask", asked)).await?;
                answer.json::<Unmasked>()?.text.into()
            }
        };
        Ok(vec![self.field_op(driver, *e, kind, field, value)?])
    }
}

/// Nobody lives twice behind a door: the file that stays takes the other's place where it has none of its own.
async fn moved_household(driver: &Driver, plan: &MergePlan) -> Result<Vec<Op>, SaveError> {
    let keep = view_of(driver, plan.keep).await.ok_or(SaveError::Unknown)?;
    let gone = view_of(driver, plan.gone).await.ok_or(SaveError::Unknown)?;
    let Some(household) = household_of(&gone) else { return Ok(Vec::new()) };
    let Some(left) = view_of(driver, household).await else { return Ok(Vec::new()) };
    let mut ops = vec![Op::Remove { e: household, f: "members".to_owned(), item: json!(plan.gone) }];
    let own = household_of(&keep);
    if own.is_none() {
        ops.push(set(plan.keep, "household_id", json!(household)));
        ops.push(member(household, plan.keep));
    }
    if text(&left.f, "head").parse() == Ok(plan.gone) {
        let head = own.is_none_or(|own| own == household).then_some(plan.keep);
        ops.push(set(household, "head", json!(head)));
    }
    Ok(ops)
}
