//! QR codes on a photo of a printed sheet.

use image::{GrayImage, imageops};
use serde::{Deserialize, Serialize};

use super::{PhotoError, decode};
use crate::worker::WorkerError;

/// The longer side on which codes are looked for: a sheet of A4 that lies whole on the photo has three dots and more for each module of its code,
/// and the time is bounded however large the photo is.
const SIDE_MAX: u32 = 2_000;

/// The same for a second look where the first found none.
const SIDE_AGAIN: u32 = 2_800;

/// How far a dot's surroundings reach, as the spread of a blur in dots.
const SURROUNDINGS: f32 = 12.0;
/// Dark is what has less of the light around it.
const DARK_PERCENT: u32 = 88;

/// Why no codes were looked for on a photo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CodesError {
    #[error("{0}: take the photo again with the camera, and send it as JPEG")]
    Photo(#[from] PhotoError),
    #[error("looking for the code took too long: take the photo again, the sheet alone on a plain ground")]
    TooLong,
    #[error("looking for the code took too much memory: take the photo again, smaller")]
    TooMuchMemory,
    #[error("the photos of others are being read: try again in a minute")]
    Busy,
    /// The child process could not be started or did not answer.
    #[error("the process that reads photos failed: {why}")]
    Worker { why: String },
}

impl From<WorkerError> for CodesError {
    fn from(error: WorkerError) -> CodesError {
        match error {
            WorkerError::TooLong | WorkerError::Stopped => CodesError::TooLong,
            WorkerError::TooMuchMemory => CodesError::TooMuchMemory,
            WorkerError::BrokeOff => CodesError::Photo(PhotoError::Decode),
            WorkerError::Busy => CodesError::Busy,
            WorkerError::Failed { why } => CodesError::Worker { why },
        }
    }
}

/// The QR codes on a photo, those that can be read; here and now. How long that takes is in the hands of whoever made the photo: those from outside go
/// through [`crate::worker`].
///
/// # Errors
/// When the photo is none, too large, or does not decode.
pub fn codes(bytes: &[u8]) -> Result<Vec<String>, CodesError> {
    let grey = shrunk(decode(bytes)?.0.into_luma8());
    let found = codes_of(&grey);
    if !found.is_empty() {
        return Ok(found);
    }
    // The reader misses one code in five for where its dots happen to fall: they fall elsewhere on a larger picture.
    Ok(codes_of(&of_side(&grey, SIDE_AGAIN)))
}

fn codes_of(grey: &GrayImage) -> Vec<String> {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    // By their surroundings of some modules: by those of a whole page, as the reader has it, the white between two dark modules passes for dark.
    let around = imageops::fast_blur(grey, SURROUNDINGS);
    let dark = |x: usize, y: usize| {
        let at = y * width + x;
        u32::from(grey.as_raw()[at]) * 100 < u32::from(around.as_raw()[at]) * DARK_PERCENT
    };
    let mut prepared = rqrr::PreparedImage::prepare_from_bitmap(width, height, dark);
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

fn shrunk(grey: GrayImage) -> GrayImage {
    let (width, height) = grey.dimensions();
    if width.max(height) <= SIDE_MAX { grey } else { of_side(&grey, SIDE_MAX) }
}

/// The picture with a longer side of so many dots.
fn of_side(grey: &GrayImage, longer: u32) -> GrayImage {
    let (width, height) = grey.dimensions();
    // Both sides are at most 8,000: the products stay far below 2^32.
    let side = |side: u32| (side * longer / width.max(height)).max(1);
    imageops::resize(grey, side(width), side(height), imageops::FilterType::Triangle)
}

#[cfg(test)]
mod tests;
