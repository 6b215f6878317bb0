//! The templates that come with the program. Their words are those of the paper forms.

use super::{Checklist, Template};
use crate::visit::VisitKind;

/// The id of the follow-up form 定期回访表.
///
/// Its conditions are those of the form's table, with one addition: A13, A15 and A27 are also hidden when the person has died (A03). By the table's
/// letter a hidden question makes `≠` true, and the family of a dead person would be asked who cares for him.
pub const FOLLOWUP: &str = "FOLLOWUP";

/// The id of the check of a difficulty 困难帮扶入户核查表. Its rows of two or three things (B20, B29, B30) are questions of parts.
pub const VERIFY: &str = "VERIFY";

/// The id of the greeting before a festival 节日慰问. What comes by post shows nobody, so that it asks for no health, photo or signature.
pub const FESTIVAL: &str = "FESTIVAL";

/// The id of the yearly confirmation 年度确认. Whether the person lives is asked before what only a living person can show.
pub const CONFIRM: &str = "CONFIRM";

/// The id of the register of plaques 光荣牌. Where the household has one, no second is hung, and nothing about one is asked.
pub const PLAQUE: &str = "PLAQUE";

/// The id of the delivery of a notice of merit 送喜报.
pub const MERIT: &str = "MERIT";

/// The id of the form after a death 去世/丧葬.
pub const DEATH: &str = "DEATH";

/// The id of the first visit to somebody discharged 新退役.
pub const NEWREPORT: &str = "NEWREPORT";

/// Every built-in template: id, the kind of visit that asks by it, and its text.
const BUILTIN: [(&str, VisitKind, &str); 8] = [
    (FOLLOWUP, VisitKind::FollowUp, include_str!("templates/followup_v1.json")),
    (VERIFY, VisitKind::Verification, include_str!("templates/verify_v1.json")),
    (FESTIVAL, VisitKind::Festival, include_str!("templates/festival_v1.json")),
    (CONFIRM, VisitKind::AnnualConfirmation, include_str!("templates/confirm_v1.json")),
    (PLAQUE, VisitKind::Plaque, include_str!("templates/plaque_v1.json")),
    (MERIT, VisitKind::MeritNotice, include_str!("templates/merit_v1.json")),
    (DEATH, VisitKind::SickOrDeath, include_str!("templates/death_v1.json")),
    (NEWREPORT, VisitKind::NewReport, include_str!("templates/newreport_v1.json")),
];

/// The ids of the built-in templates.
pub fn builtin_ids() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|(id, ..)| *id)
}

/// The newest built-in template of an id.
pub fn builtin(id: &str) -> Option<Checklist> {
    let (.., text) = BUILTIN.iter().find(|(known, ..)| *known == id)?;
    let template: Template = crate::json::from_str(text).expect("built-in templates are tested");
    Some(Checklist::new(template).expect("built-in templates are tested"))
}

/// The template by which a visit of a kind asks. Contacts, the day of martyrs and the visit after help ask what a follow-up asks.
pub fn template_of(kind: VisitKind) -> &'static str {
    BUILTIN.iter().find(|(_, own, _)| *own == kind).map_or(FOLLOWUP, |(id, ..)| id)
}

/// The kind of visit that a template is for; a template of the county's own is for a follow-up.
pub fn kind_of(template: &str) -> VisitKind {
    BUILTIN.iter().find(|(id, ..)| *id == template).map_or(VisitKind::FollowUp, |(_, kind, _)| *kind)
}
