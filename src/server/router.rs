//! Every route there is.

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware,
    routing::{get, patch, post},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    set_header::SetResponseHeaderLayer,
};

use crate::{assets, auth, routes, state::App};

/// The app and its API.
pub fn router(app: App) -> Router {
    let api = Router::new()
        .route("/enrol", post(routes::enrol::enrol))
        .route("/grant", post(routes::enrol::renew_grant))
        .route("/login", post(routes::login::login))
        .route("/logout", post(routes::login::logout))
        .route("/sync", post(routes::sync::sync))
        .route(
            "/blobs/{hash}",
            patch(routes::blobs::add_chunk).put(routes::blobs::announce).get(routes::blobs::read),
        )
        .route("/blobs/{hash}/state", get(routes::blobs::state))
        .route("/me", get(routes::me::me))
        .route("/unmask", post(routes::unmask::unmask))
        .route("/imports", post(routes::imports::preview))
        .route("/imports/{id}/commit", post(routes::imports::commit))
        .route("/exports/follow_up_ledger", post(routes::exports::follow_up_ledger))
        .route("/recipients/{id}/history", get(routes::history::history))
        .route("/lists/people", get(routes::people::people))
        .route("/lists/follow_up_ledger", get(routes::exports::ledger_page))
        .route("/lists/{name}", get(routes::lists::list))
        .route("/rescues", post(routes::rescues::import))
        .route("/rescues/preview", post(routes::rescues::preview))
        .route("/rescues/held", get(routes::rescues::held))
        .route("/devices", get(routes::devices::list))
        .route("/devices/code", post(routes::devices::add_code))
        .route("/devices/{device}/state", post(routes::devices::set_state))
        .route("/devices/{device}/incidents/{incident}", post(routes::devices::settle))
        .layer(middleware::from_fn(auth::only_own_pages))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CompressionLayer::new().no_br().quality(CompressionLevel::Default));
    Router::new()
        .nest("/api/v1", api)
        .route("/healthz", get(routes::health::healthz))
        .route("/metrics", get(routes::health::metrics))
        .fallback(assets::serve)
        .layer(CatchPanicLayer::new())
        .with_state(app)
}
