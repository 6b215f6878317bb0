use super::*;
use domain::checklist::{QuestionKind, builtin, builtin_ids};

/// Rows of cells with `|` between.
fn sheet(name: &str, text: &str) -> Sheet {
    let rows =
        text.lines().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect();
    Sheet { name: name.to_owned(), rows, merges: Vec::new() }
}

fn book(survey: &str, choices: &str) -> Book {
    Book { stem: "form".to_owned(), sheets: vec![sheet("survey", survey), sheet("choices", choices)] }
}

fn template(survey: &str, choices: &str) -> Template {
    let read = read(&book(survey, choices));
    read.template.unwrap_or_else(|| panic!("{:?}", read.errors))
}

/// The places at which a form is refused.
fn refused(survey: &str, choices: &str) -> Vec<String> {
    let read = read(&book(survey, choices));
    assert!(read.template.is_none());
    let place = |problem: &Problem| {
        let Place { sheet, row, column } = &problem.place;
        format!("{sheet}!{}!{}", row.unwrap_or_default(), column.clone().unwrap_or_default())
    };
    read.errors.iter().map(place).collect()
}

fn back(plain: Plain, stem: &str) -> Book {
    let sheet =
        |sheet: PlainSheet| Sheet { name: sheet.name.to_owned(), rows: sheet.rows, merges: Vec::new() };
    Book { stem: stem.to_owned(), sheets: plain.sheets.into_iter().map(sheet).collect() }
}

#[test]
fn every_built_in_checklist_goes_out_and_comes_back_the_same() {
    for id in builtin_ids() {
        let checklist = builtin(id).unwrap();
        let expected = checklist.template().clone();
        let read = read(&back(write(&expected), "x"));
        assert_eq!(read.errors, [], "{id}");
        let found = read.template.unwrap();
        for (found, expected) in found.questions.iter().zip(&expected.questions) {
            assert_eq!(found, expected, "{id}");
        }
        assert!(found == expected, "{id}");
    }
}

#[test]
fn a_form_with_all_that_is_held_is_read() {
    let survey = "\
Type | NAME | Label::中文 (zh) | label::English (en) | hint | relevant | constraint | constraint_message | required | calculation | default | choice_filter | appearance
text | who | 姓名 | Name | 全名 | | string-length(.) < 20 | 太长 | yes | | | | minimal
 | | | | | | | | | | | |
select_one town | county | 县 | County | | | | | TRUE | | a | |
select_one village | village | 村 | | | | | | ${county} != '' | | | town = ${county} |
begin repeat | child | 孩子 | | | | | | | | | |
integer | age | 几岁 | | | | . >= 0 and . < 30 | | yes | | | |
begin_group | school | 学校 | | | ${age} >= 6 | | | | | | |
select_multiple need or_other | needs | 需要 | | | | | | | | | |
end_group | | | | | | | | | | | |
end repeat | | | | | | | | | | | |
calculate | sum | | | | | | | | sum(${age}) | | |
note | told | 一共 ${sum} 岁 | | | | | | | | | |
barcode | card | 卡号 | | | | | | | | | |
geopoint | where | 位置 | | | | | | | | | |
image | photo | 照片 | | | | | | | | | |
date | day | 日期 | | | | . <= today() | | | | today() | |
decimal | recipient.mobile | | | | | | | | '' | | |
text | phone | 电话 | | | | | | | | ${recipient.mobile} | |";
    let choices = "\
list name | name | label | town
town | a | 甲 |
village | v1 | 一村 | a
village | v2 | 二村 | b
need | money | 钱 |";
    let template = template(survey, choices);
    let kinds: Vec<(&str, QuestionKind)> =
        template.questions.iter().map(|question| (&*question.code, question.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("who", QuestionKind::Text),
            ("county", QuestionKind::Single),
            ("village", QuestionKind::Single),
            ("child", QuestionKind::Repeat),
            ("sum", QuestionKind::Calculate),
            ("told", QuestionKind::Note),
            ("card", QuestionKind::Text),
            ("where", QuestionKind::Geo),
            ("photo", QuestionKind::Photo),
            ("day", QuestionKind::Date),
            ("phone", QuestionKind::Text),
        ]
    );
    let who = &template.questions[0];
    assert_eq!((&*who.text.zh, who.text.en.as_deref()), ("姓名", Some("Name")));
    assert_eq!(who.validate.as_ref().unwrap().say.zh, "太长");
    assert_eq!(template.questions[1].default.as_ref().unwrap().text(), "'a'");
    let village = &template.questions[2];
    assert_eq!(village.options[1].column("town"), "b");
    let school = &template.questions[3].parts[1];
    let codes: Vec<&str> = school.parts.iter().map(|part| &*part.code).collect();
    assert_eq!(codes, ["needs", "needs_other"]);
    assert_eq!(school.parts[0].options.len(), 2);
    assert_eq!(read(&book(survey, choices)).warnings.len(), 1, "the appearance");
}

