//! The rescue file: what a phone could not send, as it lay on its disk. It goes through the same push and the same intake as over the line, so
//! importing it twice, or syncing afterwards, changes nothing.

mod file;
mod photos;
mod preview;

use serde::Serialize;
use serde_json::{json, value::to_raw_value};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};
use sync::{
    authority::Opener,
    id::Inc,
    wire::{PushAnswer, PushError, PushKey, PushRequest, Verdict, VerdictState},
};
use uuid::Uuid;

pub use file::{RESCUE_BYTES_MAX, RescueFile, read};
pub use preview::{Preview, preview};

use crate::{
    db::{AuditEntry, Caller, DbError},
    error::ApiError,
    keys::Keys,
    state::App,
};
use file::OutEntry;

/// Changesets of one transaction.
const BATCH_COUNT: usize = 100;

/// Why nothing of a file was imported.
#[derive(Debug, thiserror::Error)]
pub enum RescueError {
    #[error("the file has {} MB, more than any phone writes ({} MB): it is no rescue file", .0 / 1_000_000, RESCUE_BYTES_MAX / 1_000_000)]
    TooLarge(u64),
    #[error("the file is no rescue file: the phone writes one with 导出未发送资料")]
    NotOurs,
    #[error("the rescue file is of form {0}, which this version does not know: update the server")]
    Form(String),
    #[error("the rescue file is cut short or damaged ({0}): copy it from the phone again")]
    Damaged(String),
    #[error(
        "the phone of this file ({0}) is not enrolled here: it is another office's, or the office was restored from before its enrolment"
    )]
    UnknownDevice(String),
    #[error("the file is sealed to the server key {}, and this server has {}: it is another office's, or the key was lost", sealed_to.join(", "), have.join(", "))]
    OtherKey { sealed_to: Vec<String>, have: Vec<String> },
    #[error(
        "the file is sealed with {0}, which this version does not know: the app on the phone is newer; update the server, then take the file in again"
    )]
    Newer(String),
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl From<DbError> for RescueError {
    fn from(error: DbError) -> RescueError {
        RescueError::Api(error.into())
    }
}

/// What became of a file.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Report {
    pub device: String,
    pub user: String,
    /// The verdicts, in the order of the outbox.
    pub changesets: Vec<Verdict>,
    pub drafts: Vec<Uuid>,
    pub photos: Photos,
    /// What is in the file and does not open; it was left out, so that the phone can still send it itself.
    pub damaged: Vec<String>,
}

/// What became of the photos.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Photos {
    pub taken: usize,
    pub here_before: usize,
    /// With the reason.
    pub rejected: Vec<String>,
}

/// Where the keys of a file open.
struct OpenedKeys<K> {
    out: BTreeMap<Uuid, (PushKey, K)>,
    blob: Vec<(PushKey, crypto::Key)>,
}

/// Imports a file. `by` is the clerk at the desk, who must supervise the phone's user; nobody if it is the command line.
///
/// # Errors
/// When the phone is unknown, its keys do not open here, or the system fails.
pub async fn import(app: &App, file: RescueFile, by: Option<&Caller>) -> Result<Report, RescueError> {
    let user = user(app, &file, by).await?;
    let keys = open_keys(&app.keys, &file)?;
    let _turn = app.gate.enter(file.device).await?;
    let mut report = Report { device: file.device.to_string(), user, ..Report::default() };
    let out = whole_changesets(&app.keys, &file, &keys, &mut report);
    report.changesets = push_out(app, &file, &keys, &out, by).await?;
    push_drafts(app, &file, &keys, &mut report, by).await?;
    photos::import(app, &file, &keys.blob, &mut report).await?;
    let is_held = |verdict: &&Verdict| verdict.st == VerdictState::Held;
    let held = report.changesets.iter().filter(is_held).map(|verdict| verdict.id);
    let held: Vec<Uuid> = held.chain(report.drafts.iter().copied()).collect();
    let detail = json!({
        "device": file.device, "held": held, "changesets": report.changesets.len(), "drafts": report.drafts.len(), "photos": report.photos.taken,
        "damaged": report.damaged.len(),
    });
    let now = app.clock.now();
    app.db
        .note(match by {
            Some(who) => AuditEntry::of(who, "rescue_import", detail, now),
            None => AuditEntry::operator("rescue_import", detail, now),
        })
        .await?;
    Ok(report)
}

