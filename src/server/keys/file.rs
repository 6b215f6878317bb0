//! The file that the server's keys are kept in.

use anyhow::{Context, Result, bail};
use crypto::{Key, SUITE, b64, hpke::ServerKeyPair};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::tokens;

/// A file with one key, as every version writes and reads it.
const FORM: &str = "server-key-1";
/// A file that keeps keys of before beside the present one; what knows the first form alone must not serve from it.
const FORM_WITH_EARLIER: &str = "server-key-2";

/// A pair to which is sealed, and the key of the index made with it.
pub(super) struct Pair {
    pub(super) kid: String,
    pub(super) hpke: ServerKeyPair,
    pub(super) index: Key,
}

/// The key file as it is written.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    huifang: String,
    #[serde(flatten)]
    present: Written,
    /// Those that it took the place of, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<Written>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    alg: String,
    secret: String,
    index: String,
}

impl Pair {
    pub(super) fn new() -> Pair {
        Pair::of(ServerKeyPair::from_seed(tokens::random()), Key::from_bytes(tokens::random()))
    }

    fn of(hpke: ServerKeyPair, index: Key) -> Pair {
        let kid = tokens::hex(&Sha256::digest(hpke.public().to_bytes())[..4]);
        Pair { kid, hpke, index }
    }

    fn read(written: &Written) -> Result<Pair> {
        if written.alg != SUITE {
            bail!(unknown("algorithm", &written.alg));
        }
        let key = |text: &str| Key::from_slice(&b64::decode(text)?).context("a key is 32 bytes long");
        Ok(Pair::of(ServerKeyPair::from_secret(&key(&written.secret)?), key(&written.index)?))
    }

    fn written(&self) -> Written {
        Written {
            alg: SUITE.to_owned(),
            secret: b64::encode(self.hpke.secret().expose()),
            index: b64::encode(self.index.expose()),
        }
    }
}

/// The pairs of a key file, the present one first.
pub(super) fn parse(text: &str) -> Result<Vec<Pair>> {
    let file: KeyFile = serde_json::from_str(text)?;
    if ![FORM, FORM_WITH_EARLIER].contains(&file.huifang.as_str()) {
        bail!(unknown("form", &file.huifang));
    }
    std::iter::once(&file.present).chain(&file.earlier).map(Pair::read).collect()
}

fn unknown(what: &str, word: &str) -> String {
    format!(
        "it is of {what} {word}, which this version does not know: a newer huifang made it; start that one"
    )
}

fn text(pairs: &[Pair]) -> Result<String> {
    let (present, earlier) = pairs.split_first().context("a key file holds a key")?;
    let form = if earlier.is_empty() { FORM } else { FORM_WITH_EARLIER };
    let earlier = earlier.iter().map(Pair::written).collect();
    let file = KeyFile { huifang: form.to_owned(), present: present.written(), earlier };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// Writes a file that is not there yet.
pub(super) fn write_new(path: &Path, pair: &Pair) -> Result<()> {
    let done = || -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text(std::slice::from_ref(pair))?.as_bytes())?;
        Ok(file.sync_all()?)
    };
    done().with_context(|| format!("cannot write the key file {}", path.display()))
}

/// Puts these in the place of what the file holds: whoever reads it finds the one or the other, whenever the power fails.
pub(super) fn replace(path: &Path, pairs: &[Pair]) -> Result<()> {
    let done = || -> Result<()> {
        let beside = beside(path);
        // What a try that broke off left there may be anybody's to read.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(text(pairs)?.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Ok(File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?)
    };
    done().with_context(|| format!("cannot write the key file {} anew; it is as it was", path.display()))
}

/// Where it is written before it takes the old one's place.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.file_name().unwrap_or_default());
    name.push(".new");
    path.with_file_name(name)
}
