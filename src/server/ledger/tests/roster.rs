use super::*;

const LEDGER: Ledger = Ledger::Roster;

fn people() -> Vec<Source> {
    vec![
        recipient(
            1,
            json!({"name": "李伟", "sex": "1", "id_no": {"show": "**************0019"}, "birth": {"show": "1948"}, "status": "active",
                "live_addr": "石桥村3组12号", "mobile": "13900001234", "responsible": "陈建国", "household_id": "h"}),
        ),
        entitlement(10, 1, json!({"category": "11", "state": "paid", "grade": 6, "cause": "duty"})),
        entitlement(11, 1, json!({"category": "51", "state": "paid"})),
        recipient(2, json!({"name": "王芳", "household_id": "h", "domicile_addr": "石桥村3组12号"})),
        entitlement(12, 2, json!({"category": "21", "state": "suspended"})),
        recipient(3, json!({"name": "赵强", "status": "died"})),
    ]
}

#[test]
fn a_person_is_a_line_with_all_his_categories_and_masked_numbers() {
    let sources = sources(people());
    let table = table(LEDGER, &given(&sources, Period::default()));
    let (line, said) = line_of(LEDGER, &table, "李伟");
    assert_eq!(line.recipient, Some(Uuid::from_u128(1)));
    let expected = json!({
        "village": "石桥村", "name": "李伟", "sex": "男", "id_no": "**************0019", "birth": "1948",
        "category": "残疾军人、参战", "grade": "6级（因公）", "address": "石桥村3组12号", "phone": "139****1234", "status": "在册",
        "responsible": "陈建国", "remark": "",
    });
    assert_eq!(said, expected);
}

#[test]
fn a_day_of_birth_goes_out_only_with_the_whole_number() {
    let mut people = people();
    people[0].fields.set("birth", json!("1948-03-12"));
    let sources = sources(people);
    for (full, birth) in [(false, "1948"), (true, "1948-03-12")] {
        let table = table(LEDGER, &Given { full, ..given(&sources, Period::default()) });
        assert_eq!(line_of(LEDGER, &table, "李伟").1["birth"], birth);
    }
}

#[test]
fn whose_entitlements_have_ended_stays_on_the_register_and_says_so() {
    let sources = sources(people());
    let table = table(LEDGER, &given(&sources, Period::default()));
    assert_eq!(line_of(LEDGER, &table, "王芳").1["status"], "中止");
}

#[test]
fn who_died_is_on_it_only_where_he_is_asked_for() {
    let sources = sources(people());
    let of = |state| table(LEDGER, &Given { state, ..given(&sources, Period::default()) });
    assert_eq!((counted(&of(""), "people"), counted(&of(""), "households")), (2, 1));
    assert_eq!(line_of(LEDGER, &of("gone"), "赵强").1["status"], "已去世");
    assert_eq!((of("gone").lines.len(), of("all").lines.len()), (1, 3));
}

#[test]
fn the_last_line_counts_people_households_and_categories() {
    let sources = sources(people());
    let table = table(LEDGER, &given(&sources, Period::default()));
    assert_eq!(table.total, "合计：2 人，1 户；其中残疾军人 1 人，烈士遗属 1 人，参战退役军人 1 人");
}

#[test]
fn lines_are_ordered_by_any_column_both_ways() {
    let sources = sources(people());
    let mut table = table(LEDGER, &given(&sources, Period::default()));
    let names =
        |table: &Table| table.lines.iter().map(|line| said(LEDGER, line)["name"].clone()).collect::<Vec<_>>();
    let column = LEDGER.columns().iter().position(|column| column.key == "phone").unwrap();
    table.order_by(column, false);
    assert_eq!(names(&table), ["王芳", "李伟"], "who has no telephone comes first");
    table.order_by(column, true);
    assert_eq!(names(&table), ["李伟", "王芳"]);
}
