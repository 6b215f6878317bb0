//! The handlers, one file a resource; requests and answers stand beside them.

pub(crate) mod accounts;
pub(crate) mod areas;
pub(crate) mod blobs;
pub(crate) mod checklists;
pub(crate) mod devices;
pub(crate) mod dossiers;
pub(crate) mod enrol;
pub(crate) mod exports;
pub(crate) mod handovers;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod imports;
pub(crate) mod lists;
pub(crate) mod login;
pub(crate) mod me;
pub(crate) mod notices;
pub(crate) mod openapi;
pub(crate) mod people;
pub(crate) mod publications;
pub(crate) mod rescues;
pub(crate) mod retention;
pub(crate) mod setup;
pub(crate) mod sheets;
pub(crate) mod sync;
pub(crate) mod unmask;
pub(crate) mod views;
