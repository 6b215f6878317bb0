//! `huifang serve`.

use anyhow::{Context, Result, bail};
use std::{io::Write, net::SocketAddr};
use tokio::net::TcpListener;

use super::socket;
use crate::{
    backup::{
        check_is_file,
        schedule::{self, Schedule},
        shelf::Shelf,
    },
    blobs::BucketTrouble,
    clock::Clock,
    config::{Config, check_listen},
    folder, heads,
    keys::Origin,
    router::router,
    state::App,
};

/// Serves a data folder until the process is told to end.
///
/// # Errors
/// When the folder is in use, or something cannot be opened.
pub async fn serve(
    config: Config,
    listen: SocketAddr,
    public_url: Option<String>,
    demo_hints: bool,
    backups: Option<Schedule>,
) -> Result<()> {
    check_listen(listen, config.dev)?;
    let Some(_lock) = folder::lock(&config)? else {
        bail!(
            "the data folder {} is in use by another huifang process; stop it or give another --data-dir",
            config.data_dir.display()
        );
    };
    let (app, origin) = folder::open(config, Clock::default()).await?;
    if origin == Origin::Made {
        say(&backup_advice(&app.config));
    }
    check_photos(&app).await?;
    begin_backups(&app, backups).await?;
    // Commands open a PostgreSQL themselves.
    let commands = match app.config.postgres {
        None => Some(socket::listen(&app.config.socket_file())?),
        Some(_) => None,
    };
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    say(&format!("双拥回访 on http://{}\n", listener.local_addr()?));
    if app.db.set_up_is_open().await? {
        say(&set_up_advice(&app, public_url.as_deref(), listener.local_addr()?));
    }
    if demo_hints {
        let origin = public_url.unwrap_or_else(|| format!("http://{listen}"));
        super::demo::say_hints(&app, &origin).await?;
    }
    let socket_file = commands.is_some().then(|| app.config.socket_file());
    if let Some(commands) = commands {
        tokio::spawn(socket::serve(commands, app.clone()));
    }
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(told_to_end()).await?;
    if let Some(file) = socket_file {
        let _ = std::fs::remove_file(file);
    }
    Ok(())
}

/// A bucket that is not there or not ours is a mistake. One that does not answer may come back, and text does not wait for photos.
async fn check_photos(app: &App) -> Result<()> {
    match app.blobs.check(&app.config).await {
        Err(trouble @ BucketTrouble::Silent { .. }) => say(&format!("{trouble}\n")),
        checked => checked?,
    }
    Ok(())
}

/// A folder that cannot be used is said before the first phone syncs, not a quarter of an hour later.
async fn begin_backups(app: &App, backups: Option<Schedule>) -> Result<()> {
    match backups {
        Some(schedule) => {
            check_is_file(&app.config)?;
            drop(Shelf::for_writing(&schedule.dir, &app.config.data_dir)?);
            app.noted.makes_backups(&schedule.dir, schedule.every);
            tokio::spawn(schedule::run(app.clone(), schedule));
        }
        None if schedule::age(app).await?.is_none() => {
            say(NO_BACKUPS);
            say(if app.config.postgres.is_some() { BEGIN_DUMPS } else { BEGIN_BACKUPS });
        }
        None => {}
    }
    heads::tell(app).await;
    tokio::spawn(schedule::watch(app.clone()));
    tokio::spawn(schedule::run_nightly(app.clone()));
    Ok(())
}

const NO_BACKUPS: &str = "No backup was ever verified. If this disk is lost, so is everything that phones sent more than 30 days ago or \
     beyond 20 MB, and photos that they sent more than 14 days ago or beyond 500 MB";
const BEGIN_BACKUPS: &str = ": begin with --backup-dir DIR, or see docs/backup.md.\n";
const BEGIN_DUMPS: &str = ": see docs/backup.md for those of a PostgreSQL.\n";

/// The fragment of a link is sent to nobody.
fn set_up_advice(app: &App, public_url: Option<&str>, listens: SocketAddr) -> String {
    let origin = public_url.map_or_else(|| format!("http://{listens}"), str::to_owned);
    let code = app.keys.set_up_code();
    format!(
        "Nobody has an account yet. Set up the office in a browser:\n  {origin}/setup#{code}\nThe set-up code is {code}. Keep it to yourself: whoever \
         has it can make himself the administrator, until you have.\n"
    )
}

fn backup_advice(config: &Config) -> String {
    format!(
        "A server key was made: {}\nCopy it to a safe place now, apart from the database. Without it nobody can read ID numbers, \
         account numbers or unsent work, not even from a backup.\n",
        config.key_file.display()
    )
}

/// Prints for the person who started the server; a closed terminal does not stop it.
pub(crate) fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
    let _ = std::io::stdout().flush();
}

async fn told_to_end() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
