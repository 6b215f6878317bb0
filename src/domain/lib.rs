//! What the work is: recipients, visits, needs, their rules, and the table of record kinds. No I/O, no clock, no randomness.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod access;
pub mod age_alarm;
pub mod area_list;
pub mod attachment;
pub mod category;
pub mod checklist;
pub mod completeness;
pub mod day;
pub mod departure;
pub mod disability;
pub mod door;
pub mod entitlement;
pub mod expr;
pub mod field;
pub mod guardian;
pub mod headed;
pub mod id_no;
pub mod json;
pub mod kinds;
pub mod list;
pub mod lunar;
pub mod mask;
pub mod money;
pub mod nation;
pub mod need;
pub mod need_rules;
pub mod notice;
pub mod options;
pub mod order;
pub mod pinyin;
pub mod plan_task;
pub mod policy;
pub mod private;
pub mod recipient;
pub mod region;
pub mod saved_view;
pub mod sponsor;
pub mod stipend;
pub mod text;
pub mod visit;
