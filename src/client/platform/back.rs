//! What the system's Back closes before it leaves the page: sheets and dialogs. Each puts a step into the browser's history.
//!
//! A sheet that a button closed leaves its step behind: going back in code runs later than what the button does next, and would undo a
//! change of page. The next sheet takes such a step again, and Back passes over it.

use futures::channel::oneshot;
use js_sys::{Object, Reflect};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, History};

/// The member of a step's state: how many steps of ours lie on the page, this one counted.
const DEPTH: &str = "over";

/// What is open, and where in the history the page is.
#[derive(Debug, Default)]
struct Steps {
    /// The path of the page that is shown.
    page: String,
    /// How many steps of ours the history is above the page's own.
    depth: usize,
    /// What is open, the topmost last.
    open: Vec<u64>,
    last: u64,
}

/// What follows from a move in the history.
#[derive(Debug, PartialEq, Eq)]
enum Then {
    /// It is the router's.
    Leave,
    /// These are to be closed.
    Close(Vec<u64>),
    /// A step that was left behind: further back.
    Again,
}

impl Steps {
    /// Something opened. Answers with its name, and with the depth of a new step if the history needs one.
    fn opened(&mut self, page: String, depth: usize) -> (u64, Option<usize>) {
        (self.page, self.depth) = (page, depth);
        self.last += 1;
        self.open.push(self.last);
        let needs = self.depth < self.open.len();
        self.depth += usize::from(needs);
        (self.last, needs.then_some(self.depth))
    }

    fn closed(&mut self, name: u64) {
        self.open.retain(|one| *one != name);
    }

    /// A link or the app's own word led to another page.
    fn arrived(&mut self, page: &str) {
        if self.page != page {
            page.clone_into(&mut self.page);
            self.depth = 0;
        }
    }

    fn moved(&mut self, page: &str, depth: usize) -> Then {
        let before = std::mem::replace(&mut self.depth, depth);
        if self.page != page {
            page.clone_into(&mut self.page);
            return Then::Leave;
        }
        if self.open.len() > depth {
            return Then::Close(self.open.split_off(depth));
        }
        if depth < before { Then::Again } else { Then::Leave }
    }
}

type Closer = Rc<dyn Fn()>;

thread_local! {
    static STEPS: RefCell<Steps> = RefCell::default();
    static CLOSERS: RefCell<BTreeMap<u64, Closer>> = RefCell::default();
    /// Who waits until nothing is open.
    static WAITING: RefCell<Vec<oneshot::Sender<()>>> = RefCell::default();
}

/// Listens for moves in the history; once, and before the router does.
pub(crate) fn listen() {
    let Some(window) = web_sys::window() else { return };
    STEPS.with_borrow_mut(|steps| (steps.page, steps.depth) = (page(), depth()));
    let moved = Closure::<dyn Fn(Event)>::new(|event: Event| {
        let then = STEPS.with_borrow_mut(|steps| steps.moved(&page(), depth()));
        match then {
            Then::Leave => return,
            Then::Close(names) => names.iter().rev().for_each(|name| close(*name)),
            Then::Again => {
                if let Some(history) = history() {
                    // At the beginning of the history there is nowhere to go, which is no harm.
                    let _ = history.back();
                }
            }
        }
        event.stop_immediate_propagation();
    });
    let callback = moved.as_ref().unchecked_ref();
    // A window that takes no listener leaves the page by Back, as before.
    let _ = window.add_event_listener_with_callback_and_bool("popstate", callback, true);
    moved.forget();
}

/// The router shows the page of this path.
pub(crate) fn arrived(path: &str) {
    STEPS.with_borrow_mut(|steps| steps.arrived(path));
}

/// Something opened that Back is to close. Answers with its name for [`closed`].
pub(crate) fn opened(close: impl Fn() + 'static) -> u64 {
    let (name, step) = STEPS.with_borrow_mut(|steps| steps.opened(page(), depth()));
    CLOSERS.with_borrow_mut(|closers| closers.insert(name, Rc::new(close)));
    if let (Some(depth), Some(history)) = (step, history()) {
        let state = Object::new();
        // Fails only for an object that cannot be changed, which a new one can.
        let _ = Reflect::set(&state, &DEPTH.into(), &JsValue::from_f64(depth as f64));
        // A browser that refuses (too many steps in a short time) leaves the page by Back, as before.
        let _ = history.push_state_with_url(&state, "", None);
    }
    name
}

