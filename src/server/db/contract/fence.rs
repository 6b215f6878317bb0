//! What PostgreSQL itself keeps apart: statements here are written by hand and know of no scope.

use domain::access::Role;
use serde_json::json;
use std::{collections::BTreeSet, sync::Arc, time::Instant};
use sync::id::Inc;
use uuid::Uuid;

use super::ground::{Ground, NOW, changeset, family, new_account};
use crate::{
    clock::Clock,
    config::{Config, PostgresUrl},
    db::{
        Caller, DbError, SqlDatabase, fence, scope,
        sql::{self, Tx},
    },
    folder,
    keys::Keys,
    testing::{Folder, postgres::Cluster},
};

/// The tables that hold what is of families.
const FENCED: [&str; 11] = [
    "area_exit",
    "attachment",
    "blind_index",
    "blob",
    "changeset",
    "handover",
    "import",
    "import_file",
    "imported",
    "publication",
    "record",
];

/// A family in each of two villages, with what belongs to it in every table.
struct Fenced {
    cluster: Cluster,
    name: String,
    ground: Ground,
    db: SqlDatabase,
    /// Of the first village only.
    worker: Caller,
    clerk: Caller,
    files: [Uuid; 2],
}

impl Fenced {
    async fn new() -> Option<Fenced> {
        let cluster = Cluster::start()?;
        let url = cluster.database();
        let folder = Folder::new();
        let data = folder.path().join("data");
        let config = Config::new(data, None, false).on(Some(PostgresUrl::new(url.clone().into()).unwrap()));
        let key_file = config.key_file.clone();
        let ground = Ground::on(folder, config).await;
        let keys = Arc::new(Keys::read(&key_file).unwrap().unwrap());
        let url_of = PostgresUrl::new(url.clone().into()).unwrap();
        let db = SqlDatabase::open_postgres(&url_of, keys).await.unwrap();
        let clerk = ground.clerk().await;
        let account = ground.account("worker", Role::VillageWorker, &[ground.villages[0]]).await;
        let worker = ground.desk(&account).await;
        let [one, other] = ground.villages.map(|village| family(&clerk, village));
        ground.push(&clerk, Inc([1; 8]), 1, &[one.1, other.1]).await.unwrap();
        let name = url.rsplit('/').next().unwrap().to_owned();
        let fenced = Fenced { cluster, name, ground, db, worker, clerk, files: [one.0, other.0] };
        fenced.fill();
        Some(fenced)
    }

