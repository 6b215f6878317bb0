//! 待处理: what only a person can settle: proposals, two values of one field, saves kept aside.

mod acts;
mod conflict;
mod decided;
mod held;
mod items;
mod proposal;
mod reason;
mod state;

use crate::{
    data::{Attention, Data, Loaded, OfficeRequest, ProposalRow, SaveError, Topic, use_data},
    features::labels,
    locale::words::attention as w,
    routes,
    session::use_session,
    ui::{
        Badge, Banner, Button, ButtonKind, Cell, CellGroup, Empty, IconName, Loading, Notices, Page, Search,
        TabPanel, Tabs, Tone, use_notices, use_wide,
    },
};
use decided::DecidedAtOffice;
use domain::order::Gather;
use items::{Item, card, items};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// How many decided proposals a phone lists.
const DECIDED_SHOWN: usize = 20;
/// So many cards are built at first, and more when asked for.
const SHOWN: usize = 20;
/// From this many on there is a search line.
const SEARCH_FROM: usize = 8;

#[component]
pub(crate) fn AttentionPage() -> impl IntoView {
    let data = use_data();
    data.ask_for_news(Signal::derive(|| None));
    let changed = data.changed(Topic::Attention);
    let attention = Loaded::new(move || {
        changed.track();
        data.attention()
    });
    let by_file = by_file(data);
    let tab = RwSignal::new(0_usize);
    let counts = move || attention.get().map(|a| (open_count(&a), a)).unwrap_or_default().0;
    let tabs = Signal::derive(move || {
        let (proposals, conflicts, held) = counts();
        vec![w::tab_proposals(proposals), w::tab_conflicts(conflicts), w::tab_held(held)]
    });
    let open = Signal::derive_local(move || {
        attention.get().map(|attention| items(&attention, tab.get(), may_decide())).unwrap_or_default()
    });
    let shows_decided = RwSignal::new(false);
    let after = move || {
        let attention = attention.get()?;
        Some(if may_decide() {
            view! { <DecidedAtOffice attention tab=tab.get() shows=shows_decided /> }.into_any()
        } else if tab.get() == 0 {
            decided(attention.proposals)
        } else {
            ().into_any()
        })
    };
    let is_there = Memo::new(move |_| attention.get().is_some());
    let sheet = move || {
        view! {
            <Tabs id="attention" label=w::tabs() tabs chosen=tab />
            <TabPanel id="attention" chosen=tab>
                <Show when=move || !may_decide()>
                    <Banner tone=Tone::Plain words=w::office_only() />
                </Show>
                <div class="cards">
                    <Show when=move || is_there.get() fallback=Loading>
                        <Open open tab by_file />
                    </Show>
                    {after}
                </div>
            </TabPanel>
        }
    };
    // On a phone no tab leads here: a way back is needed.
    let wide = use_wide();
    move || {
        if wide.get() {
            view! { <Page title=w::title()>{sheet()}</Page> }.into_any()
        } else {
            view! { <Page title=w::title() back=routes::ME>{sheet()}</Page> }.into_any()
        }
    }
}

/// The changesets that a rescue file brought; the office knows, and nobody else asks.
fn by_file(data: Data) -> Signal<BTreeSet<String>> {
    let ids = RwSignal::new(BTreeSet::new());
    if may_decide() {
        spawn_local(async move {
            // Without an answer a save is shown as every other.
            let answer = data
                .office(OfficeRequest::get("rescues/held"))
                .await
                .and_then(|answer| answer.json::<Vec<String>>());
            if let Ok(held) = answer {
                ids.try_set(held.into_iter().gather());
            }
        });
    }
    ids.into()
}

