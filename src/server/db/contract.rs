//! What every database must do, method by method. The run on SQLite is these tests; `testing` runs them once more on PostgreSQL.

mod backups;
mod devices;
mod fence;
mod ground;
mod records;
mod standards;
mod work;
