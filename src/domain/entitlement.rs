//! Entitlements of a person: a category with its certificate, grade and state.

/// Whether money is paid on an entitlement in this state.
pub fn is_paid(state: &str) -> bool {
    matches!(state, "" | "paid")
}
