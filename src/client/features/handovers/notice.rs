//! A line on 今日 that says what came to me or left me, until I have seen it.

use super::{fetch, state::Handover};
use crate::{
    data::{Loaded, Topic, use_data},
    locale::words::handovers as w,
    platform::{clock, prefs},
    session::use_session,
    ui::{Banner, Button, ButtonKind, Tone},
};
use leptos::prelude::*;

/// The id of the newest hand-over that was seen.
const SEEN: &str = "hf.handover";
/// What is older was told by mouth.
const NEWS_MS: i64 = 14 * 24 * 60 * 60_000;

#[component]
pub(crate) fn HandoverNotice() -> impl IntoView {
    let (data, session) = (use_data(), use_session());
    let seen = RwSignal::new(prefs::get(SEEN).unwrap_or_default());
    let newest = Loaded::new(move || {
        // A village that comes or goes changes the areas; the office is in reach then.
        data.changed(Topic::Areas).track();
        async move {
            let told = fetch(data).await.unwrap_or_default();
            told.into_iter().next().filter(|one| clock::now_ms() - one.at < NEWS_MS)
        }
    });
    move || {
        let one = newest.get().flatten().filter(|one| one.id != *seen.read())?;
        let who = session.who().filter(|_| !session.is_office())?;
        let words = said(&one, who.user.id.to_string() == one.to);
        let id = one.id.clone();
        let understood = move || {
            prefs::set(SEEN, &id);
            seen.set(id.clone());
        };
        Some(view! {
            <Banner tone=Tone::Plain words>
                <Button kind=ButtonKind::Plain on_press=understood>{w::understood()}</Button>
            </Banner>
        })
    }
}

/// The sentence for one of the two.
fn said(one: &Handover, is_taker: bool) -> String {
    match (is_taker, one.from_name.as_str(), one.village_left) {
        (true, "", _) => w::news_came(&one.village, one.families),
        (true, from, _) => w::news_came_from(from, &one.village, one.families),
        (false, _, true) => w::news_left_village(&one.village, one.families, &one.to_name),
        (false, _, false) => w::news_left(&one.village, one.families, &one.to_name),
    }
}
