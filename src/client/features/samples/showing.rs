//! What is said, listed and shown.

use crate::{
    locale::words::samples as w,
    routes,
    ui::{
        Badge, Banner, Bar, BarChart, Button, ButtonKind, Cell, CellGroup, Column, Confirm, Empty, Fact,
        IconName, LinkButton, Loading, Pager, Problem, ProblemView, Progress, Qr, Sheet, TabPanel, Table,
        Tabs, Tag, Tone,
    },
};
use leptos::prelude::*;

const TONES: [Tone; 5] = [Tone::Plain, Tone::Good, Tone::Soon, Tone::Bad, Tone::Urgent];
const KINDS: [ButtonKind; 4] =
    [ButtonKind::Primary, ButtonKind::Plain, ButtonKind::Quiet, ButtonKind::Danger];

fn tone_word(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => w::tone_plain(),
        Tone::Good => w::tone_good(),
        Tone::Soon => w::tone_soon(),
        Tone::Bad => w::tone_bad(),
        Tone::Urgent => w::tone_urgent(),
    }
}

#[component]
pub(super) fn Said() -> impl IntoView {
    let (busy, asks, open) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    view! {
        {TONES.map(|tone| view! { <Banner tone words=w::banner() /> }).collect_view()}
        <CellGroup title=w::buttons()>
            <div class="stack inset">
                {KINDS.map(|kind| view! { <Button kind>{w::button()}</Button> }).collect_view()}
                <Button disabled=true>{w::disabled()}</Button>
                <Button busy on_press=move |()| busy.set(true)>{w::busy()}</Button>
                <Button kind=ButtonKind::Plain icon=IconName::Check on_press=move |()| asks.set(true)>{w::ask()}</Button>
                <Button kind=ButtonKind::Plain icon=IconName::Up on_press=move |()| open.set(true)>{w::open_sheet()}</Button>
                <LinkButton href=routes::TODAY>{w::link()}</LinkButton>
            </div>
        </CellGroup>
        <Confirm open=asks title=w::ask() says=w::ask_says() yes=w::button() on_yes=move |()| asks.set(false) />
        <Sheet open title=w::open_sheet()>
            <Cell label=w::row() />
        </Sheet>
    }
}

#[component]
pub(super) fn Listed() -> impl IntoView {
    let chosen = RwSignal::new(0);
    let page = RwSignal::new(0);
    let tabs = vec![w::first().to_owned(), w::second().to_owned()];
    let bar = |label: &str, part: usize, bad| Bar {
        label: label.to_owned(),
        words: part.to_string(),
        part,
        whole: 400,
        bad,
    };
    let bars = vec![bar(w::first(), 400, 0), bar(w::second(), 240, 60)];
    let columns = vec![Column::new(w::name()), Column::new(w::amount()).number()];
    view! {
        <CellGroup title=w::rows() note=w::rows_note()>
            <Cell label=w::row() note=w::row_note() value=w::day() href=routes::TODAY />
            <Cell label=w::row() on_press=move |()| ()><Badge tone=Tone::Soon words=w::tone_soon() /></Cell>
            <Fact label=w::name() value=w::somebody() />
            <div class="inset">{TONES.map(|tone| view! { <Badge tone words=tone_word(tone) /> }).collect_view()}<Tag words=w::tag() /></div>
        </CellGroup>
        <Tabs id="samples" label=w::rows() tabs chosen />
        <TabPanel id="samples" chosen>
            <Table caption=w::table() columns>
                <tr><td>{w::somebody()}</td><td data-align="end">"400"</td></tr>
            </Table>
            <div class="inset"><BarChart label=w::table() bars /></div>
            <Pager page rows=100 all=400 words=|first, last, all| w::page_of(first, last, all) on_turn=move |to| page.set(to) />
        </TabPanel>
    }
}

#[component]
pub(super) fn Faces() -> impl IntoView {
    let problem = Problem {
        safe: w::problem_safe().to_owned(),
        ..Problem::of_page(w::problem(), w::problem_advice(), w::button())
    };
    view! {
        <CellGroup title=w::faces()>
            <Loading />
            <div class="inset"><Progress label=w::progress() done=3 all=10 /></div>
            <Empty icon=IconName::Search title=w::empty() advice=w::empty_advice() />
            <ProblemView problem on_action=move |()| () />
            <div class="inset"><Qr text="https://huifang.test/ui" label=w::qr() /></div>
        </CellGroup>
    }
}
