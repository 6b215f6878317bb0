//! Whoever has the machine, as the author of what a command writes into the files.
//!
//! A changeset has an author and a device, and no clerk may stand there for what he did not do. So the command line has an account of its
//! own, made at its first use, and the audit chain names it. Nobody logs in with it: its password is random and kept nowhere,
//! and it is given no device code.

use domain::access::Role;
use uuid::Uuid;

use super::{account, desk};
use crate::{
    db::{Account, AccountChange, Caller, DbError, NewAccount},
    state::App,
    tokens,
};

/// The account's name, as ledgers print it.
pub(crate) const NAME: &str = "命令行";

/// Opens a session of the command line that reaches every area. Whoever opens it closes it.
pub(crate) async fn open(app: &App) -> Result<Caller, DbError> {
    let now = app.clock.now();
    let areas = app.db.areas().await?;
    let mut tops: Vec<Uuid> = areas.iter().filter(|area| area.parent.is_none()).map(|area| area.id).collect();
    tops.sort_unstable();
    let account = match find(app).await? {
        Some(account) if account.areas == tops => account,
        Some(_) => app.db.change_account(reaching(tops, now)).await?,
        None => match make(app, tops, now).await {
            // Another command has made it in the meantime.
            Err(DbError::Refused(_)) => find(app).await?.ok_or(DbError::NotFound)?,
            made => made?,
        },
    };
    desk::open(app.db.as_ref(), &account, now).await
}

async fn find(app: &App) -> Result<Option<Account>, DbError> {
    Ok(app.db.accounts().await?.into_iter().find(|account| account.name == NAME))
}

async fn make(app: &App, areas: Vec<Uuid>, now: i64) -> Result<Account, DbError> {
    let password_hash = app.passwords.hash(account::new_password()).await;
    let new = NewAccount {
        id: tokens::new_id(now),
        name: NAME.to_owned(),
        role: Role::CountyClerk,
        password_hash,
        areas,
        now,
    };
    app.db.add_account(new, None).await
}

fn reaching(areas: Vec<Uuid>, now: i64) -> AccountChange {
    AccountChange { name: NAME.to_owned(), areas: Some(areas), role: None, password_hash: None, now }
}
