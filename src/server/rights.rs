//! What may be asked of the server, and by whom (domain.md §9.2). The router, the API's document and `docs/authz.md` are made from this table:
//! what does not stand here cannot be reached.
//!
//! A role is half of a right; the other half is the caller's areas, read inside the transaction that uses them.

#[cfg(test)]
pub(crate) mod page;

use axum::http::Method;
use domain::access::Role::{
    self, Admin, Auditor, CountyClerk, CountyLead, TownshipClerk, TownshipLead, UnitContact, VillageWorker,
};

use crate::{db::Caller, error::ApiError};
use Beyond::{Held, LeftOut, LeftOutUnlessAbove, NoTarget, NotFound};
use Door::{Anyone, Grant, Session};

/// Every role.
const ALL: &[Role] = &Role::ALL;
/// Roles that keep files.
const OFFICE: &[Role] = &[TownshipClerk, TownshipLead, CountyClerk, CountyLead];
/// Roles that take lists into the files: a county's leader approves and does not enter.
const CLERKS: &[Role] = &[TownshipClerk, TownshipLead, CountyClerk];
/// Roles that see families: the offices and the village.
const FIELD: &[Role] = &[VillageWorker, TownshipClerk, TownshipLead, CountyClerk, CountyLead];
/// Roles that look after devices, people and forms.
const SUPERVISORS: &[Role] = &[TownshipClerk, TownshipLead, CountyClerk, CountyLead, Admin];
/// Roles that allow what others ask for.
const LEADS: &[Role] = &[TownshipLead, CountyLead];
/// Roles of the county's office.
const COUNTY: &[Role] = &[CountyClerk, CountyLead];
/// The role that answers for what is told to people, and for what is deleted.
const COUNTY_LEAD: &[Role] = &[CountyLead];
/// Roles that publish checklists.
const PUBLISHERS: &[Role] = &[CountyClerk, CountyLead, Admin];
/// Roles that have tasks of the work plan: who gives them, and who is given them.
const PLANNERS: &[Role] = &[TownshipClerk, TownshipLead, CountyClerk, CountyLead, UnitContact];
/// The role that says what a county pays.
const COUNTY_CLERK: &[Role] = &[CountyClerk];
const AUDITOR: &[Role] = &[Auditor];
const ADMIN: &[Role] = &[Admin];
/// Roles that see how the server itself is.
const OPERATORS: &[Role] = &[CountyClerk, CountyLead, Admin];

/// Who is let in, before anything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Everybody. What is sent along (a password, a code, a session) is judged by the operation.
    Anyone,
    /// Whoever holds a device that is not revoked, locked or not; on a shared PC, its session.
    Grant,
    /// Whoever is logged in with one of these roles, on a device that is neither revoked nor to be wiped.
    Session(&'static [Role]),
}

/// What becomes of a target that lies outside the caller's areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// The operation has no target.
    NoTarget,
    /// It is not found, like one that does not exist.
    NotFound,
    /// It does not stand in the answer.
    LeftOut,
    /// The same, but that accounts above the caller's areas are named to him.
    LeftOutUnlessAbove,
    /// It is kept, changes nothing, and waits for a person.
    Held,
}

/// What the table says of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) door: Door,
    pub(crate) beyond: Beyond,
    /// What it does, in a few words.
    pub(crate) does: &'static str,
}

/// One line makes the operation, its place in [`Operation::ALL`] and what is declared of it, so that none of the three can be forgotten.
macro_rules! operations {
    ($($name:ident: $method:ident $path:literal, $door:expr, $beyond:ident, $does:literal;)*) => {
        /// Everything that may be asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Operation { $($name),* }

        impl Operation {
            /// Every operation, in the order of the table.
            pub(crate) const ALL: &[Operation] = &[$(Operation::$name),*];

            /// The operation's line of the table.
            pub(crate) fn declared(self) -> Declared {
                let (method, path, door, beyond, does) = match self {
                    $(Operation::$name => (Method::$method, $path, $door, $beyond, $does)),*
                };
                Declared { method, path, door, beyond, does }
            }
        }
    };
}

