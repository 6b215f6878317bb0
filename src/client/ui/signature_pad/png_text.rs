//! A text inside a PNG, so that a picture and what is known about it are one file with one hash.

/// The last chunk of every PNG: no length, its name, its checksum.
const END: [u8; 12] = [0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82];

/// The PNG with a text chunk before its end. What is no PNG stays as it is.
pub(super) fn with_text(mut png: Vec<u8>, name: &str, text: &[u8]) -> Vec<u8> {
    if !png.ends_with(&END) {
        return png;
    }
    let mut chunk = b"tEXt".to_vec();
    chunk.extend(name.as_bytes());
    chunk.push(0);
    chunk.extend(text);
    let length = u32::try_from(chunk.len() - 4).unwrap_or(u32::MAX);
    let checksum = crc(&chunk);
    png.truncate(png.len() - END.len());
    png.extend(length.to_be_bytes());
    png.extend(chunk);
    png.extend(checksum.to_be_bytes());
    png.extend(END);
    png
}

/// The checksum of PNG chunks (CRC-32 of ISO 3309). Bit by bit: it runs once a signature.
fn crc(bytes: &[u8]) -> u32 {
    let step = |rest: u32| if rest & 1 == 1 { 0xEDB8_8320 ^ (rest >> 1) } else { rest >> 1 };
    let all =
        bytes.iter().fold(u32::MAX, |rest, byte| (0..8).fold(rest ^ u32::from(*byte), |rest, _| step(rest)));
    !all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc(b"IEND").to_be_bytes(), END[8..]);
    }

    #[test]
    fn the_text_stands_before_the_end_and_what_is_no_png_is_left_alone() {
        let mut png = b"\x89PNG".to_vec();
        png.extend(END);
        let with = with_text(png, "strokes", b"[[1,2]]");
        assert!(with.ends_with(&END));
        assert_eq!(&with[4..8], 15_u32.to_be_bytes());
        assert_eq!(&with[8..27], b"tEXtstrokes\0[[1,2]]");
        assert_eq!(with_text(b"GIF".to_vec(), "a", b"b"), b"GIF");
    }
}
