//! Pictures from the camera, made small enough to send from a village: oriented, at most so wide, at most so many bytes.
//!
//! The browser decodes and encodes: it does so natively, and with little memory.

use super::blob_bytes;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, ImageBitmap};

/// How large a picture may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// The longer side, in pixels.
    side_max: u32,
    bytes_max: usize,
}

impl Size {
    /// Of people and houses.
    pub(crate) const PHOTO: Size = Size { side_max: 1280, bytes_max: 300_000 };
    /// Of papers and receipts, which are to be read.
    pub(crate) const PAPER: Size = Size { side_max: 1600, bytes_max: 1_000_000 };
}

/// Tried in turn until a photo is light enough. The last size always is.
const ATTEMPTS: [(f64, f64); 6] = [(1.0, 0.7), (1.0, 0.6), (1.0, 0.5), (0.8, 0.5), (0.6, 0.5), (0.4, 0.4)];

/// How many Chinese characters of a stamp a picture is wide.
const STAMP_EMS: f64 = 32.0;
/// The phone's own Chinese type.
const STAMP_FONT: &str = "\"HarmonyOS Sans SC\", MiSans, \"PingFang SC\", \"Noto Sans CJK SC\", \"Noto Sans SC\", \"Microsoft YaHei\", sans-serif";

/// Why a file is not a photo for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PictureError {
    #[error("not a picture this browser can read")]
    Unreadable,
    #[error("the browser could not draw or encode it")]
    Encode,
}

/// A JPEG of at most this size, with the stamp at its bottom unless that is empty.
///
/// # Errors
/// When the file is no picture, or the browser has no room to draw it.
pub(crate) async fn shrink(file: &Blob, size: Size, stamp: &str) -> Result<Vec<u8>, PictureError> {
    let window = web_sys::window().ok_or(PictureError::Encode)?;
    // Modern browsers turn the picture as its EXIF says by themselves.
    fitted(window.create_image_bitmap_with_blob(file), size, stamp).await
}

/// What a video shows now, as [`shrink`] makes a file.
///
/// # Errors
/// When the video shows nothing yet, or the browser has no room to draw it.
pub(crate) async fn shot(video: &HtmlVideoElement, size: Size, stamp: &str) -> Result<Vec<u8>, PictureError> {
    let window = web_sys::window().ok_or(PictureError::Encode)?;
    fitted(window.create_image_bitmap_with_html_video_element(video), size, stamp).await
}

async fn fitted(bitmap: Result<Promise, JsValue>, size: Size, stamp: &str) -> Result<Vec<u8>, PictureError> {
    let bitmap = bitmap.map_err(|_| PictureError::Unreadable)?;
    let bitmap: ImageBitmap =
        JsFuture::from(bitmap).await.map_err(|_| PictureError::Unreadable)?.unchecked_into();
    let mut last = Vec::new();
    for (share, quality) in ATTEMPTS {
        let canvas = drawn(&bitmap, size.side_max, share, stamp)?;
        last = encoded(&canvas, "image/jpeg", quality).await?;
        if last.len() <= size.bytes_max {
            break;
        }
    }
    bitmap.close();
    Ok(last)
}

/// What a canvas shows, as PNG.
///
/// # Errors
/// When the browser has no room to encode it.
pub(crate) async fn png(canvas: &HtmlCanvasElement) -> Result<Vec<u8>, PictureError> {
    encoded(canvas, "image/png", 1.0).await
}

/// The drawing context of a canvas.
pub(crate) fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok().flatten()?.dyn_into().ok()
}

fn drawn(
    bitmap: &ImageBitmap,
    side_max: u32,
    share: f64,
    stamp: &str,
) -> Result<HtmlCanvasElement, PictureError> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (f64::from(side_max) / width.max(height)).min(1.0) * share;
    let (width, height) = ((width * scale).max(1.0), (height * scale).max(1.0));
    let document = web_sys::window().and_then(|window| window.document()).ok_or(PictureError::Encode)?;
    let canvas: HtmlCanvasElement =
        document.create_element("canvas").map_err(|_| PictureError::Encode)?.unchecked_into();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and side_max")]
    let (columns, rows) = (width as u32, height as u32);
    canvas.set_width(columns);
    canvas.set_height(rows);
    let context = context(&canvas).ok_or(PictureError::Encode)?;
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
        .map_err(|_| PictureError::Encode)?;
    if !stamp.is_empty() {
        mark(&context, f64::from(columns), f64::from(rows), stamp)?;
    }
    Ok(canvas)
}

/// Writes white words on a half dark band at the bottom. What is wider than the picture is drawn narrower, never cut off.
fn mark(
    context: &CanvasRenderingContext2d,
    width: f64,
    height: f64,
    stamp: &str,
) -> Result<(), PictureError> {
    let em = width / STAMP_EMS;
    let band = em * 1.6;
    context.set_fill_style_str("rgb(0 0 0 / 55%)");
    context.fill_rect(0.0, height - band, width, band);
    context.set_fill_style_str("#fff");
    context.set_font(&format!("{em}px {STAMP_FONT}"));
    context.set_text_baseline("middle");
    context
        .fill_text_with_max_width(stamp, em / 2.0, height - band / 2.0, width - em)
        .map_err(|_| PictureError::Encode)
}

async fn encoded(canvas: &HtmlCanvasElement, mime: &str, quality: f64) -> Result<Vec<u8>, PictureError> {
    let promise = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            // Calling a promise's own resolver cannot fail.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let quality = JsValue::from_f64(quality);
        let began = canvas.to_blob_with_type_and_encoder_options(done.unchecked_ref(), mime, &quality);
        if let Err(error) = began {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    let blob = JsFuture::from(promise).await.map_err(|_| PictureError::Encode)?;
    let blob: Blob = blob.dyn_into().map_err(|_| PictureError::Encode)?;
    blob_bytes(&blob).await.ok_or(PictureError::Encode)
}
