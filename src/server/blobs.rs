//! Photos and what else is attached: chunks as they arrive, whole files once verified.

use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as StorePath,
};
use std::{path::Path, sync::Arc};
use sync::{id::BlobHash, limits};

/// A folder, or later a bucket, of files named by hash.
#[derive(Clone)]
pub struct BlobStore {
    store: Arc<dyn ObjectStore>,
}

impl BlobStore {
    /// Opens the folder, making it where needed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: &Path) -> anyhow::Result<BlobStore> {
        std::fs::create_dir_all(folder)?;
        Ok(BlobStore { store: Arc::new(LocalFileSystem::new_with_prefix(folder)?) })
    }

    /// Stores the plain bytes of a chunk that begins at `offset`.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put_chunk(&self, hash: BlobHash, offset: u64, bytes: Vec<u8>) -> object_store::Result<()> {
        self.put(&chunk_path(hash, offset), bytes).await
    }

    /// All chunks of a complete upload, joined.
    ///
    /// # Errors
    /// When one cannot be read.
    pub async fn join_chunks(&self, hash: BlobHash, bytes: u64) -> object_store::Result<Vec<u8>> {
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
    pub async fn put_file(&self, hash: BlobHash, bytes: Vec<u8>) -> object_store::Result<()> {
        self.put(&file_path(hash), bytes).await
    }

    /// The file that is served.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn file(&self, hash: BlobHash) -> object_store::Result<Vec<u8>> {
        self.get(&file_path(hash)).await
    }

    /// The small picture, if it was made before.
    pub async fn thumbnail(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.get(&thumbnail_path(hash)).await.ok()
    }

    /// Keeps a small picture.
    pub async fn keep_thumbnail(&self, hash: BlobHash, bytes: Vec<u8>) {
        let _ = self.put(&thumbnail_path(hash), bytes).await;
    }

    async fn put(&self, path: &StorePath, bytes: Vec<u8>) -> object_store::Result<()> {
        self.store.put(path, PutPayload::from(bytes)).await.map(|_| ())
    }

    async fn get(&self, path: &StorePath) -> object_store::Result<Vec<u8>> {
        Ok(self.store.get(path).await?.bytes().await?.to_vec())
    }
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

/// Where the file that is served lies in the folder.
pub(crate) fn file_place(hash: BlobHash) -> String {
    let name = hash.to_string();
    format!("file/{}/{name}", &name[..2])
}

fn thumbnail_path(hash: BlobHash) -> StorePath {
    let name = hash.to_string();
    StorePath::from(format!("small/{}/{name}", &name[..2]))
}
