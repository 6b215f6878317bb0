//! Passwords that were found in breaches, where the office has a list of them. It is looked up here: no password, and no part of one, is asked of anybody
//! outside.

use anyhow::{Context, Result, ensure};
use sha1::{Digest, Sha1};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    path::Path,
};

use crate::tokens;

/// Digits of a hash.
const DIGITS: usize = 40;
/// A line is read at a time.
const LINE_BYTES: usize = 128;

/// Refuses a file that is no such list, by its first line.
///
/// # Errors
/// When it cannot be read, or begins otherwise; says what a line looks like.
pub fn check(path: &Path) -> Result<()> {
    let mut first = String::new();
    let file =
        File::open(path).with_context(|| format!("the list of breached passwords {}", path.display()))?;
    BufReader::new(file).read_line(&mut first).unwrap_or_default();
    ensure!(
        hash_of(first.as_bytes()).is_some(),
        "{} is no list of breached passwords: each line is the SHA-1 of one in 40 digits, in their order, such as 000000005AD76BD555C1D6D771DE417A4B87E4B4:10",
        path.display()
    );
    Ok(())
}

/// Whether the list has this password. The list is not read whole: some forty lines are, however long it is.
///
/// # Errors
/// When it cannot be read, or a line of it is none.
pub fn holds(path: &Path, password: &str) -> io::Result<bool> {
    let wanted = tokens::hex(&Sha1::digest(password)).to_ascii_uppercase();
    let mut file = BufReader::with_capacity(LINE_BYTES, File::open(path)?);
    // The line begins at or after the first and before the second.
    let (mut low, mut high) = (0, file.seek(SeekFrom::End(0))?);
    while low < high {
        let middle = low + (high - low) / 2;
        let (begin, line) = line_from(&mut file, middle)?;
        if begin >= high {
            high = middle;
            continue;
        }
        let hash = hash_of(&line).ok_or(io::ErrorKind::InvalidData)?;
        match hash.as_str().cmp(&wanted) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = begin + line.len() as u64,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

/// The first line that begins at `at` or after it, and where.
fn line_from(file: &mut BufReader<File>, at: u64) -> io::Result<(u64, Vec<u8>)> {
    let (mut begin, mut line) = (at, Vec::new());
    match at.checked_sub(1) {
        Some(before) => {
            file.seek(SeekFrom::Start(before))?;
            begin = before + file.read_until(b'\n', &mut line)? as u64;
            line.clear();
        }
        None => {
            file.seek(SeekFrom::Start(0))?;
        }
    }
    file.read_until(b'\n', &mut line)?;
    Ok((begin, line))
}

fn hash_of(line: &[u8]) -> Option<String> {
    let digits = line.get(..DIGITS).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    let ends = line.get(DIGITS).is_none_or(|next| matches!(next, b':' | b'\r' | b'\n'));
    ends.then(|| String::from_utf8_lossy(digits).to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    fn line(password: &str) -> String {
        format!("{}:7", tokens::hex(&Sha1::digest(password)).to_ascii_uppercase())
    }

    #[test]
    fn each_of_a_list_is_found_and_nothing_else() {
        let folder = Folder::new();
        let path = folder.path().join("breached.txt");
        for count in [1_usize, 2, 3, 10, 257] {
            let passwords: Vec<String> = (0..count).map(|n| format!("breached {n}")).collect();
            for end in ["\n", "\r\n"] {
                let mut lines: Vec<String> = passwords.iter().map(|password| line(password)).collect();
                lines.sort();
                for closed in [end, ""] {
                    std::fs::write(&path, lines.join(end) + closed).unwrap();
                    check(&path).unwrap();
                    for password in &passwords {
                        assert!(holds(&path, password).unwrap(), "{password} of {count}");
                    }
                    for n in 0..200 {
                        assert!(!holds(&path, &format!("good {n}")).unwrap(), "{n} of {count}");
                    }
                }
            }
        }
    }

    #[test]
    fn another_file_is_named_at_the_start() {
        let folder = Folder::new();
        let path = folder.path().join("list.txt");
        let said = |text: &str| {
            std::fs::write(&path, text).unwrap();
            format!("{:#}", check(&path).unwrap_err())
        };
        for text in ["", "password\n", &"F".repeat(41), &"G".repeat(40)] {
            assert!(said(text).contains("each line is the SHA-1"), "{text}");
        }
        assert!(format!("{:#}", check(&folder.path().join("none")).unwrap_err()).contains("none"));
    }
}
