//! Who an account id is. Names come from the office once and stay while the page does; without them a role stands in.

use crate::{
    data::{Data, OfficeRequest, use_data},
    locale::words::people as w,
    session::use_session,
    ui::Opt,
};
use domain::order::Gather;
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use std::{cell::Cell, collections::BTreeMap};

/// Under which the office's server writes what follows by itself.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

thread_local! {
    static NAMES: ArcRwSignal<BTreeMap<String, String>> = ArcRwSignal::new(BTreeMap::new());
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

#[derive(Deserialize)]
struct People {
    rows: Vec<Person>,
}

#[derive(Deserialize)]
struct Person {
    id: String,
    name: String,
}

/// The name of an account, watched; 我 for the person at this screen, 系统自动 for what nobody wrote.
pub(crate) fn name(id: &str) -> String {
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

fn ask() {
    if !ASKED.replace(true) {
        let data = use_data();
        spawn_local(fetch(data));
    }
}

async fn fetch(data: Data) {
    match data.office(OfficeRequest::get("lists/people")).await.and_then(|answer| answer.json::<People>()) {
        Ok(people) => {
            let map = people.rows.into_iter().map(|person| (person.id, person.name)).gather();
            NAMES.with(|names| names.set(map));
        }
        // Out of reach: the next page asks again.
        Err(_) => ASKED.set(false),
    }
}
