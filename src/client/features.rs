//! The pages, one slice for each thing people do here.
//!
//! What several slices say or show stands beside them: people as rows, days and moments, codes in words, problems in words.

mod answer_words;
mod area_choice;
mod area_rows;
mod ask_reason;
mod attention;
mod audit;
mod blob_images;
mod checklists;
mod colleagues;
mod credentials;
mod days;
mod desk;
mod devices;
mod dues;
mod enrol;
mod entry;
mod file_rows;
mod find_person;
mod finger;
mod guardian;
mod handovers;
mod health;
mod held_step;
mod help_words;
mod import;
pub(crate) mod labels;
mod leave;
mod ledger;
mod list_sheet;
mod login;
mod me;
mod needs;
mod needs_order;
mod new_code;
mod new_file;
mod notice_line;
mod outbox;
mod overview;
mod panel;
mod people;
mod person;
mod pin;
mod places;
mod plan;
mod plan_tasks;
mod pledges;
mod print;
mod privacy;
mod problems;
mod promised;
mod recipient;
mod recipients;
mod review;
mod rounds;
mod samples;
mod saved_line;
mod saved_views;
mod setup;
mod sheets;
mod shell;
mod sponsors;
mod staff;
mod standards;
mod taken_photos;
mod thumbs;
mod today;
mod unlock;
mod visit_form;
mod visit_state;
mod visits;
mod voice;
mod when;
mod workbook_drop;

pub(crate) use attention::AttentionPage;
pub(crate) use audit::AuditPage;
pub(crate) use checklists::{ChecklistEditorPage, ChecklistsPage};
pub(crate) use devices::{DevicesPage, device_kind};
pub(crate) use enrol::EnrolPage;
pub(crate) use handovers::HandoversPage;
pub(crate) use health::HealthPage;
pub(crate) use import::ImportPage;
pub(crate) use ledger::{LedgerPage, PrintLedgerPage};
pub(crate) use login::LoginPage;
pub(crate) use me::{MePage, SessionsPage};
pub(crate) use needs::NeedsPage;
pub(crate) use new_file::NewFilePage;
pub(crate) use outbox::OutboxPage;
pub(crate) use overview::{OverviewPage, PrintOverviewPage};
pub(crate) use plan::PlanPage;
pub(crate) use plan_tasks::PlanTasksPage;
pub(crate) use print::{PrintBlankPage, PrintNeedPage, PrintPackagePage, PrintPledgePage, PrintVisitPage};
pub(crate) use privacy::PrivacyPage;
pub(crate) use recipient::MergePage;
pub(crate) use review::ReviewPage;
pub(crate) use rounds::RoundsPage;
pub(crate) use samples::SamplesPage;
pub(crate) use setup::SetUpPage;
pub(crate) use shell::{NotFoundPage, Shell, update_waiting};
pub(crate) use sponsors::SponsorsPage;
pub(crate) use staff::StaffPage;
pub(crate) use standards::StandardsPage;
pub(crate) use today::TodayPage;
pub(crate) use unlock::UnlockPage;
use visit_form::Discard;
pub(crate) use visit_form::VisitFormPage;
pub(crate) use visits::VisitsPage;

/// 对象: a list on a phone, a table at the desk.
#[leptos::component]
pub(crate) fn RecipientsPage() -> impl leptos::IntoView {
    use leptos::prelude::*;
    let wide = crate::ui::use_wide();
    if crate::session::use_session().is_office() {
        crate::data::use_data().ask_for_news(crate::routes::id_param());
    }
    move || {
        if wide.get() {
            view! { <desk::DeskRecipients /> }.into_any()
        } else {
            view! { <recipients::RecipientsPage /> }.into_any()
        }
    }
}
