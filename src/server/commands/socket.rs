//! How a command reaches the server that has the folder: one JSON line there, one back, over a private socket.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

use super::{Command, CommandError, Outcome, perform};
use crate::state::App;

/// A list of 20,000 rows and its JSON fit well.
const COMMAND_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The answer on the socket.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Done(Outcome),
    Input(String),
    System(String),
}

/// Listens on the folder's socket; only the owner of the folder may connect.
///
/// # Errors
/// When the socket cannot be made.
pub fn listen(path: &Path) -> Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let listener =
        UnixListener::bind(path).with_context(|| format!("cannot make the socket {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Does the commands that come, until the process ends.
pub async fn serve(listener: UnixListener, app: App) {
    while let Ok((stream, _)) = listener.accept().await {
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = answer(stream, &app).await {
                tracing::warn!(cause = ?error, "command socket");
            }
        });
    }
}

async fn answer(mut stream: UnixStream, app: &App) -> Result<()> {
    let mut text = Vec::new();
    (&mut stream).take(COMMAND_BYTES_MAX).read_to_end(&mut text).await?;
    let command: Command = serde_json::from_slice(&text)?;
    let reply = match perform(app, command).await {
        Ok(outcome) => Reply::Done(outcome),
        Err(CommandError::Input(text)) => Reply::Input(text),
        Err(CommandError::System(error)) => Reply::System(format!("{error:#}")),
    };
    stream.write_all(&serde_json::to_vec(&reply)?).await?;
    stream.shutdown().await?;
    Ok(())
}

/// Has the running server do a command.
///
/// # Errors
/// As [`perform`], and when the server does not answer.
pub async fn send(path: &Path, command: &Command) -> Result<Outcome, CommandError> {
    let line = serde_json::to_vec(command).map_err(anyhow::Error::from)?;
    if line.len() as u64 > COMMAND_BYTES_MAX {
        return Err(CommandError::Input(
            "the list is too large for the running server: split it, or stop the server first".to_owned(),
        ));
    }
    let exchange = async {
        let mut stream = UnixStream::connect(path).await.context(
            "the data folder is in use by another process that takes no commands; wait for it to end or use another --data-dir",
        )?;
        stream.write_all(&line).await?;
        stream.shutdown().await?;
        let mut text = Vec::new();
        stream.read_to_end(&mut text).await?;
        serde_json::from_slice::<Reply>(&text).context("the server broke off")
    };
    match exchange.await? {
        Reply::Done(outcome) => Ok(outcome),
        Reply::Input(text) => Err(CommandError::Input(text)),
        Reply::System(text) => Err(CommandError::System(anyhow::anyhow!(text))),
    }
}
