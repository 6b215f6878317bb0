//! Pictures from outside: decoded within limits and written anew, so that nothing but the picture is left of them.
//!
//! Pixels, sides and bytes are bounded before anything is unpacked, and the work grows with the pixels alone (the decoder takes a hundred scans of a JPEG and
//! no more). Those from outside go through [`crate::worker`] all the same, which bounds what the decoder gets wrong.

pub mod codes;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use serde::{Deserialize, Serialize};
use std::io::Cursor;

use crate::{error::ApiError, worker::WorkerError};

const SIDE_MAX: u32 = 8_000;
const PIXELS_MAX: u64 = 25_000_000;
const DECODER_BYTES_MAX: u64 = 64 * 1024 * 1024 + PIXELS_MAX * 3;
const JPEG_QUALITY: u8 = 85;
/// Small pictures are fetched for whole villages over slow lines.
const THUMBNAIL_QUALITY: u8 = 70;
/// What a picture may come to when it is written anew: it arrived with a sixteenth of that at most.
pub const WRITTEN_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a photo waits when it could not be judged now.
const LATER_MS: i64 = 30_000;
/// Width of the small picture.
pub const THUMBNAIL_WIDTH: u32 = 320;

/// The bytes are no picture that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PhotoError {
    #[error("the picture is neither JPEG, PNG nor WebP")]
    Format,
    #[error("the picture is damaged or cut short")]
    Decode,
    #[error("the picture has more than {} million pixels, a side of more than {SIDE_MAX}, or too many bytes when it is written anew", PIXELS_MAX / 1_000_000)]
    TooLarge,
    /// Within its pixels; the decoder met something else.
    #[error("unpacking the picture takes too much time or memory")]
    Costly,
}

impl PhotoError {
    /// The reason as a phone is told it.
    pub fn word(self) -> &'static str {
        match self {
            PhotoError::Format => "format",
            PhotoError::Decode => "decode",
            PhotoError::TooLarge => "too_large",
            PhotoError::Costly => "costly",
        }
    }
}

/// Why a picture did not come out of its worker.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Its own fault, however often it is tried.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// Nothing was found out about it: it may be tried again.
    #[error("the process that writes pictures anew: {0}")]
    Later(WorkerError),
}

impl From<WorkerError> for PictureError {
    fn from(error: WorkerError) -> PictureError {
        match error {
            WorkerError::TooLong | WorkerError::TooMuchMemory => PhotoError::Costly.into(),
            WorkerError::BrokeOff => PhotoError::Decode.into(),
            WorkerError::Stopped | WorkerError::Busy | WorkerError::Failed { .. } => {
                PictureError::Later(error)
            }
        }
    }
}

impl From<PictureError> for ApiError {
    fn from(error: PictureError) -> ApiError {
        match error {
            PictureError::Later(WorkerError::Stopped | WorkerError::Busy) => {
                tracing::warn!(%error, "a picture waits");
                ApiError::Busy { wait_ms: LATER_MS }
            }
            PictureError::Later(_) | PictureError::Photo(_) => ApiError::Internal(error.into()),
        }
    }
}

/// Decodes and writes anew: PNG stays PNG (signatures have a clear ground), all else becomes JPEG.
///
/// # Errors
/// When the format is another, the picture too large, before or after, or the decoder refuses.
pub fn rewrite(bytes: &[u8]) -> Result<Vec<u8>, PhotoError> {
    let (image, format) = decode(bytes)?;
    let out = if format == ImageFormat::Png { ImageFormat::Png } else { ImageFormat::Jpeg };
    encode(&image, out).and_then(|written| {
        if written.len() > WRITTEN_BYTES_MAX { Err(PhotoError::TooLarge) } else { Ok(written) }
    })
}

/// A small JPEG of a picture that was written by [`rewrite`].
///
/// # Errors
/// When it does not decode.
pub fn thumbnail(bytes: &[u8]) -> Result<Vec<u8>, PhotoError> {
    let (image, _) = decode(bytes)?;
    let small = if image.width() > THUMBNAIL_WIDTH {
        image.resize(THUMBNAIL_WIDTH, u32::MAX, FilterType::Triangle)
    } else {
        image
    };
    jpeg(&on_white(&small), THUMBNAIL_QUALITY)
}

/// The content type of what [`rewrite`] wrote.
pub fn content_type(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => "image/png",
        Ok(ImageFormat::Jpeg) => "image/jpeg",
        _ => "application/octet-stream",
    }
}

/// Tells the format by the first bytes.
pub(crate) fn format(bytes: &[u8]) -> Result<ImageFormat, PhotoError> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        _ => Err(PhotoError::Format),
    }
}

fn decode(bytes: &[u8]) -> Result<(DynamicImage, ImageFormat), PhotoError> {
    let format = format(bytes)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PhotoError::TooLarge);
    }
    let orientation = decoder.orientation().map_err(|_| PhotoError::Decode)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    image.apply_orientation(orientation);
    Ok((image, format))
}

fn refused(error: ImageError) -> PhotoError {
    match error {
        ImageError::Limits(_) => PhotoError::TooLarge,
        _ => PhotoError::Decode,
    }
}

fn on_white(image: &DynamicImage) -> DynamicImage {
    let mut ground = image::RgbaImage::from_pixel(image.width(), image.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut ground, &image.to_rgba8(), 0, 0);
    DynamicImage::ImageRgba8(ground)
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>, PhotoError> {
    if format != ImageFormat::Png {
        return jpeg(image, JPEG_QUALITY);
    }
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).map_err(|_| PhotoError::Decode)?;
    Ok(bytes.into_inner())
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    image.to_rgb8().write_with_encoder(encoder).map_err(|_| PhotoError::Decode)?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests;
