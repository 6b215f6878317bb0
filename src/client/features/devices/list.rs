//! The devices as a table, or as cards on a narrow screen; what needs somebody comes first.

use super::{DevicesDesk, words};
use crate::{
    data::devices::{Line, Matter},
    features::when,
    locale::words::devices as w,
    ui::{Badge, Button, ButtonKind, Column, Empty, IconName, Search, Table, use_wide},
};
use leptos::prelude::*;
use std::sync::Arc;

/// From this many on there is a search line.
const SEARCH_FROM: usize = 12;
/// So many are built at first, and more when asked for.
const SHOWN: usize = 100;

/// The list.
#[component]
pub(super) fn DeviceList(
    /// In their order.
    lines: Vec<Line>,
    /// The page.
    desk: DevicesDesk,
) -> impl IntoView {
    if lines.is_empty() {
        return view! {
            <Empty icon=IconName::Phone title=w::empty() advice=w::empty_do()>
                <Button kind=ButtonKind::Plain on_press=move || desk.tab.set(1)>{w::make()}</Button>
            </Empty>
        }
        .into_any();
    }
    let lines: Vec<Arc<Line>> = lines.into_iter().map(Arc::new).collect();
    let ended = lines.iter().filter(|line| is_aside(line)).count();
    let waiting = lines.iter().filter(|line| line.waits()).count();
    let searches = lines.len() >= SEARCH_FROM;
    let lines = StoredValue::new(lines);
    let text = RwSignal::new(String::new());
    let (with_ended, shown) = (RwSignal::new(false), RwSignal::new(SHOWN));
    let found = Signal::derive_local(move || {
        let (wanted, all, waits) = (text.get(), with_ended.get(), desk.waiting.get());
        lines.with_value(|lines| {
            lines
                .iter()
                .filter(|line| if waits { line.waits() } else { all || !is_aside(line) })
                .filter(|line| is_found(line, wanted.trim()))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let wide = use_wide();
    let body = move || {
        let found = found.get();
        let rest = found.len().saturating_sub(shown.get());
        let part = found.into_iter().take(shown.get());
        let rows = if wide.get() {
            let rows = part.map(|line| row(line, desk)).collect_view();
            view! { <Table caption=w::tab_list() columns=columns()>{rows}</Table> }.into_any()
        } else {
            view! { <div class="devices__cards">{part.map(|line| card(line, desk)).collect_view()}</div> }
                .into_any()
        };
        let more = move || shown.update(|shown| *shown += SHOWN);
        view! {
            {rows}
            {(rest > 0).then(|| view! { <Button kind=ButtonKind::Plain on_press=more>{w::more(rest)}</Button> })}
        }
    };
    view! {
        <div class="devices__list">
            <p class="quiet small">{w::list_lead()}</p>
            {searches.then(|| view! { <Search label=w::search() text /> })}
            <button
                type="button"
                class="chip"
                aria-pressed=move || desk.waiting.get().to_string()
                on:click=move |_| desk.waiting.update(|only| *only = !*only)
            >
                {w::only_waiting(waiting)}
            </button>
            {body}
            <Show when=move || { ended > 0 }>
                <Button kind=ButtonKind::Quiet on_press=move || with_ended.update(|all| *all = !*all)>
                    {move || if with_ended.get() { w::ended_hide().to_owned() } else { w::ended_show(ended) }}
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

/// What is out of use and needs nobody is shown when asked for.
fn is_aside(line: &Line) -> bool {
    line.ended && line.matters.is_empty()
}

fn is_found(line: &Line, text: &str) -> bool {
    line.name.contains(text) || line.areas.iter().any(|area| area.contains(text))
}

fn columns() -> Vec<Column> {
    [w::col_who(), w::col_device(), w::col_seen(), w::col_waits(), w::col_matters(), w::col_act()]
        .map(Column::new)
        .into()
}

fn row(line: Arc<Line>, desk: DevicesDesk) -> AnyView {
    let (state, tone) = words::state(&line);
    view! {
        <tr>
            <td class="devices__who">{who(&line)}</td>
            <td><span class="nowrap">{words::kind(&line.device.kind)}</span>" "<Badge tone words=state /></td>
            <td class="nowrap">{words::seen(line.device.seen_at)}</td>
            <td>{words::waiting(line.device.waiting)}</td>
            <td class="devices__matters">{matters(&line)}</td>
            <td>{look(line, desk)}</td>
        </tr>
    }
    .into_any()
}

fn card(line: Arc<Line>, desk: DevicesDesk) -> AnyView {
    let (state, tone) = words::state(&line);
    view! {
        <article class="decide">
            <div class="devices__head">{who(&line)} <Badge tone words=state /></div>
            <p>{w::card_says(words::kind(&line.device.kind), words::seen(line.device.seen_at))}</p>
            <p>{w::card_waits(words::waiting(line.device.waiting))}</p>
            {matters(&line)}
            <div class="decide__acts">{look(line, desk)}</div>
        </article>
    }
    .into_any()
}

fn who(line: &Line) -> impl IntoView + use<> {
    let own = line.device.own.then(w::own);
    let enrolled = line.is_one_of_several.then(|| {
        view! { <p class="quiet small">{w::enrolled_at(when::moment(line.device.enrolled_at))}</p> }
    });
    view! {
        <div>
            <p class="strong">{line.name.clone()} {own.map(|own| view! { " " <span class="quiet small">{own}</span> })}</p>
            <p class="quiet small">{line.areas.join(w::between())}</p>
            {enrolled}
        </div>
    }
}

/// What is the matter, each with what to do.
fn matters(line: &Line) -> impl IntoView + use<> {
    let one = |matter: &Matter| {
        let (says, tone, advice) = words::matter(matter);
        view! {
            <li>
                <Badge tone words=says />
                {(!advice.is_empty()).then(|| view! { <p class="quiet small">{advice}</p> })}
            </li>
        }
    };
    let all = line.matters.iter().map(one).collect::<Vec<_>>();
    (!all.is_empty()).then(|| view! { <ul class="stack">{all}</ul> })
}

fn look(line: Arc<Line>, desk: DevicesDesk) -> impl IntoView {
    let name = w::look_at(words::whose(&line));
    let open = move |_| {
        desk.chosen.set(Some(line.clone()));
        desk.sheet.set(true);
    };
    view! { <button type="button" class="button" data-kind="plain" aria-label=name on:click=open>{w::look()}</button> }
}
