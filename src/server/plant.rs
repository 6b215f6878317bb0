//! Changesets that the server writes for a person who asked it to: by the same push as a phone's, while his role lasts.

use domain::mask;
use sync::{
    id::Inc,
    wire::{Changeset, SealedValue, Verdict},
};
use uuid::Uuid;

use crate::{
    db::{Caller, DbError, SharedDatabase, own},
    keys::Keys,
    tokens,
};

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
    for batch in changesets.chunks(own::TOGETHER_COUNT) {
        let answer = db.plant(who, inc, &own::request(batch, first_seq)?, now).await?;
        verdicts.extend(own::verdicts(answer)?);
        first_seq += batch.len() as u64;
    }
    Ok(verdicts)
}

/// Seals a field's text as a desk would, with what may be shown of it.
pub fn seal(keys: &Keys, e: Uuid, field: &str, text: &str) -> SealedValue {
    keys.seal_indexed(e, field, text, mask::show(field, text))
}
