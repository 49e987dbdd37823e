//! How tightly what is no binary operator binds (section 6.8); a higher number binds tighter.

/// `is` and `as`.
pub(in crate::fhirpath) const TYPE: u8 = 7;
/// A sign before an expression.
pub(in crate::fhirpath) const SIGN: u8 = 10;
/// A term with its steps.
pub(in crate::fhirpath) const TERM: u8 = 11;
