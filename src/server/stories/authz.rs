//! The table of rights, cell by cell: every operation is asked by everybody about every target, and answers as `docs/authz.md` says.

mod scene;
mod shown;
mod withheld;
mod writes;

use axum::{
    body::Body,
    http::{Method, header},
};
use domain::access::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::{Answer, Browser};
use crate::rights::{Beyond, Door, Operation};
use scene::{Asker, Relation, Scene, Target};

const UNKNOWN_PHOTO: &str = "abababababababababababababababababababababababababababababababab";

/// What takes a workbook, which only the program itself reads.
const WORKBOOKS: [Operation; 5] = [
    Operation::PreviewImport,
    Operation::PublishChecklist,
    Operation::ReadSponsorSheet,
    Operation::ReadStandardsSheet,
    Operation::JudgeStaffSheet,
];

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// It came through the door, and the target was found.
    Reached,
    Login,
    Revoked,
    Forbidden,
    NotFound,
    LeftOut,
}

/// The cell as the table has it.
fn declared(operation: Operation, asker: Asker, relation: Relation) -> Cell {
    let declared = operation.declared();
    match (declared.door, asker) {
        (Door::Anyone, _) => return Cell::Reached,
        (_, Asker::Anonymous) => return Cell::Login,
        (_, Asker::Revoked) => return Cell::Revoked,
        (Door::Grant, _) => return Cell::Reached,
        (Door::Session(_), Asker::Locked) => return Cell::Login,
        (Door::Session(roles), Asker::Role(role) | Asker::Elsewhere(role)) if !roles.contains(&role) => {
            return Cell::Forbidden;
        }
        (Door::Session(_), _) => {}
    }
    let is_inside = matches!(relation, Relation::Own | Relation::Child);
    match declared.beyond {
        Beyond::NoTarget | Beyond::Held => Cell::Reached,
        _ if is_inside => Cell::Reached,
        Beyond::LeftOutUnlessAbove if relation == Relation::Parent => Cell::Reached,
        Beyond::NotFound => Cell::NotFound,
        Beyond::LeftOut | Beyond::LeftOutUnlessAbove => Cell::LeftOut,
    }
}

#[tokio::test]
async fn every_operation_answers_everybody_about_every_target_as_declared() {
    let scene = Scene::new().await;
    let mut cells = 0;
    // A logout ends what the others need, and the chain, which is read in pages, grows with most of them.
    let (first, last) = ([Operation::ListAudit], [Operation::Logout]);
    let between =
        Operation::ALL.iter().filter(|operation| !first.contains(operation) && !last.contains(operation));
    for operation in first.iter().chain(between).chain(&last) {
        let has_target = !matches!(operation.declared().beyond, Beyond::NoTarget | Beyond::Held);
        for (asker, browser) in scene.askers() {
            let targets = scene.targets(asker);
            let count = if has_target { targets.len() } else { 1 };
            for (relation, target) in targets.into_iter().take(count) {
                check(&scene, *operation, (asker, browser), (relation, target)).await;
                cells += 1;
            }
        }
    }
    assert!(cells > Operation::ALL.len() * 19, "{cells} cells");
}

async fn check(
    scene: &Scene,
    operation: Operation,
    (asker, browser): (Asker, &Browser),
    (relation, target): (Relation, &Target),
) {
    let answer = ask(scene, operation, browser, target).await;
    let found = cell(operation, target, &answer);
    assert_eq!(
        found,
        Some(declared(operation, asker, relation)),
        "{operation:?} by {asker:?} about {relation:?} ({}): {} {}",
        target.code,
        answer.status,
        answer.text()
    );
}

/// The path of an operation on the target, but for what has to be made for it first.
fn path_of(operation: Operation, target: &Target) -> String {
    // What can be done once only is done to somebody new.
    let is_once = matches!(operation, Operation::EndAccount | Operation::Deputise);
    operation
        .declared()
        .path
        .replace("{hash}", if operation == Operation::AnnounceBlob { UNKNOWN_PHOTO } else { &target.photo })
        .replace("{area}", &target.area)
        .replace("{asked}", &target.asked.to_string())
        .replace("{account}", if is_once { "{account}" } else { &target.account })
        .replace("{version}", scene::NOTICE)
        .replace("{ledger}", "follow_up_ledger")
        .replace("{device}", &target.device)
        .replace("{incident}", &target.incident.to_string())
}

/// Asks for what would be done if everything but the right were in order.
async fn ask(scene: &Scene, operation: Operation, who: &Browser, target: &Target) -> Answer {
    ask_with(scene, operation, who, target, Body::from).await
}

