//! The command line of the server.
#![forbid(unsafe_code)]

mod arguments;
mod command_line;

use anyhow::{Context, Result};
use arguments::{ImportArgs, Serving};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};
use command_line::{
    AccountAction, AreaAction, ChecklistAction, DeviceAction, NoticeAction, RetentionAction, SettingsAction,
};
use domain::{day::Day, region::AreaCode};
use secrecy::SecretString;
use server::{
    backup::seal::Recipient,
    breached,
    bucket::Bucket,
    clock::Clock,
    commands::{
        self, Command, CommandError, Outcome, audit, backup, checklist, demo,
        export::{self, Asked},
        import::{self, VillageWishes},
        rescue, rotate, serve,
    },
    config::{Config, PostgresUrl},
    ledger::Ledger,
    limits::Limits,
    worker::{self, Work},
};
use std::{io::Write, path::PathBuf, process::ExitCode};
use sync::wire::Witness;
use tokio::runtime;

/// 双拥回访: visits to entitled families, online and off.
#[derive(Parser)]
#[command(name = "huifang", version)]
struct Cli {
    #[command(subcommand)]
    action: Action,
    /// How the log on standard error is written; how much of it says RUST_LOG, warnings and errors without it
    #[arg(long, env = "HUIFANG_LOG", value_enum, default_value_t, global = true)]
    log: LogForm,
}

