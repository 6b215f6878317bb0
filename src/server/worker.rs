//! Child processes that read files from outside: `huifang worker list|form|codes|photo|small`, the bytes in, what stands in them out. A thread cannot be
//! bounded; a process can, in memory and in time, and what a hostile file does ends with it. Each is for one file: to start one takes some milliseconds, a
//! photo twenty times as long, and what one file did to a process no other shall meet.

use std::io::{BufRead, Read, Write};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::list_file::{self, Book, FILE_BYTES_MAX, ListFileError};
use crate::photos::{
    self, PictureError,
    codes::{self, CodesError},
};

/// The command by which the program starts itself as a worker.
pub const COMMAND: &str = "worker";

/// Workers of a kind that run at once: lists do not wait for photos, nor photos for lists.
const AT_ONCE: usize = 2;
/// How long a file waits for its turn.
const TURN_WAIT_MAX: Duration = Duration::from_secs(10);
/// Below whatever answers phones.
const NICENESS: i32 = 10;
/// The line before a picture.
const VERDICT_BYTES_MAX: u64 = 100;
/// The status of a program that panicked.
const PANICKED: i32 = 101;

/// What a worker reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Work {
    /// A workbook of recipients: the grid.
    List,
    /// A form, after a line with its name: what came of judging it, for a small file can be long to judge too.
    Form,
    /// A photo: the QR codes on it.
    Codes,
    /// A photo as it arrived: a line with the verdict, then the photo written anew.
    Photo,
    /// A photo that was written anew: the same with a small one.
    Small,
}

/// What a worker may take.
struct Bounds {
    /// All its address space together.
    memory_bytes_max: u64,
    cpu_seconds_max: u64,
    wall_time_max: Duration,
    answer_bytes_max: u64,
}

impl Work {
    fn word(self) -> &'static str {
        match self {
            Work::List => "list",
            Work::Form => "form",
            Work::Codes => "codes",
            Work::Photo => "photo",
            Work::Small => "small",
        }
    }

    fn bounds(self) -> Bounds {
        match self {
            // A grid of 20,000 rows is about 40 MB.
            Work::List | Work::Form => Bounds {
                memory_bytes_max: 1 << 30,
                cpu_seconds_max: 20,
                wall_time_max: Duration::from_secs(30),
                answer_bytes_max: 192 << 20,
            },
            // The largest photo takes about 300 MB while it is decoded and turned.
            Work::Codes => Bounds {
                memory_bytes_max: 512 << 20,
                cpu_seconds_max: 5,
                wall_time_max: Duration::from_secs(15),
                answer_bytes_max: 1 << 20,
            },
            // Who took the photo has one, and it is refused for good when its time is over. So that time is the processor's, and ten times what the largest
            // takes; how long it waits for the processor says nothing about it.
            Work::Photo | Work::Small => Bounds {
                memory_bytes_max: 512 << 20,
                cpu_seconds_max: 10,
                wall_time_max: Duration::from_secs(120),
                answer_bytes_max: photos::WRITTEN_BYTES_MAX as u64 + VERDICT_BYTES_MAX,
            },
        }
    }
}

/// Why a worker gave no answer of its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    #[error("it took too long")]
    TooLong,
    #[error("it took too much memory")]
    TooMuchMemory,
    /// That says nothing about the file: others kept the machine busy, or it was ended from outside.
    #[error("it was ended before it was done")]
    Stopped,
    /// The bytes met a mistake of the parser.
    #[error("it broke off in the middle of the file")]
    BrokeOff,
    #[error("others are at work")]
    Busy,
    /// It could not be started, or said nothing that is understood.
    #[error("{why}")]
    Failed { why: String },
}

/// Starts workers, each for one file.
pub struct Workers {
    /// This program unless another is named.
    program: Option<PathBuf>,
    lists: Semaphore,
    codes: Semaphore,
    pictures: Semaphore,
    turn_wait_max: Duration,
    /// Instead of what the work is given.
    wall_time_max: Option<Duration>,
}

