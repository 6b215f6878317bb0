//! The file of a person: a typed view of the fields that rules look at.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::day::Day;
use crate::id_no::IdNo;
use crate::options;
use crate::private::Private;
use crate::region::AreaCode;

/// The typed view of a recipient's fields. Lists bring files with faults, so texts stay texts; [`Recipient::check`]
/// says what is wrong. What this build does not know lies in `rest` and survives an edit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recipient {
    /// 姓名
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Private<String>>,
    /// 身份证号; absent where the reader sees only its tail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_no: Option<Private<Value>>,
    /// 性别, a code of `options`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// 出生日期, a day, or `{show}` with the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Private<Value>>,
    /// 户口簿行政区划代码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domicile_code: Option<String>,
    /// 实际居住地行政区划代码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_code: Option<String>,
    /// 实际居住地址
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_addr: Option<Private<String>>,
    /// 手机
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<Private<String>>,
    /// 其他联系方式
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone2: Option<Private<String>>,
    /// 开户名称
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Private<String>>,
    /// 银行账号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_no: Option<Private<Value>>,
    /// active, died, moved, closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// 去世日期
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died_on: Option<Day>,
    /// All other fields, as they came.
    #[serde(flatten)]
    pub rest: Private<Map<String, Value>>,
}

/// Something wrong with a field: its name and a code for which the screens have a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong.
    pub code: &'static str,
}

impl Problem {
    pub(crate) fn new(field: &'static str, code: &'static str) -> Problem {
        Problem { field, code }
    }
}

/// What a check needs to know besides the file.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The day on which it is checked.
    pub today: Day,
    /// The county or township whose files these are; domiciles lie in it.
    pub area: Option<AreaCode>,
}

impl Recipient {
    /// What is wrong or missing, to be shown and not to be refused.
    pub fn check(&self, rules: &Rules) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut found = |field, code| problems.push(Problem::new(field, code));
        if text(self.name.as_ref()).is_none() {
            found("name", "name_missing");
        }
        let id = self.check_id(rules, &mut found);
        if let (Some(id), Some(sex)) = (&id, &self.sex)
            && matches!(sex.as_str(), "1" | "2")
            && id.sex().code() != sex
        {
            found("sex", "sex_mismatch");
        }
        if let (Some(id), Some(birth)) = (&id, day(self.birth.as_ref()))
            && id.birth() != birth
        {
            found("birth", "birth_mismatch");
        }
        if let (Some(area), Some(code)) = (&rules.area, self.domicile_code.as_deref()) {
            match code.parse::<AreaCode>() {
                Ok(code) if area.contains(&code) => {}
                _ => found("domicile_code", "region_outside"),
            }
        }
        if self.mobile.is_none() && self.phone2.is_none() {
            found("mobile", "phone_missing");
        }
        if text(self.mobile.as_ref()).is_some_and(|mobile| !is_mobile(mobile)) {
            found("mobile", "phone_invalid");
        }
        self.check_account(&mut found);
        if self.died_on.is_some_and(|day| day > rules.today) {
            found("died_on", "date_in_future");
        }
        for (field, value) in self.rest.get() {
            let (Some(choices), Some(code)) = (options::choices(field), value.as_str()) else { continue };
            if let Some(known) = crate::kinds::kind("recipient").and_then(|kind| kind.field(field))
                && choices.iter().all(|choice| choice.code != code)
            {
                found(known.name, "option_unknown");
            }
        }
        problems
    }

    fn check_id(&self, rules: &Rules, found: &mut impl FnMut(&'static str, &'static str)) -> Option<IdNo> {
        let Some(value) = &self.id_no else {
            found("id_no", "required_missing");
            return None;
        };
        let Ok(id) = IdNo::parse(value.get().as_str()?) else {
            found("id_no", "id_checksum");
            return None;
        };
        if id.birth() > rules.today {
            found("id_no", "birth_in_future");
        }
        if !id.has_known_province() {
            found("id_no", "id_province");
        }
        Some(id)
    }

    fn check_account(&self, found: &mut impl FnMut(&'static str, &'static str)) {
        let Some(account) = self.account_no.as_ref().and_then(|value| value.get().as_str()) else { return };
        if !account.bytes().all(|b| b.is_ascii_digit()) || !(12..=21).contains(&account.len()) {
            found("account_no", "account_invalid");
        } else if is_card(account) && !luhn(account) {
            found("account_no", "account_check");
        }
        if let (Some(owner), Some(name)) = (text(self.account_name.as_ref()), text(self.name.as_ref()))
            && owner != name
        {
            found("account_name", "account_of_another");
        }
    }
}