#[test]
fn what_is_refused_is_refused_at_its_place() {
    let check = |survey: &str, choices: &str, expected: &[&str]| {
        assert_eq!(refused(survey, choices), expected, "{survey}");
    };
    check("type | name | label\nint | a | A\nint | a | B", "", &["survey!3!name"]);
    check("type | name | label\nint | a b | A", "", &["survey!2!name"]);
    check("type | name | label\nint | | A", "", &["survey!2!name"]);
    check("type | name | label\nfoo | a | A", "", &["survey!2!type"]);
    check("type | name | label\naudio | a | A", "", &["survey!2!type"]);
    check("type | name | label\n | a | A", "", &["survey!2!type"]);
    check("type | name | label\nint | a |", "", &["survey!2!label"]);
    check("name | label\na | A", "", &["survey!1!type"]);
    check(
        "type | name | label\nselect_one x | a | A",
        "list_name | name | label\ny | 1 | 1",
        &["survey!2!type"],
    );
    check("type | name | label\nselect_multiple x | a | A", "list_name | name\nx | a b", &["survey!2!type"]);
    check("type | name | label\nselect_one x | a | A", "list_name | name\nx | a\nx | a", &["choices!3!name"]);
    check(
        "type | name | label\nselect_one x | a | A",
        "list_name | label\nx | a",
        &["choices!0!", "survey!2!type"],
    );
    check("type | name | label\nbegin group | g | G\nint | a | A", "", &["survey!2!"]);
    check("type | name | label\nint | a | A\nend group | |", "", &["survey!3!type"]);
    check(
        "type | name | label\nbegin group | g | G\nint | a | A\nend repeat | |",
        "",
        &["survey!4!type", "survey!2!"],
    );
    check("type | name | label | relevant\nint | a | A | ${b} = 1", "", &["survey!2!relevant"]);
    check("type | name | label | relevant\nint | a | A | ${ a } = 1", "", &["survey!2!relevant"]);
    check("type | name | label | relevant\nint | a | A | 1 +", "", &["survey!2!relevant"]);
    check("type | name | label | relevant\nint | a | A | uuid()", "", &["survey!2!relevant"]);
    check("type | name | label | relevant\nint | a | A | ${a} = 1", "", &["survey!2!"]);
    check("type | name | label | constraint\ntext | a | A | regex(., '(?=x)')", "", &["survey!2!constraint"]);
    check("type | name | label | calculation\ncalculate | a | |", "", &["survey!2!calculation"]);
    check(
        "type | name | label | relevant | bind::relevant\nint | a | A | |",
        "",
        &["survey!1!bind::relevant"],
    );
    check("type | name | label | read_only\nint | a | A | yes", "", &["survey!2!read_only"]);
    check("type | name | label | trigger\nint | a | A | ${a}", "", &["survey!2!trigger"]);
    check("type | name | label\nint | a | A ${b}", "", &["survey!2!label"]);
    check("type | name | label\nint | meta | A", "", &["survey!2!name"]);
    let circle = "type | name | calculation\ncalculate | a | ${b}\ncalculate | b | ${a} + 1";
    check(circle, "", &["survey!2!", "survey!3!"]);
    assert_eq!(refused_sheets(&[("Tabelle", "type | name"), ("x", "")]), ["!0!"]);
}

fn refused_sheets(sheets: &[(&str, &str)]) -> Vec<String> {
    let sheets = sheets.iter().map(|(name, text)| sheet(name, text)).collect();
    let read = read(&Book { stem: "x".to_owned(), sheets });
    read.errors
        .iter()
        .map(|problem| format!("{}!{}!", problem.place.sheet, problem.place.row.unwrap_or(0)))
        .collect()
}

#[test]
fn one_name_in_two_groups_is_two_questions() {
    let survey = "type | name | label\nbegin group | g | G\nint | n | A\nend group | |\nbegin group | h | H\nint | n | B\nend group | |\nint | m | C";
    let template = template(survey, "");
    let codes: Vec<&str> =
        template.questions.iter().flat_map(|question| &question.parts).map(|part| &*part.code).collect();
    assert_eq!(codes, ["g.n", "h.n"]);
}

#[test]
fn a_large_form_is_read_or_refused_in_time() {
    let mut survey = "type | name | label | relevant\n".to_owned();
    for n in 0..2_000 {
        survey += &format!("int | q{n} | 问 | ${{q{}}} > 1\n", (n + 1) % 2_000);
    }
    let read = read(&book(&survey, ""));
    assert!(read.errors[0].message.contains("split the form"), "{:?}", read.errors[0]);
    let mut choices = "list_name | name | label\n".to_owned();
    for n in 0..500 {
        choices += &format!("x | {n} | {n}\n");
    }
    let many = (0..100).map(|n| format!("select_one x | s{n} | 选\n")).collect::<String>();
    let template = template(&format!("type | name | label\n{many}"), &choices);
    assert_eq!(template.questions[99].options.len(), 500);
}

#[test]
fn merged_cells_are_told_of_and_two_hundred_faults_are_enough() {
    let mut book = book("type | name | label\nint | a | A", "");
    book.sheets[0].merges.push((1, 1));
    assert_eq!(read(&book).warnings.len(), 1);
    let bad = "foo | a | A\n".repeat(1_500);
    assert_eq!(refused(&format!("type | name | label\n{bad}"), "").len(), 200);
}
