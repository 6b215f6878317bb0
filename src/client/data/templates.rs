//! Checklists: those that come with the program, and those that the office published.

use super::{Data, file::view_of};
use crate::{driver::Driver, vault_store::entry::Columns};
use domain::{
    checklist::{
        Answers, Checklist, Facts, Words, builtin, builtin_ids,
        published::{KIND, Published, id_names},
    },
    order::Gather,
};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};
use sync::id::made_alike;
use uuid::Uuid;

/// What a record of the kind gave.
struct Known {
    code: String,
    version: u32,
    text: String,
    checklist: Arc<Checklist>,
}

thread_local! {
    static KNOWN: RefCell<BTreeMap<Uuid, Known>> = const { RefCell::new(BTreeMap::new()) };
}

/// The checklist of a template in a version, published or built in.
pub(crate) fn checklist(template: &str, version: u32) -> Option<Arc<Checklist>> {
    let published = find(|known| known.code == template && known.version == version);
    published.or_else(|| builtin(template).filter(|own| own.template().version == version).map(Arc::new))
}

/// The one by which a visit that begins now asks.
pub(super) fn newest(template: &str) -> Option<Arc<Checklist>> {
    let published = find(|known| known.code == template);
    published.or_else(|| builtin(template).map(Arc::new))
}

/// The words of a visit: by its own version, else by the one that comes with the program.
pub(crate) fn to_read(template: &str, version: u32) -> Option<Arc<Checklist>> {
    checklist(template, version).or_else(|| newest(template))
}

/// The newest version among those that are meant.
fn find(is_meant: impl Fn(&Known) -> bool) -> Option<Arc<Checklist>> {
    KNOWN.with_borrow(|known| {
        let meant = known.values().filter(|one| is_meant(one));
        meant.max_by_key(|one| one.version).map(|one| one.checklist.clone())
    })
}

/// Reads what has come since, and forgets what the device holds no longer.
pub(super) async fn load(driver: &Driver) {
    let ids: Vec<Uuid> = {
        let index = driver.store.index();
        let own = index.all().filter(|(_, entry)| entry.kind == KIND && !entry.hidden);
        own.map(|(_, entry)| entry.id).collect()
    };
    KNOWN.with_borrow_mut(|known| known.retain(|id, _| ids.contains(id)));
    for id in ids {
        if KNOWN.with_borrow(|known| known.contains_key(&id)) {
            continue;
        }
        let Some(view) = view_of(driver, id).await else { continue };
        let Some(published) = Published::of(&|name| view.f.get(name).cloned()) else { continue };
        let version = published.version.to_string();
        let names = id_names(&published.place, &published.code, &version, &published.text);
        if made_alike(KIND, &names) != id {
            continue;
        }
        let alike = KNOWN.with_borrow(|known| {
            let same = known.values().find(|one| one.text == published.text);
            same.map(|one| one.checklist.clone())
        });
        let made = alike.or_else(|| Checklist::new(published.template()?).ok().map(Arc::new));
        if let Some(checklist) = made {
            let Published { code, version, text, .. } = published;
            KNOWN.with_borrow_mut(|known| known.insert(id, Known { code, version, text, checklist }));
        }
    }
}

impl Data {
    /// The id and words of every checklist by which a visit can begin, those that come with the program first.
    pub(crate) async fn checklists(self) -> Vec<(String, Words)> {
        if let Some(driver) = self.open_driver() {
            load(&driver).await;
        }
        let mut ids: Vec<String> = builtin_ids().map(str::to_owned).collect();
        KNOWN.with_borrow(|known| {
            for one in known.values() {
                if !ids.contains(&one.code) {
                    ids.push(one.code.clone());
                }
            }
        });
        let title = |id: String| newest(&id).map(|checklist| (id, checklist.template().title.clone()));
        ids.into_iter().filter_map(title).collect()
    }
}

/// What a template's conditions may ask about a person: his categories, his measures, his file, and the last visit by the same template.
pub(super) async fn facts(driver: &Driver, recipient: Uuid, template: &str, visit: Uuid) -> Facts {
    let mut facts = super::drafts::facts(driver, recipient);
    if let Some(view) = view_of(driver, recipient).await {
        facts.file = view.f.into_iter().gather();
    }
    let last = {
        let index = driver.store.index();
        let done = index.children(recipient).filter_map(|child| match &child.columns {
            Some(Columns::Visit(one)) if !child.hidden && child.id != visit && one.template == template => {
                Some((one.completed_at?, child.id))
            }
            _ => None,
        });
        done.max()
    };
    if let Some((_, id)) = last
        && let Some(view) = view_of(driver, id).await
        && let Some(Value::Object(answers)) = view.f.get("answers")
    {
        facts.last = Answers(answers.clone().into_iter().gather());
    }
    facts
}
