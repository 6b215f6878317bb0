//! How far an enrolment is.

use crate::{features::problems, locale::words::enrol as w, session::SessionError};

/// What the person does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Types the office's code.
    Code,
    /// Types user and password.
    Login,
    /// Writes the device code down.
    Show,
    /// Types the device code again.
    Confirm,
    /// Makes up a phrase in place of it.
    Phrase,
}

impl Step {
    /// Its number for people: writing down and typing again are one.
    pub(super) fn number(self) -> u8 {
        match self {
            Step::Code => 1,
            Step::Login => 2,
            Step::Show | Step::Confirm | Step::Phrase => 3,
        }
    }
}

/// An enrolment under way. Nothing of it is stored before its end.
#[derive(Default)]
pub(super) struct Enrol {
    code: String,
    name: Option<String>,
    device_code: Option<String>,
    written: bool,
    own: bool,
}

impl Enrol {
    /// An enrolment from a link, whose code stands after `#`.
    pub(super) fn from_link(hash: &str) -> Enrol {
        Enrol { code: groups(hash.trim_start_matches('#')).join("-"), ..Enrol::default() }
    }

    /// A new device code for a phone that is enrolled: it begins with user and password, and takes the office's code if a link brings one.
    pub(super) fn renewal(code: &str) -> Enrol {
        Enrol { name: Some(String::new()), ..Enrol::from_link(code) }
    }

    pub(super) fn step(&self) -> Step {
        match (&self.name, &self.device_code, self.written) {
            _ if self.own => Step::Phrase,
            (None, ..) => Step::Code,
            (Some(_), None, _) => Step::Login,
            (Some(_), Some(_), false) => Step::Show,
            (Some(_), Some(_), true) => Step::Confirm,
        }
    }

    pub(super) fn code(&self) -> &str {
        &self.code
    }

    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    pub(super) fn greeted(&mut self, name: String) {
        self.name = Some(name);
    }

    pub(super) fn logged_in(&mut self, device_code: String) {
        self.device_code = Some(device_code);
    }

    pub(super) fn written_down(&mut self) {
        self.written = true;
    }

    /// A phrase of the user's own is wanted, or not any more.
    pub(super) fn own(&mut self, own: bool) {
        self.own = own;
    }

    pub(super) fn look_again(&mut self) {
        self.written = false;
    }

    /// The device code in groups of four, as it is easiest to copy by hand.
    pub(super) fn device_code_groups(&self) -> Vec<String> {
        groups(self.device_code.as_deref().unwrap_or_default())
    }
}

/// A code as it is compared: without the spaces and dashes that people type, full-width signs narrowed, in capitals.
pub(crate) fn tidy_code(text: &str) -> String {
    let narrow = domain::text::narrow(text);
    let signs = narrow.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '·'));
    signs.map(|c| c.to_ascii_uppercase()).collect()
}

/// A code in groups of four, as the office prints it.
fn groups(code: &str) -> Vec<String> {
    let signs: Vec<char> = tidy_code(code).chars().collect();
    signs.chunks(4).map(|group| group.iter().collect()).collect()
}

/// A refused office code. Wrong, expired and used look the same from outside.
pub(super) fn code_problem(error: &SessionError) -> String {
    match error {
        SessionError::Wrong => w::code_wrong().to_owned(),
        other => problems::session(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_brings_its_code() {
        assert_eq!(Enrol::from_link("#AB3D-77QX").code(), "AB3D-77QX");
        assert_eq!(Enrol::from_link("").step(), Step::Code);
    }

    #[test]
    fn the_steps_follow_each_other_and_the_code_can_be_looked_at_again() {
        let mut enrol = Enrol::default();
        enrol.greeted("王芳".to_owned());
        assert_eq!(enrol.step(), Step::Login);
        enrol.logged_in("1234-5678".to_owned());
        assert_eq!(enrol.step(), Step::Show);
        assert_eq!(enrol.device_code_groups(), ["1234", "5678"]);
        enrol.written_down();
        assert_eq!(enrol.step(), Step::Confirm);
        enrol.look_again();
        assert_eq!(enrol.step(), Step::Show);
    }

    #[test]
    fn a_forgotten_code_needs_no_code_of_the_office() {
        assert_eq!(Enrol::renewal("").step(), Step::Login);
    }

    #[test]
    fn a_phrase_of_ones_own_takes_the_place_of_the_code_and_gives_it_back() {
        let mut enrol = Enrol::renewal("");
        enrol.logged_in("1234-567K".to_owned());
        enrol.own(true);
        assert_eq!((enrol.step(), enrol.step().number()), (Step::Phrase, 3));
        enrol.own(false);
        assert_eq!(enrol.step(), Step::Show);
    }
}
