//! What people are told before something is written down about them, and what they ask about what is kept.

use super::{
    Data, SaveError,
    fields::{delete, set},
    file::{area_of, children, view_of},
};
use crate::platform::{clock, entropy};
use domain::{
    guardian::{self, Consent},
    notice::Notice,
};
use serde_json::{Value, json};
use sync::wire::{Fields, Op};
use uuid::Uuid;

const REQUEST: &str = "rights_request";
/// What goes with a file that its person has deleted. What he asked stays: it is the record of why.
const WITH_FILE: &[&str] = &["entitlement", "visit", "need", "task", "measure", "attachment", "paper"];

/// The office's word on what a person asked.
pub(crate) struct Decision {
    pub(crate) grant: bool,
    /// What was done, or why not.
    pub(crate) word: String,
    /// A field of the file with its new value, written in the same save.
    pub(crate) correction: Option<(String, Value)>,
    /// Whether the file goes, with all below it, in the same save.
    pub(crate) deletes: bool,
}

/// A child's guardian.
#[derive(Clone, PartialEq)]
pub(crate) struct Guarded {
    pub(crate) consent: Option<Consent>,
    /// Whether he consented to the notice of now.
    pub(crate) is_current: bool,
}

impl Data {
    /// The notice that is shown now.
    pub(crate) fn notice(self) -> Notice {
        let said = self.open_driver().and_then(|driver| {
            driver.with_replica(|replica| replica.meta().map(|meta| Notice::read(&meta.settings)))
        });
        said.unwrap_or_default()
    }

    /// What a guardian said, where the person is, or may be, under 14; nothing for everybody else.
    pub(crate) async fn guarded(self, recipient: Uuid) -> Option<Guarded> {
        let driver = self.open_driver()?;
        let fields = view_of(&driver, recipient).await?.f;
        if !guardian::is_asked(fields.get("birth").and_then(guardian::shown), clock::today_day()) {
            return None;
        }
        let consent = fields.get(guardian::FIELD).and_then(Consent::read);
        let is_current = consent.as_ref().is_some_and(|consent| consent.notice == self.notice().version);
        Some(Guarded { consent, is_current })
    }

    /// A guardian was shown the notice of now, and consents.
    pub(crate) async fn guardian_consents(
        self,
        recipient: Uuid,
        name: String,
        relation: String,
    ) -> Result<(), SaveError> {
        let consent = Consent { name, relation, on: clock::today(), notice: self.notice().version };
        self.save(vec![set(recipient, guardian::FIELD, consent.to_value())]).await
    }

    /// Takes down what a person, or his kin, asks; the fields are those of the kind but for the day.
    pub(crate) async fn ask_right(self, recipient: Uuid, mut f: Fields) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let area = area_of(&driver, recipient)?;
        f.insert("asked_on".to_owned(), clock::today().into());
        let e = entropy::uuid(clock::now_ms());
        self.save(vec![Op::Create { e, kind: REQUEST.to_owned(), area, parent: Some(recipient), f }]).await
    }

    /// Decides what was asked, and carries it through in the same save: both are done, or neither.
    pub(crate) async fn decide_right(
        self,
        request: Uuid,
        recipient: Uuid,
        decision: Decision,
    ) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let said = [
            ("state", json!(if decision.grant { "granted" } else { "refused" })),
            ("decision", json!(decision.word)),
            ("decided_on", clock::today().into()),
            ("decided_by", json!(driver.author())),
        ];
        let mut ops: Vec<Op> = said.into_iter().map(|(field, value)| set(request, field, value)).collect();
        if let Some((field, value)) = decision.correction {
            ops.push(self.field_op(&driver, recipient, "recipient", &field, value)?);
        }
        if decision.deletes {
            let gone = children(&driver, recipient, WITH_FILE).into_iter().chain([recipient]);
            ops.extend(gone.map(|e| delete(e, decision.word.clone())));
        }
        self.save(ops).await
    }
}
