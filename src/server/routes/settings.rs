//! `/api/v1/settings`: how often and when a county has its families visited. What phones lock and show is changed on the command line only.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::{
    policy::{Policy, SettingFault},
    visit::PlanRules,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    state::App,
};

/// Settings by name, each with its new value as text. All are changed, or none.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct SettingsRequest {
    changes: BTreeMap<String, String>,
}

/// The rules of the plan, and what each takes.
pub(crate) async fn read(State(app): State<App>, Reader(_): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(said(app.db.policy().await?)))
}

/// Changes some of them.
pub(crate) async fn change(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let SettingsRequest { changes } = body::json(&headers, body, BodyLimits::SMALL).await?;
    if let Some(name) =
        changes.keys().find(|name| !PlanRules::SETTINGS.iter().any(|(known, _)| known == name))
    {
        let known = PlanRules::SETTINGS.map(|(known, _)| known);
        return Err(ApiError::Refused("setting_unknown", json!({"setting": name, "settings": known})));
    }
    let changed = app.db.change_policy(Some(&who), &changes, app.clock.now()).await?;
    changed.map(|policy| Json(said(policy))).map_err(|refused| {
        let allowed = match refused.fault {
            SettingFault::Value { allowed } => allowed,
            SettingFault::Name => "",
        };
        ApiError::Refused("setting_value", json!({"setting": refused.name, "allowed": allowed}))
    })
}

fn said(policy: Policy) -> Value {
    let row = |(name, allowed): (&str, &str)| {
        let value = json!({"value": policy.plan.text(name), "allowed": allowed});
        (name.to_owned(), value)
    };
    json!({"settings": PlanRules::SETTINGS.into_iter().map(row).collect::<Map<_, _>>()})
}
