//! Whose documents: every key, index and set of rows is led by a tenant's number.

/// The tenant with the empty name, to which everything belongs that names no other.
pub const NAMELESS: i64 = 0;
