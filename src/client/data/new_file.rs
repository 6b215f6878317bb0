//! A file begun on the spot: who is alike on this device already, and the new records.

use super::{
    Data, SaveError,
    attachments::house_photo,
    file::{area_of, text, view_of},
    households::member,
};
use crate::{
    driver::Driver,
    platform::{clock, entropy},
};
use domain::{
    access::Role,
    category::Category,
    id_no::IdNo,
    kinds::{FieldClass, Group, kind},
    need::TaskKind,
    order::Gather,
};
use serde_json::{Value, json};
use sync::{
    id::{AreaId, made_alike},
    wire::{Fields, Op},
};
use uuid::Uuid;

/// What was typed of a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewFile {
    pub(crate) name: String,
    pub(crate) id_no: String,
    pub(crate) area: AreaId,
    /// The village's code.
    pub(crate) code: String,
    pub(crate) live_addr: String,
    pub(crate) mobile: String,
    /// The category that he says he belongs to.
    pub(crate) category: String,
    /// The version of the notice that was shown.
    pub(crate) notice_version: String,
    /// Whom he lives with.
    pub(crate) with: Option<Uuid>,
}

/// The sealed setting that holds what was typed of a file and not begun.
const DRAFT: &str = "new_file";
/// The place of the number in it: it is never kept, for a device keeps no whole number.
const NUMBER: usize = 1;
/// The place of the village in it: a worker of one village has not typed it.
const VILLAGE: usize = 2;
/// The place of whom he lives with: that is known before anything is typed.
const WITH: usize = 6;

/// What is typed of a new file, in the order of the form: name, number, village, address, telephone, category, whom he lives with.
pub(crate) type NewFileDraft = [String; 7];

fn is_blank(typed: &NewFileDraft) -> bool {
    typed.iter().enumerate().all(|(place, text)| matches!(place, VILLAGE | WITH) || text.trim().is_empty())
}

/// What is kept of what was typed.
fn kept(mut typed: NewFileDraft) -> Option<String> {
    typed[NUMBER].clear();
    (!is_blank(&typed)).then(|| json!(typed).to_string())
}

fn draft_of(text: &str) -> Option<NewFileDraft> {
    let texts = domain::json::from_str::<Value>(text).ok()?;
    let typed: NewFileDraft =
        std::array::from_fn(|place| texts[place].as_str().unwrap_or_default().to_owned());
    (!is_blank(&typed)).then_some(typed)
}

/// What of housing says where that is: whoever writes a new file says that himself.
const WHERE: [&str; 2] = ["live_code", "live_addr"];
/// What two people behind one door have in common besides their housing.
const IN_COMMON: [&str; 3] = ["postcode", "domicile_code", "domicile_addr"];

/// A category applied for; whether it is paid is decided later.
fn entitlement(e: Uuid, recipient: Uuid, area: AreaId, category: &str) -> Op {
    create(e, "entitlement", recipient, area, &[("category", category), ("state", "accepted")])
}

/// Something that the office is to do for a family, and what it is about.
pub(super) fn task_op(e: Uuid, recipient: Uuid, area: AreaId, kind: TaskKind, what: &str) -> Op {
    let code = kind.code();
    create(e, "task", recipient, area, &[("kind", code), ("what", what), ("state", "open"), ("rule", code)])
}

/// What a new file takes over from that of somebody behind the same door.
fn shared(home: &Fields) -> impl Iterator<Item = (String, Value)> {
    let fields = kind("recipient").map(|kind| kind.fields).unwrap_or_default();
    let housing = fields.iter().filter(|field| field.group == Group::Residence).map(|field| field.name);
    let names = housing.filter(|name| !WHERE.contains(name)).chain(IN_COMMON);
    let there = names.filter_map(|name| home.get_key_value(name));
    there.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone()))
}

fn create(e: Uuid, of: &str, recipient: Uuid, area: AreaId, fields: &[(&str, &str)]) -> Op {
    let f = fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).gather();
    Op::Create { e, kind: of.to_owned(), area, parent: Some(recipient), f }
}

impl Data {
    /// What was typed of a new file and neither begun nor discarded.
    pub(crate) async fn new_file_draft(self) -> Option<NewFileDraft> {
        let driver = self.open_driver()?;
        let text = driver.store.setting(DRAFT).await.ok().flatten()?;
        draft_of(&text)
    }

    /// What is known beforehand of somebody who lives with this person.
    pub(crate) async fn next_in_household(self, with: Uuid) -> Option<NewFileDraft> {
        let driver = self.open_driver()?;
        let home = view_of(&driver, with).await?;
        let code = self.look(&driver, |look| look.areas.code(home.area).to_owned());
        let none = String::new;
        Some([none(), none(), code, text(&home.f, "live_addr"), none(), none(), with.to_string()])
    }

