//! A comparison of two versions, rendered: one file a format.

mod html;
mod json;
mod text;
mod words;

pub use html::render as html;
pub use json::render as json;
pub use text::render as text;
