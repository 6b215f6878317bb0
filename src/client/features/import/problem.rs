//! Why a list was not read, and what to do about it.

use super::file_problem::FileProblem;
use crate::{
    locale::words,
    ui::{Problem, ProblemView},
};
use leptos::prelude::*;

/// The face of a list that cannot be read.
#[component]
pub(super) fn FileProblemView(
    /// What is wrong.
    problem: FileProblem,
    /// Another file.
    #[prop(into)]
    on_again: Callback<()>,
    /// The same once more, where nobody knows what became of it.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let (title, advice) = sentences(&problem);
    let is_uncertain = problem == FileProblem::Uncertain;
    let problem = Problem {
        title,
        safe: if is_uncertain { String::new() } else { words::import::bad_safe().to_owned() },
        advice: advice.to_owned(),
        action: if is_uncertain { words::import::retry() } else { words::import::again() }.to_owned(),
    };
    let act = if is_uncertain { on_retry } else { on_again };
    view! { <ProblemView problem on_action=act /> }
}

/// In one line.
pub(super) fn sentence(problem: &FileProblem) -> String {
    let (title, advice) = sentences(problem);
    format!("{title} {advice}")
}

pub(super) fn sentences(problem: &FileProblem) -> (String, &'static str) {
    use words::import as w;
    let (title, advice) = match problem {
        FileProblem::NotXlsx => (w::bad_not_xlsx(), w::bad_not_xlsx_do()),
        FileProblem::Encrypted => (w::bad_encrypted(), w::bad_encrypted_do()),
        FileProblem::Empty => (w::bad_empty(), w::bad_empty_do()),
        FileProblem::TooLarge => (w::bad_too_large(), w::bad_too_large_do()),
        FileProblem::TooManyRows => (w::bad_rows(), w::bad_rows_do()),
        FileProblem::Damaged => (w::bad_damaged(), w::bad_damaged_do()),
        FileProblem::TooLong => (w::bad_too_long(), w::bad_too_long_do()),
        FileProblem::ColumnMissing { row, field } => {
            let field = match field.as_str() {
                "id_no" => w::bad_column_id(),
                "category" => w::bad_column_category(),
                _ => w::bad_column_name(),
            };
            return (w::bad_column(row, field), w::bad_column_do());
        }
        FileProblem::HeaderNotFound { sheet } if !sheet.is_empty() => {
            return (w::bad_header(sheet), w::bad_header_do());
        }
        FileProblem::HeaderNotFound { .. } => (w::bad_header_any(), w::bad_header_do()),
        FileProblem::Lapsed => (w::bad_lapsed(), w::bad_lapsed_do()),
        FileProblem::Offline => (w::bad_offline(), w::bad_offline_do()),
        FileProblem::Uncertain => (w::bad_uncertain(), w::bad_uncertain_do()),
        FileProblem::Login => (w::bad_login(), w::bad_login_do()),
        FileProblem::VillageThere => (w::bad_village_there(), w::bad_village_there_do()),
        FileProblem::Right => (w::bad_right(), w::bad_right_do()),
        FileProblem::Other(code) => return (w::bad_other(code), w::bad_other_do()),
    };
    (title.to_owned(), advice)
}
