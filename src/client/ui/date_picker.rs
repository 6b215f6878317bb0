use super::{
    button::{Button, ButtonKind},
    field::{FieldWords, Must, Remark, fresh_id},
    icon::{Icon, IconName},
    sheet::Sheet,
};
use crate::locale::words;
use leptos::prelude::*;

/// A day, chosen in a sheet from below by year, month and day, or by a shortcut.
///
/// Days are written `2026-03-05`. The system's own date field is not used: its format follows the phone's language, not the app's.
#[component]
pub(crate) fn DatePicker(
    /// Label and hint.
    words: FieldWords,
    /// The chosen day; empty for none.
    #[prop(into)]
    day: Signal<String>,
    /// Today, where the year and the shortcuts begin.
    #[prop(into)]
    today: String,
    /// Days that are often meant, with their words.
    #[prop(optional)]
    quick: Vec<(String, String)>,
    /// The new day.
    #[prop(into)]
    on_pick: Callback<(String,)>,
    /// What is wrong with it now; empty for nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
) -> impl IntoView {
    let id = fresh_id("date");
    let label = format!("{id}-label");
    let says = format!("{id}-says");
    let open = RwSignal::new(false);
    let parts = RwSignal::new(Parts::default());
    let today = StoredValue::new(today);
    let has_quick = !quick.is_empty();
    let shortcuts = quick
        .into_iter()
        .map(|(day, label)| {
            let pick = move || on_pick.run((day.clone(),));
            view! { <Button kind=ButtonKind::Plain on_press=pick>{label}</Button> }
        })
        .collect_view();
    let begin = move |_| {
        let begin = Parts::read(&day.read_untracked()).or_else(|| today.with_value(|day| Parts::read(day)));
        parts.set(begin.unwrap_or_default());
        open.set(true);
    };
    let take = move || {
        open.set(false);
        on_pick.run((parts.get_untracked().text(),));
    };
    let foot = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{words::ui::cancel()}</Button>
            <Button on_press=take>{words::ui::ok()}</Button>
        }
    };
    let title = words.label.clone();
    let shown =
        move || Parts::read(&day.read()).map_or_else(|| words::ui::choose_day().to_owned(), Parts::said);
    view! {
        <div class="field" data-bad=move || (!problem.read().is_empty()).then_some("")>
            <span class="field__label" id=label.clone()>{words.label} {words.must.then(|| view! { <Must /> })}</span>
            {(!words.hint.is_empty()).then(|| view! { <span class="field__hint">{words.hint.clone()}</span> })}
            <button
                type="button"
                class="pick"
                id=id.clone()
                data-empty=move || day.read().is_empty().then_some("")
                aria-haspopup="dialog"
                aria-labelledby=format!("{label} {id}")
                aria-describedby=says.clone()
                on:click=begin
            >
                <span>{shown}</span>
                <Icon name=IconName::Calendar />
            </button>
            {has_quick.then(|| view! { <div class="date-picker__quick">{shortcuts}</div> })}
            <Remark id=says problem />
            <Sheet open title foot>
                <Wheels parts />
            </Sheet>
        </div>
    }
}

#[component]
fn Wheels(parts: RwSignal<Parts>) -> impl IntoView {
    view! {
        <div class="date-picker">
            <p class="date-picker__said" aria-live="polite">{move || parts.get().said()}</p>
            <Wheel label=words::ui::year() value=Signal::derive(move || parts.get().year) on_set=move |year| parts.update(|parts| parts.set_year(year)) />
            <Wheel label=words::ui::month() value=Signal::derive(move || parts.get().month) on_set=move |month| parts.update(|parts| parts.set_month(month)) />
            <Wheel label=words::ui::day() value=Signal::derive(move || parts.get().day) on_set=move |day| parts.update(|parts| parts.set_day(day)) />
        </div>
    }
}

/// A number with a step up and a step down, that can be typed too.
#[component]
fn Wheel(
    #[prop(into)] label: String,
    value: Signal<i32>,
    #[prop(into)] on_set: Callback<(i32,)>,
) -> impl IntoView {
    let id = fresh_id("wheel");
    let typed = move |text: String| {
        if let Ok(number) = text.trim().parse() {
            on_set.run((number,));
        }
    };
    view! {
        <div class="date-picker__part">
            <label class="date-picker__label" for=id.clone()>{label.clone()}</label>
            <button type="button" class="date-picker__step" aria-label=words::ui::one_more(&label) on:click=move |_| on_set.run((value.get() + 1,))>
                <Icon name=IconName::Up />
            </button>
            <input
                class="date-picker__value"
                id=id
                inputmode="numeric"
                autocomplete="off"
                prop:value=move || value.get().to_string()
                on:change:target=move |event| typed(event.target().value())
            />
            <button type="button" class="date-picker__step" aria-label=words::ui::one_less(&label) on:click=move |_| on_set.run((value.get() - 1,))>
                <Icon name=IconName::Down />
            </button>
        </div>
    }
}

/// Year, month and day as three numbers that always make a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    year: i32,
    month: i32,
    day: i32,
}

impl Default for Parts {
    fn default() -> Parts {
        Parts { year: 2026, month: 1, day: 1 }
    }
}

impl Parts {
    fn read(text: &str) -> Option<Parts> {
        let mut numbers = text.splitn(3, '-').map(|part| part.parse::<i32>().ok());
        let parts = Parts { year: numbers.next()??, month: numbers.next()??, day: numbers.next()?? };
        ((1..=12).contains(&parts.month) && (1..=days_in(parts.year, parts.month)).contains(&parts.day))
            .then_some(parts)
    }

    fn text(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn said(self) -> String {
        words::ui::full_day(self.year, self.month, self.day)
    }

    fn set_year(&mut self, year: i32) {
        self.year = year.clamp(1850, 2100);
        self.day = self.day.min(days_in(self.year, self.month));
    }

    /// Months run round: after December comes January.
    fn set_month(&mut self, month: i32) {
        self.month = (month - 1).rem_euclid(12) + 1;
        self.day = self.day.min(days_in(self.year, self.month));
    }

    fn set_day(&mut self, day: i32) {
        self.day = (day - 1).rem_euclid(days_in(self.year, self.month)) + 1;
    }
}

fn days_in(year: i32, month: i32) -> i32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_back() {
        assert_eq!(Parts::read("2026-03-05").map(Parts::text).as_deref(), Some("2026-03-05"));
        assert_eq!(Parts::read("2026-02-30"), None);
        assert_eq!(Parts::read(""), None);
    }

    #[test]
    fn the_day_stays_inside_its_month() {
        let mut parts = Parts { year: 2024, month: 1, day: 31 };
        parts.set_month(2);
        assert_eq!(parts.text(), "2024-02-29");
        parts.set_year(2025);
        assert_eq!(parts.text(), "2025-02-28");
        parts.set_day(29);
        assert_eq!(parts.text(), "2025-02-01");
        parts.set_month(0);
        assert_eq!(parts.text(), "2025-12-01");
    }
}
