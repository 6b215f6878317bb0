//! The devices of an office: what each needs, and in which order they are looked at.

use super::{Data, OfficeAnswer, OfficeError, OfficeRequest};
use domain::order::{Gather, Order};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};

const DAY_MS: i64 = 24 * 60 * 60_000;
/// Work that waits so long without a contact needs a person.
const STUCK_DAYS: i64 = 3;
/// A device that is silent for so long may hold work that nobody knows of.
const SILENT_DAYS: i64 = 7;

impl Data {
    /// The devices of the office's people.
    pub(crate) async fn devices(self) -> Result<Arc<Devices>, OfficeError> {
        self.office(OfficeRequest::get("devices"))
            .await
            .and_then(|answer: OfficeAnswer| answer.json())
            .map(Arc::new)
    }
}

/// The answer of the office.
#[derive(Clone, Deserialize)]
pub(crate) struct Devices {
    /// The office's time.
    t: i64,
    pub(crate) people: Vec<Person>,
    devices: Vec<Device>,
}

/// Somebody who may be given a device.
#[derive(Clone, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) areas: Vec<String>,
}

/// A device as the office knows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Device {
    pub(crate) id: String,
    account: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) set: Option<Said>,
    pub(crate) enrolled_at: i64,
    pub(crate) seen_at: Option<i64>,
    pub(crate) waiting: Option<Waiting>,
    pub(crate) build: String,
    pub(crate) schema: u32,
    pub(crate) persisted: Option<bool>,
    clock_off_min: i64,
    rescued_at: Option<i64>,
    pub(crate) incidents: Vec<Incident>,
    pub(crate) own: bool,
}

/// What a device holds that is not at the office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Waiting {
    pub(crate) saves: usize,
    pub(crate) photos: usize,
    pub(crate) drafts: usize,
    pub(crate) oldest: Option<i64>,
}

/// A storage that lost something, a device that saw another history, or records that were not what the office has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Incident {
    pub(crate) n: u64,
    pub(crate) at: i64,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) lost: Option<usize>,
    /// Where records differed.
    #[serde(default)]
    pub(crate) areas: Vec<String>,
    #[serde(default)]
    pub(crate) settled: Option<Said>,
}

/// Who decided something, when, and why. The command line has no account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    pub(crate) by: Option<String>,
    pub(crate) at: i64,
    pub(crate) reason: String,
    /// It followed from the end of the person's account.
    #[serde(default)]
    pub(crate) left: bool,
}

/// Why somebody should look at a device, the most urgent first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Matter {
    /// Work waits, and there was no contact for so many days.
    Stuck { days: usize, saves: usize, photos: usize },
    /// Its storage lost something.
    Incident(Incident),
    /// Its clock is ahead by so many minutes.
    Clock { minutes: i64 },
    /// No contact for so many days.
    Silent { days: usize },
    /// What it had not sent came by file.
    Rescued { at: i64 },
}

impl Matter {
    fn rank(&self) -> usize {
        match self {
            Matter::Stuck { .. } => 0,
            Matter::Incident(_) => 1,
            Matter::Clock { .. } => 2,
            Matter::Silent { .. } => 3,
            Matter::Rescued { .. } => 4,
        }
    }
}

/// A device with its person and what it needs.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) device: Device,
    pub(crate) name: String,
    pub(crate) areas: Vec<String>,
    pub(crate) matters: Vec<Matter>,
    /// Whether the person has others, from which it has to be told apart.
    pub(crate) is_one_of_several: bool,
    /// Revoked, or wiped as far as anybody can know.
    pub(crate) ended: bool,
}

impl Line {
    /// Whether it holds work that is not at the office.
    pub(crate) fn waits(&self) -> bool {
        self.device.waiting.is_some_and(|waiting| waiting.saves + waiting.photos > 0)
    }

    /// Whether somebody should look at it.
    pub(crate) fn needs_somebody(&self) -> bool {
        !self.ended && !self.matters.is_empty()
    }
}

impl Devices {
    /// How many are in use, and how many of all need somebody.
    pub(crate) fn counted(&self) -> (usize, usize) {
        let lines = lines(self);
        let in_use = lines.iter().filter(|line| !line.ended).count();
        (in_use, lines.iter().filter(|line| line.needs_somebody()).count())
    }
}

/// All devices: those that need somebody first, those that are out of use last.
pub(crate) fn lines(devices: &Devices) -> Vec<Line> {
    let people: BTreeMap<&str, &Person> =
        devices.people.iter().map(|person| (person.id.as_str(), person)).gather();
    let mut of_each: BTreeMap<&str, usize> = BTreeMap::new();
    for device in &devices.devices {
        *of_each.entry(&device.account).or_default() += 1;
    }
    let line = |device: &Device| {
        let person = people.get(device.account.as_str());
        Line {
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            areas: person.map(|person| person.areas.clone()).unwrap_or_default(),
            matters: matters(device, devices.t),
            ended: is_ended(device),
            is_one_of_several: of_each.get(device.account.as_str()).is_some_and(|count| *count > 1),
            device: device.clone(),
        }
    };
    let mut lines: Vec<Line> = devices.devices.iter().map(line).collect();
    lines.order_by_key(|line| {
        let rank = line.matters.first().map_or(5, Matter::rank);
        (line.ended && rank > 0, rank, line.name.clone(), line.device.enrolled_at)
    });
    lines
}