    /// Rows of both families in the tables that a push of names alone leaves empty.
    fn fill(&self) {
        for (n, (file, village)) in self.files.iter().zip(self.ground.villages).enumerate() {
            let by = self.clerk.account;
            self.look(&format!(
                "INSERT INTO area_exit VALUES ('{village}', 1, '{file}');
                 INSERT INTO blind_index VALUES ('id_no', 'idx{n}', '{file}');
                 INSERT INTO blob (hash, kind, e, bytes, \"offset\", state, device, started_at)
                     VALUES ('hash{n}', 'photo', '{file}', 3, 3, 'verified', 'd', 1);
                 INSERT INTO attachment VALUES ('hash{n}', '{file}');
                 INSERT INTO import (id, account, area, at, body) VALUES ('import{n}', '{by}', '{village}', 1, '');
                 INSERT INTO imported (id, account, area, at, file, device, inc, tally)
                     VALUES ('import{n}', '{by}', '{village}', 1, '', '', '', '{{}}');
                 INSERT INTO import_file VALUES ('import{n}', '{file}', '{{}}');
                 INSERT INTO publication (id, account, area, made_at, from_day, to_day, objections, lines, body)
                     VALUES ('list{n}', '{by}', '{village}', 1, '2026-11-01', '2026-11-07', '', 0, '[]');
                 INSERT INTO handover VALUES ('handover{n}', 1, '{by}', NULL, '{by}', '{village}', 1, 0, 0, '')"
            ));
        }
    }

    /// As the superuser, whom no policy binds.
    fn look(&self, statement: &str) -> String {
        self.cluster.sql(&self.name, statement)
    }

    async fn as_worker(&self) -> Tx {
        let mut tx = self.db.write().await.unwrap();
        scope::standpoint(&self.db, &mut tx, self.worker.device).await.unwrap();
        tx
    }
}

/// Rows of a fenced table, asked for without any condition.
async fn rows(tx: &mut Tx, table: &str) -> i64 {
    let text = match table {
        "area_exit" => "SELECT count(*) AS n FROM area_exit",
        "attachment" => "SELECT count(*) AS n FROM attachment",
        "blind_index" => "SELECT count(*) AS n FROM blind_index",
        "blob" => "SELECT count(*) AS n FROM blob",
        "changeset" => "SELECT count(*) AS n FROM changeset",
        "handover" => "SELECT count(*) AS n FROM handover",
        "import" => "SELECT count(*) AS n FROM import",
        "import_file" => "SELECT count(*) AS n FROM import_file",
        "imported" => "SELECT count(*) AS n FROM imported",
        "publication" => "SELECT count(*) AS n FROM publication",
        _ => "SELECT count(*) AS n FROM record",
    };
    sql::query(text).fetch_one(tx).await.unwrap().try_get("n").unwrap()
}

#[tokio::test]
async fn nothing_is_seen_before_it_is_said_whose_the_transaction_is() {
    let Some(fenced) = Fenced::new().await else { return };
    let mut tx = fenced.db.read().await.unwrap();
    for table in FENCED {
        assert_eq!(fenced.look(&format!("SELECT count(*) FROM {table}")), "2", "{table}");
        assert_eq!(rows(&mut tx, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_forgotten_scope_shows_nothing_of_a_foreign_area() {
    let Some(fenced) = Fenced::new().await else { return };
    let mut tx = fenced.as_worker().await;
    for table in FENCED {
        let own = i64::from(!["changeset", "import"].contains(&table));
        assert_eq!(rows(&mut tx, table).await, own, "{table}");
    }
    let foreign = sql::query("SELECT body FROM record WHERE e = $1").bind(fenced.files[1].to_string());
    assert!(foreign.fetch_optional(&mut tx).await.unwrap().is_none());
    let by_index = sql::query("SELECT e FROM blind_index WHERE field = $1 AND idx = $2").bind("id_no");
    assert!(by_index.bind("idx1").fetch_optional(&mut tx).await.unwrap().is_none());
    drop(tx);
    // The next transaction of the same connection is nobody's again.
    let mut tx = fenced.db.write().await.unwrap();
    assert_eq!(rows(&mut tx, "record").await, 0);
}

#[tokio::test]
async fn a_forgotten_scope_writes_nothing_into_a_foreign_area() {
    let Some(fenced) = Fenced::new().await else { return };
    let mut tx = fenced.as_worker().await;
    for text in ["UPDATE record SET del = 1", "UPDATE blob SET state = 'rejected'", "DELETE FROM attachment"]
    {
        assert_eq!(sql::query(text).execute(&mut tx).await.unwrap(), 1, "{text}");
    }
    tx.commit().await.unwrap();
    assert_eq!(fenced.look("SELECT e FROM record WHERE del = 0"), fenced.files[1].to_string());
    let away = sql::query("UPDATE record SET area = $1").bind(fenced.ground.villages[1].to_string());
    let into = sql::query(
        "INSERT INTO record (e, kind, area, rev, del, body) VALUES ('new', 'recipient', $1, 1, 0, '')",
    )
    .bind(fenced.ground.villages[1].to_string());
    for statement in [away, into] {
        let refused = statement.execute(&mut fenced.as_worker().await).await.unwrap_err();
        assert!(
            matches!(&refused, DbError::Storage(error) if error.to_string().contains("row-level security")),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn the_log_opens_for_the_file_in_hand_and_only_where_that_is_in_sight() {
    let Some(fenced) = Fenced::new().await else { return };
    for (file, seen) in fenced.files.into_iter().zip([1, 0]) {
        let mut tx = fenced.as_worker().await;
        fence::open_log_of(&mut tx, file).await.unwrap();
        assert_eq!(rows(&mut tx, "changeset").await, seen);
    }
    let told = async |who| fenced.ground.db.history(who, fenced.files[0], NOW).await.unwrap();
    assert_eq!(told(&fenced.worker).await, told(&fenced.clerk).await);
}

#[tokio::test]
async fn every_table_was_decided_about() {
    let Some(fenced) = Fenced::new().await else { return };
    let tables = |condition: &str| -> BTreeSet<String> {
        let text = format!(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND {condition}"
        );
        fenced.look(&text).lines().map(str::to_owned).collect()
    };
    assert_eq!(tables("relrowsecurity AND relforcerowsecurity"), FENCED.map(str::to_owned).into());
    let open = [
        "_sqlx_migrations",
        "account",
        "area",
        "area_closure",
        "assignment",
        "audit",
        "backup",
        "deputy",
        "device",
        "device_seq",
        "enrol_code",
        "list_columns",
        "login_delay",
        "mention",
        "notice",
        "recovery_code",
        "saved_view",
        "second_factor",
        "seq_id",
        "server_key",
        "session",
        "setting",
        "standard",
        "sync_head",
    ];
    assert_eq!(tables("NOT relrowsecurity"), open.map(str::to_owned).into());
}

#[tokio::test]
async fn a_lesser_user_serves_and_changes_no_table_and_no_history() {
    let Some(cluster) = Cluster::start() else { return };
    let owner = cluster.database();
    let name = owner.rsplit('/').next().unwrap().to_owned();
    let lesser = PostgresUrl::new(cluster.url("clerk", &name).into()).unwrap();
    let folder = Folder::new();
    let config = Config::new(folder.path().join("data"), None, false);
    let refused = |config: Config| async {
        format!("{:#}", folder::open(config, Clock::default()).await.err().unwrap())
    };
    std::fs::create_dir_all(&config.data_dir).unwrap();
    let alone = config.clone().on(Some(lesser.clone()));
    assert!(refused(alone.clone()).await.contains("cannot make the tables"));
    let with_owner = lesser.clone().owned_by(Some(owner.into())).unwrap();
    let ground = Ground::on(folder, config.on(Some(with_owner))).await;
    let clerk = ground.clerk().await;
    let (e, text) = family(&clerk, ground.villages[0]);
    ground.push(&clerk, Inc([1; 8]), 1, &[text]).await.unwrap();
    let set = json!([{"op": "set", "e": e, "f": "name", "v": "王强", "base": {"fv": "1.1"}}]);
    ground.push(&clerk, Inc([1; 8]), 2, &[changeset(&clerk, set)]).await.unwrap();
    // From now on it starts without the owner.
    let (again, _) = folder::open(alone.clone(), Clock::default()).await.unwrap();
    again.db.add_account(new_account("next", Role::VillageWorker, &[]), None).await.unwrap();
    let keys = Arc::new(Keys::read(&alone.key_file).unwrap().unwrap());
    let db = SqlDatabase::open_postgres(&lesser, keys).await.unwrap();
    for text in [
        "UPDATE audit SET body = ''",
        "DELETE FROM changeset",
        "UPDATE changeset SET author = ''",
        "UPDATE _sqlx_migrations SET version = 0",
        "ALTER TABLE record NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY in_scope ON record",
    ] {
        let refused = sql::query(text).execute(&mut db.write().await.unwrap()).await.unwrap_err().to_string();
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{text}: {refused}"
        );
    }
    // What retention takes out of the log it may take out.
    let mut tx = db.write().await.unwrap();
    fence::lift(&mut tx, fence::Beyond::Retention).await.unwrap();
    sql::query("UPDATE changeset SET body = '{}'").execute(&mut tx).await.unwrap();
    drop(tx);
    cluster.sql(&name, "DELETE FROM _sqlx_migrations WHERE version >= 9");
    assert!(refused(alone.clone()).await.contains("HUIFANG_DATABASE_OWNER"));
    cluster.sql(&name, "REVOKE ALL ON _sqlx_migrations FROM clerk");
    assert!(refused(alone).await.contains("clerk may not use the tables"));
}

/// `HUIFANG_FENCE_ROWS=100000 cargo test -p huifang-server what_the_fence_costs -- --nocapture` prints what a policy costs; nothing is asserted.
#[tokio::test]
async fn what_the_fence_costs() {
    let Some(count) = std::env::var("HUIFANG_FENCE_ROWS").ok().and_then(|text| text.parse::<u64>().ok())
    else {
        return;
    };
    let Some(fenced) = Fenced::new().await else { return };
    let [own, foreign] = fenced.ground.villages;
    fenced.look(&format!(
        "INSERT INTO record (e, kind, area, rev, del, body)
         SELECT 'row' || n, 'visit', CASE n % 300 WHEN 0 THEN '{own}' ELSE '{foreign}' || n % 300 END, n, 0, repeat('x', 900)
         FROM generate_series(1, {count}) AS n"
    ));
    // A walk along an index alone asks which pages everybody sees.
    fenced.look("VACUUM ANALYZE record");
    let walk = format!(
        "WITH wanted AS MATERIALIZED (SELECT key AS area, CAST(CAST(value AS TEXT) AS BIGINT) AS after FROM json_each('{{\"{own}\": {}}}'))
         SELECT record.rev, record.rowid FROM wanted JOIN record ON record.area = wanted.area AND record.rev > wanted.after
         ORDER BY record.rev LIMIT 513",
        count / 10 * 9
    );
    let as_worker = format!(
        "SET ROLE office; SELECT set_config('huifang.areas', '{own}', false), set_config('huifang.account', '{}', false);",
        fenced.worker.account
    );
    for (who, begin) in [("superuser, no policy", ""), ("owner, policy", as_worker.as_str())] {
        let plan = fenced.look(&format!("{begin} EXPLAIN (ANALYZE, COSTS OFF) {walk}"));
        println!("{who}:\n{plan}\n");
    }
    let start = Instant::now();
    for _ in 0..100 {
        let mut tx = fenced.db.read().await.unwrap();
        scope::standpoint(&fenced.db, &mut tx, fenced.worker.device).await.unwrap();
    }
    let with = start.elapsed();
    let start = Instant::now();
    for _ in 0..100 {
        let mut tx = fenced.db.read().await.unwrap();
        scope::standpoint(&fenced.db, &mut tx, fenced.worker.device).await.unwrap();
        fence::own(&mut tx, fenced.worker.account).await.unwrap();
    }
    println!("telling PostgreSQL whose a transaction is: {:?}", start.elapsed().saturating_sub(with) / 100);
}
