//! Checklists at the desk: what is out, what is being written, and its publication.

use super::{
    Data, OfficeError, OfficeRequest, SaveError, Topic,
    templates::{self, Version},
};
use domain::checklist::{Template, published};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Before a checklist's id: the sealed setting that holds what is written of its next version.
pub(crate) const FORM_DRAFT: &str = "form_draft:";

/// Since when a version is out.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Out {
    pub(crate) code: String,
    pub(crate) version: u32,
    /// In milliseconds UTC.
    pub(crate) at: i64,
}

/// What became of a checklist at the office.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Publication {
    pub(crate) version: u32,
    /// Whether the newest version says the same: then nothing was published.
    pub(crate) same: bool,
    /// In how many villages it is new.
    pub(crate) villages: usize,
}

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Out>,
}

#[derive(Deserialize)]
struct Answer {
    published: Publication,
}

impl Data {
    /// Every version of every checklist on this device, by id, the newest first.
    pub(crate) async fn form_versions(self) -> BTreeMap<String, Vec<Version>> {
        if let Some(driver) = self.open_driver() {
            templates::load(&driver).await;
        }
        templates::versions()
    }

    /// The checklists of which a next version is being written here.
    pub(crate) async fn form_drafts(self) -> Vec<String> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        driver.store.settings_of(FORM_DRAFT).await.unwrap_or_default()
    }

    /// What is written of the next version.
    pub(crate) async fn form_draft(self, id: &str) -> Option<String> {
        let driver = self.open_driver()?;
        driver.store.setting(&format!("{FORM_DRAFT}{id}")).await.ok().flatten()
    }

    /// Keeps what is written. Resolved: it is on the disk.
    pub(crate) async fn keep_form(self, id: &str, text: &str) -> Result<(), SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let name = format!("{FORM_DRAFT}{id}");
        if let Err(error) = driver.store.put_setting(&name, text).await {
            driver.free_after(error).await?;
            driver.store.put_setting(&name, text).await?;
        }
        hub.bump(&[Topic::Drafts]);
        hub.ask_persist();
        Ok(())
    }

    /// Gives up what is written.
    pub(crate) async fn drop_form(self, id: &str) -> Result<(), SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        driver.store.remove_setting(&format!("{FORM_DRAFT}{id}")).await?;
        hub.bump(&[Topic::Drafts]);
        Ok(())
    }

    /// Since when which version is out, as the office tells it.
    pub(crate) async fn forms_out(self) -> Result<Vec<Out>, OfficeError> {
        let answer = self.office(OfficeRequest::get("checklists")).await?;
        Ok(answer.json::<Rows>()?.rows)
    }

    /// Publishes a template as the next version of its id, and hears of it.
    pub(crate) async fn publish_form(self, template: &Template) -> Result<Publication, OfficeError> {
        let bytes = published::text_of(template).into_bytes();
        let request = OfficeRequest::file("checklists", "application/json", bytes);
        let answer = self.office(request).await?.json::<Answer>()?;
        self.sync_now();
        Ok(answer.published)
    }
}
