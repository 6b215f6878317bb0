//! `huifang device code|set`.

use serde_json::json;

use super::{CommandError, Outcome, account};
use crate::{db::DbError, error::ApiError, routes::devices, state::App};

pub(super) async fn add_code(app: &App, user: String, origin: &str) -> Result<Outcome, CommandError> {
    let answer = match devices::new_code(app, user.clone(), None, origin).await {
        Ok(answer) => answer,
        Err(ApiError::NotFound) => return Err(account::no_account(&user)),
        Err(error) => return Err(CommandError::System(error.into())),
    };
    let text = format!("code {} for {user}, good for ten minutes\nlink {}\n", answer.code, answer.link);
    Ok(Outcome { text, json: json!(answer), ..Outcome::default() })
}

pub(super) async fn set(app: &App, device: &str, state: &str) -> Result<Outcome, CommandError> {
    app.db.set_device(device, state, app.clock.now()).await.map_err(|error| match error {
        DbError::NotFound => CommandError::Input(format!("there is no enrolled device {device}")),
        DbError::Refused(_) => {
            CommandError::Input(format!("{state} is no state; states are active, readonly, wipe, revoked"))
        }
        other => other.into(),
    })?;
    let json = json!({"device": device, "state": state});
    Ok(Outcome { text: format!("device {device} is {state}\n"), json, ..Outcome::default() })
}
