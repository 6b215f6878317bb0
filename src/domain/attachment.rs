//! 附件: photos of papers, houses and people that lie in a file (domain.md §3.5, §3.9).

/// The house of the family.
pub const HOUSE: &str = "house";
/// 年度照片: what the person looks like this year.
pub const YEARLY: &str = "yearly";

/// The kind of the record that holds an attachment. Papers carry whole numbers and diagnoses: they go to the office and to no phone.
pub fn record_kind(attachment_kind: &str) -> &'static str {
    match attachment_kind {
        HOUSE | YEARLY => "attachment",
        _ => "paper",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Role, kinds::kind, options};

    #[test]
    fn what_a_phone_does_not_need_goes_to_no_phone() {
        let choices = options::choices("attachment_kind").unwrap();
        for choice in choices {
            let of = kind(record_kind(choice.code)).unwrap();
            assert!(of.may_create(Role::VillageWorker), "{}", choice.code);
            let is_seen = [HOUSE, YEARLY].contains(&choice.code);
            assert_eq!(of.is_pulled_by(Role::VillageWorker), is_seen, "{}", choice.code);
            assert!(of.is_pulled_by(Role::TownshipClerk));
        }
    }
}
