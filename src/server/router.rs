//! Every route there is: one for each operation of the table of rights.

use axum::{
    Extension, Router,
    http::{HeaderName, HeaderValue, header},
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    set_header::SetResponseHeaderLayer,
};

use crate::{
    assets, auth, body, refusals,
    rights::Operation,
    routes::{
        accounts, areas, blobs, checklists, concerned, devices, dossiers, enrol, exports, handovers, health,
        history, imports, ledgers, lists, login, me, notices, openapi, overview, people, plan_tasks,
        publications, rescues, retention, saved_views, settings, setup, sheets, sponsors, staff_lists,
        standards, sync, unmask, views,
    },
    state::App,
};

/// What is no page of the app shows nothing as one, and stands in no frame.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";
/// A browser that was here once comes by https alone, for a year.
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// The app and its API.
pub fn router(app: App) -> Router {
    let is_api = |operation: &&Operation| operation.declared().path.starts_with("/api/");
    let (api, machine): (Vec<_>, Vec<_>) = Operation::ALL.iter().partition(is_api);
    let api = routes(api)
        .layer(middleware::from_fn(auth::only_own_pages))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .layer(middleware::map_response(body::sum_answer))
        .layer(CompressionLayer::new().no_br().quality(CompressionLevel::Default));
    let router = body::bounded_in_time(routes(machine).merge(api))
        .fallback(assets::serve)
        .layer(CatchPanicLayer::new())
        .layer(unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_set(header::CONTENT_SECURITY_POLICY, NO_PAGE))
        .layer(middleware::from_fn(refusals::log));
    let router = if app.config.dev {
        router
    } else {
        router.layer(unless_set(header::STRICT_TRANSPORT_SECURITY, HSTS))
    };
    router.with_state(app)
}

/// A header of every answer that does not bring its own.
fn unless_set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

fn routes(operations: Vec<&Operation>) -> Router<App> {
    operations
        .into_iter()
        .fold(Router::new(), |router, operation| router.route(operation.declared().path, handler(*operation)))
}

