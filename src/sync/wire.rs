//! Wire v1, frozen: `POST /api/v1/sync` and the shapes it carries. Unknown members are ignored here and kept in the changeset log.

mod op;
mod pull;
mod push;
#[cfg(feature = "schema")]
mod schema;
mod session;
mod sum;

pub use op::{Base, DeleteBase, Op, SealedValue, Take};
pub use pull::{AreaDigest, AreaNode, PullAnswer, PullError, PullPage, PullRequest, Row};
pub use push::{
    Changeset, Made, PushAnswer, PushError, PushKey, PushReceipt, PushRequest, SealedBody, SealedDraft,
    Verdict, VerdictState, Why,
};
pub use session::{
    BlobState, DeviceState, Divergence, DivergenceKind, EnrolAnswer, EnrolRequest, EnrolledUser, Hello,
    HelloAnswer, Incident, IncidentKind, KeyInfo, Limits, LoginAnswer, LoginRequest, Purged, PurgedAnswer,
    Refusal, StorageReport, SyncAnswer, SyncRequest, Witness,
};
pub use sum::{SUM_HEADER, is_whole, sum};

use domain::json;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::Value;

/// A field map: wire name of the field to its JSON value.
pub type Fields = std::collections::BTreeMap<String, Value>;

/// The only version of the envelope there is.
pub const WIRE_VERSION: u32 = 1;
/// Schema of the changesets that this build writes.
pub const SCHEMA: u32 = 1;

/// The answer to a section: a refusal is told by its member `err`.
fn err_or<'de, D, T, E>(deserializer: D) -> Result<Result<T, E>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
    E: DeserializeOwned,
{
    let answer = Value::deserialize(deserializer)?;
    let read = if answer.get("err").is_some() {
        json::from_value(answer).map(Err)
    } else {
        json::from_value(answer).map(Ok)
    };
    read.map_err(D::Error::custom)
}
