//! A shared PC at which office work is done by code: a session and a device that end with it.

use sync::{
    id::{DeviceId, VaultId},
    wire::DeviceState,
};

use crate::{
    db::{Account, Caller, Database, DbError, Factor, NewSession},
    tokens,
};

/// Opens a session of `account`; whoever opens it closes it.
pub(crate) async fn open(db: &dyn Database, account: &Account, now: i64) -> Result<Caller, DbError> {
    let (device, vault) = (DeviceId(tokens::random()), VaultId(tokens::random()));
    let session_hash = tokens::token_hash(&tokens::new_token());
    let new = NewSession {
        account: account.id,
        vault,
        grant_hash: None,
        session_hash: session_hash.clone(),
        device,
        factors: vec![Factor::CommandLine],
        now,
    };
    db.open_session(new).await?;
    Ok(Caller {
        account: account.id,
        name: account.name.clone(),
        role: account.role,
        device,
        vault,
        state: DeviceState::Active,
        session: true,
        session_hash: Some(session_hash),
        shared: true,
        synced: true,
        logged_in: true,
    })
}
