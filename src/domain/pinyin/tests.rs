use super::{Fit, keys, matches, readings_of};

fn fit(query: &str, name: &str) -> Option<Fit> {
    matches(query, name, &keys(name))
}

#[test]
fn what_does_not_sound_alike_is_not_found() {
    for query in ["", " ", "ei", "iw", "lx", "weil", "liweix", "wl", "王", "伟李", "l-w", "🙂", "li伟"]
    {
        assert_eq!(fit(query, "李伟"), None, "{query}");
    }
    assert_eq!(fit("a", ""), None);
    assert_eq!(fit("lw", "李小伟"), None, "initials are of neighbours");
    assert_eq!(keys("𠮷").find("ji"), None, "a character outside the table has no sound");
}

#[test]
fn a_name_is_found_by_characters_pinyin_and_initials() {
    for (query, expected) in [
        ("李", Fit::Start),
        ("伟", Fit::Inside),
        ("李伟", Fit::Whole),
        ("lw", Fit::Whole),
        ("LW", Fit::Whole),
        ("liwei", Fit::Whole),
        ("li wei", Fit::Whole),
        ("li w", Fit::Whole),
        ("li'wei", Fit::Whole),
        ("l", Fit::Start),
        ("li", Fit::Start),
        ("liwe", Fit::Start),
        ("wei", Fit::Inside),
        ("w", Fit::Inside),
        ("ｌｗ", Fit::Whole),
    ] {
        assert_eq!(fit(query, "李伟"), Some(expected), "{query}");
    }
}

#[test]
fn surnames_are_found_by_the_reading_they_have_as_such() {
    for (name, query) in [
        ("单长春", "shan"),
        ("单长春", "scc"),
        ("仇珍功", "qiu"),
        ("解军", "xiejun"),
        ("曾国强", "zeng"),
        ("查斌振", "zha"),
        ("朴志强", "piao"),
        ("盖梅桂", "ge"),
        ("盖梅桂", "gai"),
        ("区解军", "ou"),
        ("任勇旺", "ren"),
        ("华军", "hua"),
        ("尉建国", "wei"),
        ("翟卫", "zhai"),
        ("覃德光", "qin"),
        ("覃德光", "tan"),
        ("缪福", "miao"),
        ("尉迟恭", "yuchi"),
        ("单于明", "chanyu"),
        ("万俟卨", "moqi"),
        ("吕桂福", "lv"),
        ("吕桂福", "lu"),
        ("吕桂福", "lü"),
    ] {
        assert!(matches!(fit(query, name), Some(Fit::Whole | Fit::Start)), "{name} {query}");
    }
    assert!(fit("dan", "单长春").is_some(), "the usual reading is found too");
    assert!(
        fit("jie", "李解放").is_some()
            && fit("chang", "李长春").is_some()
            && fit("zhang", "李长春").is_some()
    );
}

#[test]
fn names_of_other_peoples_and_in_letters_are_found() {
    assert_eq!(fit("热合曼", "阿布都·热合曼"), Some(Fit::Inside));
    assert_eq!(fit("abd", "阿布都·热合曼"), Some(Fit::Start));
    assert_eq!(fit("rhm", "阿布都·热合曼"), Some(Fit::Inside));
    assert_eq!(fit("peter", "Peter Wang"), Some(Fit::Start));
}

#[test]
fn rarer_characters_of_names_have_a_reading() {
    for (c, reading) in [
        ('喆', "zhe"),
        ('堃', "kun"),
        ('犇', "ben"),
        ('玥', "yue"),
        ('鑫', "xin"),
        ('囧', "jiong"),
        ('龘', "da"),
    ] {
        assert_eq!(readings_of(c).first(), Some(&reading), "{c}");
    }
    assert_eq!(readings_of('a'), [""; 0]);
    assert_eq!(readings_of('\u{9fff}'), [""; 0]);
    assert_eq!(readings_of('\u{10ffff}'), [""; 0]);
}

#[test]
fn keys_are_kept_as_short_text_and_never_print() {
    let name = keys("单长春");
    assert!(name.as_text().starts_with("shan/"), "{}", name.as_text());
    assert_eq!(super::SearchKeys::from_text(name.as_text().to_owned()), name);
    assert_eq!(format!("{name:?}"), "<redacted>");
}