fn text(value: Option<&Private<String>>) -> Option<&str> {
    value.map(|value| value.get().trim()).filter(|text| !text.is_empty())
}

fn day(value: Option<&Private<Value>>) -> Option<Day> {
    value?.get().as_str()?.parse().ok()
}

/// A mobile number of the mainland: 1[3-9] and nine digits more.
pub fn is_mobile(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

/// A landline: area code and number (0570-6346681), or the number alone.
pub fn is_landline(text: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((area, number)) => {
            area.starts_with('0')
                && matches!(area.len(), 3 | 4)
                && matches!(number.len(), 7 | 8)
                && digits(area)
                && digits(number)
        }
        None => {
            digits(text)
                && (matches!(text.len(), 7 | 8) || text.starts_with('0') && matches!(text.len(), 10..=12))
        }
    }
}

/// Whether an account is a card's, whose last digit checks the others; the books of rural co-operatives have no such digit.
pub(crate) fn is_card(account: &str) -> bool {
    (16..=19).contains(&account.len())
        && account.starts_with("62")
        && account.bytes().all(|b| b.is_ascii_digit())
}

/// The check of card numbers.
pub(crate) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            if i % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Recipient, Rules, is_landline, is_mobile};

    fn codes(value: Value) -> Vec<&'static str> {
        let rules = Rules { today: "2026-11-23".parse().unwrap(), area: "339999100".parse().ok() };
        serde_json::from_value::<Recipient>(value)
            .unwrap()
            .check(&rules)
            .into_iter()
            .map(|p| p.code)
            .collect()
    }

    #[test]
    fn an_empty_file_says_what_it_lacks() {
        assert_eq!(codes(json!({})), ["name_missing", "required_missing", "phone_missing"]);
    }

    #[test]
    fn faults_are_listed_and_not_refused() {
        let file = json!({
            "name": "李伟", "id_no": "339999194803120019", "sex": "2", "birth": "1948-03-13",
            "domicile_code": "339998100201", "mobile": "12345", "account_no": "6222020000000000001",
            "account_name": "李强", "died_on": "2027-01-01", "support": "moon",
        });
        assert_eq!(
            codes(file),
            [
                "sex_mismatch",
                "birth_mismatch",
                "region_outside",
                "phone_invalid",
                "account_check",
                "account_of_another",
                "date_in_future",
                "option_unknown",
            ]
        );
    }

    #[test]
    fn a_masked_file_is_not_blamed_for_what_it_hides() {
        let file = json!({"name": "李伟", "id_no": {"show": "**************0019"}, "birth": {"show": "1948"}, "mobile": "13800001234"});
        assert_eq!(codes(file), [""; 0]);
    }

    #[test]
    fn unknown_fields_survive_and_nothing_personal_is_printed() {
        let value = json!({"name": "李伟", "id_no": "339999194803120019", "halo": [1, {"a": null}]});
        let typed: Recipient = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), value);
        assert!(!format!("{typed:?}").contains("李伟") && !format!("{typed:?}").contains("0019"));
    }

    #[test]
    fn phones_are_told_apart() {
        assert!(is_mobile("13800001234") && !is_mobile("12800001234") && !is_mobile("1380000123"));
        assert!(is_landline("0570-6346681") && is_landline("6346681") && is_landline("05706346681"));
        assert!(!is_landline("0570-63466") && !is_landline("无"));
    }
}
