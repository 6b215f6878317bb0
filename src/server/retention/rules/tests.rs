use super::before;

#[test]
fn months_are_counted_back_over_new_year() {
    assert_eq!(before("2026-11-26", 36), "2023-11-26");
    assert_eq!(before("2026-03-31", 13), "2025-02-28");
    assert_eq!(before("2026-01-05", 6), "2025-07-05");
}
