//! The built app: its pages, scripts and styles, compressed beforehand, with the headers that keep foreign code out.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use crypto::b64;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

use crate::error::ApiError;

/// What `cargo xtask` built; empty in a checkout where it has not.
#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Built;

const INDEX: &str = "index.html";
/// A content hash in a file name has at least so many letters.
const HASH_LETTERS_MIN: usize = 12;
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const PERMISSIONS: &str = "camera=(self), geolocation=(self), microphone=(self), \
     publickey-credentials-create=(self), publickey-credentials-get=(self)";
const NOT_BUILT: &str = "The app is not built. Run `cargo xtask run`.\n";

/// Serves a file of the app; every other path that is no file is a page of the app.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return ApiError::NotFound.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return ApiError::NotFound.into_response();
    }
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let path = if path.is_empty() || !is_file { INDEX } else { path };
    match Built::get(path) {
        Some(file) => file_response(path, &file, &headers),
        None if is_file => ApiError::NotFound.into_response(),
        None => (StatusCode::NOT_FOUND, NOT_BUILT).into_response(),
    }
}

fn file_response(path: &str, plain: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", b64::encode(&plain.metadata.sha256_hash()[..12]));
    let is_known =
        headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let (bytes, encoding) = if is_known { (Vec::new(), None) } else { best(path, plain, headers) };
    let mut response = Response::new(Body::from(bytes));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let set = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            set.insert(name, value);
        }
    };
    put(header::ETAG, &etag);
    put(header::VARY, "Accept-Encoding");
    put(header::CONTENT_TYPE, content_type(path));
    put(header::CACHE_CONTROL, if is_hashed(path) { IMMUTABLE } else { "no-cache" });
    if let Some(encoding) = encoding {
        put(header::CONTENT_ENCODING, encoding);
    }
    for (name, value) in guards(path) {
        put(name, value);
    }
    response
}

/// What a file may do, and who may use it.
fn guards(path: &str) -> Vec<(HeaderName, &'static str)> {
    let mut guards = vec![(HeaderName::from_static("cross-origin-resource-policy"), "same-origin")];
    if is_document_or_script(path) {
        guards.extend([
            (header::CONTENT_SECURITY_POLICY, policy()),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        ]);
    }
    guards
}

/// The smallest form that the browser takes.
fn best(path: &str, plain: &EmbeddedFile, headers: &HeaderMap) -> (Vec<u8>, Option<&'static str>) {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes =
        |word: &str| accepted.split(',').any(|part| part.split(';').next().map(str::trim) == Some(word));
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if takes(encoding)
            && let Some(file) = Built::get(&format!("{path}.{ending}"))
        {
            return (file.data.into_owned(), Some(encoding));
        }
    }
    (plain.data.to_vec(), None)
}

/// A name with a content hash in it never changes its content.
fn is_hashed(path: &str) -> bool {
    let is_hash =
        |part: &str| part.len() >= HASH_LETTERS_MIN && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    path.split(['/', '.', '-', '_']).any(is_hash)
}

fn is_document_or_script(path: &str) -> bool {
    [".html", ".js", ".mjs"].iter().any(|ending| path.ends_with(ending))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        _ => "application/octet-stream",
    }
}

/// The content security policy; computed once, from the start scripts inside the page.
fn policy() -> &'static str {
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let page = Built::get(INDEX).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
        let hashes: String = inline_scripts(&page)
            .into_iter()
            .map(|script| format!(" 'sha256-{}'", base64(&Sha256::digest(script.as_bytes()))))
            .collect();
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' blob:; \
             connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; \
             object-src 'none'; form-action 'none'; frame-ancestors 'none'; media-src 'self' blob:; \
             require-trusted-types-for 'script'; trusted-types default"
        )
    })
}

/// The text of every script that stands in the page itself.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("<script") {
        let Some(open) = rest[start..].find('>') else { break };
        let body = start + open + 1;
        let Some(end) = rest[body..].find("</script>") else { break };
        if !rest[start..body].contains("src=") && end > 0 {
            scripts.push(&rest[body..body + end]);
        }
        rest = &rest[body + end..];
    }
    scripts
}

/// Base64 with padding, as the policy wants it.
fn base64(bytes: &[u8]) -> String {
    let mut text = b64::encode(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_start_script_is_allowed_by_its_hash() {
        let page = "<script src=\"a.js\"></script><script type=\"module\">\nstart();\n</script>";
        assert_eq!(inline_scripts(page), ["\nstart();\n"]);
        assert_eq!(base64(&Sha256::digest(b"")), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn documents_and_scripts_say_what_they_may_do_and_tell_nobody_whence() {
        for path in ["index.html", "sw.js", "huifang-client-3f2a9c0d1b4e5f67.js"] {
            let guards: BTreeMap<String, &str> =
                guards(path).into_iter().map(|(name, value)| (name.to_string(), value)).collect();
            assert_eq!(guards["cross-origin-opener-policy"], "same-origin", "{path}");
            assert_eq!(guards["cross-origin-resource-policy"], "same-origin", "{path}");
            assert_eq!(guards["referrer-policy"], "no-referrer", "{path}");
            assert!(guards["content-security-policy"].starts_with("default-src 'none'"), "{path}");
            for feature in [
                "camera",
                "geolocation",
                "microphone",
                "publickey-credentials-create",
                "publickey-credentials-get",
            ] {
                assert!(
                    guards["permissions-policy"].contains(&format!("{feature}=(self)")),
                    "{path} {feature}"
                );
            }
        }
        assert_eq!(guards("icon-192.png").len(), 1);
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        let check = |path, expected| assert_eq!(is_hashed(path), expected, "{path}");
        check("huifang-client-3f2a9c0d1b4e5f67_bg.wasm", true);
        check("0123456789abcdef/huifang-worker.js", true);
        check("index.html", false);
        check("sw.js", false);
        check("icons/icon-192.png", false);
    }
}
