//! 待处理: what only a person can settle: proposals, two values of one field, saves kept aside.

mod conflict;
mod held;
mod proposal;
mod reason;
mod state;

use crate::{
    data::{Attention, Data, Loaded, ProposalRow, SaveError, Topic, use_data},
    features::labels,
    locale::words::attention as w,
    routes,
    session::use_session,
    ui::{
        Badge, Banner, Cell, CellGroup, Empty, IconName, Loading, Notices, Page, TabPanel, Tabs, Tone,
        use_notices, use_wide,
    },
};
use conflict::ConflictCard;
use held::HeldCard;
use leptos::{prelude::*, task::spawn_local};
use proposal::ProposalCard;

/// How many decided proposals a phone lists.
const DECIDED_SHOWN: usize = 20;

#[component]
pub(crate) fn AttentionPage() -> impl IntoView {
    let data = use_data();
    data.ask_for_news();
    let changed = data.changed(Topic::Attention);
    let attention = Loaded::new(move || {
        changed.track();
        data.attention()
    });
    let tab = RwSignal::new(0_usize);
    let counts = move || attention.get().map(|a| (open_count(&a), a)).unwrap_or_default().0;
    let tabs = Signal::derive(move || {
        let (proposals, conflicts, held) = counts();
        vec![w::tab_proposals(proposals), w::tab_conflicts(conflicts), w::tab_held(held)]
    });
    let body = move || match attention.get() {
        None => view! { <Loading /> }.into_any(),
        Some(attention) => match tab.get() {
            0 => proposals(attention),
            1 => conflicts(attention),
            _ => held(attention),
        },
    };
    let sheet = move || {
        view! {
            <Tabs id="attention" label=w::tabs() tabs chosen=tab />
            <TabPanel id="attention" chosen=tab>
                <Show when=move || !may_decide()>
                    <Banner tone=Tone::Plain words=w::office_only() />
                </Show>
                <div class="cards">{body}</div>
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

/// Whether the person at this screen decides.
fn may_decide() -> bool {
    use_session().is_office()
}

fn open_count(attention: &Attention) -> (usize, usize, usize) {
    (
        attention.proposals.iter().filter(|row| row.state == "open").count(),
        attention.conflicts.iter().filter(|row| row.state == "open").count(),
        attention.held.iter().filter(|row| row.state == "open").count(),
    )
}

fn proposals(attention: Attention) -> AnyView {
    let (open, decided): (Vec<_>, Vec<_>) =
        attention.proposals.into_iter().partition(|row| row.state == "open");
    let none = open.is_empty().then(|| {
        view! { <Empty icon=IconName::Check title=w::empty_proposals() advice=w::empty_proposals_do() /> }
    });
    let cards = open.into_iter().map(|row| view! { <ProposalCard row /> }).collect_view();
    // Who proposed sees what became of it, with the office's word; the office has decided and needs no list of it.
    let decided = (!may_decide() && !decided.is_empty()).then(|| view! { <Decided rows=decided /> });
    view! { {none} {cards} {decided} }.into_any()
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

fn conflicts(attention: Attention) -> AnyView {
    let open: Vec<_> = attention.conflicts.into_iter().filter(|row| row.state == "open").collect();
    if open.is_empty() {
        return view! { <Empty icon=IconName::Check title=w::empty_conflicts() advice=w::empty_conflicts_do() /> }.into_any();
    }
    open.into_iter().map(|row| view! { <ConflictCard row /> }).collect_view().into_any()
}

fn held(attention: Attention) -> AnyView {
    let open: Vec<_> = attention.held.into_iter().filter(|row| row.state == "open").collect();
    if open.is_empty() {
        return view! { <Empty icon=IconName::Check title=w::empty_held() advice=w::empty_held_do() /> }
            .into_any();
    }
    open.into_iter().map(|row| view! { <HeldCard row /> }).collect_view().into_any()
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
