//! The app on phones and desks.
#![allow(
    unreachable_pub,
    reason = "where views are boxed, the component macro makes public structs of its own"
)]

mod app;
mod data;
mod driver;
mod features;
mod locale;
mod platform;
mod routes;
mod search;
mod session;
mod store;
mod ui;
mod vault;
mod vault_store;

fn main() {
    if platform::display::is_held() {
        return;
    }
    platform::panic_report::install();
    wasm_bindgen_futures::spawn_local(async {
        platform::display::opening_seen().await;
        leptos::mount::mount_to_body(app::App);
        platform::display::remove_opening();
    });
}
