//! The words of printed ledgers. A ledger goes up to the county on paper, in Chinese, whatever the screen speaks.

/// How the ledger words what records hold as codes.
pub struct LedgerWords;

impl LedgerWords {
    /// The kind of a need.
    pub fn need(kind: &str) -> &str {
        match kind {
            "N-LIFE" => "生活",
            "N-MED" => "医疗",
            "N-CARE" => "照料护理",
            "N-HOUSE" => "住房",
            "N-JOB" => "就业",
            "N-EDU" => "教育",
            "N-DIS" => "突发事件",
            "N-INS" => "参保",
            "N-PAY" => "待遇发放",
            "N-PSY" => "心理",
            "N-LEGAL" => "法律",
            "N-OTH" => "其他",
            other => other,
        }
    }

    /// The state of a need.
    pub fn need_state(state: &str) -> &str {
        match state {
            "found" => "已发现",
            "assigned" => "已定责任人",
            "verifying" => "核查中",
            "planned" => "已定措施",
            "public_notice" => "公示",
            "approved" => "已批准",
            "objection" => "有异议",
            "in_progress" => "帮扶中",
            "all_done" => "措施完成",
            "await_follow_up" => "待回访",
            "closed" => "已销号",
            "reopened" => "重新帮扶",
            "dropped" => "不列入",
            "rejected" => "不予帮扶",
            "referred" => "转社会救助",
            other => other,
        }
    }

    /// The kind of a measure, as the app's own pages word it.
    pub fn measure(kind: &str) -> String {
        crate::dossier::help_word("kind", kind)
    }
}
