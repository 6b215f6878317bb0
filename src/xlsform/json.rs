//! A checklist as JSON, as it is stored: for those who write checklists by program.

use domain::checklist::{Template, judged};

use crate::{
    Read, fault_words,
    problem::{Found, Place, Said, said},
    settings::ID_MAX,
};

/// Whether a file is one of JSON rather than a workbook.
pub fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    text.trim_ascii_start().starts_with(b"{")
}

/// Reads a checklist from JSON. Its version is not looked at: the office gives the next one.
pub fn read_json(bytes: &[u8]) -> Read {
    let mut found = Found::default();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let template: Option<Template> = match serde_json::from_slice(text) {
        Ok(template) => Some(template),
        Err(error) => {
            found.error(Place::default(), said!("{error}", "不是清单的 JSON：{error}"));
            None
        }
    };
    if let Some(template) = &template {
        check(template, &mut found);
    }
    let (errors, warnings) = found.into_both();
    Read { template: template.filter(|_| errors.is_empty()), errors, warnings }
}

fn check(template: &Template, found: &mut Found) {
    if template.id.is_empty() || template.id.chars().count() > ID_MAX {
        found.error(
            Place::default(),
            said!(
                "id: give it a name of at most {ID_MAX} characters",
                "id：请取一个不超过 {ID_MAX} 个字符的名称"
            ),
        );
    }
    if template.title.zh.trim().is_empty() {
        found.error(Place::default(), said!("title: say in zh what it is called", "title：请在 zh 里写名称"));
    }
    for fault in judged(template).1 {
        let words = fault_words(&fault);
        let code = &fault.code;
        let said = match code.is_empty() {
            true => words,
            false => Said {
                en: format!("question {code}: {}", words.en),
                zh: format!("题 {code}：{}", words.zh),
            },
        };
        found.error(Place::default(), said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id": "OWN", "version": 1, "title": {"zh": "自己的表"}, "questions": [
        {"code": "Q1", "text": {"zh": "好吗"}, "type": "bool"},
        {"code": "Q2", "text": {"zh": "哪里不好"}, "type": "text", "show_if": "${Q1} = false()"}]}"#;

    fn errors(text: &str) -> Vec<String> {
        read_json(text.as_bytes()).errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_checklist_in_json_is_read_as_it_is_stored() {
        let read = read_json(GOOD.as_bytes());
        assert_eq!(read.errors, []);
        assert_eq!(read.template.map(|template| template.questions.len()), Some(2));
        assert_eq!(errors(&format!("\u{feff}{GOOD}")), [""; 0]);
        assert!(is_json(format!("\u{feff}\n {GOOD}").as_bytes()));
        assert!(!is_json(b"PK\x03\x04"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(errors("{\"id\": 1}").len(), 1);
        assert!(errors("{\"id\": 1}")[0].contains("line 1 column"));
        assert!(errors(&GOOD.replace("\"Q2\"", "\"Q1\""))[0].starts_with("question Q1: "));
        assert!(errors(&GOOD.replace("${Q1}", "${Q9}"))[0].contains("Q9"));
        assert!(errors(&GOOD.replace("\"bool\"", "\"telepathy\""))[0].contains("telepathy"));
        assert!(errors(&GOOD.replace("\"OWN\"", "\"\""))[0].starts_with("id: "));
        assert!(errors(&GOOD.replace("自己的表", " "))[0].starts_with("title: "));
    }
}
