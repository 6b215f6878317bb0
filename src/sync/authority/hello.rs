//! `hello`: where the device stands.

use crate::wire::{Divergence, Fields, Hello, HelloAnswer, Incident, KeyInfo, Limits, SCHEMA, Witness};
use crate::{
    authority::Standing,
    id::BlobHash,
    wire::{BlobState, DeviceState},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the shell has read for a `hello`, in the snapshot of the request.
#[derive(Clone, Debug)]
pub struct HelloFacts {
    /// Grows by one at every restore.
    pub epoch: u16,
    /// Version of the user's scope.
    pub scope_rev: u64,
    /// What the office decided about the device.
    pub standing: Standing,
    /// The highest accepted number of this incarnation, with its id.
    pub last: Option<(u64, Uuid)>,
    /// The highest number of it in a verified backup, with its id.
    pub durable: Option<(u64, Uuid)>,
    /// What the server asks for.
    pub limits: Limits,
    /// The server's public keys.
    pub keys: Vec<KeyInfo>,
    /// Head of the audit chain.
    pub audit: Witness,
    /// The hash of the audit chain at `seen.n`, if the chain is that long.
    pub audit_at_seen: Option<String>,
    /// States of the blobs in `ask`.
    pub blobs: BTreeMap<BlobHash, BlobState>,
    /// The office's settings for phones; empty for the defaults.
    pub settings: Fields,
}

/// The answer, and what must be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct HelloOutcome {
    /// What the phone is told.
    pub answer: HelloAnswer,
    /// The storage incident it reports.
    pub incident: Option<Incident>,
    /// The witness it returned is no prefix of the audit chain.
    pub witness_differs: bool,
    /// Where it and the office differed.
    pub diverged: Vec<Divergence>,
}

/// Says where the device stands; judges its witness of the audit chain.
pub fn hello(hello: &Hello, facts: HelloFacts) -> HelloOutcome {
    let witness_differs =
        hello.seen.as_ref().is_some_and(|seen| facts.audit_at_seen.as_ref() != Some(&seen.h));
    let state = match facts.standing {
        Standing::Active => DeviceState::Active,
        Standing::Readonly => DeviceState::Readonly,
        Standing::Wipe | Standing::Left | Standing::Revoked => DeviceState::Wipe,
    };
    let answer = HelloAnswer {
        epoch: facts.epoch,
        scope_rev: facts.scope_rev,
        state,
        acked: facts.last.map_or(0, |(seq, _)| seq),
        id_at_acked: facts.last.map(|(_, id)| id),
        durable: facts.durable.map_or(0, |(seq, _)| seq),
        id_at_durable: facts.durable.map(|(_, id)| id),
        schema: (crate::upcast::SCHEMA_MIN, SCHEMA),
        limits: facts.limits,
        keys: facts.keys,
        audit: facts.audit,
        blobs: (!hello.ask.is_empty()).then_some(facts.blobs),
        settings: facts.settings,
    };
    HelloOutcome {
        answer,
        incident: hello.storage.incident.clone(),
        witness_differs,
        diverged: hello.diverged.clone(),
    }
}
