//! Past visits: some families seen lately, some due, some overdue; a few needs still open.

use super::{DAY_MS, DemoVisit, dice::Dice, object};
use crate::day_text::day_of_ms;
use domain::{
    day::{Day, Timestamp},
    need::Urgency,
    visit::PlanRules,
};
use serde_json::{Map, Value, json};
use sync::id::made_alike;
use uuid::Uuid;

/// How long ago the last visit was, in days, with shares; none for a family never visited.
const LAST_VISIT: [(Option<(i64, i64)>, u64); 5] =
    [(None, 30), (Some((5, 40)), 20), (Some((60, 150)), 20), (Some((171, 182)), 18), (Some((190, 260)), 12)];
const HALF_YEAR_DAYS: i64 = 182;
/// Ten in the morning, from midnight.
const WORKING_HOUR_MS: i64 = 10 * 60 * 60 * 1_000;

/// The visits of a family, oldest first.
pub(super) fn past(dice: &mut Dice, fields: &Map<String, Value>, now_ms: i64) -> Vec<DemoVisit> {
    let Some((newest, oldest)) = dice.weighted(&LAST_VISIT) else { return Vec::new() };
    let last = now_ms - dice.between(newest, oldest) * DAY_MS;
    let mut all = Vec::new();
    if dice.chance(25) {
        all.push(visit(dice, fields, last - HALF_YEAR_DAYS * DAY_MS, false));
    }
    let in_need = dice.chance(9);
    all.push(visit(dice, fields, last, in_need));
    all
}

/// The rounds of the year for a family that was visited: most were confirmed in the county's time and greeted before the last festival, some are
/// still to be; one visit here and there came back from the office. Whoever was last seen long ago stays overdue.
pub(super) fn rounds(
    dice: &mut Dice,
    fields: &Map<String, Value>,
    last_ms: i64,
    now_ms: i64,
) -> Vec<DemoVisit> {
    let today = Timestamp::from_ms(now_ms).day();
    let mut all = Vec::new();
    let mut round = |dice: &mut Dice, window: Option<(Day, Day)>, kind: &str, template: &str| {
        let Some((opens, closes)) = window.filter(|(opens, _)| *opens < today) else { return };
        let days = closes.min(today.plus_days(-1).unwrap_or(today)).days_since(opens);
        let at_ms = Timestamp::start_of(opens).ms() + dice.between(0, days) * DAY_MS + WORKING_HOUR_MS;
        all.push(short(dice, at_ms, (kind, template)));
    };
    let confirm = |year| PlanRules::default().confirm.and_then(|span| span.of(year));
    let army_day = |year| Some((Day::new(year, 7, 12)?, Day::new(year, 7, 31)?));
    let latest = |window: &dyn Fn(i32) -> Option<(Day, Day)>| {
        window(today.year()).filter(|(opens, _)| *opens < today).or_else(|| window(today.year() - 1))
    };
    if dice.chance(55) {
        round(dice, latest(&confirm), "annual_confirmation", "CONFIRM");
    }
    let greeting = latest(&army_day).filter(|(opens, _)| Timestamp::from_ms(last_ms).day() >= *opens);
    if dice.chance(85) {
        round(dice, greeting, "festival", "FESTIVAL");
    }
    if dice.chance(3) {
        let mut returned = visit(dice, fields, now_ms - 2 * DAY_MS, false);
        returned.review =
            Some(json!({"verdict": "returned", "question": "A28", "word": "照片看不清门牌，请补拍一张"}));
        all.push(returned);
    }
    all
}

/// A visit with little to tell.
fn short(dice: &mut Dice, at_ms: i64, (kind, template): (&str, &str)) -> DemoVisit {
    let record = json!({
        "kind": kind,
        "template": template,
        "template_version": 1,
        "started_at": at_ms - dice.between(5, 15) * 60_000,
        "ended_at": at_ms,
        "completed_at": at_ms,
        "visitors": ["陈建国"],
        "met": "本人",
        "place": "入户",
        "answers": told(at_ms, template),
    });
    DemoVisit { e: dice.id(at_ms), at_ms, fields: object(record), needs: Vec::new(), review: None }
}

