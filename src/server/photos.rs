//! Pictures from outside: decoded within limits and written anew, so that nothing but the picture is left of them.

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use std::io::Cursor;

const SIDE_MAX: u32 = 8_000;
const PIXELS_MAX: u64 = 25_000_000;
const DECODER_BYTES_MAX: u64 = 64 * 1024 * 1024 + PIXELS_MAX * 3;
const JPEG_QUALITY: u8 = 85;
/// Width of the small picture.
pub const THUMBNAIL_WIDTH: u32 = 320;

/// The bytes are no picture that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    #[error("neither JPEG, PNG nor WebP")]
    Format,
    #[error("does not decode within the limits")]
    Decode,
    #[error("has too many pixels")]
    TooLarge,
}

impl PhotoError {
    /// The reason as a phone is told it.
    pub fn word(self) -> &'static str {
        match self {
            PhotoError::Format => "format",
            PhotoError::Decode => "decode",
            PhotoError::TooLarge => "too_large",
        }
    }
}

/// Decodes and writes anew: PNG stays PNG (signatures have a clear ground), all else becomes JPEG.
///
/// # Errors
/// When the format is another, the picture too large, or the decoder refuses.
pub fn rewrite(bytes: &[u8]) -> Result<Vec<u8>, PhotoError> {
    let (image, format) = decode(bytes)?;
    let out = if format == ImageFormat::Png { ImageFormat::Png } else { ImageFormat::Jpeg };
    encode(&image, out)
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
    encode(&on_white(&small), ImageFormat::Jpeg)
}

/// The content type of what [`rewrite`] wrote.
pub fn content_type(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => "image/png",
        Ok(ImageFormat::Jpeg) => "image/jpeg",
        _ => "application/octet-stream",
    }
}

fn decode(bytes: &[u8]) -> Result<(DynamicImage, ImageFormat), PhotoError> {
    let format = image::guess_format(bytes).map_err(|_| PhotoError::Format)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PhotoError::Format);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| PhotoError::Decode)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PhotoError::TooLarge);
    }
    let orientation = decoder.orientation().map_err(|_| PhotoError::Decode)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| PhotoError::Decode)?;
    image.apply_orientation(orientation);
    Ok((image, format))
}

fn on_white(image: &DynamicImage) -> DynamicImage {
    let mut ground = image::RgbaImage::from_pixel(image.width(), image.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut ground, &image.to_rgba8(), 0, 0);
    DynamicImage::ImageRgba8(ground)
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Cursor::new(Vec::new());
    match format {
        ImageFormat::Png => image.write_to(&mut bytes, ImageFormat::Png),
        _ => image.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)),
    }
    .map_err(|_| PhotoError::Decode)?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(format: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::ImageRgb8(image::RgbImage::from_fn(640, 480, |x, y| {
            image::Rgb([x as u8, y as u8, 9])
        }));
        encode(&image, format).unwrap()
    }

    #[test]
    fn what_follows_or_hides_in_a_picture_is_gone() {
        let mut jpeg = picture(ImageFormat::Jpeg);
        jpeg.extend_from_slice(b"<script>alert(1)</script>");
        let rewritten = rewrite(&jpeg).unwrap();
        assert!(!rewritten.windows(7).any(|part| part == b"<script"));
        assert_eq!(content_type(&rewritten), "image/jpeg");
        assert_eq!(content_type(&rewrite(&picture(ImageFormat::Png)).unwrap()), "image/png");
    }

    #[test]
    fn other_formats_and_broken_pictures_are_refused() {
        assert_eq!(rewrite(b"%PDF-1.7 ..."), Err(PhotoError::Format));
        assert_eq!(rewrite(b"GIF89a\x01\x00\x01\x00"), Err(PhotoError::Format));
        let half = picture(ImageFormat::Png);
        assert_eq!(rewrite(&half[..half.len() / 2]), Err(PhotoError::Decode));
    }

    #[test]
    fn a_thumbnail_is_320_wide() {
        let small = image::load_from_memory(&thumbnail(&picture(ImageFormat::Jpeg)).unwrap()).unwrap();
        assert_eq!((small.width(), small.height()), (320, 240));
    }
}
