//! What the shell has read for a decision, and what it is asked to read yet.

use crate::{authority::LoggedChangeset, record::Record};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Something to be read from the database, inside the transaction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The id at a number of this device's incarnation.
    Seq(u64),
    /// A row of the changeset log.
    Changeset(Uuid),
    /// A record, deleted ones too.
    Record(Uuid),
    /// All direct children of a record, deleted ones too.
    Children(Uuid),
    /// The open proposals of one author for one field of one record.
    #[expect(missing_docs, reason = "the names say it")]
    Proposals { record: Uuid, field: String, author: Uuid },
}

/// The decision waits for these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing(pub BTreeSet<Key>);

/// What has been read so far.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub(super) seqs: BTreeMap<u64, Option<Uuid>>,
    pub(super) changesets: BTreeMap<Uuid, Option<LoggedChangeset>>,
    pub(super) records: BTreeMap<Uuid, Option<Record>>,
    pub(super) children: BTreeMap<Uuid, Vec<Uuid>>,
    pub(super) proposals: BTreeMap<(Uuid, String, Uuid), Vec<Uuid>>,
}

impl Loaded {
    /// Nothing read yet.
    pub fn new() -> Loaded {
        Loaded::default()
    }

    /// The answer to [`Key::Seq`].
    pub fn seq(&mut self, seq: u64, op_id: Option<Uuid>) {
        self.seqs.insert(seq, op_id);
    }

    /// The answer to [`Key::Changeset`].
    pub fn changeset(&mut self, id: Uuid, row: Option<LoggedChangeset>) {
        self.changesets.insert(id, row);
    }

    /// The answer to [`Key::Record`].
    pub fn record(&mut self, id: Uuid, record: Option<Record>) {
        self.records.insert(id, record);
    }

    /// The answer to [`Key::Children`].
    pub fn children(&mut self, of: Uuid, children: Vec<Record>) {
        let ids = self.keep(children);
        self.children.insert(of, ids);
    }

    /// The answer to [`Key::Proposals`].
    pub fn proposals(&mut self, record: Uuid, field: String, author: Uuid, open: Vec<Record>) {
        let ids = self.keep(open);
        self.proposals.insert((record, field, author), ids);
    }

    fn keep(&mut self, records: Vec<Record>) -> Vec<Uuid> {
        let ids = records.iter().map(|record| record.id).collect();
        self.records.extend(records.into_iter().map(|record| (record.id, Some(record))));
        ids
    }
}
