//! 运行状况: how the server is, what whoever runs it must see to first.

mod state;

use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, devices::Devices, use_data},
    features::{problems, when},
    locale::words::health as w,
    routes,
    ui::{Badge, Banner, Cell, CellGroup, Fact, Loading, Page, ProblemView, Tone},
};
use domain::day::Timestamp;
use leptos::prelude::*;
use state::{Alarm, Disk, Health};
use std::sync::Arc;

/// The server and the devices that talk to it.
type Looked = (Arc<Health>, Arc<Devices>);

#[component]
pub(crate) fn HealthPage() -> impl IntoView {
    let data = use_data();
    let asked = RwSignal::new(0_u32);
    let looked = Loaded::new(move || {
        asked.track();
        look(data)
    });
    let body = move || match looked.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok((health, devices))) => view! { <Shown health devices /> }.into_any(),
        Some(Err(error)) => {
            let problem = problems::of_page(w::failed(), &error, w::retry());
            view! { <ProblemView problem on_action=move || asked.update(|asked| *asked += 1) /> }.into_any()
        }
    };
    view! { <Page title=w::title()>{body}</Page> }
}

async fn look(data: Data) -> Result<Looked, OfficeError> {
    let health: Health = data.office(OfficeRequest::get("health")).await?.json()?;
    Ok((Arc::new(health), data.devices().await?))
}

#[component]
fn Shown(health: Arc<Health>, devices: Arc<Devices>) -> impl IntoView {
    let alarms = if health.alarms.is_empty() {
        view! { <Banner tone=Tone::Good words=w::well() /> }.into_any()
    } else {
        let card = |alarm: &Alarm| card(&health, alarm);
        health.alarms.iter().map(card).collect_view().into_any()
    };
    let disk = |disk: &Disk| {
        let name = if disk.holds == "backups" { w::disk_backups() } else { w::disk_data() };
        view! { <Fact label=name value=room(disk) /> }
    };
    let disks = health.disks.iter().map(disk).collect_view();
    let backup_at = health.backup_at.map_or_else(|| w::none().to_owned(), when::moment);
    let every = health.backup_every_s.map_or_else(|| w::every_none().to_owned(), every);
    let (until, kept_in, read_at) = (certificate(&health), database(&health.database), checked(&health));
    let (started, version) = (when::moment(health.started_at), health.version.clone());
    view! {
        // Nothing in it takes the focus, and without one a keyboard scrolls nothing.
        <div tabindex="0" role="group" aria-label=w::title()>
            <div class="stack inset">{alarms}</div>
            <CellGroup title=w::backups()>
                <Fact label=w::backup_last() value=backup_at />
                <Fact label=w::backup_every() value=every />
            </CellGroup>
            <CellGroup title=w::disks()>{disks}</CellGroup>
            <Phones devices />
            <CellGroup title=w::server()>
                <Fact label=w::certificate() value=until />
                <Fact label=w::database() value=kept_in />
                <Fact label=w::checked() value=read_at />
                <Fact label=w::started() value=started />
                <Fact label=w::version() value=version />
            </CellGroup>
        </div>
    }
}

/// The phones and PCs, and the way to those that need somebody.
#[component]
fn Phones(devices: Arc<Devices>) -> impl IntoView {
    let (in_use, in_trouble) = devices.counted();
    let note = if in_trouble > 0 { w::phones_matter(in_trouble) } else { w::phones_well().to_owned() };
    let mark = (in_trouble > 0).then(|| view! { <Badge tone=Tone::Bad words=w::phones_look() /> });
    view! {
        <CellGroup title=w::phones()>
            <Cell label=w::phones_count(in_use) note href=routes::DEVICES>{mark}</Cell>
        </CellGroup>
    }
}

fn card(health: &Health, alarm: &Alarm) -> AnyView {
    let disk =
        |holds: &str| health.disks.iter().find(|disk| disk.holds == holds).map(room).unwrap_or_default();
    let (what, advice) = match alarm.kind.as_str() {
        "database_damaged" => (w::database_damaged().to_owned(), w::database_damaged_do()),
        "backup_none" => (w::backup_none().to_owned(), w::backup_none_do()),
        "backup_old" => {
            (w::backup_old(health.backup_at.map(when::moment).unwrap_or_default()), w::backup_old_do())
        }
        "backup_failed" => (w::backup_failed().to_owned(), w::backup_failed_do()),
        "data_disk" => (w::data_disk(disk("data")), w::data_disk_do()),
        "backup_disk" => (w::backup_disk(disk("backups")), w::backup_disk_do()),
        "certificate_ends" => (w::certificate_ends(certificate(health)), w::certificate_ends_do()),
        "certificate_unreadable" => (w::certificate_unreadable().to_owned(), w::certificate_unreadable_do()),
        // A newer server knows of more than this app.
        other => (w::other(other), w::other_do()),
    };
    let (tone, how) = if alarm.urgent { (Tone::Bad, w::urgent()) } else { (Tone::Soon, w::soon()) };
    view! {
        <article class="decide">
            <div class="devices__head"><strong>{what}</strong> <Badge tone words=how /></div>
            <p>{advice}</p>
        </article>
    }
    .into_any()
}

fn room(disk: &Disk) -> String {
    const GB: u64 = 1_000_000_000;
    w::room(disk.free / GB, disk.all / GB)
}

fn every(seconds: u64) -> String {
    if seconds < 60 { w::every_seconds(seconds) } else { w::every_minutes(seconds / 60) }
}

fn certificate(health: &Health) -> String {
    let Some(certificate) = &health.certificate else { return w::certificate_untold().to_owned() };
    match certificate.ends_at {
        Some(at) => w::until(Timestamp::from_ms(at).day().to_string()),
        None => w::certificate_unread().to_owned(),
    }
}

fn database(kind: &str) -> &'static str {
    if kind == "postgres" { w::database_postgres() } else { w::database_sqlite() }
}

fn checked(health: &Health) -> String {
    match &health.checked {
        None => w::checked_not_yet().to_owned(),
        Some(checked) if checked.is_whole => w::checked_whole(when::moment(checked.at)),
        Some(checked) => w::checked_damaged(when::moment(checked.at)),
    }
}