/// Which data folder.
#[derive(Args, Clone)]
struct Folder {
    /// The folder with the database and the photos
    #[arg(long, env = "HUIFANG_DATA_DIR", default_value = "huifang-data", global = true)]
    data_dir: PathBuf,
    /// The server's secret keys; beside the database unless another place is given
    #[arg(long, env = "HUIFANG_KEY_FILE", global = true)]
    key_file: Option<PathBuf>,
    /// A PostgreSQL for the database, such as postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full&sslrootcert=FILE; a file in the data folder if left out.
    /// Other people on the machine can read a password on a command line: give it by HUIFANG_DATABASE
    #[arg(long, env = "HUIFANG_DATABASE", hide_env_values = true, value_name = "URL", global = true)]
    database: Option<SecretString>,
    /// The owner of the tables, where the user of --database is a lesser one: tables are made and changed by this address alone, at the start
    #[arg(long, env = "HUIFANG_DATABASE_OWNER", hide_env_values = true, value_name = "URL", global = true)]
    database_owner: Option<SecretString>,
    /// A bucket for the photos, such as s3://BUCKET/PREFIX; a folder in the data folder if left out. The key to it comes from AWS_ACCESS_KEY_ID and
    /// AWS_SECRET_ACCESS_KEY, its server from AWS_ENDPOINT_URL and AWS_REGION
    #[arg(long, env = "HUIFANG_PHOTOS", value_name = "URL", global = true)]
    photos: Option<String>,
    /// Passwords that were found in breaches and are refused: their SHA-1 hashes, one a line and in order, as Have I Been Pwned gives them out
    #[arg(long, env = "HUIFANG_BREACHED_PASSWORDS", value_name = "FILE", global = true)]
    breached_passwords: Option<PathBuf>,
    /// Print for programs
    #[arg(long, global = true)]
    json: bool,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum LogForm {
    /// A line an event, for people
    #[default]
    Text,
    /// A JSON object an event, for programs
    Json,
}

#[derive(Subcommand)]
enum Action {
    /// Start the server
    Serve {
        #[command(flatten)]
        serving: Serving,
        #[command(flatten)]
        folder: Folder,
    },
    /// Fill an empty folder with an invented county
    Demo {
        #[arg(long, default_value_t = server::demo::FAMILIES)]
        families: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[command(flatten)]
        folder: Folder,
    },
    /// The area tree
    Area {
        #[command(subcommand)]
        action: AreaAction,
        #[command(flatten)]
        folder: Folder,
    },
    /// Accounts
    Account {
        #[command(subcommand)]
        action: AccountAction,
        #[command(flatten)]
        folder: Folder,
    },
    /// Devices
    Device {
        #[command(subcommand)]
        action: DeviceAction,
        #[command(flatten)]
        folder: Folder,
    },
    /// The notice that people are given before something about them is written down
    Notice {
        #[command(subcommand)]
        action: NoticeAction,
        #[command(flatten)]
        folder: Folder,
    },
    /// What whoever runs the server must see to: backups, disks, the certificate, a damaged database
    ///
    /// Asks the running server; of one that does not run, or on PostgreSQL, it says what the folder and the database tell.
    ///
    /// Exit codes: 0 all is well; 1 there are alarms; 2 wrong use; 3 the system failed.
    Health {
        #[command(flatten)]
        folder: Folder,
    },
    /// What has been kept for long enough
    ///
    /// Nothing is deleted but what a report named: `report` prints what would go, why, and a digest, and `apply` with that digest deletes it. Phones
    /// drop it too at their next contact. Backups keep it until they are as old as you let them become.
    Retention {
        #[command(subcommand)]
        action: RetentionAction,
        #[command(flatten)]
        folder: Folder,
    },
    /// What the office decides about its workers' phones
    ///
    /// Phones hear of it at their next contact. With another id_tail or birth_shown they take all files again, under the new mask.
    Settings {
        #[command(subcommand)]
        action: SettingsAction,
        #[command(flatten)]
        folder: Folder,
    },
    /// Take a list of recipients (.xlsx or .xls) into the files
    ///
    /// Judges every row and writes those that are accepted; refused rows are listed with their reasons, and the exit code is then 1.
    /// A person is known by his ID number: who is on file is brought up to date, an empty cell erases nothing, and the same list
    /// again writes nothing. Nothing at all is written while the list names a village that the area tree lacks.
    ///
    /// Exit codes: 0 done; 1 the list has errors (accepted rows are written all the same), or it cannot be read, or the area is missing; 2 wrong use;
    /// 3 the system failed.
    Import {
        #[command(flatten)]
        list: ImportArgs,
        #[command(flatten)]
        folder: Folder,
    },
    /// Write a ledger as a workbook (.xlsx)
    ///
    /// The same workbook that the desk downloads; the export stands in the audit chain. ID and telephone numbers are masked, in full they
    /// need --full and a reason, which stays on record; so do more than 500 lines (the limit export-rows of the server), for which a desk needs a second
    /// person. A file that exists is not replaced without --overwrite. Where there is nothing to tell,
    /// the file holds the heading only, and the command says so.
    ///
    /// Exit codes: 0 done; 1 the village is unknown, the ledger has no such days, the file exists or cannot be written; 2 wrong use; 3 the
    /// system failed.
    Export {
        #[command(flatten)]
        ledger: ExportArgs,
        #[command(flatten)]
        folder: Folder,
    },
    /// Copy the data, as it is at one moment, into a folder of backups
    ///
    /// A running server goes on meanwhile. Photos are copied once. The server key is not in the backup: keep your own copy of it elsewhere.
    ///
    /// Exit codes: 0 done; 1 there is nothing to back up, the folder lies in the data folder, or photos are missing; 2 wrong use; 3 the disk is
    /// full, or the system failed.
    Backup {
        dir: PathBuf,
        /// Remove older ones, but for this many, the last of each of as many days before, and the newest verified one
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        keep: Option<u16>,
        /// Seal it to this public key of age: it is tried first, and opens with the secret half alone
        #[arg(long, env = "HUIFANG_BACKUP_RECIPIENT", value_name = "AGE1…")]
        recipient: Option<Recipient>,
        #[command(flatten)]
        folder: Folder,
    },
    /// Restore a backup on trial and compare everything
    ///
    /// DIR is a folder of backups, of which the newest is meant, or one backup in it. Where its own data folder is at hand, phones may
    /// afterwards forget what the backup contains.
    ///
    /// Exit codes: 0 it is whole; 1 it is not, or another's; 2 wrong use; 3 the system failed.
    VerifyBackup {
        dir: PathBuf,
        /// With --database: where a dump made by pg_dump was restored on trial. DIR is then the copy of the photos, which are the folder `blobs` of
        /// the data folder
        #[arg(long, env = "HUIFANG_RESTORED", hide_env_values = true, value_name = "URL")]
        restored: Option<SecretString>,
        /// Of a sealed backup: the file with the secret half of its key. Without it only damage is looked for
        #[arg(long, value_name = "FILE", conflicts_with = "restored")]
        identity: Option<PathBuf>,
        #[command(flatten)]
        folder: Folder,
    },
    /// Restore a backup into an empty data folder
    ///
    /// DIR is a folder of backups, of which the newest is meant, or one backup in it. Put your copy of the server key into the data folder first. Phones
    /// then send again what they still have. With --database the dump must be in it already, by pg_restore, and DIR is the copy of the photos.
    ///
    /// Exit codes: 0 done; 1 the folder is not empty, the key is missing, or the backup is not whole; 2 wrong use; 3 the system failed.
    Restore {
        dir: PathBuf,
        /// No copy of the server key exists any more: make a new one, and leave unreadable what was sealed to the old
        #[arg(long)]
        lost_key: bool,
        /// Of a sealed backup: the file with the secret half of its key
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        #[command(flatten)]
        folder: Folder,
    },
    /// Import the rescue file of a phone that cannot reach the server
    ///
    /// The phone writes it with 导出未发送资料. It goes the way of every push: a second time, or a sync afterwards, changes nothing; from a
    /// revoked device everything is held for a person.
    ///
    /// Exit codes: 0 done; 1 the file is none, another office's or damaged, or something in it was rejected; 2 wrong use; 3 the system failed.
    ImportOutbox {
        file: PathBuf,
        #[command(flatten)]
        folder: Folder,
    },
    /// Read the audit chain from the first entry to the last
    ///
    /// Finds whatever was changed, taken out or put in, and, where somebody outside knows a part of the chain, whatever was cut off or made anew: give what
    /// phones show on 我的 under 记录凭证, what was printed on another day, or the folder of backups. Prints the last entry with its hash: keep it on paper.
    ///
    /// Exit codes: 0 the chain holds; 1 it does not, or there is no database or backup; 2 wrong use; 3 the system failed.
    VerifyAudit {
        /// An entry that somebody saw, as its number and 16 or more digits of its hash; may be repeated
        #[arg(long = "witness", value_name = "N:HASH", value_parser = audit::witness)]
        witnesses: Vec<Witness>,
        /// A folder of backups, of which each knows the chain of its day
        #[arg(long, value_name = "DIR")]
        backups: Option<PathBuf>,
        /// A file of the heads that a server wrote down day by day, or a copy of one (audit-heads.txt)
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
        #[command(flatten)]
        folder: Folder,
    },
    /// Put another server key in the place of the present one
    ///
    /// No server may be at work. A new key is written into the key file before the present one, and everything that is sealed is sealed to it, in one
    /// transaction: a run that broke off is brought to its end by the next start. The earlier key stays in the file for what phones have sealed to it,
    /// until --forget-earlier. Copy the key file to a safe place afterwards.
    ///
    /// Exit codes: 0 done; 1 a server is at work, the key is not at hand, or an earlier key is still needed; 2 wrong use; 3 the system failed.
    RotateKey {
        /// Let the earlier keys go, once no device in use seals to them
        #[arg(long)]
        forget_earlier: bool,
        #[command(flatten)]
        folder: Folder,
    },
    /// Read a file from standard input, within limits
    #[command(name = worker::COMMAND, hide = true)]
    Worker {
        #[arg(value_enum)]
        work: Work,
    },
    /// Checklists of the office's own, as XLSForm workbooks
    ///
    /// What of XLSForm is held stands in docs/checklists.md.
    Checklist {
        #[command(subcommand)]
        action: ChecklistAction,
        #[command(flatten)]
        folder: Folder,
    },
    /// The table of kinds, fields, classes and rights
    Kinds {
        #[arg(long)]
        json: bool,
    },
}

/// A ledger, and where it goes.
#[derive(Args)]
struct ExportArgs {
    /// Which ledger
    #[arg(value_enum)]
    ledger: Ledger,
    /// The file that is written
    #[arg(long, value_name = "FILE.xlsx")]
    out: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    overwrite: bool,
    /// The code of one village, or of a township; everything if left out
    #[arg(long, value_name = "CODE")]
    village: Option<AreaCode>,
    /// The first day, such as 2026-01-01
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// The last day, which counts too
    #[arg(long, value_name = "DAY")]
    to: Option<Day>,
    /// Print ID and telephone numbers in full
    #[arg(long, requires = "reason")]
    full: bool,
    /// Why: for numbers in full, and for more than 500 lines
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

const INPUT_HAS_ERRORS: u8 = 1;
const SYSTEM_FAILED: u8 = 3;

fn start_log(form: LogForm) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match form {
        LogForm::Text => log.init(),
        LogForm::Json => log.json().init(),
    }
}

fn main() -> ExitCode {
    let Cli { action, log } = Cli::parse();
    start_log(log);
    let runtime = match action {
        // Threads would count against the memory that it may take.
        Action::Worker { .. } => runtime::Builder::new_current_thread().build(),
        _ => runtime::Runtime::new(),
    };
    let done = runtime.context("cannot start the program's threads");
    match done.and_then(|runtime| runtime.block_on(run(action))) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "huifang: {error:#}");
            ExitCode::from(SYSTEM_FAILED)
        }
    }
}

