//! Checklists of the office's own: published into the records of the publisher's villages, so that phones are sent them like any record.
//!
//! What was published for which areas is read from the audit chain: a village made later is given what was published for an area above it. The
//! number of a version is given once in the whole office, whoever publishes, so that a checklist's id and version name one text.

use domain::checklist::{
    Checklist, Template, builtin, builtin_ids,
    published::{self, KIND, Published},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::{AreaId, made_alike},
    record::Record,
    rev::Rev,
    wire::{Base, Op},
};
use uuid::Uuid;

use crate::{
    commands::operator,
    db::{Caller, DbError, ToldChecklist, own},
    near::{near, parents, up_from},
    plant,
    state::App,
    tokens,
};

/// Why a checklist was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(
        "the checklist has {bytes} bytes, phones are sent at most {}: shorten its lists of options",
        published::BYTES_MAX
    )]
    TooLarge { bytes: usize },
    #[error("there is no village yet that it could be published to: add the villages first")]
    NoVillage,
    #[error("some villages did not take the checklist: publish it again")]
    NotApplied,
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What became of a checklist.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Publication {
    pub code: String,
    pub version: u32,
    /// Whether the newest version says the same: then nothing was published.
    pub same: bool,
    /// In how many villages it is new.
    pub villages: usize,
}

/// The versions that are out, by id; the built-in ones are the first of theirs.
pub type Versions = BTreeMap<String, BTreeMap<u32, Template>>;

/// Publishes a template as the next version of its id.
///
/// # Errors
/// When it is too large, there is no village, or the database fails.
pub async fn publish(
    app: &App,
    who: &Caller,
    mut template: Template,
    file: &str,
) -> Result<Publication, PublishError> {
    let _turn = app.db.import_turn().await?;
    let records = app.db.office_records(who, &[KIND]).await?;
    let known = versions(&records);
    let newest = known.get(&template.id).and_then(|versions| versions.last_key_value());
    let same = newest.is_some_and(|(version, published)| {
        template.version = *version;
        *published == template
    });
    if !same {
        let told = app.db.told_checklists().await?;
        let taken = told.iter().filter(|one| one.code == template.id).map(|one| one.version);
        template.version = taken.chain(newest.map(|(version, _)| *version)).max().unwrap_or(0) + 1;
    }
    let built_in_only = same && !records.iter().any(|record| record.text("code") == Some(&template.id));
    let text = published::text_of(&template);
    if text.len() > published::BYTES_MAX {
        return Err(PublishError::TooLarge { bytes: text.len() });
    }
    let places = villages(app, who).await?;
    if places.is_empty() {
        return Err(PublishError::NoVillage);
    }
    let missing = if built_in_only { Vec::new() } else { lacking(&records, &places, &template, &text) };
    let now = app.clock.now();
    let detail = serde_json::json!({
        "file": file, "code": template.id, "version": template.version, "villages": missing.len(),
        "areas": tops(app, who).await?, "text": digest(&text),
    });
    // Told first: should the writing break off, the number is taken, and the same form again goes on under it or takes another.
    app.db.note_of(who, "checklist_publish", detail, now).await?;
    write(app, who, &template, &text, &missing, now).await?;
    Ok(Publication { code: template.id, version: template.version, same, villages: missing.len() })
}

/// Gives villages that have just been made what was published before for an area above them, with the command line as its author: whoever makes a village need not have the
/// right to publish.
///
/// # Errors
/// When the database fails.
pub async fn reach_new_villages(app: &App) -> Result<(), DbError> {
    if !app.db.has_checklists().await? {
        return Ok(());
    }
    let who = operator::open(app).await?;
    let spread = spread(app, &who).await;
    app.db.close_session(&who, app.clock.now()).await?;
    match spread {
        Ok(_) => Ok(()),
        Err(PublishError::Db(error)) => Err(error),
        // The villages stand; the next publication or the next village brings what is missing.
        Err(error) => {
            tracing::warn!(%error, "new villages did not get the published checklists");
            Ok(())
        }
    }
}

/// Writes what villages lack of what was published for them. Returns how many records were written.
async fn spread(app: &App, who: &Caller) -> Result<usize, PublishError> {
    let records = app.db.office_records(who, &[KIND]).await?;
    let told = app.db.told_checklists().await?;
    let places = villages(app, who).await?;
    let parents = parents(&app.db.areas().await?);
    let mut written = 0;
    let out: BTreeSet<(String, u32, String)> = records
        .iter()
        .filter_map(genuine)
        .map(|published| (published.code, published.version, published.text))
        .collect();
    for (code, version, text) in out {
        let Ok(template) = serde_json::from_str::<Template>(&text) else { continue };
        let digest = digest(&text);
        let is_it = |one: &&ToldChecklist| {
            one.code == code && one.version == version && one.text.as_ref().is_none_or(|own| *own == digest)
        };
        let reach: BTreeSet<Uuid> = told.iter().filter(is_it).flat_map(|one| &one.areas).copied().collect();
        let is_meant = |place: &Uuid| up_from(&parents, *place).any(|at| reach.contains(&at));
        let meant: Vec<Uuid> = places.iter().copied().filter(is_meant).collect();
        let missing = lacking(&records, &meant, &template, &text);
        write(app, who, &template, &text, &missing, app.clock.now()).await?;
        written += missing.len();
    }
    Ok(written)
}

