//! The report, and what follows from it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use sync::{id::Inc, limits::BLOB_LAPSE_MS};
use uuid::Uuid;

use super::{Due, Judgement, Keeping, Why, due};
use crate::{
    commands::operator,
    day_text::day_of_ms,
    db::{Caller, Erased, Leftovers, Retired, Retiring},
    error::ApiError,
    state::App,
    tokens,
};

/// What somebody deleted by hand can be brought back for so long; then its values go too.
const SECOND_THOUGHTS_MS: i64 = 30 * 24 * 60 * 60_000;

/// What would be deleted in the caller's areas today, and why.
pub(crate) struct Report {
    keeping: Keeping,
    today: String,
    due: Vec<Due>,
    /// What would be due, and why it stays.
    held: Vec<(Due, Why)>,
    /// Deleted, or merged into others, before, by hand: their values go, but for what is held.
    leftovers: Leftovers,
    /// Photos of what was erased, whose files are still there: an earlier run broke off. They go every night, and with the next run.
    photos_left: usize,
    areas: BTreeMap<Uuid, String>,
}

impl Report {
    /// Under which it is carried out: another if anything in it changed.
    pub(crate) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for line in &self.due {
            hash.update(format!("{:?} {:?} {:?}\n", line.what, line.records, line.detached));
        }
        hash.update(format!("{:?}", self.leftovers.erasable));
        tokens::hex(&hash.finalize())[..16].to_owned()
    }

    pub(crate) fn lines(&self) -> &[Due] {
        &self.due
    }

    /// What would be due, and why it stays.
    pub(crate) fn held(&self) -> &[(Due, Why)] {
        &self.held
    }

    /// How much stays for each reason: lines, and what was deleted by hand.
    pub(crate) fn held_back(&self) -> Vec<(Why, u64)> {
        let of = |why: Why| {
            let lines = self.held.iter().filter(|(_, of)| *of == why).count() as u64;
            let leftovers = match why {
                Why::OpenRequest => self.leftovers.requested,
                Why::Undecided => self.leftovers.spoken_of,
                _ => 0,
            };
            (why, lines + leftovers)
        };
        Why::ALL.map(of).to_vec()
    }

    pub(crate) fn photos_left(&self) -> usize {
        self.photos_left
    }

    pub(crate) fn area_name(&self, area: Uuid) -> &str {
        self.areas.get(&area).map(String::as_str).unwrap_or_default()
    }

    /// As it is answered.
    pub(crate) fn to_json(&self) -> Value {
        let held = |(line, why): &(Due, Why)| {
            let mut held = self.line_json(line);
            held["why"] = json!(why);
            held
        };
        let of_area = |(id, name): (&Uuid, &String)| {
            let count = self.due.iter().filter(|line| line.area == *id).count();
            json!({"id": id, "name": name, "due": count})
        };
        let held_back: BTreeMap<Why, u64> = self.held_back().into_iter().collect();
        json!({
            "digest": self.digest(), "today": self.today, "keeping": self.keeping, "held_back": held_back,
            "kept": self.held_back().iter().map(|(_, count)| count).sum::<u64>(),
            "due": self.due.iter().map(|line| self.line_json(line)).collect::<Vec<_>>(),
            "held": self.held.iter().map(held).collect::<Vec<_>>(),
            "leftovers": self.leftovers.erasable.len(), "photos_left": self.photos_left,
            "areas": self.areas.iter().map(of_area).collect::<Vec<_>>(),
        })
    }

    fn line_json(&self, line: &Due) -> Value {
        json!({
            "what": line.what, "recipient": line.recipient, "name": line.name, "village": self.area_name(line.area),
            "since": line.since, "records": line.records.len(), "photos": line.detached.len(),
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
    let facts = app.db.retention_facts(who).await?;
    let now = app.clock.now();
    let today = day_of_ms(now);
    let Judgement { due, held } = due(&facts, keeping, &today);
    let scope: BTreeSet<Uuid> = app.db.scope_areas(who).await?.into_iter().collect();
    let areas = app.db.areas().await?.into_iter().filter(|area| scope.contains(&area.id));
    let areas = areas.map(|area| (area.id, area.name)).collect();
    let leftovers = app.db.deleted_before(who, now - SECOND_THOUGHTS_MS).await?;
    let photos_left = app.db.erased_photos().await?.len();
    Ok(Report { keeping, today, due, held, leftovers, photos_left, areas })
}

/// Carries out the report of that digest, in the name of the command line: as tombstones that phones take over, then without the values. It goes on when
/// whoever asked does not wait for the answer.
///
/// # Errors
/// `report_changed` when the report of this moment is another one; then nothing is done. When something breaks off, each line is as it was or wholly
/// done, and the next report names the others.
pub(crate) async fn apply(app: &App, who: &Caller, digest: &str) -> Result<Applied, ApiError> {
    let (app, who, digest) = (app.clone(), who.clone(), digest.to_owned());
    let work = tokio::spawn(async move { carry_out(&app, &who, &digest).await });
    work.await.map_err(anyhow::Error::from)?
}

async fn carry_out(app: &App, who: &Caller, digest: &str) -> Result<Applied, ApiError> {
    // One at a time, and beside no list that is being written.
    let _turn = app.db.import_turn().await?;
    let report = report(app, who).await?;
    if report.digest() != digest {
        return Err(ApiError::Refused("report_changed", Value::Null));
    }
    let now = app.clock.now();
    let detail =
        json!({"digest": digest, "lines": report.due.len(), "leftovers": report.leftovers.erasable.len()});
    app.db.note_of(who, "retention", detail, now).await?;
    let operator = operator::open(app).await?;
    let retired = retire(app, &operator, &report, now).await;
    app.db.close_session(&operator, app.clock.now()).await?;
    let (mut erased, stayed) = retired?;
    erased += app.db.erase(&report.leftovers.erasable, now).await?;
    let photos = clear(app).await?;
    Ok(Applied { records: erased.records, photos, stayed })
}

/// Each line in a transaction of its own; how many stayed.
async fn retire(
    app: &App,
    operator: &Caller,
    report: &Report,
    now: i64,
) -> Result<(Erased, usize), ApiError> {
    let Report { keeping, today, .. } = report;
    let (inc, mut first_seq) = (Inc(tokens::random()), 1);
    let (mut all, mut stayed) = (Erased::default(), 0);
    for line in &report.due {
        let asked = Retiring { operator, inc, first_seq, line, keeping: *keeping, today, now };
        match app.db.retire(asked).await? {
            Retired::Gone { saves, erased } => {
                first_seq += saves;
                all += erased;
            }
            Retired::Changed => stayed += 1,
        }
    }
    Ok((all, stayed))
}

/// Finishes what an earlier run began, and lets go what was uploaded and nothing attached for 30 days: every night, whoever asked for it.
///
/// # Errors
/// When the database or the store of the photos does not take part; the next night goes on.
pub(crate) async fn finish(app: &App) -> Result<u64, ApiError> {
    let _turn = app.db.import_turn().await?;
    app.db.lapse_photos(app.clock.now() - BLOB_LAPSE_MS).await?;
    clear(app).await
}

/// Takes out what came about erased records after them, and removes the files of marked photos; how many.
async fn clear(app: &App) -> Result<u64, ApiError> {
    app.db.sweep(app.clock.now()).await?;
    let mut count = 0;
    for (hash, bytes) in app.db.erased_photos().await? {
        app.blobs.forget(hash, bytes).await?;
        app.db.forget_photo(hash).await?;
        count += 1;
    }
    Ok(count)
}
