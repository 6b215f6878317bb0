//! Photos in a bucket, on a real S3 server of this process.

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{fs, path::PathBuf, sync::Arc};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use super::{
    blobs::{CHUNK, announce, photo, send_chunk, upload},
    client::{Browser, Office, VILLAGE, id},
};
use crate::{
    backup::dump,
    blobs::{BlobStore, BucketTrouble},
    bucket::Bucket,
    clock::Clock,
    commands::Command,
    config::{Config, PostgresUrl},
    folder,
    testing::{Folder, postgres::Cluster},
    tokens::hex,
};

const KEY: &str = "huifang";
const SECRET: &str = "a secret of the bucket";

/// An S3 server with one bucket, `county`.
struct S3 {
    folder: Arc<Folder>,
    address: String,
    serving: JoinHandle<()>,
}

impl S3 {
    async fn start(folder: Arc<Folder>, address: &str) -> S3 {
        fs::create_dir_all(folder.path().join("s3/county")).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path().join("s3")).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = service.build();
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(async move {
            let mut lines = JoinSet::new();
            loop {
                let (line, _) = listener.accept().await.unwrap();
                let service = service.clone();
                lines.spawn(async move {
                    let _ = Builder::new(TokioExecutor::new())
                        .serve_connection(TokioIo::new(line), service)
                        .await;
                });
            }
        });
        S3 { folder, address, serving }
    }

    fn bucket(&self, name: &str, secret: &str) -> Bucket {
        let endpoint = format!("http://{}", self.address);
        let said = |variable: &str| match variable {
            "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
            "AWS_ACCESS_KEY_ID" => Some(KEY.to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some(secret.to_owned()),
            _ => None,
        };
        Bucket::new(&format!("s3://{name}/huifang"), said).unwrap()
    }

    fn file(&self, hash: &str) -> PathBuf {
        self.folder.path().join("s3/county/huifang/file").join(&hash[..2]).join(hash)
    }

    /// No longer listens; lines that are open go too.
    async fn stop(self) -> (Arc<Folder>, String) {
        self.serving.abort();
        let _ = self.serving.await;
        (self.folder, self.address)
    }
}

/// Pushes a visit with a photo, whose chunks are sent too; its hash.
async fn send(office: &Office, phone: &Browser, seq: u64, bytes: &[u8]) -> String {
    let village = office.area(VILLAGE).await;
    let hash = hex(&Sha256::digest(bytes));
    let (family, e) = (id(), id());
    let ops = json!([
        {"op": "create", "e": family, "type": "recipient", "area": village, "f": {"name": "李伟"}},
        {"op": "create", "e": e, "type": "visit", "area": village, "parent": family, "f": {"kind": "FollowUp"}},
        {"op": "attach", "e": e, "blob": hash, "kind": "photo", "bytes": bytes.len()},
    ]);
    phone.push(seq, json!([phone.changeset(ops)])).await;
    announce(phone, &hash, json!({"bytes": bytes.len(), "kind": "photo", "e": e})).await.ok();
    upload(phone, &hash, bytes).await;
    hash
}

#[tokio::test]
async fn photos_lie_in_the_bucket_and_are_backed_up_and_restored_with_it() {
    let s3 = S3::start(Arc::new(Folder::new()), "127.0.0.1:0").await;
    let office = Office::with_photos_in(s3.bucket("county", SECRET)).await;
    office.app.blobs.check(&office.app.config).await.unwrap();
    let phone = office.phone("worker").await;
    let hash = send(&office, &phone, 1, &photo()).await;
    assert!(s3.file(&hash).exists() && !office.app.config.blob_dir().exists());
    assert_eq!(phone.get(&format!("blobs/{hash}")).await.status, 200);
    assert_eq!(phone.get(&format!("blobs/{hash}?w=320")).await.status, 200);

    let folder = Folder::new();
    let dir = folder.path().join("backups");
    let made = office.command(Command::Backup { dir: dir.clone(), keep: None, to: None }).await;
    assert_eq!((&made["manifest"]["photos"], &made["new_photos"]), (&json!(1), &json!(1)));
    office.command(Command::VerifyBackup { dir: dir.clone() }).await;
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["durable"], true);

    fs::remove_dir_all(s3.folder.path().join("s3/county/huifang")).unwrap();
    let restored = office.restored(&dir).await;
    assert!(s3.file(&hash).exists(), "the bucket is filled from the backup");
    assert_eq!(phone.at(&restored).get(&format!("blobs/{hash}")).await.status, 200);
}

