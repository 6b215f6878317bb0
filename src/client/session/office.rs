//! The office's side of enrolment and login.

use super::{Credentials, SessionError};
use crate::{
    driver::refused,
    platform::http::{self, Answer, Request},
    vault::Names,
};
use serde::{Serialize, de::DeserializeOwned};
use sync::{
    id::VaultId,
    replica::RequestFailure,
    wire::{EnrolAnswer, EnrolRequest, LoginAnswer, LoginRequest},
};

/// What a login may lack though the password was right.
const MORE_ASKED: [&str; 6] =
    ["password_change", "password_old", "password_over", "account_ended", "totp", "totp_wrong"];

/// A login hashes long on the office's side, and lines are slow.
const ANSWER_MS: i64 = 45_000;

/// Turns the one-time code into a device with a grant, which comes as a cookie.
pub(super) async fn enrol(names: Names, code: &str) -> Result<EnrolAnswer, SessionError> {
    let request = EnrolRequest { code: code.trim().to_owned(), device: names.device, vault: names.vault };
    post("/api/v1/enrol", names.vault, &request).await
}

/// Opens a session for the vault.
pub(super) async fn login(names: Names, with: &Credentials) -> Result<LoginAnswer, SessionError> {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    let request = LoginRequest {
        user: with.user.trim().to_owned(),
        password: with.password.clone(),
        totp: given(&with.code),
        new_password: given(&with.new_password),
    };
    post("/api/v1/login", names.vault, &request).await
}

pub(super) async fn post<Q: Serialize, A: DeserializeOwned>(
    path: &str,
    vault: VaultId,
    request: &Q,
) -> Result<A, SessionError> {
    let body = serde_json::to_vec(request).map_err(|_| SessionError::Storage)?;
    let headers = vec![("Huifang-Vault", vault.to_string()), ("Content-Type", "application/json".to_owned())];
    let request = Request { method: "POST", url: path.to_owned(), headers, body: Some(body), gzip: false };
    parse(&http::send_within(request, ANSWER_MS).await.map_err(|_| SessionError::Offline)?)
}

pub(super) async fn get<A: DeserializeOwned>(path: &str, vault: VaultId) -> Result<A, SessionError> {
    let headers = vec![("Huifang-Vault", vault.to_string())];
    let request = Request { method: "GET", url: path.to_owned(), headers, body: None, gzip: false };
    parse(&http::send_within(request, ANSWER_MS).await.map_err(|_| SessionError::Offline)?)
}

fn parse<A: DeserializeOwned>(answer: &Answer) -> Result<A, SessionError> {
    if answer.status == 200 {
        return domain::json::from_slice(&answer.bytes).map_err(|_| SessionError::Offline);
    }
    let RequestFailure::Refused { status, err, wait_ms } = refused(answer) else {
        return Err(SessionError::Offline);
    };
    Err(match (status, wait_ms) {
        (429 | 503, wait_ms) => SessionError::Wait { wait_ms: wait_ms.unwrap_or(5_000) },
        (401, _) if err == "grant" => SessionError::Grant,
        (401, _) if err == "totp_setup" => second_factor(&answer.bytes),
        (401, _) if MORE_ASKED.contains(&err.as_str()) => SessionError::Refused { err },
        (401, _) => SessionError::Wrong,
        (403, _) if err == "revoked" => SessionError::Revoked,
        _ => SessionError::Refused { err },
    })
}

/// The secret for the person's telephone, where no second factor is set up yet.
fn second_factor(bytes: &[u8]) -> SessionError {
    let body: serde_json::Value = domain::json::from_slice(bytes).unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    SessionError::SecondFactor { secret: text("secret"), uri: text("uri") }
}
