//! The database over SQL: the same statements for a file of SQLite and for PostgreSQL.

use domain::{
    notice::Notice,
    policy::{Policy, SettingRefused},
};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};
use sync::{
    id::{BlobHash, DeviceId, Inc},
    wire::{
        Changeset, Hello, HelloAnswer, PullAnswer, PullRequest, PushAnswer, PushRequest, SealedValue, Witness,
    },
};
use uuid::Uuid;

use super::{
    Account, AccountChange, Answer, Area, AreaFacts, AreaMerge, AreaRename, AskedExport, Asking, AuditEntry,
    BackupContent, BlobRow, BrowserStanding, Caller, ChainReport, Concerned, Counted, Database, DbError,
    DeviceChange, Dossier, Enrolled, Enrolment, Erased, FactorUse, Handover, HistoryLine, ImportTurn,
    Imported, KeptImport, KeyStanding, Leftovers, ListPage, ListQuery, LoginFacts, MergePreview, NewAccount,
    NewArea, NewCode, NewGrant, NewHandover, NewImport, NewPlanTask, NewPublication, NewSession, NewStaff,
    NewUpload, NoticeRow, OpenedSession, OwnPassword, OwnSession, PlanTask, PlanTaskChanges, PlanTaskWord,
    PlanTasks, PublicLine, Publication, Rekeyed, Reopening, Retired, Retiring, SetUp, Settlement, Staff,
    StaffAct, StaleSeals, StoredFactor, SupervisedDevices, ToldChecklist, Undoing, Unmasking, Unsent,
    VerifiedBackup, accounts, approvals, area_facts, areas, audit, backups, blobs, chain, concerned,
    connections::{Pools, SqlDatabase},
    counting, devices, dossier, erasing, handovers, hello, history, imports, keeping, lists, notices, office,
    own_sessions, people, plan_tasks, publications, pull,
    push::{self, Door},
    rekey, saved_views, second_factor, sessions, set_up, settings, staff, supervision, unmask, villages,
};
use crate::{
    ledger::{Ledger, Sources},
    limits::Limits,
    retention::{Facts, Keeping},
};

