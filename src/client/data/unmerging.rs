//! A merge is taken back: two files again, and what the one had taken over from the other is as it was, where nobody wrote it since.

use super::{
    Data, MergeError, OfficeRequest, SaveError,
    fields::set,
    file::view_of,
    households::{household_of, member},
};
use crate::driver::Driver;
use domain::order::Gather;
use serde_json::{Value, json};
use sync::wire::Op;
use uuid::Uuid;

/// What takes a merge back.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TakeBack {
    /// Records that became part of others, the file first.
    pairs: Vec<(Uuid, Uuid)>,
    undoing: Vec<Undoing>,
    /// How many values were taken over of which nothing before is known here.
    unknown: usize,
}

/// A write of the merge, where it must be looked up whether it stands, and the one that undoes it.
#[derive(Clone, Debug, PartialEq)]
struct Undoing {
    done: Option<Op>,
    back: Op,
}

impl TakeBack {
    /// What undoes these writes, as long as none of them is saved.
    pub(super) async fn of(driver: &Driver, pairs: Vec<(Uuid, Uuid)>, ops: &[Op]) -> TakeBack {
        let mut back = TakeBack { pairs, ..TakeBack::default() };
        for op in ops {
            match reverse(driver, op).await {
                Some(reversed) => back.undoing.push(Undoing { done: Some(op.clone()), back: reversed }),
                None => back.unknown += 1,
            }
        }
        back
    }
}

impl Data {
    /// What takes a merge back that the office tells of in the history of the file that stayed.
    pub(crate) async fn told_merge(self, from: Uuid, into: Uuid) -> Result<TakeBack, MergeError> {
        let answer = self.office(OfficeRequest::get(format!("recipients/{into}/history"))).await?;
        let said: Value = answer.json()?;
        let lines = said["rows"].as_array().cloned().unwrap_or_default();
        let mut back = told(&lines, from, into);
        let driver = self.writer()?;
        back.undoing.extend(lived(&driver, from, into, &back).await);
        Ok(back)
    }

    /// Makes two files of one again, in one save. How many values stay as the merge, or somebody after it, wrote them.
    pub(crate) async fn unmerge_files(self, back: TakeBack, reason: &str) -> Result<usize, SaveError> {
        let driver = self.writer()?;
        let mut stays = back.unknown;
        let unmerge = |(from, into)| Op::Unmerge { from, into, reason: reason.to_owned() };
        let mut ops: Vec<Op> = back.pairs.into_iter().map(unmerge).gather();
        for undoing in back.undoing {
            if stands(&driver, undoing.done.as_ref()).await {
                ops.push(undoing.back);
            } else {
                stays += 1;
            }
        }
        self.save(ops).await?;
        self.sync_now();
        Ok(stays)
    }
}

/// Nothing where what stood before is not here: of a sealed number there is only the end.
async fn reverse(driver: &Driver, op: &Op) -> Option<Op> {
    let now =
        async |e: Uuid, f: &str| Some(view_of(driver, e).await?.f.get(f).cloned().unwrap_or(Value::Null));
    match op {
        Op::Set { e, f, .. } => Some(set(*e, f, now(*e, f).await?)),
        Op::Add { e, f, item } => Some(Op::Remove { e: *e, f: f.clone(), item: item.clone() }),
        Op::Remove { e, f, item } => Some(Op::Add { e: *e, f: f.clone(), item: item.clone() }),
        _ => None,
    }
}

async fn stands(driver: &Driver, done: Option<&Op>) -> bool {
    match done {
        Some(Op::Set { e, f, v, .. }) => {
            view_of(driver, *e).await.is_some_and(|view| view.f.get(f).unwrap_or(&Value::Null) == v)
        }
        _ => true,
    }
}

