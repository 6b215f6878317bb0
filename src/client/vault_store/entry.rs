//! What a list and a search need of a record: one entry of an `idx` page.

use domain::{
    age_alarm::is_kin_child,
    attachment::YEARLY,
    day::Day,
    door,
    visit::{PlanFacts, is_away},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sync::{
    local::{LocalRecord, View},
    rev::Rev,
    wire::Fields,
};
use uuid::Uuid;

/// Which columns there are. Pages of other columns are made anew: one more whenever a column is added or means something else.
pub(super) const COLUMNS: &str = "4";
/// A list needs no more of an address.
const DOOR_LETTERS_MAX: usize = 24;
/// The stored words that are looked for, such as `died`, are no longer.
const WORD_BYTES_MAX: usize = 10;

/// One record in a page of `idx`. Members have short names: a page is opened at every start.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    #[serde(rename = "i")]
    pub(crate) id: Uuid,
    #[serde(rename = "k")]
    pub(crate) kind: String,
    /// Version of the confirmed record, for the digest.
    #[serde(rename = "r")]
    pub(crate) rev: Rev,
    /// Whether it counts in the digest.
    #[serde(rename = "c", default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) counted: bool,
    /// Not to be shown.
    #[serde(rename = "h", default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) hidden: bool,
    /// Own work on it has not reached the office.
    #[serde(rename = "w", default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) waiting: bool,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<Uuid>,
    /// The bundle in `rep` that holds it; its own row if none.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub(crate) bundle: Option<Uuid>,
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub(crate) columns: Option<Columns>,
}