impl Database for SqlDatabase {
    fn areas(&self) -> Answer<'_, Vec<Area>> {
        Box::pin(areas::all(self))
    }

    fn add_area(&self, new: NewArea) -> Answer<'_, Area> {
        Box::pin(areas::add(self, new))
    }

    fn merge_areas(&self, asked: AreaMerge) -> Answer<'_, u64> {
        Box::pin(async move { villages::merge(self, &asked).await })
    }

    fn preview_merge<'a>(&'a self, who: &'a Caller, from: Uuid, into: Uuid) -> Answer<'a, MergePreview> {
        Box::pin(area_facts::preview(self, who, from, into))
    }

    fn rename_area(&self, asked: AreaRename) -> Answer<'_, Area> {
        Box::pin(async move { villages::rename(self, &asked).await })
    }

    fn area_facts<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<AreaFacts>> {
        Box::pin(area_facts::list(self, who))
    }

    fn add_areas<'a>(&'a self, who: &'a Caller, new: Vec<NewArea>) -> Answer<'a, Vec<Area>> {
        Box::pin(areas::add_for(self, who, new))
    }

    fn set_up_is_open(&self) -> Answer<'_, bool> {
        Box::pin(set_up::is_open(self))
    }

    fn set_up(&self, asked: SetUp) -> Answer<'_, ()> {
        Box::pin(set_up::run(self, asked))
    }

    fn accounts(&self) -> Answer<'_, Vec<Account>> {
        Box::pin(accounts::all(self))
    }

    fn add_account(&self, new: NewAccount, password_until: Option<i64>) -> Answer<'_, Account> {
        Box::pin(accounts::add(self, new, password_until))
    }

    fn change_account(&self, change: AccountChange) -> Answer<'_, Account> {
        Box::pin(accounts::change(self, change))
    }

    fn staff<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Staff> {
        Box::pin(staff::list(self, who, now))
    }

    fn staff_act<'a>(&'a self, who: &'a Caller, act: StaffAct, now: i64) -> Answer<'a, Account> {
        Box::pin(staff::act(self, who, act, now))
    }

    fn add_staff<'a>(&'a self, who: &'a Caller, new: NewStaff) -> Answer<'a, Vec<(usize, &'static str)>> {
        Box::pin(staff::add_all(self, who, new))
    }

    fn change_password(&self, account: Uuid, change: OwnPassword) -> Answer<'_, ()> {
        Box::pin(async move { accounts::change_password(self, account, &change).await })
    }

    fn browser_standing<'a>(
        &'a self,
        asking: &'a Asking,
        account: Uuid,
        now: i64,
    ) -> Answer<'a, BrowserStanding> {
        Box::pin(sessions::standing(self, asking, account, now))
    }

    fn second_factor(&self, account: Uuid) -> Answer<'_, Option<StoredFactor>> {
        Box::pin(second_factor::find(self, account))
    }

    fn use_factor(&self, account: Uuid, taken: FactorUse, now: i64) -> Answer<'_, bool> {
        Box::pin(second_factor::take(self, account, taken, now))
    }

    fn forget_factor(&self, account: Uuid, now: i64) -> Answer<'_, ()> {
        Box::pin(second_factor::forget_for_operator(self, account, now))
    }

    fn families<'a>(&'a self, who: &'a Caller, area: Uuid) -> Answer<'a, Vec<sync::record::Record>> {
        Box::pin(handovers::families(self, who, area))
    }

    fn unsent<'a>(&'a self, who: &'a Caller, account: Uuid) -> Answer<'a, Unsent> {
        Box::pin(handovers::unsent(self, who, account))
    }

    fn hand_over<'a>(&'a self, who: &'a Caller, new: &'a NewHandover) -> Answer<'a, Handover> {
        Box::pin(handovers::hand_over(self, who, new))
    }

    fn handovers<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Handover>> {
        Box::pin(handovers::list(self, who))
    }

    fn plan_tasks<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, PlanTasks> {
        Box::pin(plan_tasks::list(self, who, now))
    }

    fn give_plan_task<'a>(&'a self, who: &'a Caller, new: &'a NewPlanTask, now: i64) -> Answer<'a, PlanTask> {
        Box::pin(plan_tasks::give(self, who, new, now))
    }

    fn report_plan_task<'a>(&'a self, who: &'a Caller, said: &'a PlanTaskWord) -> Answer<'a, PlanTask> {
        Box::pin(plan_tasks::report(self, who, said))
    }

    fn change_plan_tasks<'a>(&'a self, who: &'a Caller, asked: PlanTaskChanges) -> Answer<'a, ()> {
        Box::pin(plan_tasks::change(self, who, asked))
    }

    fn login_facts(&self, name: &str, now: i64) -> Answer<'_, Option<LoginFacts>> {
        let name = name.to_owned();
        Box::pin(async move { accounts::login_facts(self, &name, now).await })
    }

    fn note_wrong_password(&self, name: &str, now: i64) -> Answer<'_, ()> {
        let name = name.to_owned();
        Box::pin(async move { accounts::note_wrong_password(self, &name, now).await })
    }

    fn note_right_password(&self, name: &str) -> Answer<'_, ()> {
        let name = name.to_owned();
        Box::pin(async move { accounts::note_right_password(self, &name).await })
    }

    fn open_session(&self, new: NewSession) -> Answer<'_, OpenedSession> {
        Box::pin(sessions::open(self, new))
    }

    fn close_session(&self, who: &Caller, now: i64) -> Answer<'_, ()> {
        let who = who.clone();
        Box::pin(async move { sessions::close(self, &who, now).await })
    }

    fn saved_views<'a>(&'a self, who: &'a Caller) -> Answer<'a, BTreeMap<String, Value>> {
        Box::pin(saved_views::list(self, who))
    }

    fn keep_saved_views<'a>(&'a self, who: &'a Caller, table: &'a str, views: &'a Value) -> Answer<'a, ()> {
        Box::pin(saved_views::keep(self, who, table, views))
    }

    fn own_sessions<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Vec<OwnSession>> {
        Box::pin(own_sessions::list(self, who, now))
    }

    fn end_own_session<'a>(&'a self, who: &'a Caller, device: DeviceId, now: i64) -> Answer<'a, ()> {
        Box::pin(own_sessions::end(self, who, device, now))
    }

    fn add_code(&self, new: NewCode) -> Answer<'_, Account> {
        Box::pin(devices::add_code(self, new))
    }

    fn enrol(&self, enrolment: Enrolment) -> Answer<'_, Enrolled> {
        Box::pin(devices::enrol(self, enrolment))
    }

    fn renew_grant(&self, asking: Asking, grant: NewGrant, now: i64) -> Answer<'_, ()> {
        Box::pin(sessions::renew_grant(self, asking, grant, now))
    }

    fn principal(&self, asking: Asking, now: i64) -> Answer<'_, Caller> {
        Box::pin(sessions::principal(self, asking, now))
    }

    fn set_device(&self, device: &str, state: &str, now: i64) -> Answer<'_, ()> {
        let (device, state) = (device.to_owned(), state.to_owned());
        Box::pin(async move { devices::set_state(self, &device, &state, now).await })
    }

    fn supervised<'a>(&'a self, who: &'a Caller) -> Answer<'a, SupervisedDevices> {
        Box::pin(supervision::list(self, who))
    }

    fn change_device<'a>(&'a self, who: &'a Caller, change: DeviceChange) -> Answer<'a, ()> {
        Box::pin(supervision::change(self, who, change))
    }

    fn settle_incident<'a>(&'a self, who: &'a Caller, settlement: Settlement) -> Answer<'a, ()> {
        Box::pin(supervision::settle(self, who, settlement))
    }

    fn concerned<'a>(&'a self, who: &'a Caller, device: DeviceId) -> Answer<'a, Concerned> {
        Box::pin(concerned::of(self, who, device))
    }

    fn known_changesets<'a>(&'a self, changesets: &'a [Uuid]) -> Answer<'a, Vec<Uuid>> {
        Box::pin(supervision::known(self, changesets))
    }

    fn brought_by_file<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Uuid>> {
        Box::pin(supervision::brought_by_file(self, who))
    }

    fn whereabouts<'a>(&'a self, who: &'a Caller) -> Answer<'a, Enrolled> {
        Box::pin(sessions::whereabouts(self, who))
    }

    fn note_synced<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, ()> {
        Box::pin(sessions::note_synced(self, who, now))
    }

    fn hello<'a>(&'a self, who: &'a Caller, inc: Inc, hello: &'a Hello, now: i64) -> Answer<'a, HelloAnswer> {
        Box::pin(hello::run(self, who, inc, hello, now))
    }

    fn push<'a>(
        &'a self,
        who: &'a Caller,
        inc: Inc,
        request: &'a PushRequest,
        now: i64,
    ) -> Answer<'a, PushAnswer> {
        Box::pin(push::run(self, who.device, inc, request, now, (Door::Line, None)))
    }

    fn plant<'a>(
        &'a self,
        who: &'a Caller,
        inc: Inc,
        request: &'a PushRequest,
        now: i64,
    ) -> Answer<'a, PushAnswer> {
        Box::pin(push::run(self, who.device, inc, request, now, (Door::Line, Some(who))))
    }

    fn pull<'a>(&'a self, who: &'a Caller, request: &'a PullRequest) -> Answer<'a, PullAnswer> {
        Box::pin(pull::run(self, who, request))
    }

    fn blob_find<'a>(&'a self, hash: BlobHash) -> Answer<'a, Option<BlobRow>> {
        Box::pin(blobs::find(self, hash))
    }

    fn blob_put(&self, row: BlobRow) -> Answer<'_, BlobRow> {
        Box::pin(blobs::put(self, row))
    }

    fn audit_head(&self) -> Answer<'_, Witness> {
        Box::pin(async move { audit::head(&mut self.read().await?).await })
    }

    fn blob_room(&self, upload: NewUpload) -> Answer<'_, ()> {
        Box::pin(blobs::room(self, upload))
    }

    fn blob_readable<'a>(&'a self, who: &'a Caller, hash: BlobHash, now: i64) -> Answer<'a, BlobRow> {
        Box::pin(blobs::readable(self, who, hash, now))
    }

    fn take_or_ask_export<'a>(&'a self, who: &'a Caller, wanted: Value, now: i64) -> Answer<'a, Option<u64>> {
        Box::pin(approvals::take_or_ask(self, who, wanted, now))
    }

    fn asked_exports<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Vec<AskedExport>> {
        Box::pin(approvals::list(self, who, now))
    }

    fn approve_export<'a>(&'a self, who: &'a Caller, asked: u64, now: i64) -> Answer<'a, ()> {
        Box::pin(approvals::approve(self, who, asked, now))
    }

    fn refuse_export<'a>(&'a self, who: &'a Caller, asked: u64, reason: &'a str, now: i64) -> Answer<'a, ()> {
        Box::pin(approvals::refuse(self, who, asked, reason, now))
    }

    fn unmask<'a>(
        &'a self,
        who: &'a Caller,
        asked: &'a Unmasking,
        limits: &'a Limits,
        now: i64,
    ) -> Answer<'a, String> {
        Box::pin(unmask::run(self, who, asked, limits, now))
    }

    fn history<'a>(&'a self, who: &'a Caller, e: Uuid, now: i64) -> Answer<'a, Vec<HistoryLine>> {
        Box::pin(history::of(self, who, e, now))
    }

    fn office_records<'a>(
        &'a self,
        who: &'a Caller,
        kinds: &'static [&'static str],
    ) -> Answer<'a, Vec<sync::record::Record>> {
        Box::pin(office::records(self, who, kinds))
    }

    fn has_checklists(&self) -> Answer<'_, bool> {
        Box::pin(office::has_checklists(self))
    }

    fn told_checklists(&self) -> Answer<'_, Vec<ToldChecklist>> {
        Box::pin(office::told_checklists(self))
    }

    fn scope_areas<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Uuid>> {
        Box::pin(office::areas(self, who))
    }

    fn keep_import<'a>(&'a self, who: &'a Caller, kept: KeptImport, now: i64) -> Answer<'a, ()> {
        Box::pin(office::keep_import(self, who, kept, now))
    }

    fn kept_import<'a>(&'a self, who: &'a Caller, import: Uuid) -> Answer<'a, KeptImport> {
        Box::pin(office::kept_import(self, who, import))
    }

    fn mend_import<'a>(&'a self, who: &'a Caller, import: Uuid, sealed: SealedValue) -> Answer<'a, ()> {
        Box::pin(office::mend_import(self, who, import, sealed))
    }

    fn left_import<'a>(&'a self, who: &'a Caller, import: Uuid) -> Answer<'a, SealedValue> {
        Box::pin(office::left_import(self, who, import))
    }

    fn list_columns<'a>(&'a self, area: Uuid, header: &'a str) -> Answer<'a, Option<String>> {
        Box::pin(imports::columns(self, area, header))
    }

    fn write_import<'a>(
        &'a self,
        who: &'a Caller,
        new: NewImport,
        changesets: &'a [Changeset],
    ) -> Answer<'a, ()> {
        Box::pin(imports::write(self, who, new, changesets))
    }

    fn imports<'a>(&'a self, who: &'a Caller) -> Answer<'a, Vec<Imported>> {
        Box::pin(imports::list(self, who))
    }

    fn undo_import<'a>(
        &'a self,
        who: &'a Caller,
        import: Uuid,
        only_untouched: bool,
        now: i64,
    ) -> Answer<'a, Undoing> {
        Box::pin(imports::undo(self, who, import, only_untouched, now))
    }

    fn sources<'a>(&'a self, who: &'a Caller, of: (Ledger, Option<Uuid>), full: bool) -> Answer<'a, Sources> {
        Box::pin(people::sources(self, who, of, full))
    }

    fn file_facts<'a>(&'a self, who: &'a Caller, area: Option<Uuid>) -> Answer<'a, Counted> {
        Box::pin(counting::facts(self, who, area))
    }

    fn list<'a>(&'a self, who: &'a Caller, query: &'a ListQuery) -> Answer<'a, ListPage> {
        Box::pin(lists::list(self, who, query))
    }

    fn import_turn(&self) -> Answer<'_, ImportTurn> {
        Box::pin(self.wait_for_import_turn())
    }

    fn policy(&self) -> Answer<'_, Policy> {
        Box::pin(settings::policy(self))
    }

    fn change_policy<'a>(
        &'a self,
        who: Option<&'a Caller>,
        changes: &'a BTreeMap<String, String>,
        now: i64,
    ) -> Answer<'a, Result<Policy, SettingRefused>> {
        Box::pin(settings::change(self, who, changes, now))
    }

    fn notices(&self) -> Answer<'_, Vec<NoticeRow>> {
        Box::pin(notices::all(self))
    }

    fn write_notice<'a>(&'a self, who: Option<&'a Caller>, new: &'a Notice, now: i64) -> Answer<'a, ()> {
        Box::pin(notices::write(self, who, new, now))
    }

    fn approve_notice<'a>(&'a self, who: Option<&'a Caller>, version: &'a str, now: i64) -> Answer<'a, ()> {
        Box::pin(notices::approve(self, who, version, now))
    }

    fn dossier<'a>(
        &'a self,
        who: &'a Caller,
        e: Uuid,
        full_because: Option<&'a str>,
        limits: &'a Limits,
        now: i64,
    ) -> Answer<'a, Dossier> {
        Box::pin(dossier::of(self, who, e, full_because, limits, now))
    }

    fn publish<'a>(&'a self, who: &'a Caller, new: &'a NewPublication) -> Answer<'a, Publication> {
        Box::pin(publications::make(self, who, new))
    }

    fn publications<'a>(&'a self, who: &'a Caller, now: i64) -> Answer<'a, Vec<Publication>> {
        Box::pin(publications::list(self, who, now))
    }

    fn publication<'a>(
        &'a self,
        who: &'a Caller,
        publication: Uuid,
        now: i64,
    ) -> Answer<'a, (Publication, Vec<PublicLine>)> {
        Box::pin(publications::read(self, who, publication, now))
    }

    fn forget_publications(&self, now: i64) -> Answer<'_, ()> {
        Box::pin(publications::forget(self, now))
    }

    fn withdraw_publication<'a>(
        &'a self,
        who: &'a Caller,
        publication: Uuid,
        reason: &'a str,
        now: i64,
    ) -> Answer<'a, ()> {
        Box::pin(publications::withdraw(self, who, publication, reason, now))
    }

    fn keeping(&self) -> Answer<'_, Keeping> {
        Box::pin(keeping::read(self))
    }

    fn set_keeping(&self, name: &'static str, months: u32, now: i64) -> Answer<'_, ()> {
        Box::pin(keeping::put(self, name, months, now))
    }

    fn deleted_before<'a>(&'a self, who: &'a Caller, before: i64) -> Answer<'a, Leftovers> {
        Box::pin(erasing::deleted_before(self, who, before))
    }

    fn retention_facts<'a>(&'a self, who: &'a Caller) -> Answer<'a, Facts> {
        Box::pin(erasing::facts(self, who))
    }

    fn retire<'a>(&'a self, asked: Retiring<'a>) -> Answer<'a, Retired> {
        Box::pin(erasing::retire(self, asked))
    }

    fn erase<'a>(&'a self, records: &'a [Uuid], now: i64) -> Answer<'a, Erased> {
        Box::pin(erasing::erase(self, records, now))
    }

    fn sweep(&self, now: i64) -> Answer<'_, Erased> {
        Box::pin(erasing::sweep(self, now))
    }

    fn lapse_photos(&self, before: i64) -> Answer<'_, u64> {
        Box::pin(erasing::lapse(self, before))
    }

    fn erased_photos(&self) -> Answer<'_, Vec<(BlobHash, u64)>> {
        Box::pin(erasing::erased_photos(self))
    }

    fn forget_photo(&self, hash: BlobHash) -> Answer<'_, ()> {
        Box::pin(erasing::forget_photo(self, hash))
    }

    fn note_of<'a>(
        &'a self,
        who: &'a Caller,
        action: &'static str,
        detail: Value,
        now: i64,
    ) -> Answer<'a, ()> {
        Box::pin(audit::note_of(self, who, AuditEntry::of(who, action, detail, now)))
    }

    fn note_hourly<'a>(&'a self, who: &'a Caller, entry: AuditEntry) -> Answer<'a, ()> {
        Box::pin(audit::note_hourly(self, who, entry, Value::eq))
    }

    fn note(&self, entry: AuditEntry) -> Answer<'_, ()> {
        Box::pin(audit::note(self, entry))
    }

    fn verify_chain<'a>(&'a self, witnesses: &'a [Witness]) -> Answer<'a, ChainReport> {
        Box::pin(chain::verify(self, witnesses))
    }

    fn push_rescued<'a>(
        &'a self,
        device: DeviceId,
        inc: Inc,
        request: &'a PushRequest,
        by: Option<&'a Caller>,
        now: i64,
    ) -> Answer<'a, PushAnswer> {
        Box::pin(push::run(self, device, inc, request, now, (Door::File, by)))
    }

    fn device_user<'a>(&'a self, device: DeviceId, asked_by: Option<&'a Caller>) -> Answer<'a, String> {
        Box::pin(devices::user(self, device, asked_by))
    }

    fn copy_into<'a>(&'a self, file: &'a Path) -> Answer<'a, ()> {
        match &self.pools {
            Pools::Sqlite(pools) => Box::pin(pools.copy_into(file)),
            Pools::Postgres(_) => Box::pin(async { Err(DbError::Refused("backup_unsupported")) }),
        }
    }

    fn quick_check(&self) -> Answer<'_, Vec<String>> {
        match &self.pools {
            Pools::Sqlite(pools) => Box::pin(pools.quick_check()),
            Pools::Postgres(_) => Box::pin(async { Ok(Vec::new()) }),
        }
    }

    fn note_backup(&self, content: BackupContent) -> Answer<'_, ()> {
        Box::pin(backups::note(self, content))
    }

    fn last_backup(&self) -> Answer<'_, Option<VerifiedBackup>> {
        Box::pin(backups::last(self))
    }

    fn reopen(&self, reopening: Reopening) -> Answer<'_, ()> {
        Box::pin(backups::reopen(self, reopening))
    }

    fn key_standing(&self) -> Answer<'_, KeyStanding> {
        Box::pin(rekey::standing(self))
    }

    fn seal_to_present_key(&self, now: i64) -> Answer<'_, Option<Rekeyed>> {
        Box::pin(rekey::run(self, now))
    }

    fn give_up_key(&self, now: i64) -> Answer<'_, ()> {
        Box::pin(rekey::give_up(self, now))
    }

    fn clear_earlier_keys(&self, now: i64) -> Answer<'_, StaleSeals> {
        Box::pin(rekey::clear_earlier(self, now))
    }

    fn disconnect(&self) -> Answer<'_, ()> {
        Box::pin(async {
            self.close().await;
            Ok(())
        })
    }
}
