//! What lies on the line: the text of a request or an answer as gzip with its sum beside it, what damage does to that, and what either side makes of it.

use domain::json;
use flate2::{Compression, Decompress, FlushDecompress, Status, read::GzDecoder, write::GzEncoder};
use serde::{Serialize, de::DeserializeOwned};
use std::io::{Read, Write};
use sync::{
    replica::Generator,
    wire::{is_whole, sum},
};

/// Magic, method, flags, time and system of a gzip without a name.
const HEADER_BYTES: usize = 10;
/// Magic, method and flags: what a browser looks at of them.
const HEADER_READ: [u8; 4] = [0x1f, 0x8b, 8, 0];
/// More than anything that is simulated inflates to.
const INFLATED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A body on its way.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    sum: String,
    gzip: Vec<u8>,
}

/// What is read is of no use: a part is missing, or it is not what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

impl Packed {
    /// A value as its sender writes it.
    pub(crate) fn of(value: &impl Serialize) -> Result<Packed, Damaged> {
        let text = serde_json::to_vec(value).map_err(|_| Damaged)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&text).map_err(|_| Damaged)?;
        Ok(Packed { sum: sum(&text), gzip: gzip.finish().map_err(|_| Damaged)? })
    }

    /// Everything from some byte on is missing, and the frame around it says that this was all.
    pub(crate) fn cut(&mut self, rng: &mut Generator) {
        let at = rng.below(self.gzip.len() as u64) as usize;
        self.gzip.truncate(at);
    }

    /// A bit of the body or of its sum is another.
    pub(crate) fn flip(&mut self, rng: &mut Generator) {
        let at = rng.below((self.gzip.len() + self.sum.len()) as u64) as usize;
        let bit = 1 << rng.below(7);
        match self.gzip.get_mut(at) {
            Some(byte) => *byte ^= bit,
            None => {
                let mut said = std::mem::take(&mut self.sum).into_bytes();
                said[at - self.gzip.len()] ^= bit;
                self.sum = String::from_utf8_lossy(&said).into_owned();
            }
        }
    }

    /// As the phone reads it: its browser inflates what it can and looks at no checksum (measured with Chromium 156), then the app judges the text.
    pub(crate) fn read_by_phone<T: DeserializeOwned>(&self) -> Result<T, Damaged> {
        let text = inflate_as_browsers_do(&self.gzip)?;
        if is_whole(&text, Some(&self.sum)) {
            json::from_slice(&text).map_err(|_| Damaged)
        } else {
            Err(Damaged)
        }
    }

    /// As the server reads it.
    pub(crate) fn read_by_office<T: DeserializeOwned>(&self) -> Result<T, Damaged> {
        let mut text = Vec::new();
        GzDecoder::new(self.gzip.as_slice()).read_to_end(&mut text).map_err(|_| Damaged)?;
        if is_whole(&text, Some(&self.sum)) {
            serde_json::from_slice(&text).map_err(|_| Damaged)
        } else {
            Err(Damaged)
        }
    }
}

fn inflate_as_browsers_do(gzip: &[u8]) -> Result<Vec<u8>, Damaged> {
    let (header, body) = gzip.split_at_checked(HEADER_BYTES).ok_or(Damaged)?;
    if !header.starts_with(&HEADER_READ) {
        return Err(Damaged);
    }
    let mut inflater = Decompress::new(false);
    let mut text = Vec::with_capacity(16 * body.len());
    loop {
        let rest = &body[usize::try_from(inflater.total_in()).map_err(|_| Damaged)?..];
        let before = inflater.total_out();
        let status = inflater.decompress_vec(rest, &mut text, FlushDecompress::None).map_err(|_| Damaged)?;
        if status == Status::StreamEnd || (text.len() < text.capacity() && inflater.total_out() == before) {
            return Ok(text);
        }
        if text.len() > INFLATED_BYTES_MAX {
            return Err(Damaged);
        }
        text.reserve(64 * 1024);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn answer() -> Value {
        let rows: Vec<Value> = (0..40).map(|n| json!({"e": n * 7_919, "name": format!("李伟{n}")})).collect();
        json!({"v": 1, "t": 1_790_000_000_000_i64, "rows": rows})
    }

    /// E5. Without the sum most of what is damaged here would be taken for an answer, which is what browsers do.
    #[test]
    fn what_is_damaged_is_read_as_what_was_sent_or_not_at_all() {
        let (sent, packed) = (answer(), Packed::of(&answer()).unwrap());
        assert_eq!(packed.read_by_phone::<Value>().unwrap(), sent);
        let (mut taken, mut other) = (0, 0);
        let mut judge = |damaged: &Packed| {
            for read in [damaged.read_by_phone::<Value>(), damaged.read_by_office::<Value>()] {
                taken += u32::from(read.is_ok());
                assert!(read.is_err() || read.as_ref() == Ok(&sent), "{read:?}");
            }
            let text = inflate_as_browsers_do(&damaged.gzip)
                .and_then(|text| json::from_slice::<Value>(&text).map_err(|_| Damaged));
            other += u32::from(text.is_ok_and(|text| text != sent));
        };
        for at in 0..packed.gzip.len() {
            judge(&Packed { gzip: packed.gzip[..at].to_vec(), ..packed.clone() });
            for bit in 0..8 {
                let mut damaged = packed.clone();
                damaged.gzip[at] ^= 1 << bit;
                judge(&damaged);
            }
        }
        assert!(taken > 0, "what is nobody's matter hurts nobody");
        assert!(other > 100, "the sum is what tells: {other}");
    }
}
