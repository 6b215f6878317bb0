//! What went wrong, in words. One function for each kind of failure, used by every page.

use crate::{
    data::{OfficeError, SaveError, SyncProblem},
    locale::words::problems as w,
    session::SessionError,
    ui::Problem,
};
use domain::field::FieldError;

/// A save that is not on the disk.
pub(crate) fn save(error: &SaveError) -> Problem {
    let (title, advice) = match error {
        SaveError::Locked => (w::save_locked(), w::save_locked_advice()),
        SaveError::Quota => (w::save_quota(), w::save_quota_advice()),
        SaveError::PhotoRoom => (w::save_photo_room(), w::save_photo_room_advice()),
        SaveError::Storage => (w::save_storage(), w::save_storage_advice()),
        SaveError::TooLarge => (w::save_too_large(), w::save_too_large_advice()),
        SaveError::Unknown => (w::save_unknown(), w::save_unknown_advice()),
        SaveError::Right => (w::save_right(), w::save_right_advice()),
        SaveError::Changed => (w::save_changed(), w::save_changed_advice()),
    };
    Problem {
        title: title.to_owned(),
        safe: w::earlier_is_safe().to_owned(),
        advice: advice.to_owned(),
        action: w::again().to_owned(),
    }
}

/// A typed value that a field cannot hold.
pub(crate) fn field(error: FieldError) -> String {
    match error {
        FieldError::Empty => w::field_empty().to_owned(),
        FieldError::IdNo => w::field_id().to_owned(),
        FieldError::Account => w::field_account().to_owned(),
        FieldError::Phone => w::field_phone().to_owned(),
        FieldError::Name => w::field_name().to_owned(),
        FieldError::TooLong { max } => w::field_too_long(max),
        FieldError::Range { min, max: i64::MAX } => w::field_least(min),
        FieldError::Range { min, max } => w::field_range(min, max),
        FieldError::Area => w::field_area().to_owned(),
        FieldError::Day => w::field_day().to_owned(),
    }
}

/// A step of enrolment, login or unlocking that failed, as one sentence under the field.
pub(crate) fn session(error: &SessionError) -> String {
    match error {
        SessionError::Offline => w::session_offline().to_owned(),
        SessionError::Wrong => w::session_wrong().to_owned(),
        SessionError::Wait { wait_ms } => w::session_wait(wait_ms.div_euclid(1_000) + 1),
        SessionError::Pin { left } => w::session_pin(*left as usize),
        SessionError::PinOver => w::session_pin_over().to_owned(),
        SessionError::Forgotten => w::session_forgotten().to_owned(),
        SessionError::Grant => w::session_grant().to_owned(),
        SessionError::Revoked => w::session_revoked().to_owned(),
        SessionError::OutOfOrder => w::session_order().to_owned(),
        SessionError::Storage => w::session_storage().to_owned(),
        SessionError::Newer => w::session_newer().to_owned(),
        SessionError::Memory => w::session_memory().to_owned(),
        SessionError::FingerLeft => w::session_finger_left().to_owned(),
        SessionError::Estranged => w::session_estranged().to_owned(),
        SessionError::FingerMute => w::session_finger_mute().to_owned(),
        SessionError::Unsent => w::session_unsent().to_owned(),
        SessionError::Unpublished => w::session_unpublished().to_owned(),
        SessionError::SecondFactor { .. } => w::login_code_setup().to_owned(),
        SessionError::Refused { err } => asked(err).map_or_else(|| w::session_refused(err), str::to_owned),
    }
}

/// What a login lacks though the password was right, and why a new password is not taken.
pub(crate) fn asked(err: &str) -> Option<&'static str> {
    let words = match err {
        "password_change" => w::login_change(),
        "password_old" => w::login_old(),
        "password_over" => w::login_over(),
        "account_ended" => w::login_ended(),
        "totp" => w::login_code(),
        "totp_closed" => w::login_code_closed(),
        "totp_wrong" => w::login_code_wrong(),
        "password_short" => w::password_short(),
        "password_common" => w::password_common(),
        "password_own" => w::password_own(),
        "password_long" => w::password_long(),
        "password_kinds" => w::password_kinds(),
        "password_same" => w::password_same(),
        "password_wrong" => w::password_wrong(),
        _ => return None,
    };
    Some(words)
}

/// A login that failed: what is wrong there is the user or the password.
pub(crate) fn login(error: &SessionError) -> String {
    match error {
        SessionError::Wrong => w::login_wrong().to_owned(),
        other => session(other),
    }
}

/// Why sending and receiving stand still, and what to do.
pub(crate) fn sync(problem: &SyncProblem) -> (&'static str, &'static str) {
    match problem {
        SyncProblem::Offline => (w::sync_offline(), w::sync_offline_advice()),
        SyncProblem::Clock => (w::sync_clock(), w::sync_clock_advice()),
        SyncProblem::Login => (w::sync_login(), w::sync_login_advice()),
        SyncProblem::Revoked => (w::sync_revoked(), w::sync_revoked_advice()),
        SyncProblem::Quota => (w::sync_quota(), w::sync_quota_advice()),
        SyncProblem::Storage => (w::sync_storage(), w::sync_storage_advice()),
        SyncProblem::OtherBuild => (w::sync_other_build(), w::sync_other_build_advice()),
        SyncProblem::Purge(_) => (w::sync_purge(), w::sync_purge_advice()),
        SyncProblem::Server => (w::sync_server(), w::sync_server_advice()),
    }
}

/// A page that only the office can fill; `failed` is its title where the office was reached and did not.
pub(crate) fn of_page(failed: &str, error: &OfficeError, retry: &str) -> Problem {
    let title = if *error == OfficeError::Offline { w::office_away() } else { failed };
    Problem::of_page(title, office(error), retry)
}

/// A photo or list that only the office has.
pub(crate) fn office(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Offline => w::office_offline(),
        OfficeError::Login => w::office_login(),
        OfficeError::Refused { .. } | OfficeError::Shape => w::office_refused(),
    }
}
