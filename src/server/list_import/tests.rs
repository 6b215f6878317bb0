mod mending;
mod undo;

use super::*;
use crate::{
    clock::Clock,
    commands::desk,
    db::{AccountChange, AreaMerge, NewAccount, NewArea},
    testing::{self, Folder},
};
use domain::access::Role;
use serde_json::Value;
use undo::imports;

const LIST: &str = include_str!("../../domain/fixtures/township-list.grid.json");
const VILLAGES: [&str; 9] =
    ["红旗村", "石桥村", "柳河村", "东岭村", "南湾村", "双拥村", "大槐树村", "上杨家村", "下杨家村"];

struct Office {
    app: App,
    clerk: Caller,
    _folder: Folder,
}

/// A township of nine villages; 桃花社区 of the list is not among them.
async fn office() -> Office {
    let folder = Folder::new();
    let (app, _) =
        crate::folder::open(testing::config(&folder, true), Clock::default()).await.expect("an empty folder");
    let now = app.clock.now();
    let area = |code: &str, name: &str, parent| NewArea {
        id: tokens::new_id(now),
        code: code.to_owned(),
        name: name.to_owned(),
        parent,
        now,
    };
    app.db.add_area(area("339999", "示范县", None)).await.expect("a county");
    let town = app.db.add_area(area("339999100", "双桥镇", None)).await.expect("a township");
    for (index, name) in VILLAGES.iter().enumerate() {
        app.db.add_area(area(&format!("3399991002{:02}", index + 1), name, None)).await.expect("a village");
    }
    let account = NewAccount {
        id: tokens::new_id(now),
        name: "clerk".to_owned(),
        role: Role::TownshipClerk,
        password_hash: "x".to_owned(),
        areas: vec![town.id],
        now,
    };
    let account = app.db.add_account(account, None).await.expect("a clerk");
    let clerk = desk::open(app.db.as_ref(), &account, now).await.expect("a session");
    Office { app, clerk, _folder: folder }
}

fn grid() -> Grid {
    serde_json::from_str(LIST).expect("the fixture is a grid")
}

async fn preview_of(office: &Office, grid: Grid) -> Value {
    preview(&office.app, &office.clerk, "339999100", "list.xlsx".to_owned(), grid).await.expect("a list")
}

