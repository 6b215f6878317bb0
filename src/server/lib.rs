//! The office's server: one router over one database. See ARCHITECTURE.md.
#![forbid(unsafe_code)]

pub mod address;
mod asked;
pub mod assets;
pub mod auth;
pub mod backup;
pub mod blobs;
pub mod body;
pub mod breached;
pub mod bucket;
pub mod checklists;
pub mod clock;
pub mod commands;
mod concerned;
pub mod config;
pub mod day_text;
pub mod db;
pub mod demo;
mod document;
mod dossier;
pub mod error;
pub mod exchange;
pub mod folder;
pub mod form_file;
pub mod gate;
pub mod heads;
pub mod health;
pub mod intake;
pub mod keys;
pub mod ledger;
pub mod limits;
pub mod list_file;
pub mod list_import;
mod near;
pub mod opener;
pub mod pace;
pub mod passwords;
pub mod photos;
pub mod plant;
mod publication;
mod refusals;
pub mod rescue;
pub mod retention;
pub(crate) mod rights;
pub mod router;
mod routes;
mod second_factor;
mod staff_list;
pub mod state;
pub mod tokens;
pub mod worker;

#[cfg(test)]
mod stories;
#[cfg(test)]
mod testing;
