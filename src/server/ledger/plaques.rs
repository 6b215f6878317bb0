//! 光荣牌悬挂统计表: one line a village. A household has one plaque, whoever of it has a ground for it.

use super::{
    Cell, Column, Given, Line, Table,
    file::{self, File, share, text},
    table::{TOTAL, column},
};
use domain::departure;
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) const COLUMNS: &[Column] = &[
    column("village", "村(社区)", 16.0),
    column("to_hang", "应挂户数", 10.0),
    column("hung", "已挂", 10.0),
    column("unhung", "未挂", 10.0),
    column("damaged", "破损待换", 10.0),
    column("lost", "丢失待补", 10.0),
    column("unknown", "未登记", 10.0),
    column("unsuited", "不适合悬挂", 11.0),
    column("retired", "不再更换", 10.0),
    column("rate", "悬挂率", 9.0),
];

/// Categories whose families have a plaque: 三属, serving members and veterans (国办发〔2018〕72号).
const GROUNDS: [&str; 18] = [
    "11", "21", "22", "23", "31", "32", "33", "41", "42", "51", "61", "62", "71", "72", "81", "90", "91",
    "92",
];

/// How the plaque of a household stands; of several files that speak of it, the first in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Plaque {
    Hung,
    Damaged,
    Lost,
    Unhung,
    Unsuited,
    Ended,
    Unknown,
}

impl Plaque {
    /// What a file says; nothing where it says nothing and its person has no ground for one.
    fn of(file: &File<'_>) -> Option<Plaque> {
        match file.text("plaque").as_str() {
            "hung" => Some(Plaque::Hung),
            "damaged" => Some(Plaque::Damaged),
            "lost" => Some(Plaque::Lost),
            "none" => Some(Plaque::Unhung),
            "unsuited" => Some(Plaque::Unsuited),
            "ended" => Some(Plaque::Ended),
            _ => has_ground(file).then_some(Plaque::Unknown),
        }
    }

    fn is_due(self) -> bool {
        !matches!(self, Plaque::Unsuited | Plaque::Ended)
    }
}

fn has_ground(file: &File<'_>) -> bool {
    let grounds = file.entitlements.iter().filter(|one| departure::runs(&text(&one.fields, "state")));
    grounds.map(|one| text(&one.fields, "category")).any(|category| GROUNDS.contains(&category.as_str()))
}

pub(super) fn table(given: &Given<'_>) -> Table {
    let mut households: BTreeMap<(Uuid, String), Plaque> = BTreeMap::new();
    for file in file::files(given).iter().filter(|file| file.is_on_register()) {
        let Some(plaque) = Plaque::of(file) else { continue };
        let known = households.entry((file.recipient.area, file.household())).or_insert(plaque);
        *known = (*known).min(plaque);
    }
    let of = |village: Option<Uuid>| -> Vec<Plaque> {
        let here = households.iter().filter(|((area, _), _)| village.is_none_or(|village| *area == village));
        here.map(|(_, plaque)| *plaque).collect()
    };
    let places = given.sources.places.iter();
    let lines =
        places.map(|place| Line { cells: cells(&place.name, &of(Some(place.id))), ..Line::default() });
    let lines: Vec<Line> = lines.collect();
    let all = of(None);
    let n = |wanted: Plaque| all.iter().filter(|plaque| **plaque == wanted).count();
    let due = all.iter().filter(|plaque| plaque.is_due()).count();
    let open = n(Plaque::Unhung) + n(Plaque::Damaged) + n(Plaque::Lost);
    Table {
        counts: vec![
            ("due", due),
            ("hung", n(Plaque::Hung)),
            ("open", open),
            ("unknown", n(Plaque::Unknown)),
        ],
        sums: (!lines.is_empty()).then(|| cells(TOTAL, &all)),
        lines,
        ..Table::default()
    }
}

fn cells(name: &str, plaques: &[Plaque]) -> Vec<Cell> {
    let n = |wanted: Plaque| plaques.iter().filter(|plaque| **plaque == wanted).count();
    let due = plaques.iter().filter(|plaque| plaque.is_due()).count();
    let counts = [
        due,
        n(Plaque::Hung),
        n(Plaque::Unhung),
        n(Plaque::Damaged),
        n(Plaque::Lost),
        n(Plaque::Unknown),
        n(Plaque::Unsuited),
        n(Plaque::Ended),
    ];
    let mut cells = vec![Cell::from(name)];
    cells.extend(counts.map(Cell::count));
    cells.push(Cell::Text(share(n(Plaque::Hung), due)));
    cells
}
