//! Checklists: those that come with the program, and those that the office published.

use super::{Data, file::view_of};
use crate::{driver::Driver, vault_store::entry::Columns};
use domain::{
    checklist::{
        Answers, Checklist, Facts, Template, builtin, builtin_ids,
        published::{KIND, Published, id_names},
    },
    order::Gather,
};
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};
use sync::id::{AreaId, made_alike};
use uuid::Uuid;

/// What a record of the kind gave.
struct Known {
    place: Option<AreaId>,
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

/// The one by which a visit that begins in these places now asks.
pub(super) fn newest(template: &str, places: &[AreaId]) -> Option<Arc<Checklist>> {
    let published = find(|known| known.code == template && known.lies_in(places));
    published.or_else(|| builtin(template).map(Arc::new))
}

/// The words of a visit: by its own version, else by another of the same.
pub(crate) fn to_read(template: &str, version: u32) -> Option<Arc<Checklist>> {
    let other = || find(|known| known.code == template).or_else(|| builtin(template).map(Arc::new));
    checklist(template, version).or_else(other)
}

/// Where the checklists for a file in this area lie: a version lies in each village for which it was published, and some files lie in the township.
pub(super) fn places(driver: &Driver, area: AreaId) -> Vec<AreaId> {
    driver.with_replica(|replica| {
        let nodes = replica.meta().map(|meta| meta.nodes.as_slice()).unwrap_or_default();
        let mut places = vec![area];
        for node in nodes {
            if node.parent == Some(area) {
                places.push(node.id);
            }
        }
        places
    })
}

impl Known {
    fn lies_in(&self, places: &[AreaId]) -> bool {
        self.place.is_some_and(|place| places.contains(&place))
    }
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
            let Published { place, code, version, text } = published;
            let known = Known { place: place.parse().ok(), code, version, text, checklist };
            KNOWN.with_borrow_mut(|all| all.insert(id, known));
        }
    }
}

/// A version that this device holds.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) checklist: Arc<Checklist>,
    /// In how many villages of this device it lies; none of one that came with the program.
    pub(crate) villages: usize,
}

/// Every version of every checklist, by id, the newest first.
pub(super) fn versions() -> BTreeMap<String, Vec<Version>> {
    let mut all: BTreeMap<String, BTreeMap<u32, Version>> = BTreeMap::new();
    for checklist in builtin_ids().filter_map(builtin) {
        let Template { id, version, .. } = checklist.template();
        let (id, version) = (id.clone(), *version);
        all.entry(id).or_default().insert(version, Version { checklist: Arc::new(checklist), villages: 0 });
    }
    KNOWN.with_borrow(|known| {
        for one in known.values() {
            let versions = all.entry(one.code.clone()).or_default();
            let fresh = || Version { checklist: one.checklist.clone(), villages: 0 };
            versions.entry(one.version).or_insert_with(fresh).villages += 1;
        }
    });
    all.into_iter().map(|(id, versions)| (id, versions.into_values().rev().collect())).gather()
}

impl Data {
    /// Every checklist by which a visit to a family can begin now, with its id, those that come with the program first.
    pub(crate) async fn checklists(self, recipient: Uuid) -> Vec<(String, Arc<Checklist>)> {
        let mut at = Vec::new();
        if let Some(driver) = self.open_driver() {
            load(&driver).await;
            let area = driver.store.index().area_of(recipient);
            at = area.map(|area| places(&driver, area)).unwrap_or_default();
        }
        all(&at)
    }
}

/// Every checklist by which a visit in these places can begin now, with its id, those that come with the program first.
pub(super) fn all(at: &[AreaId]) -> Vec<(String, Arc<Checklist>)> {
    let mut ids: Vec<String> = builtin_ids().map(str::to_owned).collect();
    KNOWN.with_borrow(|known| {
        for one in known.values() {
            if one.lies_in(at) && !ids.contains(&one.code) {
                ids.push(one.code.clone());
            }
        }
    });
    ids.into_iter().filter_map(|id| newest(&id, at).map(|checklist| (id, checklist))).collect()
}

/// What a template's conditions may ask about a person: his categories, his measures, his file, and the last visit by the same template.
pub(super) async fn facts(driver: &Driver, recipient: Uuid, template: &str, visit: Uuid) -> Facts {
    let mut facts = super::drafts::facts(driver, recipient);
    if let Some(view) = view_of(driver, recipient).await {
        facts.file = view.f.into_iter().gather();
    }
    if let Some(answers) = last_answers(driver, recipient, template, Some(visit)).await {
        facts.last = Answers(answers.into_iter().gather());
    }
    facts
}

/// What was answered at the last visit by a template; with `than` at the last one that was completed before it.
pub(super) async fn last_answers(
    driver: &Driver,
    recipient: Uuid,
    template: &str,
    than: Option<Uuid>,
) -> Option<Map<String, Value>> {
    let last = {
        let index = driver.store.index();
        let until = than.and_then(|visit| match &index.get(visit)?.columns {
            Some(Columns::Visit(one)) => one.completed_at,
            _ => None,
        });
        let done = index.children(recipient).filter_map(|child| match &child.columns {
            Some(Columns::Visit(one))
                if !child.hidden && !one.cancelled && Some(child.id) != than && one.template == template =>
            {
                let at = one.completed_at.filter(|at| until.is_none_or(|until| *at < until))?;
                Some((at, child.id))
            }
            _ => None,
        });
        done.max()
    };
    let mut view = view_of(driver, last?.1).await?;
    match view.f.remove("answers")? {
        Value::Object(answers) => Some(answers),
        _ => None,
    }
}
