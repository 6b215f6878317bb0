//! What is refused before a form is built: a workbook whose reading would cost more than any form is worth.

use crate::{
    cells::Sheets,
    problem::{Found, Place, said},
    types::{self, Type},
};
use domain::checklist::{CHOICES_MAX, LEVELS_MAX, QUESTIONS_MAX};
use std::collections::BTreeMap;

/// Rows of the survey: a question and the end of a group each take one.
const ROWS_MAX: usize = 2 * QUESTIONS_MAX;
/// Rows of all lists of options.
const OPTIONS_MAX: usize = 20_000;
/// Options that all questions offer together, a list counted for each question that chooses from it.
const OFFERED_MAX: usize = 100_000;

/// Whether the form is small enough to be read; if not, it has been said why.
pub(crate) fn hold(sheets: &Sheets, found: &mut Found) -> bool {
    let (survey, choices) = (sheets.survey.rows(), sheets.choices.rows());
    if survey.len() > ROWS_MAX || choices.len() > OPTIONS_MAX {
        let said = said!(
            "there are more than {ROWS_MAX} rows of questions or {OPTIONS_MAX} of options: split the form",
            "题目超过 {ROWS_MAX} 行，或选项超过 {OPTIONS_MAX} 行：请拆成几张表"
        );
        found.error(Place::sheet(if survey.len() > ROWS_MAX { "survey" } else { "choices" }), said);
        return false;
    }
    let mut lists: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &choices {
        let list = row.get("list_name").unwrap_or_default();
        let count = lists.entry(list).or_default();
        *count += 1;
        if *count > CHOICES_MAX {
            let said = said!(
                "the list has more than {CHOICES_MAX} options: split it",
                "这组选项超过 {CHOICES_MAX} 个：请拆开"
            );
            found.error(Place::row("choices", row.number), said);
            return false;
        }
    }
    let (mut depth, mut offered) = (0_usize, 0_usize);
    for row in &survey {
        match row.get("type").map(types::read) {
            Some(Type::BeginGroup | Type::BeginRepeat) => depth += 1,
            Some(Type::EndGroup | Type::EndRepeat) => depth = depth.saturating_sub(1),
            Some(Type::Select { list, .. }) => offered += lists.get(&*list).copied().unwrap_or_default(),
            _ => {}
        }
        let why = if depth > LEVELS_MAX {
            said!(
                "groups stand more than {LEVELS_MAX} deep: take a group out",
                "分组套得超过 {LEVELS_MAX} 层：请去掉一层"
            )
        } else if offered > OFFERED_MAX {
            said!(
                "the questions up to here offer more than {OFFERED_MAX} options together: split the form",
                "到这一行为止，各题的选项合计超过 {OFFERED_MAX} 个：请拆成几张表"
            )
        } else {
            continue;
        };
        found.error(Place::row("survey", row.number), why);
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::{Book, Sheet, read};

    fn book(survey: Vec<Vec<String>>, choices: Vec<Vec<String>>) -> Book {
        let sheet = |name: &str, rows| Sheet { name: name.to_owned(), rows, merges: Vec::new() };
        Book { stem: "form".to_owned(), sheets: vec![sheet("survey", survey), sheet("choices", choices)] }
    }

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    fn why(survey: Vec<Vec<String>>, choices: Vec<Vec<String>>) -> String {
        let read = read(&book(survey, choices));
        assert!(read.template.is_none());
        read.errors.iter().map(|problem| problem.message.clone()).collect()
    }

    #[test]
    fn groups_without_end_are_refused_before_they_are_built() {
        let mut survey = vec![row(["type", "name", "label"])];
        survey.extend((0..900).map(|n| row(["begin group", &format!("g{n}"), "组"])));
        survey.extend((0..900).map(|_| row(["end group", "", ""])));
        assert!(why(survey, vec![row(["list_name", "name", "label"])]).contains("deep"));
    }

    #[test]
    fn many_rows_and_many_options_are_refused() {
        let heading = || vec![row(["list_name", "name", "label"])];
        let mut long = vec![row(["type", "name", "label"])];
        long.extend((0..2_001).map(|n| row(["text", &format!("q{n}"), "问"])));
        assert!(why(long, heading()).contains("split the form"));
        let mut options = heading();
        options.extend((0..1_001).map(|n| row(["l", &format!("o{n}"), "项"])));
        let one = vec![row(["type", "name", "label"]), row(["select_one l", "q", "问"])];
        assert!(why(one, options).contains("split it"));
        let mut options = heading();
        options.extend((0..1_000).map(|n| row(["l", &format!("o{n}"), "项"])));
        let mut many = vec![row(["type", "name", "label"])];
        many.extend((0..101).map(|n| row(["select_one l", &format!("q{n}"), "问"])));
        assert!(why(many, options).contains("together"));
    }
}
