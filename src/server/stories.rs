//! The server in process, spoken to as an independent client would: plain JSON, plain headers, nothing of our wire types.

mod areas;
mod authz;
mod backups;
mod blobs;
mod bucket;
mod checklists;
mod client;
mod commands;
mod devices;
mod handovers;
mod history;
mod limits;
mod logins;
mod privacy;
mod refusals;
mod releases;
mod rescues;
mod restores;
mod second_factor;
mod second_run;
mod settings;
mod setup;
mod staff;
mod stolen;
mod story;
mod views;