impl Default for Workers {
    fn default() -> Workers {
        Workers {
            program: None,
            lists: Semaphore::new(AT_ONCE),
            codes: Semaphore::new(AT_ONCE),
            pictures: Semaphore::new(AT_ONCE),
            turn_wait_max: TURN_WAIT_MAX,
            wall_time_max: None,
        }
    }
}

impl Workers {
    /// Workers of another program, which understands [`COMMAND`].
    pub fn of(program: PathBuf) -> Workers {
        Workers { program: Some(program), ..Workers::default() }
    }

    /// Reads a workbook.
    ///
    /// # Errors
    /// As [`list_file::parse`]; besides when the worker takes too much or fails.
    pub async fn read_list(&self, bytes: Vec<u8>) -> Result<Book, ListFileError> {
        list_file::check_length(&bytes)?;
        self.read(Work::List, bytes).await
    }

    /// Reads and judges a form.
    ///
    /// # Errors
    /// As [`list_file::parse_form`]; besides when the worker takes too much or fails.
    pub async fn read_form(&self, bytes: &[u8], stem: &str) -> Result<xlsform::Read, ListFileError> {
        list_file::check_length(bytes)?;
        let mut sent = serde_json::to_vec(stem).unwrap_or_default();
        sent.push(b'\n');
        sent.extend_from_slice(bytes);
        self.read(Work::Form, sent).await
    }

    /// Reads the QR codes on a photo.
    ///
    /// # Errors
    /// As [`codes::codes`]; besides when the worker takes too much or fails.
    pub async fn read_codes(&self, bytes: Vec<u8>) -> Result<Vec<String>, CodesError> {
        // What is no picture at all costs no process.
        crate::photos::format(&bytes)?;
        self.read(Work::Codes, bytes).await
    }

    async fn read<T, E>(&self, work: Work, sent: Vec<u8>) -> Result<T, E>
    where
        T: DeserializeOwned + Send + 'static,
        E: DeserializeOwned + From<WorkerError> + Send + 'static,
    {
        let places = if work == Work::Codes { &self.codes } else { &self.lists };
        let _turn = self.turn(places).await?;
        let answer = self.ask(work, sent).await?;
        tokio::task::spawn_blocking(move || serde_json::from_slice(&answer).map_err(failed))
            .await
            .map_err(failed)??
    }

    async fn turn<'w>(&self, places: &'w Semaphore) -> Result<SemaphorePermit<'w>, WorkerError> {
        let turn = tokio::time::timeout(self.turn_wait_max, places.acquire()).await;
        turn.map_err(|_| WorkerError::Busy)?.map_err(failed)
    }

    /// A place at which a picture is decoded. Photos wait for it as long as it takes: their phones have sent them whole.
    ///
    /// # Errors
    /// Only while the program ends.
    pub async fn picture(&self) -> Result<Picture<'_>, WorkerError> {
        Ok(Picture { workers: self, _turn: self.pictures.acquire().await.map_err(failed)? })
    }

    async fn ask(&self, work: Work, sent: Vec<u8>) -> Result<Vec<u8>, WorkerError> {
        let patience = self.wall_time_max.unwrap_or(work.bounds().wall_time_max);
        tokio::time::timeout(patience, self.start(work, sent)).await.map_err(|_| WorkerError::Stopped)?
    }

    async fn start(&self, work: Work, sent: Vec<u8>) -> Result<Vec<u8>, WorkerError> {
        let program = match &self.program {
            Some(program) => program.clone(),
            None => own_program().map_err(failed)?,
        };
        let mut child = Command::new(program)
            .args([COMMAND, work.word()])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(WorkerError::Failed { why: "no pipes".to_owned() });
        };
        let send = async move {
            // A worker that has seen enough closes its end; its answer says why.
            let _ = to.write_all(&sent).await;
        };
        let mut answer = Vec::new();
        let mut bounded = from.take(work.bounds().answer_bytes_max);
        let ((), received) = tokio::join!(send, bounded.read_to_end(&mut answer));
        received.map_err(failed)?;
        // What did not fit would hold the worker up for ever.
        drop(bounded);
        let status = child.wait().await.map_err(failed)?;
        if status.success() { Ok(answer) } else { Err(reason(work, status)) }
    }
}

