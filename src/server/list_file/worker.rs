//! The child process that parses workbooks: `huifang import-worker`, the bytes in, the grid out; of a form, what came of judging it.

use std::io::{BufRead, Read, Write};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::{Book, FILE_BYTES_MAX, ListFileError, parse, parse_form};

/// The command by which the program starts itself as a worker.
pub const COMMAND: &str = "import-worker";

/// Said to a worker that is to read a form.
const FORM: &str = "--form";

/// What the worker may take of memory, all its address space together.
const MEMORY_BYTES_MAX: u64 = 1 << 30;
const CPU_SECONDS_MAX: u64 = 20;
const WALL_TIME_MAX: Duration = Duration::from_secs(30);
/// What a worker may answer: a grid of 20,000 rows is about 40 MB.
const ANSWER_BYTES_MAX: u64 = 192 << 20;

/// Starts workers.
#[derive(Clone, Debug)]
pub struct Worker {
    program: PathBuf,
}

impl Worker {
    /// Workers of the program that is running.
    ///
    /// # Errors
    /// When the system does not tell where the program lies.
    pub fn of_this_program() -> std::io::Result<Worker> {
        Ok(Worker { program: std::env::current_exe()? })
    }

    /// Workers of another program, which understands [`COMMAND`].
    pub fn of(program: PathBuf) -> Worker {
        Worker { program }
    }

    /// Reads a workbook in a child process.
    ///
    /// # Errors
    /// As [`parse`]; besides when the child takes too much or fails.
    pub async fn read(&self, bytes: Vec<u8>) -> Result<Book, ListFileError> {
        check_length(&bytes)?;
        self.bounded(&[], bytes).await
    }

    /// Reads and judges the workbook of a form in a child process: a small file can be long to judge too.
    ///
    /// # Errors
    /// As [`parse_form`]; besides when the child takes too much or fails.
    pub async fn read_form(&self, bytes: &[u8], stem: &str) -> Result<xlsform::Read, ListFileError> {
        check_length(bytes)?;
        let mut sent = serde_json::to_vec(stem).unwrap_or_default();
        sent.push(b'\n');
        sent.extend_from_slice(bytes);
        self.bounded(&[FORM], sent).await
    }

    async fn bounded<T: DeserializeOwned + Send + 'static>(
        &self,
        options: &[&str],
        sent: Vec<u8>,
    ) -> Result<T, ListFileError> {
        match tokio::time::timeout(WALL_TIME_MAX, self.ask(options, sent)).await {
            Ok(answer) => answer,
            Err(_) => Err(ListFileError::TooLong),
        }
    }

    async fn ask<T: DeserializeOwned + Send + 'static>(
        &self,
        options: &[&str],
        sent: Vec<u8>,
    ) -> Result<T, ListFileError> {
        let failed = |error: std::io::Error| ListFileError::Worker { why: error.to_string() };
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            .args(options)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(ListFileError::Worker { why: "no pipes".to_owned() });
        };
        let send = async move {
            // A worker that has seen enough closes its end; its answer says why.
            let _ = to.write_all(&sent).await;
        };
        let mut answer = Vec::new();
        let mut bounded = from.take(ANSWER_BYTES_MAX);
        let ((), received) = tokio::join!(send, bounded.read_to_end(&mut answer));
        received.map_err(failed)?;
        let status = child.wait().await.map_err(failed)?;
        if !status.success() {
            return Err(reason(status));
        }
        let parsed =
            tokio::task::spawn_blocking(move || serde_json::from_slice::<Result<T, ListFileError>>(&answer))
                .await;
        match parsed {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(ListFileError::Worker { why: "an answer that cannot be read".to_owned() }),
            Err(error) => Err(ListFileError::Worker { why: error.to_string() }),
        }
    }
}

fn check_length(bytes: &[u8]) -> Result<(), ListFileError> {
    let too_large = bytes.len() > FILE_BYTES_MAX;
    if too_large { Err(ListFileError::FileTooLarge { bytes: bytes.len() }) } else { Ok(()) }
}

/// What the end of a worker says: an abort is memory refused, a signal of the clock is time.
fn reason(status: ExitStatus) -> ListFileError {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        const SIGABRT: i32 = 6;
        const SIGKILL: i32 = 9;
        const SIGXCPU: i32 = 24;
        match status.signal() {
            Some(SIGABRT) => return ListFileError::TooMuchMemory,
            Some(SIGXCPU | SIGKILL) => return ListFileError::TooLong,
            _ => {}
        }
    }
    ListFileError::Worker { why: status.to_string() }
}

/// The worker's side: limits itself, reads the workbook from standard input, answers on standard output. Before that of a form goes a line with
/// its name.
///
/// # Errors
/// When it cannot limit itself or the pipes fail.
pub fn run(form: bool) -> anyhow::Result<()> {
    limit_self()?;
    let mut input = std::io::stdin().lock();
    let mut name = String::new();
    if form {
        input.read_line(&mut name)?;
    }
    let mut bytes = Vec::new();
    input.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if form {
        let stem: String = serde_json::from_str(&name)?;
        let read = match xlsform::is_json(&bytes) {
            true => Ok(xlsform::read_json(&bytes)),
            false => parse_form(&bytes).map(|book| xlsform::read(&xlsform::Book { stem, ..book })),
        };
        serde_json::to_writer(&mut out, &read)?;
    } else {
        serde_json::to_writer(&mut out, &parse(&bytes))?;
    }
    out.flush()?;
    Ok(())
}

#[cfg(unix)]
fn limit_self() -> anyhow::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(MEMORY_BYTES_MAX))?;
    setrlimit(Resource::Cpu, limit(CPU_SECONDS_MAX))?;
    setrlimit(Resource::Core, limit(0))?;
    Ok(())
}

#[cfg(not(unix))]
fn limit_self() -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// What is said of a form whose worker does this.
    async fn read(script: &str) -> Result<xlsform::Read, ListFileError> {
        let folder = crate::testing::Folder::new();
        let program = folder.path().join("worker");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        Worker::of(program).read_form(b"PK", "a form").await
    }

    #[tokio::test]
    async fn a_form_is_judged_by_the_worker_and_its_limits_are_told_in_words() {
        let judged = r#"{"template":null,"errors":[{"sheet":"survey","message":"why"}],"warnings":[]}"#;
        let said =
            read(&format!("read -r name; test \"$name\" = '\"a form\"' && echo '{{\"Ok\":{judged}}}'")).await;
        assert_eq!(said.unwrap().errors[0].to_string(), "sheet survey: why");
        let too_long = read("kill -XCPU $$").await.unwrap_err();
        assert_eq!(too_long, ListFileError::TooLong);
        assert!(too_long.to_string().contains("took too long"), "{too_long}");
        let too_much = read("kill -ABRT $$").await.unwrap_err();
        assert_eq!(too_much, ListFileError::TooMuchMemory);
        assert!(read("echo nothing").await.unwrap_err().is_ours());
    }
}
