//! A sheet of people who are to have accounts, read by its headings: what each row says, before the database judges it as it judges one account.

use domain::{
    access::Role,
    headed::{Column, Fault, Headed},
    list::grid::Grid,
    region::name_key,
    text::{bare, is_phone},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use crate::{
    db::{Area, short_code},
    routes::accounts,
};

/// The most people of one sheet: each password is hashed at length.
pub(crate) const PEOPLE_MAX: usize = 200;

const COLUMNS: [Column; 6] = [
    Column {
        name: "user", headings: &["用户名", "账号", "登录名", "用户", "账号名"], must: false
    },
    Column { name: "name", headings: &["姓名", "名字", "人员", "人员姓名"], must: false },
    Column { name: "role", headings: &["岗位", "角色", "职责", "岗位角色", "身份"], must: true },
    Column {
        name: "area",
        headings: &[
            "管哪里",
            "区域",
            "负责区域",
            "管辖区域",
            "管辖范围",
            "工作区域",
            "所在区域",
            "所属区域",
            "负责村",
            "所在村",
            "村",
            "村社区",
            "村居",
            "行政村",
            "区划",
            "区划代码",
            "单位",
        ],
        must: false,
    },
    Column {
        name: "township",
        headings: &["乡镇", "镇", "乡镇街道", "所属乡镇", "所在乡镇", "乡镇名称", "镇街"],
        must: false,
    },
    Column {
        name: "phone",
        headings: &["电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式"],
        must: false,
    },
];

/// Somebody of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StaffLine {
    /// The place of the row in the sheet, from 0.
    pub(crate) at: usize,
    pub(crate) user: String,
    /// To whom the password is handed; not kept.
    pub(crate) name: String,
    /// Where he is called for that; not kept.
    pub(crate) phone: String,
    pub(crate) role: Role,
    pub(crate) areas: Vec<Uuid>,
}

/// Why a cell cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StaffWhy {
    Missing,
    UserName,
    Role,
    Phone,
    /// No area has this name or code.
    NoArea,
    /// Either of two is meant.
    TwoAreas([String; 2]),
    /// Another row, counted from 1, has the same user name.
    Twice {
        first_row: usize,
    },
    TooMany,
    /// What the database says of an account.
    Refused(&'static str),
}

impl StaffWhy {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            StaffWhy::Missing => "missing",
            StaffWhy::UserName => "user_name_bad",
            StaffWhy::Role => "role",
            StaffWhy::Phone => "phone",
            StaffWhy::NoArea => "no_area",
            StaffWhy::TwoAreas(_) => "two_areas",
            StaffWhy::Twice { .. } => "same_user",
            StaffWhy::TooMany => "too_many",
            StaffWhy::Refused(word) => word,
        }
    }

    pub(crate) fn number(&self) -> Option<usize> {
        match self {
            StaffWhy::Twice { first_row } => Some(*first_row),
            StaffWhy::TooMany => Some(PEOPLE_MAX),
            _ => None,
        }
    }

    /// The areas between which it could not choose.
    pub(crate) fn names(&self) -> &[String] {
        match self {
            StaffWhy::TwoAreas(names) => names,
            _ => &[],
        }
    }
}

/// A sheet, read.
pub(crate) struct StaffSheet<'a> {
    headed: Headed<'a>,
    pub(crate) lines: Vec<StaffLine>,
    pub(crate) faults: Vec<Fault<StaffWhy>>,
    pub(crate) unread: Vec<String>,
}

impl<'a> StaffSheet<'a> {
    /// Reads it against the areas that the caller has, and the user names that are taken.
    ///
    /// # Errors
    /// When it has no headings: the columns that lack.
    pub(crate) fn read(
        grid: &'a Grid,
        areas: &[Area],
        taken: impl Iterator<Item = &'a str>,
    ) -> Result<StaffSheet<'a>, Vec<&'static str>> {
        let headed = Headed::find(grid, &COLUMNS)?;
        let lacks = [("user", "name"), ("area", "township")];
        let lacks = lacks.into_iter().filter(|(one, other)| !headed.has(one) && !headed.has(other));
        let lacks: Vec<_> = lacks.map(|(one, _)| one).collect();
        if !lacks.is_empty() {
            return Err(lacks);
        }
        let (unread, rows) = (headed.unread(), headed.rows().collect::<Vec<_>>());
        let mut sheet = StaffSheet { headed, lines: Vec::new(), faults: Vec::new(), unread };
        let tree = Tree::of(areas);
        let mut seen: Seen = taken.map(|name| (name.to_lowercase(), None)).collect();
        for (count, at) in rows.into_iter().enumerate() {
            if count == PEOPLE_MAX {
                sheet.refuse(at, "user", StaffWhy::TooMany);
                break;
            }
            let before = sheet.faults.len();
            let line = sheet.line(at, &tree, &mut seen);
            sheet.lines.extend(line.filter(|_| sheet.faults.len() == before));
        }
        Ok(sheet)
    }

