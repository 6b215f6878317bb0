use super::*;

fn county() -> AreaCode {
    "339999".parse().unwrap()
}

fn whys(text: &str) -> Vec<(usize, Why)> {
    read(text, &county(), &[]).refused.iter().map(|refused| (refused.row, refused.why.clone())).collect()
}

#[test]
fn a_pasted_list_is_taken_however_its_columns_stand() {
    let text =
        "序号\t区划代码\t名称\n1\t339999100000\t双桥镇\n2\t339999100201\t红旗村\n\n石桥村，339999100202\n";
    let list = read(text, &county(), &[]);
    assert_eq!(list.refused, []);
    let lines: Vec<_> =
        list.lines.iter().map(|line| (line.row, line.code.prefix(), line.name.as_str())).collect();
    assert_eq!(
        lines,
        [(2, "339999100", "双桥镇"), (3, "339999100201", "红旗村"), (5, "339999100202", "石桥村")]
    );
}

#[test]
fn a_code_glued_to_its_name_is_taken_on_either_side() {
    let text = "339999100000双桥镇\n红旗村339999100201\n339999100202石桥 村";
    let names: Vec<String> = taken(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["双桥镇", "红旗村", "石桥村"]);
    assert_eq!(whys("339999100 双桥镇\n33999910020红旗村"), [(2, Why::BadCode)]);
}

