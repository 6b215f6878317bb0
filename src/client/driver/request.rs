//! The one request of a sync, with its bodies from the stores.

use super::Driver;
use crate::{
    platform::http::{self, Abort, Answer, NoAnswer, Request},
    store::StoreError,
};
use crypto::vault::wraps::ServerSeal;
use std::rc::Rc;
use sync::{
    replica::{Event, PushPlan, RequestFailure, RequestPlan},
    wire::{PushKey, PushRequest, Refusal, SyncAnswer, SyncRequest, WIRE_VERSION},
};
use uuid::Uuid;

impl Driver {
    /// Headers that say who asks.
    pub(crate) fn identify(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("Huifang-Vault", self.vault.to_string())];
        if let Some(bearer) = self.bearer.borrow().as_ref() {
            headers.push(("Authorization", format!("Bearer {bearer}")));
        }
        headers
    }

    pub(super) async fn send(self: Rc<Driver>, id: u64, plan: RequestPlan) {
        let event = match self.try_send(id, plan).await {
            Ok((answer, took_ms)) => Event::Answered { id, answer: Box::new(answer), took_ms },
            Err(failure) => Event::RequestFailed { id, failure },
        };
        self.aborts.borrow_mut().remove(&id);
        self.feed(event);
    }

    async fn try_send(&self, id: u64, plan: RequestPlan) -> Result<(SyncAnswer, i64), RequestFailure> {
        // A body that cannot be read counts as a request that did not leave; the next one finds the storage reopened.
        let unsent = |_: StoreError| RequestFailure::Network { at_once: false };
        let push = match plan.push {
            Some(push) => Some(self.push(push).await.map_err(unsent)?),
            None => None,
        };
        let mut hello = plan.hello;
        if let Some(hello) = &mut hello {
            let wraps = self.store.wraps().await.map_err(unsent)?;
            hello.sealed_to = wraps.map(|wraps| wraps.sealed_to().to_owned());
        }
        let request = SyncRequest {
            v: WIRE_VERSION,
            device: plan.device,
            inc: plan.inc,
            hello,
            push,
            pull: plan.pull,
            purged: plan.purged,
        };
        let body = serde_json::to_vec(&request).map_err(|_| RequestFailure::Network { at_once: false })?;
        let sync =
            async |body| self.exchange(id, "POST", "/api/v1/sync".to_owned(), Vec::new(), Some(body)).await;
        let answer = match sync(body.clone()).await {
            Err(RequestFailure::Refused { status: 401, .. }) if self.takes_grant_again(id).await => {
                sync(body).await?
            }
            answer => answer?,
        };
        let parsed: SyncAnswer = domain::json::from_slice(&answer.bytes)
            .map_err(|_| RequestFailure::Network { at_once: false })?;
        if let Some(hello) = &parsed.hello {
            // Where the storage fails now, the next contact does it.
            let _ = self.store.seal_to_office(&hello.keys).await;
        }
        Ok((parsed, answer.took_ms))
    }

    /// A browser that died in the minute after the enrolment has lost the grant's cookie, which reaches the disk late. The session in the
    /// vault gets it again on the day of the enrolment.
    async fn takes_grant_again(&self, id: u64) -> bool {
        let has_session = self.bearer.borrow().is_some();
        has_session && self.exchange(id, "POST", "/api/v1/grant".to_owned(), Vec::new(), None).await.is_ok()
    }

    async fn push(&self, plan: PushPlan) -> Result<PushRequest, StoreError> {
        // Drafts alone go under the key of the first; those of another follow in the next round.
        let key_id = match plan.drafts.first() {
            Some(first) if plan.changesets.is_empty() => self.store.draft_key(*first).await?,
            _ => plan.key.ok_or(StoreError::Broken)?,
        };
        let outgoing = self.store.outgoing_changesets(&plan.changesets, key_id).await?;
        let drafts = self.store.sealed_drafts(&plan.drafts, key_id).await?;
        let needs_key = outgoing.any_sealed || !drafts.is_empty();
        let key = if needs_key { Some(self.push_key(key_id).await?) } else { None };
        Ok(PushRequest {
            first_seq: plan.first_seq,
            prev_id: plan.prev_id,
            key,
            changesets: outgoing.changesets,
            drafts,
        })
    }

    /// The key of the outbox sealed to the server: the present one, or one from before a forgotten code.
    async fn push_key(&self, id: Uuid) -> Result<PushKey, StoreError> {
        let wraps = self.store.wraps().await?.ok_or(StoreError::Broken)?;
        let name = id.to_string();
        let seals = std::iter::once(&wraps.out.seal).chain(&wraps.earlier_out);
        let seal = seals.into_iter().find(|seal| seal.id == name).ok_or(StoreError::Broken)?;
        wire_key(seal)
    }

    pub(super) async fn probe(self: Rc<Driver>, id: u64) {
        let event = match self.exchange(id, "HEAD", "/healthz".to_owned(), Vec::new(), None).await {
            Ok(_) => Event::Probed { id },
            Err(failure) => Event::RequestFailed { id, failure },
        };
        self.aborts.borrow_mut().remove(&id);
        self.feed(event);
    }

    /// Sends a request that may be aborted by the id of its effect; any status but one of success is a failure.
    pub(super) async fn exchange(
        &self,
        id: u64,
        method: &'static str,
        url: String,
        extra: Vec<(&'static str, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, RequestFailure> {
        let abort = Abort::new();
        self.aborts.borrow_mut().insert(id, abort.clone());
        let mut headers = self.identify();
        let gzip = method == "POST" || method == "PUT";
        if gzip {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        headers.extend(extra);
        let answer = http::send(Request { method, url, headers, body, gzip }, &abort).await;
        let answer = answer.map_err(|NoAnswer { at_once }| RequestFailure::Network { at_once })?;
        if (200..300).contains(&answer.status) { Ok(answer) } else { Err(refused(&answer)) }
    }
}

/// What an answer without success says.
pub(crate) fn refused(answer: &Answer) -> RequestFailure {
    let refusal: Option<Refusal> = domain::json::from_slice(&answer.bytes).ok();
    RequestFailure::Refused {
        status: answer.status,
        err: refusal.as_ref().map(|refusal| refusal.err.clone()).unwrap_or_default(),
        wait_ms: refusal.and_then(|refusal| refusal.wait_ms).or(answer.retry_after_ms),
    }
}

pub(super) fn wire_key(seal: &ServerSeal) -> Result<PushKey, StoreError> {
    Ok(PushKey {
        id: seal.id.parse().map_err(|_| StoreError::Broken)?,
        kid: seal.kid.clone(),
        alg: seal.alg.clone(),
        enc: seal.enc.clone(),
        ct: seal.ct.clone(),
    })
}