    /// Notes what the database says of a line.
    pub(crate) fn refuse_line(&mut self, place: usize, word: &'static str) {
        let at = self.lines[place].at;
        let column = if word.starts_with("area") { "area" } else { self.user_column(at) };
        self.refuse(at, column, StaffWhy::Refused(word));
    }

    /// Where the user name of a row stands: without one of his own, somebody is called by his name.
    fn user_column(&self, at: usize) -> &'static str {
        let is_name = self.headed.text(at, "user").is_empty() && !self.headed.text(at, "name").is_empty();
        if is_name { "name" } else { "user" }
    }

    fn refuse(&mut self, at: usize, column: &str, why: StaffWhy) {
        // One of the two columns is there.
        let column = match column {
            "user" if !self.headed.has("user") => "name",
            "area" if !self.headed.has("area") => "township",
            column => column,
        };
        self.faults.push(self.headed.fault(at, column, why));
    }

    /// Everything is judged, so that all that is wrong is said at once.
    fn line(&mut self, at: usize, tree: &Tree, seen: &mut Seen) -> Option<StaffLine> {
        let text = |name: &str| self.headed.text(at, name).into_owned();
        let [name, typed, phone, role] = ["name", "user", "phone", "role"].map(text);
        let (township, area) = (text("township"), text("area"));
        let user = if typed.is_empty() { &name } else { &typed };
        let user = match accounts::user_name(user) {
            Ok(user) => Some(user),
            Err(_) => {
                let why = if user.is_empty() { StaffWhy::Missing } else { StaffWhy::UserName };
                self.refuse(at, self.user_column(at), why);
                None
            }
        };
        if let Some(user) = &user {
            let why = match *seen.entry(user.to_lowercase()).or_insert(Some(at + 1)) {
                Some(first_row) => (first_row != at + 1).then_some(StaffWhy::Twice { first_row }),
                None => Some(StaffWhy::Refused("account_exists")),
            };
            if let Some(why) = why {
                self.refuse(at, self.user_column(at), why);
            }
        }
        if !phone.is_empty() && !is_phone(&phone) {
            self.refuse(at, "phone", StaffWhy::Phone);
        }
        let of_word = role_of(&bare(&role));
        if of_word.is_none() {
            self.refuse(at, "role", if role.is_empty() { StaffWhy::Missing } else { StaffWhy::Role });
        }
        let areas = self.areas(at, tree, (&township, &area), of_word);
        Some(StaffLine { at, user: user?, name, phone, role: of_word?, areas })
    }

    fn areas(
        &mut self,
        at: usize,
        tree: &Tree,
        (township, area): (&str, &str),
        role: Option<Role>,
    ) -> Vec<Uuid> {
        let named = if area.is_empty() { township } else { area };
        let mut found = BTreeSet::new();
        for one in named.split(['、', '，', ',', ';', '；']).map(bare).filter(|one| !one.is_empty()) {
            let above = if area.is_empty() { "" } else { township };
            match tree.find(&one, &bare(above), role) {
                Ok(area) => drop(found.insert(area)),
                Err(why) => self.refuse(at, "area", why),
            }
        }
        if named.is_empty() {
            self.refuse(at, "area", StaffWhy::Missing);
        }
        if role.is_some_and(|role| !found.iter().all(|area| tree.fits(*area, role))) {
            self.refuse(at, "area", StaffWhy::Refused("areas_of_role"));
        }
        found.into_iter().collect()
    }
}

/// User names, in small letters, each with the first row that has it; none where an account has it.
type Seen = BTreeMap<String, Option<usize>>;

/// The areas that are there, each with its names from the highest down.
struct Tree<'a>(Vec<(&'a Area, Vec<String>)>);

