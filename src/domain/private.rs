//! A value that never shows itself in a log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A personal value: it travels as itself, but prints as `<redacted>`.
///
/// It has no `Display`, so that showing it takes a deliberate [`Private::get`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// Gives the value up.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(test)]
mod tests {
    use super::Private;

    #[test]
    fn a_private_value_prints_nothing_of_itself_and_travels_as_itself() {
        let id = Private::new("339999194803120019".to_owned());
        assert_eq!(format!("{id:?}"), "<redacted>");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"339999194803120019\"");
    }
}