/// What waits: a card for each, found by name, village or person. A card stays while others come and go.
#[component]
fn Open(
    open: Signal<Vec<Item>, LocalStorage>,
    tab: RwSignal<usize>,
    by_file: Signal<BTreeSet<String>>,
) -> impl IntoView {
    let (text, shown) = (RwSignal::new(String::new()), RwSignal::new(SHOWN));
    Effect::watch(move || tab.get(), move |_, _, _| shown.set(SHOWN), false);
    let found = Signal::derive_local(move || {
        let text = text.read();
        open.get().into_iter().filter(|item| item.is_found(text.trim())).collect::<Vec<_>>()
    });
    let part = move || found.get().into_iter().take(shown.get()).collect::<Vec<_>>();
    let rest = move || found.read().len().saturating_sub(shown.get());
    let searches = Memo::new(move |_| open.read().len() >= SEARCH_FROM || !text.read().is_empty());
    view! {
        <Show when=move || searches.get()>
            <Search label=w::search() text />
            <p class="quiet small" role="status">{move || w::of_all(found.read().len(), open.read().len())}</p>
        </Show>
        {move || open.read().is_empty().then(|| nothing(tab.get()))}
        <For each=part key=|item| item.key.clone() children=move |item| card(item, by_file) />
        <Show when=move || { rest() > 0 }>
            <Button kind=ButtonKind::Plain on_press=move || shown.update(|shown| *shown += SHOWN)>
                {move || w::more(rest())}
            </Button>
        </Show>
    }
}

fn nothing(tab: usize) -> impl IntoView {
    let (title, advice) = match tab {
        0 => (w::empty_proposals(), w::empty_proposals_do()),
        1 => (w::empty_conflicts(), w::empty_conflicts_do()),
        _ => (w::empty_held(), w::empty_held_do()),
    };
    view! { <Empty icon=IconName::Check title advice /> }
}

/// The village before a sentence; nothing where it is not known.
fn place(village: &str) -> Option<String> {
    (!village.is_empty()).then(|| w::place(village))
}

/// Whether the person at this screen decides.
fn may_decide() -> bool {
    use_session().is_office()
}

fn open_count(attention: &Attention) -> (usize, usize, usize) {
    (
        acts::proposed(&attention.proposals).len(),
        attention.conflicts.iter().filter(|row| row.state == "open").count(),
        attention.held.iter().filter(|row| row.state == "open").count(),
    )
}

/// Who proposed sees what became of it, with the office's word.
fn decided(proposals: Vec<ProposalRow>) -> AnyView {
    let decided: Vec<_> = proposals.into_iter().filter(|row| row.state != "open").collect();
    (!decided.is_empty()).then(|| view! { <Decided rows=decided /> }).into_any()
}

/// The last proposals that the office has decided.
#[component]
fn Decided(rows: Vec<ProposalRow>) -> impl IntoView {
    let row = |row: ProposalRow| {
        let (tone, words) = match row.state.as_str() {
            "accepted" => (Tone::Good, w::was_accepted()),
            _ => (Tone::Bad, w::was_refused()),
        };
        let label = w::proposed(&row.name, labels::field(&row.field));
        view! {
            <Cell label note=row.reason href=routes::recipient(row.recipient)>
                <Badge tone words />
            </Cell>
        }
    };
    let last = rows.into_iter().take(DECIDED_SHOWN).map(row).collect_view();
    view! { <CellGroup title=w::decided()>{last}</CellGroup> }
}

/// One decision under way on a card: whether it runs, and what went wrong.
#[derive(Clone, Copy)]
struct Deciding {
    data: Data,
    notices: Notices,
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
}

impl Deciding {
    fn new() -> Deciding {
        Deciding {
            data: use_data(),
            notices: use_notices(),
            busy: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Runs a write, says what it did, and syncs, so that the worker sees it soon.
    fn run(self, done: &'static str, write: impl Future<Output = Result<(), SaveError>> + 'static) {
        self.busy.set(true);
        self.problem.set(String::new());
        spawn_local(async move {
            match write.await {
                Ok(()) => {
                    self.notices.say(done);
                    self.data.sync_now();
                }
                Err(SaveError::Right) => drop(self.problem.try_set(w::save_right().to_owned())),
                Err(_) => drop(self.problem.try_set(w::save_failed().to_owned())),
            }
            self.busy.try_set(false);
        });
    }
}
