use proptest::prelude::*;

use super::{IdNo, IdNoError, Sex};

const VECTORS: [(&str, Sex, &str); 7] = [
    ("11010519491231002X", Sex::Female, "1949-12-31"),
    ("339999194803120019", Sex::Male, "1948-03-12"),
    ("339999193508090027", Sex::Female, "1935-08-09"),
    ("33999919710117215X", Sex::Male, "1971-01-17"),
    ("339999200402280060", Sex::Female, "2004-02-28"),
    ("33999919660905108X", Sex::Female, "1966-09-05"),
    ("339999192808010012", Sex::Male, "1928-08-01"),
];

#[test]
fn what_is_no_number_is_refused_for_the_right_reason() {
    for (text, why) in [
        ("", IdNoError::Empty),
        ("\u{a0}", IdNoError::Empty),
        ("339999194803120018", IdNoError::Checksum),
        ("33999919480312001", IdNoError::Length),
        ("3399991948031200190", IdNoError::Length),
        ("33999919480312001Y", IdNoError::Charset),
        ("3399991948O3120019", IdNoError::Charset),
        ("身份证遗失", IdNoError::Length),
        ("一二三四五六七八九十一二三四五六七八", IdNoError::Charset),
        ("1.10105E+17", IdNoError::PrecisionLost),
        ("3.39999194505148e+17", IdNoError::PrecisionLost),
        ("339999194505148000", IdNoError::PrecisionLost),
        ("339999481332001", IdNoError::Birth),
    ] {
        assert_eq!(IdNo::read(text).map(|_| ()), Err(why), "{text}");
    }
}

#[test]
fn a_birth_that_no_calendar_has_is_refused_though_the_check_fits() {
    let bad = |head: &str| format!("{head}{}", char::from(super::check_char(head.as_bytes())));
    assert_eq!(IdNo::parse(&bad("33999919490229001")), Err(IdNoError::Birth));
    assert_eq!(IdNo::parse(&bad("33999918991231001")), Err(IdNoError::Birth));
}

#[test]
fn the_known_numbers_check_out() {
    for (text, sex, birth) in VECTORS {
        let id = IdNo::parse(text).unwrap();
        assert_eq!((id.sex(), id.birth().to_string().as_str()), (sex, birth), "{text}");
        assert!(id.has_known_province());
    }
}

#[test]
fn zeros_at_the_end_are_fine_when_the_check_fits() {
    assert!(IdNo::parse("339999195702022000").is_ok());
}

#[test]
fn damage_of_writing_is_put_right_and_said() {
    for text in [
        "'339999194803120019",
        " 339999194803120019 ",
        "３３９９９９１９４８０３１２００１９",
        "339999 19480312 0019",
        "\u{200b}339999194803120019\u{3000}",
    ] {
        let read = IdNo::read(text).unwrap();
        assert_eq!((read.id.as_str(), read.normalised, read.converted), ("339999194803120019", true, false));
    }
    let small = IdNo::read("33999919710117215x").unwrap();
    assert_eq!((small.id.as_str(), small.normalised), ("33999919710117215X", true));
}

#[test]
fn old_numbers_of_15_digits_are_converted() {
    let read = IdNo::read("339999530506085").unwrap();
    assert_eq!((read.id.as_str(), read.normalised, read.converted), ("339999195305060855", false, true));
    assert!(IdNo::read("'339999530506085").unwrap().normalised);
}

#[test]
fn a_number_prints_as_its_tail_only() {
    let id = IdNo::parse("339999194803120019").unwrap();
    assert_eq!(format!("{id:?}"), "IdNo(…0019)");
    assert!(serde_json::from_str::<IdNo>("\"339999194803120018\"").is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,40}") {
        let _ = IdNo::read(&text);
    }

    #[test]
    fn one_wrong_digit_never_checks_out(order in 0u32..1000, at in 6usize..17, add in 1u8..10) {
        let head = format!("33999919480312{order:03}");
        let good = format!("{head}{}", char::from(super::check_char(head.as_bytes())));
        let mut bytes = good.clone().into_bytes();
        bytes[at] = b'0' + (bytes[at] - b'0' + add) % 10;
        prop_assert!(IdNo::parse(&good).is_ok());
        prop_assert!(IdNo::parse(&String::from_utf8(bytes).unwrap()).is_err());
    }
}