impl Tree<'_> {
    fn of(areas: &[Area]) -> Tree<'_> {
        let path = |area: &Area| {
            let mut path = vec![area.name.clone()];
            let mut at = area.parent;
            while let Some(above) = at.and_then(|id| areas.iter().find(|area| area.id == id)) {
                path.insert(0, above.name.clone());
                at = above.parent;
            }
            path
        };
        let open = areas.iter().filter(|area| area.valid_to.is_none() && area.archive_of.is_none());
        Tree(open.map(|area| (area, path(area))).collect())
    }

    fn fits(&self, area: Uuid, role: Role) -> bool {
        self.0.iter().any(|(known, _)| known.id == area && role.works_in(&known.code))
    }

    /// The area of a code, or of a name with or without those above it. Of several that which the role works in.
    fn find(&self, typed: &str, township: &str, role: Option<Role>) -> Result<Uuid, StaffWhy> {
        let typed: String = typed.chars().filter(|c| !"/\\>→-·".contains(*c)).collect();
        if typed.is_empty() {
            return Err(StaffWhy::NoArea);
        }
        let is_code = typed.bytes().all(|byte| byte.is_ascii_digit());
        let is_named = |path: &[String]| {
            let tails = (0..path.len()).map(|from| path[from..].concat());
            let is_below = township.is_empty() || path.iter().any(|name| bare(name) == township);
            tails.map(|tail| bare(&tail)).any(|tail| tail == typed || name_key(&tail) == name_key(&typed))
                && is_below
        };
        let is_it = |(area, path): &&(&Area, Vec<String>)| {
            if is_code { area.code == short_code(&typed) } else { is_named(path) }
        };
        let mut found: Vec<_> = self.0.iter().filter(is_it).collect();
        let fits = |area: &Area| role.is_some_and(|role| role.works_in(&area.code));
        if found.iter().any(|(area, _)| fits(area)) {
            found.retain(|(area, _)| fits(area));
        }
        // The whole name before one that lists write otherwise.
        let is_exact = |path: &[String]| path.last().is_some_and(|name| typed.ends_with(&bare(name)));
        if found.len() > 1 && found.iter().any(|(_, path)| is_exact(path)) {
            found.retain(|(_, path)| is_exact(path));
        }
        match &found[..] {
            [] => Err(StaffWhy::NoArea),
            [(area, _)] => Ok(area.id),
            [(_, first), (_, second), ..] => Err(StaffWhy::TwoAreas([first.join("/"), second.join("/")])),
        }
    }
}