/// This program: as it runs, though a newer one has taken its place on the disk.
fn own_program() -> std::io::Result<PathBuf> {
    const RUNNING: &str = "/proc/self/exe";
    if std::path::Path::new(RUNNING).exists() { Ok(RUNNING.into()) } else { std::env::current_exe() }
}

/// A place at which a picture is decoded.
pub struct Picture<'w> {
    workers: &'w Workers,
    _turn: SemaphorePermit<'w>,
}

impl Picture<'_> {
    /// Writes a picture from outside anew.
    ///
    /// # Errors
    /// As [`photos::rewrite`]; besides when the worker takes too much or fails.
    pub async fn rewrite(&self, bytes: Vec<u8>) -> Result<Vec<u8>, PictureError> {
        // What is no picture at all costs no process.
        photos::format(&bytes)?;
        self.made(Work::Photo, bytes).await
    }

    /// Makes a small one of a picture that was written anew.
    ///
    /// # Errors
    /// As [`photos::thumbnail`]; besides when the worker takes too much or fails.
    pub async fn small(&self, bytes: Vec<u8>) -> Result<Vec<u8>, PictureError> {
        self.made(Work::Small, bytes).await
    }

    async fn made(&self, work: Work, bytes: Vec<u8>) -> Result<Vec<u8>, PictureError> {
        // The program that runs unit tests is no worker; tests/bad_photos.rs asks the one that ships.
        #[cfg(test)]
        if self.workers.program.is_none() {
            let made = tokio::task::spawn_blocking(move || pictured(work, &bytes)).await.map_err(failed)?;
            return Ok(made?);
        }
        let mut answer = self.workers.ask(work, bytes).await?;
        let line = answer.iter().position(|byte| *byte == b'\n').ok_or_else(|| failed("no verdict"))?;
        let picture = answer.split_off(line + 1);
        serde_json::from_slice::<Result<(), photos::PhotoError>>(&answer).map_err(failed)??;
        Ok(picture)
    }
}

/// The picture that is asked for.
fn pictured(work: Work, bytes: &[u8]) -> Result<Vec<u8>, photos::PhotoError> {
    if work == Work::Small { photos::thumbnail(bytes) } else { photos::rewrite(bytes) }
}

fn failed(error: impl std::fmt::Display) -> WorkerError {
    WorkerError::Failed { why: error.to_string() }
}

/// What the end of a worker says: an abort is memory refused, a signal of the clock is time.
fn reason(work: Work, status: ExitStatus) -> WorkerError {
    let mut is_broken = status.code() == Some(PANICKED);
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        const SIGILL: i32 = 4;
        const SIGABRT: i32 = 6;
        const SIGBUS: i32 = 7;
        const SIGKILL: i32 = 9;
        const SIGSEGV: i32 = 11;
        const SIGXCPU: i32 = 24;
        match status.signal() {
            Some(SIGABRT) => return WorkerError::TooMuchMemory,
            Some(SIGXCPU) => return WorkerError::TooLong,
            Some(SIGKILL) => return WorkerError::Stopped,
            Some(SIGILL | SIGBUS | SIGSEGV) => is_broken = true,
            _ => {}
        }
    }
    if is_broken {
        tracing::error!(work = work.word(), "a worker panicked over a file: its parser has a mistake");
        return WorkerError::BrokeOff;
    }
    failed(status)
}

