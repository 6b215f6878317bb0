use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};

use super::*;
use crate::photos::{
    encode,
    tests::{picture, png_bomb},
};

const TEXT: &str = "https://huifang.test/visits/019ab9c3-0000-7000-8000-0000000000f1";

/// A sheet of A4 that fills most of a photo of this width, askew by so many degrees: the code at its place and in its size, in poor light and a little blurred.
fn sheet(width: u32, askew: f64) -> DynamicImage {
    const SHEET_MM: (f64, f64) = (210.0, 297.0);
    /// As it is printed, with four white modules around it.
    const CODE_MM: f64 = 40.0;
    const QUIET: f64 = 4.0;
    let code = fast_qr::QRBuilder::new(TEXT).build().unwrap();
    let modules = code.size as f64 + 2.0 * QUIET;
    let height = width * 4 / 3;
    let per_mm = f64::from(width) * 0.9 / SHEET_MM.0;
    let (left, top) = (f64::from(width) * 0.05, (f64::from(height) - SHEET_MM.1 * per_mm) / 2.0);
    let (sin, cos) = askew.to_radians().sin_cos();
    let dark = |x: u32, y: u32| {
        let (x, y) = (f64::from(x) - f64::from(width) / 2.0, f64::from(y) - f64::from(height) / 2.0);
        let (x, y) =
            (x * cos - y * sin + f64::from(width) / 2.0, x * sin + y * cos + f64::from(height) / 2.0);
        let (x, y) = ((x - left) / per_mm, (y - top) / per_mm);
        let place = |mm: f64| (mm / CODE_MM * modules - QUIET).floor();
        let (column, row) = (place(x - (SHEET_MM.0 - 15.0 - CODE_MM)), place(y - 12.0));
        let is_in = |at: f64| at >= 0.0 && (at as usize) < code.size;
        is_in(column) && is_in(row) && code[row as usize][column as usize].value()
    };
    let shade = |x: u32, y: u32| {
        let light = 150 + (x * 60 / width + y * 30 / height) as u8;
        if dark(x, y) { light / 3 } else { light }
    };
    DynamicImage::ImageLuma8(GrayImage::from_fn(width, height, |x, y| Luma([shade(x, y)]))).blur(0.7)
}

fn jpeg(image: &DynamicImage) -> Vec<u8> {
    encode(image, ImageFormat::Jpeg).unwrap()
}

#[test]
fn the_code_of_a_sheet_is_read_whichever_way_it_lies_and_however_large_the_photo_is() {
    let read = |photo: &DynamicImage| assert_eq!(codes(&jpeg(photo)), Ok(vec![TEXT.to_owned()]));
    let photo = sheet(1_500, 3.0);
    for turned in [photo.rotate90(), photo.rotate270(), photo] {
        read(&turned);
    }
    // Seven million pixels, of which the code is looked for on three.
    read(&sheet(2_250, 1.0).rotate180());
}

#[test]
fn of_sheets_as_phones_send_them_nearly_all_are_read() {
    // 1,600 pixels high.
    let askew = [-5.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0];
    let is_read = |askew: &&f64| codes(&jpeg(&sheet(1_131, **askew))).is_ok_and(|found| found == [TEXT]);
    let read = askew.iter().filter(is_read).count();
    assert!(read >= 7, "{read} of {}", askew.len());
}

#[test]
fn a_photo_is_shrunk_to_its_longer_side() {
    let shrunk = |width, height| shrunk(GrayImage::new(width, height)).dimensions();
    assert_eq!(shrunk(2_000, 1_500), (2_000, 1_500));
    assert_eq!(shrunk(2_001, 1_500), (2_000, 1_499));
    assert_eq!(shrunk(3_000, 4_000), (1_500, 2_000));
    assert_eq!(shrunk(8_000, 1), (2_000, 1));
}

#[test]
fn a_photo_without_a_code_has_none() {
    assert_eq!(codes(&picture(ImageFormat::Jpeg)), Ok(Vec::new()));
    assert_eq!(codes(b"no photo"), Err(PhotoError::Format.into()));
}

/// A picture in which every second dot is a coin's throw.
fn noise(side: u32) -> DynamicImage {
    let mut state = 1_u64;
    DynamicImage::ImageRgb8(RgbImage::from_fn(side, side, |_, _| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Rgb([(state >> 56) as u8; 3])
    }))
}

#[test]
fn noise_holds_no_code() {
    assert_eq!(codes(&encode(&noise(2_000), ImageFormat::Png).unwrap()), Ok(Vec::new()));
}

#[test]
fn a_hundred_million_pixels_and_a_photo_that_was_cut_short_are_refused() {
    assert_eq!(codes(&png_bomb(10_000, 10_000, 10_000)), Err(PhotoError::TooLarge.into()));
    assert_eq!(codes(&png_bomb(8_000, 3_126, 3_126)), Err(PhotoError::TooLarge.into()), "a row too many");
    let whole = jpeg(&sheet(1_500, 1.0));
    for length in [3, 20, 300] {
        assert_eq!(codes(&whole[..length]), Err(PhotoError::Decode.into()), "{length} bytes");
    }
}
