//! `huifang retention set|report|apply`.

use serde_json::{Value, json};
use std::fmt::Write;

use super::{CommandError, Outcome, operator};
use crate::{
    error::ApiError,
    retention::{self, Due, Keeping, Report, What, Why},
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
        let _ = writeln!(text, "{}, {}, since {}", whose(&report, line), what(line.what), line.since);
    }
    for (line, why) in report.held() {
        let (whose, what, why) = (whose(&report, line), what(line.what), self::why(*why));
        let _ = writeln!(text, "stays: {whose}, {what}, since {}: {why}", line.since);
    }
    let (due, leftovers) = (report.lines().len(), &json["leftovers"]);
    let _ = writeln!(text, "{due} lines are due, {leftovers} deletions and merges by hand are final");
    for (reason, count) in report.held_back().into_iter().filter(|(_, count)| *count > 0) {
        let _ = writeln!(text, "{count} stay though old: {}", why(reason));
    }
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

fn whose(report: &Report, line: &Due) -> String {
    format!("{} {}", report.area_name(line.area), line.name).trim().to_owned()
}

fn what(what: What) -> &'static str {
    match what {
        What::File => "file with all below it",
        What::Visit => "visit",
        What::Need => "closed need with its help",
        What::Task => "task that was done",
        What::Case => "closed case",
        What::Photos => "photos of a visit",
        What::Orphan => "what is left of people whose files are gone",
        What::Sponsor => "sponsor with whom nobody dealt since",
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::OpenRequest => "the person waits for an answer to a request about what is kept",
        Why::OpenNeed => "a need is open",
        Why::OpenTask => "a task is not done",
        Why::OpenCase => "a case is open",
        Why::OpenPledge => "a promise is not kept yet",
        Why::Unreviewed => "nobody reviewed the visit",
        Why::Undecided => "a conflict, proposal or kept save about it waits for the office",
    }
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
