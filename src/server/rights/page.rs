//! `docs/authz.md`, written from the table.

use domain::{
    access::Role,
    kinds::{self, Group, Kind, Right, Seen},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
};

use super::{Beyond, Door, Operation};

/// Set to write the page anew instead of comparing it: `cargo xtask authz`.
const WRITE: &str = "HUIFANG_WRITE_AUTHZ";

const HEAD: &str = "# Who may do what

Made by `cargo xtask authz` from `src/server/rights.rs` and the table of kinds; a test fails while this page is older than they are, and another asks the
server for every cell. Rights come from domain.md §9.2.

A caller's areas are those assigned to him and all below them. A cell with two words says what becomes of a target inside his areas, then of one outside: beside
them, above them, in another county. Somebody of the same role in another county is outside.

| Word | Meaning |
|---|---|
| yes | it is done |
| 401 | who asks is not known, or must log in (`login`) |
| 403 | the device is revoked (`revoked`), or the role may not (`forbidden`) |
| 404 | it is not found, like something that does not exist |
| left out | the answer does not speak of it |
| held | nothing changes; what was sent is kept and waits for a person at the office |
| proposed | it becomes a proposal, which the office accepts or refuses |

";

/// The whole page.
fn page() -> String {
    let mut page = HEAD.to_owned();
    operations(&mut page);
    sections(&mut page);
    kinds_of_records(&mut page);
    groups(&mut page);
    decisions(&mut page);
    masked(&mut page);
    page
}

fn heading(page: &mut String, title: &str, first: &[&str]) {
    let roles = Role::ALL.map(Role::word);
    let _ = writeln!(page, "## {title}\n\n| {} | {} |", first.join(" | "), roles.join(" | "));
    let _ = writeln!(page, "|{}", "---|".repeat(first.len() + roles.len()));
}

fn row(page: &mut String, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn operations(page: &mut String) {
    heading(
        page,
        "Operations",
        &["Operation", "What it does", "anonymous", "revoked device", "locked device"],
    );
    for operation in Operation::ALL {
        let declared = operation.declared();
        let outside = match declared.beyond {
            Beyond::NoTarget | Beyond::Held => "",
            Beyond::NotFound => " / 404",
            Beyond::LeftOut => " / left out",
            Beyond::LeftOutUnlessAbove => " / left out, but for those above",
        };
        let [anonymous, revoked, locked] = match declared.door {
            Door::Anyone => ["yes"; 3],
            Door::Grant => ["401", "403", "yes"],
            Door::Session(_) => ["401", "403", "401"],
        };
        let of_role = |role: &Role| match declared.door {
            Door::Session(roles) if !roles.contains(role) => "403".to_owned(),
            _ => format!("yes{outside}"),
        };
        let name = format!("`{} {}`", declared.method, declared.path);
        let first = [name, declared.does.to_owned(), anonymous.into(), revoked.into(), locked.into()];
        row(page, first.into_iter().chain(Role::ALL.iter().map(of_role)));
    }
    page.push('\n');
}

fn sections(page: &mut String) {
    page.push_str(
        "## Sections of a sync\n
`hello`, `push` and `purged` need the grant alone: a locked phone hands its work over. `pull` needs the session and answers `session` without it, `wipe` on a
device that is to be wiped; a device set to `readonly` pulls, and what it pushes is held. The rights on what is pushed and pulled follow.\n\n",
    );
}

fn kinds_of_records(page: &mut String) {
    heading(page, "Records: pulled, created", &["Kind"]);
    for kind in kinds::kinds() {
        let of_role = |role: Role| {
            let pulled = if kind.is_pulled_by(role) { "pulled / left out" } else { "left out" };
            let created = if kind.may_create(role) { "created / held" } else { "held" };
            format!("{pulled}; {created}")
        };
        row(page, std::iter::once(format!("`{}`", kind.name)).chain(Role::ALL.map(of_role)));
    }
    page.push('\n');
}

/// The fields that share their rights. An unknown field, `*`, is in its kind's default group.
pub(crate) fn fields_by_group() -> BTreeMap<Group, Vec<(&'static Kind, &'static str)>> {
    let mut all: BTreeMap<Group, Vec<_>> = BTreeMap::new();
    for kind in kinds::kinds() {
        for name in kind.fields.iter().map(|field| field.name).chain(["*"]) {
            all.entry(kind.group(name)).or_default().push((kind, name));
        }
    }
    all
}

fn groups(page: &mut String) {
    heading(page, "Fields: written", &["Group", "Where"]);
    for (group, examples) in fields_by_group() {
        let (kind, field) = examples[0];
        let kinds: BTreeSet<&str> = examples.iter().map(|(kind, _)| kind.name).collect();
        let names: Vec<String> = kinds.into_iter().map(|kind| format!("`{kind}`")).collect();
        let of_role = |role: Role| match kind.right(role, field) {
            Right::Write => "yes / held",
            Right::Propose => "proposed / held",
            Right::None => "held",
        };
        let word = serde_json::to_value(group).unwrap().as_str().unwrap().to_owned();
        row(page, [word, names.join(", ")].into_iter().chain(Role::ALL.map(of_role).map(str::to_owned)));
    }
    page.push_str(
        "\nAdding to a set, taking from it, appending, attaching and detaching are never proposed: where the table says so, they are held.\n\n",
    );
}

fn decisions(page: &mut String) {
    heading(page, "What only an office does", &["Op"]);
    for op in ["delete", "undelete", "merge", "unmerge", "resolve", "decide"] {
        let of_role = |role: Role| if role.is_office() { "yes / held" } else { "held" };
        row(page, std::iter::once(format!("`{op}`")).chain(Role::ALL.map(of_role).map(str::to_owned)));
    }
    page.push_str("\nEach needs the right to write what it decides about, too.\n\n");
}

fn masked(page: &mut String) {
    heading(page, "Fields: shown in part", &["Field"]);
    for kind in kinds::kinds() {
        for field in kind.fields {
            let seen = Role::ALL.map(|role| kind.seen(role, field.name));
            if !seen.contains(&Seen::Show) {
                continue;
            }
            let word = |seen| match seen {
                Seen::Full => "in full",
                Seen::Show => "in part",
                Seen::None => "—",
            };
            row(
                page,
                std::iter::once(format!("`{}.{}`", kind.name, field.name))
                    .chain(seen.map(word).map(str::to_owned)),
            );
        }
    }
    page.push_str(
        "\nWho sees a part is shown the whole by `POST /api/v1/unmask`, one at a time and for a reason; rows with numbers (`certs`) are read in full at the office.\n",
    );
}

#[test]
fn the_page_says_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/authz.md");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page(), "docs/authz.md is older than the table of rights: run `cargo xtask authz`");
}
