//! Other areas for a person, and by an administrator another role, with what that means for him.

use super::{StaffDesk, new::AreaChoice};
use crate::{
    features::{
        colleagues::{Person, Staff},
        labels,
    },
    locale::words::staff as w,
    ui::{Button, ButtonKind, Dialog, FieldWords, Opt, Picker, use_notices},
};
use domain::access::Role;
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// What a role sees, in a sentence.
pub(super) fn sees(role: &str) -> &'static str {
    match Role::from_word(role) {
        Some(Role::VillageWorker) => w::sees_village_worker(),
        Some(Role::TownshipClerk) => w::sees_township_clerk(),
        Some(Role::TownshipLead) => w::sees_township_lead(),
        Some(Role::CountyClerk) => w::sees_county_clerk(),
        Some(Role::CountyLead) => w::sees_county_lead(),
        Some(Role::UnitContact) => w::sees_unit_contact(),
        Some(Role::Auditor) => w::sees_auditor(),
        Some(Role::Admin) => w::sees_admin(),
        None => "",
    }
}

/// What changes for the person: his role, and the places that he sees no more.
fn consequences(person: &Person, staff: &Staff, role: &str, areas: &[String]) -> Vec<String> {
    let mut said = Vec::new();
    if role != person.role {
        said.push(w::role_changes(labels::role(role), sees(role)));
        said.push(w::role_again().to_owned());
    }
    let lost: Vec<String> = person.areas.iter().filter(|area| !areas.contains(area)).cloned().collect();
    // Whoever is given the township keeps its villages.
    let places = staff.places(&lost);
    let widens = areas.iter().any(|area| staff.is_above(area, &lost));
    if !places.is_empty() && !widens {
        said.push(w::place_loses(places));
    }
    said
}

/// The dialog.
#[component]
pub(super) fn PlaceDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let notices = use_notices();
    let (areas, role) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(String::new()));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    Effect::new(move || {
        if open.get() {
            let person = desk.chosen.get_untracked().unwrap_or_default();
            areas.set(person.areas);
            role.set(person.role);
            problem.set(String::new());
        }
    });
    let save = move || {
        let Some(person) = desk.chosen.get_untracked() else { return };
        let mut said = json!({ "areas": areas.get_untracked() });
        if role.with_untracked(|role| *role != person.role) {
            said["role"] = json!(role.get_untracked());
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match desk.tell(format!("accounts/{}/areas", person.id), said).await {
                Ok(_) => {
                    open.set(false);
                    notices.say(w::placed());
                }
                Err(said) => problem.set(said),
            }
            busy.set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::cancel()}</Button>
            <Button busy on_press=save>{w::save()}</Button>
        }
    };
    let title =
        Signal::derive(move || w::place_of(desk.chosen.get().map(|person| person.name).unwrap_or_default()));
    let consequences = move || {
        let person = desk.chosen.get().unwrap_or_default();
        let said = consequences(&person, &desk.now(), &role.read(), &areas.read());
        said.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()
    };
    view! {
        <Dialog open title acts>
            <div class="stack">
                <p>{w::place_says()}</p>
                {move || desk.chosen.get().filter(|person| desk.admin && !person.own).map(|_| view! { <RoleChoice role areas /> })}
                {move || view! { <AreaChoice staff=desk.now() role=role.get() areas /> }}
                <div class="stack" role="status">{consequences}</div>
                <p class="field__problem" role="alert">{problem}</p>
            </div>
        </Dialog>
    }
}

/// The role; with another one the areas are chosen anew.
#[component]
pub(super) fn RoleChoice(
    /// What is chosen.
    role: RwSignal<String>,
    /// The areas, of which another role has others.
    areas: RwSignal<Vec<String>>,
) -> impl IntoView {
    let pick = move |word: String| {
        areas.set(Vec::new());
        role.set(word);
    };
    let roles = Role::ALL.map(|role| Opt::new(role.word(), labels::role(role.word()))).to_vec();
    view! { <Picker words=FieldWords::label(w::role()) options=Signal::stored(roles) chosen=role on_pick=pick /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff() -> Staff {
        Staff::read(&json!({
            "people": [{"id": "a", "name": "陈建国", "role": "village_worker", "areas": ["v1", "v2"]}],
            "areas": [
                {"id": "t", "code": "339999100", "name": "双桥镇"}, {"id": "u", "code": "339999200", "name": "青山镇"},
                {"id": "v1", "code": "339999100201", "name": "红旗村"}, {"id": "v2", "code": "339999100202", "name": "石桥村"},
            ],
        }))
    }

    #[test]
    fn what_somebody_sees_no_more_is_said() {
        let staff = staff();
        let said = |role: &str, areas: &[&str]| {
            let areas: Vec<String> = areas.iter().map(|area| (*area).to_owned()).collect();
            consequences(&staff.people[0], &staff, role, &areas)
        };
        assert!(said("village_worker", &["v1", "v2"]).is_empty());
        let fewer = said("village_worker", &["v1"]);
        assert!(fewer.len() == 1 && fewer[0].contains("石桥村") && !fewer[0].contains("红旗村"), "{fewer:?}");
        assert_eq!(said("township_clerk", &["t"]).len(), 2, "his villages lie in the township");
        assert_eq!(said("township_clerk", &["u"]).len(), 3);
    }
}
