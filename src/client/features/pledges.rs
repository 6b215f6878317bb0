//! What sponsors promised, as rows on the page of a need and on that of a sponsor, and the form that takes a promise down.

mod form;
mod pick;

use super::{answer_words, days, labels, needs_order};
use crate::{
    data::{Amount, PledgeRow, Target},
    locale::words::pledges as w,
    routes,
    ui::{Badge, Tone},
};
use domain::{day::Day, money::Money, sponsor::Standing};
pub(crate) use form::{AddPledge, ChangePledge, amount_of};
use leptos::prelude::*;
use leptos_router::components::A;
pub(crate) use pick::PickSponsor;

/// One promise: what, by whom or for whom, until when, and how far it is kept. Acts stand below.
#[component]
pub(crate) fn Pledge(
    /// The promise.
    row: PledgeRow,
    /// Whom it concerns, beside the page that it stands on.
    #[prop(into)]
    about: AnyView,
    /// What can be done about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (tone, words) = standing(row.standing);
    let due = row.due_on.filter(|_| row.standing != Standing::Kept).map(due);
    let came = (row.delivered != Amount::default()).then(|| w::came(sum(row.delivered)));
    let unsent = row.unsent.then(|| view! { <Badge words=w::unsent() /> });
    view! {
        <div class="file__two">
            <p class="row"><span class="strong">{what(row.money, &row.goods)}</span><Badge tone words />{unsent}</p>
            <p>{about}</p>
            <p class="quiet">{[came, due].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
}

/// Who promised; where this device does not know him, that he is registered elsewhere.
pub(crate) fn by(row: &PledgeRow) -> AnyView {
    match (row.sponsor, row.sponsor_name.is_empty()) {
        (Some(id), false) => {
            let name = row.sponsor_name.clone();
            view! { <A href=routes::sponsor(id)>{name}</A> }.into_any()
        }
        _ => view! { <span class="quiet">{w::by_elsewhere()}</span> }.into_any(),
    }
}

/// For whom: name, village and kind of need, with the way there.
pub(crate) fn for_whom(target: &Target) -> AnyView {
    let words = target_words(target);
    match target {
        Target::Need { id, .. } => view! { <A href=routes::need(*id)>{words}</A> }.into_any(),
        Target::Person { id, .. } => view! { <A href=routes::recipient(*id)>{words}</A> }.into_any(),
        Target::Nobody | Target::Gone => view! { <span class="quiet">{words}</span> }.into_any(),
    }
}

/// For whom, in words. What became of a need that is no longer open is said with it.
pub(crate) fn target_words(target: &Target) -> String {
    match target {
        Target::Nobody => w::for_nobody().to_owned(),
        Target::Gone => w::for_gone().to_owned(),
        Target::Person { name, village, .. } => format!("{name} · {village}"),
        Target::Need { name, village, kind, state, .. } => {
            let mut parts = need_words(name, village, kind);
            if !needs_order::is_open(state) {
                parts.push(labels::need_state(state));
            }
            parts.join(" · ")
        }
    }
}

/// Whose need it is, where, and of which kind, of what is known.
fn need_words(name: &str, village: &str, kind: &str) -> Vec<String> {
    let name = if name.is_empty() { w::nameless() } else { name };
    let mut parts = vec![name.to_owned(), village.to_owned(), labels::need_kind(kind)];
    parts.retain(|part| !part.is_empty());
    parts
}

/// Money and goods of one promise or gift.
pub(crate) fn what(money: Option<Money>, goods: &str) -> String {
    let money = money.map(yuan);
    let goods = (!goods.is_empty()).then(|| goods.to_owned());
    let parts: Vec<String> = [money, goods].into_iter().flatten().collect();
    if parts.is_empty() { w::nothing().to_owned() } else { parts.join(labels::between()) }
}

/// Money and goods of many.
pub(crate) fn sum(amount: Amount) -> String {
    match (amount.money, amount.goods) {
        (None, _) => w::too_much().to_owned(),
        (Some(Money::ZERO), goods) if goods > 0 => w::goods(goods),
        (Some(money), 0) => yuan(money),
        (Some(money), goods) => [yuan(money), w::goods(goods)].join(labels::between()),
    }
}

fn yuan(money: Money) -> String {
    w::yuan(answer_words::yuan(money.fen()))
}

fn due(day: Day) -> String {
    let iso = day.to_string();
    let left = days::days_until(&iso).filter(|left| *left < 0).map(days::left);
    let until = w::until(days::said(&iso));
    left.map_or_else(|| until.clone(), |left| format!("{until} · {left}"))
}

fn standing(standing: Standing) -> (Tone, &'static str) {
    match standing {
        Standing::Open => (Tone::Plain, w::standing_open()),
        Standing::Partly => (Tone::Soon, w::standing_partly()),
        Standing::Kept => (Tone::Good, w::standing_kept()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn money_and_goods_are_said_together() {
        let amount = |fen, goods| Amount { money: Some(Money::from_fen(fen)), goods };
        for (amount, said) in [
            (Amount::default(), "0 元"),
            (amount(500_050, 0), "5000.50 元"),
            (amount(0, 2), "物品 2 项"),
            (amount(100, 1), "1 元、物品 1 项"),
            (Amount { money: None, goods: 0 }, "太大，算不出"),
        ] {
            assert_eq!(sum(amount), said);
        }
        assert_eq!(what(Some(Money::from_fen(100)), "米 2 袋"), "1 元、米 2 袋");
        assert_eq!(what(None, ""), "没有写明");
    }

    #[test]
    fn a_target_says_no_more_than_a_sponsor_may_know() {
        let need = |state: &str| Target::Need {
            id: Uuid::nil(),
            name: "李伟".to_owned(),
            village: "石桥村".to_owned(),
            kind: "N-MED".to_owned(),
            state: state.to_owned(),
        };
        assert_eq!(target_words(&need("in_progress")), "李伟 · 石桥村 · 医疗");
        assert_eq!(target_words(&need("closed")), "李伟 · 石桥村 · 医疗 · 已销号");
        assert!(target_words(&Target::Gone).contains("不在"));
    }
}