fn id_of(answer: &Value) -> Uuid {
    answer["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

fn create_peach() -> Decisions {
    with_villages([("桃花社区".to_owned(), VillageChoice::Create { create: true })])
}

fn with_villages(villages: [(String, VillageChoice); 1]) -> Decisions {
    Decisions { villages: villages.into(), ..Decisions::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_shown_then_written_and_the_same_people_again_change_nothing() {
    let office = office().await;
    let shown = preview_of(&office, grid()).await;
    assert_eq!((&shown["accepted"], &shown["refused"]), (&json!(211), &json!(7)));
    assert_eq!((&shown["new"], &shown["same"]), (&json!(211), &json!(0)));
    assert_eq!(shown["villages_unknown"][0]["name"], "桃花社区");
    let people = People::read(&office.app, &office.clerk).await.expect("readable");
    assert_eq!(people.len(), 0, "a preview writes nothing");

    let counts = commit(&office.app, &office.clerk, id_of(&shown), create_peach()).await.expect("written");
    assert_eq!((counts.changesets, counts.created, counts.changed, counts.same), (211, 211, 0, 0));

    let mut shuffled = grid();
    let data = shuffled.rows.split_off(3);
    let (people, sums): (Vec<_>, Vec<_>) =
        data.into_iter().partition(|row| row.len() > 3 && !row[2].is_empty());
    shuffled.rows.insert(0, Vec::new());
    shuffled.rows.extend(people.into_iter().rev());
    shuffled.merges.clear();
    drop(sums);
    let shown = preview_of(&office, shuffled).await;
    let counts =
        commit(&office.app, &office.clerk, id_of(&shown), Decisions::default()).await.expect("written");
    assert_eq!((counts.changesets, counts.created, counts.changed), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_previews_sees_what_the_first_wrote() {
    let office = office().await;
    let (first, second) = (preview_of(&office, grid()).await, preview_of(&office, grid()).await);
    assert_eq!(second["new"], json!(211));
    commit(&office.app, &office.clerk, id_of(&first), create_peach()).await.expect("written");
    let counts = commit(&office.app, &office.clerk, id_of(&second), create_peach()).await.expect("written");
    assert_eq!((counts.changesets, counts.same), (0, 211));
    let again = commit(&office.app, &office.clerk, id_of(&first), create_peach()).await.expect("told anew");
    assert_eq!((again.created, imports(&office).await.len()), (211, 2), "a list is committed once");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_while_a_village_is_undecided() {
    let office = office().await;
    let shown = preview_of(&office, grid()).await;
    let refused = commit(&office.app, &office.clerk, id_of(&shown), Decisions::default()).await;
    assert!(
        matches!(refused, Err(ImportError::Villages(open)) if open.len() == 1 && open[0].name == "桃花社区")
    );
    assert_eq!(People::read(&office.app, &office.clerk).await.expect("readable").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_masked_in_the_preview_and_sealed_in_the_database() {
    let office = office().await;
    let shown = preview_of(&office, grid()).await;
    let record = &shown["rows"][0]["record"];
    assert_eq!(record["id_no"], "**************4155");
    assert_eq!(record["name"], "方荣明");
    commit(&office.app, &office.clerk, id_of(&shown), create_peach()).await.expect("written");
    let file = std::fs::read(office.app.config.database_file()).expect("the database");
    let wal = std::fs::read(office.app.config.database_file().with_extension("db-wal")).unwrap_or_default();
    for number in ["339999194508104155", "6244205673406788427"] {
        let found = [&file, &wal]
            .iter()
            .any(|bytes| bytes.windows(number.len()).any(|part| part == number.as_bytes()));
        assert!(!found, "{number} lies in clear in the database");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_that_is_no_list_is_named() {
    let office = office().await;
    let letter = Grid { sheet: "通知".to_owned(), ..small(&["尊敬的领导"], &[]) };
    let refused = preview(&office.app, &office.clerk, "339999100", "x".to_owned(), letter).await;
    let Err(ApiError::Refused(code, detail)) = refused.map_err(ApiError::from) else {
        panic!("it is a letter")
    };
    assert_eq!((code, &detail["sheet"]), ("header_not_found", &json!("通知")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_another_place_is_refused() {
    let office = office().await;
    for area in ["339999", "110101", "nonsense"] {
        let refused = preview(&office.app, &office.clerk, area, "x".to_owned(), grid()).await;
        assert!(matches!(refused, Err(ImportError::Area)), "{area}");
    }
}

/// A small list of people under these headings.
fn small(header: &[&str], people: &[&[&str]]) -> Grid {
    let cells = |row: &&[&str]| {
        row.iter().map(|text| domain::list::grid::Cell::Text((*text).to_owned())).collect::<Vec<_>>()
    };
    Grid { rows: std::iter::once(&header).chain(people).map(cells).collect(), ..Grid::default() }
}

async fn areas_of(office: &Office, names: &[&str]) -> Vec<usize> {
    let areas = office.app.db.areas().await.expect("readable");
    let records = office.app.db.office_records(&office.clerk, &["recipient"]).await.expect("readable");
    let lives = |name: &&str| {
        let area = areas.iter().find(|area| area.name == **name).expect("an area").id;
        records.iter().filter(|record| record.area.0 == area).count()
    };
    names.iter().map(lives).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_about_a_village_holds_for_each_way_to_write_it() {
    let office = office().await;
    let list = small(
        &["姓名", "身份证号", "类别", "村"],
        &[
            &["李伟", "339999194803120019", "参战", "桃花社区"],
            &["孙丽", "339999193508090027", "参战", "桃花"],
            &["王强", "33999919710117215X", "参战", "桃花 居委会"],
        ],
    );
    let shown = preview_of(&office, list).await;
    assert_eq!(shown["villages_unknown"], json!([{"name": "桃花社区", "rows": 3}]));
    let areas = office.app.db.areas().await.expect("readable");
    let area = areas.iter().find(|area| area.name == "红旗村").expect("a village").id;
    let choices = with_villages([("桃花社区".to_owned(), VillageChoice::Map { area })]);
    let counts = commit(&office.app, &office.clerk, id_of(&shown), choices).await.expect("written");
    assert_eq!(counts.created, 3, "nobody who was accepted is left out");
    assert_eq!(areas_of(&office, &["红旗村"]).await, [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_names_a_village_of_before_a_merge_is_asked_which_one_it_means() {
    let office = office().await;
    let list =
        || small(&["姓名", "身份证号", "类别", "村"], &[&["李伟", "339999194803120019", "参战", "红旗村"]]);
    let shown = preview_of(&office, list()).await;
    assert_eq!(shown["villages_unknown"], json!([]));
    let areas = office.app.db.areas().await.expect("readable");
    let id = |name: &str| areas.iter().find(|area| area.name == name).expect("a village").id;
    let now = office.app.clock.now();
    let on = domain::day::Timestamp::from_ms(now).day();
    let merge = AreaMerge { from: id("红旗村"), into: id("石桥村"), by: None, on, now };
    office.app.db.merge_areas(merge).await.expect("merged");
    let shown = preview_of(&office, list()).await;
    assert_eq!(shown["villages_unknown"], json!([{"name": "红旗村", "rows": 1}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_a_countys_list_knows_by_code_is_made_below_its_township() {
    let office = office().await;
    let county = office.app.db.areas().await.expect("readable")[0].id;
    let change = AccountChange {
        name: "clerk".to_owned(),
        areas: Some(vec![county]),
        role: None,
        password_hash: None,
        now: 0,
    };
    office.app.db.change_account(change).await.expect("changed");
    let list = small(
        &["姓名", "身份证号", "类别", "户籍行政区划代码", "户籍地址"],
        &[&["李伟", "339999194803120019", "参战", "339999100288", "双桥镇桃花社区1号"]],
    );
    let villages = Decisions { create_others: true, ..Decisions::default() };
    let id = tokens::new_id(office.app.clock.now());
    let listed = Listed { id, file: "list.xlsx", area: "339999", grid: &list, hand: &Hand::default() };
    let written = write(&office.app, &office.clerk, listed, &villages).await.expect("written");
    assert_eq!((written.counts.created, written.villages_made.as_slice()), (1, &["桃花社区".to_owned()][..]));
    let areas = office.app.db.areas().await.expect("readable");
    let made = areas.iter().find(|area| area.code == "339999100288").expect("it was made");
    let town = areas.iter().find(|area| area.code == "339999100").expect("a township");
    assert_eq!(made.parent, Some(town.id));
    assert_eq!(areas_of(&office, &["桃花社区"]).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clerks_at_once_make_one_file_a_person() {
    let office = office().await;
    let (first, second) = (preview_of(&office, grid()).await, preview_of(&office, grid()).await);
    let choices = create_peach();
    let one = commit(&office.app, &office.clerk, id_of(&first), choices.clone());
    let other = commit(&office.app, &office.clerk, id_of(&second), choices);
    let (one, other) = tokio::join!(one, other);
    let created = one.expect("written").created + other.expect("written").created;
    assert_eq!(created, 211);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_two_households_name_goes_into_the_first() {
    let office = office().await;
    let list = small(
        &["姓名", "身份证号", "类别", "村", "住址"],
        &[
            &["李伟", "339999194803120019", "参战", "红旗村", "3组12号"],
            &["孙丽", "339999193508090027", "参战", "红旗村", "3组12号"],
            &["王强", "33999919710117215X", "参战", "红旗村", "3组12号"],
        ],
    );
    let shown = preview_of(&office, list).await;
    let confirmed = Decisions { households: vec![vec![2, 3], vec![3, 4]], ..Decisions::default() };
    let counts = commit(&office.app, &office.clerk, id_of(&shown), confirmed).await.expect("written");
    assert_eq!((counts.created, counts.households), (3, 1), "one alone is no household");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_one_door_are_proposed_and_joined_by_a_person_alone() {
    let office = office().await;
    let list = || {
        small(
            &["姓名", "身份证号", "类别", "村", "住址", "与户主关系"],
            &[
                &["李伟", "339999194803120019", "参战", "红旗村", "红旗村3组12号", "户主"],
                &["孙丽", "339999193508090027", "参战", "红旗村", "3组12号", "配偶"],
                &["王强", "33999919710117215X", "参战", "红旗村", "3组13号", ""],
            ],
        )
    };
    let households = async || {
        let records = office.app.db.office_records(&office.clerk, &["household"]).await.expect("readable");
        let members =
            |one: &sync::record::Record| one.plain("members").and_then(Value::as_array).map_or(0, Vec::len);
        records.iter().map(members).collect::<Vec<_>>()
    };
    let shown = preview_of(&office, list()).await;
    assert_eq!(shown["households"][0]["rows"], json!([2, 3]));
    assert_eq!(shown["households"][0]["names"], json!(["李伟", "孙丽"]));
    let counts =
        commit(&office.app, &office.clerk, id_of(&shown), Decisions::default()).await.expect("written");
    assert_eq!((counts.created, counts.households), (3, 0));
    assert_eq!(households().await, Vec::<usize>::new(), "nobody confirmed it");

    let shown = preview_of(&office, list()).await;
    let confirmed = || Decisions { households: vec![vec![2, 3]], ..Decisions::default() };
    let counts = commit(&office.app, &office.clerk, id_of(&shown), confirmed()).await.expect("written");
    assert_eq!((counts.same, counts.households), (3, 1));
    assert_eq!(households().await, [2]);
    let records =
        office.app.db.office_records(&office.clerk, &["recipient", "household"]).await.expect("readable");
    let of = |kind: &str, field: &str| {
        records.iter().find(|one| one.kind == kind).and_then(|one| one.plain(field).cloned())
    };
    let head = records.iter().find(|one| one.plain("name") == Some(&json!("李伟"))).map(|one| json!(one.id));
    assert_eq!(of("household", "head"), head);
    let shown = preview_of(&office, list()).await;
    assert_eq!(shown["households"], json!([]), "what is joined is proposed no more");
    let counts = commit(&office.app, &office.clerk, id_of(&shown), confirmed()).await.expect("written");
    assert_eq!(counts.households, 0);

    // One more of that door joins the household that is there.
    let newcomer: &[&str] = &["钱多", "339999200402280060", "参战", "红旗村", "3组12号", "子"];
    let first: &[&str] = &["李伟", "339999194803120019", "参战", "红旗村", "红旗村3组12号", "户主"];
    let more = small(&["姓名", "身份证号", "类别", "村", "住址", "与户主关系"], &[first, newcomer]);
    let shown = preview_of(&office, more).await;
    assert_eq!(shown["households"][0]["rows"], json!([2, 3]));
    commit(&office.app, &office.clerk, id_of(&shown), confirmed()).await.expect("written");
    assert_eq!(households().await, [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_is_made_for_a_list_has_its_author_in_the_chain() {
    let office = office().await;
    let shown = preview_of(&office, grid()).await;
    commit(&office.app, &office.clerk, id_of(&shown), create_peach()).await.expect("written");
    let areas = office.app.db.areas().await.expect("readable");
    let town = areas.iter().find(|area| area.code == "339999100").expect("a township").id;
    let account = NewAccount {
        id: tokens::new_id(1),
        name: "auditor".to_owned(),
        role: Role::Auditor,
        password_hash: "x".to_owned(),
        areas: vec![town],
        now: 1,
    };
    let account = office.app.db.add_account(account, None).await.expect("an auditor");
    let auditor =
        desk::open(office.app.db.as_ref(), &account, office.app.clock.now()).await.expect("a session");
    let query = crate::db::ListQuery {
        name: "audit".to_owned(),
        what: Some(crate::db::What::People),
        ..Default::default()
    };
    let page = office.app.db.list(&auditor, &query).await.expect("the chain");
    let made = page.rows.iter().find(|row| row[1]["detail"]["name"] == "桃花社区").expect("an entry");
    assert_eq!(made[1]["account"], json!(office.clerk.account), "not the command line");
    let query = crate::db::ListQuery { page: u64::MAX, size: Some(u64::MAX), ..query };
    let beyond = office.app.db.list(&auditor, &query).await.expect("an empty page");
    assert_eq!(beyond.rows.len(), 0, "a page that there is not is empty");
}