#[test]
fn townships_come_first_wherever_they_stand() {
    let list = read("339999100201 红旗村\n339999100 双桥镇", &county(), &[]);
    assert_eq!(list.lines.iter().map(|line| line.row).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn each_bad_row_is_named_with_its_reason() {
    assert_eq!(whys("33999910020 红旗村"), [(1, Why::BadCode)]);
    assert_eq!(whys("红旗村"), [(1, Why::NoCode)]);
    assert_eq!(whys("339999100000"), [(1, Why::NoName)]);
    assert_eq!(whys("330106001000 别处镇"), [(1, Why::OutsideCounty)]);
    assert_eq!(whys("339999100201 红旗村"), [(1, Why::NoTownship)]);
    assert_eq!(whys("339999100 双桥镇\n339999100000 双桥"), [(2, Why::Twice { first_row: 1 })]);
}

#[test]
fn what_is_known_already_is_said_and_serves_as_a_township() {
    let known = [there("339999100", "双桥镇", "339999")];
    let list = read("339999100 双桥镇\n339999100201 红旗村", &county(), &known);
    assert_eq!(list.lines.len(), 1);
    assert_eq!(list.refused[0].why, Why::Known);
}

fn there(code: &str, name: &str, above: &str) -> KnownArea {
    KnownArea { code: code.parse().ok(), name: Some(name.to_owned()), above: above.parse().ok() }
}

#[test]
fn a_name_that_is_there_already_in_the_township_is_a_fault() {
    let mut known = vec![
        there("339999100", "双桥镇", "339999"),
        there("339999101", "柳河镇", "339999"),
        there("339999100201", "红旗村", "339999100"),
        there("", "新村", "339999100"),
        KnownArea { name: None, ..there("339999100209", "", "339999100") },
    ];
    let whys = |text: &str, known: &[KnownArea]| {
        read(text, &county(), known).refused.into_iter().map(|one| (one.row, one.why)).collect::<Vec<_>>()
    };
    let text =
        "339999100299 红旗村\n339999101201 红旗村\n339999100298 新 村\n339999100209 石桥村\n339999102 柳河镇";
    let expected = [(1, Why::KnownName), (3, Why::KnownName), (4, Why::Known), (5, Why::KnownName)];
    assert_eq!(whys(text, &known), expected);
    // What became part of another has left its name.
    known[2].name = None;
    assert_eq!(whys("339999100299 红旗村", &known), []);
}

#[test]
fn a_list_without_end_is_cut_off_and_said_to_be() {
    let text = "339999100 双桥镇\n".to_owned() + &"x\n".repeat(ROWS_MAX);
    assert_eq!(whys(&text).last(), Some(&(ROWS_MAX + 1, Why::TooMany)));
}

fn taken(text: &str) -> Vec<(String, String)> {
    let list = read(text, &county(), &[]);
    assert_eq!(list.refused, [], "{text}");
    list.lines.into_iter().map(|line| (line.code.prefix().to_owned(), line.name)).collect()
}

fn two(first: &str, second: &str) -> Why {
    Why::TwoNames([first.to_owned(), second.to_owned()])
}

fn is(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect()
}

const TWO_VILLAGES: [(&str, &str); 3] =
    [("339999100", "双桥镇"), ("339999100201", "红旗村"), ("339999100202", "石桥社区")];

#[test]
fn a_name_with_blanks_or_with_letters_that_show_nothing_is_a_fault() {
    for name in [
        "红旗\u{200b}村",
        "红旗\u{202e}村",
        "红旗村\u{2066}",
        "红\u{7}旗村",
        "\u{feff}红旗村",
        "Red Flag",
        &"村".repeat(41),
    ] {
        assert_eq!(whys(&format!("339999100 双桥镇\n339999100201 {name}")), [(2, Why::BadName)], "{name:?}");
        assert_eq!(
            whys(&format!("代码\t名称\n339999100\t双桥镇\n339999100201\t{name}")),
            [(3, Why::BadName)],
            "{name:?}"
        );
        assert!(!is_sound_name(name));
    }
    assert!(!is_sound_name("") && is_sound_name(&"村".repeat(NAME_LETTERS_MAX)));
    for line in ["339999100201 3 号社区", "339999100201，3 号社区", "339999100201 红旗村 3"] {
        assert_eq!(whys(&format!("339999100 双桥镇\n{line}")), [(2, Why::BadName)], "{line}");
    }
    let township = "乡镇\t村\t代码\n双桥\u{200b}镇\t红旗村\t339999100201";
    assert_eq!(whys(township), [(2, Why::BadName)]);
}

#[test]
fn a_line_with_two_names_is_a_fault_that_says_both() {
    for (line, first, second) in [
        ("339999100201 下杨(村),甲", "下杨(村)", "甲"),
        ("双桥镇，红旗村，339999100201", "双桥镇", "红旗村"),
        ("双桥镇 红旗村 339999100201", "双桥镇", "红旗村"),
        ("双桥镇 339999100201 红旗村", "双桥镇", "红旗村"),
        ("339999100201 红旗村 王芳", "红旗村", "王芳"),
        ("红旗村\t339999100201\t王芳", "红旗村", "王芳"),
        ("339999100201\t双桥镇\t红旗村", "双桥镇", "红旗村"),
        ("红旗村\t王芳\t339999100201", "红旗村", "王芳"),
        ("红旗村\t红旗村\t339999100201\t王芳", "红旗村", "王芳"),
        ("339999100000\t双桥镇\t339999100201\t红旗村", "双桥镇", "红旗村"),
    ] {
        assert_eq!(whys(line), [(1, two(first, second))], "{line}");
    }
    let named_twice = "代码\t村名\t村（社区）名称\n339999100201\t红旗村\t石桥村";
    assert_eq!(whys(named_twice), [(2, two("红旗村", "石桥村"))]);
}

#[test]
fn two_of_one_name_in_one_township_are_a_fault_that_says_the_rows() {
    let text =
        "339999100 双桥镇\n339999101 柳河镇\n339999100201 红旗村\n339999101201 红旗村\n339999100202 红 旗 村";
    assert_eq!(whys(text), [(5, Why::SameName { first_row: 3 })]);
    assert_eq!(whys("339999100 双桥镇\n339999101 双桥镇"), [(2, Why::SameName { first_row: 1 })]);
}

#[test]
fn a_township_that_the_rows_name_in_two_ways_is_a_fault() {
    let heading = "乡镇\t村\t代码\n";
    let text = format!("{heading}双桥镇\t红旗村\t339999100201\n柳河镇\t石桥村\t339999100202");
    assert_eq!(whys(&text), [(3, Why::OtherTownship { first_row: 2 })]);
    let slip = format!("{heading}双桥镇\t红旗村\t339999100201\n双桥镇\t石桥村\t339999101202");
    assert_eq!(whys(&slip), [(3, Why::NoTownship)]);
    assert_eq!(whys(&format!("{heading}\t红旗村\t339999100201")), [(2, Why::NoTownship)]);
    assert_eq!(whys(&format!("{heading}双桥镇\t\t339999100201")), [(2, Why::NoName)]);
}

#[test]
fn headings_say_which_column_is_the_name() {
    for text in [
        "乡镇\t村\t代码\n双桥镇\t红旗村\t339999100201\n双桥镇\t石桥社区\t339999100202",
        "乡镇\t村\t代码\n双桥镇\t\t339999100000\n双桥镇\t红旗村\t339999100201\n\t石桥社区\t339999100202",
        "乡镇,村,代码\n双桥镇,红旗村,339999100201\n双桥镇,石桥社区,339999100202",
        "示范县行政区划表（2024）\t\t\t\n序号\t乡镇（街道）\t村（社区）名称\t12位区划代码\n1\t双 桥 镇\t红旗村\t339999100201\n2\t双桥镇\t石桥社区\t339999100202",
        "县\t乡镇名称\t行政村\t负责人\t电话\t统计用区划代码\n示范县\t双桥镇\t红旗村\t王芳\t13800000000\t339999100201\n示范县\t双桥镇\t石桥社区\t李强\t13800000001\t339999100202",
        "县代码\t乡镇代码\t乡镇\t村代码\t村\n339999\t339999100\t双桥镇\t\t\n339999\t339999100\t双桥镇\t339999100201\t红旗村\n339999\t339999100\t双桥镇\t339999100202\t石桥社区",
        "上级代码\t原代码\t代码\t乡（镇、街道）\t村（居）\t曾用名\n339999100\t339999100301\t339999100201\t双桥镇\t红旗村\t东风村\n339999100\t\t339999100202\t双桥镇\t石桥社区\t",
        "区划代码\t城乡分类代码\t名称\n339999100000\t\t双桥镇\n339999100201\t220\t红旗村\n339999100202\t112\t石桥社区",
        "村名\t区划代码\t村负责人\n双桥镇\t339999100000\t赵六\n红旗村\t339999100201\t王芳\n石桥社区\t339999100202\t",
        "\u{feff}单位名称\t邮政编码\t代码\n双桥镇\t339900\t339999100000\n红旗村\t339900\t339999100201\n石桥社区\t339900\t339999100202",
    ] {
        assert_eq!(taken(text), is(&TWO_VILLAGES), "{text}");
    }
}

#[test]
fn without_headings_the_name_is_next_to_the_code() {
    for text in [
        "\t双桥镇\t339999100000\n双桥镇\t红旗村\t339999100201\n双桥镇\t石桥社区\t339999100202",
        "339999100000\t双桥镇\t赵六\n339999100201\t红旗村\t王芳\n339999100202\t石桥社区\t李强",
        "339999\t339999100000\t双桥镇\n339999\t339999100201\t红旗村\n339999\t339999100202\t石桥社区",
        "双桥镇\t双桥镇\t339999100\n红旗村\t339999100201\t1200\n1\t石桥社区\t'339999100202",
    ] {
        assert_eq!(taken(text), is(&TWO_VILLAGES), "{text}");
    }
}

#[test]
fn typed_lines_keep_the_whole_name_however_it_is_spread() {
    for text in [
        "339999100000 210 双桥镇\n339999100201 220 红旗村\n339999100202 112 石桥社区",
        "339999100 双桥镇\n339999100201 红旗 村\n339999100202 石桥 社区",
        "１ ３３９９９９１００　双桥镇\n３３９９９９１００２０１ 红　旗　村\n石桥社区　３３９９９９１００２０２",
        "1 339999100000 双 桥 镇\n2、339999100201 红旗村".replace("2、", "2 ").as_str(),
    ] {
        let mut expected = is(&TWO_VILLAGES);
        expected.truncate(text.lines().count());
        assert_eq!(taken(text), expected, "{text}");
    }
    let [_, (_, name)] = &taken("339999100 双桥镇\n339999100201 周富村 （一）")[..] else {
        panic!()
    };
    assert_eq!(name, "周富村（一）");
}

#[test]
fn the_row_of_the_county_is_passed_over() {
    assert_eq!(taken("339999000000\t示范县\n339999100000\t双桥镇"), is(&TWO_VILLAGES[..1]));
}
