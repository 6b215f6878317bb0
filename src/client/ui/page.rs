use super::nav_bar::NavBar;
use leptos::prelude::*;

/// A page: bar, scrolling body, optional foot.
///
/// In a `SplitView` each pane holds one. The title of the document stays the app's name: the browser writes it into its history in clear, and a
/// heading may name a person.
#[component]
pub(crate) fn Page(
    /// The heading in the bar.
    #[prop(into)]
    title: Signal<String>,
    /// Where back leads; none on the pages of the tab bar.
    #[prop(optional, into)]
    back: Option<String>,
    /// `NavAct`s of the bar.
    #[prop(optional, into)]
    acts: ViewFn,
    /// The bar under the body, for the one thing to do here.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    /// `Fill` for a body that scrolls by itself, such as a windowed list; `Wide` for tables.
    #[prop(optional)]
    body: PageBody,
    /// The body.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="page">
            {match back {
                Some(back) => view! { <NavBar title back>{acts.run()}</NavBar> }.into_any(),
                None => view! { <NavBar title>{acts.run()}</NavBar> }.into_any(),
            }}
            <div
                class="page__body"
                data-fill=(body == PageBody::Fill).then_some("")
                data-wide=(body != PageBody::Measure).then_some("")
            >
                {children()}
            </div>
            {foot.map(|foot| view! { <div class="page__foot">{foot.run()}</div> })}
        </section>
    }
}

/// How the body of a page takes its room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PageBody {
    /// It scrolls, and keeps a readable measure on a wide screen.
    #[default]
    Measure,
    /// It scrolls and takes the whole width.
    Wide,
    /// It fills the room and scrolls inside itself.
    Fill,
}
