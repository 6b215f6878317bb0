//! The report, and what follows from it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use sync::wire::{Changeset, Op, VerdictState};
use uuid::Uuid;

use super::{Due, HeldBack, Keeping, due};
use crate::{
    commands::operator,
    day_text::day_of_ms,
    db::{AuditEntry, Caller},
    error::ApiError,
    plant,
    state::App,
    tokens,
};

const SCHEMA: u32 = 1;
/// Ops of one save; a save has a size.
const OPS_COUNT: usize = 50;
/// What somebody deleted by hand can be brought back for so long; then its values go too.
const SECOND_THOUGHTS_MS: i64 = 30 * 24 * 60 * 60_000;
/// Every kind of which something may be due, or holds something back.
const KINDS: &[&str] = &["recipient", "entitlement", "visit", "need", "task", "measure", "rights_request"];

/// What would be deleted in the caller's areas today, and why.
pub(crate) struct Report {
    keeping: Keeping,
    today: String,
    due: Vec<Due>,
    held: HeldBack,
    /// Deleted before, by hand: their values go.
    leftovers: Vec<Uuid>,
    areas: BTreeMap<Uuid, String>,
}

impl Report {
    /// Under which it is carried out: another if anything in it changed.
    pub(crate) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for line in &self.due {
            hash.update(format!("{:?} {:?} {:?}\n", line.what, line.records, line.detached));
        }
        hash.update(format!("{:?}", self.leftovers));
        tokens::hex(&hash.finalize())[..16].to_owned()
    }

    pub(crate) fn lines(&self) -> &[Due] {
        &self.due
    }

    pub(crate) fn area_name(&self, area: Uuid) -> &str {
        self.areas.get(&area).map(String::as_str).unwrap_or_default()
    }

    /// As it is answered.
    pub(crate) fn to_json(&self) -> Value {
        let line = |line: &Due| {
            let photos = line.detached.len();
            json!({
                "what": line.what, "recipient": line.recipient, "name": line.name, "village": self.area_name(line.area),
                "since": line.since, "records": line.records.len(), "photos": photos,
            })
        };
        let of_area = |(id, name): (&Uuid, &String)| {
            let count = self.due.iter().filter(|line| line.area == *id).count();
            json!({"id": id, "name": name, "due": count})
        };
        json!({
            "digest": self.digest(), "today": self.today, "keeping": self.keeping, "held_back": self.held,
            "due": self.due.iter().map(line).collect::<Vec<_>>(),
            "leftovers": self.leftovers.len(),
            "areas": self.areas.iter().map(of_area).collect::<Vec<_>>(),
        })
    }
}

/// What was done.
pub(crate) struct Applied {
    pub(crate) records: u64,
    pub(crate) photos: u64,
    /// Lines of the report of which something changed in the last moment: they stay, and stand in the next report.
    pub(crate) stayed: usize,
}

/// Judges every live record in the caller's areas.
///
/// # Errors
/// When the caller works at no office, or the database fails.
pub(crate) async fn report(app: &App, who: &Caller) -> Result<Report, ApiError> {
    let keeping = app.db.keeping().await?;
    let records = app.db.office_records(who, KINDS).await?;
    let now = app.clock.now();
    let today = day_of_ms(now);
    let (due, held) = due(&records, keeping, &today);
    let scope: BTreeSet<Uuid> = app.db.scope_areas(who).await?.into_iter().collect();
    let areas = app.db.areas().await?.into_iter().filter(|area| scope.contains(&area.id));
    let areas = areas.map(|area| (area.id, area.name)).collect();
    let leftovers = app.db.deleted_before(who, now - SECOND_THOUGHTS_MS).await?;
    Ok(Report { keeping, today, due, held, leftovers, areas })
}

/// Carries out the report of that digest, in the name of the command line: as tombstones that phones take over, then without the values.
///
/// # Errors
/// `report_changed` when the report of this moment is another one; then nothing is done.
pub(crate) async fn apply(app: &App, who: &Caller, digest: &str) -> Result<Applied, ApiError> {
    let report = report(app, who).await?;
    if report.digest() != digest {
        return Err(ApiError::Refused("report_changed", Value::Null));
    }
    let now = app.clock.now();
    let detail = json!({"digest": digest, "lines": report.due.len(), "leftovers": report.leftovers.len()});
    app.db.note(AuditEntry::of(who, "retention", detail, now)).await?;
    let operator = operator::open(app).await?;
    let written = write(app, &operator, &report.due, now).await;
    app.db.close_session(&operator, app.clock.now()).await?;
    let (gone, stayed) = written?;
    let mut records: Vec<Uuid> = gone.iter().flat_map(|line| &line.records).map(|(e, _)| *e).collect();
    records.extend(&report.leftovers);
    let detached: Vec<_> = gone.iter().flat_map(|line| &line.detached).map(|(_, blob)| *blob).collect();
    let erased = app.db.erase(&records, &detached, now).await?;
    let photos = forget_photos(app).await?;
    Ok(Applied { records: erased, photos, stayed })
}

/// Plants what each line needs; the lines that were taken, and how many were not.
async fn write<'d>(
    app: &App,
    operator: &Caller,
    due: &'d [Due],
    now: i64,
) -> Result<(Vec<&'d Due>, usize), ApiError> {
    let (mut changesets, mut of_line) = (Vec::new(), Vec::new());
    for (index, line) in due.iter().enumerate() {
        for ops in line.ops().chunks(OPS_COUNT) {
            changesets.push(changeset(operator, ops.to_vec(), now));
            of_line.push(index);
        }
    }
    let verdicts = plant::plant(&app.db, operator, &changesets, now).await?;
    let taken = |state: VerdictState| matches!(state, VerdictState::Applied | VerdictState::Merged);
    let refused: BTreeSet<usize> = of_line
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| !taken(verdict.st))
        .map(|(line, _)| *line)
        .collect();
    let gone = due.iter().enumerate().filter(|(index, _)| !refused.contains(index)).map(|(_, line)| line);
    Ok((gone.collect(), refused.len()))
}

fn changeset(operator: &Caller, ops: Vec<Op>, now: i64) -> Changeset {
    Changeset {
        id: tokens::new_id(now),
        schema: SCHEMA,
        t: now,
        t_contact: now,
        author: operator.account,
        ops,
    }
}

/// Removes the files of erased photos. What breaks off goes on at the next time.
async fn forget_photos(app: &App) -> Result<u64, ApiError> {
    let mut count = 0;
    for (hash, bytes) in app.db.erased_photos().await? {
        app.blobs.forget(hash, bytes).await?;
        app.db.forget_photo(hash).await?;
        count += 1;
    }
    Ok(count)
}
