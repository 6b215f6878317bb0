//! A push: load, decide, load what was missing, write. The commit, after which it is answered, may be shared with other pushes.

use sync::{
    authority::{Batch, Loaded, PushContext, push},
    id::{DeviceId, Inc},
    planted::{Bug, planted},
    wire::{PushAnswer, PushRequest},
};

use super::{
    SqlDatabase,
    fence::{self, Beyond},
    group::{self, Asked},
    head,
    rows::count,
    scope, second_run,
    sql::{self, Tx},
    store,
};
use crate::db::{Caller, DbError};

/// How a push came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// From the device itself: one that is revoked is refused.
    Line,
    /// In a rescue file that the office imports: of a revoked device everything is held.
    File,
}

/// A decision that asks for more rows more often than this is a bug.
pub(super) const ROUNDS_MAX: usize = 64;

pub(crate) async fn run(
    db: &SqlDatabase,
    device: DeviceId,
    inc: Inc,
    request: &PushRequest,
    now: i64,
    (door, by): (Door, Option<&Caller>),
) -> Result<PushAnswer, DbError> {
    let opener = db.keys();
    let batch = Batch::open(request, &**opener).map_err(|_| DbError::BadRequest("push"))?;
    group::push(db, Asked { device, inc, batch, now, door, by: by.cloned() }).await
}

/// Judges a push and stores what it writes, but for the commit.
pub(crate) async fn judge(db: &SqlDatabase, tx: &mut Tx, asked: &Asked) -> Result<PushAnswer, DbError> {
    let opener = db.keys();
    let Asked { device, inc, batch, now, door, by } = asked;
    if let Some(by) = by {
        scope::still(tx, by).await?;
    }
    let at = scope::standpoint(db, tx, *device).await?;
    if at.standing == sync::authority::Standing::Revoked && *door == Door::Line {
        return Err(DbError::Revoked);
    }
    let Numbers { last, durable } = numbers(tx, *device, *inc).await?;
    let context = PushContext {
        who: &at.who,
        device: *device,
        inc: *inc,
        granted: at.granted,
        standing: at.standing,
        last,
        durable,
        head: head::read(tx).await?,
        now: *now,
        tree: &at.tree,
    };
    fence::lift(tx, Beyond::Judgement).await?;
    let mut loaded = Loaded::new();
    for _ in 0..ROUNDS_MAX {
        match push(batch, &context, &**opener, &loaded) {
            Ok(outcome) => {
                let written = outcome.writes.head;
                let finished = second_run::finished(&outcome.writes, context.head);
                fence::within_and_archives(tx, &at.who, &at.tree).await?;
                store::write(tx, *device, *inc, outcome.writes).await?;
                db.gap.pass(context.head, written);
                if !finished.is_empty() {
                    second_run::run(db, tx, &at, finished, *now).await?;
                    fence::within_and_archives(tx, &at.who, &at.tree).await?;
                }
                return Ok(outcome.answer);
            }
            Err(missing) => store::load(tx, *device, *inc, missing, &mut loaded).await?,
        }
    }
    Err(DbError::Damaged("a decision never had enough"))
}

/// How far an incarnation is: the highest number accepted, and the highest that a verified backup contains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) last: u64,
    pub(crate) durable: u64,
}

/// The numbers of an incarnation; zeros if it has never pushed.
pub(crate) async fn numbers(tx: &mut Tx, device: DeviceId, inc: Inc) -> Result<Numbers, DbError> {
    let row = sql::query("SELECT last, durable FROM device_seq WHERE device = $1 AND inc = $2")
        .bind(device.to_string())
        .bind(inc.to_string())
        .fetch_optional(tx)
        .await?;
    let Some(row) = row else { return Ok(Numbers::default()) };
    let last = count(&row, "last")?;
    let durable = if planted(Bug::DurableEarly) { last } else { count(&row, "durable")? };
    Ok(Numbers { last, durable })
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
