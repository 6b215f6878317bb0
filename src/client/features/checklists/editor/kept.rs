//! The way of a sketch to the disk: one write at a time, and nothing that was typed is forgotten when the page goes.

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Kept {
    is_dirty: bool,
    is_writing: bool,
    is_over: bool,
    /// What was last typed on a page that is gone.
    left: Option<String>,
}

impl Kept {
    /// Something changed. Whether the caller is to write it: one writer at a time.
    pub(super) fn changed(&mut self) -> bool {
        if self.is_over {
            return false;
        }
        self.is_dirty = true;
        !std::mem::replace(&mut self.is_writing, true)
    }

    /// What is to be written next: what stands on the page, or what was left by it; nothing when all is written.
    pub(super) fn next(&mut self, now: Option<String>) -> Option<String> {
        if !std::mem::take(&mut self.is_dirty) || self.is_over {
            return None;
        }
        now.or_else(|| self.left.take())
    }

    /// What is written is given up: nothing of it is written any more.
    pub(super) fn give_up(&mut self) {
        self.is_over = true;
    }

    /// It could not be given up: what is on the page is written again.
    pub(super) fn resume(&mut self) {
        self.is_over = false;
    }

    /// The page goes with this on it.
    pub(super) fn leave(&mut self, text: Option<String>) {
        self.left = text;
    }

    /// The writer stops: all is written, or it failed.
    pub(super) fn end(&mut self, is_written: bool) {
        self.is_writing = false;
        self.is_dirty |= !is_written;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn many_changes_are_one_write_and_the_last_is_never_left_out() {
        let mut kept = Kept::default();
        assert!(kept.changed());
        assert_eq!(kept.next(text("a")), text("a"));
        assert!(!kept.changed(), "somebody writes");
        assert!(!kept.changed());
        assert_eq!(kept.next(text("abc")), text("abc"));
        assert_eq!(kept.next(text("abc")), None);
        kept.end(true);
        assert!(kept.changed());
    }

    #[test]
    fn what_was_typed_last_is_written_after_the_page_is_gone() {
        let mut kept = Kept::default();
        kept.changed();
        assert_eq!(kept.next(text("a")), text("a"));
        kept.changed();
        kept.leave(text("ab"));
        assert_eq!(kept.next(None), text("ab"));
    }

    #[test]
    fn what_was_given_up_is_not_written_and_is_again_when_it_could_not_be_given_up() {
        let mut kept = Kept::default();
        kept.changed();
        kept.give_up();
        assert_eq!(kept.next(text("a")), None);
        kept.end(true);
        assert!(!kept.changed(), "nothing is written any more");
        kept.resume();
        assert!(kept.changed());
        assert_eq!(kept.next(text("ab")), text("ab"));
    }

    #[test]
    fn a_write_that_failed_is_tried_again() {
        let mut kept = Kept::default();
        kept.changed();
        assert_eq!(kept.next(text("a")), text("a"));
        kept.end(false);
        assert!(kept.changed());
        assert_eq!(kept.next(text("ab")), text("ab"));
    }
}