/// The handler of an operation; its door reads from the request which operation it is.
#[expect(clippy::too_many_lines, reason = "a table with a line for each operation")]
fn handler(operation: Operation) -> MethodRouter<App> {
    let method = MethodFilter::try_from(operation.declared().method)
        .expect("the table names the methods that a router knows");
    let handler = match operation {
        Operation::Enrol => on(method, enrol::enrol),
        Operation::RenewGrant => on(method, enrol::renew_grant),
        Operation::Login => on(method, login::login),
        Operation::Logout => on(method, login::logout),
        Operation::Sync => on(method, sync::sync),
        Operation::AnnounceBlob => on(method, blobs::announce),
        Operation::AddBlobChunk => on(method, blobs::add_chunk),
        Operation::BlobState => on(method, blobs::state),
        Operation::ReadBlob => on(method, blobs::read),
        Operation::Me => on(method, me::me),
        Operation::ChangePassword => on(method, me::change_password),
        Operation::ListOwnSessions => on(method, me::sessions),
        Operation::EndOwnSession => on(method, me::end_session),
        Operation::ListSavedViews => on(method, saved_views::list),
        Operation::KeepSavedViews => on(method, saved_views::keep),
        Operation::SetUpState => on(method, setup::state),
        Operation::SetUp => on(method, setup::set_up),
        Operation::ReadSetUpSheet => on(method, setup::sheet),
        Operation::ListAccounts => on(method, accounts::list),
        Operation::AddAccount => on(method, accounts::add),
        Operation::JudgeStaffSheet => on(method, staff_lists::judge),
        Operation::AddAccounts => on(method, staff_lists::add),
        Operation::AssignAreas => on(method, accounts::assign),
        Operation::GivePassword => on(method, accounts::give_password),
        Operation::EndAccount => on(method, accounts::end),
        Operation::ResumeAccount => on(method, accounts::resume),
        Operation::ForgetFactor => on(method, accounts::forget_factor),
        Operation::Deputise => on(method, accounts::deputise),
        Operation::EndDeputy => on(method, accounts::end_deputy),
        Operation::ListAreas => on(method, areas::list),
        Operation::AddAreas => on(method, areas::add),
        Operation::RenameArea => on(method, areas::rename),
        Operation::PreviewMerge => on(method, areas::preview_merge),
        Operation::MergeArea => on(method, areas::merge),
        Operation::ListHandovers => on(method, handovers::list),
        Operation::HandOver => on(method, handovers::hand_over),
        Operation::PreviewHandover => on(method, handovers::preview),
        Operation::ListPlanTasks => on(method, plan_tasks::list),
        Operation::GivePlanTask => on(method, plan_tasks::give),
        Operation::ChangePlanTasks => on(method, plan_tasks::change),
        Operation::ReportPlanTask => on(method, plan_tasks::report),
        Operation::Unmask => on(method, unmask::unmask),
        Operation::ReadSheet => on(method, sheets::read),
        Operation::ReadSponsorSheet => on(method, sponsors::read_sheet),
        Operation::PreviewImport => on(method, imports::preview),
        Operation::ListImports => on(method, imports::list),
        Operation::JudgeImport => on(method, imports::judge),
        Operation::ReadRefused => on(method, imports::refused_lines),
        Operation::UndoImport => on(method, imports::undo),
        Operation::CommitImport => on(method, imports::commit),
        Operation::ListChecklists => on(method, checklists::list),
        Operation::ReadChecklist => on(method, checklists::form),
        Operation::PublishChecklist => on(method, checklists::publish),
        Operation::ExportLedger => on(method, exports::export),
        Operation::ReportPerson => on(method, dossiers::report),
        Operation::ListNotices => on(method, notices::list),
        Operation::WriteNotice => on(method, notices::write),
        Operation::ApproveNotice => on(method, notices::approve),
        Operation::ReadSettings => on(method, settings::read),
        Operation::ListStandards => on(method, standards::list),
        Operation::EnterStandards => on(method, standards::enter),
        Operation::ReadStandardsSheet => on(method, standards::sheet),
        Operation::PublishStandards => on(method, standards::publish),
        Operation::DiscardStandards => on(method, standards::discard),
        Operation::ReadHealth => on(method, health::read),
        Operation::ChangeSettings => on(method, settings::change),
        Operation::ChangeSafetySettings => on(method, settings::change_safety),
        Operation::ListPublications => on(method, publications::list),
        Operation::Publish => on(method, publications::publish),
        Operation::ReadPublication => on(method, publications::read),
        Operation::WithdrawPublication => on(method, publications::withdraw),
        Operation::ReadRetention => on(method, retention::report),
        Operation::ApplyRetention => on(method, retention::apply),
        Operation::ListAskedExports => on(method, exports::list_asked),
        Operation::ApproveExport => on(method, exports::approve),
        Operation::RefuseExport => on(method, exports::refuse),
        Operation::NoteViews => on(method, views::note),
        Operation::NoteCopy => on(method, views::copied),
        Operation::ReadHistory => on(method, history::history),
        Operation::ListLedger => on(method, ledgers::page),
        Operation::PrintLedger => on(method, ledgers::paper),
        Operation::ShowOverview => on(method, overview::show),
        Operation::ListPeople => on(method, people::people),
        Operation::ListRecipients => on(method, lists::recipients),
        Operation::ListAudit => on(method, lists::audit),
        Operation::ImportRescue => on(method, rescues::import),
        Operation::PreviewRescue => on(method, rescues::preview),
        Operation::RescueHeld => on(method, rescues::held),
        Operation::ListDevices => on(method, devices::list),
        Operation::AddCode => on(method, devices::add_code),
        Operation::SetDeviceState => on(method, devices::set_state),
        Operation::SettleIncident => on(method, devices::settle),
        Operation::ExportConcerned => on(method, concerned::export),
        Operation::OpenApi => on(method, openapi::document),
        Operation::Health => on(method, health::healthz),
        Operation::Metrics => on(method, health::metrics),
    };
    handler.route_layer(Extension(operation))
}
