//! The server in process, spoken to as an independent client would: plain JSON, plain headers, nothing of our wire types.

mod authz;
mod backups;
mod blobs;
mod bucket;
mod client;
mod commands;
mod devices;
mod history;
mod limits;
mod logins;
mod refusals;
mod releases;
mod rescues;
mod restores;
mod stolen;
mod story;
