use super::*;
use crate::vectors::unhex;
use argon2::{AssociatedData, ParamsBuilder};
use proptest::prelude::*;

#[test]
fn what_a_person_types_is_read() {
    let check = |typed: &str| {
        assert_eq!(
            DeviceCode::parse(typed).map(|code| code.as_str().to_owned()),
            Ok("01234ABC".to_owned()),
            "{typed}"
        )
    };
    check("01234ABC");
    check("0123-4abc");
    check(" o i 2 3 4 a b c ");
    check("OL23—4ABC");
    check("0l234aBc\n");
    check("０１２３　４ＡＢＣ");
    check("０１２３－４ａｂｃ");
}

#[test]
fn what_cannot_be_a_code_says_why() {
    let check = |typed: &str, expected| assert_eq!(DeviceCode::parse(typed).err(), Some(expected), "{typed}");
    check("", CodeError::Length { found: 0 });
    check("0123-4AB", CodeError::Length { found: 7 });
    check("0123-4ABCD", CodeError::Length { found: 9 });
    check("0123-4ABU", CodeError::Character { at: 7 });
    check("回123-4ABC", CodeError::Character { at: 0 });
}

#[test]
fn a_code_is_shown_in_two_groups() {
    assert_eq!(*DeviceCode::from_bytes([0xff; 5]).shown(), "ZZZZ-ZZZZ");
    assert_eq!(*DeviceCode::from_bytes([0; 5]).shown(), "0000-0000");
}

#[test]
fn rfc_9106_argon2id_comes_out() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).expect("short"))
        .build()
        .expect("within bounds");
    let argon2 =
        Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).expect("short");
    let mut tag = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).expect("within bounds");
    assert_eq!(tag.to_vec(), unhex("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"));
}

proptest! {
    #[test]
    fn each_code_is_read_as_it_is_shown(bytes: [u8; 5]) {
        let code = DeviceCode::from_bytes(bytes);
        let read = DeviceCode::parse(&code.shown().to_lowercase()).map(|code| code.as_str().to_owned());
        prop_assert_eq!(read, Ok(code.as_str().to_owned()));
    }

    #[test]
    fn no_text_makes_parsing_fail_otherwise(typed: String) {
        if let Ok(code) = DeviceCode::parse(&typed) {
            prop_assert_eq!(code.as_str().len(), CODE_CHARACTERS);
        }
    }
}
