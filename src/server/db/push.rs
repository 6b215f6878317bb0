//! A push: load, decide, load what was missing, write. The commit, after which it is answered, may be shared with other pushes.

use sync::{
    authority::{Batch, Loaded, PushContext, push},
    id::{DeviceId, Inc},
    wire::{PushAnswer, PushRequest},
};

use super::{
    SqlDatabase,
    group::{self, Asked},
    head,
    rows::count,
    scope,
    sql::{self, Tx},
    store,
};
use crate::db::{Caller, DbError};

/// A decision that asks for more rows more often than this is a bug.
const ROUNDS_MAX: usize = 64;

pub(crate) async fn run(
    db: &SqlDatabase,
    who: &Caller,
    inc: Inc,
    request: &PushRequest,
    now: i64,
) -> Result<PushAnswer, DbError> {
    let opener = db.keys();
    let batch = Batch::open(request, &**opener).map_err(|_| DbError::BadRequest("push"))?;
    group::push(db, Asked { device: who.device, inc, batch, now }).await
}

/// Judges a push and stores what it writes, but for the commit.
pub(crate) async fn judge(db: &SqlDatabase, tx: &mut Tx, asked: &Asked) -> Result<PushAnswer, DbError> {
    let opener = db.keys();
    let Asked { device, inc, batch, now } = asked;
    let at = scope::standpoint(db, tx, *device).await?;
    if at.standing == sync::authority::Standing::Revoked {
        return Err(DbError::Revoked);
    }
    let context = PushContext {
        who: &at.who,
        device: *device,
        inc: *inc,
        standing: at.standing,
        last: last(tx, *device, *inc).await?,
        durable: 0,
        head: head::read(tx).await?,
        now: *now,
        tree: &at.tree,
    };
    let mut loaded = Loaded::new();
    for _ in 0..ROUNDS_MAX {
        match push(batch, &context, &**opener, &loaded) {
            Ok(outcome) => {
                store::write(tx, *device, *inc, outcome.writes).await?;
                return Ok(outcome.answer);
            }
            Err(missing) => store::load(tx, *device, *inc, missing, &mut loaded).await?,
        }
    }
    Err(DbError::Damaged("a decision never had enough"))
}

/// The highest accepted number of an incarnation.
pub(crate) async fn last(tx: &mut Tx, device: DeviceId, inc: Inc) -> Result<u64, DbError> {
    let row = sql::query("SELECT last FROM device_seq WHERE device = $1 AND inc = $2")
        .bind(device.to_string())
        .bind(inc.to_string())
        .fetch_optional(tx)
        .await?;
    row.map_or(Ok(0), |row| count(&row, "last"))
}

/// The highest accepted numbers of all incarnations of a device.
pub(crate) async fn all_last(
    tx: &mut Tx,
    device: DeviceId,
) -> Result<std::collections::BTreeMap<Inc, u64>, DbError> {
    let rows = sql::query("SELECT inc, last FROM device_seq WHERE device = $1")
        .bind(device.to_string())
        .fetch_all(tx)
        .await?;
    rows.iter()
        .map(|row| {
            let inc: &str = row.try_get("inc")?;
            Ok((inc.parse().map_err(|_| DbError::Damaged("inc"))?, count(row, "last")?))
        })
        .collect()
}
