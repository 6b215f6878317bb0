//! Photos and what else is attached: chunks as they arrive, whole files once verified.

use anyhow::{Context, bail};
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as StorePath,
};
use std::{error::Error, fs, io, sync::Arc};
use sync::{id::BlobHash, limits};

use crate::config::Config;

/// A folder, or a bucket, of files named by hash.
#[derive(Clone)]
pub struct BlobStore {
    store: Arc<dyn ObjectStore>,
    /// Whether it is a bucket, which may be away.
    is_bucket: bool,
}

/// Why a file was not stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("there is no such file: {0}")]
    Absent(object_store::Error),
    #[error("the disk is full: {0}")]
    Full(object_store::Error),
    /// Another try may go through: the bucket's server does not answer, or refuses.
    #[error("the bucket of the photos does not take part: {0}")]
    Away(object_store::Error),
    #[error("the folder of photos fails: {0}")]
    Broken(object_store::Error),
}

/// Why the bucket cannot be used, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum BucketTrouble {
    #[error("there is no bucket {name} at {endpoint}: make it, or correct --photos")]
    Missing { name: String, endpoint: String },
    #[error(
        "{endpoint} refuses the key for the bucket {name}: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, and that the key may list, read and write there ({cause})"
    )]
    Refused { name: String, endpoint: String, cause: String },
    #[error("{endpoint} does not answer: photos wait on the phones until it does; text goes on ({cause})")]
    Silent { endpoint: String, cause: String },
}

impl BlobStore {
    /// Opens the folder, making it where needed, or the bucket. Of a bucket nothing is asked yet.
    ///
    /// # Errors
    /// When the folder cannot be made, or the photos are elsewhere.
    pub fn open(config: &Config) -> anyhow::Result<BlobStore> {
        check_place(config)?;
        if let Some(bucket) = &config.bucket {
            return Ok(BlobStore { store: bucket.open()?, is_bucket: true });
        }
        let folder = config.blob_dir();
        fs::create_dir_all(&folder)?;
        Ok(BlobStore { store: Arc::new(LocalFileSystem::new_with_prefix(folder)?), is_bucket: false })
    }

    /// Looks into the bucket, writes a file and reads it, so that what is wrong is said at the start.
    ///
    /// # Errors
    /// When the bucket cannot be used now.
    pub async fn check(&self, config: &Config) -> Result<(), BucketTrouble> {
        let Some(bucket) = &config.bucket else { return Ok(()) };
        let path = StorePath::from("check");
        let tried = async {
            self.store.list_with_delimiter(None).await?;
            self.store.put(&path, PutPayload::from_static(b"huifang")).await?;
            self.store.get(&path).await?.bytes().await
        };
        let (name, endpoint) = (bucket.name().to_owned(), bucket.endpoint().to_owned());
        match tried.await {
            Ok(_) => Ok(()),
            Err(error) => {
                let cause = causes(&error);
                Err(match &error {
                    object_store::Error::NotFound { .. } => BucketTrouble::Missing { name, endpoint },
                    _ if cause.contains(NO_BUCKET) => BucketTrouble::Missing { name, endpoint },
                    _ if is_refusal(&error, &cause) => BucketTrouble::Refused { name, endpoint, cause },
                    _ => BucketTrouble::Silent { endpoint, cause },
                })
            }
        }
    }

