//! Two counties with people of every role, and in each area a family, its photo, a worker, his phone and what it lost.

use domain::{access::Role, day::Timestamp, notice::Notice};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Mutex};
use uuid::Uuid;

use super::super::{
    blobs::{announce, upload},
    client::{Answer, Browser, Office, PASSWORD, id},
};
use crate::{
    auth,
    commands::Command,
    db::{AuditEntry, Caller, Deputy, KeptImport, NewImport, NewPublication, StaffAct, Tally},
    plant,
    rights::Operation,
    tokens::{self, hex},
};

pub(super) const COUNTY: &str = "339999";
const OTHER_COUNTY: &str = "339998";
/// The areas beside those that an office has from the start.
const MORE_AREAS: [(&str, &str); 5] = [
    ("339999200", "青山镇"),
    ("339999200201", "上坪村"),
    (OTHER_COUNTY, "邻县"),
    ("339998100", "白水镇"),
    ("339998100201", "下坪村"),
];
const AREAS: [&str; 9] = [
    COUNTY,
    "339999100",
    "339999100201",
    "339999100202",
    "339999200",
    "339999200201",
    OTHER_COUNTY,
    "339998100",
    "339998100201",
];

/// A row of a standard, and nothing wrong with it.
pub(super) fn standards() -> Value {
    json!({"rows": [{"kind": "reward", "of": "merit_2", "value": "5000", "doc_no": "双拥〔2026〕3号", "from": "2026-01-01"}]})
}

/// A version of the notice that waits.
pub(super) const NOTICE: &str = "v1";

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asker {
    Anonymous,
    Revoked,
    /// A phone with its grant and without a session.
    Locked,
    Role(Role),
    /// The same role in another county.
    Elsewhere(Role),
}

/// How a target's area lies to the asker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Own,
    Child,
    Sibling,
    Parent,
    Foreign,
}

/// What lies in one area.
pub(super) struct Target {
    pub(super) code: &'static str,
    pub(super) area: String,
    name: String,
    pub(super) family: Uuid,
    pub(super) photo: String,
    pub(super) user: String,
    pub(super) account: String,
    pub(super) device: String,
    inc: String,
    pub(super) incident: u64,
    /// The number of an export that waits.
    pub(super) asked: u64,
    /// A list that hangs in public.
    pub(super) publication: Uuid,
    pub(super) imported: Uuid,
    brought: Uuid,
    /// The contact of a unit of the area, and a task there that is the asking contact's own.
    contact: String,
    pub(super) task: Uuid,
    phone: Browser,
}

impl Target {
    pub(super) fn rescue_file(&self) -> Value {
        json!({"huifang": "rescue-1", "device": self.device, "inc": self.inc, "keys": [], "out": []})
    }

    /// Its family goes to its worker.
    pub(super) fn handover(&self) -> Value {
        json!({
            "area": self.area, "from": null, "to": self.account, "families": [self.family], "keep_village": true, "reason": "换人包户",
        })
    }

    /// What gives the contact of its unit a task.
    pub(super) fn plan_task(&self) -> Value {
        json!({"title": "开展双拥宣传", "unit": "宣传部", "responsible": self.contact, "due_on": "2026-12-31"})
    }

    /// Whether an answer speaks of the target; those that speak of none always do.
    pub(super) fn stands_in(&self, operation: Operation, answer: &Answer) -> bool {
        let mark = match operation {
            Operation::ListAreas => format!("\"id\":\"{}\"", self.area),
            Operation::ListPeople | Operation::ListAccounts => self.account.clone(),
            Operation::ListAudit => format!("\"account\":\"{}\"", self.account),
            Operation::ListAskedExports => format!("\"n\":{},", self.asked),
            Operation::ListRecipients => self.name.clone(),
            Operation::RescueHeld => self.brought.to_string(),
            Operation::ListDevices => self.device.clone(),
            Operation::ListPublications => self.publication.to_string(),
            Operation::ListImports => self.imported.to_string(),
            Operation::ListPlanTasks => self.task.to_string(),
            Operation::ReadRetention => self.area.clone(),
            _ => return true,
        };
        answer.text().contains(&mark)
    }
}

/// All of it.
pub(super) struct Scene {
    pub(super) office: Office,
    targets: BTreeMap<&'static str, Target>,
    askers: BTreeMap<Asker, Browser>,
    /// The clerk of each county, with the number of his last changeset.
    clerks: BTreeMap<&'static str, (Browser, Mutex<u64>)>,
}

