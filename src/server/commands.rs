//! Commands on a data folder: done by the server that has it open, else directly, by the same code.

pub(crate) mod account;
mod area;
pub mod audit;
pub mod backup;
pub mod checklist;
pub mod demo;
pub(crate) mod desk;
mod device;
pub mod export;
mod health;
pub mod import;
mod notice;
pub(crate) mod operator;
pub mod rescue;
mod retention;
pub mod rotate;
pub mod serve;
mod settings;
pub mod socket;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use sync::wire::Witness;

use crate::{backup::seal::Recipient, clock::Clock, config::Config, db::DbError, folder, state::App};

/// What is asked of a data folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    AreaAdd { code: String, name: String, parent: Option<String> },
    AreaList,
    AreaMerge { from: String, into: String },
    AreaRename { code: String, new_code: String, name: String },
    AccountAdd { user: String, role: String, scope: Vec<String>, password: Option<String> },
    AccountAssign { user: String, scope: Vec<String>, role: Option<String>, password: Option<String> },
    AccountList,
    AccountForgetFactor { user: String },
    DeviceCode { user: String, origin: String },
    DeviceSet { device: String, state: String },
    SettingsList,
    SettingsSet { name: String, value: String },
    NoticeList,
    NoticeSet { version: String, text: String },
    RetentionSet { name: String, months: String },
    Health,
    RetentionReport,
    RetentionApply { digest: String },
    Import(Box<import::Listed>),
    Export(export::Asked),
    ChecklistPublish(Box<checklist::Form>),
    ChecklistList,
    ChecklistRead { id: String },
    Backup { dir: PathBuf, keep: Option<usize>, to: Option<Recipient> },
    VerifyBackup { dir: PathBuf },
    ImportOutbox { file: PathBuf },
    VerifyAudit { witnesses: Vec<Witness>, backups: Option<PathBuf> },
}

/// What came of it: a text for people and the same for programs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub text: String,
    pub json: Value,
    /// A file, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Whether the input has errors, which the text lists.
    #[serde(default)]
    pub has_errors: bool,
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The input is wrong; says what and what to do.
    #[error("{0}")]
    Input(String),
    /// The system failed.
    #[error(transparent)]
    System(#[from] anyhow::Error),
}

impl From<DbError> for CommandError {
    fn from(error: DbError) -> CommandError {
        CommandError::System(error.into())
    }
}

/// Does a command.
///
/// # Errors
/// When the input is wrong or the system fails.
pub async fn perform(app: &App, command: Command) -> Result<Outcome, CommandError> {
    match command {
        Command::AreaAdd { code, name, parent } => area::add(app, code, name, parent).await,
        Command::AreaList => area::list(app).await,
        Command::AreaMerge { from, into } => area::merge(app, &from, &into).await,
        Command::AreaRename { code, new_code, name } => area::rename(app, &code, &new_code, &name).await,
        Command::AccountAdd { user, role, scope, password } => {
            account::add(app, user, &role, &scope, password).await
        }
        Command::AccountAssign { user, scope, role, password } => {
            account::assign(app, user, &scope, role.as_deref(), password).await
        }
        Command::AccountList => account::list(app).await,
        Command::AccountForgetFactor { user } => account::forget_factor(app, &user).await,
        Command::DeviceCode { user, origin } => device::add_code(app, user, &origin).await,
        Command::DeviceSet { device, state } => device::set(app, &device, &state).await,
        Command::SettingsList => settings::list(app).await,
        Command::SettingsSet { name, value } => settings::set(app, &name, &value).await,
        Command::NoticeList => notice::list(app).await,
        Command::NoticeSet { version, text } => notice::set(app, &version, &text).await,
        Command::RetentionSet { name, months } => retention::set(app, &name, &months).await,
        Command::Health => health::look(app).await,
        Command::RetentionReport => retention::report(app).await,
        Command::RetentionApply { digest } => retention::apply(app, &digest).await,
        Command::Import(listed) => import::perform(app, *listed).await,
        Command::Export(asked) => export::perform(app, asked).await,
        Command::ChecklistPublish(form) => checklist::publish(app, *form).await,
        Command::ChecklistList => checklist::list(app).await,
        Command::ChecklistRead { id } => checklist::read(app, &id).await,
        Command::Backup { dir, keep, to } => backup::perform_back_up(app, dir, keep, to).await,
        Command::VerifyBackup { dir } => backup::perform_verify(app, dir).await,
        Command::ImportOutbox { file } => rescue::perform(app, file).await,
        Command::VerifyAudit { witnesses, backups } => audit::verify(app, witnesses, backups).await,
    }
}

/// Does a command on a folder: by the server that has it, else here.
///
/// # Errors
/// As [`perform`], and when the folder cannot be opened.
pub async fn on_folder(config: Config, command: Command) -> Result<Outcome, CommandError> {
    match folder::lock(&config)? {
        Some(_lock) => {
            let (app, _) = folder::open(config, Clock::default()).await?;
            perform(&app, command).await
        }
        None => socket::send(&config.socket_file(), &command).await,
    }
}

/// Checks that there is a database in a folder, for commands that have nothing to do in a new one.
fn check_there(config: &Config) -> Result<(), CommandError> {
    if config.has_database() {
        return Ok(());
    }
    Err(CommandError::Input(format!(
        "there is no database in {}: give the server's folder with --data-dir, or begin one with `huifang area add`",
        config.data_dir.display()
    )))
}
