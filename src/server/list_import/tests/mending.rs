//! Columns that a person names, cells that he mends, and the refused lines that go back.

use super::*;
use calamine::{Reader, Xlsx};

async fn again(office: &Office, shown: &Value, mending: Value) -> Value {
    let mending: Mending = serde_json::from_value(mending).expect("the shape of the request");
    judge_again(&office.app, &office.clerk, id_of(shown), mending).await.expect("judged")
}

fn column<'v>(shown: &'v Value, col: &str) -> &'v Value {
    let columns = shown["columns"].as_array().expect("columns");
    columns.iter().find(|column| column["col"] == col).expect("a column")
}

const LI: [&str; 4] = ["李伟", "339999194803120019", "参战", "红旗村"];

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_told_and_named_by_hand_and_remembered_for_the_header() {
    let office = office().await;
    let list = || small(&["姓名", "证件", "类别", "哪个村"], &[&LI]);
    let shown = preview_of(&office, list()).await;
    assert_eq!((&shown["missing"], &shown["rows"]), (&json!("id_no"), &json!([])));
    assert_eq!(
        column(&shown, "A"),
        &json!({"col": "A", "heading": "姓名", "field": "name", "told": "heading"})
    );
    assert_eq!(column(&shown, "B")["told"], "nothing");
    assert!(shown["fields"].as_array().expect("fields").contains(&json!("id_no")));

    let shown = again(&office, &shown, json!({"columns": {"B": "id_no", "D": "village"}})).await;
    assert_eq!((&shown["missing"], &shown["accepted"]), (&Value::Null, &json!(1)));
    assert_eq!(
        (&column(&shown, "B")["field"], &column(&shown, "B")["told"]),
        (&json!("id_no"), &json!("hand"))
    );
    assert_eq!(shown["villages_unknown"], json!([]));
    let next = preview_of(&office, list()).await;
    assert_eq!(next["missing"], "id_no", "it is remembered once the list is written");
    let counts =
        commit(&office.app, &office.clerk, id_of(&shown), Decisions::default()).await.expect("written");
    assert_eq!(counts.created, 1);

    let next = preview_of(&office, list()).await;
    assert_eq!((&next["accepted"], &next["same"]), (&json!(1), &json!(1)));
    assert_eq!(column(&next, "D")["told"], "hand");
    let other = preview_of(&office, small(&["姓名", "身份证号", "类别", "证件"], &[&LI])).await;
    assert_eq!(column(&other, "D")["told"], "nothing", "another header is another list");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_is_left_out_by_hand() {
    let office = office().await;
    let list = small(&["姓名", "身份证号", "类别", "住址"], &[&LI]);
    let shown = preview_of(&office, list).await;
    assert_eq!(shown["rows"][0]["record"]["live_addr"], "红旗村");
    let shown = again(&office, &shown, json!({"columns": {"D": ""}})).await;
    assert_eq!(shown["rows"][0]["record"]["live_addr"], Value::Null);
    assert_eq!((&column(&shown, "D")["field"], &column(&shown, "D")["told"]), (&json!(""), &json!("hand")));
    for bad in [
        json!({"columns": {"D": "password"}}),
        json!({"columns": {"d4": "name"}}),
        json!({"cells": {"A9": "x"}}),
    ] {
        let mending: Mending = serde_json::from_value(bad.clone()).expect("the shape of the request");
        let refused = judge_again(&office.app, &office.clerk, id_of(&shown), mending).await;
        assert!(matches!(refused, Err(ImportError::Db(DbError::BadRequest(_)))), "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_is_mended_and_judged_at_once() {
    let office = office().await;
    let list = small(
        &["姓名", "身份证号", "类别", "村"],
        &[
            &LI,
            &["孙丽", "339999193508090028", "参战", "红旗村"],
            &["王强", "33999919710117215X", "参占", "红旗村"],
        ],
    );
    let shown = preview_of(&office, list).await;
    assert_eq!((&shown["accepted"], &shown["refused"]), (&json!(1), &json!(2)));
    let id = &shown["rows"][1]["why"][0];
    assert_eq!((&id["sealed"], &id["cell"]), (&json!(true), &Value::Null), "a number is never sent out");
    let category = &shown["rows"][2]["why"][0];
    assert_eq!((&category["col"], &category["cell"]), (&json!("C"), &json!("参占")));
    assert!(!shown.to_string().contains("339999193508090028"));

    let shown = again(&office, &shown, json!({"cells": {"B3": "339999193508090027"}})).await;
    assert_eq!((&shown["accepted"], &shown["refused"]), (&json!(2), &json!(1)));
    let shown = again(&office, &shown, json!({"cells": {"C4": "参战"}})).await;
    assert_eq!((&shown["accepted"], &shown["refused"]), (&json!(3), &json!(0)));
    let counts =
        commit(&office.app, &office.clerk, id_of(&shown), Decisions::default()).await.expect("written");
    assert_eq!(counts.created, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_difference_is_shown_and_what_the_list_leaves_empty_stays() {
    let office = office().await;
    let header = &["姓名", "身份证号", "类别", "村", "住址", "银行账号", "联系电话"];
    let first =
        ["李伟", "339999194803120019", "参战", "红旗村", "3组12号", "6222021001122334556", "13800001234"];
    let shown = preview_of(&office, small(header, &[&first])).await;
    assert_eq!(shown["rows"][0]["diff"], Value::Null, "a new person differs from nobody");
    commit(&office.app, &office.clerk, id_of(&shown), Decisions::default()).await.expect("written");
    let second = ["李伟", "339999194803120019", "参战", "红旗村", "3组13号", "6222021001122334999", ""];
    let shown = preview_of(&office, small(header, &[&second])).await;
    let row = &shown["rows"][0];
    assert_eq!(row["state"], "changed");
    let diff = |field: &str| {
        row["diff"].as_array().expect("fields").iter().find(|one| one["field"] == field).cloned()
    };
    assert_eq!(diff("live_addr"), Some(json!({"field": "live_addr", "old": "3组12号", "new": "3组13号"})));
    let account = diff("account_no").expect("another number");
    assert!(
        account["old"].as_str().expect("masked").ends_with("4556") && account["old"] != "6222021001122334556"
    );
    assert!(
        account["new"].as_str().expect("masked").ends_with("4999") && account["new"] != "6222021001122334999"
    );
    assert_eq!(row["stays"], json!([{"field": "mobile", "old": "13800001234"}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_lines_go_back_with_the_reason_before_and_after_the_list_is_written() {
    let office = office().await;
    let list = || {
        let people: &[&[&str]] = &[&LI, &["孙丽", "339999193508090028", "参战", "红旗村"]];
        small(&["姓名", "身份证号*", "类别", "村"], people)
    };
    let shown = preview_of(&office, list()).await;
    let read = async || {
        let bytes = refused_workbook(&office.app, &office.clerk, id_of(&shown)).await.expect("a workbook");
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("readable");
        let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
        sheet.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let expected = vec![
        vec!["姓名", "身份证号*", "类别", "村", "原因"],
        vec!["孙丽", "339999193508090028", "参战", "红旗村", "身份证号：身份证号校验位不对"],
    ];
    assert_eq!(read().await, expected);
    commit(&office.app, &office.clerk, id_of(&shown), Decisions::default()).await.expect("written");
    assert_eq!(read().await, expected, "whoever forgot to take them can do so afterwards");

    let good = preview_of(&office, small(&["姓名", "身份证号", "类别", "村"], &[&LI])).await;
    let none = refused_workbook(&office.app, &office.clerk, id_of(&good)).await;
    assert!(matches!(none, Err(ImportError::Db(DbError::NotFound))), "no line is refused");
}

/// A few thousand short cells of one request would else become rows of eighteen thousand columns each: more memory than the machine has.
#[tokio::test(flavor = "multi_thread")]
async fn a_cell_or_column_that_the_list_does_not_have_is_not_made() {
    let office = office().await;
    let shown = preview_of(&office, small(&["姓名", "身份证号", "类别", "村"], &[&LI])).await;
    for bad in [
        json!({"cells": {"ZZZ2": "x"}}),
        json!({"cells": {"E2": "x"}}),
        json!({"cells": {"A3": "x"}}),
        json!({"cells": {"A2": "x".repeat(1_001)}}),
        json!({"columns": {"ZZZ": "remark"}}),
        json!({"columns": {"E": "remark"}}),
    ] {
        let mending: Mending = serde_json::from_value(bad.clone()).expect("the shape of the request");
        let refused = judge_again(&office.app, &office.clerk, id_of(&shown), mending).await;
        assert!(matches!(refused, Err(ImportError::Db(DbError::BadRequest(_)))), "{bad}");
    }
    let mended = again(&office, &shown, json!({"cells": {"D2": "石桥村"}})).await;
    assert_eq!(mended["accepted"], 1, "what is there is mended as before");
}
