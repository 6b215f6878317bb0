//! Pictures that were made to keep the reader of codes busy: the process that reads them is ended, in time and in memory, and says what to do.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

use std::io::Cursor;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use server::photos::{PhotoError, codes::CodesError};
use server::worker::Workers;

/// Workers of the program that is shipped.
fn workers() -> Workers {
    Workers::of(PathBuf::from(env!("CARGO_BIN_EXE_huifang")))
}

fn png(image: GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(image).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A ground full of the squares by which the corner of a code is known: each pair of them may belong to a code, and the reader tries them all.
fn corners(side: u32, module: u32) -> Vec<u8> {
    let dark = |x: u32, y: u32| {
        let (x, y) = (x / module % 8, y / module % 8);
        let within = |from: u32, to: u32| (from..=to).contains(&x) && (from..=to).contains(&y);
        within(0, 6) && (!within(1, 5) || within(2, 4))
    };
    png(GrayImage::from_fn(side, side, |x, y| Luma([if dark(x, y) { 20 } else { 230 }])))
}

#[tokio::test]
async fn a_field_of_corners_is_given_up_and_the_next_photo_is_read() {
    let workers = workers();
    let begun = Instant::now();
    let field = corners(2_000, 5);
    assert!(field.len() < 1 << 20, "it fits into what a phone may send: {}", field.len());
    let given_up = workers.read_codes(field).await.unwrap_err();
    assert_eq!(given_up, CodesError::TooLong);
    assert!(given_up.to_string().contains("take the photo again"), "{given_up}");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    let blank = png(GrayImage::from_pixel(800, 600, Luma([230])));
    assert_eq!(workers.read_codes(blank).await, Ok(Vec::new()));
}

#[tokio::test]
async fn the_largest_photo_is_read_within_the_memory_and_what_is_no_photo_is_refused() {
    let workers = workers();
    let mut largest = Cursor::new(Vec::new());
    let white = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(6_250, 4_000, image::Rgb([240; 3])));
    white.write_to(&mut largest, ImageFormat::Jpeg).unwrap();
    let largest = largest.into_inner();
    assert_eq!(workers.read_codes(largest.clone()).await, Ok(Vec::new()), "25 million pixels");
    assert_eq!(workers.read_codes(largest[..300].to_vec()).await, Err(PhotoError::Decode.into()));
    assert_eq!(workers.read_codes(b"no photo".to_vec()).await, Err(PhotoError::Format.into()));
}
