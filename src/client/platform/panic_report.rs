//! What remains when the program fails: a report for the office, and a screen that says that saved work is safe.

use super::{clock, prefs};
use std::panic::PanicHookInfo;

/// Where the last report lies, until it is shown.
const REPORT: &str = "hf.panic";

/// Reports every panic. The message and the place are ours: they hold no record.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(report));
}

fn report(info: &PanicHookInfo) {
    let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
    let message = info.payload_as_str().unwrap_or("");
    let text = format!("{} {place} {message}", clock::now_ms());
    prefs::set(REPORT, &text);
    web_sys::console::error_1(&text.as_str().into());
    if let Some(body) = web_sys::window().and_then(|window| window.document()).and_then(|page| page.body()) {
        body.set_class_name("restart");
        // The page cannot go on; a plain text node needs nothing of what failed.
        body.set_text_content(Some("出错了，已保存的内容都在手机里。请关闭后重新打开。\nSomething failed. Saved work is safe. Close this and open it again."));
    }
}
