//! The templates that come with the program. Their words are those of the paper forms.

use super::{Checklist, Template};

/// The id of the follow-up form 定期回访表.
///
/// Its conditions are those of the form's table, with one addition: A13, A15 and A27 are also hidden when the person has died (A03). By the table's
/// letter a hidden question makes `≠` true, and the family of a dead person would be asked who cares for him.
pub const FOLLOWUP: &str = "FOLLOWUP";

/// The id of the check of a difficulty 困难帮扶入户核查表. Its rows of two or three things (B20, B29, B30) are questions of parts.
pub const VERIFY: &str = "VERIFY";

const FOLLOWUP_V1: &str = include_str!("templates/followup_v1.json");
const VERIFY_V1: &str = include_str!("templates/verify_v1.json");

/// The newest built-in template of an id.
pub fn builtin(id: &str) -> Option<Checklist> {
    let text = match id {
        FOLLOWUP => FOLLOWUP_V1,
        VERIFY => VERIFY_V1,
        _ => return None,
    };
    let template: Template = crate::json::from_str(text).expect("built-in templates are tested");
    Some(Checklist::new(template).expect("built-in templates are tested"))
}