/// The same with a body that `sent` makes of its text.
async fn ask_with(
    scene: &Scene,
    operation: Operation,
    who: &Browser,
    target: &Target,
    sent: impl FnOnce(String) -> Body,
) -> Answer {
    let declared = operation.declared();
    let (query, body) = match operation {
        Operation::Enrol => ("", json!({"code": "WRONG", "device": who.device, "vault": who.vault})),
        Operation::Login => ("", json!({"user": "nobody", "password": "not the password"})),
        Operation::Sync => ("", json!({"v": 1, "device": who.device, "inc": who.inc})),
        Operation::AnnounceBlob => ("", json!({"bytes": 4, "kind": "photo", "e": Uuid::nil()})),
        Operation::NoteViews => ("", json!({"files": [{"e": target.family, "on": "2026-11-26"}]})),
        Operation::Unmask => ("", json!({"e": target.family, "f": "id_no", "reason": "核对证件"})),
        Operation::NoteCopy => ("", json!({"rows": 3, "areas": []})),
        Operation::ExportLedger | Operation::PrintLedger => ("", json!({"area": target.area})),
        Operation::ChangePassword => ("", json!({"old": "not the password", "new": "another long password"})),
        Operation::EndOwnSession => ("", json!({"password": "not the password"})),
        Operation::KeepSavedViews => ("", json!({"table": "ledger", "views": []})),
        Operation::AddAccount => {
            ("", json!({"user": scene.new_name(), "role": "village_worker", "areas": [target.area]}))
        }
        Operation::AddAccounts => {
            let one = json!({"user": scene.new_name(), "role": "village_worker", "areas": [target.area]});
            ("", json!({ "people": [one] }))
        }
        Operation::AssignAreas => ("", json!({"areas": [target.area]})),
        Operation::Deputise => ("", scene.leave_for(target).await),
        Operation::AddAreas => ("", json!({"text": "339999100299 新村", "check": true})),
        // What is found is refused only because it is one.
        Operation::PreviewMerge | Operation::MergeArea => ("", json!({"into": target.area})),
        Operation::RenameArea => ("", scene.same_name(target)),
        Operation::RefuseExport => ("", json!({"reason": "这个月已经报过"})),
        Operation::HandOver => ("", target.handover()),
        Operation::GivePlanTask => ("", target.plan_task()),
        Operation::ChangePlanTasks => {
            ("", json!({"changes": [{"task": target.task, "due_on": "2027-01-31"}]}))
        }
        Operation::ReportPlanTask => ("", json!({"state": "in_progress", "word": "开了两次会"})),
        Operation::WriteNotice => ("", json!({"version": scene.new_name(), "text": "告".repeat(60)})),
        Operation::EnterStandards => ("", scene::standards()),
        // What is not there is refused only to who may.
        Operation::PublishStandards | Operation::DiscardStandards => ("", json!({"ids": [Uuid::nil()]})),
        Operation::ChangeSettings => ("", json!({"changes": {"follow_up_c": "12"}})),
        Operation::ChangeSafetySettings => ("", json!({"changes": {"lock_minutes": "5"}})),
        Operation::Publish => ("", scene.publication_of(target)),
        Operation::WithdrawPublication => ("", json!({"reason": "名单有误"})),
        Operation::ApplyRetention => ("", json!({"digest": "of no report"})),
        Operation::PreviewHandover => ("", json!({"area": target.area, "from": target.account})),
        Operation::AddCode => ("", json!({"user": target.user})),
        Operation::SetDeviceState => ("", json!({"state": "active", "reason": "找到了"})),
        Operation::SettleIncident => ("", json!({"word": "看过"})),
        Operation::ExportConcerned => ("", json!({"reason": "手机丢了"})),
        Operation::ImportRescue | Operation::PreviewRescue => ("", target.rescue_file()),
        Operation::CommitImport => ("", json!({})),
        Operation::PreviewImport => (target.area.as_str(), Value::Null),
        Operation::ListLedger | Operation::ShowOverview => (target.area.as_str(), Value::Null),
        Operation::ListRecipients | Operation::ListAudit => ("", Value::Null),
        _ => ("", json!({})),
    };
    let path = placed(scene, operation, who, target, query).await;
    let mut request = who.request_at(declared.method.clone(), &path);
    if WORKBOOKS.contains(&operation) {
        // A body that cannot be read comes after the door and the area, and before the list.
        request = request.header(header::CONTENT_ENCODING, "gzip");
        return who.send(request.body(Body::from("no list")).unwrap()).await;
    }
    if operation == Operation::AddBlobChunk {
        request = request.header("upload-offset", 0).header("chunk-sha-256", "00");
    }
    let body = if declared.method == Method::GET { Body::empty() } else { sent(body.to_string()) };
    who.send(request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap()).await
}