operations! {
    Enrol: POST "/api/v1/enrol", Anyone, NoTarget, "gives a device its grant for a one-time code";
    RenewGrant: POST "/api/v1/grant", Anyone, NoTarget, "gives it again for the session of the first day";
    Login: POST "/api/v1/login", Anyone, NoTarget, "opens a session for a password";
    Logout: POST "/api/v1/logout", Grant, NoTarget, "ends the session";
    Sync: POST "/api/v1/sync", Grant, Held, "takes work in and hands the villages out";
    AnnounceBlob: PUT "/api/v1/blobs/{hash}", Grant, NoTarget, "announces a photo; nobody sees it by this";
    AddBlobChunk: PATCH "/api/v1/blobs/{hash}", Grant, NoTarget, "takes a piece of a photo";
    BlobState: GET "/api/v1/blobs/{hash}/state", Grant, NoTarget, "says how far a photo has come";
    ReadBlob: GET "/api/v1/blobs/{hash}", Session(FIELD), NotFound, "shows a photo that a record attaches";
    Me: GET "/api/v1/me", Session(ALL), NoTarget, "says who is logged in, and for where";
    ChangePassword: POST "/api/v1/me/password", Session(ALL), NoTarget, "changes one's own password";
    ListOwnSessions: GET "/api/v1/me/sessions", Session(ALL), NoTarget, "says on which devices one is logged in";
    EndOwnSession: POST "/api/v1/me/sessions/{device}/end", Session(ALL), NoTarget, "logs oneself out on another device, for the password";
    ListSavedViews: GET "/api/v1/me/saved-views", Session(ALL), NoTarget, "says how one looks at tables again and again";
    KeepSavedViews: POST "/api/v1/me/saved-views", Session(ALL), NoTarget, "keeps how one looks at a table, under names of one's own";
    SetUpState: GET "/api/v1/setup", Anyone, NoTarget, "says whether the office waits to be set up";
    SetUp: POST "/api/v1/setup", Anyone, NoTarget, "sets up a new office, for the code that its server printed";
    ReadSetUpSheet: POST "/api/v1/setup/sheet", Anyone, NoTarget, "reads a sheet of areas, for that code";
    ListAccounts: GET "/api/v1/accounts", Session(SUPERVISORS), LeftOut, "shows the people of the areas";
    AddAccount: POST "/api/v1/accounts", Session(ADMIN), NotFound, "makes an account";
    JudgeStaffSheet: POST "/api/v1/accounts/sheet", Session(ADMIN), NoTarget, "judges a sheet of people, and keeps nothing of it";
    AddAccounts: POST "/api/v1/accounts/list", Session(ADMIN), NotFound, "makes accounts, all of them or none";
    AssignAreas: POST "/api/v1/accounts/{account}/areas", Session(SUPERVISORS), NotFound, "gives an account other areas; an office a village worker's, an administrator also another role";
    GivePassword: POST "/api/v1/accounts/{account}/password", Session(ADMIN), NotFound, "gives a one-time password";
    EndAccount: POST "/api/v1/accounts/{account}/end", Session(ADMIN), NotFound, "ends the account of somebody who left";
    ResumeAccount: POST "/api/v1/accounts/{account}/resume", Session(ADMIN), NotFound, "lets an account work again";
    ForgetFactor: POST "/api/v1/accounts/{account}/forget-factor", Session(ADMIN), NotFound, "has the second factor set up anew";
    Deputise: POST "/api/v1/accounts/{account}/deputies", Session(SUPERVISORS), NotFound, "names who stands in during a leave";
    EndDeputy: POST "/api/v1/deputies/{deputy}/end", Session(SUPERVISORS), NotFound, "ends that";
    ListAreas: GET "/api/v1/areas", Session(SUPERVISORS), LeftOut, "shows the areas, how many families, people and devices each has, and what it was called";
    AddAreas: POST "/api/v1/areas", Session(ADMIN), NoTarget, "adds townships and villages of the county";
    RenameArea: POST "/api/v1/areas/{area}/rename", Session(ADMIN), NotFound, "gives an area another name, a village another code, from a day on";
    PreviewMerge: POST "/api/v1/areas/{area}/merge/preview", Session(ADMIN), NotFound, "counts what would move from one village into another";
    MergeArea: POST "/api/v1/areas/{area}/merge", Session(ADMIN), NotFound, "makes a village part of another of its township";
    ListHandovers: GET "/api/v1/handovers", Session(FIELD), NoTarget, "shows what changed hands: to an office in its areas, to a worker his own";
    HandOver: POST "/api/v1/handovers", Session(OFFICE), NotFound, "hands families over to another worker";
    PreviewHandover: POST "/api/v1/handovers/preview", Session(OFFICE), NotFound, "shows what would change hands";
    ListPlanTasks: GET "/api/v1/plan-tasks", Session(PLANNERS), LeftOut, "shows the tasks of the work plan; to a unit's contact his own";
    GivePlanTask: POST "/api/v1/plan-tasks", Session(OFFICE), NotFound, "gives a unit's contact a task";
    ChangePlanTasks: POST "/api/v1/plan-tasks/changes", Session(OFFICE), NotFound, "gives several tasks another day or another contact";
    ReportPlanTask: POST "/api/v1/plan-tasks/{id}", Session(PLANNERS), NotFound, "says how far a task is, and what proves it; a unit's contact of his own";
    Unmask: POST "/api/v1/unmask", Session(FIELD), NotFound, "shows one number in full, for a reason";
    PreviewImport: POST "/api/v1/imports", Session(CLERKS), NotFound, "judges a list and writes nothing";
    ListImports: GET "/api/v1/imports", Session(CLERKS), LeftOut, "shows the lists that were written, and what each did";
    JudgeImport: POST "/api/v1/imports/{id}/judge", Session(CLERKS), NotFound, "judges it again, with columns that a person named and cells that he mended";
    ReadRefused: GET "/api/v1/imports/{id}/refused", Session(CLERKS), NotFound, "sends its refused lines as a workbook, with the reasons";
    UndoImport: POST "/api/v1/imports/{id}/undo", Session(CLERKS), NotFound, "makes the families of a list what they were before it, if nobody worked on them since";
    CommitImport: POST "/api/v1/imports/{id}/commit", Session(CLERKS), NotFound, "writes a list that oneself had judged";
    ListChecklists: GET "/api/v1/checklists", Session(SUPERVISORS), NoTarget, "says since when which checklist is out, of those for the caller's areas";
    ReadChecklist: GET "/api/v1/checklists/form", Session(SUPERVISORS), NoTarget, "sends a checklist as an XLSForm workbook, of those in the caller's villages";
    PublishChecklist: POST "/api/v1/checklists", Session(PUBLISHERS), NoTarget, "publishes a checklist in the caller's villages";
    ExportLedger: POST "/api/v1/exports/{ledger}", Session(OFFICE), NotFound, "writes a ledger as a workbook";
    NoteViews: POST "/api/v1/views", Session(FIELD), NoTarget, "tells whose files were opened on the device";
    NoteCopy: POST "/api/v1/views/copied", Session(FIELD), NoTarget, "tells that lines of a table are copied, up to as many as an export takes unasked";
    ReadSheet: POST "/api/v1/sheets", Session(FIELD), NoTarget, "reads the code on a photographed sheet, and keeps nothing of it";
    ReadSponsorSheet: POST "/api/v1/sponsors/sheet", Session(OFFICE), NoTarget, "judges a sheet of sponsors, and keeps nothing of it";
    ReadHistory: GET "/api/v1/recipients/{id}/history", Session(FIELD), NotFound, "tells who changed what in a file";
    ListAskedExports: GET "/api/v1/exports/approvals", Session(OFFICE), LeftOut, "shows the long exports that wait for a second person; one's own always";
    ApproveExport: POST "/api/v1/exports/approvals/{asked}", Session(LEADS), NotFound, "allows a long export that another asked for";
    RefuseExport: POST "/api/v1/exports/approvals/{asked}/refuse", Session(LEADS), NotFound, "refuses it, for a reason";
    ListLedger: GET "/api/v1/lists/{ledger}", Session(OFFICE), NotFound, "shows a ledger: of visits, help, people, files, changes, festivals, confirmations, plaques or payments";
    PrintLedger: POST "/api/v1/lists/{ledger}/paper", Session(OFFICE), NotFound, "sends a ledger to be printed, up to as many lines as an export takes unasked";
    ShowOverview: GET "/api/v1/lists/overview", Session(OFFICE), NotFound, "counts visits, files, help and how content families are, by area and worker";
    ListPeople: GET "/api/v1/lists/people", Session(ALL), LeftOutUnlessAbove, "names the accounts of the areas";
    ListRecipients: GET "/api/v1/lists/recipients", Session(OFFICE), LeftOut, "counts the families of each village";
    ListAudit: GET "/api/v1/lists/audit", Session(AUDITOR), LeftOut, "shows the audit chain, in which no values stand";
    ReportPerson: POST "/api/v1/recipients/{id}/report", Session(OFFICE), NotFound, "writes all that is kept about one person as a workbook; numbers in full for a reason";
    ListNotices: GET "/api/v1/notices", Session(OFFICE), NoTarget, "shows every version of the notice";
    WriteNotice: POST "/api/v1/notices", Session(COUNTY), NoTarget, "writes a version of the notice, which waits for approval";
    ApproveNotice: POST "/api/v1/notices/{version}/approve", Session(COUNTY_LEAD), NoTarget, "puts a version of the notice in force";
    ReadSettings: GET "/api/v1/settings", Session(OFFICE), NoTarget, "shows how often and when families are visited";
    ChangeSettings: POST "/api/v1/settings", Session(COUNTY), NoTarget, "changes that, for the whole county";
    ChangeSafetySettings: POST "/api/v1/settings/safety", Session(ADMIN), NoTarget, "changes what phones lock and show and what is asked of passwords, for everybody";
    ListStandards: GET "/api/v1/standards", Session(OFFICE), NoTarget, "shows what is paid to conscripts' families and for awards; what is not published yet to the county";
    EnterStandards: POST "/api/v1/standards", Session(COUNTY_CLERK), NoTarget, "enters rows of that, which nobody goes by yet";
    ReadStandardsSheet: POST "/api/v1/standards/sheet", Session(COUNTY_CLERK), NoTarget, "judges a sheet of such rows, and keeps nothing of it";
    PublishStandards: POST "/api/v1/standards/publish", Session(COUNTY_CLERK), NoTarget, "puts such rows in force, for the whole county";
    DiscardStandards: POST "/api/v1/standards/discard", Session(COUNTY_CLERK), NoTarget, "deletes such rows that were never published";
    ReadHealth: GET "/api/v1/health", Session(OPERATORS), NoTarget, "says how the server is, and what whoever runs it must see to";
    ListPublications: GET "/api/v1/publications", Session(OFFICE), LeftOut, "shows which lists hang in public, or did";
    Publish: POST "/api/v1/publications", Session(OFFICE), NotFound, "makes a list for publication: name, village, category and amount";
    ReadPublication: GET "/api/v1/publications/{id}", Session(OFFICE), NotFound, "sends such a list, until its last day";
    WithdrawPublication: POST "/api/v1/publications/{id}/withdraw", Session(OFFICE), NotFound, "takes it down before its time";
    ReadRetention: GET "/api/v1/retention", Session(COUNTY_LEAD), LeftOut, "says what has been kept for long enough, and would be deleted";
    ApplyRetention: POST "/api/v1/retention", Session(COUNTY_LEAD), NoTarget, "deletes what stands in the report that was seen";
    ImportRescue: POST "/api/v1/rescues", Session(OFFICE), NotFound, "takes in the rescue file of a phone";
    PreviewRescue: POST "/api/v1/rescues/preview", Session(OFFICE), NotFound, "says what a rescue file holds";
    RescueHeld: GET "/api/v1/rescues/held", Session(SUPERVISORS), LeftOut, "names what came by file and waits";
    ListDevices: GET "/api/v1/devices", Session(SUPERVISORS), LeftOut, "shows the devices and whose they are";
    AddCode: POST "/api/v1/devices/code", Session(SUPERVISORS), NotFound, "makes a one-time code for an account";
    SetDeviceState: POST "/api/v1/devices/{device}/state", Session(SUPERVISORS), NotFound, "stops, wipes or revokes a device";
    SettleIncident: POST "/api/v1/devices/{device}/incidents/{incident}", Session(SUPERVISORS), NotFound, "notes what was done about a phone's loss";
    ExportConcerned: POST "/api/v1/devices/{device}/concerned", Session(OFFICE), NotFound, "writes whose files a device held, as a workbook for whoever tells them of its loss";
    OpenApi: GET "/api/openapi.json", Anyone, NoTarget, "describes the API";
    Health: GET "/healthz", Anyone, NoTarget, "says that the server works";
    Metrics: GET "/metrics", Anyone, NoTarget, "gives counts, no names, to who asks on this machine";
}

impl Operation {
    /// Refuses who does not come through the operation's door.
    ///
    /// # Errors
    /// When reading needs a session, or the role is not named.
    pub(crate) fn admit(self, who: &Caller) -> Result<(), ApiError> {
        match self.declared().door {
            Session(_) if !who.may_read() => Err(ApiError::Login),
            Session(roles) if !roles.contains(&who.role) => Err(ApiError::Forbidden),
            Anyone | Grant | Session(_) => Ok(()),
        }
    }
}