async fn run(action: Action) -> Result<ExitCode> {
    let (command, folder) = match action {
        Action::Serve { serving, folder } => {
            serve(serving, folder).await?;
            return Ok(ExitCode::SUCCESS);
        }
        Action::Demo { families, seed, folder } => {
            let json = folder.json;
            return finish(demo::demo(folder.config(false)?, families, seed).await, json);
        }
        Action::Import { list, folder } => {
            let json = folder.json;
            return finish(import(list, folder).await, json);
        }
        Action::Export { ledger, folder } => {
            let json = folder.json;
            return finish(export(ledger, folder).await, json);
        }
        Action::Backup { dir, keep, recipient, folder } => {
            let (json, keep) = (folder.json, keep.map(usize::from));
            return finish(backup::back_up(folder.config(false)?, &dir, keep, recipient).await, json);
        }
        Action::VerifyBackup { dir, restored, identity, folder } => {
            let json = folder.json;
            let restored = restored.map(PostgresUrl::new).transpose()?;
            let verified = backup::verify(folder.config(false)?, &dir, restored, identity.as_deref());
            return finish(verified.await, json);
        }
        Action::Restore { dir, lost_key, identity, folder } => {
            let json = folder.json;
            let restored = backup::restore(folder.config(false)?, &dir, lost_key, identity.as_deref());
            return finish(restored.await, json);
        }
        Action::ImportOutbox { file, folder } => {
            let json = folder.json;
            return finish(rescue::import(folder.config(false)?, &file).await, json);
        }
        Action::VerifyAudit { witnesses, backups, heads, folder } => {
            let json = folder.json;
            return finish(audit::check(folder.config(false)?, witnesses, backups, heads).await, json);
        }
        Action::RotateKey { forget_earlier, folder } => {
            let json = folder.json;
            return finish(rotate::rotate(folder.config(false)?, forget_earlier).await, json);
        }
        Action::Checklist { action, folder } => {
            let json = folder.json;
            return finish(checklist(action, folder).await, json);
        }
        Action::Worker { work } => {
            worker::run(work)?;
            return Ok(ExitCode::SUCCESS);
        }
        Action::Kinds { .. } => {
            print(&format!("{:#}\n", domain::kinds::kinds_json()));
            return Ok(ExitCode::SUCCESS);
        }
        Action::Area { action, folder } => (area(action), folder),
        Action::Account { action, folder } => (account(action), folder),
        Action::Device { action, folder } => (device(action), folder),
        Action::Settings { action, folder } => (settings(action), folder),
        Action::Notice { action, folder } => (notice(action)?, folder),
        Action::Retention { action, folder } => (retention(action), folder),
        Action::Health { folder } => (Command::Health, folder),
    };
    let json = folder.json;
    finish(commands::on_folder(folder.config(false)?, command).await, json)
}