/// A wipe is at its end once the device was there since and holds nothing that must come first.
fn is_ended(device: &Device) -> bool {
    let waiting = device.waiting.unwrap_or_default();
    let holds_work = waiting.saves + waiting.photos > 0;
    let was_there_since = device.set.as_ref().is_some_and(|set| device.seen_at.is_some_and(|at| at > set.at));
    device.state == "revoked" || (device.state == "wipe" && was_there_since && !holds_work)
}

fn matters(device: &Device, now: i64) -> Vec<Matter> {
    let mut matters = Vec::new();
    let days = (now - device.seen_at.unwrap_or(device.enrolled_at)) / DAY_MS;
    let waiting = device.waiting.unwrap_or_default();
    let waits = waiting.saves + waiting.photos > 0;
    let since = usize::try_from(days).unwrap_or_default();
    if waits && device.rescued_at.is_none() && (days >= STUCK_DAYS || device.state == "revoked") {
        matters.push(Matter::Stuck { days: since, saves: waiting.saves, photos: waiting.photos });
    }
    let open = device.incidents.iter().filter(|incident| incident.settled.is_none());
    matters.extend(open.cloned().map(Matter::Incident));
    if is_ended(device) {
        return matters;
    }
    if device.clock_off_min != 0 {
        matters.push(Matter::Clock { minutes: device.clock_off_min });
    }
    if days >= SILENT_DAYS && !matches!(matters.first(), Some(Matter::Stuck { .. })) {
        matters.push(Matter::Silent { days: since });
    }
    matters.extend(device.rescued_at.map(|at| Matter::Rescued { at }));
    matters
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: i64 = 1_795_400_000_000;

    fn read(devices: Value) -> Vec<Line> {
        let person = json!({"id": "p", "name": "陈建国", "role": "village_worker", "areas": ["红旗村"]});
        let text = json!({"t": NOW, "people": [person], "devices": devices}).to_string();
        lines(&domain::json::from_str(&text).expect("as the office writes it"))
    }

    fn device(id: &str, with: Value) -> Value {
        let mut device = json!({"id": id, "account": "p", "state": "active", "enrolled_at": NOW, "seen_at": NOW, "incidents": []});
        for (name, value) in with.as_object().into_iter().flatten() {
            device[name] = value.clone();
        }
        device
    }

    #[test]
    fn what_needs_somebody_comes_first_and_what_is_out_of_use_last() {
        let incident = json!({"n": 9, "at": NOW, "kind": "empty"});
        let settled = json!({"n": 8, "at": NOW, "kind": "hole", "settled": {"at": NOW, "reason": "看过"}});
        let lines = read(json!([
            device("gone", json!({"state": "revoked"})),
            device("well", json!({"incidents": [settled]})),
            device("silent", json!({"seen_at": NOW - 8 * DAY_MS})),
            device("clock", json!({"clock_off_min": -30})),
            device("lost", json!({"incidents": [incident]})),
            device(
                "stuck",
                json!({"seen_at": NOW - 3 * DAY_MS, "waiting": {"saves": 2, "photos": 0, "drafts": 0}})
            ),
        ]));
        let ids: Vec<&str> = lines.iter().map(|line| line.device.id.as_str()).collect();
        assert_eq!(ids, ["stuck", "lost", "clock", "silent", "well", "gone"]);
        assert_eq!(lines[0].matters, [Matter::Stuck { days: 3, saves: 2, photos: 0 }]);
        assert_eq!(
            (lines[0].name.as_str(), lines[0].areas.as_slice()),
            ("陈建国", &["红旗村".to_owned()][..])
        );
        assert!(lines[5].ended && lines[4].matters.is_empty());
        assert!(lines.iter().all(|line| line.is_one_of_several));
        assert!(!read(json!([device("alone", json!({}))]))[0].is_one_of_several);
    }

    #[test]
    fn a_file_that_came_since_ends_the_waiting_and_a_revoked_phone_waits_at_once() {
        let waiting = json!({"saves": 1, "photos": 1, "drafts": 0});
        let lines = read(json!([
            device("file", json!({"seen_at": NOW - 4 * DAY_MS, "waiting": waiting, "rescued_at": NOW})),
            device("revoked", json!({"state": "revoked", "waiting": waiting})),
            device("today", json!({"waiting": waiting})),
        ]));
        let of = |id: &str| lines.iter().find(|line| line.device.id == id).map(|line| line.matters.clone());
        assert_eq!(of("file"), Some(vec![Matter::Rescued { at: NOW }]));
        assert_eq!(of("revoked"), Some(vec![Matter::Stuck { days: 0, saves: 1, photos: 1 }]));
        assert_eq!(of("today"), Some(Vec::new()));
    }

    #[test]
    fn a_wipe_is_at_its_end_once_the_phone_was_there_since_and_handed_everything_over() {
        let set = json!({"at": NOW - 1_000, "reason": "丢了"});
        let lines = read(json!([
            device("done", json!({"state": "wipe", "set": set})),
            device("ordered", json!({"state": "wipe", "set": set, "seen_at": NOW - 2_000})),
            device(
                "under way",
                json!({"state": "wipe", "set": set, "waiting": {"saves": 0, "photos": 1, "drafts": 0}})
            ),
        ]));
        let ended: Vec<&str> =
            lines.iter().filter(|line| line.ended).map(|line| line.device.id.as_str()).collect();
        assert_eq!(ended, ["done"]);
    }
}
