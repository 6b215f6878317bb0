//! The server in process, spoken to as an independent client would: plain JSON, plain headers, nothing of our wire types.

mod backups;
mod blobs;
mod bucket;
mod client;
mod commands;
mod logins;
mod refusals;
mod rescues;
mod restores;
mod story;