/// The name of the phone's user.
async fn user(app: &App, file: &RescueFile, by: Option<&Caller>) -> Result<String, RescueError> {
    app.db.device_user(file.device, by).await.map_err(|error| match error {
        DbError::NotFound => RescueError::UnknownDevice(file.device.to_string()),
        other => other.into(),
    })
}

fn open_keys(keys: &Arc<Keys>, file: &RescueFile) -> Result<OpenedKeys<crypto::Key>, RescueError> {
    // Whole or not at all: what only the newer version opens would be told as damaged.
    if let Some(newer) = file.keys.iter().find(|key| key.alg != crypto::SUITE) {
        return Err(RescueError::Newer(newer.alg.clone()));
    }
    let out = file.keys.iter().filter_map(|key| Some((key.id, (key.clone(), keys.open_key(key)?))));
    let blob = file
        .keys
        .iter()
        .filter_map(|key| Some((key.clone(), keys.open_push_key(key, crypto::hpke::Info::Blob)?)));
    let opened = OpenedKeys { out: out.collect(), blob: blob.collect() };
    if opened.out.is_empty() && opened.blob.is_empty() {
        return Err(RescueError::OtherKey {
            sealed_to: file.keys.iter().map(|key| key.kid.clone()).collect(),
            have: keys.public().into_iter().map(|key| key.kid).collect(),
        });
    }
    Ok(opened)
}

/// The changesets that open, in order. Pushed unopened, a damaged one would be rejected for good, under the id of the phone's sound copy.
fn whole_changesets<'f>(
    opener: &Arc<Keys>,
    file: &'f RescueFile,
    keys: &OpenedKeys<crypto::Key>,
    report: &mut Report,
) -> Vec<&'f OutEntry> {
    let mut out: Vec<&OutEntry> = file.out.iter().collect();
    out.sort_by_key(|entry| entry.seq);
    out.retain(|entry| {
        let opens = entry.sealed.as_ref().is_some_and(|sealed| {
            let key = keys.out.get(&sealed.key);
            let plain = key.and_then(|(_, key)| opener.open_body(key, entry.id, sealed));
            plain.is_some_and(|plain| std::str::from_utf8(&plain).is_ok())
        });
        if !opens {
            report.damaged.push(format!("changeset {} ({})", entry.seq, entry.id));
        }
        opens
    });
    out
}

/// Pushes under the phone's own numbers. Where the office has others there, or lacks some before, under numbers of the file's own: each changeset is
/// known by its id.
async fn push_out(
    app: &App,
    file: &RescueFile,
    keys: &OpenedKeys<crypto::Key>,
    out: &[&OutEntry],
    by: Option<&Caller>,
) -> Result<Vec<Verdict>, RescueError> {
    let own: Vec<(u64, &OutEntry)> = out.iter().map(|entry| (entry.seq, *entry)).collect();
    match push_numbered(app, file, keys, (file.inc, &own), by).await? {
        Some(verdicts) => Ok(verdicts),
        None => {
            let anew: Vec<(u64, &OutEntry)> = (1..).zip(out.iter().copied()).collect();
            let inc = file_inc(file, out);
            let verdicts = push_numbered(app, file, keys, (inc, &anew), by).await?;
            verdicts.ok_or_else(|| DbError::Damaged("numbers of a rescue file").into())
        }
    }
}