/// The operator copies the bucket with its own tools, as the database.
#[tokio::test]
async fn on_postgresql_a_dump_counts_with_the_copy_of_its_bucket() {
    let s3 = S3::start(Arc::new(Folder::new()), "127.0.0.1:0").await;
    let office = Office::with_photos_in(s3.bucket("county", SECRET)).await;
    let Some(own) = office.app.config.postgres.clone() else { return };
    let phone = office.phone("worker").await;
    let hash = send(&office, &phone, 1, &photo()).await;
    let cluster = Cluster::start().unwrap();
    let restored = PostgresUrl::new(cluster.restored(own.expose()).into()).unwrap();
    let copy = Folder::new();
    let file = copy.path().join("file").join(&hash[..2]).join(&hash);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let refused = async |why: &str| {
        let said = dump::verify(&office.app, &own, &restored, copy.path()).await.unwrap_err().to_string();
        assert!(said.contains(why) && said.contains(&hash), "{said}");
        assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["durable"], serde_json::Value::Null);
    };
    refused("is missing").await;
    fs::write(&file, b"another picture").unwrap();
    refused("is not the one in").await;
    fs::copy(s3.file(&hash), &file).unwrap();
    let judged = dump::verify(&office.app, &own, &restored, copy.path()).await.unwrap();
    assert_eq!((judged.photos.whole, judged.photos.missing), (1, 0));
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["durable"], true);
}

#[tokio::test]
async fn while_the_bucket_is_away_photos_wait_and_text_does_not() {
    let s3 = S3::start(Arc::new(Folder::new()), "127.0.0.1:0").await;
    let office = Office::with_photos_in(s3.bucket("county", SECRET)).await;
    let phone = office.phone("worker").await;
    let first = send(&office, &phone, 1, &photo()).await;
    let bytes = [photo(), vec![0]].concat();
    let hash = hex(&Sha256::digest(&bytes));
    let said = json!({"bytes": bytes.len(), "kind": "photo", "e": id()});
    let (folder, address) = s3.stop().await;

    announce(&phone, &hash, said.clone()).await.ok();
    let chunk = &bytes[..CHUNK];
    let refused = send_chunk(&phone, &hash, 0, chunk, &hex(&Sha256::digest(chunk))).await;
    assert!(refused.is_refused(503, "busy")["wait_ms"].as_i64().unwrap() >= 1_000);
    phone.get(&format!("blobs/{first}")).await.is_refused(503, "busy");
    let village = office.area(VILLAGE).await;
    let ops =
        json!([{"op": "create", "e": id(), "type": "recipient", "area": village, "f": {"name": "王芳"}}]);
    assert_eq!(phone.push(2, json!([phone.changeset(ops)])).await["results"][0]["st"], "applied");
    let trouble = office.app.blobs.check(&office.app.config).await.unwrap_err();
    assert!(
        matches!(trouble, BucketTrouble::Silent { .. }) && trouble.to_string().contains(&address),
        "{trouble}"
    );

    let _back = S3::start(folder, &address).await;
    assert_eq!(announce(&phone, &hash, said).await.ok()["offset"], 0);
    upload(&phone, &hash, &bytes).await;
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["state"], "verified");
}

#[tokio::test]
async fn a_bucket_that_cannot_be_used_is_named_at_the_start() {
    let s3 = S3::start(Arc::new(Folder::new()), "127.0.0.1:0").await;
    let said = async |name: &str, secret: &str| {
        let place = Folder::new();
        let config =
            Config::new(place.path().to_owned(), None, false).with_photos_in(Some(s3.bucket(name, secret)));
        BlobStore::open(&config).unwrap().check(&config).await.unwrap_err()
    };
    let missing = said("other", SECRET).await;
    assert!(matches!(missing, BucketTrouble::Missing { .. }), "{missing}");
    let refused = said("county", "wrong").await;
    assert!(matches!(refused, BucketTrouble::Refused { .. }), "{refused}");
    assert!(!refused.to_string().contains("wrong"), "{refused}");
}

#[tokio::test]
async fn a_folder_remembers_where_its_photos_are() {
    let s3 = S3::start(Arc::new(Folder::new()), "127.0.0.1:0").await;
    let place = Folder::new();
    let config = Config::new(place.path().join("data"), None, false);
    let open = async |bucket: Option<&str>| {
        let config = config.clone().with_photos_in(bucket.map(|name| s3.bucket(name, SECRET)));
        let _lock = folder::lock(&config).unwrap();
        folder::open(config, Clock::default()).await.err().map(|error| format!("{error:#}"))
    };
    assert_eq!(open(Some("county")).await, None);
    assert_eq!(open(Some("county")).await, None);
    let said = open(None).await.unwrap();
    assert!(said.contains("--photos s3://county/huifang"), "{said}");
    let said = open(Some("other")).await.unwrap();
    assert!(said.contains("s3://county/huifang, not in s3://other/huifang"), "{said}");
    fs::remove_file(config.bucket_mark()).unwrap();
    fs::create_dir_all(config.blob_dir().join("file")).unwrap();
    let said = open(Some("county")).await.unwrap();
    assert!(said.contains("copy the folder to s3://county/huifang"), "{said}");
}
