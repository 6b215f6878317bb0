//! What the command line writes into the files stands there under its own name.

use domain::list::grid::{Cell, Grid};
use serde_json::{Value, json};

use super::client::{Office, PASSWORD, TOWNSHIP, VILLAGE};
use crate::{
    commands::{
        Command, CommandError,
        export::Asked,
        import::{Listed, VillageWishes},
        operator, perform,
    },
    ledger::Ledger,
    list_file::Book,
};

pub(super) fn list(rows: &[[&str; 5]]) -> Command {
    let header = ["姓名", "身份证号", "类别", "村", "电话"];
    let cells = |row: &[&str; 5]| row.iter().map(|text| Cell::Text((*text).to_owned())).collect();
    let rows = std::iter::once(&header).chain(rows).map(cells).collect();
    let grid = Grid { sheet: "名单".to_owned(), rows, ..Grid::default() };
    Command::Import(Box::new(Listed {
        file: "list.xlsx".to_owned(),
        area: TOWNSHIP.parse().unwrap(),
        book: Book { grid, other_lists: Vec::new() },
        villages: VillageWishes::default(),
    }))
}

pub(super) const LI: [&str; 5] = ["李伟", "339999194803120019", "参战", "红旗村", "13800001234"];

fn ledger(full_because: Option<&str>) -> Command {
    let (full, reason) = (full_because.is_some(), full_because.map(str::to_owned));
    Command::Export(Asked { ledger: Ledger::FollowUp, village: None, from: None, to: None, full, reason })
}

/// The entries of the audit chain, oldest first.
async fn audit(office: &Office) -> Vec<Value> {
    let auditor = office.desk("auditor").await;
    let page = auditor.get("lists/audit?size=500").await.ok();
    let rows = page["rows"].as_array().unwrap().iter().rev();
    rows.map(|row| row[1].clone()).collect()
}

#[tokio::test]
async fn the_audit_chain_says_that_the_command_line_did_it() {
    let office = Office::new().await;
    office.add_account("auditor", "auditor", &["339999"]).await;
    office.command(list(&[LI])).await;
    office.command(ledger(Some("县里核对"))).await;
    let accounts = office.command(Command::AccountList).await;
    let own = accounts.as_array().unwrap().iter().find(|account| account["user"] == operator::NAME).unwrap();
    let entries = audit(&office).await;
    let of = |action: &str| entries.iter().filter(|entry| entry["action"] == action).collect::<Vec<_>>();
    let (import, export) = (of("import_commit")[0], of("export")[0]);
    assert_eq!(&import["account"], &own["id"]);
    assert_eq!(
        (&import["detail"]["file"], &import["detail"]["counts"]["created"]),
        (&json!("list.xlsx"), &json!(1))
    );
    assert_eq!((&export["account"], &export["detail"]["reason"]), (&own["id"], &json!("县里核对")));
    assert!(of("op").iter().all(|entry| entry["account"] == own["id"]) && !of("op").is_empty());
    assert!(!entries.iter().any(|entry| entry.to_string().contains(LI[1])), "values are never in the chain");
}

#[tokio::test]
async fn more_lines_than_leave_the_office_unasked_need_a_reason_and_stand_in_the_chain() {
    let office = Office::with_limits(&["export-rows=1"]).await;
    office.add_account("auditor", "auditor", &["339999"]).await;
    office.command(list(&[LI])).await;
    office.command(ledger(None)).await;
    office.command(list(&[["王芳", "339999193508090027", "参战", "石桥村", ""]])).await;
    match perform(&office.app, ledger(None)).await {
        Err(CommandError::Input(said)) => {
            assert!(said.contains("2 lines") && said.contains("--reason"), "{said}")
        }
        other => panic!("{other:?}"),
    }
    let mut asked = ledger(Some("县里年报"));
    if let Command::Export(asked) = &mut asked {
        asked.full = false;
    }
    assert_eq!(office.command(asked).await["lines"], 2);
    let entries = audit(&office).await;
    let exports: Vec<_> = entries.iter().filter(|entry| entry["action"] == "export").collect();
    assert_eq!(exports.len(), 2, "what was refused is no export");
    let last = &exports[1]["detail"];
    assert_eq!(
        (&last["rows"], &last["reason"], &last["full"]),
        (&json!(2), &json!("县里年报"), &json!(false))
    );
    assert_eq!(last["operator"], true);
}

#[tokio::test]
async fn nobody_else_uses_the_account_of_the_command_line() {
    let office = Office::new().await;
    office.command(list(&[LI])).await;
    office.browser().login(operator::NAME, PASSWORD).await.is_refused(401, "login");
    office.add_account("county", "county_clerk", &["339999"]).await;
    let desk = office.desk("county").await;
    desk.post("devices/code", json!({"user": operator::NAME})).await.is_refused(404, "not_found");
    office.add_account("root", "admin", &["339999"]).await;
    let admin = office.desk("root").await;
    let accounts = office.command(Command::AccountList).await;
    let own = accounts.as_array().unwrap().iter().find(|account| account["user"] == operator::NAME).unwrap();
    for act in ["password", "end", "forget-factor"] {
        let path = format!("accounts/{}/{act}", own["id"].as_str().unwrap());
        admin.post(&path, json!({})).await.is_refused(404, "not_found");
    }
    let user = operator::NAME.to_owned();
    for command in [
        Command::AccountAdd { user: user.clone(), role: "admin".into(), scope: vec![], password: None },
        Command::AccountAssign {
            user: user.clone(),
            scope: vec![],
            role: None,
            password: Some(PASSWORD.into()),
        },
        Command::DeviceCode { user, origin: String::new() },
    ] {
        let refused = perform(&office.app, command.clone()).await;
        assert!(matches!(refused, Err(CommandError::Input(_))), "{command:?}");
    }
}

