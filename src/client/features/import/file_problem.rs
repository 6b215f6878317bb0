//! Why a list is not read.

use serde_json::Value;

/// Whether a file can be sent at all; the office looks at the content.
pub(crate) fn check_file(name: &str, bytes: usize) -> Result<(), FileProblem> {
    const BYTES_MAX: usize = 20 * 1024 * 1024;
    if bytes == 0 {
        return Err(FileProblem::Empty);
    }
    if bytes > BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    let name = name.to_ascii_lowercase();
    if !name.ends_with(".xlsx") && !name.ends_with(".xls") {
        return Err(FileProblem::NotXlsx);
    }
    Ok(())
}

/// Why a list is not read. Nothing of it is in the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileProblem {
    NotXlsx,
    Encrypted,
    Empty,
    TooLarge,
    TooManyRows,
    Damaged,
    /// Reading it did not come to an end.
    TooLong,
    ColumnMissing {
        row: u64,
        field: String,
    },
    HeaderNotFound {
        sheet: String,
    },
    /// The preview is no longer kept; the file must be chosen again.
    Lapsed,
    Offline,
    /// The list was sent to be written, and the answer did not come: it is written, or it is not.
    Uncertain,
    Login,
    Right,
    /// A village that was to be made has the name of another of its township.
    VillageThere,
    /// Another refusal, by its code.
    Other(String),
}

impl FileProblem {
    /// The problem for a refusal of the office.
    pub(crate) fn from_refusal(err: &str, body: &Value) -> FileProblem {
        let sheet = body.get("sheet").and_then(Value::as_str).unwrap_or_default().to_owned();
        match err {
            "not_xlsx" | "not_json" | "unsupported_media" => FileProblem::NotXlsx,
            "encrypted" => FileProblem::Encrypted,
            "empty" => FileProblem::Empty,
            "too_large" | "inflated_too_large" => FileProblem::TooLarge,
            "too_many_rows" => FileProblem::TooManyRows,
            "damaged" => FileProblem::Damaged,
            "too_long" => FileProblem::TooLong,
            "column_missing" => FileProblem::ColumnMissing {
                row: body.get("row").and_then(Value::as_u64).unwrap_or_default(),
                field: body.get("field").and_then(Value::as_str).unwrap_or_default().to_owned(),
            },
            "header_not_found" => FileProblem::HeaderNotFound { sheet },
            "not_found" | "lapsed" => FileProblem::Lapsed,
            "login" => FileProblem::Login,
            "area_name_exists" => FileProblem::VillageThere,
            "right" | "out_of_scope" => FileProblem::Right,
            other => FileProblem::Other(other.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_names_what_is_wrong_with_the_file() {
        let check = |err: &str, expected| {
            assert_eq!(FileProblem::from_refusal(err, &json!({"sheet": "Sheet1"})), expected)
        };
        check("encrypted", FileProblem::Encrypted);
        check("too_many_rows", FileProblem::TooManyRows);
        check("header_not_found", FileProblem::HeaderNotFound { sheet: "Sheet1".to_owned() });
        check("damaged", FileProblem::Damaged);
        check("too_long", FileProblem::TooLong);
        check("busy", FileProblem::Other("busy".to_owned()));
    }

    #[test]
    fn a_list_without_a_column_says_which() {
        let body = json!({"err": "column_missing", "row": 3, "field": "id_no", "sheet": "Sheet1"});
        let missing = FileProblem::ColumnMissing { row: 3, field: "id_no".to_owned() };
        assert_eq!(FileProblem::from_refusal("column_missing", &body), missing);
    }

    #[test]
    fn a_file_of_another_kind_is_not_sent() {
        assert_eq!(check_file("名单.XLSX", 10), Ok(()));
        assert_eq!(check_file("名单.xls", 10), Ok(()));
        assert_eq!(check_file("名单.csv", 10), Err(FileProblem::NotXlsx));
        assert_eq!(check_file("名单.xlsx", 0), Err(FileProblem::Empty));
    }
}
