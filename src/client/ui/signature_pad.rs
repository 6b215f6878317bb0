mod png_text;

use super::{
    button::{Button, ButtonKind},
    field::{FieldWords, Must, Remark, fresh_id},
    icon::IconName,
};
use crate::{locale::words, platform::picture};
use leptos::{ev::PointerEvent, html, prelude::*, task::spawn_local};

/// A signature: one PNG to show, which holds the strokes as a text chunk `strokes` to prove how it was written:
/// JSON `[[x, y, x, y, …], …]`, one list a stroke, in CSS pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ink {
    /// The picture with its strokes.
    pub(crate) png: Vec<u8>,
}

/// A sheet to sign on with a finger. Signed, it shows the signature and offers to write it again.
#[component]
pub(crate) fn SignaturePad(
    /// Who signs.
    words: FieldWords,
    /// Where an `<img>` finds the signature that is there; empty for none.
    #[prop(into)]
    image: Signal<String>,
    /// A new signature.
    #[prop(into)]
    on_sign: Callback<(Ink,)>,
    /// Takes the signature away.
    #[prop(into)]
    on_clear: Callback<()>,
    /// What is wrong with it now; empty for nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
) -> impl IntoView {
    let says = fresh_id("signature-says");
    let label = StoredValue::new(words.label.clone());
    let is_signed = Memo::new(move |_| !image.read().is_empty());
    view! {
        <fieldset class="field" aria-describedby=says data-bad=move || (!problem.read().is_empty()).then_some("")>
            <legend class="choice__legend">{words.label} {words.must.then(|| view! { <Must /> })}</legend>
            {(!words.hint.is_empty()).then(|| view! { <p class="field__hint">{words.hint.clone()}</p> })}
            <Show
                when=move || is_signed.get()
                fallback=move || view! { <Sheet label=label.get_value() on_sign /> }
            >
                <div class="signature-pad">
                    <div class="signature-pad__sheet">
                        <img class="signature-pad__image" src=image alt=label.get_value() />
                    </div>
                    <div class="signature-pad__acts">
                        <Button kind=ButtonKind::Plain icon=IconName::Pen on_press=on_clear>{words::ui::sign_again()}</Button>
                    </div>
                </div>
            </Show>
            <Remark id=says.clone() problem />
        </fieldset>
    }
}

#[component]
fn Sheet(label: String, on_sign: Callback<(Ink,)>) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let strokes = RwSignal::new(Strokes::default());
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            fit(&canvas);
        }
    });
    let down = move |event: PointerEvent| {
        let Some(canvas) = canvas.get_untracked() else { return };
        event.prevent_default();
        // Without capture a finger that slips off the sheet only ends its stroke.
        let _ = canvas.set_pointer_capture(event.pointer_id());
        strokes.update(|strokes| strokes.begin(event.offset_x(), event.offset_y()));
    };
    let moves = move |event: PointerEvent| {
        let Some(canvas) = canvas.get_untracked() else { return };
        let line =
            strokes.try_update_untracked(|strokes| strokes.go(event.offset_x(), event.offset_y())).flatten();
        if let Some((from, to)) = line {
            draw(&canvas, from, to);
        }
    };
    let up = move |_| strokes.update(Strokes::end);
    let clear = move || {
        if let Some(canvas) = canvas.get_untracked() {
            fit(&canvas);
        }
        strokes.set(Strokes::default());
    };
    let done = move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let strokes = strokes.with_untracked(Strokes::json);
        spawn_local(async move {
            if let Ok(png) = picture::png(&canvas).await {
                on_sign.run((Ink { png: png_text::with_text(png, "strokes", &strokes) },));
            }
        });
    };
    let is_blank = Signal::derive(move || strokes.read().is_blank());
    view! {
        <div class="signature-pad">
            <div class="signature-pad__sheet">
                <canvas
                    class="signature-pad__canvas"
                    node_ref=canvas
                    role="img"
                    aria-label=words::ui::sign_here(label)
                    on:pointerdown=down
                    on:pointermove=moves
                    on:pointerup=up
                    on:pointercancel=up
                ></canvas>
            </div>
            <div class="signature-pad__acts">
                <Button kind=ButtonKind::Quiet disabled=is_blank on_press=clear>{words::ui::clear()}</Button>
                <Button kind=ButtonKind::Plain icon=IconName::Check disabled=is_blank on_press=done>{words::ui::sign_done()}</Button>
            </div>
        </div>
    }
}

/// Gives the canvas as many pixels as the screen has there, and a pen. Clears it.
fn fit(canvas: &web_sys::HtmlCanvasElement) {
    let density = window().device_pixel_ratio().max(1.0);
    let pixels = |length: i32| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a screen")]
        let pixels = (f64::from(length) * density) as u32;
        pixels
    };
    canvas.set_width(pixels(canvas.client_width()));
    canvas.set_height(pixels(canvas.client_height()));
    if let Some(pen) = picture::context(canvas) {
        // A canvas that was just sized can be scaled.
        let _ = pen.scale(density, density);
        pen.set_line_width(3.0);
        pen.set_line_cap("round");
        pen.set_line_join("round");
    }
}

fn draw(canvas: &web_sys::HtmlCanvasElement, from: (i32, i32), to: (i32, i32)) {
    if let Some(pen) = picture::context(canvas) {
        pen.begin_path();
        pen.move_to(from.0.into(), from.1.into());
        pen.line_to(to.0.into(), to.1.into());
        pen.stroke();
    }
}

/// What was written, stroke by stroke.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Strokes {
    strokes: Vec<Vec<(i32, i32)>>,
    writing: bool,
}

impl Strokes {
    fn begin(&mut self, x: i32, y: i32) {
        self.strokes.push(vec![(x, y)]);
        self.writing = true;
    }

    /// The line to draw, while the pen is down.
    fn go(&mut self, x: i32, y: i32) -> Option<((i32, i32), (i32, i32))> {
        if !self.writing {
            return None;
        }
        let stroke = self.strokes.last_mut()?;
        let from = *stroke.last()?;
        stroke.push((x, y));
        Some((from, (x, y)))
    }

    fn end(&mut self) {
        self.writing = false;
    }

    /// A tap is no signature.
    fn is_blank(&self) -> bool {
        self.strokes.iter().map(Vec::len).sum::<usize>() < 5
    }

    fn json(&self) -> Vec<u8> {
        let strokes: Vec<Vec<i32>> =
            self.strokes.iter().map(|stroke| stroke.iter().flat_map(|&(x, y)| [x, y]).collect()).collect();
        serde_json::to_vec(&strokes).expect("whole numbers are JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pen_that_is_up_draws_nothing() {
        let mut strokes = Strokes::default();
        assert_eq!(strokes.go(1, 1), None);
        strokes.begin(0, 0);
        assert_eq!(strokes.go(2, 3), Some(((0, 0), (2, 3))));
        strokes.end();
        assert_eq!(strokes.go(9, 9), None);
        assert_eq!(strokes.json(), b"[[0,0,2,3]]");
    }

    #[test]
    fn a_tap_is_no_signature() {
        let mut strokes = Strokes::default();
        strokes.begin(0, 0);
        assert!(strokes.is_blank());
        for step in 1..6 {
            strokes.go(step, step);
        }
        assert!(!strokes.is_blank());
    }
}
