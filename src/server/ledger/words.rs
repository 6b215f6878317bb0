//! The words of the printed ledger. A ledger goes up to the county on paper, in Chinese, whatever the screen speaks.

use super::entry::{Entry, EntryState};

/// The columns of the ledger, left to right: the key of the screen and the heading on paper.
pub const COLUMNS: [(&str, &str); 17] = [
    ("n", "序号"),
    ("village", "村(社区)"),
    ("name", "姓名"),
    ("id_no", "身份证号"),
    ("category", "类别"),
    ("phone", "联系电话"),
    ("due_on", "应回访日期"),
    ("visited_on", "回访日期"),
    ("way", "回访方式"),
    ("met", "见到谁"),
    ("health", "健康状况"),
    ("wishes", "诉求和困难"),
    ("result", "处理情况"),
    ("rating", "满意度"),
    ("visitors", "回访人"),
    ("next_due", "下次回访日期"),
    ("state", "状态"),
];

/// How the ledger words what records hold as codes.
pub struct LedgerWords;

impl LedgerWords {
    /// The state of a line.
    pub fn state(state: EntryState) -> &'static str {
        match state {
            EntryState::Done => "已回访",
            EntryState::Due => "未回访",
            EntryState::Overdue => "逾期未回访",
        }
    }

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

    /// The cells of a line in the order of [`COLUMNS`].
    pub fn cells(n: usize, entry: &Entry) -> [String; COLUMNS.len()] {
        [
            n.to_string(),
            entry.village.clone(),
            entry.name.clone(),
            entry.id_no.clone(),
            entry.category.clone(),
            entry.phone.clone(),
            entry.due_on.clone(),
            entry.visited_on.clone(),
            entry.way.clone(),
            entry.met.clone(),
            entry.health.clone(),
            entry.wishes.clone(),
            entry.result.clone(),
            entry.rating.clone(),
            entry.visitors.clone(),
            entry.next_due.clone(),
            LedgerWords::state(entry.state).to_owned(),
        ]
    }
}
