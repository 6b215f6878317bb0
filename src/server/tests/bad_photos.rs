//! Pictures that were made to keep whoever reads them busy: the process that does is ended, in time and in memory, and says what to do.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use server::photos::{PhotoError, THUMBNAIL_WIDTH, codes::CodesError};
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

/// A part of a PNG with its checksum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), data].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&named);
    [&(data.len() as u32).to_be_bytes()[..], &named, &sum.sum().to_be_bytes()].concat()
}

/// A PNG of one-bit grey that says it has this many dots; so many bytes of it are packed into a thousandth.
fn bomb(width: u32, height: u32, bytes: usize) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; bytes]).unwrap();
    let parts = [chunk(b"IHDR", &head), chunk(b"IDAT", &packed.finish().unwrap()), chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

#[tokio::test]
async fn pictures_are_written_anew_in_a_process_of_their_own_and_bombs_are_refused_there() {
    let workers = workers();
    let place = workers.picture().await.unwrap();
    let drawn = GrayImage::from_fn(640, 480, |x, y| Luma([(x ^ y) as u8]));
    let written = place.rewrite(png(drawn)).await.unwrap();
    assert_eq!(image::load_from_memory(&written).unwrap().width(), 640);
    let small = place.small(written).await.unwrap();
    assert_eq!(image::load_from_memory(&small).unwrap().width(), THUMBNAIL_WIDTH);
    for (bomb, error) in [
        (bomb(60_000, 60_000, 1 << 20), PhotoError::TooLarge),
        (bomb(8_000, 8_000, 8_000_000), PhotoError::TooLarge),
        // Few dots are said, and a gigabyte follows.
        (bomb(100, 100, 1 << 30), PhotoError::Decode),
        (b"\xff\xd8\xff\xe0 and no more".to_vec(), PhotoError::Decode),
        (b"GIF89a".to_vec(), PhotoError::Format),
    ] {
        assert!(bomb.len() < 2 << 20, "{}", bomb.len());
        let begun = Instant::now();
        let refused = place.rewrite(bomb).await;
        // What follows the last dot may also be passed over: then a hundred dots came out, and nothing of it.
        assert!(
            refused == Err(error.into())
                || error == PhotoError::Decode && refused.is_ok_and(|out| out.len() < 10_000),
            "{error}"
        );
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    }
    let mut largest = Cursor::new(Vec::new());
    let white = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(6_250, 4_000, image::Rgb([240; 3])));
    white.write_to(&mut largest, ImageFormat::Jpeg).unwrap();
    let begun = Instant::now();
    place.rewrite(largest.into_inner()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(120), "{:?}", begun.elapsed());
}