/// The worker's side: bounds itself, reads the file from standard input, answers on standard output.
///
/// # Errors
/// When it cannot bound itself or the pipes fail.
pub fn run(work: Work) -> anyhow::Result<()> {
    bound_self(&work.bounds())?;
    let mut input = std::io::stdin().lock();
    let mut name = String::new();
    if work == Work::Form {
        input.read_line(&mut name)?;
    }
    let mut bytes = Vec::new();
    input.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match work {
        Work::List => serde_json::to_writer(&mut out, &list_file::parse(&bytes))?,
        Work::Form => {
            let stem: String = serde_json::from_str(&name)?;
            serde_json::to_writer(&mut out, &list_file::judge_form(&bytes, stem))?;
        }
        Work::Codes => serde_json::to_writer(&mut out, &codes::codes(&bytes))?,
        Work::Photo | Work::Small => {
            let (verdict, picture) = match pictured(work, &bytes) {
                Ok(picture) => (Ok(()), picture),
                Err(error) => (Err(error), Vec::new()),
            };
            serde_json::to_writer(&mut out, &verdict)?;
            out.write_all(b"\n")?;
            out.write_all(&picture)?;
        }
    }
    out.flush()?;
    Ok(())
}

#[cfg(unix)]
fn bound_self(bounds: &Bounds) -> anyhow::Result<()> {
    use rustix::process::{Resource, Rlimit, nice, setrlimit};
    let limit = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(bounds.memory_bytes_max))?;
    // At the second limit the system would end it without saying that it was the time.
    let seconds = bounds.cpu_seconds_max;
    setrlimit(Resource::Cpu, Rlimit { current: Some(seconds), maximum: Some(seconds + 1) })?;
    setrlimit(Resource::Core, limit(0))?;
    nice(NICENESS)?;
    Ok(())
}

