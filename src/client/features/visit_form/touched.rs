//! Which questions an answer changes something of. Only they look again: in a form of 300 questions all of them would be felt.

use leptos::prelude::*;
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

/// A trigger for each question that was shown.
#[derive(Clone, Default)]
pub(super) struct Touched(Rc<RefCell<BTreeMap<String, ArcTrigger>>>);

impl Touched {
    /// Whoever runs now runs again when something of this question changes.
    pub(super) fn track(&self, code: &str) {
        let known = self.0.borrow().get(code).cloned();
        let trigger =
            known.unwrap_or_else(|| self.0.borrow_mut().entry(code.to_owned()).or_default().clone());
        trigger.track();
    }

    /// Something of these questions is another.
    pub(super) fn notify(&self, codes: &[String]) {
        let found: Vec<ArcTrigger> = {
            let triggers = self.0.borrow();
            codes.iter().filter_map(|code| triggers.get(code).cloned()).collect()
        };
        found.iter().for_each(ArcTrigger::notify);
    }

    /// All of it may be.
    pub(super) fn notify_all(&self) {
        let all: Vec<ArcTrigger> = self.0.borrow().values().cloned().collect();
        all.iter().for_each(ArcTrigger::notify);
    }
}
