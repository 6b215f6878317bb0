//! The rows of the table of rights (domain.md §9.2). A new operation is one row here.

use axum::http::Method;
use domain::access::Role;

use super::{
    Beyond::{self, Held, LeftOut, NoTarget, NotFound},
    Declared,
    Door::{self, Anyone, Grant, Session},
    Operation,
};

/// Every role.
const ALL: &[Role] = &Role::ALL;
/// Roles that keep files.
const OFFICE: &[Role] = &[Role::TownshipClerk, Role::TownshipLead, Role::CountyClerk, Role::CountyLead];
/// Roles that take lists into the files: a county's leader approves, he does not enter.
const CLERKS: &[Role] = &[Role::TownshipClerk, Role::TownshipLead, Role::CountyClerk];
/// Roles that see families: the offices and the village.
const FIELD: &[Role] =
    &[Role::VillageWorker, Role::TownshipClerk, Role::TownshipLead, Role::CountyClerk, Role::CountyLead];
/// Roles that look after devices.
const SUPERVISORS: &[Role] =
    &[Role::TownshipClerk, Role::TownshipLead, Role::CountyClerk, Role::CountyLead, Role::Admin];
const AUDITOR: &[Role] = &[Role::Auditor];

impl Operation {
    /// The operation's row.
    pub(crate) fn declared(self) -> Declared {
        match self {
            Operation::Enrol => {
                post("/api/v1/enrol", Anyone, NoTarget, "gives a device its grant for a one-time code")
            }
            Operation::RenewGrant => {
                post("/api/v1/grant", Anyone, NoTarget, "gives it again for the session of the first day")
            }
            Operation::Login => post("/api/v1/login", Anyone, NoTarget, "opens a session for a password"),
            Operation::Logout => post("/api/v1/logout", Grant, NoTarget, "ends the session"),
            Operation::Sync => post("/api/v1/sync", Grant, Held, "takes work in, hands out the villages"),
            Operation::AnnounceBlob => {
                put("/api/v1/blobs/{hash}", Grant, NoTarget, "announces a photo; nobody sees it by this")
            }
            Operation::AddBlobChunk => patch("/api/v1/blobs/{hash}", Grant, NoTarget, "takes a piece of it"),
            Operation::BlobState => {
                get("/api/v1/blobs/{hash}/state", Grant, NoTarget, "says how far its upload is")
            }
            Operation::ReadBlob => {
                get("/api/v1/blobs/{hash}", Session(FIELD), NotFound, "shows a photo that a record attaches")
            }
            Operation::Me => get("/api/v1/me", Session(ALL), NoTarget, "says who is logged in, and for where"),
            Operation::Unmask => {
                post("/api/v1/unmask", Session(FIELD), NotFound, "shows one number in full, for a reason")
            }
            Operation::PreviewImport => {
                post("/api/v1/imports", Session(CLERKS), NotFound, "judges a list and writes nothing")
            }
            Operation::CommitImport => {
                post("/api/v1/imports/{id}/commit", Session(CLERKS), NotFound, "writes one's own judged list")
            }
            Operation::ExportLedger => {
                post("/api/v1/exports/follow_up_ledger", Session(OFFICE), NotFound, "writes the ledger of visits")
            }
            Operation::ListLedger => {
                get("/api/v1/lists/follow_up_ledger", Session(OFFICE), NotFound, "shows the ledger of visits")
            }
            Operation::ListPeople => {
                get("/api/v1/lists/people", Session(ALL), LeftOut, "names the accounts of the areas, above and below")
            }
            Operation::ListRecipients => {
                get("/api/v1/lists/recipients", Session(OFFICE), LeftOut, "counts the families of each village")
            }
            Operation::ListAudit => {
                get("/api/v1/lists/audit", Session(AUDITOR), LeftOut, "shows the audit chain, no values in it")
            }
            other => of_devices(other),
        }
    }
}

/// Devices, what was brought by file, and the machine itself.
fn of_devices(operation: Operation) -> Declared {
    match operation {
        Operation::ImportRescue => {
            post("/api/v1/rescues", Session(OFFICE), NotFound, "takes in the rescue file of a phone")
        }
        Operation::PreviewRescue => {
            post("/api/v1/rescues/preview", Session(OFFICE), NotFound, "says what a rescue file holds")
        }
        Operation::RescueHeld => {
            get("/api/v1/rescues/held", Session(SUPERVISORS), LeftOut, "names what came by file and waits")
        }
        Operation::ListDevices => {
            get("/api/v1/devices", Session(SUPERVISORS), LeftOut, "shows devices and their people")
        }
        Operation::AddCode => {
            post("/api/v1/devices/code", Session(SUPERVISORS), NotFound, "makes a one-time code")
        }
        Operation::SetDeviceState => {
            post("/api/v1/devices/{device}/state", Session(SUPERVISORS), NotFound, "stops, wipes or revokes")
        }
        Operation::SettleIncident => post(
            "/api/v1/devices/{device}/incidents/{incident}",
            Session(SUPERVISORS),
            NotFound,
            "notes what was done about lost work",
        ),
        Operation::OpenApi => get("/api/openapi.json", Anyone, NoTarget, "describes the API"),
        Operation::Health => get("/healthz", Anyone, NoTarget, "says that the server works"),
        Operation::Metrics => get("/metrics", Anyone, NoTarget, "gives counts without names"),
        named_above => named_above.declared(),
    }
}

fn get(path: &'static str, door: Door, beyond: Beyond, does: &'static str) -> Declared {
    Declared { method: Method::GET, path, door, beyond, does }
}

fn post(path: &'static str, door: Door, beyond: Beyond, does: &'static str) -> Declared {
    Declared { method: Method::POST, path, door, beyond, does }
}

fn put(path: &'static str, door: Door, beyond: Beyond, does: &'static str) -> Declared {
    Declared { method: Method::PUT, path, door, beyond, does }
}

fn patch(path: &'static str, door: Door, beyond: Beyond, does: &'static str) -> Declared {
    Declared { method: Method::PATCH, path, door, beyond, does }
}
