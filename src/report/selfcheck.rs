//! A selfcheck, rendered: one file a format.

mod json;
mod text;

pub use json::render as json;
pub use text::render as text;
