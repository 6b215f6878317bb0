//! Whose files were opened on this device: noted once a day for each, sealed like settings, and told to the office when the line is free. The office
//! keeps it in its audit chain.

use super::Data;
use crate::{
    driver::Driver,
    platform::{clock, http},
    store::StoreError,
};
use domain::order::Gather;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fmt::Write as _};
use uuid::Uuid;

/// The sealed setting that holds what was opened.
const SETTING: &str = "views";
/// What is behind a line of the setting once the office was told.
const TOLD: &str = " told";
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
        driver.opened.borrow_mut().insert((recipient, clock::today()));
        leptos::task::spawn_local(async move {
            let _one = hub.viewing.lock().await;
            // What cannot be noted now is, before the office is told.
            let _ = noted(&driver).await;
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
    let Ok(mut views) = noted(driver).await else { return Told::Failed };
    let told: Vec<View> = views.waiting.iter().take(TOLD_COUNT).cloned().collect();
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
            views.are_told(told, &clock::today());
            // What is told twice the office counts once.
            match write(driver, &views).await {
                Ok(()) if views.waiting.is_empty() => Told::All,
                Ok(()) => Told::Some,
                Err(_) => Told::Failed,
            }
        }
        _ => Told::Failed,
    }
}

/// What is on the disk, after what was opened meanwhile is noted there too. Nothing is written over what could not be read.
async fn noted(driver: &Driver) -> Result<Views, StoreError> {
    let mut views = Views::read(&driver.store.setting(SETTING).await?.unwrap_or_default());
    let opened = driver.opened.borrow().clone();
    if views.add(&opened) {
        write(driver, &views).await?;
    }
    driver.opened.borrow_mut().retain(|one| !opened.contains(one));
    Ok(views)
}

async fn write(driver: &Driver, views: &Views) -> Result<(), StoreError> {
    driver.store.put_setting(SETTING, &views.text()).await
}

/// What was opened, as it stands in the setting.
#[derive(Debug, Default, PartialEq, Eq)]
struct Views {
    waiting: BTreeSet<View>,
    /// Told on the day of the last telling: what is opened again then is nothing new.
    told: BTreeSet<View>,
}

impl Views {
    fn read(text: &str) -> Views {
        let view = |line: &str| {
            let (e, on) = line.split_once(' ')?;
            Some((e.parse().ok()?, on.to_owned()))
        };
        Views {
            waiting: text.lines().filter(|line| !line.ends_with(TOLD)).filter_map(view).gather(),
            told: text.lines().filter_map(|line| view(line.strip_suffix(TOLD)?)).gather(),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (views, end) in [(&self.waiting, ""), (&self.told, TOLD)] {
            for (e, on) in views {
                let _ = writeln!(text, "{e} {on}{end}");
            }
        }
        text
    }

    /// Adds what is new; whether anything was.
    fn add(&mut self, opened: &BTreeSet<View>) -> bool {
        let before = self.waiting.len();
        for one in opened {
            if self.waiting.len() < KEPT_COUNT && !self.told.contains(one) {
                self.waiting.insert(one.clone());
            }
        }
        self.waiting.len() > before
    }

    /// The office has these. What was told of earlier days cannot be opened on them again.
    fn are_told(&mut self, views: Vec<View>, today: &str) {
        for one in views {
            self.waiting.remove(&one);
            self.told.insert(one);
        }
        self.told.retain(|(_, on)| on.as_str() >= today);
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT_COUNT, View, Views};
    use std::collections::BTreeSet;
    use uuid::Uuid;

    const TODAY: &str = "2026-11-26";

    fn view(file: u128, on: &str) -> View {
        (Uuid::from_u128(file), on.to_owned())
    }

    #[test]
    fn what_was_told_is_not_told_again_on_its_day_and_is_on_the_next() {
        let mut views = Views::default();
        assert!(views.add(&BTreeSet::from([view(1, TODAY), view(2, "2026-11-25")])));
        assert!(!views.add(&BTreeSet::from([view(1, TODAY)])));
        views.are_told(views.waiting.iter().cloned().collect(), TODAY);
        let mut views = Views::read(&views.text());
        assert!(views.waiting.is_empty() && views.told == BTreeSet::from([view(1, TODAY)]));
        assert!(!views.add(&BTreeSet::from([view(1, TODAY)])));
        assert!(views.add(&BTreeSet::from([view(1, "2026-11-27"), view(2, TODAY)])));
        assert_eq!(views.waiting.len(), 2);
    }

    #[test]
    fn what_stands_in_the_setting_is_read_as_it_was_written_and_the_app_of_before_is_understood() {
        let views = Views { waiting: [view(1, TODAY), view(3, TODAY)].into(), told: [view(2, TODAY)].into() };
        assert_eq!(Views::read(&views.text()), views);
        let before = format!("{} {TODAY}\n", Uuid::from_u128(7));
        assert_eq!(Views::read(&before).waiting, [view(7, TODAY)].into());
    }

    #[test]
    fn a_device_without_a_line_remembers_so_many() {
        let mut views = Views::default();
        let many: BTreeSet<View> = (0..KEPT_COUNT as u128 + 5).map(|n| view(n, TODAY)).collect();
        views.add(&many);
        assert_eq!(views.waiting.len(), KEPT_COUNT);
    }
}
