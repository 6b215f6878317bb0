//! Every entry of `idx` in memory, by page. Lists, search and digests read it; a commit makes the pages that it changes anew.

use super::entry::Entry;
use domain::order::Gather;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};
use sync::{digest::area_digest, id::AreaId, wire::AreaDigest};
use uuid::Uuid;

/// Entries of one page, at most.
pub(crate) const PAGE_ENTRIES: usize = 200;

/// The entries of one page.
pub(crate) type Page = BTreeMap<Uuid, Rc<Entry>>;

/// Where a page lies.
pub(crate) type PageKey = (AreaId, u32);

/// Every page of `rep` or of `stage`.
#[derive(Default)]
pub(crate) struct Index {
    pages: BTreeMap<PageKey, Rc<Page>>,
    place: HashMap<Uuid, PageKey>,
    children: HashMap<Uuid, BTreeSet<Uuid>>,
}

/// Pages that a commit makes anew, before it is on disk.
#[derive(Default)]
pub(crate) struct Changes {
    pages: BTreeMap<PageKey, Page>,
    place: HashMap<Uuid, Option<PageKey>>,
    cleared: BTreeSet<AreaId>,
}

impl Index {
    /// Puts a page as it was read.
    pub(crate) fn load(&mut self, key: PageKey, entries: Vec<Entry>) {
        let page: Page = entries.into_iter().map(|entry| (entry.id, Rc::new(entry))).gather();
        self.set(key, page);
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Rc<Entry>> {
        self.pages.get(self.place.get(&id)?)?.get(&id)
    }

    /// The area that an entry lies in.
    pub(crate) fn area_of(&self, id: Uuid) -> Option<AreaId> {
        self.place.get(&id).map(|(area, _)| *area)
    }

    /// Every entry.
    pub(crate) fn all(&self) -> impl Iterator<Item = (AreaId, &Rc<Entry>)> {
        self.pages.iter().flat_map(|((area, _), page)| page.values().map(move |entry| (*area, entry)))
    }

    /// The areas that have entries.
    pub(crate) fn areas(&self) -> BTreeSet<AreaId> {
        self.pages.keys().map(|(area, _)| *area).gather()
    }

    /// The entries that name this one as their parent.
    pub(crate) fn children(&self, parent: Uuid) -> impl Iterator<Item = &Rc<Entry>> {
        let ids = self.children.get(&parent).into_iter().flatten();
        // A merge that is taken back gives a child another parent where it lies.
        ids.filter_map(|id| self.get(*id)).filter(move |entry| entry.parent == Some(parent))
    }

    pub(super) fn page(&self, key: PageKey) -> Option<&Rc<Page>> {
        self.pages.get(&key)
    }

    pub(crate) fn pages_of(&self, area: AreaId) -> impl Iterator<Item = (&PageKey, &Rc<Page>)> {
        self.pages.range((area, 0)..=(area, u32::MAX))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// The digest of the confirmed records of an area.
    pub(crate) fn digest(&self, area: AreaId) -> AreaDigest {
        let counted: BTreeMap<Uuid, _> = self
            .pages_of(area)
            .flat_map(|(_, page)| page.values())
            .filter(|entry| entry.counted)
            .map(|entry| (entry.id, entry.rev))
            .gather();
        area_digest(counted)
    }

    /// Takes over what a commit wrote.
    pub(crate) fn apply(&mut self, changes: Changes) {
        for area in changes.cleared {
            let keys: Vec<PageKey> = self.pages_of(area).map(|(key, _)| *key).collect();
            for key in keys {
                self.set(key, Page::new());
            }
        }
        for (key, page) in changes.pages {
            self.set(key, page);
        }
    }

    fn set(&mut self, key: PageKey, page: Page) {
        if let Some(old) = self.pages.remove(&key) {
            for (id, entry) in old.iter().filter(|(id, _)| !page.contains_key(id)) {
                if self.place.get(id) == Some(&key) {
                    self.place.remove(id);
                }
                self.unlink(*id, entry.parent);
            }
        }
        for (id, entry) in &page {
            self.place.insert(*id, key);
            if let Some(parent) = entry.parent {
                self.children.entry(parent).or_default().insert(*id);
            }
        }
        if !page.is_empty() {
            self.pages.insert(key, Rc::new(page));
        }
    }

    fn unlink(&mut self, id: Uuid, parent: Option<Uuid>) {
        let Some(parent) = parent.filter(|_| !self.place.contains_key(&id)) else { return };
        if let Some(children) = self.children.get_mut(&parent) {
            children.remove(&id);
        }
    }
}

impl Changes {
    /// Forgets an area before anything is put into it.
    pub(crate) fn clear(&mut self, area: AreaId) {
        self.cleared.insert(area);
    }

    /// Puts an entry: where it was before if that is in the same area, else behind the last of the area.
    pub(crate) fn put(&mut self, index: &Index, area: AreaId, entry: Entry) {
        let key = match self.find(index, entry.id) {
            Some(key) if key.0 == area => key,
            Some(key) => {
                self.page(index, key).remove(&entry.id);
                self.room(index, area)
            }
            None => self.room(index, area),
        };
        self.place.insert(entry.id, Some(key));
        self.page(index, key).insert(entry.id, Rc::new(entry));
    }

    /// Removes an entry.
    pub(crate) fn remove(&mut self, index: &Index, id: Uuid) {
        if let Some(key) = self.find(index, id) {
            self.page(index, key).remove(&id);
            self.place.insert(id, None);
        }
    }

    /// Puts a whole page, as when staged pages take the place of an area's. What it holds is listed nowhere else from then on.
    pub(crate) fn put_page(&mut self, index: &Index, key: PageKey, page: Page) {
        for id in page.keys() {
            self.remove(index, *id);
            self.place.insert(*id, Some(key));
        }
        self.pages.insert(key, page);
    }

    /// The pages as they will be; an empty one is to be deleted.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (&PageKey, &Page)> {
        self.pages.iter()
    }

    /// Every page of an area as it will be.
    pub(crate) fn final_pages(&self, index: &Index, area: AreaId) -> Vec<(PageKey, Page)> {
        let mut pages: BTreeMap<PageKey, Page> = BTreeMap::new();
        if !self.cleared.contains(&area) {
            pages.extend(index.pages_of(area).map(|(key, page)| (*key, Page::clone(page))));
        }
        let changed = self.pages.range((area, 0)..=(area, u32::MAX));
        pages.extend(changed.map(|(key, page)| (*key, page.clone())));
        pages.retain(|_, page| !page.is_empty());
        pages.into_iter().collect()
    }

    /// Drops all pages of an area, those of this commit too.
    pub(crate) fn forget(&mut self, area: AreaId) {
        self.pages.retain(|key, _| key.0 != area);
        self.cleared.insert(area);
    }

    fn find(&self, index: &Index, id: Uuid) -> Option<PageKey> {
        match self.place.get(&id) {
            Some(place) => *place,
            None => index.place.get(&id).copied().filter(|key| !self.cleared.contains(&key.0)),
        }
    }

    fn page(&mut self, index: &Index, key: PageKey) -> &mut Page {
        let cleared = self.cleared.contains(&key.0);
        self.pages.entry(key).or_insert_with(|| match index.pages.get(&key) {
            Some(page) if !cleared => Page::clone(page),
            _ => Page::new(),
        })
    }

    /// The last page of an area if it has room, else a new one.
    fn room(&mut self, index: &Index, area: AreaId) -> PageKey {
        let written = self.pages.range((area, 0)..=(area, u32::MAX)).next_back().map(|(key, _)| key.1);
        let cleared = self.cleared.contains(&area);
        let stored = if cleared { None } else { index.pages_of(area).last().map(|(key, _)| key.1) };
        let Some(last) = written.max(stored) else { return (area, 0) };
        let full = self.page(index, (area, last)).len() >= PAGE_ENTRIES;
        (area, if full { last + 1 } else { last })
    }
}
