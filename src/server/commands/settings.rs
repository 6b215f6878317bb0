//! `huifang settings list|set`.

use domain::policy::{Policy, SettingFault};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::{CommandError, Outcome};
use crate::state::App;

pub(super) async fn list(app: &App) -> Result<Outcome, CommandError> {
    Ok(outcome(app.db.policy().await?))
}

/// Changes one setting; the others stay.
pub(super) async fn set(app: &App, name: &str, value: &str) -> Result<Outcome, CommandError> {
    let changes = BTreeMap::from([(name.to_owned(), value.to_owned())]);
    let changed = app.db.change_policy(None, &changes, app.clock.now()).await?;
    changed.map(outcome).map_err(|refused| CommandError::Input(refusal(refused.fault, name, value)))
}

fn refusal(fault: SettingFault, name: &str, value: &str) -> String {
    match fault {
        SettingFault::Name => {
            let known: Vec<&str> = Policy::settings().map(|(known, _)| known).collect();
            format!("there is no setting {name}: the settings are {}", known.join(", "))
        }
        SettingFault::Value { allowed } => format!("{name} cannot be {value}: it takes {allowed}"),
    }
}

fn outcome(policy: Policy) -> Outcome {
    let members = policy.members();
    let line = |(name, allowed): (&str, &str)| {
        let value = match members.get(name) {
            Some(Value::String(text)) => text.clone(),
            other => other.map(Value::to_string).unwrap_or_default(),
        };
        format!("{name:<15} {value:<12} ({allowed})\n")
    };
    Outcome { text: Policy::settings().map(line).collect(), json: json!(members), ..Outcome::default() }
}