/// The role of a word as offices write it.
fn role_of(word: &str) -> Option<Role> {
    Some(match word {
        "走访员" | "村级走访员" | "村走访员" | "村级" | "村干部" => Role::VillageWorker,
        "镇经办" | "乡镇经办" | "镇级经办" | "乡镇经办人" | "街道经办" => {
            Role::TownshipClerk
        }
        "镇分管领导" | "乡镇分管领导" | "镇领导" | "乡镇领导" => Role::TownshipLead,
        "县经办" | "县级经办" | "县经办人" => Role::CountyClerk,
        "县领导" | "县级领导" => Role::CountyLead,
        "成员单位联络员" | "联络员" => Role::UnitContact,
        "审计" | "审计员" => Role::Auditor,
        "管理员" | "系统管理员" | "系统管理" => Role::Admin,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use domain::{
        access::Role,
        list::grid::{Cell, Grid},
    };
    use uuid::Uuid;

    use super::{PEOPLE_MAX, StaffSheet, StaffWhy as W};
    use crate::db::Area;

    const NOBODY: std::iter::Empty<&str> = std::iter::empty();

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn area(n: u128, code: &str, name: &str, parent: u128) -> Area {
        Area {
            id: id(n),
            code: code.to_owned(),
            name: name.to_owned(),
            parent: (parent > 0).then(|| id(parent)),
            archive_of: None,
            valid_from: None,
            valid_to: None,
        }
    }

    fn areas() -> Vec<Area> {
        let mut closed = area(9, "339999100209", "旧村", 2);
        closed.valid_to = Some("2026-01-01".to_owned());
        vec![
            area(1, "339999", "示范县", 0),
            area(2, "339999100", "双桥镇", 1),
            area(3, "339999101", "柳河镇", 1),
            area(4, "339999100201", "红旗村", 2),
            area(5, "339999101201", "红旗村", 3),
            area(6, "339999100202", "石桥村", 2),
            area(7, "", "新村", 2),
            area(8, "339999100203", "石桥社区", 2),
            closed,
        ]
    }

    fn grid(rows: &[&str]) -> Grid {
        let cell = |text: &str| match text {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        };
        Grid { rows: rows.iter().map(|row| row.split('|').map(cell).collect()).collect(), ..Grid::default() }
    }

    fn faults(head: &str, row: &str) -> Vec<(usize, String, W)> {
        let grid = grid(&[head, row]);
        let sheet = StaffSheet::read(&grid, &areas(), NOBODY).expect("headings");
        sheet.faults.into_iter().map(|fault| (fault.row, fault.column, fault.why)).collect()
    }

    fn found(area: &str, role: &str) -> Result<Vec<u128>, W> {
        let grid = grid(&["姓名|岗位|管哪里", &format!("王芳|{role}|{area}")]);
        let sheet = StaffSheet::read(&grid, &areas(), NOBODY).expect("headings");
        match sheet.faults.first() {
            Some(fault) => Err(fault.why.clone()),
            None => Ok(sheet.lines[0].areas.iter().map(|area| area.as_u128()).collect()),
        }
    }

    #[test]
    fn what_cannot_be_taken_is_said_by_row_and_column() {
        const HEAD: &str = "姓名|用户名|岗位|管哪里|电话";
        let is = |column: &str, why| (2, column.to_owned(), why);
        for (row, expected) in [
            ("||走访员|石桥村|", vec![is("B", W::Missing)]),
            ("王芳|王 芳|走访员|石桥村|", vec![is("B", W::UserName)]),
            ("王芳||队长|石桥村|", vec![is("C", W::Role)]),
            ("王芳|||石桥村|", vec![is("C", W::Missing)]),
            ("王芳||走访员||", vec![is("D", W::Missing)]),
            ("王芳||走访员|东风村|", vec![is("D", W::NoArea)]),
            ("王芳||走访员|旧村|", vec![is("D", W::NoArea)]),
            ("王芳||走访员|石桥村|12345", vec![is("E", W::Phone)]),
            (
                "x||队长|东风村|1",
                vec![is("A", W::UserName), is("E", W::Phone), is("C", W::Role), is("D", W::NoArea)],
            ),
        ] {
            assert_eq!(faults(HEAD, row), expected, "{row}");
        }
        let two = W::TwoAreas(["示范县/双桥镇/红旗村".to_owned(), "示范县/柳河镇/红旗村".to_owned()]);
        assert_eq!(faults(HEAD, "王芳||走访员|红旗村|"), [is("D", two)]);
    }

    #[test]
    fn an_area_is_named_by_its_path_its_code_or_its_name_alone() {
        for (area, role, expected) in [
            ("双桥镇/红旗村", "走访员", vec![4]),
            ("双桥镇 红旗村", "走访员", vec![4]),
            ("示范县>柳河镇>红旗村", "走访员", vec![5]),
            ("339999101201", "走访员", vec![5]),
            ("339999100000", "镇经办", vec![2]),
            ("石桥村、双桥镇/红旗村、新村", "走访员", vec![4, 6, 7]),
            ("石桥社区", "走访员", vec![8]),
            ("双桥镇", "镇分管领导", vec![2]),
            ("示范县", "县经办", vec![1]),
        ] {
            assert_eq!(found(area, role), Ok(expected), "{area} {role}");
        }
        assert_eq!(found("339999100299", "走访员"), Err(W::NoArea));
        assert_eq!(found("双桥镇", "走访员"), Err(W::Refused("areas_of_role")));
    }

    #[test]
    fn a_column_of_townships_says_which_village_is_meant() {
        let grid = grid(&["乡镇|村|姓名|岗位", "柳河镇|红旗村|王芳|走访员", "双桥镇||李强|镇经办"]);
        let sheet = StaffSheet::read(&grid, &areas(), NOBODY).expect("headings");
        assert_eq!(sheet.faults, []);
        let of: Vec<_> = sheet.lines.iter().map(|line| (line.role, line.areas.clone())).collect();
        assert_eq!(of, [(Role::VillageWorker, vec![id(5)]), (Role::TownshipClerk, vec![id(2)])]);
    }

    #[test]
    fn two_rows_of_one_user_name_are_a_fault_whatever_their_capitals() {
        let grid = grid(&["用户名|岗位|管哪里", "wang|走访员|石桥村", "Wang|走访员|石桥村"]);
        let sheet = StaffSheet::read(&grid, &areas(), NOBODY).expect("headings");
        assert_eq!((sheet.lines.len(), &sheet.faults[0].why), (1, &W::Twice { first_row: 2 }));
        let sheet = StaffSheet::read(&grid, &areas(), ["WANG"].into_iter()).expect("headings");
        assert_eq!(sheet.lines, []);
        assert!(sheet.faults.iter().all(|fault| fault.why == W::Refused("account_exists")));
    }

    #[test]
    fn a_sheet_without_headings_or_with_too_many_rows_says_so() {
        let lacks = |head: &str| StaffSheet::read(&grid(&[head]), &areas(), NOBODY).err();
        assert_eq!(lacks("姓名|管哪里"), Some(vec!["role"]));
        assert_eq!(lacks("岗位|电话"), Some(vec!["user", "area"]));
        let rows: Vec<String> = (0..PEOPLE_MAX + 3).map(|n| format!("王芳{n}|走访员|石桥村")).collect();
        let all: Vec<&str> =
            ["姓名|岗位|管哪里"].into_iter().chain(rows.iter().map(String::as_str)).collect();
        let grid = grid(&all);
        let sheet = StaffSheet::read(&grid, &areas(), NOBODY).expect("headings");
        assert_eq!((sheet.lines.len(), sheet.faults.len()), (PEOPLE_MAX, 1));
        assert_eq!(sheet.faults[0].why, W::TooMany);
    }
}
