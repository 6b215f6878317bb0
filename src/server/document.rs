//! The API's document in the form of OpenAPI 3.1: the operations of the table of rights, with the shapes of what they take and answer.

use std::collections::BTreeMap;
use sync::wire::{
    BlobState, EnrolAnswer, EnrolRequest, LoginAnswer, LoginRequest, Refusal, SyncAnswer, SyncRequest,
};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        ComponentsBuilder, Content, HttpMethod, InfoBuilder, KnownFormat, ObjectBuilder, OpenApi,
        OpenApiBuilder, PathsBuilder, Ref, RefOr, Required, ResponseBuilder, Schema, SchemaFormat, Type,
        path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem},
        request_body::RequestBodyBuilder,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use crate::{
    db::{AskedExport, ExportState, ListPage, ListQuery, Unmasking},
    health::Health,
    intake::Announcement,
    ledger::Overview,
    list_import::{Counts, Mending},
    rescue::{Preview, Report},
    rights::{Beyond, Declared, Door, Operation},
    routes::{
        accounts, areas,
        blobs::ReadQuery,
        checklists::{ChecklistQuery, FormQuery},
        concerned::ConcernedRequest,
        devices::{CodeAnswer, CodeRequest, Devices, SettleRequest, StateRequest},
        dossiers::ReportRequest,
        exports::RefuseRequest,
        handovers::{HandoverRequest, PreviewRequest},
        imports::{CommitRequest, ImportQuery, UndoAnswer, UndoRequest},
        ledgers::LedgerQuery,
        me::{EndRequest, Me, PasswordRequest, Sessions},
        notices::NoticeRequest,
        overview::OverviewQuery,
        plan_tasks::{ChangesRequest, GiveRequest, TaskReport},
        publications::{PublicationRequest, WithdrawRequest},
        retention::ApplyRequest,
        saved_views::SavedViews,
        settings::SettingsRequest,
        setup::SetUpRequest,
        staff_lists::AddListRequest,
        standards::{DraftsRequest, StandardsRequest},
        views::{CopyRequest, ViewsRequest},
    },
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const JSON: &str = "application/json";
const OCTETS: &str = "application/octet-stream";
const GRANT: &str = "grant";
const SESSION: &str = "session";

/// What is sent or answered.
enum Shape {
    Nothing,
    Json(Named),
    Bytes(&'static str),
    Text,
}

/// A type of the code by its name, and how it and what it is made of come into the document.
struct Named {
    name: String,
    add: fn(&mut Vec<(String, RefOr<Schema>)>),
}

/// What an operation takes and answers.
struct Shapes {
    query: Vec<Parameter>,
    takes: Shape,
    answers: Shape,
}

/// The whole document.
pub(crate) fn document() -> OpenApi {
    let mut schemas = Vec::new();
    let mut paths = PathsBuilder::new();
    add::<Refusal>(&mut schemas);
    let mut items: BTreeMap<&str, PathItem> = BTreeMap::new();
    for operation in Operation::ALL {
        let declared = operation.declared();
        let shapes = shapes(*operation);
        for shape in [&shapes.takes, &shapes.answers] {
            if let Shape::Json(named) = shape {
                (named.add)(&mut schemas);
            }
        }
        let item = PathItem::new(http_method(&declared), described(*operation, &declared, shapes));
        match items.get_mut(declared.path) {
            Some(known) => known.merge_operations(item),
            None => drop(items.insert(declared.path, item)),
        }
    }
    for (path, item) in items {
        paths = paths.path(path, item);
    }
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(GRANT, grant_scheme())
        .security_scheme(SESSION, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let info = InfoBuilder::new()
        .title("Huifang")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Sync and office API. The protocol of /sync is described in src/sync/SPEC.md. JSON answers name the sum of their text in the header `Huifang-Sum`, the first \
             16 digits of its SHA-256; a request may, and one whose text has another sum is answered with 460 and `damaged`.",
        ));
    OpenApiBuilder::new().info(info.build()).paths(paths).components(Some(components.build())).build()
}

fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

fn json<T: ToSchema>() -> Shape {
    Shape::Json(Named { name: T::name().into_owned(), add: add::<T> })
}

/// An object that is put together where it is answered.
fn object() -> Shape {
    Shape::Json(Named {
        name: "Object".to_owned(),
        add: |schemas| {
            schemas.push(("Object".to_owned(), ObjectBuilder::new().schema_type(Type::Object).into()));
        },
    })
}

fn ids() -> Shape {
    Shape::Json(Named {
        name: "Ids".to_owned(),
        add: |schemas| {
            schemas.push(("Ids".to_owned(), <Vec<String> as utoipa::PartialSchema>::schema()));
        },
    })
}

fn asked_exports() -> Shape {
    Shape::Json(Named {
        name: "AskedExports".to_owned(),
        add: |schemas| {
            add::<AskedExport>(schemas);
            add::<ExportState>(schemas);
            schemas.push(("AskedExports".to_owned(), <Vec<AskedExport> as utoipa::PartialSchema>::schema()));
        },
    })
}

fn query<T: IntoParams>() -> Vec<Parameter> {
    T::into_params(|| Some(ParameterIn::Query))
}

fn shapes(operation: Operation) -> Shapes {
    let (takes, answers) = match operation {
        Operation::Enrol => (json::<EnrolRequest>(), json::<EnrolAnswer>()),
        Operation::Login => (json::<LoginRequest>(), json::<LoginAnswer>()),
        Operation::Sync => (json::<SyncRequest>(), json::<SyncAnswer>()),
        Operation::AnnounceBlob => (json::<Announcement>(), object()),
        Operation::AddBlobChunk => (Shape::Bytes(OCTETS), Shape::Nothing),
        Operation::RenewGrant => (Shape::Nothing, Shape::Nothing),
        Operation::BlobState => (Shape::Nothing, json::<BlobState>()),
        Operation::ReadBlob => (Shape::Nothing, Shape::Bytes("image/*")),
        Operation::Me => (Shape::Nothing, json::<Me>()),
        Operation::ChangePassword => (json::<PasswordRequest>(), object()),
        Operation::ListOwnSessions => (Shape::Nothing, json::<Sessions>()),
        Operation::EndOwnSession => (json::<EndRequest>(), object()),
        Operation::ListSavedViews => (Shape::Nothing, object()),
        Operation::KeepSavedViews => (json::<SavedViews>(), object()),
        Operation::SetUp => (json::<SetUpRequest>(), object()),
        Operation::ReadSetUpSheet => (Shape::Bytes(OCTETS), object()),
        Operation::AddAccount => (json::<accounts::AddRequest>(), object()),
        Operation::JudgeStaffSheet => (Shape::Bytes(OCTETS), object()),
        Operation::AddAccounts => (json::<AddListRequest>(), object()),
        Operation::AssignAreas => (json::<accounts::AssignRequest>(), object()),
        Operation::Deputise => (json::<accounts::DeputyRequest>(), object()),
        Operation::AddAreas => (json::<areas::AddRequest>(), object()),
        Operation::RenameArea => (json::<areas::RenameRequest>(), object()),
        Operation::PreviewMerge | Operation::MergeArea => (json::<areas::MergeRequest>(), object()),
        Operation::HandOver => (json::<HandoverRequest>(), object()),
        Operation::PreviewHandover => (json::<PreviewRequest>(), object()),
        Operation::GivePlanTask => (json::<GiveRequest>(), object()),
        Operation::ChangePlanTasks => (json::<ChangesRequest>(), object()),
        Operation::ReportPlanTask => (json::<TaskReport>(), object()),
        Operation::Unmask => (json::<Unmasking>(), object()),
        Operation::NoteViews => (json::<ViewsRequest>(), object()),
        Operation::NoteCopy => (json::<CopyRequest>(), object()),
        Operation::PrintLedger => (json::<LedgerQuery>(), object()),
        Operation::PreviewImport => (Shape::Bytes(OCTETS), object()),
        Operation::CommitImport => (json::<CommitRequest>(), json::<Counts>()),
        Operation::JudgeImport => (json::<Mending>(), object()),
        Operation::UndoImport => (json::<UndoRequest>(), json::<UndoAnswer>()),
        Operation::ReadRefused | Operation::ReadChecklist => (Shape::Nothing, Shape::Bytes(XLSX)),
        Operation::PublishChecklist
        | Operation::ReadSheet
        | Operation::ReadStandardsSheet
        | Operation::ReadSponsorSheet => (Shape::Bytes(OCTETS), object()),
        Operation::ExportLedger => (json::<LedgerQuery>(), Shape::Bytes(XLSX)),
        Operation::ReportPerson => (json::<ReportRequest>(), Shape::Bytes(XLSX)),
        Operation::WriteNotice => (json::<NoticeRequest>(), object()),
        Operation::ChangeSettings | Operation::ChangeSafetySettings => (json::<SettingsRequest>(), object()),
        Operation::EnterStandards => (json::<StandardsRequest>(), object()),
        Operation::PublishStandards | Operation::DiscardStandards => (json::<DraftsRequest>(), object()),
        Operation::Publish => (json::<PublicationRequest>(), object()),
        Operation::ReadPublication => (Shape::Nothing, Shape::Bytes(XLSX)),
        Operation::WithdrawPublication => (json::<WithdrawRequest>(), object()),
        Operation::ApplyRetention => (json::<ApplyRequest>(), object()),
        Operation::ListAskedExports => (Shape::Nothing, asked_exports()),
        Operation::ApproveExport => (Shape::Nothing, object()),
        Operation::RefuseExport => (json::<RefuseRequest>(), object()),
        Operation::ListRecipients | Operation::ListAudit => (Shape::Nothing, json::<ListPage>()),
        Operation::ImportRescue => (Shape::Bytes(OCTETS), json::<Report>()),
        Operation::PreviewRescue => (Shape::Bytes(OCTETS), json::<Preview>()),
        Operation::RescueHeld => (Shape::Nothing, ids()),
        Operation::ListDevices => (Shape::Nothing, json::<Devices>()),
        Operation::ShowOverview => (Shape::Nothing, json::<Overview>()),
        Operation::AddCode => (json::<CodeRequest>(), json::<CodeAnswer>()),
        Operation::SetDeviceState => (json::<StateRequest>(), object()),
        Operation::SettleIncident => (json::<SettleRequest>(), object()),
        Operation::ExportConcerned => (json::<ConcernedRequest>(), Shape::Bytes(XLSX)),
        Operation::ReadHealth => (Shape::Nothing, json::<Health>()),
        Operation::Health | Operation::Metrics => (Shape::Nothing, Shape::Text),
        Operation::SetUpState
        | Operation::ListAccounts
        | Operation::ListAreas
        | Operation::GivePassword
        | Operation::EndAccount
        | Operation::ResumeAccount
        | Operation::ForgetFactor
        | Operation::EndDeputy
        | Operation::ListHandovers
        | Operation::ListPlanTasks
        | Operation::ListImports
        | Operation::ListChecklists
        | Operation::ListNotices
        | Operation::ApproveNotice
        | Operation::ReadSettings
        | Operation::ListStandards
        | Operation::ListPublications
        | Operation::ReadRetention
        | Operation::ReadHistory
        | Operation::Logout
        | Operation::ListLedger
        | Operation::ListPeople
        | Operation::OpenApi => (Shape::Nothing, object()),
    };
    let query = match operation {
        Operation::ReadBlob => query::<ReadQuery>(),
        Operation::PreviewImport => query::<ImportQuery>(),
        Operation::PublishChecklist => query::<ChecklistQuery>(),
        Operation::ReadChecklist => query::<FormQuery>(),
        Operation::ListLedger => query::<LedgerQuery>(),
        Operation::ShowOverview => query::<OverviewQuery>(),
        Operation::ListRecipients | Operation::ListAudit => query::<ListQuery>(),
        _ => Vec::new(),
    };
    Shapes { query, takes, answers }
}

fn http_method(declared: &Declared) -> HttpMethod {
    match declared.method.as_str() {
        "GET" => HttpMethod::Get,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        _ => HttpMethod::Post,
    }
}

fn described(operation: Operation, declared: &Declared, shapes: Shapes) -> OperationBuilder {
    let mut described = OperationBuilder::new()
        .operation_id(Some(format!("{operation:?}")))
        .summary(Some(declared.does))
        .description(Some(rights_in_words(declared)));
    for parameter in parameters(operation, declared).into_iter().chain(shapes.query) {
        described = described.parameter(parameter);
    }
    if let Some(content) = content(&shapes.takes) {
        let body = RequestBodyBuilder::new().content(content.0, content.1).required(Some(Required::True));
        described = described.request_body(Some(body.build()));
    }
    let mut answer = ResponseBuilder::new().description("done");
    let status = match &shapes.answers {
        Shape::Nothing => "204",
        _ => "200",
    };
    if let Some(content) = content(&shapes.answers) {
        answer = answer.content(content.0, content.1);
    }
    described = described.response(status, answer.build());
    if operation == Operation::ReadBlob {
        described = described.response("206", ResponseBuilder::new().description("a part of it").build());
    }
    for (status, why) in
        [("4XX", "refused; `err` is the stable word for why"), ("5XX", "not now; `wait_ms` says when")]
    {
        let refusal = Content::new(Some(Ref::from_schema_name("Refusal")));
        described = described
            .response(status, ResponseBuilder::new().description(why).content(JSON, refusal).build());
    }
    match declared.door {
        Door::Anyone => described,
        Door::Grant => described.security(SecurityRequirement::new(GRANT, [""; 0])),
        Door::Session(_) => {
            described.security(SecurityRequirement::new(GRANT, [""; 0]).add(SESSION, [""; 0]))
        }
    }
}

/// The right in a sentence, as `docs/authz.md` has it in a cell.
fn rights_in_words(declared: &Declared) -> String {
    let who = match declared.door {
        Door::Anyone => "Anyone.".to_owned(),
        Door::Grant => "Whoever holds a device with a grant.".to_owned(),
        Door::Session(roles) => {
            let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
            format!("Logged in as {}.", words.join(", "))
        }
    };
    let beyond = match declared.beyond {
        Beyond::NoTarget => "",
        Beyond::NotFound => " What lies outside the caller's areas is not found.",
        Beyond::LeftOut | Beyond::LeftOutUnlessAbove => {
            " What lies outside the caller's areas does not stand in the answer."
        }
        Beyond::Held => " What is written outside the caller's areas is held for a person.",
    };
    who + beyond
}

fn parameters(operation: Operation, declared: &Declared) -> Vec<Parameter> {
    let named = declared.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Parameter> =
        named.map(|name| parameter(name, ParameterIn::Path, Required::True, path_schema(name))).collect();
    let text = |pattern: &str| ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    let speaks_for_a_vault = declared.path.starts_with("/api/v1/");
    if speaks_for_a_vault {
        let vault = text("^[0-9a-f]{16}$");
        parameters.push(parameter("Huifang-Vault", ParameterIn::Header, Required::True, vault));
    }
    if operation == Operation::AddBlobChunk {
        let offset = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
        parameters.push(parameter("Upload-Offset", ParameterIn::Header, Required::True, offset));
        parameters.push(parameter(
            "Chunk-Sha-256",
            ParameterIn::Header,
            Required::True,
            text("^[0-9a-f]{64}$"),
        ));
    }
    parameters
}

fn parameter(name: &str, place: ParameterIn, required: Required, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .schema(Some(schema.build()))
        .build()
}

fn path_schema(name: &str) -> ObjectBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String);
    match name {
        "hash" => text.pattern(Some("^[0-9a-f]{64}$")),
        "device" => text.pattern(Some("^[0-9a-f]{32}$")),
        "version" | "ledger" => text,
        "incident" | "asked" => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)),
        _ => text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))),
    }
}

fn content(shape: &Shape) -> Option<(&'static str, Content)> {
    let text = || Content::new(Some(ObjectBuilder::new().schema_type(Type::String).build()));
    match shape {
        Shape::Nothing => None,
        Shape::Json(named) => Some((JSON, Content::new(Some(Ref::from_schema_name(&named.name))))),
        Shape::Bytes(kind) => Some((kind, text())),
        Shape::Text => Some(("text/plain", text())),
    }
}

/// The cookie's name ends in the vault, so that several people share a browser; the scheme can name no pattern.
fn grant_scheme() -> SecurityScheme {
    let says =
        "`__Host-g-` and the vault of the header Huifang-Vault; on a shared PC `__Host-s-` and the vault";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("__Host-g-VAULT", says)))
}

#[cfg(test)]
mod tests;
