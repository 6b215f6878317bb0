//! `huifang checklist check|import|export|list`: checklists of the office's own, as XLSForm workbooks.

use std::path::Path;

use crypto::b64;
use domain::checklist::{Template, builtin};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Command, CommandError, Outcome, export::Part, operator};
use crate::{
    checklists::{self, PublishError},
    config::Config,
    form_file,
    list_file::{FILE_BYTES_MAX, ListFileError},
    state::App,
    worker::Workers,
};

/// A form that was read and is to be published.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Form {
    pub file: String,
    pub template: Template,
    /// What is said of it besides.
    pub warnings: Vec<Value>,
}

/// Judges a form and writes nothing.
///
/// # Errors
/// When the file cannot be opened or the worker fails.
pub async fn check(file: &Path) -> Result<Outcome, CommandError> {
    let (name, read) = match read_form(file).await? {
        (name, Ok(read)) => (name, read),
        (name, Err(error)) => return Ok(unreadable(&name, &error)),
    };
    Ok(judged(&name, &read))
}

/// Judges a form and publishes it.
///
/// # Errors
/// When the file cannot be opened, there is no folder, or the system fails; a form with errors is an outcome.
pub async fn import(config: Config, file: &Path) -> Result<Outcome, CommandError> {
    super::check_there(&config)?;
    let (name, read) = match read_form(file).await? {
        (name, Ok(read)) => (name, read),
        (name, Err(error)) => return Ok(unreadable(&name, &error)),
    };
    let outcome = judged(&name, &read);
    let Some(template) = read.template else { return Ok(outcome) };
    let warnings = read.warnings.iter().map(|warning| json!(warning)).collect();
    super::on_folder(config, Command::ChecklistPublish(Box::new(Form { file: name, template, warnings })))
        .await
}

/// Writes a checklist as a workbook.
///
/// # Errors
/// When the file cannot be written or is there already, no checklist has the id, or the system fails.
pub async fn export(
    config: Config,
    id: String,
    out: &Path,
    may_replace: bool,
) -> Result<Outcome, CommandError> {
    let mut part = Part::open(out, may_replace)?;
    let mut outcome = match (config.has_database(), builtin(&id)) {
        (false, Some(checklist)) => written(checklist.template())?,
        _ => super::on_folder(config, Command::ChecklistRead { id }).await?,
    };
    let bytes = outcome.file.take().and_then(|text| b64::decode(&text).ok());
    part.finish(&bytes.ok_or_else(|| anyhow::anyhow!("the server sent no workbook"))?)?;
    outcome.json["file"] = json!(out);
    outcome.text = format!("{}: {}", out.display(), outcome.text);
    Ok(outcome)
}

pub(super) async fn publish(app: &App, form: Form) -> Result<Outcome, CommandError> {
    let who = operator::open(app).await?;
    let published = checklists::publish(app, &who, form.template, &form.file).await;
    app.db.close_session(&who, app.clock.now()).await?;
    let published = published.map_err(|error| match error {
        PublishError::Db(error) => CommandError::System(error.into()),
        other => CommandError::Input(other.to_string()),
    })?;
    let said = if published.same { "is out already" } else { "is published" };
    let text = format!(
        "{}: version {} of {} {said}, new in {} villages\n",
        form.file, published.version, published.code, published.villages
    );
    let mut json = json!(published);
    json["warnings"] = json!(form.warnings);
    Ok(Outcome { text, json, ..Outcome::default() })
}

pub(super) async fn list(app: &App) -> Result<Outcome, CommandError> {
    let who = operator::open(app).await?;
    let versions = checklists::all(app, &who).await;
    app.db.close_session(&who, app.clock.now()).await?;
    let mut text = String::new();
    let mut rows = Vec::new();
    for (id, versions) in versions? {
        let Some((newest, template)) = versions.last_key_value() else { continue };
        text += &format!("{id} {newest} {}\n", template.title.zh);
        let numbers: Vec<&u32> = versions.keys().collect();
        rows.push(json!({"id": id, "versions": numbers, "title": template.title.zh, "built_in": builtin(&id).is_some()}));
    }
    Ok(Outcome { text, json: json!(rows), ..Outcome::default() })
}

pub(super) async fn read(app: &App, id: &str) -> Result<Outcome, CommandError> {
    let who = operator::open(app).await?;
    let versions = checklists::all(app, &who).await;
    app.db.close_session(&who, app.clock.now()).await?;
    let versions = versions?;
    let newest = versions.get(id).and_then(|versions| versions.values().next_back());
    let template = newest.ok_or_else(|| {
        CommandError::Input(format!(
            "no checklist has the id {id}: see those that there are with `huifang checklist list`"
        ))
    })?;
    written(template)
}

fn written(template: &Template) -> Result<Outcome, CommandError> {
    let bytes = form_file::write(template).map_err(anyhow::Error::from)?;
    let text = format!("version {} of {}\n", template.version, template.id);
    let json = json!({"id": template.id, "version": template.version});
    Ok(Outcome { text, json, file: Some(b64::encode(&bytes)), ..Outcome::default() })
}

/// The form's name, and what came of it.
async fn read_form(file: &Path) -> Result<(String, Result<xlsform::Read, ListFileError>), CommandError> {
    let cannot =
        |error: std::io::Error| CommandError::Input(format!("cannot read {}: {error}", file.display()));
    let part = |part: Option<&std::ffi::OsStr>| {
        part.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    let (name, stem) = (part(file.file_name()), part(file.file_stem()));
    let length = tokio::fs::metadata(file).await.map_err(cannot)?.len();
    if length > FILE_BYTES_MAX as u64 {
        let bytes = usize::try_from(length).unwrap_or(usize::MAX);
        return Ok((name, Err(ListFileError::FileTooLarge { bytes })));
    }
    let bytes = tokio::fs::read(file).await.map_err(cannot)?;
    match Workers::default().read_form(&bytes, &stem).await {
        Err(error) if error.is_ours() => Err(CommandError::System(error.into())),
        Err(error) => Ok((name, Err(error))),
        Ok(read) => Ok((name, Ok(read))),
    }
}

fn judged(name: &str, read: &xlsform::Read) -> Outcome {
    let mut text = String::new();
    for (word, problems) in [("error", &read.errors), ("warning", &read.warnings)] {
        for problem in problems {
            text += &format!("{name}: {word}: {problem}\n");
        }
    }
    if let Some(template) = &read.template {
        text += &format!("{name}: {} ({}) can be published\n", template.id, template.title.zh);
    }
    let json = json!({
        "file": name, "ok": read.template.is_some(), "template": read.template, "errors": read.errors, "warnings": read.warnings,
    });
    Outcome { text, json, has_errors: read.template.is_none(), ..Outcome::default() }
}

fn unreadable(name: &str, error: &ListFileError) -> Outcome {
    let said = json!({"sheet": "", "message": error.to_string()});
    let json = json!({"file": name, "ok": false, "template": Value::Null, "errors": [said], "warnings": []});
    Outcome { text: format!("{name}: error: {error}\n"), json, has_errors: true, ..Outcome::default() }
}
