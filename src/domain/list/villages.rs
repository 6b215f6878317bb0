//! The area of each row: by region code, else by the name of the village.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::report::{RowReport, UnknownVillage, Verdict, Why};
use crate::region::{AreaCode, AreaTree, Level, name_key};

/// Gives each accepted row its area (the whole area, where the list names no village) and lists the villages that the tree lacks.
pub(super) fn resolve(rows: &mut [RowReport], context: &Context) -> Vec<UnknownVillage> {
    let mut unknown: BTreeMap<String, UnknownVillage> = BTreeMap::new();
    for row in rows.iter_mut().filter(|row| row.verdict == Verdict::Accept) {
        let code = village_code(row, context.area);
        let of_address = || match code {
            Some(_) => village_of_address(row),
            None => village_alone(row),
        };
        let name = row.village.clone().or_else(of_address);
        if row.village.is_none() {
            row.village.clone_from(&name);
        }
        let known = context.tree.and_then(|(tree, top)| find(tree, top, code.as_ref(), name.as_deref()));
        if let Some(area) = known {
            row.area = Some(area);
        } else if code.is_none() && name.is_none() {
            row.area = context.tree.map(|(_, top)| top.to_owned());
            if context.area.level() != Level::Village {
                row.whys.push(Why::named("village_missing", "village"));
            }
        } else if context.tree.is_some() {
            row.whys.push(Why::named("village_unknown", "village"));
            let code = code.map(|code| code.full());
            let name = name.or_else(|| code.clone()).unwrap_or_default();
            let key = code.clone().unwrap_or_else(|| name_key(&name));
            let fresh = || UnknownVillage { name, code, rows: 0, members: BTreeSet::new() };
            let village = unknown.entry(key).or_insert_with(fresh);
            village.rows += 1;
            village.members.insert(row.row);
        }
    }
    unknown.into_values().collect()
}

fn find(tree: &AreaTree, top: &str, code: Option<&AreaCode>, name: Option<&str>) -> Option<String> {
    let by_code = code.and_then(|code| tree.by_code(code)).filter(|area| tree.is_within(&area.id, top));
    by_code.or_else(|| tree.by_name(name?, top)).map(|area| area.id.clone())
}

/// Where the person lives, if that is a village of the area; else where he is registered.
fn village_code(row: &RowReport, area: &AreaCode) -> Option<AreaCode> {
    ["live_code", "domicile_code"]
        .into_iter()
        .filter_map(|field| row.text(field)?.parse::<AreaCode>().ok())
        .find(|code| code.level() == Level::Village && area.contains(code))
}

/// Payment lists have no column for the village, and write it alone under 户籍地.
fn village_alone(row: &RowReport) -> Option<String> {
    let registered = row.text("domicile_addr").filter(|_| row.text("live_addr").is_none())?;
    village_of_address(row).filter(|name| registered.trim_end().ends_with(name.as_str()))
}

/// 南湾村6组23号 names its village.
fn village_of_address(row: &RowReport) -> Option<String> {
    let address = row.text("live_addr").or_else(|| row.text("domicile_addr"))?;
    let after_town =
        ["镇", "乡", "街道"].iter().find_map(|mark| Some(address.split_once(mark)?.1)).unwrap_or(address);
    let end =
        ["村", "社区", "居委会"].iter().filter_map(|mark| Some(after_town.find(mark)? + mark.len())).min()?;
    let name = &after_town[..end];
    (name.chars().count() <= 12 && name.chars().count() > 1).then(|| name.to_owned())
}
