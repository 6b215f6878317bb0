//! What stands behind `huifang serve` and `huifang import`.

use clap::Args;
use domain::region::{AreaCode, NoAreaCode};
use server::backup::{
    schedule::{self, Schedule},
    seal::Recipient,
};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// How a server serves.
#[derive(Args)]
pub(crate) struct Serving {
    #[arg(long, env = "HUIFANG_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Cookies for browsers that refuse `__Host-` on a loopback address
    #[arg(long)]
    pub(crate) dev: bool,
    /// Print the demo accounts and an enrolment link
    #[arg(long)]
    pub(crate) demo_hints: bool,
    /// The address under which phones reach the server
    #[arg(long)]
    pub(crate) public_url: Option<String>,
    /// No copy of the server key exists any more: make a new one, and leave unreadable what was sealed to the old
    #[arg(long)]
    pub(crate) lost_key: bool,
    /// A ceiling other than the usual one, such as unmask-village=30; may be repeated, or several with commas between. The names are
    /// unmask-village and unmask-office (numbers shown in full to one account in an hour), syncs (of one device in an hour), wrong-logins (from one
    /// address in an hour), export-rows (lines that need nobody's approval) and upload-mb (photos and recordings that one account's devices begin to
    /// send in a day)
    #[arg(long = "limit", env = "HUIFANG_LIMITS", value_name = "NAME=NUMBER", value_delimiter = ',')]
    pub(crate) limits: Vec<String>,
    /// The certificate of the proxy in front (PEM, may be a chain), so that its end is said in time
    #[arg(long, env = "HUIFANG_CERTIFICATE", value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,
    /// Where each day's newest entry of the audit chain is added, best on another disk; audit-heads.txt in the data folder if none is named
    #[arg(long, env = "HUIFANG_AUDIT_HEADS", value_name = "FILE")]
    pub(crate) audit_heads: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) backups: BackupArgs,
}

/// The backups that a running server makes by itself.
#[derive(Args)]
pub(crate) struct BackupArgs {
    /// Make backups into this folder, each verified at once; best on another disk
    #[arg(long, env = "HUIFANG_BACKUP_DIR", value_name = "DIR")]
    backup_dir: Option<PathBuf>,
    /// The time between two backups, such as 15min or 2h
    #[arg(long, env = "HUIFANG_BACKUP_EVERY", value_name = "TIME", default_value = "15min", value_parser = schedule::parse_every)]
    backup_every: Duration,
    /// How many to keep, and of how many days before the last one each
    #[arg(long, env = "HUIFANG_BACKUP_KEEP", value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    backup_keep: u16,
    /// Seal each to this public key of age: it is tried first, and opens with the secret half alone
    #[arg(long, env = "HUIFANG_BACKUP_RECIPIENT", value_name = "AGE1…")]
    backup_recipient: Option<Recipient>,
}

impl BackupArgs {
    /// What the server makes by itself.
    pub(crate) fn schedule(self) -> Option<Schedule> {
        let dir = self.backup_dir?;
        let keep = usize::from(self.backup_keep);
        Some(Schedule { dir, every: self.backup_every, keep, to: self.backup_recipient })
    }
}

/// A list, and what is done with it.
#[derive(Args)]
pub(crate) struct ImportArgs {
    pub(crate) file: PathBuf,
    /// The county or township whose people these are, such as 339999100; the folder must have it
    #[arg(long)]
    pub(crate) area: AreaCode,
    /// Judge every row and write nothing; a folder is not needed
    #[arg(long, conflicts_with_all = ["create_villages", "villages"])]
    pub(crate) check: bool,
    /// Make the villages that the area tree lacks
    #[arg(long)]
    pub(crate) create_villages: bool,
    /// The area that is meant by a village's name which the area tree lacks; may be repeated
    #[arg(long = "village", value_name = "NAME=CODE", value_parser = village_code)]
    pub(crate) villages: Vec<(String, String)>,
}

/// `红旗=339999100201`
fn village_code(text: &str) -> Result<(String, String), String> {
    let (name, code) = text.split_once('=').ok_or("give a name and a code, such as 红旗=339999100201")?;
    let code: AreaCode = code.parse().map_err(|error: NoAreaCode| error.to_string())?;
    Ok((name.trim().to_owned(), code.full()))
}
