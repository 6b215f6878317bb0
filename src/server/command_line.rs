//! The words below `huifang area`, `account`, `checklist`, `settings`, `notice`, `retention` and `device`.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum AreaAction {
    /// Add an area of 6, 9 or 12 digits
    Add {
        code: String,
        name: String,
        /// The area above, if the code does not say it
        #[arg(long)]
        parent: Option<String>,
    },
    /// Print the tree
    List,
    /// Move all records and people of a village into another; the empty village stays, so that its code is still known
    Merge { from: String, into: String },
    /// Give an area another code and name; nothing moves
    Rename { code: String, new_code: String, name: String },
}

#[derive(Subcommand)]
pub(crate) enum AccountAction {
    /// Make an account; without a password one is made and printed
    Add {
        user: String,
        #[arg(long)]
        role: String,
        #[arg(long, value_delimiter = ',')]
        scope: Vec<String>,
        #[arg(long, env = "HUIFANG_PASSWORD")]
        password: Option<String>,
    },
    /// Give an account other areas, another role or another password
    Assign {
        user: String,
        #[arg(long, value_delimiter = ',')]
        scope: Vec<String>,
        #[arg(long)]
        role: Option<String>,
        #[arg(long, env = "HUIFANG_PASSWORD")]
        password: Option<String>,
    },
    /// Print the accounts
    List,
    /// Somebody lost the telephone with his login codes: his next login sets them up anew
    ForgetFactor { user: String },
}

#[derive(Subcommand)]
pub(crate) enum ChecklistAction {
    /// Say what is wrong with a form, and write nothing; a folder is not needed
    ///
    /// Exit codes: 0 it can be published; 1 it cannot, or it cannot be read; 2 wrong use; 3 the system failed.
    Check { file: PathBuf },
    /// Publish a form as a new version: phones ask by it from their next contact on
    ///
    /// A version that is out never changes; visits that were begun by it are finished by it. The same form again publishes nothing.
    ///
    /// Exit codes: 0 done; 1 the form has errors, or cannot be read; 2 wrong use; 3 the system failed.
    Import { file: PathBuf },
    /// Write a checklist as a workbook (.xlsx), to be changed and imported again
    ///
    /// ID is one of those that `huifang checklist list` prints; the newest version is written.
    Export {
        id: String,
        /// The file that is written
        #[arg(long, value_name = "FILE.xlsx")]
        out: PathBuf,
        /// Replace the file if it exists
        #[arg(long)]
        overwrite: bool,
    },
    /// Print the built-in checklists and those that were published
    List,
}

#[derive(Subcommand)]
pub(crate) enum SettingsAction {
    /// Print them, with the values that each takes
    List,
    /// Change one
    Set { name: String, value: String },
}

#[derive(Subcommand)]
pub(crate) enum NoticeAction {
    /// Print every version
    List,
    /// Put a text in force as a new version; phones show it from their next contact on
    Set {
        /// What visits keep of it, such as 2027-1
        version: String,
        /// A file with the text, 50 to 2000 letters
        file: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum RetentionAction {
    /// Keep one sort for another time: keep_visits, keep_needs, keep_photos, keep_files or keep_sponsors, in months
    Set { name: String, months: String },
    /// Print what would be deleted today, and why; nothing is deleted
    Report,
    /// Delete what a report named
    Apply {
        /// The digest at the report's end
        digest: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum DeviceAction {
    /// A one-time code for the next device of an account
    Code {
        user: String,
        /// The address under which the phone reaches the server
        #[arg(long, default_value = "")]
        public_url: String,
    },
    /// Set a device active, readonly, wipe or revoked
    Set { device: String, state: String },
}
