//! The questions that the rules read, and of a choice the answers that they look for: what an office must know before it changes a checklist.

/// A question that a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleQuestion {
    /// Its code.
    pub code: &'static str,
    /// The answers that are looked for; of a question that is no choice, none.
    pub options: &'static [&'static str],
}

const fn asks(code: &'static str, options: &'static [&'static str]) -> RuleQuestion {
    RuleQuestion { code, options }
}

/// All of them, in the order of their codes.
pub const RULE_QUESTIONS: &[RuleQuestion] = &[
    asks("A03", &["去世", "搬迁"]),
    asks("A05", &[]),
    asks("A06", &[]),
    asks("A09", &["未到账", "金额不对", "卡丢失或冻结"]),
    asks("A10", &["重病"]),
    asks("A12", &[]),
    asks("A13", &["有,未治疗"]),
    asks("A14", &["半自理", "需要护理"]),
    asks("A15", &["无人"]),
    asks("A16", &["未参加"]),
    asks("A17", &["较重危房", "无房", "一般危房"]),
    asks("A18", &["减少"]),
    asks("A19", &["无", "火灾水灾", "意外伤害", "失业", "子女失学"]),
    asks("A20", &[]),
    asks("A21", &["缺费用", "入学转学难"]),
    asks("A22", &["破损", "丢失", "未挂"]),
    asks("A23", &["未办", "丢失"]),
    asks("A26", &["权益受侵害"]),
    asks("B05", &["因灾(火灾水灾)", "交通等意外", "失业下岗", "因学"]),
    asks("B13", &[]),
    asks("B18", &[]),
    asks("B21", &["较重危房", "无房", "一般危房"]),
    asks("C02", &["去世"]),
    asks("C07", &["住址"]),
    asks("C08", &[]),
    asks("D01", &[]),
    asks("F07", &["有"]),
    asks("M06", &["有"]),
    asks("R09", &["光荣牌", "优待证"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::{builtin, builtin_ids};
    use std::collections::BTreeSet;

    /// The texts in quotes of the rules themselves.
    fn said() -> BTreeSet<&'static str> {
        let rules = include_str!("../need_rules.rs");
        let rules = rules.split("fn health").nth(1).expect("the rules begin with health");
        rules.split('"').skip(1).step_by(2).collect()
    }

    fn is_code(text: &str) -> bool {
        matches!(text.as_bytes(), [letter, tens, ones]
            if letter.is_ascii_uppercase() && tens.is_ascii_digit() && ones.is_ascii_digit())
    }

    #[test]
    fn every_question_and_answer_that_the_rules_name_is_here_and_no_other() {
        let codes: BTreeSet<&str> = RULE_QUESTIONS.iter().map(|one| one.code).collect();
        assert_eq!(codes, said().into_iter().filter(|text| is_code(text)).collect());
        let options: BTreeSet<&str> = RULE_QUESTIONS.iter().flat_map(|one| one.options).copied().collect();
        assert_eq!(options, said().into_iter().filter(|text| !is_code(text)).collect());
    }

    #[test]
    fn the_checklists_that_come_with_the_program_have_each_of_them() {
        let checklists: Vec<_> = builtin_ids().filter_map(builtin).collect();
        for one in RULE_QUESTIONS {
            let question = checklists.iter().find_map(|checklist| checklist.question(one.code));
            let question = question.unwrap_or_else(|| panic!("{}", one.code));
            for option in one.options {
                assert!(question.choice(option).is_some(), "{} {option}", one.code);
            }
        }
    }
}
