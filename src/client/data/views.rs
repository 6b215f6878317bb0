//! Whose files were opened on this device: noted once a day for each, sealed like settings, and told to the office when the line is free. The office
//! keeps it in its audit chain.

use super::Data;
use crate::{
    driver::Driver,
    platform::{clock, http},
};
use domain::order::Gather;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Write as _};
use uuid::Uuid;

/// The sealed setting that holds what is not told yet.
const SETTING: &str = "views";
/// Files told of at once; the office takes no more.
const TOLD_COUNT: usize = 200;
/// Files remembered; a device that shows more without a line tells of these.
const KEPT_COUNT: usize = 2_000;
/// The office answers within so long, or it is told another time.
const ANSWER_MS: i64 = 30_000;
/// After a failure it is told after so long again.
pub(super) const PAUSE_MS: i64 = 60_000;

/// File and day.
type View = (Uuid, String);

impl Data {
    /// Notes that a file was opened here.
    pub(crate) fn note_view(self, recipient: Uuid) {
        let Some(driver) = self.open_driver() else { return };
        let hub = self.hub();
        leptos::task::spawn_local(async move {
            let _one = hub.viewing.lock().await;
            let mut views = read(&driver).await;
            if views.len() < KEPT_COUNT && views.insert((recipient, clock::today())) {
                write(&driver, &views).await;
            }
            hub.views_due.set(true);
        });
    }
}

/// How far the office was told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    All,
    /// There is more.
    Some,
    Failed,
}

/// Tells the office what was opened. Nothing is noted meanwhile.
pub(super) async fn tell(driver: &Driver) -> Told {
    let mut views = read(driver).await;
    let told: Vec<View> = views.iter().take(TOLD_COUNT).cloned().collect();
    if told.is_empty() {
        return Told::All;
    }
    let files: Vec<Value> = told.iter().map(|(e, on)| json!({"e": e, "on": on})).collect();
    let mut headers = driver.identify();
    headers.push(("Content-Type", "application/json".to_owned()));
    let body = Some(json!({ "files": files }).to_string().into_bytes());
    let request =
        http::Request { method: "POST", url: "/api/v1/views".to_owned(), headers, body, gzip: false };
    match http::send_within(request, ANSWER_MS).await {
        Ok(answer) if (200..300).contains(&answer.status) => {
            for one in &told {
                views.remove(one);
            }
            write(driver, &views).await;
            if views.is_empty() { Told::All } else { Told::Some }
        }
        _ => Told::Failed,
    }
}

async fn read(driver: &Driver) -> BTreeSet<View> {
    let text = driver.store.setting(SETTING).await.ok().flatten().unwrap_or_default();
    let view = |line: &str| {
        let (e, on) = line.split_once(' ')?;
        Some((e.parse().ok()?, on.to_owned()))
    };
    text.lines().filter_map(view).gather()
}

/// What cannot be stored is noted when the file is opened again; nobody's work waits for it.
async fn write(driver: &Driver, views: &BTreeSet<View>) {
    let mut text = String::new();
    for (e, on) in views {
        let _ = writeln!(text, "{e} {on}");
    }
    let _ = driver.store.put_setting(SETTING, &text).await;
}