    /// Journals what is typed of a new file, the number apart; nothing typed is no draft. Resolved: it is on the disk.
    pub(crate) async fn keep_new_file(self, typed: NewFileDraft) -> Result<(), SaveError> {
        let hub = self.hub();
        *hub.new_file.borrow_mut() = Some(typed);
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        // What was typed while this waited is the truth; after a lock it is no longer here.
        let Some(typed) = hub.new_file.borrow().clone() else { return Err(SaveError::Locked) };
        let Some(text) = kept(typed) else {
            return Ok(driver.store.remove_setting(DRAFT).await?);
        };
        if let Err(error) = driver.store.put_setting(DRAFT, &text).await {
            driver.free_after(error).await?;
            driver.store.put_setting(DRAFT, &text).await?;
        }
        Ok(())
    }

    /// Begins a file. The office writes the category; who may not do that leaves it as something to be done.
    pub(crate) async fn begin_file(self, new: NewFile) -> Result<Uuid, SaveError> {
        let driver = self.writer()?;
        let now = clock::now_ms();
        let e = entropy::uuid(now);
        let (mut f, mut joining) = (self.fields(&driver, e, &new)?, Vec::new());
        let home = match new.with {
            Some(with) => view_of(&driver, with).await.map(|home| (with, home)),
            None => None,
        };
        // Whoever turns out to live in another village is of no household here.
        if let Some((with, home)) = home.filter(|(_, home)| home.area == new.area) {
            let (household, joined) = self.door_of(&driver, with).await?;
            f.extend(shared(&home.f));
            f.insert("household_id".to_owned(), json!(household));
            joining.extend(joined);
            joining.push(member(household, e));
            joining.extend(house_photo(&driver, with, e, new.area).await);
        }
        let mut ops = vec![Op::Create { e, kind: "recipient".to_owned(), area: new.area, parent: None, f }];
        ops.extend(joining);
        ops.push(self.category_op(entropy::uuid(now), e, &new));
        self.save(ops).await?;
        Ok(e)
    }

    fn fields(self, driver: &Driver, e: Uuid, new: &NewFile) -> Result<Fields, SaveError> {
        let mut plain: Vec<(&str, Value)> = vec![
            ("name", json!(new.name)),
            ("id_no", json!(new.id_no)),
            ("status", json!("active")),
            ("live_code", json!(new.code)),
            ("live_addr", json!(new.live_addr)),
            ("notice_version", json!(new.notice_version)),
        ];
        if !new.mobile.is_empty() {
            plain.push(("mobile", json!(new.mobile)));
        }
        if let Ok(reading) = IdNo::read(&new.id_no) {
            plain.push(("id_kind", json!("id")));
            plain.push(("sex", json!(reading.id.sex().code())));
            plain.push(("birth", json!(reading.id.birth())));
        }
        let of = kind("recipient").ok_or(SaveError::Unknown)?;
        let mut fields = Vec::new();
        for (name, value) in plain {
            let value = match (of.class(name), value.as_str()) {
                (FieldClass::Sealed, Some(text)) => {
                    let sealed = super::office::seal_text(driver, e, name, text)?;
                    serde_json::to_value(sealed).map_err(|_| SaveError::Unknown)?
                }
                _ => value,
            };
            fields.push((name.to_owned(), value));
        }
        Ok(fields.into_iter().gather())
    }

    fn category_op(self, id: Uuid, recipient: Uuid, new: &NewFile) -> Op {
        let may = |role: Role| kind("entitlement").is_some_and(|of| of.may_create(role));
        if self.role().is_some_and(may) {
            return entitlement(id, recipient, new.area, &new.category);
        }
        task_op(id, recipient, new.area, TaskKind::File, &new.category)
    }

    /// Writes the category that a task of a new file names, and ends the task.
    pub(crate) async fn accept_category(
        self,
        recipient: Uuid,
        task: Uuid,
        category: &str,
    ) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let area = area_of(&driver, recipient)?;
        let mut ops = vec![self.field_op(&driver, task, "task", "state", json!("done"))?];
        if category.parse::<Category>().is_ok() {
            // Two clerks who press at once make the same one.
            ops.push(entitlement(made_alike("entitlement", &[&task.to_string()]), recipient, area, category));
        }
        self.save(ops).await
    }
}

#[cfg(test)]
mod tests {
    use super::{NewFileDraft, draft_of, kept};
    use serde_json::json;

    #[test]
    fn what_was_typed_is_offered_again_and_a_village_alone_is_nothing_typed() {
        let typed: NewFileDraft = ["高远山", "", "339999100201", "", "199", "51", "w"].map(str::to_owned);
        assert_eq!(draft_of(&json!(typed).to_string()), Some(typed));
        let alone: NewFileDraft = ["", " ", "339999100201", "", "", "", "w"].map(str::to_owned);
        assert_eq!(draft_of(&json!(alone).to_string()), None);
        assert_eq!(draft_of("[\"高远山\"]").map(|typed| typed[0].clone()), Some("高远山".to_owned()));
        assert_eq!(draft_of("{"), None);
    }

    #[test]
    fn a_whole_number_is_never_kept_nor_a_part_of_one() {
        let typed: NewFileDraft = ["高远山", "11010519491231002X", "", "", "", "", ""].map(str::to_owned);
        assert_eq!(kept(typed).as_deref(), Some(r#"["高远山","","","","","",""]"#));
        let alone: NewFileDraft = ["", "1101051949", "", "", "", "", ""].map(str::to_owned);
        assert_eq!(kept(alone), None);
    }
}