#[tokio::test]
async fn the_command_line_gives_nobody_areas_of_another_kind_than_his_role_works_in() {
    let office = Office::new().await;
    let add = |role: &str, scope: &str| Command::AccountAdd {
        user: "new".into(),
        role: role.into(),
        scope: vec![scope.into()],
        password: None,
    };
    let assign = |scope: &[&str], role: Option<&str>| Command::AccountAssign {
        user: "worker".into(),
        scope: scope.iter().map(|code| (*code).to_owned()).collect(),
        role: role.map(str::to_owned),
        password: None,
    };
    for command in [
        add("township_clerk", "339999"),
        add("village_worker", TOWNSHIP),
        assign(&[TOWNSHIP], None),
        assign(&[], Some("county_clerk")),
        assign(&[VILLAGE], Some("admin")),
    ] {
        let refused = perform(&office.app, command.clone()).await;
        let Err(CommandError::Input(said)) = refused else { panic!("{command:?}") };
        assert!(said.contains(" works in "), "{said}");
    }
    office.command(assign(&[TOWNSHIP], Some("township_lead"))).await;
}

#[tokio::test]
async fn the_command_line_reaches_areas_that_came_later() {
    let office = Office::new().await;
    office.command(list(&[LI])).await;
    office.command(Command::AreaAdd { code: "339998".into(), name: "别县".into(), parent: None }).await;
    let again = office.command(list(&[LI])).await;
    assert_eq!(again["written"]["same"], 1);
    assert_eq!(office.command(ledger(None)).await["lines"], 1);
}

#[tokio::test]
async fn what_the_command_line_writes_reaches_the_phones_of_the_village() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    office.command(list(&[LI, ["王芳", "339999193508090027", "参战", "石桥村", ""]])).await;
    let (rows, _) = phone.pull_all(1).await;
    let names: Vec<_> = rows.iter().filter_map(|row| row["f"]["name"].as_str()).collect();
    assert_eq!(names, ["李伟"]);
}

#[tokio::test]
async fn two_villages_become_one_and_a_code_changes() {
    let office = Office::new().await;
    office.command(list(&[LI])).await;
    let merge = |from: &str, into: &str| Command::AreaMerge { from: from.to_owned(), into: into.to_owned() };
    let refused = async |command: Command| match perform(&office.app, command).await {
        Err(CommandError::Input(said)) => said,
        other => panic!("{other:?}"),
    };
    let villages = office.command(Command::AreaList).await;
    let code = |name: &str| {
        let all = villages.as_array().unwrap().iter();
        all.filter(|area| area["name"] == name).map(|area| area["code"].as_str().unwrap().to_owned()).next()
    };
    let (red, stone) = (code("红旗村").unwrap(), code("石桥村").unwrap());
    assert!(refused(merge(&red, &red)).await.contains("the same area"));
    assert!(refused(merge(&red, TOWNSHIP)).await.contains("areas below"));
    assert!(refused(merge(&red, "339999100999")).await.contains("no area 339999100999"));
    for (code, name) in [("339999200", "青山镇"), ("339999200201", "上坪村")] {
        let (code, name) = (code.to_owned(), name.to_owned());
        office.command(Command::AreaAdd { code, name, parent: None }).await;
    }
    assert!(refused(merge(&red, "339999200201")).await.contains("two townships"));
    let moved = office.command(merge(&red, &stone)).await;
    assert_eq!(moved["moved"], json!(1));
    assert_eq!(office.command(merge(&red, &stone)).await["moved"], json!(0), "a second run finds nothing");
    assert!(refused(merge(&stone, &red)).await.contains("no village any more"));
    let rename = |code: &str, new_code: &str| Command::AreaRename {
        code: code.to_owned(),
        new_code: new_code.to_owned(),
        name: "新桥村".to_owned(),
    };
    assert!(refused(rename(&stone, "12")).await.contains("no area code"));
    assert!(refused(rename(&stone, &red)).await.contains("another area"));
    let renamed = office.command(rename(&stone, "339999100299")).await;
    assert_eq!((&renamed["code"], &renamed["name"]), (&json!("339999100299"), &json!("新桥村")));
}

#[tokio::test]
async fn settings_for_phones_are_told_and_a_wrong_one_names_the_right_ones() {
    let office = Office::new().await;
    let set =
        |name: &str, value: &str| Command::SettingsSet { name: name.to_owned(), value: value.to_owned() };
    let refused = async |name: &str, value: &str| match perform(&office.app, set(name, value)).await {
        Err(CommandError::Input(said)) => said,
        other => panic!("{other:?}"),
    };
    assert!(refused("id_tail", "3").await.contains("4, 2, 0"));
    assert!(refused("colour", "red").await.contains("restart_unlock"));
    assert_eq!(office.command(Command::SettingsList).await["id_tail"], 4);
    office.command(set("id_tail", "2")).await;
    let now = office.command(set("offline_days", "30")).await;
    assert_eq!(
        (&now["id_tail"], &now["offline_days"], &now["restart_unlock"]),
        (&json!(2), &json!(30), &json!("daily"))
    );
}