/// It is closed, by Back or otherwise.
pub(crate) fn closed(name: u64) {
    STEPS.with_borrow_mut(|steps| steps.closed(name));
    CLOSERS.with_borrow_mut(|closers| closers.remove(&name));
    if STEPS.with_borrow(|steps| steps.open.is_empty()) {
        for waiting in WAITING.take() {
            // Who is gone needs no word.
            let _ = waiting.send(());
        }
    }
}

/// Waits until no sheet and no dialog is open.
pub(crate) async fn all_closed() {
    while STEPS.with_borrow(|steps| !steps.open.is_empty()) {
        let (sender, receiver) = oneshot::channel();
        WAITING.with_borrow_mut(|waiting| waiting.push(sender));
        // A sender that is gone means that it was told.
        let _ = receiver.await;
    }
}

fn close(name: u64) {
    let closer = CLOSERS.with_borrow_mut(|closers| closers.remove(&name));
    if let Some(closer) = closer {
        closer();
    }
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

fn page() -> String {
    web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

fn depth() -> usize {
    let state = history().and_then(|history| history.state().ok()).unwrap_or(JsValue::NULL);
    let depth = Reflect::get(&state, &DEPTH.into()).ok().and_then(|depth| depth.as_f64()).unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count of our own")]
    let depth = depth as usize;
    depth
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(steps: &mut Steps) -> (u64, Option<usize>) {
        let depth = steps.depth;
        steps.opened("/a".to_owned(), depth)
    }

    #[test]
    fn back_closes_the_topmost_first_and_then_leaves() {
        let mut steps = Steps::default();
        let (sheet, step) = open(&mut steps);
        assert_eq!(step, Some(1));
        let (picker, step) = open(&mut steps);
        assert_eq!(step, Some(2));
        assert_eq!(steps.moved("/a", 1), Then::Close(vec![picker]));
        assert_eq!(steps.moved("/a", 0), Then::Close(vec![sheet]));
        assert_eq!(steps.moved("/", 0), Then::Leave);
    }

    #[test]
    fn a_step_left_behind_is_taken_again_and_passed_over() {
        let mut steps = Steps::default();
        let (sheet, _) = open(&mut steps);
        steps.closed(sheet);
        let (again, step) = open(&mut steps);
        assert_eq!(step, None);
        steps.closed(again);
        assert_eq!(steps.moved("/a", 0), Then::Again);
    }

    #[test]
    fn a_step_left_behind_over_an_open_sheet_does_not_keep_it_open() {
        let mut steps = Steps::default();
        let (sheet, _) = open(&mut steps);
        let (picker, _) = open(&mut steps);
        steps.closed(picker);
        assert_eq!(steps.moved("/a", 1), Then::Again);
        assert_eq!(steps.moved("/a", 0), Then::Close(vec![sheet]));
    }

    #[test]
    fn the_page_after_a_confirmed_question_leads_back_to_the_page_before() {
        let mut steps = Steps::default();
        let (question, _) = open(&mut steps);
        steps.closed(question);
        steps.arrived("/b");
        // The answer's page took the place of the question's step.
        assert_eq!(steps.moved("/a", 0), Then::Leave);
    }

    #[test]
    fn a_step_that_lies_below_another_page_is_passed_over_on_the_way_back() {
        let mut steps = Steps::default();
        let (question, _) = open(&mut steps);
        steps.closed(question);
        steps.arrived("/b");
        assert_eq!(steps.moved("/a", 1), Then::Leave);
        steps.arrived("/a");
        assert_eq!(steps.moved("/a", 0), Then::Again);
    }

    #[test]
    fn a_change_of_page_is_the_routers() {
        let mut steps = Steps::default();
        let (sheet, _) = open(&mut steps);
        steps.closed(sheet);
        steps.arrived("/b");
        assert_eq!(steps.moved("/a", 1), Then::Leave);
        assert_eq!(steps.moved("/a", 0), Then::Again);
        assert_eq!(steps.moved("/c", 0), Then::Leave);
    }
}
