//! The app on phones and desks.

mod app;
mod data;
mod features;
mod locale;
mod platform;
mod routes;
mod session;
mod ui;

fn main() {
    platform::panic_report::install();
    leptos::mount::mount_to_body(app::App);
}