/// The path with what it names; what is to be there is made.
async fn placed(scene: &Scene, operation: Operation, who: &Browser, target: &Target, query: &str) -> String {
    let path = path_of(operation, target);
    match operation {
        Operation::CommitImport | Operation::JudgeImport | Operation::ReadRefused => {
            path.replace("{id}", &scene.import_for(who, target).await.to_string())
        }
        Operation::UndoImport => path.replace("{id}", &target.imported.to_string()),
        Operation::EndAccount | Operation::Deputise => {
            path.replace("{account}", &scene.worker_of(target).await)
        }
        Operation::EndDeputy => path.replace("{deputy}", &scene.deputy_of(target).await.to_string()),
        Operation::ListAudit => format!("{path}?size=500"),
        Operation::ReportPlanTask => path.replace("{id}", &target.task.to_string()),
        Operation::ReadChecklist => format!("{path}?code=FOLLOWUP"),
        Operation::ReadPublication | Operation::WithdrawPublication => {
            path.replace("{id}", &target.publication.to_string())
        }
        Operation::ReadHistory | Operation::ReportPerson => path.replace("{id}", &target.family.to_string()),
        _ if !query.is_empty() => format!("{path}?area={query}"),
        _ => path,
    }
}

/// What an answer says of a cell; nothing where it is none of the answers of the table.
fn cell(operation: Operation, target: &Target, answer: &Answer) -> Option<Cell> {
    let err = || answer.json()["err"].as_str().unwrap_or_default().to_owned();
    let status = answer.status.as_u16();
    if operation.declared().door == Door::Anyone {
        // Refused for what was sent along, not for who sent it.
        let is_judged = match operation {
            Operation::Enrol | Operation::RenewGrant => matches!(status, 401 | 403),
            Operation::Login => matches!(status, 401 | 429),
            // It is set up.
            Operation::SetUp | Operation::ReadSetUpSheet => status == 422 && err() == "setup_closed",
            _ => status == 200,
        };
        return is_judged.then_some(Cell::Reached);
    }
    match status {
        401 if err() == "login" => Some(Cell::Login),
        403 if err() == "revoked" => Some(Cell::Revoked),
        403 if err() == "forbidden" => Some(Cell::Forbidden),
        404 if err() == "not_found" => Some(Cell::NotFound),
        _ if !is_reached(operation, status, answer) => None,
        _ if target.stands_in(operation, answer) => Some(Cell::Reached),
        _ => Some(Cell::LeftOut),
    }
}

/// Whether the answer is one that only comes behind the door and the target.
fn is_reached(operation: Operation, status: u16, answer: &Answer) -> bool {
    match operation {
        _ if WORKBOOKS.contains(&operation) => status == 460,
        Operation::AddBlobChunk => status == 460,
        Operation::ChangePassword | Operation::EndOwnSession => {
            status == 422 && answer.json()["err"] == "password_wrong"
        }
        Operation::PublishStandards | Operation::DiscardStandards => {
            status == 422 && answer.json()["err"] == "standard_gone"
        }
        Operation::ReadSheet => status == 422 && answer.json()["err"] == "photo_refused",
        Operation::ApplyRetention => status == 422 && answer.json()["err"] == "report_changed",
        Operation::PreviewMerge | Operation::MergeArea => {
            status == 422 && answer.json()["err"] == "area_itself"
        }
        // Whether a role goes with an area is judged behind both.
        Operation::AddAccount | Operation::AssignAreas | Operation::HandOver => {
            status == 200 || answer.json()["err"] == "areas_of_role"
        }
        Operation::AddAccounts => status == 200 || answer.json()["err"] == "people_bad",
        // The first who may has done it.
        Operation::UndoImport => status == 200 || answer.json()["err"] == "undone_already",
        Operation::CommitImport | Operation::JudgeImport | Operation::ReadRefused => {
            status == 422 && ["empty", "header_not_found"].map(Value::from).contains(&answer.json()["err"])
        }
        Operation::ImportRescue | Operation::PreviewRescue => {
            status == 422 && answer.json()["err"] == "rescue_other_key"
        }
        _ => status == 200,
    }
}

/// The role by which somebody acts.
fn role_of(asker: Asker) -> Option<Role> {
    match asker {
        Asker::Role(role) | Asker::Elsewhere(role) => Some(role),
        _ => None,
    }
}
