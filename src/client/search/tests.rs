use super::{Keys, Letters, Rank, Terms};

fn rank(name: &str, typed: &str) -> Option<Rank> {
    let keys = Keys::new(name, "215X", Some(1948), "138****1234").at("三组12号");
    let terms = Terms::new(typed);
    let village = Letters::of_place("安溪坪村");
    terms.rank(&keys, &terms.in_village(&village))
}

#[test]
fn a_name_is_found_by_characters_pinyin_initials_and_their_mixture() {
    let cases = [
        ("李伟", "李伟", Some(Rank::Whole)),
        ("李伟", "李", Some(Rank::Start)),
        ("李伟", "伟", Some(Rank::Inside)),
        ("李伟", "lw", Some(Rank::Whole)),
        ("李伟", "l", Some(Rank::Start)),
        ("李伟", "LiWei", Some(Rank::Whole)),
        ("李伟", "liw", Some(Rank::Whole)),
        ("李伟", "lwei", Some(Rank::Whole)),
        ("李伟", "李w", Some(Rank::Whole)),
        ("李伟", "li wei", Some(Rank::Inside)),
        ("李伟", "li'wei", Some(Rank::Whole)),
        ("李伟", "ｌｗ", Some(Rank::Whole)),
        ("李伟", "wei", Some(Rank::Inside)),
        ("李伟", "lx", None),
        ("李伟", "lwx", None),
        ("单雄信", "sxx", Some(Rank::Whole)),
        ("单雄信", "dan", Some(Rank::Start)),
        ("欧阳春", "oyc", Some(Rank::Whole)),
        ("吕正", "lv", Some(Rank::Start)),
        ("买买提·吐尔逊", "吐尔逊", Some(Rank::Inside)),
        ("买买提·吐尔逊", "mmtt", Some(Rank::Start)),
        ("长孙重", "zsc", Some(Rank::Whole)),
    ];
    for (name, typed, expected) in cases {
        assert_eq!(rank(name, typed), expected, "{name} by {typed}");
    }
}

#[test]
fn a_person_is_found_by_the_tail_of_a_number_and_by_what_is_known_of_its_beginning() {
    let cases = [
        ("215x", Some(Rank::Number)),
        ("215X", Some(Rank::Number)),
        ("15X", Some(Rank::Number)),
        ("1234", Some(Rank::Number)),
        ("234", Some(Rank::Number)),
        ("9999", None),
        ("13800001234", Some(Rank::Number)),
        ("13800009999", None),
        ("138000", Some(Rank::Number)),
        ("13900001234", None),
        ("33999919480312215X", Some(Rank::Number)),
        ("339999194803", Some(Rank::Number)),
        ("33999919490312215X", None),
    ];
    for (typed, expected) in cases {
        assert_eq!(rank("李伟", typed), expected, "{typed}");
    }
}

#[test]
fn a_village_narrows_and_every_word_must_be_found() {
    assert_eq!(rank("李伟", "安溪"), Some(Rank::Village));
    assert_eq!(rank("李伟", "axp"), Some(Rank::Village));
    assert_eq!(rank("李伟", "安溪 lw"), Some(Rank::Whole));
    assert_eq!(rank("李伟", "安溪 axp"), Some(Rank::Village));
    assert_eq!(rank("李伟", "安溪 zs"), None);
    assert_eq!(rank("李伟", "1234 lw"), Some(Rank::Number));
}

#[test]
fn a_family_is_found_by_its_door() {
    let cases = [
        ("12", Some(Rank::Door)),
        ("12号", Some(Rank::Door)),
        ("１２号", Some(Rank::Door)),
        ("十二号", Some(Rank::Door)),
        ("3组12号", Some(Rank::Door)),
        ("3组1", Some(Rank::Door)),
        ("三组", Some(Rank::Door)),
        ("3组 12号", Some(Rank::Door)),
        ("12 号", None),
        ("安溪 12", Some(Rank::Door)),
        ("安溪坪 3组12号", Some(Rank::Door)),
        ("李 12", Some(Rank::Door)),
        ("13号", None),
        ("3", Some(Rank::Number)),
        ("安溪 4组", None),
        // What a number holds is found as before, behind the door.
        ("123", Some(Rank::Number)),
    ];
    for (typed, expected) in cases {
        assert_eq!(rank("李伟", typed), expected, "{typed}");
    }
}

#[test]
fn a_village_is_read_as_places_are() {
    let found = |village: &str, typed: &str| {
        Terms::new(typed).rank(
            &Keys::new("王二", "", None, ""),
            &Terms::new(typed).in_village(&Letters::of_place(village)),
        )
    };
    assert_eq!(found("石桥村", "shiq"), Some(Rank::Village));
    assert_eq!(found("石桥村", "dan"), None);
    assert_eq!(found("长岭村", "changl"), Some(Rank::Village));
    assert_eq!(found("长岭村", "zhangl"), Some(Rank::Village));
}

#[test]
fn nothing_typed_is_no_search_and_fits_everyone() {
    assert!(Terms::new(" \u{3000} ' ").is_empty());
    assert_eq!(rank("李伟", "  "), Some(Rank::Whole));
}

#[test]
fn names_are_ordered_by_their_sound() {
    let sound = |name| Keys::new(name, "", None, "").sound();
    assert_eq!(sound("单雄信"), "shan xiong xin ");
    assert!(sound("李伟") < sound("李伟强") && sound("李伟强") < sound("王二"));
}
