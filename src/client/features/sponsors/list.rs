//! Every sponsor: figures of all of them together, then each by himself, as a table at the desk and as rows on a phone.

use super::{
    form::AddSponsor,
    listed::ImportSponsors,
    state::{self, Asked, Sort},
};
use crate::{
    data::{SponsorRow, Sponsors, Tally},
    features::pledges,
    locale::words::sponsors as w,
    platform::clock,
    routes,
    ui::{Badge, Cell, CellGroup, Column, Empty, FieldWords, IconName, Opt, Picker, Search, Table, use_wide},
};
use leptos::prelude::*;
use leptos_router::components::A;

thread_local! {
    static ASKED: ArcRwSignal<Asked> = ArcRwSignal::new(Asked::default());
}

#[component]
pub(super) fn List(all: Sponsors) -> impl IntoView {
    let asked = RwSignal::from(ASKED.with(Clone::clone));
    let wide = use_wide();
    let text = RwSignal::new(asked.with_untracked(|asked| asked.text.clone()));
    Effect::watch(
        move || text.get(),
        move |text, _, _| asked.update(|asked| asked.text.clone_from(text)),
        false,
    );
    let rows = StoredValue::new(all.rows.clone());
    let body = move || {
        let found = rows.with_value(|rows| asked.with(|asked| state::shown(rows, asked)));
        if found.is_empty() {
            return view! { <Empty icon=IconName::Search title=w::not_found() advice=w::not_found_advice() /> }
                .into_any();
        }
        if wide.get() {
            let lines = found.into_iter().map(line).collect_view();
            view! { <Table caption=w::title() columns=columns()>{lines}</Table> }.into_any()
        } else {
            view! { <div class="named"><CellGroup>{found.into_iter().map(cell).collect_view()}</CellGroup></div> }.into_any()
        }
    };
    view! {
        <div class="sponsors">
            <Figures count=all.rows.len() tally=all.tally />
            <div class="sponsors__tools">
                <Search label=w::search() text />
                <Order asked />
                <AddSponsor rows=all.rows.clone() />
                <ImportSponsors rows=all.rows />
            </div>
            {body}
        </div>
    }
}

#[component]
fn Order(asked: RwSignal<Asked>) -> impl IntoView {
    let options = Sort::ALL.map(|sort| Opt::new(sort.word(), sort.label())).to_vec();
    let pick = move |word: String| {
        let sort = Sort::ALL.into_iter().find(|sort| sort.word() == word).unwrap_or_default();
        asked.update(|asked| asked.sort = sort);
    };
    let chosen = Signal::derive(move || asked.read().sort.word().to_owned());
    view! { <Picker words=FieldWords::label(w::sort()) options=Signal::stored(options) chosen on_pick=pick /> }
}

/// How many there are, and what they gave together.
#[component]
fn Figures(count: usize, tally: Tally) -> impl IntoView {
    let figures = [
        (w::count(), w::count_of(count)),
        (w::pledged(), pledges::sum(tally.pledged)),
        (w::delivered(), pledges::sum(tally.delivered)),
        (w::adopted(), w::needs(tally.adopted)),
    ];
    let figure =
        |(label, value)| view! { <div class="sponsors__figure"><dt>{label}</dt><dd>{value}</dd></div> };
    view! { <dl class="sponsors__figures">{figures.map(figure).into_iter().collect_view()}</dl> }
}

fn columns() -> Vec<Column> {
    let number = |label| Column::new(label).number();
    vec![
        Column::new(w::name()),
        Column::new(w::kind()),
        Column::new(w::contact()),
        Column::new(w::phone()),
        Column::new(w::agreement()),
        number(w::pledged()),
        number(w::delivered()),
        number(w::adopted()),
    ]
}

fn line(row: SponsorRow) -> AnyView {
    let name = row.name.clone();
    view! {
        <tr>
            <td class="strong"><A href=routes::sponsor(row.id) attr:class="sponsors__open">{name}</A>{unsent(&row)}</td>
            <td class="nowrap">{state::kind(&row.kind)}</td>
            <td>{row.contact.clone()}</td>
            <td class="nowrap">{row.phone.clone()}</td>
            <td>{agreement(&row)}</td>
            <td data-align="end">{pledges::sum(row.tally.pledged)}</td>
            <td data-align="end">{pledges::sum(row.tally.delivered)}</td>
            <td data-align="end" class="nowrap">{w::needs(row.tally.adopted)}</td>
        </tr>
    }
    .into_any()
}

fn cell(row: SponsorRow) -> AnyView {
    let tally = row.tally;
    let note = w::line(state::kind(&row.kind), pledges::sum(tally.pledged), pledges::sum(tally.delivered));
    view! {
        <Cell label=row.name.clone() note href=routes::sponsor(row.id)>
            <span class="need__end">{badge(&row)}{unsent(&row)}</span>
        </Cell>
    }
    .into_any()
}

fn unsent(row: &SponsorRow) -> Option<AnyView> {
    row.unsent.then(|| view! { " "<Badge words=crate::locale::words::pledges::unsent() /> }.into_any())
}

fn agreement(row: &SponsorRow) -> AnyView {
    match &row.agreement {
        Some(agreement) => view! { {state::term(agreement)}" "{badge(row)} }.into_any(),
        None => view! { <span class="quiet">{w::no_agreement()}</span> }.into_any(),
    }
}

fn badge(row: &SponsorRow) -> Option<AnyView> {
    let (tone, words) = state::standing(row.agreement.as_ref()?.state(clock::today_day()));
    Some(view! { <Badge tone words /> }.into_any())
}