impl Scene {
    pub(super) async fn new() -> Scene {
        let office = Office::new().await;
        for (code, name) in MORE_AREAS {
            let (code, name) = (code.to_owned(), name.to_owned());
            office.command(Command::AreaAdd { code, name, parent: None }).await;
        }
        let mut clerks = BTreeMap::new();
        for county in [COUNTY, OTHER_COUNTY] {
            let user = format!("enters {county}");
            office.add_account(&user, "county_clerk", &[county]).await;
            clerks.insert(county, (office.desk(&user).await, Mutex::new(0)));
        }
        let notice = Notice::new(NOTICE, &"告".repeat(60)).unwrap();
        office.app.db.write_notice(None, &notice, office.clock.now()).await.unwrap();
        let mut scene = Scene { office, targets: BTreeMap::new(), askers: BTreeMap::new(), clerks };
        for code in AREAS {
            let target = scene.target(code).await;
            scene.targets.insert(code, target);
        }
        scene.make_askers().await;
        scene.give_tasks().await;
        scene
    }

    /// The clerk who enters what stands in that area.
    fn clerk(&self, code: &str) -> &(Browser, Mutex<u64>) {
        &self.clerks[&code[..6]]
    }

    /// What the county's clerk saves; all of it must be taken.
    pub(super) async fn enter(&self, code: &str, ops: Vec<Value>) -> Value {
        let (clerk, last) = self.clerk(code);
        let changesets: Vec<Value> = ops.into_iter().map(|ops| clerk.changeset(ops)).collect();
        let first = {
            let mut last = last.lock().unwrap();
            let first = *last + 1;
            *last += changesets.len() as u64;
            first
        };
        let answer = clerk.push(first, json!(changesets)).await;
        for verdict in answer["results"].as_array().unwrap_or_else(|| panic!("{answer}")) {
            assert_eq!(verdict["st"], "applied", "{verdict}");
        }
        answer
    }

    async fn target(&self, code: &'static str) -> Target {
        let office = &self.office;
        let (clerk, _) = self.clerk(code);
        let area = office.area(code).await;
        let (family, need, user) = (id(), id(), format!("worker of {code}"));
        let photo = photo(code);
        let hash = hex(&Sha256::digest(&photo));
        announce(clerk, &hash, json!({"bytes": photo.len(), "kind": "photo", "e": family})).await.ok();
        upload(clerk, &hash, &photo).await;
        let id_no = plant::seal(&office.app.keys, family, "id_no", "339999194803120019");
        let fields = json!({"name": "李伟", "id_no": id_no});
        let ops = json!([
            {"op": "create", "e": family, "type": "recipient", "area": area, "f": fields},
            {"op": "attach", "e": family, "blob": hash, "kind": "photo", "bytes": photo.len()},
            {"op": "create", "e": need, "type": "need", "area": area, "parent": family, "f": {"state": "public_notice", "notice_until": "2099-12-31"}},
            {"op": "create", "e": id(), "type": "measure", "area": area, "parent": family, "f": {"need": need, "kind": "cash", "amount": 50_000}},
        ]);
        self.enter(code, vec![ops]).await;
        office.add_account(&user, "village_worker", &[code]).await;
        let mut phone = office.browser();
        phone.enrol(&office.code_for(&user).await).await.ok();
        phone.login(&user, PASSWORD).await.ok();
        let hello = json!({
            "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
            "build": "1.0.0", "t": office.clock.now(),
            "storage": {"persisted": true, "incident": {"kind": "empty", "inc": phone.inc}},
        });
        phone.sync(json!({"hello": hello})).await.ok();
        let brought = id();
        let detail = json!({"device": phone.device, "held": [brought]});
        office.app.db.note(AuditEntry::operator("rescue_import", detail, office.clock.now())).await.unwrap();
        let shown = clerk.get("devices").await.ok();
        let row = shown["devices"].as_array().unwrap().iter().find(|row| row["id"] == phone.device.as_str());
        let incident = row.unwrap()["incidents"][0]["n"].as_u64().unwrap();
        let caller = self.caller(clerk).await.unwrap();
        let wanted = json!({"ledger": "follow_up", "area": area, "rows": 501});
        let asked =
            office.app.db.take_or_ask_export(&caller, wanted, office.clock.now()).await.unwrap().unwrap();
        let today = Timestamp::from_ms(office.clock.now()).day().to_string();
        let new = NewPublication {
            id: id(),
            area: area.parse().unwrap(),
            from: today.clone(),
            to: today,
            objections: "镇退役军人服务站".to_owned(),
            now: office.clock.now(),
        };
        let publication = office.app.db.publish(&caller, &new).await.unwrap().id;
        let imported = self.imported(&caller, area.parse().unwrap()).await;
        let areas = office.app.db.areas().await.unwrap();
        let name = areas.into_iter().find(|node| node.code == code).unwrap().name;
        Target {
            code,
            area,
            name,
            family,
            photo: hash,
            user,
            account: phone.user.clone(),
            device: phone.device.clone(),
            inc: phone.inc.clone(),
            incident,
            asked,
            publication,
            imported,
            brought,
            contact: self.account_of("unit_contact", code).await,
            task: Uuid::nil(),
            phone,
        }
    }

