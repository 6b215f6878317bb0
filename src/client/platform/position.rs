//! Where the device is: asked once, roughly, and only at a tap.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Position, PositionError, PositionOptions};

/// A rough position indoors takes its time.
const WAIT_MS: u32 = 20_000;
/// One of a minute ago is still this door.
const AGE_MS: u32 = 60_000;

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPosition {
    /// The browser may not tell.
    Refused,
    /// It does not know, or not in time.
    Unknown,
}

/// Degrees north and east, and how many metres they may be off.
pub(crate) async fn here() -> Result<(f64, f64, f64), NoPosition> {
    let known = web_sys::window().and_then(|window| window.navigator().geolocation().ok());
    let geolocation = known.ok_or(NoPosition::Unknown)?;
    let options = PositionOptions::new();
    options.set_timeout(WAIT_MS);
    options.set_maximum_age(AGE_MS);
    let told = Promise::new(&mut |resolve, reject| {
        // Nothing comes of a call that fails at once: the promise ends by it.
        if let Err(error) = geolocation.get_current_position_with_error_callback_and_options(
            &resolve,
            Some(&reject),
            &options,
        ) {
            let _ = reject.call1(&error, &error);
        }
    });
    match JsFuture::from(told).await {
        Ok(told) => {
            let coords = told.unchecked_into::<Position>().coords();
            Ok((coords.latitude(), coords.longitude(), coords.accuracy()))
        }
        // Browsers call its class by another name.
        Err(error) if error.unchecked_ref::<PositionError>().code() == PositionError::PERMISSION_DENIED => {
            Err(NoPosition::Refused)
        }
        Err(_) => Err(NoPosition::Unknown),
    }
}
