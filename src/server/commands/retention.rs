//! `huifang retention set|report|apply`.

use serde_json::{Value, json};
use std::fmt::Write;

use super::{CommandError, Outcome, operator};
use crate::{
    error::ApiError,
    retention::{self, Keeping, What},
    state::App,
};

pub(super) async fn set(app: &App, name: &str, months: &str) -> Result<Outcome, CommandError> {
    let Some((name, months)) = app.db.keeping().await?.set(name, months) else {
        let (least, most) = (Keeping::MONTHS.start(), Keeping::MONTHS.end());
        let known = Keeping::SETTINGS.join(", ");
        let said = format!("{name} cannot be {months}: give one of {known}, and {least} to {most} months");
        return Err(CommandError::Input(said));
    };
    app.db.set_keeping(name, months, app.clock.now()).await?;
    let members = app.db.keeping().await?.members();
    let line = |(name, months): (&String, &Value)| format!("{name:<12} {months} months\n");
    Ok(Outcome { text: members.iter().map(line).collect(), json: members.into(), ..Outcome::default() })
}

pub(super) async fn report(app: &App) -> Result<Outcome, CommandError> {
    let who = operator::open(app).await?;
    let report = retention::report(app, &who).await;
    app.db.close_session(&who, app.clock.now()).await?;
    let report = report.map_err(|error| CommandError::System(error.into()))?;
    let json = report.to_json();
    let mut text = String::new();
    for line in report.lines() {
        let what = match line.what {
            What::File => "file with all below it",
            What::Visit => "visit",
            What::Need => "closed need with its help",
            What::Photos => "photos of a visit",
        };
        let _ = writeln!(text, "{} {}, {what}, since {}", report.area_name(line.area), line.name, line.since);
    }
    let held = &json["held_back"];
    let _ = writeln!(
        text,
        "{} lines are due, {} deletions by hand are final. Kept though old: {} for a visit that nobody reviewed, {} for an open need, {} for an open request, {} for a conflict, proposal or kept save that waits for the office",
        report.lines().len(),
        json["leftovers"],
        held["unreviewed"],
        held["open_need"],
        held["open_request"],
        held["undecided"]
    );
    if report.photos_left() > 0 {
        let _ = writeln!(
            text,
            "{} photos of an earlier run are still to be removed: they go tonight, or with the next run",
            report.photos_left()
        );
    }
    let _ = writeln!(text, "digest {}: huifang retention apply {}", report.digest(), report.digest());
    Ok(Outcome { text, json, ..Outcome::default() })
}

pub(super) async fn apply(app: &App, digest: &str) -> Result<Outcome, CommandError> {
    let who = operator::open(app).await?;
    let applied = retention::apply(app, &who, digest.trim()).await;
    app.db.close_session(&who, app.clock.now()).await?;
    let applied = applied.map_err(|error| match error {
        ApiError::Refused(..) => CommandError::Input(
            "the report of this moment is another one than that digest's: read `huifang retention report` again; nothing was deleted".to_owned(),
        ),
        other => CommandError::System(other.into()),
    })?;
    let text = format!(
        "{} records and {} photos are gone; {} lines changed meanwhile and stay for the next report\n",
        applied.records, applied.photos, applied.stayed
    );
    let json = json!({"records": applied.records, "photos": applied.photos, "stayed": applied.stayed});
    Ok(Outcome { text, json, ..Outcome::default() })
}
