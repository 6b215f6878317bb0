//! Group commit: the pushes that came while one commit was on its way to the disk share the next one, each behind a savepoint.
//!
//! Whoever finds nobody at work leads: he judges all pushes that wait, commits, and hands out the answers. Nobody is answered before that.

use std::sync::{Mutex, PoisonError};
use sync::{
    authority::Batch,
    id::{DeviceId, Inc},
    wire::PushAnswer,
};
use tokio::sync::oneshot;

use super::{SqlDatabase, push, sql};
use crate::db::{Caller, DbError};

/// Pushes of one commit; more would make the last of them wait for long.
const TOGETHER_MAX: usize = 32;

/// An opened push.
pub(crate) struct Asked {
    pub(crate) device: DeviceId,
    pub(crate) inc: Inc,
    pub(crate) batch: Batch,
    pub(crate) now: i64,
    pub(crate) door: push::Door,
    /// For whom the server writes this: refused once he is no longer who he was at the operation's door. A phone's own push is judged by what is
    /// true in the transaction.
    pub(crate) by: Option<Caller>,
}

type Answer = Result<PushAnswer, DbError>;

/// The pushes that wait.
#[derive(Default)]
pub(crate) struct Group {
    waiting: Mutex<Vec<(Asked, oneshot::Sender<Answer>)>>,
    leading: tokio::sync::Mutex<()>,
}

impl Group {
    fn join(&self, asked: Asked) -> oneshot::Receiver<Answer> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((asked, sender));
        receiver
    }

    fn next(&self) -> Vec<(Asked, oneshot::Sender<Answer>)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.len().min(TOGETHER_MAX);
        waiting.drain(..count).collect()
    }
}

/// Has a push judged, stored and committed.
pub(crate) async fn push(db: &SqlDatabase, asked: Asked) -> Answer {
    let mut answer = db.group.join(asked);
    loop {
        tokio::select! {
            biased;
            // The leader's own client went away, and his transaction with it: nothing was committed, or the next try says that it was.
            said = &mut answer => return said.unwrap_or(Err(DbError::Busy)),
            _leading = db.group.leading.lock() => {
                if let Ok(said) = answer.try_recv() {
                    return said;
                }
                lead(db, db.group.next()).await;
            }
        }
    }
}

/// Judges these pushes in their order and commits them together.
async fn lead(db: &SqlDatabase, group: Vec<(Asked, oneshot::Sender<Answer>)>) {
    let (asked, senders): (Vec<_>, Vec<_>) = group.into_iter().unzip();
    match commit_together(db, &asked).await {
        Ok(answers) => {
            for (sender, answer) in senders.into_iter().zip(answers) {
                let _ = sender.send(answer);
            }
        }
        Err(error) => {
            for sender in senders {
                let _ = sender.send(Err(for_each(&error)));
            }
        }
    }
}

/// The answers, once they are true for good; an error of one push is among them and undoes that one alone.
async fn commit_together(db: &SqlDatabase, group: &[Asked]) -> Result<Vec<Answer>, DbError> {
    let mut tx = db.write().await?;
    let mut answers = Vec::new();
    for asked in group {
        sql::query("SAVEPOINT push").execute(&mut tx).await?;
        let answer = push::judge(db, &mut tx, asked).await;
        if let Err(error) = answer {
            // A full disk or a broken connection ends the whole transaction, and that error is the one to tell.
            if sql::query("ROLLBACK TO SAVEPOINT push").execute(&mut tx).await.is_err() {
                return Err(error);
            }
            answers.push(Err(error));
            continue;
        }
        sql::query("RELEASE SAVEPOINT push").execute(&mut tx).await?;
        answers.push(answer);
    }
    tx.commit().await?;
    Ok(answers)
}

/// What befell the whole group, for one of it.
fn for_each(error: &DbError) -> DbError {
    match error {
        DbError::Busy => DbError::Busy,
        DbError::Full => DbError::Full,
        other => DbError::Away(other.to_string()),
    }
}