/// Everything that is out and the caller reaches.
///
/// # Errors
/// When the database fails.
pub async fn all(app: &App, who: &Caller) -> Result<Versions, DbError> {
    Ok(versions(&app.db.office_records(who, &[KIND]).await?))
}

/// A version that is out, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Out {
    pub code: String,
    pub version: u32,
    /// In milliseconds UTC.
    pub at: i64,
}

/// What the chain tells of the versions that were published for the caller's areas, above them or below.
///
/// # Errors
/// When the database fails.
pub async fn told(app: &App, who: &Caller) -> Result<Vec<Out>, DbError> {
    let near = near(app, who).await?;
    let mut out: BTreeMap<(String, u32), i64> = BTreeMap::new();
    for one in app.db.told_checklists().await? {
        if one.areas.iter().any(|area| near.contains(area)) {
            let at = out.entry((one.code, one.version)).or_insert(one.at);
            *at = one.at.min(*at);
        }
    }
    Ok(out.into_iter().map(|((code, version), at)| Out { code, version, at }).collect())
}

/// The template of an id and version, built in or published.
pub fn versions(records: &[Record]) -> Versions {
    let mut versions = Versions::new();
    for id in builtin_ids() {
        if let Some(checklist) = builtin(id) {
            let template = checklist.template().clone();
            versions.entry(id.to_owned()).or_default().insert(template.version, template);
        }
    }
    for published in records.iter().filter_map(genuine) {
        let Some(template) = published.template() else { continue };
        if Checklist::new(template.clone()).is_ok() {
            versions.entry(published.code).or_default().entry(published.version).or_insert(template);
        }
    }
    versions
}

/// What a record says, if its id is that of its text.
fn genuine(record: &Record) -> Option<Published> {
    let published = Published::of(&|name| record.plain(name).cloned())?;
    (record.id == id_of(&published.place, &published.code, published.version, &published.text))
        .then_some(published)
}

fn id_of(place: &str, code: &str, version: u32, text: &str) -> Uuid {
    made_alike(KIND, &published::id_names(place, code, &version.to_string(), text))
}

/// The uppermost areas of the caller's scope.
async fn tops(app: &App, who: &Caller) -> Result<Vec<Uuid>, DbError> {
    let scope: BTreeSet<Uuid> = app.db.scope_areas(who).await?.into_iter().collect();
    let areas = app.db.areas().await?;
    let is_top = |area: &&crate::db::Area| {
        area.archive_of.is_none()
            && scope.contains(&area.id)
            && area.parent.is_none_or(|parent| !scope.contains(&parent))
    };
    Ok(areas.iter().filter(is_top).map(|area| area.id).collect())
}

/// By which a text is known again.
fn digest(text: &str) -> String {
    tokens::hex(&Sha256::digest(text.as_bytes()))
}

/// The villages in the caller's scope: areas with nothing below them.
async fn villages(app: &App, who: &Caller) -> Result<Vec<Uuid>, DbError> {
    let scope = app.db.scope_areas(who).await?;
    let areas = app.db.areas().await?;
    let parents: BTreeSet<Uuid> = areas.iter().filter_map(|area| area.parent).collect();
    let is_village = |area: &&crate::db::Area| {
        area.archive_of.is_none() && scope.contains(&area.id) && !parents.contains(&area.id)
    };
    Ok(areas.iter().filter(is_village).map(|area| area.id).collect())
}

/// The villages that have no whole record of a version.
fn lacking(records: &[Record], places: &[Uuid], template: &Template, text: &str) -> Vec<Uuid> {
    let whole: BTreeSet<Uuid> =
        records.iter().filter(|record| genuine(record).is_some()).map(|record| record.id).collect();
    let lacks =
        |place: &&Uuid| !whole.contains(&id_of(&place.to_string(), &template.id, template.version, text));
    places.iter().filter(lacks).copied().collect()
}

async fn write(
    app: &App,
    who: &Caller,
    template: &Template,
    text: &str,
    places: &[Uuid],
    now: i64,
) -> Result<(), PublishError> {
    let mut changesets = Vec::new();
    for place in places {
        let name = place.to_string();
        let e = id_of(&name, &template.id, template.version, text);
        for (n, fields) in published::fields(template, &name, text).into_iter().enumerate() {
            let f = fields.into_iter();
            let ops = if n == 0 {
                vec![Op::Create {
                    e,
                    kind: KIND.to_owned(),
                    area: AreaId(*place),
                    parent: None,
                    f: f.collect(),
                }]
            } else {
                f.map(|(f, v)| Op::Set { e, f, v, base: Base::Fv(Rev::ZERO) }).collect()
            };
            changesets.push(own::changeset(who.account, ops, now));
        }
    }
    let verdicts = plant::plant(&app.db, who, &changesets, now).await?;
    if let Some(bad) = verdicts.iter().find(|verdict| !verdict.st.is_written()) {
        tracing::warn!(why = ?bad.why, state = ?bad.st, "a changeset of a checklist was not applied");
        return Err(PublishError::NotApplied);
    }
    Ok(())
}