impl Folder {
    fn config(self, dev: bool) -> Result<Config> {
        anyhow::ensure!(
            self.database.is_some() || self.database_owner.is_none(),
            "the address of the tables' owner is given, but no database: give it by --database or HUIFANG_DATABASE"
        );
        let postgres = self.database.map(PostgresUrl::new).transpose()?;
        let postgres = postgres.map(|url| url.owned_by(self.database_owner)).transpose()?;
        let bucket = self.photos.map(|url| Bucket::new(&url, |name| std::env::var(name).ok())).transpose()?;
        let breached_passwords = self.breached_passwords;
        breached_passwords.as_deref().map(breached::check).transpose()?;
        let config = Config::new(self.data_dir, self.key_file, dev).on(postgres).with_photos_in(bucket);
        Ok(Config { breached_passwords, ..config })
    }
}

async fn serve(serving: Serving, folder: Folder) -> Result<()> {
    let Serving { listen, dev, demo_hints, public_url, lost_key, limits, certificate, audit_heads, backups } =
        serving;
    let limits = Limits::default().with(limits.iter().map(String::as_str))?;
    let config = Config { lost_key, limits, certificate, audit_heads, ..folder.config(dev)? };
    serve::serve(config, listen, public_url, demo_hints, backups.schedule()).await
}