/// The columns of a kind that lists show.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Columns {
    #[serde(rename = "r")]
    Recipient(RecipientColumns),
    #[serde(rename = "e")]
    Entitlement(EntitlementColumns),
    #[serde(rename = "v")]
    Visit(VisitColumns),
    #[serde(rename = "n")]
    Need(NeedColumns),
    /// A photo of what somebody looks like this year.
    #[serde(rename = "y")]
    Yearly(YearlyColumns),
    /// A conflict, held or proposal record, a task or a measure: what it is about and where it stands.
    #[serde(rename = "o")]
    Open(OpenColumns),
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RecipientColumns {
    #[serde(rename = "n")]
    pub(crate) name: String,
    #[serde(rename = "s", skip_serializing_if = "String::is_empty")]
    pub(crate) sex: String,
    #[serde(rename = "y", skip_serializing_if = "Option::is_none")]
    pub(crate) birth_year: Option<i32>,
    /// The whole day, where this device knows it.
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub(crate) birth: Option<Day>,
    #[serde(rename = "t", skip_serializing_if = "String::is_empty")]
    pub(crate) id_tail: String,
    /// First three and last four digits.
    #[serde(rename = "m", skip_serializing_if = "String::is_empty")]
    pub(crate) phone: String,
    #[serde(rename = "x", skip_serializing_if = "String::is_empty")]
    pub(crate) status: String,
    #[serde(rename = "l", skip_serializing_if = "String::is_empty")]
    pub(crate) self_care: String,
    #[serde(rename = "o", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) lone_elder: bool,
    /// 低保 or 特困.
    #[serde(rename = "d", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) relief: bool,
    #[serde(rename = "k", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_key: bool,
    /// Where he lives within the village.
    #[serde(rename = "a", skip_serializing_if = "String::is_empty")]
    pub(crate) door: String,
    /// The plaque is to be hung or changed.
    #[serde(rename = "q", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) needs_plaque: bool,
    /// The household that he is of.
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub(crate) household: Option<Uuid>,
    /// The account that answers for him.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub(crate) responsible: Option<Uuid>,
    /// Files that look alike and are of other people.
    #[serde(rename = "u", skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_same: Vec<Uuid>,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EntitlementColumns {
    #[serde(rename = "c")]
    pub(crate) category: String,
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub(crate) grade: Option<u8>,
    #[serde(rename = "x", skip_serializing_if = "String::is_empty")]
    pub(crate) state: String,
    /// The pension of a child of a soldier who died.
    #[serde(rename = "h", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) kin_child: bool,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct VisitColumns {
    #[serde(rename = "k")]
    pub(crate) kind: String,
    #[serde(rename = "t")]
    pub(crate) template: String,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub(crate) completed_at: Option<i64>,
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub(crate) next_due: Option<String>,
    /// By telephone, or not at the family's home.
    #[serde(rename = "a", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) away: bool,
    /// When whoever was there left, finished or not.
    #[serde(rename = "z", skip_serializing_if = "Option::is_none")]
    pub(crate) ended_at: Option<i64>,
    #[serde(rename = "x", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) cancelled: bool,
    /// Why it was cancelled.
    #[serde(rename = "w", skip_serializing_if = "String::is_empty")]
    pub(crate) why: String,
    /// Verdict and time of the last review.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub(crate) review: Option<(String, i64)>,
    /// Photos first.
    #[serde(rename = "b", skip_serializing_if = "Vec::is_empty")]
    pub(crate) blobs: Vec<String>,
    /// How many of the blobs are photos.
    #[serde(rename = "f", skip_serializing_if = "is_zero")]
    pub(crate) photos: usize,
    #[serde(rename = "v", skip_serializing_if = "Vec::is_empty")]
    pub(crate) visitors: Vec<String>,
    #[serde(rename = "o", skip_serializing_if = "String::is_empty")]
    pub(crate) planned_on: String,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct NeedColumns {
    #[serde(rename = "k")]
    pub(crate) kind: String,
    #[serde(rename = "u")]
    pub(crate) urgency: String,
    #[serde(rename = "x")]
    pub(crate) state: String,
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub(crate) due_on: Option<String>,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub(crate) responsible: Option<String>,
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub(crate) found_by: Option<Uuid>,
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<String>,
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(rename = "e", skip_serializing_if = "Vec::is_empty")]
    pub(crate) evidence: Vec<Uuid>,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct YearlyColumns {
    #[serde(rename = "t")]
    pub(crate) taken_on: String,
    #[serde(rename = "b", skip_serializing_if = "String::is_empty")]
    pub(crate) photo: String,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct OpenColumns {
    #[serde(rename = "x")]
    pub(crate) state: String,
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<Uuid>,
    #[serde(rename = "f", skip_serializing_if = "String::is_empty")]
    pub(crate) field: String,
    /// Of a proposal, who saved it and when: what was saved together is decided together.
    #[serde(rename = "b", skip_serializing_if = "String::is_empty")]
    pub(crate) save: String,
    /// Of a proposal of a short text, that text.
    #[serde(rename = "v", skip_serializing_if = "String::is_empty")]
    pub(crate) value: String,
    /// Of a measure, who pays for it.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub(crate) sponsor: Option<Uuid>,
}

impl Entry {
    /// The entry of a record, with own waiting work on top.
    pub(crate) fn of(record: &LocalRecord, bundle: Option<Uuid>) -> Entry {
        let view = record.view();
        Entry {
            id: record.id,
            kind: view.kind.clone(),
            rev: record.rev(),
            counted: record.is_counted(),
            hidden: view.hidden,
            waiting: view.waiting,
            parent: view.parent,
            bundle,
            columns: if view.hidden { None } else { columns(&view) },
        }
    }

    /// The key of its row in `rep`.
    pub(crate) fn row_id(&self) -> Uuid {
        self.bundle.unwrap_or(self.id)
    }
}

fn columns(view: &View) -> Option<Columns> {
    let f = &view.f;
    Some(match view.kind.as_str() {
        "recipient" => Columns::Recipient(recipient(f)),
        "entitlement" => Columns::Entitlement(EntitlementColumns {
            category: text(f, "category"),
            grade: f.get("grade").and_then(number).and_then(|grade| u8::try_from(grade).ok()),
            state: text(f, "state"),
            kin_child: text(f, "category")
                .parse()
                .is_ok_and(|category| is_kin_child(category, &text(f, "kin_relation"))),
        }),
        "visit" => Columns::Visit(visit(f)),
        "need" => Columns::Need(NeedColumns {
            kind: text(f, "kind"),
            urgency: text(f, "urgency"),
            state: text(f, "state"),
            due_on: some_text(f, "due_on"),
            responsible: some_text(f, "responsible"),
            found_by: some_text(f, "found_by").and_then(|id| id.parse().ok()),
            rule: some_text(f, "rule"),
            reason: some_text(f, "reason"),
            evidence: texts(f, "evidence").iter().filter_map(|id| id.parse().ok()).collect(),
        }),
        "attachment" if text(f, "attachment_kind") == YEARLY => Columns::Yearly(YearlyColumns {
            taken_on: text(f, "taken_on"),
            photo: list(f, "blobs")
                .last()
                .and_then(|blob| blob["blob"].as_str())
                .unwrap_or_default()
                .to_owned(),
        }),
        "conflict" | "held" | "proposal" | "task" | "measure" => Columns::Open(OpenColumns {
            state: text(f, "state"),
            of: ["of", "recipient", "need"]
                .iter()
                .find_map(|name| some_text(f, name))
                .and_then(|id| id.parse().ok()),
            field: text(f, "field"),
            save: if view.kind == "proposal" { save_of(f) } else { String::new() },
            value: some_text(f, "value").filter(|value| value.len() <= WORD_BYTES_MAX).unwrap_or_default(),
            sponsor: some_text(f, "sponsor").and_then(|id| id.parse().ok()),
        }),
        _ => return None,
    })
}

/// Author and time of a proposal's save.
fn save_of(f: &Fields) -> String {
    let by = match f.get("by") {
        Some(Value::Array(by)) => by.first().and_then(Value::as_str).unwrap_or_default(),
        by => by.and_then(Value::as_str).unwrap_or_default(),
    };
    format!("{by} {}", f.get("t").and_then(number).unwrap_or_default())
}

fn recipient(f: &Fields) -> RecipientColumns {
    RecipientColumns {
        name: text(f, "name"),
        sex: text(f, "sex"),
        birth_year: shown(f, "birth").get(..4).and_then(|year| year.parse().ok()),
        birth: shown(f, "birth").parse().ok(),
        id_tail: tail(&shown(f, "id_no")),
        // Whoever has no mobile phone is called at the other number, often a landline.
        phone: ["mobile", "phone2"]
            .iter()
            .map(|field| masked_phone(&text(f, field)))
            .find(|phone| !phone.is_empty())
            .unwrap_or_default(),
        status: text(f, "status"),
        self_care: text(f, "self_care"),
        lone_elder: is_true(f, "lone_elder"),
        relief: is_true(f, "relief_basic") || is_true(f, "relief_destitute"),
        is_key: is_true(f, "is_key"),
        door: ["live_addr", "domicile_addr"]
            .iter()
            .map(|field| door::within(&text(f, field)).chars().take(DOOR_LETTERS_MAX).collect::<String>())
            .find(|door| !door.is_empty())
            .unwrap_or_default(),
        needs_plaque: PlanFacts::plaque(&text(f, "plaque")),
        household: some_text(f, "household_id").and_then(|id| id.parse().ok()),
        responsible: some_text(f, "responsible").and_then(|id| id.parse().ok()),
        not_same: list(f, "not_same")
            .iter()
            .filter_map(|item| item["other"].as_str()?.parse().ok())
            .collect(),
    }
}

fn visit(f: &Fields) -> VisitColumns {
    let review = list(f, "reviews").last().map(|entry| {
        let verdict = entry["v"]["verdict"].as_str().unwrap_or_default().to_owned();
        (verdict, entry["t"].as_i64().unwrap_or_default())
    });
    let (photos, others): (Vec<&Value>, Vec<&Value>) =
        list(f, "blobs").iter().partition(|blob| blob["kind"] == "photo");
    let name = |blob: &&Value| blob["blob"].as_str().map(str::to_owned);
    VisitColumns {
        kind: text(f, "kind"),
        template: text(f, "template"),
        completed_at: f.get("completed_at").and_then(number),
        next_due: some_text(f, "next_due"),
        away: is_away(&text(f, "place")),
        ended_at: f.get("ended_at").and_then(number),
        cancelled: f.get("cancelled").is_some_and(|cancelled| !cancelled.is_null()),
        why: text(f, "cancelled"),
        review,
        photos: photos.len(),
        blobs: photos.iter().chain(&others).filter_map(name).collect(),
        visitors: texts(f, "visitors"),
        planned_on: text(f, "planned_on"),
    }
}

/// A field as text: itself, or what is shown of it.
pub(crate) fn shown(f: &Fields, name: &str) -> String {
    match f.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(part)) => part.get("show").and_then(Value::as_str).unwrap_or_default().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// The last four characters, of a number that is masked or whole.
pub(crate) fn tail(number: &str) -> String {
    let skip = number.chars().count().saturating_sub(4);
    number.chars().skip(skip).collect()
}

/// First three and last four digits; a short number stays as it is.
pub(crate) fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 9 {
        return phone.to_owned();
    }
    let (head, rest) = digits.split_at(3);
    let end = &rest[rest.len() - 4..];
    head.iter().chain(['*'; 4].iter()).chain(end).collect()
}

pub(crate) fn text(f: &Fields, name: &str) -> String {
    some_text(f, name).unwrap_or_default()
}

pub(crate) fn some_text(f: &Fields, name: &str) -> Option<String> {
    f.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The items of a field that holds several.
pub(crate) fn list<'a>(f: &'a Fields, name: &str) -> &'a [Value] {
    f.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn texts(f: &Fields, name: &str) -> Vec<String> {
    list(f, name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn is_true(f: &Fields, name: &str) -> bool {
    f.get(name).and_then(Value::as_bool).unwrap_or(false)
}
