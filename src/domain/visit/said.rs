//! What the answers of a visit say about the visit itself.

use crate::checklist::Answers;
use serde_json::Value as Json;

/// A field of the visit, and the questions of the built-in templates whose answer it is.
const SAID: [(&str, &[&str]); 3] =
    [("place", &["A01", "F02", "C01"]), ("met", &["A02", "F03"]), ("next_due", &["A30.2"])];

/// The fields of the visit that its answers give: where it was, who was met, when the next is due.
pub fn said(answers: &Answers) -> Vec<(&'static str, Json)> {
    let mut fields = Vec::new();
    for (field, questions) in SAID {
        if let Some(answer) = questions.iter().find_map(|question| answers.get(question)) {
            fields.push((field, answer.clone()));
        }
    }
    fields
}

/// Whether a visit of this place was by telephone, or not at the family's home. What does not say where it was, was there.
pub fn is_away(place: &str) -> bool {
    !matches!(place, "" | "入户")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_visit_knows_its_place_whom_it_met_and_when_the_next_is_due() {
        let said = |json: Json| said(&serde_json::from_value(json).expect("answers"));
        assert_eq!(
            said(json!({"F02": "入户", "F03": "本人"})),
            [("place", json!("入户")), ("met", json!("本人"))]
        );
        assert_eq!(said(json!({"A30.2": "2027-01-01"})), [("next_due", json!("2027-01-01"))]);
        assert_eq!(said(json!({"B01": "本人申请"})), []);
    }
}