/// The merge as a history tells it, newest line first.
fn told(lines: &[Value], from: Uuid, into: Uuid) -> TakeBack {
    let id = |value: &Value| value.as_str().and_then(|text| text.parse::<Uuid>().ok());
    let mut back = TakeBack { pairs: vec![(from, into)], ..TakeBack::default() };
    let is_it = |line: &&Value| {
        line["word"] == "merge" && line["is_current"] == true && id(&line["merged"]["from"]) == Some(from)
    };
    let Some(merge) = lines.iter().find(is_it) else { return back };
    for pair in merge["merged"]["beside"].as_array().into_iter().flatten() {
        back.pairs.extend(id(&pair[0]).zip(id(&pair[1])));
    }
    let beside = |line: &&Value| {
        line["save"] == merge["save"] && line["outcome"] == "applied" && line["field"].is_string()
    };
    for line in lines.iter().filter(beside) {
        let (field, value) = (line["field"].as_str().unwrap_or_default(), line["value"].clone());
        let op = match (line["word"].as_str().unwrap_or_default(), line.get("before")) {
            ("set", Some(before)) if line["is_current"] == true => Some(set(into, field, before.clone())),
            ("add", _) => Some(Op::Remove { e: into, f: field.to_owned(), item: value }),
            ("remove", _) => Some(Op::Add { e: into, f: field.to_owned(), item: value }),
            _ => None,
        };
        match op {
            Some(op) => back.undoing.push(Undoing { done: None, back: op }),
            None => back.unknown += 1,
        }
    }
    back
}

/// Who lived behind a door lives there again, and who only took the place there does not. What no device of this office was sent stays as it is.
async fn lived(driver: &Driver, from: Uuid, into: Uuid, back: &TakeBack) -> Vec<Undoing> {
    let alias = driver.store.record(from).await.ok().flatten().map(|record| record.view());
    let Some(household) = alias.as_ref().and_then(household_of) else { return Vec::new() };
    if view_of(driver, household).await.is_none() {
        return Vec::new();
    }
    let leaves =
        |one: &Undoing| matches!(&one.back, Op::Set { f, v, .. } if f == "household_id" && v.is_null());
    let mut ops = vec![member(household, from)];
    if back.undoing.iter().any(leaves) {
        ops.push(Op::Remove { e: household, f: "members".to_owned(), item: json!(into) });
    }
    ops.into_iter().map(|op| Undoing { done: None, back: op }).gather()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_tells_what_the_save_of_the_merge_wrote() {
        let [from, into, other] = [1, 2, 3].map(Uuid::from_u128);
        let line = |word: &str, save: u8, more: Value| {
            let mut line = json!({"word": word, "save": save, "outcome": "applied"});
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        let field = |name: &str| json!({"field": name, "value": "新", "before": "旧", "is_current": true});
        let mut stale = field("health");
        stale["is_current"] = json!(false);
        let mut unknown = field("id_no");
        unknown.as_object_mut().unwrap().remove("before");
        let lines = [
            line("set", 9, field("remark")),
            line(
                "merge",
                3,
                json!({"is_current": false, "merged": {"from": from, "into": into, "beside": []}}),
            ),
            line(
                "merge",
                1,
                json!({"is_current": true, "merged": {"from": from, "into": into, "beside": [[other, into]]}}),
            ),
            line("set", 1, field("mobile")),
            line("set", 1, stale),
            line("set", 1, unknown),
            line("add", 1, json!({"field": "merits", "value": "二等功"})),
        ];
        let back = told(&lines, from, into);
        assert_eq!(back.pairs, [(from, into), (other, into)]);
        assert_eq!(back.unknown, 2, "one was written since, of one nothing is known");
        let ops: Vec<Op> = back.undoing.into_iter().map(|one| one.back).collect();
        let removed = Op::Remove { e: into, f: "merits".to_owned(), item: json!("二等功") };
        assert_eq!(ops, [set(into, "mobile", json!("旧")), removed]);
    }

    #[test]
    fn a_merge_that_the_history_does_not_tell_is_taken_back_alone() {
        let [from, into] = [1, 2].map(Uuid::from_u128);
        let pairs = vec![(from, into)];
        assert_eq!(told(&[], from, into), TakeBack { pairs, ..TakeBack::default() });
    }
}
