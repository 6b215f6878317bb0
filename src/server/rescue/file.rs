//! The file as the phone writes it.

use serde::Deserialize;
use serde_json::value::RawValue;
use sync::{
    id::{BlobHash, DeviceId, Inc},
    wire::{PushKey, SealedBody, SealedDraft},
};
use uuid::Uuid;

use super::RescueError;

/// A phone that is full of photos writes less.
pub const RESCUE_BYTES_MAX: u64 = 256 * 1024 * 1024;
const FORM: &str = "rescue-1";
const FORM_BEGIN: &str = "rescue-";

/// Everything unsent of one vault.
#[derive(Debug, Deserialize)]
pub struct RescueFile {
    pub device: DeviceId,
    pub inc: Inc,
    /// `K_out` and `K_blob` sealed to the server, those of before a forgotten code too.
    pub keys: Vec<PushKey>,
    pub out: Vec<OutEntry>,
    #[serde(default)]
    pub drafts: Vec<SealedDraft>,
    #[serde(default)]
    pub blobs: Vec<RescuedBlob>,
}

/// A changeset.
#[derive(Debug, Deserialize)]
pub struct OutEntry {
    pub seq: u64,
    pub id: Uuid,
    /// Nothing if it is not of its form.
    #[serde(deserialize_with = "form_or_none")]
    pub sealed: Option<SealedBody>,
}

/// A photo with its sealed chunks, base64url.
#[derive(Debug, Deserialize)]
pub struct RescuedBlob {
    pub sha256: BlobHash,
    pub bytes: u64,
    pub kind: String,
    pub e: Uuid,
    pub chunks: Vec<String>,
}

fn form_or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<SealedBody>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

/// Reads a file.
///
/// # Errors
/// When it is too large, no rescue file, of another form, or damaged.
pub fn read(bytes: &[u8]) -> Result<RescueFile, RescueError> {
    #[derive(Deserialize)]
    struct Head {
        huifang: String,
    }
    if bytes.len() as u64 > RESCUE_BYTES_MAX {
        return Err(RescueError::TooLarge(bytes.len() as u64));
    }
    let form = match serde_json::from_slice::<Head>(bytes) {
        Ok(head) => head.huifang,
        Err(error) if bytes.starts_with(b"{") && mentions_form(bytes) => {
            return Err(RescueError::Damaged(error.to_string()));
        }
        Err(_) => return Err(RescueError::NotOurs),
    };
    if form != FORM {
        let is_later = form.starts_with(FORM_BEGIN);
        return Err(if is_later { RescueError::Form(form) } else { RescueError::NotOurs });
    }
    let file: RescueFile =
        serde_json::from_slice(bytes).map_err(|error| RescueError::Damaged(error.to_string()))?;
    // Numbers are counted on from these.
    let fits = |entry: &OutEntry| entry.seq > 0 && entry.seq < u64::MAX / 2;
    if file.out.iter().all(fits) { Ok(file) } else { Err(RescueError::Damaged("a number of 0".to_owned())) }
}

/// Whether the text speaks of a rescue file at all, wherever it was cut.
fn mentions_form(bytes: &[u8]) -> bool {
    bytes.windows(FORM.len()).any(|part| part == FORM.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, why: &str) {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }

    #[test]
    fn what_is_no_rescue_file_is_told_apart_from_a_damaged_one() {
        for text in [
            "",
            "PK\u{3}\u{4}",
            "{}",
            "[1]",
            "{\"huifang\": 1}",
            "{\"huifang\": \"backup-1\"}",
            "{\"name\": \"李",
        ] {
            refused(text, "is no rescue file");
        }
        refused("{\"huifang\": \"rescue-2\"}", "of form rescue-2");
        let whole = json(1);
        assert!(read(whole.as_bytes()).is_ok());
        // The name of the form comes last in this text: before it nothing tells what it is.
        let cut = &whole[..whole.len() - 1];
        refused(cut, "cut short or damaged");
        refused("{\"huifang\": \"rescue-1\", \"device\": \"00\"}", "cut short or damaged");
        refused(&json(0), "cut short or damaged");
    }

    #[test]
    fn a_file_has_as_many_bytes_as_a_phone_writes_and_not_one_more() {
        // Zeros of which nothing is read: what is not too large is told to be no rescue file.
        let most = usize::try_from(RESCUE_BYTES_MAX).unwrap();
        let said = |bytes: usize| read(&vec![0; bytes]).unwrap_err();
        assert!(matches!(said(most), RescueError::NotOurs));
        assert!(matches!(said(most + 1), RescueError::TooLarge(bytes) if bytes == RESCUE_BYTES_MAX + 1));
    }

    fn json(seq: u64) -> String {
        serde_json::json!({
            "huifang": "rescue-1", "device": "00".repeat(16), "inc": "00".repeat(8), "keys": [], "drafts": [], "blobs": [],
            "out": [{"seq": seq, "id": Uuid::nil(), "sealed": {"key": "damaged"}}],
        })
        .to_string()
    }
}
