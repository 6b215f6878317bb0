//! A QR code as one drawn path.

use fast_qr::QRBuilder;
use leptos::prelude::*;

/// White modules around the code, which scanners need.
const QUIET: usize = 4;

/// A text as a QR code; nothing for a text too long for one.
#[component]
pub(crate) fn Qr(
    /// What it says.
    #[prop(into)]
    text: String,
    /// What it is, read aloud.
    label: &'static str,
) -> impl IntoView {
    drawn(&text).map(|(size, path)| {
        view! {
            <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label=label>
                <rect class="qr__ground" width=size height=size />
                <path class="qr__ink" d=path />
            </svg>
        }
    })
}

/// The side of the picture in modules, and its dark modules as a path.
fn drawn(text: &str) -> Option<(usize, String)> {
    let code = QRBuilder::new(text).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        for x in 0..code.size {
            if code[y][x].value() {
                path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
    }
    Some((code.size + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_square_with_its_finder_patterns() {
        let (size, path) = drawn("https://example.test/enrol#ABCDEFGH").expect("short enough");
        assert!(size >= 21 + 2 * QUIET);
        assert!(path.starts_with(&format!("M{QUIET} {QUIET}h1v1h-1z")));
    }
}
