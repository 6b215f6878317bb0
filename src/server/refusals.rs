//! The log of requests that were refused or failed: what was asked, by whom, and why. No value of a request stands in it.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use std::sync::{Arc, OnceLock};
use sync::id::DeviceId;
use uuid::Uuid;

use crate::db::Caller;

/// How much a refusal says about whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Part of any day: a chunk that goes on elsewhere, a form with an error.
    Ordinary,
    /// Rights, limits or the form of a request were tried (ASVS 16.3.2, 16.3.3).
    Tried,
    /// The server could not do what it should.
    Failed,
}

/// What the log says of an answer, beside the answer itself.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(crate) request: String,
    pub(crate) code: &'static str,
    pub(crate) cause: String,
    pub(crate) weight: Weight,
}

/// Who a request turned out to come from; empty until a door has found it out.
#[derive(Clone, Default)]
pub(crate) struct Asker(Arc<OnceLock<(Uuid, DeviceId)>>);

impl Asker {
    pub(crate) fn is(&self, who: &Caller) {
        // The first door says it; another one of the same request finds the same.
        let _ = self.0.set((who.account, who.device));
    }
}

/// Logs the refusal that an answer carries.
pub(crate) async fn log(mut request: Request, next: Next) -> Response {
    let asker = Asker::default();
    request.extensions_mut().insert(asker.clone());
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let Some(refusal) = response.extensions().get::<Refusal>() else { return response };
    let Refusal { request, code, cause, weight } = refusal;
    let operation = format!("{method} {}", path.as_ref().map_or("elsewhere", MatchedPath::as_str));
    let (account, device) = match asker.0.get() {
        Some((account, device)) => (account.to_string(), device.to_string()),
        None => ("nobody".to_owned(), "none".to_owned()),
    };
    match weight {
        Weight::Failed => {
            tracing::error!(request, operation, account, device, code, cause, "request failed");
        }
        Weight::Tried => {
            tracing::warn!(request, operation, account, device, code, cause, "request refused");
        }
        Weight::Ordinary => {
            tracing::info!(request, operation, account, device, code, cause, "request refused");
        }
    }
    response
}
