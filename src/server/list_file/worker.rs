//! The child process that parses workbooks: `huifang import-worker`, the bytes in, the grid out.

use std::io::{Read, Write};
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
        self.bounded(&[], bytes).await
    }

    /// Reads the workbook of a form in a child process.
    ///
    /// # Errors
    /// As [`parse_form`]; besides when the child takes too much or fails.
    pub async fn read_form(&self, bytes: Vec<u8>, stem: String) -> Result<xlsform::Book, ListFileError> {
        let book: xlsform::Book = self.bounded(&[FORM], bytes).await?;
        Ok(xlsform::Book { stem, ..book })
    }

    async fn bounded<T: DeserializeOwned + Send + 'static>(
        &self,
        options: &[&str],
        bytes: Vec<u8>,
    ) -> Result<T, ListFileError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(ListFileError::FileTooLarge { bytes: bytes.len() });
        }
        match tokio::time::timeout(WALL_TIME_MAX, self.ask(options, bytes)).await {
            Ok(answer) => answer,
            Err(_) => Err(ListFileError::TooLong),
        }
    }

    async fn ask<T: DeserializeOwned + Send + 'static>(
        &self,
        options: &[&str],
        bytes: Vec<u8>,
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
            let _ = to.write_all(&bytes).await;
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

/// The worker's side: limits itself, reads the workbook from standard input, answers on standard output.
///
/// # Errors
/// When it cannot limit itself or the pipes fail.
pub fn run(form: bool) -> anyhow::Result<()> {
    limit_self()?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if form {
        serde_json::to_writer(&mut out, &parse_form(&bytes))?;
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
