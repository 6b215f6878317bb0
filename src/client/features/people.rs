//! Who an account id is. Names come from the office once and stay while the page does; without them a role stands in.

use crate::{
    data::{Data, Names, use_data},
    locale::words::people as w,
    session::use_session,
    ui::Opt,
};
use leptos::{prelude::*, task::spawn_local};
use std::cell::Cell;
use uuid::Uuid;

/// Under which the office's server writes what follows by itself.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

thread_local! {
    static NAMES: ArcRwSignal<Names> = ArcRwSignal::new(Names::new());
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// The name of an account, watched; 我 for the person at this screen, 系统自动 for what nobody wrote. Who has no account stands there by name.
pub(crate) fn name(id: &str) -> String {
    if Uuid::try_parse(id).is_err() {
        return id.to_owned();
    }
    let own = use_session().who().is_some_and(|who| who.user.id.to_string() == id);
    if own {
        return w::me().to_owned();
    }
    if id == NOBODY {
        return w::system().to_owned();
    }
    ask();
    NAMES.with(|names| names.read().get(id).cloned()).unwrap_or_else(|| w::worker().to_owned())
}

/// Everybody whom the office names, to choose from, watched.
pub(crate) fn options() -> Vec<Opt> {
    ask();
    NAMES.with(|names| names.read().iter().map(|(id, name)| Opt::new(id, name)).collect())
}

/// Has the names fetched, once they can be: whoever goes to the village without them could choose nobody there.
pub(crate) fn ask() {
    if !ASKED.replace(true) {
        let data = use_data();
        spawn_local(fetch(data));
    }
}

async fn fetch(data: Data) {
    let kept = data.names_kept().await;
    if !kept.is_empty() {
        NAMES.with(|names| names.set(kept));
    }
    match data.names_told().await {
        Ok(told) => NAMES.with(|names| {
            if *names.read_untracked() != told {
                names.set(told);
            }
        }),
        // Out of reach: the next page asks again.
        Err(_) => ASKED.set(false),
    }
}
