//! What every sheet has: a head with the code, the person, and lines to sign on.

use super::made;
use crate::{
    data::RecipientRow,
    features::{days, labels},
    locale::words::print as w,
    platform::{clock, display},
    ui::Qr,
};
use leptos::prelude::*;

/// A sheet of A4 about one person.
#[component]
pub(super) fn PaperSheet(
    /// What it is called.
    title: String,
    /// Whom it is about.
    person: RecipientRow,
    /// What stands below the title: the day and who came.
    #[prop(optional, into)]
    note: String,
    /// The path that the code leads to.
    path: String,
    children: Children,
) -> impl IntoView {
    let sex = labels::value("sex", &person.sex.clone().into());
    let year = person.birth_year.map(w::born).unwrap_or_default();
    let name = title.clone();
    made();
    view! {
        <article class="paper" tabindex="0" aria-label=name>
            <header class="paper__head">
                <div>
                    <h2 class="paper__title">{title}</h2>
                    <p>{note}</p>
                </div>
                <Qr text=format!("{}{path}", display::origin()) label=w::code_label() />
            </header>
            <table class="paper__table">
                <tbody>
                    <tr><th>{w::name()}</th><td>{person.name}</td><th>{w::sex()}</th><td>{sex}</td><th>{w::birth()}</th><td>{year}</td></tr>
                    <tr><th>{w::category()}</th><td colspan="3">{labels::category(&person.category)}</td><th>{w::id_tail()}</th><td>{person.id_tail}</td></tr>
                    <tr><th>{w::village()}</th><td colspan="3">{person.village}</td><th>{w::phone()}</th><td>{person.phone}</td></tr>
                </tbody>
            </table>
            {children()}
            <footer class="paper__foot">{w::printed_on(days::whole(&clock::today()))}</footer>
        </article>
    }
}

/// Lines to sign on, each with a day.
#[component]
pub(super) fn Signatures() -> impl IntoView {
    let lines = [w::sign_visitor(), w::sign_family(), w::sign_village()].map(|who| {
        view! { <p class="paper__sign"><span>{who}</span><span class="paper__line"></span><span>{w::day_blank()}</span></p> }
    });
    view! { <div class="paper__signs">{lines.into_iter().collect_view()}</div> }
}
