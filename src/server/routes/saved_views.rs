//! `/api/v1/me/saved-views`: how the caller looks at tables again and again, under names of his own.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use domain::saved_view::{NAME_LETTERS_MAX, VIEWS_MAX};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    state::App,
};

/// The tables that have saved views.
const TABLES: [&str; 2] = ["recipients", "ledger"];
/// What is asked of a table: so many words, each so long.
const WORDS_MAX: usize = 20;
const WORD_LETTERS_MAX: usize = 200;

/// The saved views of one table, in the order shown; they take the place of those of before.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct SavedViews {
    /// `recipients` or `ledger`.
    table: String,
    views: Vec<SavedView>,
}

#[derive(Deserialize, Serialize, utoipa::ToSchema)]
struct SavedView {
    name: String,
    /// Filters, order and columns by name.
    words: BTreeMap<String, String>,
}

impl SavedViews {
    fn check(&self) -> Result<(), ApiError> {
        let refused = |fault: &str| Err(ApiError::Refused("saved_views", json!({ "fault": fault })));
        let is_short = |view: &SavedView| {
            (1..=NAME_LETTERS_MAX).contains(&view.name.chars().count())
                && view.words.len() <= WORDS_MAX
                && view
                    .words
                    .iter()
                    .all(|(name, word)| name.len().max(word.chars().count()) <= WORD_LETTERS_MAX)
        };
        match () {
            () if !TABLES.contains(&self.table.as_str()) => refused("table"),
            () if self.views.len() > VIEWS_MAX => refused("count"),
            () if !self.views.iter().all(is_short) => refused("length"),
            () => Ok(()),
        }
    }
}

/// The caller's saved views, by table.
pub(crate) async fn list(State(app): State<App>, Reader(who): Reader) -> Result<Json<Value>, ApiError> {
    Ok(Json(json!({ "views": app.db.saved_views(&who).await? })))
}

/// Keeps the caller's saved views of a table.
pub(crate) async fn keep(
    State(app): State<App>,
    Reader(who): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let said: SavedViews = body::json(&headers, body, BodyLimits::SMALL).await?;
    said.check()?;
    app.db.keep_saved_views(&who, &said.table, &json!(said.views)).await?;
    Ok(Json(json!({})))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(said: Value) -> Option<Value> {
        let said: SavedViews = serde_json::from_value(said).unwrap();
        match said.check() {
            Err(ApiError::Refused(_, detail)) => Some(detail["fault"].clone()),
            _ => None,
        }
    }

    #[test]
    fn views_are_of_a_known_table_few_and_short() {
        let view = |name: &str, word: &str| json!({"name": name, "words": {"due": word}});
        let of = |table: &str, views: Vec<Value>| fault(json!({"table": table, "views": views}));
        assert_eq!(of("ledger", vec![view("该走访的", "due"); VIEWS_MAX]), None);
        assert_eq!(of("audit", Vec::new()), Some(json!("table")));
        assert_eq!(of("ledger", vec![view("该走访的", "due"); VIEWS_MAX + 1]), Some(json!("count")));
        for wrong in [view("", ""), view(&"长".repeat(21), ""), view("长", &"长".repeat(201))] {
            assert_eq!(of("recipients", vec![wrong]), Some(json!("length")));
        }
    }
}