async fn import(list: ImportArgs, folder: Folder) -> Result<Outcome, CommandError> {
    let ImportArgs { file, area, check, create_villages, villages } = list;
    if check {
        return import::check(folder.config(false)?, &file, &area, Clock::default().now()).await;
    }
    let wishes = VillageWishes { codes: villages.into_iter().collect(), create: create_villages };
    import::write(folder.config(false)?, &file, area, wishes).await
}

async fn checklist(action: ChecklistAction, folder: Folder) -> Result<Outcome, CommandError> {
    match action {
        ChecklistAction::Check { file } => checklist::check(&file).await,
        ChecklistAction::Import { file } => checklist::import(folder.config(false)?, &file).await,
        ChecklistAction::Export { id, out, overwrite } => {
            checklist::export(folder.config(false)?, id, &out, overwrite).await
        }
        ChecklistAction::List => commands::on_folder(folder.config(false)?, Command::ChecklistList).await,
    }
}

async fn export(asked: ExportArgs, folder: Folder) -> Result<Outcome, CommandError> {
    let ExportArgs { ledger, out, overwrite, village, from, to, full, reason } = asked;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        let said = "the day of --from lies after the day of --to";
        Cli::command().error(ErrorKind::ValueValidation, said).exit();
    }
    let village = village.map(|code| code.full());
    export::export(folder.config(false)?, Asked { ledger, village, from, to, full, reason }, &out, overwrite)
        .await
}

fn finish(outcome: Result<Outcome, CommandError>, json: bool) -> Result<ExitCode> {
    match outcome {
        Ok(outcome) => {
            print(&if json { format!("{:#}\n", outcome.json) } else { outcome.text });
            Ok(if outcome.has_errors { ExitCode::from(INPUT_HAS_ERRORS) } else { ExitCode::SUCCESS })
        }
        Err(CommandError::Input(text)) => {
            let _ = writeln!(std::io::stderr(), "huifang: {text}");
            Ok(ExitCode::from(INPUT_HAS_ERRORS))
        }
        Err(CommandError::System(error)) => Err(error),
    }
}

/// A reader that went away is no failure.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn area(action: AreaAction) -> Command {
    match action {
        AreaAction::Add { code, name, parent } => Command::AreaAdd { code, name, parent },
        AreaAction::List => Command::AreaList,
        AreaAction::Merge { from, into } => Command::AreaMerge { from, into },
        AreaAction::Rename { code, new_code, name } => Command::AreaRename { code, new_code, name },
    }
}

fn account(action: AccountAction) -> Command {
    match action {
        AccountAction::Add { user, role, scope, password } => {
            Command::AccountAdd { user, role, scope, password }
        }
        AccountAction::Assign { user, scope, role, password } => {
            Command::AccountAssign { user, scope, role, password }
        }
        AccountAction::List => Command::AccountList,
        AccountAction::ForgetFactor { user } => Command::AccountForgetFactor { user },
    }
}

fn settings(action: SettingsAction) -> Command {
    match action {
        SettingsAction::List => Command::SettingsList,
        SettingsAction::Set { name, value } => Command::SettingsSet { name, value },
    }
}

fn notice(action: NoticeAction) -> Result<Command> {
    Ok(match action {
        NoticeAction::List => Command::NoticeList,
        NoticeAction::Set { version, file } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read {} as text in UTF-8", file.display()))?;
            Command::NoticeSet { version, text }
        }
    })
}

fn retention(action: RetentionAction) -> Command {
    match action {
        RetentionAction::Set { name, months } => Command::RetentionSet { name, months },
        RetentionAction::Report => Command::RetentionReport,
        RetentionAction::Apply { digest } => Command::RetentionApply { digest },
    }
}

fn device(action: DeviceAction) -> Command {
    match action {
        DeviceAction::Code { user, public_url } => Command::DeviceCode { user, origin: public_url },
        DeviceAction::Set { device, state } => Command::DeviceSet { device, state },
    }
}
