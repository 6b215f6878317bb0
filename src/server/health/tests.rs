use super::*;
use crate::testing::Folder;

const NOW: Millis = 1_795_449_600_000;
const GIB: u64 = 1 << 30;

fn well() -> Health {
    Health {
        alarms: Vec::new(),
        version: "1",
        now: NOW,
        started_at: NOW - DAY_MS,
        database: "sqlite",
        checked: Some(Checked { at: NOW - DAY_MS / 2, is_whole: true }),
        disks: vec![Disk { holds: Holds::Data, free: 80 * GIB, all: 100 * GIB }],
        backup_every_s: Some(900),
        backup_at: Some(NOW - 900_000),
        certificate: Some(Certificate { ends_at: Some(NOW + 60 * DAY_MS) }),
    }
}

fn raised(health: &Health) -> Vec<(AlarmKind, bool)> {
    alarms(health, false).into_iter().map(|alarm| (alarm.kind, alarm.urgent)).collect()
}

#[test]
fn a_server_that_is_well_raises_no_alarm() {
    assert_eq!(raised(&well()), []);
    let untold = Health { certificate: None, checked: None, backup_every_s: None, ..well() };
    assert_eq!(raised(&untold), []);
}

#[test]
fn a_backup_is_missed_before_anything_is_lost_with_it() {
    assert_eq!(raised(&Health { backup_at: None, ..well() }), [(AlarmKind::BackupNone, true)]);
    let of_age = |age| raised(&Health { backup_at: Some(NOW - age), ..well() });
    assert_eq!(of_age(BACKUP_MS), []);
    assert_eq!(of_age(BACKUP_MS + 1), [(AlarmKind::BackupOld, true)]);
    assert_eq!(alarms(&well(), true), [Alarm { kind: AlarmKind::BackupFailed, urgent: false }]);
}

#[test]
fn a_disk_that_fills_up_is_said_in_two_steps() {
    let free =
        |free, all| raised(&Health { disks: vec![Disk { holds: Holds::Backups, free, all }], ..well() });
    assert_eq!(free(DISK_BYTES, 100 * GIB), []);
    assert_eq!(free(DISK_BYTES - 1, 100 * GIB), [(AlarmKind::BackupDisk, false)]);
    assert_eq!(free(DISK_URGENT_BYTES - 1, 100 * GIB), [(AlarmKind::BackupDisk, true)]);
}

#[test]
fn a_certificate_is_said_while_it_can_still_be_renewed() {
    let with = |ends_at| raised(&Health { certificate: Some(Certificate { ends_at }), ..well() });
    assert_eq!(with(Some(NOW + CERTIFICATE_MS)), []);
    assert_eq!(with(Some(NOW + CERTIFICATE_MS - 1)), [(AlarmKind::CertificateEnds, false)]);
    assert_eq!(with(Some(NOW + CERTIFICATE_URGENT_MS - 1)), [(AlarmKind::CertificateEnds, true)]);
    assert_eq!(with(Some(NOW - DAY_MS)), [(AlarmKind::CertificateEnds, true)]);
    assert_eq!(with(None), [(AlarmKind::CertificateUnreadable, false)]);
}

#[test]
fn what_is_urgent_comes_first() {
    let health = Health {
        disks: vec![Disk { holds: Holds::Data, free: 4 * GIB, all: 100 * GIB }],
        certificate: Some(Certificate { ends_at: Some(NOW) }),
        ..well()
    };
    assert_eq!(raised(&health), [(AlarmKind::CertificateEnds, true), (AlarmKind::DataDisk, false)]);
}

#[test]
fn of_a_chain_the_certificate_that_ends_first_counts() {
    let folder = Folder::new();
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        Certificate::read(&file).ends_at
    };
    const LEAF: &str = include_str!("leaf.pem");
    const ROOT: &str = include_str!("root.pem");
    /// 2027-02-25 17:41:55 UTC.
    const LEAF_ENDS: Millis = 1_803_577_315_000;
    assert_eq!(file("chain.pem", &format!("{LEAF}{ROOT}")), Some(LEAF_ENDS));
    assert_eq!(file("turned.pem", &format!("{ROOT}{LEAF}")), Some(LEAF_ENDS));
    for no_certificate in ["", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "a key"] {
        assert_eq!(file("none.pem", no_certificate), None, "{no_certificate:?}");
    }
    assert_eq!(Certificate::read(&folder.path().join("missing.pem")).ends_at, None);
}
