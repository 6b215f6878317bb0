//! `huifang notice list|set`.

use domain::notice::Notice;
use serde_json::json;
use std::fmt::Write;

use super::{CommandError, Outcome};
use crate::{day_text::day_of_ms, db::DbError, state::App};

pub(super) async fn list(app: &App) -> Result<Outcome, CommandError> {
    let rows = app.db.notices().await?;
    let mut text = String::new();
    for row in &rows {
        let state = match (row.in_force, row.approved_at) {
            (true, _) => "in force".to_owned(),
            (false, None) => "waits for approval".to_owned(),
            (false, Some(0)) => "came with the program".to_owned(),
            (false, Some(at)) => format!("in force from {}", day_of_ms(at)),
        };
        let _ = writeln!(text, "{} ({state})\n{}\n", row.version, row.text);
    }
    Ok(Outcome { text, json: json!(rows), ..Outcome::default() })
}

/// Whoever has the machine writes and approves in one.
pub(super) async fn set(app: &App, version: &str, text: &str) -> Result<Outcome, CommandError> {
    let notice = Notice::new(version, text).map_err(|fault| CommandError::Input(fault.to_string()))?;
    let now = app.clock.now();
    match app.db.write_notice(None, &notice, now).await {
        Err(DbError::Refused(_)) => {
            let said =
                format!("there is a version {} already, and visits name it: give another", notice.version);
            return Err(CommandError::Input(said));
        }
        written => written?,
    }
    app.db.approve_notice(None, &notice.version, now).await?;
    let text = format!("{} is in force; phones show it from their next contact on\n", notice.version);
    Ok(Outcome { text, json: json!({"version": notice.version}), ..Outcome::default() })
}