    /// Stores the plain bytes of a chunk that begins at `offset`.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put_chunk(&self, hash: BlobHash, offset: u64, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.put(&chunk_path(hash, offset), bytes).await
    }

    /// All chunks of a complete upload, joined.
    ///
    /// # Errors
    /// When one cannot be read.
    pub async fn join_chunks(&self, hash: BlobHash, bytes: u64) -> Result<Vec<u8>, BlobError> {
        let mut joined = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0));
        for offset in chunk_offsets(bytes) {
            joined.extend_from_slice(&self.get(&chunk_path(hash, offset)).await?);
        }
        Ok(joined)
    }

    /// Removes the chunks of an upload; what is missing already does not matter.
    pub async fn forget_chunks(&self, hash: BlobHash, bytes: u64) {
        for offset in chunk_offsets(bytes) {
            let _ = self.store.delete(&chunk_path(hash, offset)).await;
        }
    }

    /// Stores the file that is served, under a name of its own.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put_file(&self, hash: BlobHash, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.put(&file_path(hash), bytes).await
    }

    /// The file that is served.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn file(&self, hash: BlobHash) -> Result<Vec<u8>, BlobError> {
        self.get(&file_path(hash)).await
    }

    /// Whether there is a file to serve.
    ///
    /// # Errors
    /// When it cannot be told.
    pub(crate) async fn has_file(&self, hash: BlobHash) -> Result<bool, BlobError> {
        match self.store.head(&file_path(hash)).await.map_err(|error| self.sorted(error, false)) {
            Ok(_) => Ok(true),
            Err(BlobError::Absent(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The file that is served, if there is one.
    ///
    /// # Errors
    /// When it cannot be told or read.
    pub(crate) async fn file_if_there(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, BlobError> {
        match self.file(hash).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(BlobError::Absent(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The small picture, if it was made before.
    pub async fn thumbnail(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.get(&thumbnail_path(hash)).await.ok()
    }

    /// Keeps a small picture.
    pub async fn keep_thumbnail(&self, hash: BlobHash, bytes: Vec<u8>) {
        let _ = self.put(&thumbnail_path(hash), bytes).await;
    }

    /// Removes a photo with its small picture and what may be left of its upload; what is missing already does not matter.
    ///
    /// # Errors
    /// When the store does not take part.
    pub(crate) async fn forget(&self, hash: BlobHash, bytes: u64) -> Result<(), BlobError> {
        self.forget_chunks(hash, bytes).await;
        for path in [thumbnail_path(hash), file_path(hash)] {
            match self.store.delete(&path).await.map_err(|error| self.sorted(error, false)) {
                Ok(()) | Err(BlobError::Absent(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn put(&self, path: &StorePath, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.store
            .put(path, PutPayload::from(bytes))
            .await
            .map(|_| ())
            .map_err(|error| self.sorted(error, true))
    }

    async fn get(&self, path: &StorePath) -> Result<Vec<u8>, BlobError> {
        let read = async { self.store.get(path).await?.bytes().await };
        read.await.map(|bytes| bytes.to_vec()).map_err(|error| self.sorted(error, false))
    }

    /// What a failure means for whoever asked. A write into a bucket that is gone is "not found" too.
    fn sorted(&self, error: object_store::Error, is_write: bool) -> BlobError {
        match &error {
            object_store::Error::NotFound { .. } if !is_write && !causes(&error).contains(NO_BUCKET) => {
                BlobError::Absent(error)
            }
            _ if self.is_bucket => BlobError::Away(error),
            _ if is_full(&error) => BlobError::Full(error),
            _ => BlobError::Broken(error),
        }
    }
}

/// Photos are looked for where they are, whoever forgot to name the bucket or names another.
fn check_place(config: &Config) -> anyhow::Result<()> {
    let (mark, folder) = (config.bucket_mark(), config.data_dir.display());
    let marked = fs::read_to_string(&mark).unwrap_or_default();
    match &config.bucket {
        None if !marked.is_empty() => bail!("the photos of {folder} are in {marked}: give --photos {marked}"),
        Some(bucket) if !marked.is_empty() && marked != bucket.to_string() => {
            bail!(
                "the photos of {folder} are in {marked}, not in {bucket}: copy them, then remove {}",
                mark.display()
            )
        }
        Some(bucket) if config.blob_dir().join("file").exists() => bail!(
            "there are photos in {}: copy the folder to {bucket}, then rename it (docs/postgresql.md)",
            config.blob_dir().display()
        ),
        Some(bucket) if marked.is_empty() => {
            fs::write(&mark, bucket.to_string()).with_context(|| format!("cannot write {}", mark.display()))
        }
        _ => Ok(()),
    }
}

/// What an S3 server calls a bucket that is not there.
const NO_BUCKET: &str = "NoSuchBucket";

/// A list that is refused comes without a kind of its own.
fn is_refusal(error: &object_store::Error, cause: &str) -> bool {
    use object_store::Error::{PermissionDenied, Unauthenticated};
    matches!(error, PermissionDenied { .. } | Unauthenticated { .. })
        || ["403 Forbidden", "401 Unauthorized"].iter().any(|status| cause.contains(status))
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| (*error).source())
}

fn is_full(error: &object_store::Error) -> bool {
    let is_full =
        |error: &io::Error| matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    chain(error).any(|error| error.downcast_ref::<io::Error>().is_some_and(is_full))
}

/// The last cause, which says most; the ones above it repeat it.
fn causes(error: &object_store::Error) -> String {
    let texts: Vec<String> = chain(error).map(ToString::to_string).collect();
    texts.iter().find(|text| text.contains(NO_BUCKET)).or(texts.last()).cloned().unwrap_or_default()
}

fn chunk_offsets(bytes: u64) -> impl Iterator<Item = u64> {
    (0..bytes).step_by(limits::BLOB_CHUNK_BYTES)
}

fn chunk_path(hash: BlobHash, offset: u64) -> StorePath {
    StorePath::from(format!("part/{hash}/{offset}"))
}

fn file_path(hash: BlobHash) -> StorePath {
    StorePath::from(file_place(hash))
}

/// Where the file that is served lies in the folder or bucket.
pub(crate) fn file_place(hash: BlobHash) -> String {
    let name = hash.to_string();
    format!("file/{}/{name}", &name[..2])
}

fn thumbnail_path(hash: BlobHash) -> StorePath {
    let name = hash.to_string();
    StorePath::from(format!("small/{}/{name}", &name[..2]))
}
