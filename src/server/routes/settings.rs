//! `/api/v1/settings`: how often and when a county has its families visited, which its office decides; and what phones lock and show and what is
//! asked of passwords, which an administrator decides.

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
    db::Caller,
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
    let policy = changed(&app, &who, &headers, body, &PlanRules::SETTINGS).await?;
    Ok(Json(said(policy)))
}

/// Changes some of how phones and accounts are guarded.
pub(crate) async fn change_safety(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let members = changed(&app, &who, &headers, body, &Policy::SAFETY_SETTINGS).await?.members();
    let value = |(name, _): (&str, &str)| (name.to_owned(), members[name].clone());
    Ok(Json(json!({"settings": Policy::SAFETY_SETTINGS.into_iter().map(value).collect::<Map<_, _>>()})))
}

/// The settings after a change of some that stand in `known`, each with what it takes.
async fn changed(
    app: &App,
    who: &Caller,
    headers: &HeaderMap,
    body: Body,
    known: &[(&str, &str)],
) -> Result<Policy, ApiError> {
    let SettingsRequest { changes } = body::json(headers, body, BodyLimits::SMALL).await?;
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    if let Some(name) = changes.keys().find(|name| !names.contains(&name.as_str())) {
        return Err(ApiError::Refused("setting_unknown", json!({"setting": name, "settings": names})));
    }
    let changed = app.db.change_policy(Some(who), &changes, app.clock.now()).await?;
    changed.map_err(|refused| {
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