#[cfg(not(unix))]
fn bound_self(_: &Bounds) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use std::os::unix::fs::PermissionsExt;

    /// Workers that do this, and the folder in which they lie.
    fn workers(script: &str) -> (Workers, Folder) {
        let folder = Folder::new();
        let program = folder.path().join("worker");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        (Workers::of(program), folder)
    }

    /// What is said of a form whose worker does this.
    async fn read_form(script: &str) -> Result<xlsform::Read, ListFileError> {
        let (workers, _folder) = workers(script);
        workers.read_form(b"PK", "a form").await
    }

    /// What is said of a photo whose worker does this.
    async fn read_codes(script: &str) -> Result<Vec<String>, CodesError> {
        let (workers, _folder) = workers(script);
        workers.read_codes(b"\xff\xd8\xff\xe0".to_vec()).await
    }

    #[tokio::test]
    async fn a_form_is_judged_by_the_worker_and_its_limits_are_told_in_words() {
        let judged = r#"{"template":null,"errors":[{"sheet":"survey","message":"why"}],"warnings":[]}"#;
        let answer = format!("echo '{{\"Ok\":{judged}}}'");
        let said =
            read_form(&format!("read -r name; test \"$1$2 $name\" = 'workerform \"a form\"' && {answer}"))
                .await;
        assert_eq!(said.unwrap().errors[0].to_string(), "sheet survey: why");
        let too_long = read_form("kill -XCPU $$").await.unwrap_err();
        assert_eq!(too_long, ListFileError::TooLong);
        assert!(too_long.to_string().contains("took too long"), "{too_long}");
        assert_eq!(read_form("kill -ABRT $$").await.unwrap_err(), ListFileError::TooMuchMemory);
        assert_eq!(read_form("exit 101").await.unwrap_err(), ListFileError::Damaged { sheet: None });
        assert!(read_form("echo nothing").await.unwrap_err().is_ours());
    }

    #[tokio::test]
    async fn a_photo_says_what_to_do_when_its_worker_took_too_much() {
        let read = read_codes("test \"$1$2\" = workercodes && echo '{\"Ok\":[\"a\"]}'").await;
        assert_eq!(read, Ok(vec!["a".to_owned()]));
        for (script, error) in [
            ("kill -XCPU $$", CodesError::TooLong),
            ("kill -ABRT $$", CodesError::TooMuchMemory),
            ("exit 101", CodesError::Photo(crate::photos::PhotoError::Decode)),
        ] {
            let said = read_codes(script).await.unwrap_err();
            assert_eq!(said, error);
            assert!(said.to_string().contains("take the photo again"), "{said}");
        }
        let failed = read_codes("exit 3").await.unwrap_err();
        assert!(matches!(failed, CodesError::Worker { .. }), "{failed}");
    }

    /// What is said of a picture whose worker does this.
    async fn rewrite(script: &str) -> Result<Vec<u8>, PictureError> {
        let (mut workers, _folder) = workers(script);
        workers.wall_time_max = Some(Duration::from_millis(300));
        workers.picture().await.unwrap().rewrite(b"\xff\xd8\xff\xe0".to_vec()).await
    }

    #[tokio::test]
    async fn a_picture_is_refused_for_what_it_does_and_tried_again_for_what_others_do() {
        use crate::photos::PhotoError;
        let made = rewrite("test \"$1$2\" = workerphoto && printf '{\"Ok\":null}\\n\\377\\330\\n'").await;
        assert_eq!(made, Ok(b"\xff\xd8\n".to_vec()));
        for (script, error) in [
            ("echo '{\"Err\":\"TooLarge\"}'", PhotoError::TooLarge),
            ("kill -XCPU $$", PhotoError::Costly),
            ("kill -ABRT $$", PhotoError::Costly),
            ("kill -SEGV $$", PhotoError::Decode),
            ("kill -BUS $$", PhotoError::Decode),
            ("exit 101", PhotoError::Decode),
        ] {
            assert_eq!(rewrite(script).await, Err(error.into()), "{script}");
        }
        // It hangs without work, or the system ends it for want of memory.
        for script in ["exec sleep 60", "kill -KILL $$"] {
            let later = PictureError::Later(WorkerError::Stopped);
            assert_eq!(rewrite(script).await, Err(later), "{script}");
        }
        for script in ["exit 3", "echo nothing", "printf nothing"] {
            let failed = rewrite(script).await;
            assert!(
                matches!(failed, Err(PictureError::Later(WorkerError::Failed { .. }))),
                "{script}: {failed:?}"
            );
        }
        let none = Workers::of("/nowhere/huifang".into());
        let failed = none.picture().await.unwrap().rewrite(b"\xff\xd8\xff\xe0".to_vec()).await;
        assert!(matches!(failed, Err(PictureError::Later(WorkerError::Failed { .. }))), "{failed:?}");
        let page = none.picture().await.unwrap().rewrite(b"<html>".to_vec()).await;
        assert_eq!(page, Err(PhotoError::Format.into()), "which costs no process");
    }

    #[tokio::test]
    async fn so_many_photos_are_read_at_once_and_a_further_one_is_told_to_wait() {
        let (mut workers, folder) = workers("echo at work >&2; read -r never < \"$0.gate\"");
        workers.turn_wait_max = Duration::from_millis(50);
        // A pipe that nobody opens: the workers stay at it until they are given up.
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("worker.gate")).status();
        assert!(made.unwrap().success());
        let photo = || b"\xff\xd8\xff\xe0".to_vec();
        let at_work = async { tokio::join!(workers.read_codes(photo()), workers.read_codes(photo())) };
        let refused = async {
            while workers.codes.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            assert!(workers.lists.available_permits() == AT_ONCE, "lists do not wait for photos");
            workers.read_codes(photo()).await
        };
        let refused = tokio::select! {
            biased;
            read = at_work => panic!("nobody opened the pipe: {read:?}"),
            refused = refused => refused,
        };
        assert_eq!(refused, Err(CodesError::Busy));
        assert_eq!(workers.codes.available_permits(), AT_ONCE, "who was given up has left");
    }
}