/// The verdicts; nothing if the numbers do not fit.
async fn push_numbered(
    app: &App,
    file: &RescueFile,
    keys: &OpenedKeys<crypto::Key>,
    (inc, out): (Inc, &[(u64, &OutEntry)]),
    by: Option<&Caller>,
) -> Result<Option<Vec<Verdict>>, RescueError> {
    let mut verdicts = Vec::with_capacity(out.len());
    let mut rest = out;
    while let Some((first_seq, first)) = rest.first() {
        let key = first.sealed.as_ref().map(|sealed| sealed.key);
        let fits = (*first_seq..).zip(rest).take(BATCH_COUNT).take_while(|(seq, (own, entry))| {
            seq == own && entry.sealed.as_ref().map(|sealed| sealed.key) == key
        });
        let (batch, after) = rest.split_at(fits.count());
        rest = after;
        let changesets = batch
            .iter()
            .map(|(_, entry)| to_raw_value(&json!({"id": entry.id, "sealed": entry.sealed})))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ApiError::BadRequest("changeset"))?;
        let key = key.and_then(|key| keys.out.get(&key)).map(|(key, _)| key.clone());
        let request =
            PushRequest { first_seq: *first_seq, prev_id: None, key, changesets, drafts: Vec::new() };
        match app.db.push_rescued(file.device, inc, &request, by, app.clock.now()).await? {
            PushAnswer::Receipt(receipt) => verdicts.extend(receipt.results),
            PushAnswer::Error(PushError::Gap { .. } | PushError::Fork { .. }) => return Ok(None),
            PushAnswer::Error(PushError::Key) => return Err(DbError::Damaged("a key that opened").into()),
        }
    }
    Ok(Some(verdicts))
}

/// The same for the same changesets, so that a second import finds its own numbers.
fn file_inc(file: &RescueFile, out: &[&OutEntry]) -> Inc {
    let mut hash = Sha256::new();
    hash.update(file.device.0);
    hash.update(file.inc.0);
    out.iter().for_each(|entry| hash.update(entry.id.as_bytes()));
    let mut inc = Inc([0; 8]);
    inc.0.copy_from_slice(&hash.finalize()[..8]);
    inc
}

async fn push_drafts(
    app: &App,
    file: &RescueFile,
    keys: &OpenedKeys<crypto::Key>,
    report: &mut Report,
    by: Option<&Caller>,
) -> Result<(), RescueError> {
    for draft in &file.drafts {
        // A phone that is locked cannot tell a draft of before a forgotten code from one of after it: it names one key for all.
        let named = keys.out.get_key_value(&draft.sealed.key);
        let opening = named
            .into_iter()
            .chain(&keys.out)
            .find(|(_, (_, key))| app.keys.open_body(key, draft.id, &draft.sealed).is_some());
        let mut draft = draft.clone();
        let key = opening.or(named).map(|(id, (key, _))| {
            draft.sealed.key = *id;
            key.clone()
        });
        let id = draft.id;
        let request =
            PushRequest { first_seq: 1, prev_id: None, key, changesets: Vec::new(), drafts: vec![draft] };
        let answer = app.db.push_rescued(file.device, file.inc, &request, by, app.clock.now()).await?;
        match answer {
            PushAnswer::Receipt(receipt) if receipt.drafts.contains(&id) => report.drafts.push(id),
            _ => report.damaged.push(format!("unfinished visit {id}")),
        }
    }
    Ok(())
}

impl Report {
    /// How many verdicts are of a state, a duplicate counting apart.
    pub fn count(&self, state: VerdictState) -> usize {
        self.changesets.iter().filter(|verdict| verdict.st == state).count()
    }

    /// Whether something of the file is not at the office.
    pub fn has_errors(&self) -> bool {
        let is_rejected = |verdict: &Verdict| {
            verdict.st == VerdictState::Rejected || verdict.was == Some(VerdictState::Rejected)
        };
        !self.damaged.is_empty()
            || !self.photos.rejected.is_empty()
            || self.changesets.iter().any(is_rejected)
    }
}