    /// A list of nobody that was written.
    async fn imported(&self, who: &Caller, area: Uuid) -> Uuid {
        let (id, now) = (id(), self.office.clock.now());
        let file = "list.xlsx".to_owned();
        let new = NewImport { id, area, file, tally: Tally::default(), left: None, columns: None, now };
        self.office.app.db.write_import(who, new, &[]).await.unwrap();
        id
    }

    async fn make_askers(&mut self) {
        let office = &self.office;
        for role in Role::ALL {
            for (asker, area) in [(Asker::Role(role), home(role)), (Asker::Elsewhere(role), elsewhere(role))]
            {
                let user = format!("{asker:?}");
                office.add_account(&user, role.word(), &[area]).await;
                self.askers.insert(asker, office.desk(&user).await);
            }
        }
        let mut anonymous = office.browser();
        anonymous.user = Uuid::nil().to_string();
        self.askers.insert(Asker::Anonymous, anonymous);
        let user = format!("{:?}", Asker::Role(Role::CountyClerk));
        let mut locked = office.browser();
        locked.enrol(&office.code_for(&user).await).await.ok();
        locked.login(&user, PASSWORD).await.ok();
        locked.bearer = None;
        let mut revoked = office.browser();
        revoked.enrol(&office.code_for(&user).await).await.ok();
        revoked.login(&user, PASSWORD).await.ok();
        let device = revoked.device.clone();
        office.command(Command::DeviceSet { device, state: "revoked".into() }).await;
        self.askers.insert(Asker::Locked, locked);
        self.askers.insert(Asker::Revoked, revoked);
    }

    /// A task in every area for the contact who asks.
    async fn give_tasks(&mut self) {
        let contact = self.askers[&Asker::Role(Role::UnitContact)].user.clone();
        for code in AREAS {
            let (task, area) = (id(), self.targets[code].area.clone());
            let fields = json!({"title": "开展双拥宣传", "responsible": contact});
            let op = json!({"op": "create", "e": task, "type": "plan_task", "area": area, "f": fields});
            self.enter(code, vec![json!([op])]).await;
            self.targets.get_mut(code).unwrap().task = task;
        }
    }

    /// Two proposals about a family, and a changeset that was held, by the worker of the area.
    pub(super) async fn proposed_and_held(&self, target: &Target, family: Uuid) -> (Vec<Uuid>, Uuid) {
        let mut phone = target.phone.clone();
        phone.inc = hex(&tokens::random::<8>());
        let set = |field: &str| {
            phone.changeset(json!([{"op": "set", "e": family, "f": field, "v": "x", "base": {"fv": "0.0"}}]))
        };
        let answer = phone.push(1, json!([set("bank"), set("account_name"), set("remark")])).await;
        let made = |n: usize, kind: &str| -> Uuid {
            let made = &answer["results"][n]["made"][0];
            assert_eq!(made["type"], kind, "{answer}");
            made["e"].as_str().unwrap().parse().unwrap()
        };
        (vec![made(0, "proposal"), made(1, "proposal")], made(2, "held"))
    }

    pub(super) fn askers(&self) -> impl Iterator<Item = (Asker, &Browser)> {
        self.askers.iter().map(|(asker, browser)| (*asker, browser))
    }

    pub(super) fn target_in(&self, code: &str) -> &Target {
        &self.targets[code]
    }

    /// Every target that lies to the asker's area in a way of its own.
    pub(super) fn targets(&self, asker: Asker) -> Vec<(Relation, &Target)> {
        let role = match asker {
            Asker::Role(role) => role,
            Asker::Elsewhere(_) => return vec![(Relation::Foreign, &self.targets["339999100201"])],
            Asker::Anonymous | Asker::Revoked | Asker::Locked => Role::CountyClerk,
        };
        let places: &[(Relation, &str)] = match home(role).len() {
            12 => &[
                (Relation::Own, "339999100201"),
                (Relation::Sibling, "339999100202"),
                (Relation::Parent, "339999100"),
                (Relation::Foreign, "339998100201"),
            ],
            9 => &[
                (Relation::Own, "339999100"),
                (Relation::Child, "339999100201"),
                (Relation::Sibling, "339999200"),
                (Relation::Parent, COUNTY),
                (Relation::Foreign, "339998100"),
            ],
            _ => &[
                (Relation::Own, COUNTY),
                (Relation::Child, "339999100202"),
                (Relation::Sibling, OTHER_COUNTY),
                (Relation::Foreign, "339998100201"),
            ],
        };
        places.iter().map(|(relation, code)| (*relation, &self.targets[code])).collect()
    }

