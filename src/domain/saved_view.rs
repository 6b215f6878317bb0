//! 常用查看: how somebody looks at a table again and again, under a name of his own.

/// So many letters has a name at most.
pub const NAME_LETTERS_MAX: usize = 20;
/// So many views a table has at most.
pub const VIEWS_MAX: usize = 30;
