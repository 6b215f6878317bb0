//! What the fields of a row say of each other.

use serde_json::json;

use super::{Draft, one_dot};
use crate::day::Day;
use crate::disability::{Cause, fits};
use crate::list::Context;
use crate::list::header::Header;
use crate::list::report::Why;
use crate::text::bare;

/// Rules across the columns of a row.
pub(super) fn run(draft: &mut Draft, header: &Header, context: &Context) {
    identity(draft, header, context.today);
    entitlement(draft, header);
    if let (Some(owner), Some(name)) = (draft.report.text("account_name"), draft.report.text("name"))
        && one_dot(&bare(owner)) != bare(name)
    {
        draft.report.whys.push(at(header, "account_of_another", "account_name"));
    }
    let fields = &draft.report.recipient;
    if !fields.contains_key("mobile") && !fields.contains_key("phone2") {
        draft.report.whys.push(Why::named("phone_missing", "mobile"));
    }
}

/// The finding at the field's column, if there is one.
fn at(header: &Header, code: &'static str, field: &str) -> Why {
    header.column(field).map_or_else(|| Why::named(code, field), |column| Why::at(code, column))
}

/// Sex and birth are kept as listed, and compared with the number; a list without births takes them from it.
fn identity(draft: &mut Draft, header: &Header, today: Day) {
    let Some(id) = draft.id.clone() else { return };
    if id.birth() > today {
        draft.report.refuse(at(header, "birth_in_future", "id_no"));
    }
    if let Some(sex) = draft.report.text("sex")
        && matches!(sex, "1" | "2")
        && sex != id.sex().code()
    {
        draft.report.whys.push(at(header, "sex_mismatch", "sex"));
    }
    let listed: Option<Day> = draft.report.text("birth").and_then(|text| text.parse().ok());
    match listed {
        Some(day) if draft.birth_month_only => {
            if (day.year(), day.month()) != (id.birth().year(), id.birth().month()) {
                draft.report.whys.push(at(header, "birth_mismatch", "birth"));
            }
            draft.report.recipient.insert("birth".to_owned(), json!(id.birth()));
        }
        Some(day) if day != id.birth() => draft.report.whys.push(at(header, "birth_mismatch", "birth")),
        Some(_) => {}
        None => {
            draft.report.recipient.insert("birth".to_owned(), json!(id.birth()));
        }
    }
}

/// Category, grade and cause.
fn entitlement(draft: &mut Draft, header: &Header) {
    let Some(category) = draft.category else { return };
    let fields = &mut draft.report.entitlement;
    fields.insert("category".to_owned(), json!(category));
    let grade =
        fields.get("grade").and_then(serde_json::Value::as_u64).and_then(|grade| u8::try_from(grade).ok());
    let cause = fields.get("cause").and_then(|cause| Cause::from_word(cause.as_str()?));
    let has_old_class = fields.contains_key("old_class");
    if let (Some(grade), Some(cause)) = (grade, cause)
        && !fits(cause, grade)
    {
        draft.report.refuse(at(header, "illness_grade", "grade"));
    }
    let refused_grade = draft.report.whys.iter().any(|why| why.code == "grade_out_of_range");
    if category.is_disabled() && grade.is_none() && !has_old_class && !refused_grade {
        draft.report.whys.push(at(header, "grade_missing", "grade"));
    }
    if !category.is_disabled() && category.code() != "61" && (grade.is_some() || has_old_class) {
        draft.report.whys.push(at(header, "grade_unexpected", "grade"));
    }
}