/// What was brought, or how somebody was confirmed. It follows from the day, and not from the dice: who is who stays as it was.
fn told(at_ms: i64, template: &str) -> Value {
    let day = at_ms.div_euclid(DAY_MS);
    match (template, day.rem_euclid(4)) {
        ("FESTIVAL", 0) => json!({"F01": "镇政府", "F02": "入户", "F03": "本人", "F04": 50_000, "F07": "无"}),
        ("FESTIVAL", _) => json!({
            "F01": "镇政府", "F02": "入户", "F03": "本人", "F04": 30_000, "F05.1": "大米、食用油", "F05.2": 12_000, "F07": "无",
        }),
        (_, turn) => json!({
            "C01": (["现场", "入户", "入户", "视频"][usize::try_from(turn).unwrap_or(0)]),
            "C02": "在世", "C04": true, "C06": "一致", "C07": ["无变化"], "C11": "无变化", "C13": "确认",
        }),
    }
}

fn visit(dice: &mut Dice, fields: &Map<String, Value>, at_ms: i64, in_need: bool) -> DemoVisit {
    let e = dice.id(at_ms);
    let next_due = day_of_ms(at_ms + HALF_YEAR_DAYS * DAY_MS);
    let kind = if in_need { Some(dice.pick(&["N-MED", "N-HOUSE", "N-PAY", "N-INS"])) } else { None };
    let answers = answers(dice, fields, kind, &next_due);
    let minutes = dice.between(15, 30);
    let record = json!({
        "kind": "follow_up",
        "template": "FOLLOWUP",
        "template_version": 1,
        "due_on": day_of_ms(at_ms + dice.between(-5, 12) * DAY_MS),
        "started_at": at_ms - minutes * 60_000,
        "ended_at": at_ms,
        "completed_at": at_ms,
        "visitors": ["陈建国"],
        "met": answers["A02"],
        "place": answers["A01"],
        "next_due": next_due,
        "answers": answers,
    });
    let needs = kind.map(|kind| need(e, kind)).into_iter().collect();
    DemoVisit { e, at_ms, fields: object(record), needs, review: None }
}

fn need(visit: Uuid, kind: &str) -> (Uuid, Map<String, Value>) {
    let visit = visit.to_string();
    let record = json!({
        "kind": kind,
        "urgency": Urgency::Urgent.word(),
        "found_by": visit,
        "rule": kind,
        "evidence": [visit],
        "state": "found",
    });
    (made_alike("need", &[&visit, kind]), object(record))
}

fn answers(
    dice: &mut Dice,
    fields: &Map<String, Value>,
    need: Option<&str>,
    next_due: &str,
) -> Map<String, Value> {
    let ill = need == Some("N-MED");
    let frail = fields.get("self_care").and_then(Value::as_str) == Some("3");
    let mut answers = object(json!({
        "A01": "入户",
        "A02": dice.weighted(&[("本人", 80), ("配偶", 12), ("子女", 8)]),
        "A05": true,
        "A07": false,
        "A09": if need == Some("N-PAY") { "未到账" } else { "按时足额" },
        "A10": if ill { "重病" } else { dice.pick(&["健康或良好", "一般或较弱", "有慢性病"]) },
        "A11": ill,
        "A14": if frail { "半自理" } else { "自理" },
        "A16": if need == Some("N-INS") { "未参加" } else { "居民医保" },
        "A17": if need == Some("N-HOUSE") { "较重危房" } else { "完好" },
        "A18": dice.pick(&["增加", "持平", "持平", "减少"]),
        "A19": ["无"],
        "A20": 0,
        "A21": dice.pick(&["无在读", "无困难"]),
        "A22": "完好",
        "A23": "已领",
        "A26": if ill { json!(["医疗"]) } else { json!(["无"]) },
        "A30.2": next_due,
    }));
    if answers.get("A02") != Some(&json!("本人")) {
        answers.insert("A03".to_owned(), json!(dice.pick(&["外出务工", "住院", "随子女居住"])));
    }
    if ill {
        answers.insert("A12".to_owned(), json!(dice.between(6, 30) * 100_000));
        answers.insert("A27".to_owned(), json!("住院自付多，希望申请医疗救助"));
    }
    if frail {
        answers.insert("A15".to_owned(), json!(dice.pick(&["配偶", "子女"])));
    }
    answers
}
