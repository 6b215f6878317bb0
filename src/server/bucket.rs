//! Photos in a bucket of an S3-compatible server, for those who do not keep them in the data folder.

use object_store::{
    ClientOptions, ObjectStore, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{HttpClient, HttpConnector},
    path::Path as StorePath,
    prefix::PrefixStore,
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc, time::Duration};

/// How long a phone's chunk may wait for the bucket before the phone is told to come back.
const ANSWER_MAX: Duration = Duration::from_secs(10);
const CONNECT_MAX: Duration = Duration::from_secs(3);
/// What S3 servers that know no regions take.
const REGION: &str = "us-east-1";

/// Where the bucket is, and the key to it. The secret is never printed.
#[derive(Clone, Debug)]
pub struct Bucket {
    name: String,
    prefix: StorePath,
    endpoint: Option<String>,
    region: String,
    key: String,
    secret: SecretString,
}

/// Why the bucket cannot be used as it was named.
#[derive(Debug, thiserror::Error)]
pub enum NoBucket {
    #[error(
        "the place of the photos is not of the form s3://BUCKET or s3://BUCKET/PREFIX; leave it out for a folder in the data folder"
    )]
    Url,
    #[error(
        "{0} is not set: the key to the bucket comes from the environment, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    NoKey(&'static str),
    #[error(
        "AWS_ENDPOINT_URL begins neither with https:// nor, for a server on this machine or in a closed network, with http://"
    )]
    Endpoint,
}

impl Bucket {
    /// Reads `s3://BUCKET/PREFIX`, and the rest from what `variable` says: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL` (Amazon's
    /// own without it) and `AWS_REGION`.
    ///
    /// # Errors
    /// When the address is of another form, or the key is not there.
    pub fn new(url: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Bucket, NoBucket> {
        let place = url.strip_prefix("s3://").ok_or(NoBucket::Url)?;
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let is_named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if name.is_empty() || !name.chars().all(is_named) {
            return Err(NoBucket::Url);
        }
        let prefix = StorePath::parse(prefix.trim_end_matches('/')).map_err(|_| NoBucket::Url)?;
        let said = |name: &str| variable(name).filter(|value| !value.is_empty());
        let wanted = |name: &'static str| said(name).ok_or(NoBucket::NoKey(name));
        let endpoint = said("AWS_ENDPOINT_URL");
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        if !endpoint.iter().all(is_web) {
            return Err(NoBucket::Endpoint);
        }
        Ok(Bucket {
            name: name.to_owned(),
            prefix,
            endpoint,
            region: said("AWS_REGION").unwrap_or_else(|| REGION.to_owned()),
            key: wanted("AWS_ACCESS_KEY_ID")?,
            secret: wanted("AWS_SECRET_ACCESS_KEY")?.into(),
        })
    }

    /// The store of files in it. Nothing is asked of it yet.
    pub(crate) fn open(&self) -> object_store::Result<Arc<dyn ObjectStore>> {
        // One for the process; that another part was first does no harm, since there is no other kind here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new().with_allow_http(true);
        let retry = RetryConfig { max_retries: 2, retry_timeout: ANSWER_MAX, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(&self.key)
            .with_secret_access_key(self.secret.expose_secret())
            .with_client_options(client)
            .with_http_connector(StraightOn)
            .with_retry(retry);
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store: AmazonS3 = builder.build()?;
        Ok(Arc::new(PrefixStore::new(store, self.prefix.clone())))
    }

    /// Its server, for messages.
    pub(crate) fn endpoint(&self) -> &str {
        self.endpoint.as_deref().unwrap_or("Amazon S3")
    }

    /// Its name, for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// Requests that go where they were sent and nowhere else: an answer that points elsewhere is an error (ASVS 15.3.2).
#[derive(Debug)]
struct StraightOn;

impl HttpConnector for StraightOn {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_MAX)
            .timeout(ANSWER_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| object_store::Error::Generic { store: "S3", source: error.into() })?;
        Ok(HttpClient::new(client))
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.name)?;
        if self.prefix.as_ref().is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(name: &str) -> Option<String> {
        match name {
            "AWS_ACCESS_KEY_ID" => Some("key".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some("geheim".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn an_address_is_read_and_the_secret_never_printed() {
        let bucket = Bucket::new("s3://county/huifang/photos/", variables).unwrap();
        assert_eq!(bucket.to_string(), "s3://county/huifang/photos");
        assert!(!format!("{bucket:?}").contains("geheim"));
        assert_eq!(Bucket::new("s3://county", variables).unwrap().to_string(), "s3://county");
    }

    #[test]
    fn what_is_wrong_with_it_is_said() {
        for url in ["", "s3://", "s3:///p", "/srv/photos", "https://h/b", "s3://a b", "s3://b/../c"] {
            assert!(matches!(Bucket::new(url, variables), Err(NoBucket::Url)), "{url}");
        }
        let said = Bucket::new("s3://county", |_| None).unwrap_err().to_string();
        assert!(said.contains("AWS_ACCESS_KEY_ID"), "{said}");
        let wrong = |name: &str| {
            if name == "AWS_ENDPOINT_URL" { Some("minio:9000".to_owned()) } else { variables(name) }
        };
        assert!(matches!(Bucket::new("s3://county", wrong), Err(NoBucket::Endpoint)));
    }
}
