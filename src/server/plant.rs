//! Changesets that the server writes for a person who asked it to: by the same push as a phone's, while his role lasts.

use domain::mask;
use sync::{
    id::Inc,
    wire::{Changeset, PushAnswer, PushRequest, SealedValue, Verdict},
};
use uuid::Uuid;

use crate::{
    db::{Caller, DbError, SharedDatabase},
    keys::Keys,
    tokens,
};

/// Changesets of one transaction.
const BATCH_COUNT: usize = 250;

/// Pushes changesets under an incarnation of their own and returns the verdicts in order.
///
/// # Errors
/// When the database fails; batches before that stay.
pub async fn plant(
    db: &SharedDatabase,
    who: &Caller,
    changesets: &[Changeset],
    now: i64,
) -> Result<Vec<Verdict>, DbError> {
    let inc = Inc(tokens::random());
    let (mut verdicts, mut first_seq) = (Vec::new(), 1);
    for batch in changesets.chunks(BATCH_COUNT) {
        let texts = batch.iter().map(serde_json::value::to_raw_value).collect::<Result<Vec<_>, _>>();
        let changesets = texts.map_err(|_| DbError::BadRequest("changeset"))?;
        let request = PushRequest { first_seq, prev_id: None, key: None, changesets, drafts: Vec::new() };
        match db.plant(who, inc, &request, now).await? {
            PushAnswer::Receipt(receipt) => verdicts.extend(receipt.results),
            PushAnswer::Error(_) => return Err(DbError::Damaged("a new incarnation has numbers")),
        }
        first_seq += batch.len() as u64;
    }
    Ok(verdicts)
}

/// Seals a field's text as a desk would, with what may be shown of it.
pub fn seal(keys: &Keys, e: Uuid, field: &str, text: &str) -> SealedValue {
    keys.seal_indexed(e, field, text, mask::show(field, text))
}
