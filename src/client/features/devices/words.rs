//! What a device is and needs, in sentences.

use crate::{
    data::devices::{Incident, Line, Matter, Waiting},
    features::when,
    locale::words::devices as w,
    ui::Tone,
};

/// What it is: by whom it is used says the line, what it runs on stands here.
pub(crate) fn kind(kind: &str) -> &'static str {
    match kind {
        "android" => w::kind_android(),
        "harmony" => w::kind_harmony(),
        "ios" => w::kind_ios(),
        "windows" | "mac" | "linux" => w::kind_pc(),
        _ => w::kind_unknown(),
    }
}

/// Whose it is, and which of his where he has several.
pub(super) fn whose(line: &Line) -> String {
    if line.is_one_of_several {
        w::name_of_one(&line.name, when::moment(line.device.enrolled_at))
    } else {
        line.name.clone()
    }
}

/// Its state, in one or two words.
pub(super) fn state(line: &Line) -> (&'static str, Tone) {
    match line.device.state.as_str() {
        "readonly" => (w::state_readonly(), Tone::Soon),
        "wipe" if line.ended => (w::state_wiped(), Tone::Plain),
        "wipe" => (w::state_wipe(), Tone::Soon),
        "revoked" => (w::state_revoked(), Tone::Plain),
        _ => (w::state_active(), Tone::Good),
    }
}

/// What is not at the office.
pub(super) fn waiting(waiting: Option<Waiting>) -> String {
    let Some(waiting) = waiting else { return w::waits_unknown().to_owned() };
    let count = [
        (waiting.saves, w::waits_saves as fn(usize) -> String),
        (waiting.photos, w::waits_photos),
        (waiting.drafts, w::waits_drafts),
    ];
    let parts: Vec<String> = count.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| words(n)).collect();
    if parts.is_empty() { w::waits_nothing().to_owned() } else { parts.join(w::between()) }
}

/// The last contact.
pub(super) fn seen(at: Option<i64>) -> String {
    at.map_or_else(|| w::never_seen().to_owned(), when::moment)
}

/// What is the matter, how bad it is, and what to do.
pub(super) fn matter(matter: &Matter) -> (String, Tone, &'static str) {
    match matter {
        Matter::Stuck { days: 0, saves, photos } => {
            (w::stuck_revoked(*saves, *photos), Tone::Bad, w::stuck_do())
        }
        Matter::Stuck { days, saves, photos } => (w::stuck(*days, *saves, *photos), Tone::Bad, w::stuck_do()),
        Matter::Incident(what) => {
            let (tone, advice) = incident_advice(what);
            (incident(what), tone, advice)
        }
        Matter::Clock { minutes } if *minutes > 0 => {
            (w::clock_ahead(span(*minutes)), Tone::Soon, w::clock_do())
        }
        Matter::Clock { minutes } => (w::clock_behind(span(-minutes)), Tone::Soon, w::clock_do()),
        Matter::Silent { days } => (w::silent(*days), Tone::Soon, w::silent_do()),
        Matter::Rescued { at } => (w::rescued(when::moment(*at)), Tone::Good, ""),
    }
}

/// What a storage lost, or where records differed.
pub(super) fn incident(incident: &Incident) -> String {
    let what = match incident.kind.as_str() {
        "empty" => w::incident_empty(),
        "went_back" => w::incident_went_back(),
        "hole" => w::incident_hole(),
        "witness" => w::incident_witness(),
        "digest" => w::incident_digest(),
        "torn" => w::incident_torn(),
        "purge" => w::incident_purge(),
        _ => w::incident_damaged(),
    };
    if !incident.areas.is_empty() {
        return w::incident_areas(what, incident.areas.join(w::between()));
    }
    match incident.lost {
        Some(lost) if lost > 0 => w::incident_lost(what, lost),
        _ => what.to_owned(),
    }
}

/// How bad that is, and what to do.
pub(super) fn incident_advice(incident: &Incident) -> (Tone, &'static str) {
    match incident.kind.as_str() {
        "witness" => (Tone::Bad, w::witness_do()),
        "digest" | "torn" => (Tone::Soon, w::diverged_do()),
        "purge" => (Tone::Soon, w::purge_do()),
        _ => (Tone::Bad, w::incident_do()),
    }
}

/// Minutes as a person says them.
fn span(minutes: i64) -> String {
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    let count = |n: i64| usize::try_from(n).unwrap_or_default();
    match minutes {
        DAY.. => w::days(count(minutes / DAY)),
        HOUR.. => w::hours(count(minutes / HOUR)),
        _ => w::minutes(count(minutes)),
    }
}
