use super::*;

fn drawn(width: u32, height: u32) -> DynamicImage {
    let colour = |x: u32, y: u32| image::Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 9]);
    DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, colour))
}

pub(super) fn picture(format: ImageFormat) -> Vec<u8> {
    encode(&drawn(640, 480), format).unwrap()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A part of a PNG with its checksum.
fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), data].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&named);
    [&(data.len() as u32).to_be_bytes()[..], &named, &sum.sum().to_be_bytes()].concat()
}

/// A PNG of one-bit grey, whose pixels are all zero: a hundred times smaller than what it unpacks to.
pub(super) fn png_bomb(width: u32, height: u32, rows: usize) -> Vec<u8> {
    use std::io::Write;
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; rows * (width as usize).div_ceil(8)]).unwrap();
    let parts =
        [png_chunk(b"IHDR", &head), png_chunk(b"IDAT", &packed.finish().unwrap()), png_chunk(b"IEND", &[])];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}

/// A JPEG whose camera says that it was held upright (orientation 6), where it was, and a text.
fn from_a_camera(bytes: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    exif.extend([0, 2]);
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
    exif.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    exif.extend([0, 0, 0, 0]);
    exif.extend([0, 1, 0, 1, 0, 2, 0, 0, 0, 2, b'N', 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 28.97,118.87");
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&bytes[..2], &[0xFF, 0xE1], &length, &exif, &bytes[2..]].concat()
}

#[test]
fn what_follows_or_hides_in_a_picture_is_gone() {
    let script = b"<script>alert(1)</script>";
    let jpeg = [picture(ImageFormat::Jpeg), script.to_vec()].concat();
    let comment = {
        let jpeg = picture(ImageFormat::Jpeg);
        let length = (script.len() as u16 + 2).to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xFE], &length, script, &jpeg[2..]].concat()
    };
    let text = {
        let png = picture(ImageFormat::Png);
        let hidden = png_chunk(b"tEXt", &[b"Comment\0".as_slice(), script].concat());
        [&png[..33], &hidden, &png[33..], b"PK\x03\x04 <script>"].concat()
    };
    for (polyglot, kind) in [(jpeg, "image/jpeg"), (comment, "image/jpeg"), (text, "image/png")] {
        assert!(contains(&polyglot, b"<script"));
        let rewritten = rewrite(&polyglot).unwrap();
        assert!(!contains(&rewritten, b"<script") && !contains(&rewritten, b"PK\x03\x04"));
        assert_eq!(content_type(&rewritten), kind);
    }
}

#[test]
fn a_picture_stands_upright_and_does_not_say_where_it_was_taken() {
    let sideways = from_a_camera(&picture(ImageFormat::Jpeg));
    assert!(contains(&sideways, b"GPS"));
    let rewritten = rewrite(&sideways).unwrap();
    assert!(!contains(&rewritten, b"GPS") && !contains(&rewritten, b"Exif"));
    let upright = image::load_from_memory(&rewritten).unwrap().to_rgb8();
    assert_eq!(upright.dimensions(), (480, 640));
    // What lay at the left edge is at the top now; the top left corner came from below.
    let (top_left, top_right) = (upright.get_pixel(2, 2), upright.get_pixel(477, 2));
    assert!(top_left[0] < 30 && top_left[1] > 220, "{top_left:?}");
    assert!(top_right[0] < 30 && top_right[1] < 30, "{top_right:?}");
}

#[test]
fn other_formats_and_broken_pictures_are_refused() {
    let others: [&[u8]; 6] = [
        b"",
        b"%PDF-1.7 ...",
        b"GIF89a\x01\x00\x01\x00",
        b"hello",
        b"<svg xmlns=",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    ];
    for other in others {
        assert_eq!(rewrite(other), Err(PhotoError::Format), "{other:?}");
    }
    let png = picture(ImageFormat::Png);
    for length in [8, 20, 40, png.len() / 2, png.len() - 20] {
        assert_eq!(rewrite(&png[..length]), Err(PhotoError::Decode), "PNG of {length} bytes");
    }
    let jpeg = picture(ImageFormat::Jpeg);
    for length in [3, 20, 300] {
        assert_eq!(rewrite(&jpeg[..length]), Err(PhotoError::Decode), "JPEG of {length} bytes");
    }
}

#[test]
fn what_unpacks_to_much_more_is_refused_before_it_is_unpacked() {
    let bombs = [
        png_bomb(30_000, 30_000, 1_000),
        png_bomb(u32::MAX >> 1, 8, 0),
        // Within the sides, beyond the pixels.
        png_bomb(7_000, 7_000, 7_000),
    ];
    for bomb in &bombs {
        assert!(bomb.len() < 32 * 1024, "{}", bomb.len());
        assert_eq!(rewrite(bomb), Err(PhotoError::TooLarge));
    }
    let mut jpeg = picture(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|mark| mark == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xFF);
    assert!(matches!(rewrite(&jpeg), Err(PhotoError::TooLarge | PhotoError::Decode)));
}

#[test]
fn a_thumbnail_is_320_wide_and_light() {
    let bytes = thumbnail(&picture(ImageFormat::Jpeg)).unwrap();
    let small = image::load_from_memory(&bytes).unwrap();
    assert_eq!((small.width(), small.height()), (320, 240));
    assert!(bytes.len() < 20_000, "{}", bytes.len());
}