    /// A list for the target's area that waits for its commit: the asker's own where he could have brought it, else another's.
    pub(super) async fn import_for(&self, who: &Browser, target: &Target) -> Uuid {
        let (clerk, _) = self.clerk(target.code);
        let of = match self.caller(who).await {
            Some(caller) if self.app_areas(&caller).await.contains(&target.area) => caller,
            _ => self.caller(clerk).await.unwrap(),
        };
        let import = id();
        let list = json!({"file": "list.xlsx", "grid": domain::list::grid::Grid::default()}).to_string();
        let sealed = self.office.app.keys.seal_field(&import.to_string(), "list", &list, String::new());
        let kept = KeptImport { id: import, area: target.area.parse().unwrap(), sealed };
        self.office.app.db.keep_import(&of, kept, self.office.clock.now()).await.unwrap();
        import
    }

    /// What asks for a list of the target's area.
    pub(super) fn publication_of(&self, target: &Target) -> Value {
        let today = Timestamp::from_ms(self.office.clock.now()).day();
        json!({"area": target.area, "from": today, "to": today, "objections": "镇退役军人服务站"})
    }

    /// A name that nobody has.
    pub(super) fn new_name(&self) -> String {
        format!("n{}", hex(&tokens::random::<8>()))
    }

    /// The code and the name that the target's area has, from today on.
    pub(super) fn same_name(&self, target: &Target) -> Value {
        let today = Timestamp::from_ms(self.office.clock.now()).day();
        json!({"code": target.code, "name": target.name, "on": today})
    }

    /// Another worker of the target's area.
    pub(super) async fn worker_of(&self, target: &Target) -> String {
        self.account_of("village_worker", target.code).await
    }

    async fn account_of(&self, role: &str, code: &str) -> String {
        let name = self.new_name();
        self.office.add_account(&name, role, &[code]).await;
        let accounts = self.office.app.db.accounts().await.unwrap();
        accounts.into_iter().find(|account| account.name == name).unwrap().id.to_string()
    }

    /// A worker of the target's area stands in today.
    pub(super) async fn leave_for(&self, target: &Target) -> Value {
        let today = Timestamp::from_ms(self.office.clock.now()).day();
        json!({"deputy": self.worker_of(target).await, "from": today, "to": today})
    }

    /// The number of such a leave.
    pub(super) async fn deputy_of(&self, target: &Target) -> Uuid {
        let now = self.office.clock.now();
        let clerk = self.caller(&self.clerk(target.code).0).await.unwrap();
        let deputy = Deputy {
            id: id(),
            account: self.worker_of(target).await.parse().unwrap(),
            absent: self.worker_of(target).await.parse().unwrap(),
            from_at: now,
            to_at: now + 86_400_000,
        };
        let number = deputy.id;
        self.office.app.db.staff_act(&clerk, StaffAct::Deputise(deputy), now).await.unwrap();
        number
    }

    async fn caller(&self, who: &Browser) -> Option<Caller> {
        let request = who.request_at(axum::http::Method::GET, "/").body(()).unwrap();
        let asking = auth::asking(request.headers(), false).unwrap();
        self.office.app.db.principal(asking, self.office.clock.now()).await.ok()
    }

    async fn app_areas(&self, caller: &Caller) -> Vec<String> {
        let areas = self.office.app.db.scope_areas(caller).await.unwrap();
        areas.into_iter().map(|area| area.to_string()).collect()
    }
}

/// The area of somebody with that role (domain.md §9.2).
fn home(role: Role) -> &'static str {
    match role {
        Role::VillageWorker => "339999100201",
        Role::TownshipClerk | Role::TownshipLead => "339999100",
        _ => COUNTY,
    }
}

fn elsewhere(role: Role) -> &'static str {
    match role {
        Role::VillageWorker => "339998100201",
        Role::TownshipClerk | Role::TownshipLead => "339998100",
        _ => OTHER_COUNTY,
    }
}

/// A picture that no other area has.
fn photo(code: &str) -> Vec<u8> {
    let hash = Sha256::digest(code.as_bytes());
    let mut bytes = std::io::Cursor::new(Vec::new());
    let colour = image::Rgb([hash[0], hash[1], hash[2]]);
    let picture = image::DynamicImage::ImageRgb8(image::RgbImage::from_pixel(8, 8, colour));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
